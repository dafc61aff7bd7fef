//! Committing facts without doubt: the journal itself says whether a commit that was answered with an error happened.

use super::head;
use crate::context::{CommandError, Device, Done};
use crate::store::{Store, StoreError, Tx};

/// Does `work`, which writes at least one fact, in one transaction. When the commit is answered with an error, the end of
/// the journal is read again: if it moved, it happened, and doing it again would do it twice.
///
/// # Errors
/// What `work` returns, or the store's own; then nothing of it happened.
pub(crate) fn commit<T>(
    store: &mut Store,
    device: &Device,
    work: impl FnOnce(&Tx<'_>) -> Done<T>,
) -> Done<T> {
    let before = head(store.db(), device.epoch)?;
    let mut done = None;
    let written = store.write(|tx| -> Done<()> {
        done = Some(work(tx)?);
        Ok(())
    });
    let missing = || StoreError::contradiction("a change", "it left nothing behind");
    match (written, done) {
        (Ok(()), Some(done)) => Ok(done),
        (Err(error), Some(done)) => {
            if head(store.db(), device.epoch)? == before {
                return Err(error);
            }
            tracing::error!(%error, "a commit was answered with an error, but it happened");
            Ok(done)
        }
        (Err(error), None) => Err(error),
        (Ok(()), None) => Err(CommandError::from(missing())),
    }
}
