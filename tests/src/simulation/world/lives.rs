//! Processes that die and come back, disks that are copied, and the healing of it all.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use shared::Clock as _;

use super::super::chance::Chance;
use super::super::node::{Node, Way};
use super::super::plan::Fault;
use super::super::seams::NodeClock;
use super::super::template::copy_folder;
use super::{Happening, World};

impl World<'_> {
    /// The process of a terminal is gone; it is started again after a while.
    pub(in crate::simulation) fn node_died(&mut self, node: usize) {
        let name = self.nodes[node].name.clone();
        let after = self.nodes[node].death.died_after();
        self.fire(if after { Fault::TerminalDiesAfter } else { Fault::TerminalDiesBefore });
        self.note(&format!("{name} dies"));
        self.nodes[node].kill();
        let life = self.nodes[node].life;
        let wait = self.chance.between(2_000, 60_000);
        self.after(wait, Happening::NodeStarts { node, life });
    }

    /// The server's process is gone; it is started again after a while.
    pub(in crate::simulation) async fn server_died(&mut self) -> Result<()> {
        let after = self.server.death.died_after();
        self.fire(if after { Fault::ServerDiesAfter } else { Fault::ServerDiesBefore });
        self.note("the server dies");
        self.server.kill().await;
        if !self.server_starts {
            self.server_starts = true;
            let wait = self.chance.between(2_000, 60_000);
            self.after(wait, Happening::ServerStarts);
        }
        Ok(())
    }

    /// Starts a terminal: its workers begin at once, and the person signs in.
    pub(in crate::simulation) async fn start_node(&mut self, node: usize) -> Result<()> {
        let life = self.nodes[node].life;
        let chance = Chance::of(self.seed, 1_000 + node as u64 * 1_000_003 + life);
        self.nodes[node].start(chance)?;
        let name = self.nodes[node].name.clone();
        self.note(&format!("{name} starts"));
        self.open_till(node).await?;
        if self.nodes[node].engine.is_some() {
            self.begin(node, Way::Up, false).await?;
            self.begin(node, Way::Down, false).await?;
        }
        Ok(())
    }

    /// The weather clears, the dead come back, nothing new begins.
    pub(super) async fn heal(&mut self) -> Result<()> {
        self.healing = true;
        self.note("from here on the network is fair");
        self.server.death.disarm();
        for node in 0..self.nodes.len() {
            self.nodes[node].weather.clear();
            self.nodes[node].death.disarm();
            if self.nodes[node].engine.is_none() {
                self.start_node(node).await?;
            }
        }
        if self.server.state().is_none() {
            self.happen(Happening::ServerStarts).await?;
        }
        Ok(())
    }

    pub(super) fn is_quiet(&self) -> Result<bool> {
        for node in &self.nodes {
            if node.engine.is_none() || node.waiting()? > 0 {
                return Ok(false);
            }
        }
        Ok(!self.applying && self.server.state().is_some())
    }

    /// The time of a machine, for what is written there behind its back.
    pub(in crate::simulation) fn time_at(&self, node: usize) -> shared::Timestamp {
        self.nodes[node].clock.now()
    }

    /// A new terminal that is a copy of another's disk.
    pub(in crate::simulation) async fn clone_node(&mut self, node: usize) -> Result<()> {
        let at = self.nodes.len();
        let folder = self.folder.path().join(format!("till-{at}"));
        copy_folder(&self.nodes[node].folder, &folder)?;
        let clock = Arc::new(NodeClock::new(self.now.clone()));
        let name = format!("a clone of {}", self.nodes[node].name);
        let copy = Node::new(name, folder, self.nodes[node].business, clock)?;
        ensure!(copy.terminal == self.nodes[node].terminal, "a clone of another terminal");
        self.nodes.push(copy);
        self.start_node(at).await.context("a clone does not start")
    }
}
