//! The steps of a plan, done: people trade, faults begin.

use anyhow::{Context as _, Result};
use sync_server::catalog;

use super::chance::Chance;
use super::node::Stop;
use super::plan::{Fault, Step, What};
use super::poison;
use super::template::copy_folder;
use super::world::{Happening, World};
use crate::invariants::{Anomaly, Invariant, Receipt};

/// A year in milliseconds.
const YEAR: i64 = 365 * 24 * 60 * 60 * 1000;

impl World<'_> {
    pub(super) async fn step(&mut self, at: usize) -> Result<()> {
        let step = self.steps[at];
        if step.terminal >= self.nodes.len() {
            return Ok(());
        }
        match step.what {
            What::Fault(fault) => self.begin_fault(at, fault, step).await,
            What::Price => self.change_price(step).await,
            _ => self.trade(step).await,
        }
    }

    /// The person at a till does something; clones of the till trade along with it.
    async fn trade(&mut self, step: Step) -> Result<()> {
        let terminal = self.nodes[step.terminal].terminal.clone();
        let same: Vec<usize> =
            (0..self.nodes.len()).filter(|node| self.nodes[*node].terminal == terminal).collect();
        for node in same {
            self.trade_at(node, step).await?;
        }
        Ok(())
    }

    async fn trade_at(&mut self, node: usize, step: Step) -> Result<()> {
        if self.nodes[node].engine.is_none() {
            return Ok(());
        }
        let mut chance = Chance::of(step.detail, node as u64);
        let items = self.businesses[self.nodes[node].business].items.clone();
        let bug = self.canary.map(|canary| canary.0).filter(|_| node == 0);
        self.nodes[node].lies_when_paid = bug == Some(Invariant::I1) && self.sales > 5;
        if bug == Some(Invariant::I9) {
            let cut_off = self.nodes[node].is_under(Fault::Partition, self.now());
            self.nodes[node].disk.full.store(cut_off, std::sync::atomic::Ordering::Relaxed);
        }
        let place = &mut self.nodes[node];
        let done = match step.what {
            What::Sell { lines } => place.sell(&items, lines, &mut chance).map(Some),
            What::Refund => place.refund(&mut chance).map(|()| None),
            What::Cash => place.move_cash(&mut chance).map(|()| None),
            What::Stock => place.move_stock(&items, &mut chance).map(|()| None),
            _ => place.close_drawer(&mut chance).map(|()| None),
        };
        let name = self.nodes[node].name.clone();
        match done {
            Ok(Some(order)) => self.receipt(node, &order),
            Ok(None) => self.note(&format!("{name} {:?}", step.what)),
            Err(Stop::Died) => {
                self.node_died(node);
                return Ok(());
            }
            Err(Stop::Refused(why)) if matches!(step.what, What::Sell { .. }) => {
                self.violated(Invariant::I9, format!("{name} does not sell: {why}"));
            }
            Err(Stop::Refused(why)) => self.note(&format!("{name} {:?}: {why}", step.what)),
        }
        self.heed(node).await
    }

    /// A person was given a receipt.
    fn receipt(&mut self, node: usize, order: &shared::order::Order) {
        self.sales += 1;
        let place = &self.nodes[node];
        let receipt = Receipt {
            tenant: self.businesses[place.business].tenant.to_string(),
            terminal: place.terminal.clone(),
            order_id: order.order_id.to_string(),
            receipt_number: order.receipt_number.clone(),
            total: order.total.minor(),
        };
        let line = format!("{} sold {} over {}", place.name, receipt.receipt_number, receipt.total);
        self.note(&line);
        self.witness.receipts.push(receipt);
    }

    /// The person comes to a till that was started: signs in, and asks what became of a payment in doubt.
    pub(super) async fn open_till(&mut self, node: usize) -> Result<()> {
        let manager = self.businesses[self.nodes[node].business].manager;
        match self.nodes[node].open(manager) {
            Ok(Some(order)) => self.receipt(node, &order),
            Ok(None) => {}
            Err(Stop::Died) => self.node_died(node),
            Err(Stop::Refused(why)) => {
                let name = self.nodes[node].name.clone();
                self.violated(Invariant::I9, format!("{name} cannot be used after its start: {why}"));
            }
        }
        Ok(())
    }

    /// Headquarters changes a price, when the server is there.
    async fn change_price(&mut self, step: Step) -> Result<()> {
        let business = self.nodes[step.terminal].business;
        let Some(state) = self.server.state().cloned() else { return Ok(()) };
        let mut chance = Chance::of(step.detail, 0);
        let tenant = self.businesses[business].tenant;
        let Some(item) = chance.one_of(&self.businesses[business].items) else { return Ok(()) };
        let mut item = item.clone();
        let price = format!("{}.{:02}", chance.between(1, 90), chance.between(0, 99));
        item.unit_price = Some(price.parse().context("a price")?);
        let done = async {
            let mut tx = state.db.write(tenant).await?;
            let put = catalog::put_items(&mut tx, tenant, None, std::slice::from_ref(&item), self.time());
            put.await?;
            tx.commit().await?;
            Ok::<_, anyhow::Error>(())
        };
        let done = done.await.is_ok();
        self.note(&format!("a price becomes {price}: {done}"));
        if self.server.death.is_dead() {
            self.server_died().await?;
        }
        Ok(())
    }

    fn time(&self) -> shared::Timestamp {
        use shared::Clock as _;
        self.server.clock.now()
    }

    async fn begin_fault(&mut self, at: usize, fault: Fault, step: Step) -> Result<()> {
        let node = step.terminal;
        self.note(&step.to_string());
        let mut chance = Chance::of(step.detail, 7);
        if fault.is_weather() {
            let until = self.now() + step.lasts;
            let last = self.nodes[node].weather.entry(fault).or_default();
            *last = until.max(*last);
            return Ok(());
        }
        let commits = u32::try_from(chance.between(0, 12)).unwrap_or(0);
        match fault {
            Fault::TerminalDiesBefore => self.nodes[node].death.arm(commits, false),
            Fault::TerminalDiesAfter => self.nodes[node].death.arm(commits, true),
            Fault::ServerDiesBefore => self.server.death.arm(commits, false),
            Fault::ServerDiesAfter => self.server.death.arm(commits, true),
            Fault::ClockAhead | Fault::ClockBack => {
                self.fire(fault);
                self.jump(fault, node, &mut chance);
            }
            Fault::Clone => {
                let terminal = self.nodes[node].terminal.clone();
                let copies = self.nodes.iter().filter(|other| other.terminal == terminal).count();
                if copies < 3 {
                    self.fire(fault);
                    self.clone_node(node).await?;
                }
            }
            Fault::ImageRestore | Fault::ServerRestore => {
                let from = self.source(fault, node);
                copy_folder(&from, &self.folder.path().join(format!("image-{at}")))?;
                self.after(step.lasts, Happening::PutBack(at));
            }
            Fault::Trespass => self.trespass(node).await?,
            _ => self.poison(fault, node, step)?,
        }
        Ok(())
    }

    fn source(&self, fault: Fault, node: usize) -> std::path::PathBuf {
        match fault {
            Fault::ServerRestore => self.server.folder.clone(),
            _ => self.nodes[node].folder.clone(),
        }
    }

    fn jump(&mut self, fault: Fault, node: usize, chance: &mut Chance) {
        let ahead = [90_000, 2 * 60 * 60 * 1000, 26 * 60 * 60 * 1000, YEAR];
        let back = [90_000, 2 * 60 * 60 * 1000, 26 * 60 * 60 * 1000, 56 * YEAR];
        let far = if fault == Fault::ClockAhead {
            chance.one_of(&ahead).copied().unwrap_or(0)
        } else {
            -chance.one_of(&back).copied().unwrap_or(0)
        };
        // One in four is the server's clock.
        if chance.one_in(4) { self.server.clock.jump(far) } else { self.nodes[node].clock.jump(far) }
    }

    fn poison(&mut self, fault: Fault, node: usize, step: Step) -> Result<()> {
        let mark = format!("poison-{:x}", step.detail);
        let now = self.time_at(node);
        if self.nodes[node].engine.is_none() || !poison::write(&self.nodes[node].folder, fault, &mark, now)? {
            return Ok(());
        }
        self.fire(fault);
        let codes = match fault {
            Fault::PoisonFigures => vec!["computation_mismatch", "event_parked"],
            _ => vec!["event_parked"],
        };
        self.witness.anomalies.push(Anomaly {
            what: mark,
            tenant: self.businesses[self.nodes[node].business].tenant.to_string(),
            terminal: self.nodes[node].terminal.clone(),
            codes,
        });
        Ok(())
    }

    /// An image or a backup comes back in the place of what is there.
    pub(super) async fn put_back(&mut self, at: usize) -> Result<()> {
        let step = self.steps[at];
        if self.healing {
            return Ok(());
        }
        let image = self.folder.path().join(format!("image-{at}"));
        match step.what {
            What::Fault(Fault::ServerRestore) => {
                self.note("the server's database is put back");
                self.server.kill().await;
                self.server.restore(&image, step.detail)?;
                self.put_back = true;
                self.witness.confirmed.clear();
                self.forget_answers();
                self.fire(Fault::ServerRestore);
                self.count_losses()?;
                if !self.server_starts {
                    self.server_starts = true;
                    self.after(5_000, Happening::ServerStarts);
                }
            }
            _ => {
                let node = step.terminal;
                self.note(&format!("the disk of {} is put back", self.nodes[node].name));
                self.nodes[node].kill();
                let folder = self.nodes[node].folder.clone();
                std::fs::remove_dir_all(&folder)?;
                copy_folder(&image, &folder)?;
                self.nodes[node].cashier = super::node::Cashier::default();
                self.fire(Fault::ImageRestore);
                self.count_losses()?;
                self.start_node(node).await?;
            }
        }
        Ok(())
    }
}
