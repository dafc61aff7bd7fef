//! A server that speaks the wire, keeps what it gets, checks every chain and signature, and fails as it is told.

use std::collections::VecDeque;
use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use shared::Timestamp;
use shared::journal::{Chained, GENESIS_HASH, Hash, PublicKey, verify};
use shared::wire::{
    self, EnrolRequest, EnrolResponse, FeedRow, PullResponse, PushRequest, PushResponse, SnapshotFile,
    SnapshotOffer,
};

use crate::shop;

pub const PAIRING_CODE: &str = "KEDAI-1234";
const DEADLINE: Duration = Duration::from_secs(60);

/// What goes wrong with the next push.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Everything is kept, but the answer breaks off.
    AnswerLost,
    /// An answer that is not of this protocol.
    Garbage,
    /// Busy, try again after so many seconds.
    Busy(u64),
    /// Confirms what it got under another hash.
    WrongHash,
    /// Refuses with a problem.
    Refuse(u16, &'static str, Value),
    /// Keeps nothing and confirms nothing.
    Nothing,
}

#[derive(Debug, Default)]
pub struct Kept {
    /// Events by epoch, each a chain of its own.
    pub events: Vec<Chained>,
    pub epoch: u32,
    pub key: Option<PublicKey>,
    pub faults: VecDeque<Fault>,
    /// Faults that happened.
    pub failed: usize,
    pub pushes: usize,
    pub pulls: usize,
    pub feed: Vec<FeedRow>,
    pub feed_epoch: u32,
    pub page_rows: usize,
    pub server_time: i64,
    pub refuse_pulls: Option<(u16, &'static str)>,
    /// A ready-made catalogue: the offer and its bytes; None is a server that knows of none.
    pub ready_made: Option<(SnapshotFile, Vec<u8>)>,
    /// How many of its bytes are given at once.
    pub part_bytes: usize,
    /// From where on parts were asked for.
    pub parts: Vec<usize>,
    /// After so many parts the server gives no more for now.
    pub parts_left: usize,
    /// Whether the last page says what there should be in all.
    pub says_sums: bool,
    /// Words of news still to be said, each after the pull that the one before brought.
    pub news: usize,
    /// Tills that came to listen.
    pub listened: usize,
}

impl Kept {
    fn head(&self, epoch: u32) -> (u64, Hash) {
        let last = self.events.iter().rfind(|chained| chained.event.epoch == epoch);
        last.map_or((0, GENESIS_HASH), |chained| (chained.event.seq, chained.hash))
    }
    pub fn kinds(&self) -> Vec<&str> {
        self.events.iter().map(|chained| chained.event.kind.as_str()).collect()
    }
}

#[derive(Clone)]
struct Shared(Arc<(Mutex<Kept>, Condvar)>);

pub struct FakeServer {
    pub addr: SocketAddr,
    /// As PEM, when it serves with TLS.
    pub certificate: Option<String>,
    shared: Shared,
    runtime: Option<tokio::runtime::Runtime>,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route(wire::path::ENROL, post(enrol))
        .route(wire::path::PUSH, post(push))
        .route(wire::path::PULL, get(pull))
        .route(wire::path::LIVE, get(live))
        .route(wire::path::SNAPSHOT, get(offer))
        .route(&format!("{}/{{id}}", wire::path::SNAPSHOT), get(part))
        .with_state(shared)
}

impl FakeServer {
    pub fn start() -> Self {
        let kept = Kept {
            epoch: 1,
            feed: shop::feed(),
            feed_epoch: 1,
            page_rows: 1_000,
            part_bytes: usize::MAX,
            parts_left: usize::MAX,
            server_time: shop::MORNING,
            ..Kept::default()
        };
        let shared = Shared(Arc::new((Mutex::new(kept), Condvar::new())));
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { addr, certificate: None, shared, runtime: None };
        server.come_back();
        server
    }

    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.addr)
    }

    /// The same behind TLS, with a certificate that nobody signed; it is in `certificate`.
    pub fn start_with_own_certificate() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let mut server = Self::start();
        server.go_away();
        let runtime = runtime();
        let (pem, key) = (certificate.clone().into_bytes(), key.into_bytes());
        let config = runtime.block_on(axum_server::tls_rustls::RustlsConfig::from_pem(pem, key)).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        server.addr = listener.local_addr().unwrap();
        let service = router(server.shared.clone()).into_make_service();
        let serving = {
            let _entered = runtime.enter();
            axum_server::from_tcp_rustls(listener, config).unwrap()
        };
        runtime.spawn(serving.serve(service));
        server.runtime = Some(runtime);
        server.certificate = Some(certificate);
        server
    }

    /// The machine is gone: connections are refused.
    pub fn go_away(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }

    /// Serves (again) at the same address, with all that it kept.
    pub fn come_back(&mut self) {
        let runtime = runtime();
        let listener = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.set_reuseaddr(true).unwrap();
            socket.bind(self.addr).unwrap();
            socket.listen(64).unwrap()
        });
        self.addr = listener.local_addr().unwrap();
        let router = router(self.shared.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        self.runtime = Some(runtime);
    }

    pub fn change<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        let (kept, changed) = &*self.shared.0;
        let done = change(&mut kept.lock().unwrap());
        changed.notify_all();
        done
    }

    pub fn fail_next(&self, fault: Fault) {
        self.change(|kept| kept.faults.push_back(fault));
    }

    /// Waits until what it kept is as wanted.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&Kept) -> bool) {
        let (kept, changed) = &*self.shared.0;
        let waited =
            changed.wait_timeout_while(kept.lock().unwrap(), DEADLINE, |kept| !wanted(kept)).unwrap();
        assert!(!waited.1.timed_out(), "{what}: {:?}", waited.0);
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.go_away();
    }
}

