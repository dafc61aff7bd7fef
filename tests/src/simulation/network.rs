//! The network of a run: carries, loses, doubles, delays and breaks what passes, and looks at every answer.

mod bugs;
mod watch;

use anyhow::Result;
use serde_json::{Value, json};
use shared::wire::{self, PushRequest};
use terminal::sync::LinkError;
use terminal::sync::transport::{WireAnswer, WireRequest};
use tokio::sync::oneshot;

use super::node::Way;
use super::plan::Fault;
use super::seams::Outgoing;
use super::world::{Happening, World};

/// How long a terminal waits for an answer before it gives up, as its HTTP client does.
const PATIENCE: i64 = 20_000;

/// A request on its way, and what came of it.
pub(super) struct Exchange {
    node: usize,
    way: Way,
    life: u64,
    request: WireRequest,
    reply: Option<oneshot::Sender<Result<WireAnswer, LinkError>>>,
    /// The first answer of the server to it, for comparing.
    first: Option<WireAnswer>,
    /// What travels back of it.
    travels: Option<WireAnswer>,
    /// Whether the database was put back since.
    stale: bool,
}

impl World<'_> {
    fn under(&mut self, node: usize, fault: Fault) -> bool {
        let now = self.now();
        // Not every message is hit, so that some things come through between.
        self.nodes[node].is_under(fault, now) && (fault == Fault::Partition || !self.chance.one_in(3))
    }

    /// Takes a request from a terminal.
    pub(super) fn carry(&mut self, node: usize, way: Way, outgoing: Outgoing) {
        let Outgoing { mut request, reply } = outgoing;
        let exchange = self.next_exchange;
        self.next_exchange += 1;
        let mut latency = self.chance.between(2, 60);
        if self.under(node, Fault::Partition) {
            self.fire(Fault::Partition);
            self.hold(exchange, node, way, request, reply);
            self.after(5_000, Happening::Unanswered { exchange });
            return;
        }
        if self.under(node, Fault::SkewTerminal) {
            self.fire(Fault::SkewTerminal);
            let newer = (wire::PROTOCOL_VERSION + 1).to_string();
            for (name, value) in &mut request.headers {
                if *name == wire::header::PROTOCOL {
                    value.clone_from(&newer);
                }
            }
        }
        if way == Way::Up
            && self.under(node, Fault::TruncateRequest)
            && let Some(body) = &mut request.body
        {
            body.truncate(body.len() / 2);
            self.fire(Fault::TruncateRequest);
        }
        if self.under(node, Fault::Delay) {
            self.fire(Fault::Delay);
            latency += self.chance.between(3_000, 30_000);
        }
        let dropped = self.under(node, Fault::Drop);
        let repeated = self.under(node, Fault::Duplicate);
        let late = self.under(node, Fault::Reorder);
        if way == Way::Up {
            self.last_push.insert(node, request.clone());
        }
        self.hold(exchange, node, way, request, reply);
        self.after(PATIENCE, Happening::Unanswered { exchange });
        if dropped {
            self.fire(Fault::Drop);
            return;
        }
        self.after(latency, Happening::Arrive { exchange, again: false });
        if repeated {
            self.after(latency, Happening::Arrive { exchange, again: true });
        }
        if late {
            let later = latency + self.chance.between(10_000, 120_000);
            self.after(later, Happening::Arrive { exchange, again: true });
        }
    }

    fn hold(
        &mut self,
        exchange: u64,
        node: usize,
        way: Way,
        request: WireRequest,
        reply: oneshot::Sender<Result<WireAnswer, LinkError>>,
    ) {
        let life = self.nodes[node].life;
        let reply = Some(reply);
        let held = Exchange { node, way, life, request, reply, first: None, travels: None, stale: false };
        self.exchanges.insert(exchange, held);
        // Repetitions come within minutes; what is older is forgotten.
        while self.exchanges.len() > 400 {
            self.exchanges.pop_first();
        }
    }

    /// Answers given before the database was put back are no measure for later ones.
    pub(super) fn forget_answers(&mut self) {
        for exchange in self.exchanges.values_mut() {
            exchange.stale = true;
        }
    }

    /// A request is at the server.
    pub(super) async fn arrive(&mut self, exchange: u64, again: bool) -> Result<()> {
        let Some(held) = self.exchanges.get(&exchange) else { return Ok(()) };
        let (node, way, request) = (held.node, held.way, held.request.clone());
        if again {
            let late = held.reply.is_none();
            self.fire(if late { Fault::Reorder } else { Fault::Duplicate });
        }
        let answer = self.serve(node, way, &request, again).await?;
        if self.server.death.is_dead() && self.server.state().is_some() {
            self.server_died().await?;
        }
        let Some(mut answer) = answer else {
            if !again {
                self.after(30, Happening::Unanswered { exchange });
            }
            return Ok(());
        };
        self.answers += 1;
        self.note(&format!("{} {way:?} {}", self.nodes[node].name, answer.status));
        if way == Way::Up && answer.status == 200 {
            self.check_ack(node, &request, &answer)?;
            self.apply_in(10);
        }
        if again {
            self.compare(exchange, way, &answer);
            return Ok(());
        }
        if let Some(held) = self.exchanges.get_mut(&exchange) {
            held.first = Some(answer.clone());
        }
        if self.under(node, Fault::AnswerLost) {
            self.fire(Fault::AnswerLost);
            return Ok(());
        }
        if self.under(node, Fault::TruncateAnswer) {
            self.fire(Fault::TruncateAnswer);
            answer.body.truncate(answer.body.len() / 2);
        } else if self.under(node, Fault::SkewServer)
            && let Some(newer) = newer_answer(way, &answer)
        {
            self.fire(Fault::SkewServer);
            answer = newer;
        }
        if let Some(held) = self.exchanges.get_mut(&exchange) {
            held.travels = Some(answer);
        }
        let latency = self.chance.between(2, 60);
        self.after(latency, Happening::Answer { exchange });
        Ok(())
    }

    /// An answer is at its terminal.
    pub(super) async fn answer(&mut self, exchange: u64) -> Result<()> {
        let Some(held) = self.exchanges.get(&exchange) else { return Ok(()) };
        let (node, travels) = (held.node, held.travels.clone());
        let now = self.now();
        if self.nodes[node].is_under(Fault::Partition, now) {
            self.fire(Fault::Partition);
            return Ok(());
        }
        match travels {
            Some(answer) => self.finish(exchange, Ok(answer)).await,
            None => Ok(()),
        }
    }

    /// An exchange ends, unless it ended before; its worker goes on.
    pub(super) async fn finish(
        &mut self,
        exchange: u64,
        result: Result<WireAnswer, LinkError>,
    ) -> Result<()> {
        let Some(held) = self.exchanges.get_mut(&exchange) else { return Ok(()) };
        let (node, way, life) = (held.node, held.way, held.life);
        let Some(reply) = held.reply.take() else { return Ok(()) };
        if self.nodes[node].life != life || self.nodes[node].engine.is_none() {
            return Ok(());
        }
        // Its reader is gone when the worker gave up meanwhile.
        let _ = reply.send(result);
        self.drive(node, way).await
    }
}

