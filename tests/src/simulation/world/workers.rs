//! The workers of the terminals: driven from wait to wait, as their engine's own loops would.

use std::time::Duration;

use anyhow::Result;
use terminal::sync::Pause;

use super::super::node::{Way, Worker};
use super::{Happening, World};

impl World<'_> {
    /// Begins a step of a resting worker.
    pub(in crate::simulation) async fn begin(&mut self, node: usize, way: Way, asked: bool) -> Result<()> {
        let place = &mut self.nodes[node].workers[way as usize];
        match std::mem::replace(place, Worker::Gone) {
            Worker::Resting(hand, _) => {
                let Some(step) = self.nodes[node].step(hand, asked) else { return Ok(()) };
                self.nodes[node].workers[way as usize] = Worker::Busy(step);
                self.drive(node, way).await
            }
            other => {
                self.nodes[node].workers[way as usize] = other;
                Ok(())
            }
        }
    }

    /// Lets a busy worker go on until it waits for the network or is done.
    pub(in crate::simulation) async fn drive(&mut self, node: usize, way: Way) -> Result<()> {
        let place = &mut self.nodes[node];
        let taken = std::mem::replace(&mut place.workers[way as usize], Worker::Gone);
        let Worker::Busy(mut step) = taken else {
            place.workers[way as usize] = taken;
            return Ok(());
        };
        tokio::select! {
            biased;
            (hand, pause) = &mut step => {
                place.workers[way as usize] = Worker::Resting(hand, pause);
                self.rest(node, way, pause);
            }
            Some(outgoing) = place.outgoing.recv() => {
                place.workers[way as usize] = Worker::Busy(step);
                self.carry(node, way, outgoing);
            }
        }
        if self.nodes[node].death.is_dead() {
            self.node_died(node);
            return Ok(());
        }
        Box::pin(self.heed(node)).await
    }

    fn rest(&mut self, node: usize, way: Way, pause: Pause) {
        let place = &mut self.nodes[node];
        place.timers[way as usize] += 1;
        let timer = place.timers[way as usize];
        let wait = match pause {
            Pause::None => Duration::ZERO,
            Pause::Idle(wait) | Pause::Failed(wait) | Pause::Asked(wait) => wait,
        };
        let broken = place.sleeps_after_failure && matches!(pause, Pause::Failed(_)) && way == Way::Up;
        if !broken {
            let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 4);
            self.after(millis, Happening::Timer { node, up: way == Way::Up, timer });
        }
    }

    /// Wakes resting workers that were asked for, as the engine's own loops do.
    pub(in crate::simulation) async fn heed(&mut self, node: usize) -> Result<()> {
        let place = &mut self.nodes[node];
        let Some(engine) = &place.engine else { return Ok(()) };
        let fresh = engine.take_wakes();
        place.wakes.committed |= fresh.committed;
        place.wakes.push |= fresh.push;
        place.wakes.pull |= fresh.pull;
        let (mut up, mut asked) = (false, false);
        if let Worker::Resting(_, pause) = &place.workers[Way::Up as usize] {
            let hurried = place.wakes.push && !matches!(pause, Pause::Asked(_));
            up = hurried || (place.wakes.committed && matches!(pause, Pause::Idle(_)));
            asked = hurried;
            up &= !place.sleeps_after_failure || matches!(pause, Pause::Idle(_));
            place.wakes.committed = false;
            place.wakes.push &= !hurried;
        }
        let mut down = false;
        if let Worker::Resting(_, pause) = &place.workers[Way::Down as usize] {
            down = place.wakes.pull && !matches!(pause, Pause::Asked(_));
            place.wakes.pull &= !down;
        }
        if up {
            self.begin(node, Way::Up, asked).await?;
        }
        if down {
            self.begin(node, Way::Down, false).await?;
        }
        Ok(())
    }
}
