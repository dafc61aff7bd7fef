//! New lives of the journal while the till runs: after a fork, an older image, or damage on the disk.

use std::sync::Arc;

use shared::journal::payload::RestartReason;

use super::Till;
use crate::context::Device;
use crate::journal::{self, Restart, lives};
use crate::store::{Store, StoreError};

impl Till {
    /// Begins a new life of the journal when `epoch` is still the present one.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub(crate) fn restart_journal(&self, epoch: u32, step: Restart) -> Result<(), StoreError> {
        let mut store = self.store();
        match self.device() {
            Some(device) if device.epoch == epoch => self.restart_held(&mut store, &device, step),
            _ => Ok(()),
        }
    }

    fn restart_held(&self, store: &mut Store, device: &Arc<Device>, step: Restart) -> Result<(), StoreError> {
        let moment = self.moment(store.db(), device);
        let carried = store.write(|tx| journal::restart(tx, device, step, &moment))?;
        self.become_device(store, Device { epoch: step.new_epoch, ..(**device).clone() });
        tracing::warn!(
            epoch = step.new_epoch,
            carried = carried.count,
            damaged = carried.damaged.len(),
            "the journal goes on under a new epoch"
        );
        Ok(())
    }

    /// Leaves events of a life behind that wait and do not hold; what holds goes on under another life. False when all that
    /// waits holds.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub(crate) fn mend_journal(&self, epoch: u32) -> Result<bool, StoreError> {
        let mut store = self.store();
        let Some(device) = self.device() else { return Ok(false) };
        self.mend_held(&mut store, &device, epoch)
    }

    pub(super) fn mend_held(
        &self,
        store: &mut Store,
        device: &Arc<Device>,
        epoch: u32,
    ) -> Result<bool, StoreError> {
        let db = store.db();
        let last = match lives::ends(db)?.get(&epoch) {
            Some(end) => *end,
            None => journal::head(db, epoch)?.0,
        };
        let acked = journal::acked_seq(db, epoch)?;
        let waiting = last.saturating_sub(acked);
        let bad = match waiting {
            0 => None,
            most => journal::first_bad(db, epoch, &device.key.public_key(), most)?,
        };
        let Some(from_seq) = bad.filter(|bad| *bad <= last) else { return Ok(false) };
        let from_seq = from_seq.max(acked + 1);
        if epoch == device.epoch {
            let step = Restart {
                from_seq,
                new_epoch: epoch.saturating_add(1),
                reason: Some(RestartReason::Damaged),
                receipts_from: None,
            };
            self.restart_held(store, device, step)?;
        } else {
            let moment = self.moment(store.db(), device);
            store.write(|tx| journal::carry_older(tx, device, epoch, from_seq, &moment))?;
        }
        Ok(true)
    }
}