fn problem(status: u16, code: &str, details: Value) -> Response {
    let body = json!({ "type": format!("urn:kedai:problem:{code}"), "title": code, "status": status, "detail": code,
        "code": code, "details": details });
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

/// The signature must be over the bytes that were sent.
fn signed(kept: &Kept, headers: &HeaderMap, method: &str, uri: &Uri, body: &[u8]) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let time = Timestamp::from_millis(text(wire::header::TIME).parse().unwrap_or(0));
    let path = uri.path_and_query().unwrap().as_str();
    let signature = text(wire::header::SIGNATURE).parse();
    let key = kept.key.as_ref();
    text(wire::header::TENANT) == shop::TENANT.to_string()
        && text(wire::header::TERMINAL) == shop::TERMINAL.to_string()
        && text(wire::header::PROTOCOL) == "1"
        && signature.is_ok_and(|signature| {
            key.is_some_and(|key| {
                key.verify(&wire::request_bytes(method, path, time, body), &signature).is_ok()
            })
        })
}

async fn enrol(State(shared): State<Shared>, axum::Json(request): axum::Json<EnrolRequest>) -> Response {
    let (kept, changed) = &*shared.0;
    let mut kept = kept.lock().unwrap();
    if request.pairing_code != PAIRING_CODE {
        return problem(403, wire::problem::PAIRING, Value::Null);
    }
    kept.key = Some(request.public_key);
    changed.notify_all();
    axum::Json(EnrolResponse {
        protocol: wire::PROTOCOL_VERSION,
        tenant_id: shop::TENANT,
        outlet_id: shop::OUTLET,
        terminal_id: shop::TERMINAL,
        terminal_number: 3,
        epoch: kept.epoch,
        pin_pepper: hex::encode(shop::PEPPER),
        server_time: Timestamp::from_millis(kept.server_time),
    })
    .into_response()
}

async fn push(State(shared): State<Shared>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let (kept, changed) = &*shared.0;
    let mut kept = kept.lock().unwrap();
    let response = pushed(&mut kept, &headers, &uri, &body);
    changed.notify_all();
    response
}

