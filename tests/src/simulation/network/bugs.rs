//! Injected bugs of the server and of what lies before it: see [`super::super::canary`].

use anyhow::Result;
use serde_json::json;
use shared::wire::{self, PushRequest};
use terminal::sync::transport::{WireAnswer, WireRequest};

use super::super::node::Way;
use super::super::world::World;
use super::{body_of, plain, pushed};
use crate::invariants::Invariant;

impl World<'_> {
    /// The server's work, or that of an injected bug in its place.
    pub(super) async fn serve(
        &mut self,
        node: usize,
        way: Way,
        request: &WireRequest,
        again: bool,
    ) -> Result<Option<WireAnswer>> {
        let bug = self.canary.map(|canary| canary.0);
        match (bug, way) {
            (Some(Invariant::I4), Way::Up) if node == 0 && self.sales > 3 && !self.healing => {
                if let Some(answer) = believed(request, self.server.state().is_some()) {
                    return Ok(Some(answer));
                }
            }
            (Some(Invariant::I8), Way::Up) if again => {
                return Ok(Some(refusal("busy with the first")));
            }
            (Some(Invariant::I6), Way::Down) if self.nodes[node].business == 1 => {
                if let Some(page) = self.foreign_page.clone() {
                    return Ok(Some(page));
                }
            }
            _ => {}
        }
        let answer = self.server.handle(request).await?;
        if let (Some(Invariant::I6), Way::Down, Some(page)) = (bug, way, &answer)
            && self.nodes[node].business == 0
            && page.status == 200
            && body_of(page).is_some_and(|body| body["rows"].as_array().is_some_and(|rows| !rows.is_empty()))
        {
            self.foreign_page = Some(page.clone());
        }
        if let (Some(Invariant::I2), Way::Up, Some(refused)) = (bug, way, &answer)
            && refused.status == 409
            && let Some(push) = pushed(request)
        {
            self.overwrite(&push)?;
        }
        Ok(answer)
    }

    /// The injected bug of I2: the last write wins.
    fn overwrite(&mut self, push: &PushRequest) -> Result<()> {
        for chained in &push.events {
            let raw = shared::journal::canonical_bytes(&chained.event)?;
            self.server.meddle(&format!(
                "UPDATE journal_events SET prev_hash = x'{}', hash = x'{}', raw = x'{}' \
                 WHERE terminal_id = '{}' AND epoch = {} AND seq = {}",
                chained.prev_hash,
                chained.hash,
                hex::encode(raw),
                chained.event.terminal_id,
                chained.event.epoch,
                chained.event.seq
            ))?;
        }
        Ok(())
    }
}

/// The injected bug of I4: the answer is made of the request.
fn believed(request: &WireRequest, up: bool) -> Option<WireAnswer> {
    let last = pushed(request)?.events.pop().filter(|_| up)?;
    Some(plain(
        200,
        &json!({
            "protocol": wire::PROTOCOL_VERSION, "epoch": last.event.epoch, "acked_seq": last.event.seq,
            "acked_hash": last.hash, "server_epoch": "x", "server_time": last.event.occurred_at,
        }),
    ))
}

/// The injected bug of I8: a repetition is refused.
fn refusal(detail: &str) -> WireAnswer {
    let body = json!({ "type": "x", "title": "x", "status": 409, "detail": detail, "code": "busy" });
    plain(409, &body)
}
