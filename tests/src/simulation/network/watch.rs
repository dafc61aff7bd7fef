//! What is looked at in every answer, and a request that must not be answered.

use anyhow::Result;
use shared::journal::Hash;
use shared::wire;
use terminal::sync::transport::{WireAnswer, WireRequest};

use super::super::node::Way;
use super::super::plan::Fault;
use super::super::world::World;
use super::{body_of, pushed};
use crate::invariants::Invariant;

impl World<'_> {
    /// I4: what the server acknowledges is durable at this moment.
    pub(super) fn check_ack(
        &mut self,
        node: usize,
        request: &WireRequest,
        answer: &WireAnswer,
    ) -> Result<()> {
        let Some(body) = body_of(answer) else { return Ok(()) };
        let (Some(epoch), Some(seq)) = (body["epoch"].as_u64(), body["acked_seq"].as_u64()) else {
            return Ok(());
        };
        let epoch = u32::try_from(epoch)?;
        let terminal = self.nodes[node].terminal.clone();
        let mut claimed = Vec::new();
        if let (Some(hash), true) = (body["acked_hash"].as_str(), seq > 0) {
            claimed.push((seq, hash.parse::<Hash>()?));
        }
        for chained in pushed(request).map(|push| push.events).unwrap_or_default() {
            if chained.event.seq <= seq {
                claimed.push((chained.event.seq, chained.hash));
            }
        }
        for (seq, hash) in claimed {
            if self.server.durable_hash(&terminal, epoch, seq)? == Some(*hash.as_bytes()) {
                self.witness.confirmed.insert((terminal.clone(), epoch, seq), hash);
            } else {
                let text = format!("{terminal} {epoch}/{seq} was acknowledged, but is not durable");
                self.violated(Invariant::I4, text);
            }
        }
        Ok(())
    }

    /// I8: a repetition is answered as the first time (a push at least as far).
    pub(super) fn compare(&mut self, exchange: u64, way: Way, again: &WireAnswer) {
        let Some(held) = self.exchanges.get(&exchange) else { return };
        let (Some(first), false) = (&held.first, held.stale) else { return };
        if way == Way::Down || first.status != 200 {
            return;
        }
        let seq = |answer: &WireAnswer| body_of(answer).and_then(|body| body["acked_seq"].as_u64());
        if again.status != 200 || seq(again) < seq(first) {
            let text = format!(
                "{}: a push was answered {} up to {:?}, its repetition {} up to {:?}",
                self.nodes[held.node].name,
                first.status,
                seq(first),
                again.status,
                seq(again)
            );
            self.violated(Invariant::I8, text);
        }
    }

    /// I6: a request that names another business, signed by a key of this one.
    pub(in crate::simulation) async fn trespass(&mut self, node: usize) -> Result<()> {
        let own = self.nodes[node].business;
        let Some(mut request) = self.last_push.get(&node).cloned() else { return Ok(()) };
        let other = self.businesses[1 - own].tenant.to_string();
        for (name, value) in &mut request.headers {
            if *name == wire::header::TENANT {
                value.clone_from(&other);
            }
        }
        let Some(answer) = self.server.handle(&request).await? else { return Ok(()) };
        self.fire(Fault::Trespass);
        self.note(&format!("a trespass is answered {}", answer.status));
        if answer.status < 400 {
            let text = format!("a request in the name of another business was answered {}", answer.status);
            self.violated(Invariant::I6, text);
        }
        Ok(())
    }
}
