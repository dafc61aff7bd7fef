//! A new life of the journal after a fork: what the server does not hold is written again under a new epoch.

use rusqlite::params;
use shared::journal::GENESIS_HASH;

use super::{events_after, head, key_of, list_after, write};
use crate::context::Device;
use crate::store::row::run;
use crate::store::{StoreError, Tx, meta};

/// Events carried over at a time.
const STEP: usize = 200;

/// Writes the events of `device.epoch` from `from_seq` on again as the first of `new_epoch`, chained and signed anew, and
/// makes that the present epoch. The old ones stay as they are; receipt numbers do not change. Gives how many there were.
///
/// # Errors
/// A new epoch that is not above the present one, or a store that cannot be written.
pub fn rebase(tx: &Tx<'_>, device: &Device, from_seq: u64, new_epoch: u32) -> Result<u64, StoreError> {
    if new_epoch <= device.epoch || head(tx, new_epoch)?.0 > 0 {
        return Err(StoreError::contradiction("a journal", "a new epoch must be above the present one"));
    }
    let (mut after, mut seq, mut prev_hash) = (from_seq.max(1) - 1, 0_u64, GENESIS_HASH);
    loop {
        let step = events_after(tx, device.epoch, after, STEP, usize::MAX)?;
        if step.is_empty() {
            break;
        }
        for chained in step {
            let subject =
                list_after(tx, device.epoch, chained.event.seq - 1, 1)?.pop().map(|event| event.subject);
            after = chained.event.seq;
            seq += 1;
            let mut event = chained.event;
            event.epoch = new_epoch;
            event.seq = seq;
            let (key, hash) = write(tx, device, &event, prev_hash, &subject.unwrap_or_default())?;
            prev_hash = hash;
            repoint(tx, key_of(device.epoch, after), key)?;
        }
    }
    if let Some(mut identity) = meta::identity(tx)? {
        identity.epoch = new_epoch;
        meta::set_identity(tx, &identity)?;
    }
    Ok(seq)
}

/// Rows that read from the old event now read from the new one.
fn repoint(tx: &Tx<'_>, old: i64, new: i64) -> Result<(), StoreError> {
    for sql in [
        "UPDATE orders SET journal_key = ?2 WHERE journal_key = ?1",
        "UPDATE refunds SET journal_key = ?2 WHERE journal_key = ?1",
        "UPDATE stock_movements SET journal_key = ?2 WHERE journal_key = ?1",
    ] {
        run(tx, "carry the journal over", sql, params![old, new])?;
    }
    Ok(())
}
