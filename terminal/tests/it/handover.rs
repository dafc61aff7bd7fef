//! Getting sales out without the screens: a signed export that public tools verify, and a wipe that asks first.

use std::path::{Path, PathBuf};

use terminal::engine::seams::SystemClock;
use terminal::handover::{self, HandoverError};
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::Till;

/// A till that sold once with the server and twice without it, and was switched off.
fn sold(dir: &Path) -> FakeServer {
    let mut server = FakeServer::start();
    let till = Till::selling(dir, &server, |_| {});
    till.sell();
    till.wait_until("a quiet start", |till| till.sync().waiting == 0);
    server.go_away();
    till.sell();
    till.sell();
    server
}

#[test]
fn a_wipe_asks_for_the_export_first_and_then_the_device_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = sold(dir.path());
    let refused = handover::wipe(dir.path(), None, &SystemClock).unwrap_err();
    assert!(matches!(refused, HandoverError::Unsent(2)), "{refused}");
    let file = dir.path().join("tail.kedai-journal");
    let aside = handover::wipe(dir.path(), Some(&file), &SystemClock).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("KOTA-T3-000003") && !text.contains("KOTA-T3-000001"), "only what waits");
    assert!(aside.join("kedai.db").exists() && !dir.path().join("device.key").exists());
    server.come_back();
    let till = Till::open(dir.path(), &crate::shop::HandClock::new());
    assert_eq!(till.state().stage, Stage::NeedsEnrolment);
}

#[test]
fn public_tools_verify_an_exported_journal_and_refuse_a_changed_one() {
    let Some(python) = python() else { return };
    let dir = tempfile::tempdir().unwrap();
    let _server = sold(dir.path());
    let whole = dir.path().join("whole.kedai-journal");
    let done = handover::export(dir.path(), &whole, true, &SystemClock).unwrap();
    assert!(done.events > 3 && done.damaged == 0, "{done:?}");
    let tail = dir.path().join("tail.kedai-journal");
    handover::export(dir.path(), &tail, false, &SystemClock).unwrap();
    for (file, sales) in [(&whole, "3 order.completed"), (&tail, "2 order.completed")] {
        let (well, words) = check(&python, file);
        assert!(well && words.contains(sales), "{words}");
    }
    let text = std::fs::read_to_string(&whole).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let without = [&lines[..2], &lines[3..]].concat();
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    let other = dir.path().join("other.kedai-journal");
    for (what, changed) in [
        ("a name", text.replacen("KOTA-T3-000002", "KOTA-T3-000009", 1)),
        ("an event left out", joined(&without)),
        ("two events the other way round", joined(&swapped)),
        ("the end cut off", joined(&lines[..3])),
    ] {
        assert_ne!(changed, text, "{what}: the fault fired");
        std::fs::write(&other, changed).unwrap();
        let (well, words) = check(&python, &other);
        assert!(!well && words.starts_with("BROKEN"), "{what}: {words}");
    }
}

fn check(python: &Path, file: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/verify_journal.py");
    let output = std::process::Command::new(python).arg(script).arg(file).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The Python with the verifier's packages; None when it is not installed and need not be.
fn python() -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("target/venv/bin/python");
    let required = std::env::var_os("KEDAI_TEST_REQUIRE_TOOLS").is_some();
    assert!(python.exists() || !required, "its packages: not installed; `cargo xtask test` installs them");
    python.exists().then_some(python)
}
