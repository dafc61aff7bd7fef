//! What is read when a run is over, and what went down with a disk before.

use anyhow::Result;

use super::World;
use crate::invariants::{self, Books, read};

impl World<'_> {
    /// Stops everything and reads what is there.
    pub(super) async fn close(&mut self) -> Result<Books> {
        for node in &mut self.nodes {
            node.kill();
        }
        self.server.kill().await;
        let mut books = Books { witness: self.witness.clone(), ..Books::default() };
        for node in &self.nodes {
            books.terminals.push(read::terminal(&node.name, &node.folder)?);
        }
        books.server = read::server(&self.server.folder)?;
        // Of an anomaly whose event went down with its disk, nothing can be asked.
        books.witness.anomalies.retain(|anomaly| {
            let held = books.server.events.iter().map(|held| &held.entry.raw);
            let own = books.terminals.iter().flat_map(|terminal| terminal.entries.iter().map(|e| &e.raw));
            held.chain(own).any(|raw| contains(raw, anomaly.what.as_bytes()))
        });
        Ok(books)
    }

    /// Orders of which no copy is left are noted as lost with their disks.
    pub(in crate::simulation) fn count_losses(&mut self) -> Result<()> {
        let mut held = std::collections::HashSet::new();
        let mut note = |entry: &invariants::Entry| {
            if let Some(id) = entry.event.as_ref().and_then(|event| event.payload["order_id"].as_str()) {
                held.insert(id.to_owned());
            }
        };
        for node in &self.nodes {
            read::terminal(&node.name, &node.folder)?.entries.iter().for_each(&mut note);
        }
        read::server(&self.server.folder)?.events.iter().for_each(|event| note(&event.entry));
        for receipt in &self.witness.receipts {
            if !held.contains(&receipt.order_id) {
                self.witness.lost.insert(receipt.order_id.clone());
            }
        }
        Ok(())
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
