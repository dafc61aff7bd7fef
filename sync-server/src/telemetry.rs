//! Logs as JSON lines and figures for Prometheus.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Writes logs as JSON lines to the standard error output; `RUST_LOG` chooses, `info` by default.
pub fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    // Fails only when a program that embeds the server has set up its own log, which then stands.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// The process's one recorder of figures; servers in one process share it.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
            let builder = PrometheusBuilder::new();
            let recorder = builder.set_buckets(&buckets).unwrap_or_default().build_recorder();
            let handle = recorder.handle();
            // Fails only when a program that embeds the server has a recorder of its own.
            let _ = metrics::set_global_recorder(recorder);
            describe();
            handle
        })
        .clone()
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_histogram!("kedai_request_seconds", "duration of HTTP requests by route");
    describe_counter!("kedai_pushes_total", "pushes by their outcome");
    describe_counter!(
        "kedai_receive_commits_total",
        "transactions that stored pushes, several in each under load"
    );
    describe_counter!(
        "kedai_signatures_checked_total",
        "signatures of events checked after their acknowledgement"
    );
    describe_counter!(
        "kedai_signatures_wrong_total",
        "events whose signature was found wrong after their acknowledgement"
    );
    describe_counter!("kedai_events_received_total", "journal events stored");
    describe_counter!(
        "kedai_events_duplicate_total",
        "journal events that were held already and acknowledged again"
    );
    describe_counter!("kedai_events_applied_total", "journal events applied");
    describe_counter!(
        "kedai_events_parked_total",
        "journal events that could not be applied and were parked"
    );
    describe_gauge!("kedai_events_waiting", "journal events received and not applied yet");
    describe_gauge!("kedai_events_parked", "journal events that wait for somebody to mend their cause");
    describe_gauge!("kedai_apply_lag_seconds", "how long the oldest event of the batch in work has waited");
    describe_counter!("kedai_pull_rows_total", "rows of the change feed given out");
    describe_gauge!("kedai_push_queue", "pushes in work or waiting");
}