fn pushed(kept: &mut Kept, headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Response {
    kept.pushes += 1;
    if !signed(kept, headers, "POST", uri, body) {
        return problem(401, wire::problem::UNKNOWN_TERMINAL, Value::Null);
    }
    let mut plain = Vec::new();
    assert_eq!(headers["content-encoding"], "zstd");
    zstd::Decoder::new(body).unwrap().read_to_end(&mut plain).unwrap();
    let request: PushRequest = serde_json::from_slice(&plain).unwrap();
    assert!(request.events.len() <= wire::MAX_PUSH_EVENTS);
    // A fault is for events, so that an empty question about the high-water mark does not use it up.
    let fault = if request.events.is_empty() { None } else { kept.faults.pop_front() };
    kept.failed += usize::from(fault.is_some());
    match &fault {
        Some(Fault::Garbage) => {
            return (StatusCode::OK, "<html>a hotel's sign-in page</html>").into_response();
        }
        Some(Fault::Busy(seconds)) => {
            let mut response = problem(503, wire::problem::BUSY, Value::Null);
            response.headers_mut().insert("retry-after", seconds.to_string().parse().unwrap());
            return response;
        }
        Some(Fault::Refuse(status, code, details)) => return problem(*status, code, details.clone()),
        _ => {}
    }
    if !matches!(fault, Some(Fault::Nothing)) {
        kept.epoch = kept.epoch.max(request.epoch);
        let key = kept.key.unwrap();
        for chained in request.events {
            let (seq, hash) = kept.head(request.epoch);
            if chained.event.seq <= seq {
                continue;
            }
            assert_eq!(chained.event.seq, seq + 1, "the journal has a gap");
            verify(&chained, &hash, &key).unwrap();
            kept.events.push(chained);
        }
    }
    let (acked_seq, hash) = kept.head(request.epoch);
    let acked_hash = match fault {
        Some(Fault::WrongHash) => Some(Hash::of(b"something else")),
        _ => (acked_seq > 0).then_some(hash),
    };
    if matches!(fault, Some(Fault::AnswerLost)) {
        let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut off")) });
        return Response::new(Body::from_stream(broken));
    }
    axum::Json(PushResponse {
        protocol: wire::PROTOCOL_VERSION,
        epoch: request.epoch,
        acked_seq,
        acked_hash,
        server_epoch: format!("e{}", kept.feed_epoch),
        server_time: Timestamp::from_millis(kept.server_time),
    })
    .into_response()
}

async fn live(
    State(shared): State<Shared>,
    headers: HeaderMap,
    uri: Uri,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !signed(&shared.0.0.lock().unwrap(), &headers, "GET", &uri, b"") {
        return problem(401, wire::problem::UNKNOWN_TERMINAL, Value::Null);
    }
    upgrade.on_upgrade(move |mut socket| async move {
        let mut pulls = {
            let mut kept = shared.0.0.lock().unwrap();
            kept.listened += 1;
            shared.0.1.notify_all();
            kept.pulls
        };
        loop {
            let say = {
                let mut kept = shared.0.0.lock().unwrap();
                let say = kept.news > 0 && kept.pulls >= pulls;
                if say {
                    kept.news -= 1;
                    pulls = kept.pulls + 1;
                }
                say
            };
            let word = r#"{"protocol":1,"newest":7,"later":"a field of a newer server"}"#;
            if say && socket.send(Message::Text(word.into())).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
}

#[derive(serde::Deserialize)]
struct Cursor {
    cursor: Option<String>,
}

fn sums(feed: &[FeedRow]) -> Vec<wire::FeedSum> {
    let mut sums = wire::feed::Sums::default();
    for row in feed {
        if let Some(body) = &row.body {
            sums.add(&row.entity, wire::feed::Sum::of_row(&row.entity, &row.id, row.change_seq, body));
        }
    }
    sums.into()
}

async fn pull(
    State(shared): State<Shared>,
    headers: HeaderMap,
    uri: Uri,
    Query(query): Query<Cursor>,
) -> Response {
    let (kept, changed) = &*shared.0;
    let mut kept = kept.lock().unwrap();
    kept.pulls += 1;
    changed.notify_all();
    if !signed(&kept, &headers, "GET", &uri, b"") {
        return problem(401, wire::problem::UNKNOWN_TERMINAL, Value::Null);
    }
    if let Some((status, code)) = kept.refuse_pulls {
        return problem(status, code, Value::Null);
    }
    let parsed = query.cursor.and_then(|cursor| {
        let (epoch, after) = cursor.split_once('/')?;
        (epoch == kept.feed_epoch.to_string()).then(|| after.parse::<u64>().ok()).flatten()
    });
    let after = parsed.unwrap_or(0);
    let rows: Vec<FeedRow> = kept.feed.iter().filter(|row| row.change_seq > after).cloned().collect();
    let page: Vec<FeedRow> = rows.iter().take(kept.page_rows).cloned().collect();
    let upto = page.last().map_or(after, |row| row.change_seq);
    let answer = PullResponse {
        protocol: wire::PROTOCOL_VERSION,
        cursor: format!("{}/{upto}", kept.feed_epoch),
        more: page.len() < rows.len(),
        reset: parsed.is_none(),
        remaining: rows.len() as u64,
        sums: (kept.says_sums && page.len() == rows.len()).then(|| sums(&kept.feed)),
        rows: page,
        server_time: Timestamp::from_millis(kept.server_time),
        stamp: None,
        worked: None,
    };
    let json = serde_json::to_vec(&answer).unwrap();
    let packed = zstd::encode_all(json.as_slice(), 1).unwrap();
    ([("content-encoding", "zstd"), ("content-type", "application/json")], packed).into_response()
}

async fn offer(State(shared): State<Shared>, headers: HeaderMap, uri: Uri) -> Response {
    let kept = shared.0.0.lock().unwrap();
    if !signed(&kept, &headers, "GET", &uri, b"") {
        return problem(401, wire::problem::UNKNOWN_TERMINAL, Value::Null);
    }
    let Some((file, _)) = &kept.ready_made else { return StatusCode::NOT_FOUND.into_response() };
    let server_time = Timestamp::from_millis(kept.server_time);
    let offer = SnapshotOffer { protocol: wire::PROTOCOL_VERSION, snapshot: Some(file.clone()), server_time };
    axum::Json(offer).into_response()
}

#[derive(serde::Deserialize)]
struct From {
    from: usize,
}

async fn part(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
    Query(query): Query<From>,
) -> Response {
    let (kept, changed) = &*shared.0;
    let mut kept = kept.lock().unwrap();
    if !signed(&kept, &headers, "GET", &uri, b"") {
        return problem(401, wire::problem::UNKNOWN_TERMINAL, Value::Null);
    }
    if kept.parts_left == 0 {
        return problem(503, wire::problem::BUSY, Value::Null);
    }
    kept.parts_left -= 1;
    kept.parts.push(query.from);
    changed.notify_all();
    match &kept.ready_made {
        Some((file, bytes)) if file.id == id => {
            let rest = bytes.get(query.from..).unwrap_or_default();
            rest[..rest.len().min(kept.part_bytes)].to_vec().into_response()
        }
        _ => problem(404, "not_found", Value::Null),
    }
}