/// The JSON of an answer.
fn body_of(answer: &WireAnswer) -> Option<Value> {
    let plain = match answer.content_encoding.as_deref() {
        Some("zstd") => zstd::decode_all(answer.body.as_slice()).ok()?,
        _ => answer.body.clone(),
    };
    serde_json::from_slice(&plain).ok()
}

fn pushed(request: &WireRequest) -> Option<PushRequest> {
    let body = request.body.as_deref()?;
    serde_json::from_slice(&zstd::decode_all(body).ok()?).ok()
}

fn plain(status: u16, body: &Value) -> WireAnswer {
    WireAnswer { status, retry_after: None, content_encoding: None, body: body.to_string().into_bytes() }
}

/// The same answer as a newer server would give it: with fields and rows that this build does not know.
fn newer_answer(way: Way, answer: &WireAnswer) -> Option<WireAnswer> {
    let mut body = body_of(answer)?;
    body.as_object_mut()?.insert("weather_at_headquarters".to_owned(), json!({ "rain": true }));
    if let (Way::Down, Some(rows)) = (way, body.get_mut("rows").and_then(Value::as_array_mut)) {
        rows.push(json!({ "entity": "horoscope", "id": "aries", "change_seq": 1, "body": { "luck": 7 } }));
    }
    Some(plain(answer.status, &body))
}
