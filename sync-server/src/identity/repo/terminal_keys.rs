//! Every key that a terminal ever signed with, and which of them counts for an event.

use shared::Timestamp;
use shared::ids::TenantId;
use shared::journal::{PublicKey, Signature};
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

/// Notes that a terminal signs with a key from a life of its journal on; None when that is not known. A key that is noted
/// already stays as it is.
///
/// # Errors
/// A failed statement.
pub async fn keep(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: &str,
    key: &str,
    since_epoch: Option<i64>,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO terminal_keys (tenant_id, terminal_id, public_key, since_epoch, enrolled_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, terminal_id, public_key) DO NOTHING",
    )
    .bind(tenant.to_string())
    .bind(terminal)
    .bind(key)
    .bind(since_epoch)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The keys of a terminal.
///
/// # Errors
/// A failed statement, or a key that cannot be read.
pub async fn of(tx: &mut Tx, tenant: &str, terminal: &str) -> Result<TerminalKeys, DatabaseError> {
    let rows = sqlx::query(
        "SELECT k.public_key, k.since_epoch, k.enrolled_at, t.public_key, COALESCE(t.enrolled_at, t.created_at) \
         FROM terminals t LEFT JOIN terminal_keys k ON k.tenant_id = t.tenant_id AND k.terminal_id = t.terminal_id \
         WHERE t.tenant_id = $1 AND t.terminal_id = $2 ORDER BY k.enrolled_at, k.public_key",
    )
    .bind(tenant.to_owned())
    .bind(terminal.to_owned())
    .fetch_all(&mut **tx)
    .await?;
    let parsed = |key: String| key.parse().map_err(|error| DatabaseError::corrupt("terminal_keys", error));
    let mut keys = TerminalKeys::default();
    let mut present: Option<(PublicKey, i64)> = None;
    for row in &rows {
        let now = row.try_get::<Option<String>, _>(3)?.map(parsed).transpose()?;
        present = now.map(|key| Ok::<_, DatabaseError>((key, row.try_get(4)?))).transpose()?;
        let Some(key) = row.try_get::<Option<String>, _>(0)?.map(parsed).transpose()? else { continue };
        keys.add(key, row.try_get(1)?, row.try_get(2)?, Some(key) == now);
    }
    // One that was given to it by other hands than ours.
    if let Some((key, enrolled_at)) = present
        && keys.0.iter().all(|held| !held.is_present)
    {
        keys.add(key, None, enrolled_at, true);
    }
    Ok(keys)
}

/// A key with its time.
#[derive(Debug, Clone, Copy)]
struct Held {
    key: PublicKey,
    since_epoch: Option<i64>,
    enrolled_at: i64,
    is_present: bool,
}

/// The keys of a terminal, in the order in which they were enrolled.
#[derive(Debug, Clone, Default)]
pub struct TerminalKeys(Vec<Held>);

/// An event as far as its signature goes.
#[derive(Debug, Clone, Copy)]
pub struct SignedEvent<'a> {
    /// The life of the journal.
    pub epoch: i64,
    /// When it was received, milliseconds UTC.
    pub received_at: i64,
    /// What is signed.
    pub hash: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
}

/// Whose signature an event has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBy {
    /// The key that the terminal has now.
    Present,
    /// A key that it had.
    Former,
    /// Nobody can tell: the event is from before keys were kept.
    Unknown,
    /// No key that could sign it.
    Nobody,
}

impl TerminalKeys {
    fn add(&mut self, key: PublicKey, since_epoch: Option<i64>, enrolled_at: i64, is_present: bool) {
        self.0.push(Held { key, since_epoch, enrolled_at, is_present });
    }

    /// By which key an event is signed, of those that could sign it: no earlier life of the journal than the key was
    /// enrolled for, and nothing received after the key that came next, since a server takes nothing by a key that is no
    /// longer its terminal's.
    pub fn signer(&self, event: &SignedEvent<'_>) -> SignedBy {
        let signature = <[u8; 64]>::try_from(event.signature).map(|bytes| Signature::from_bytes(&bytes));
        let Ok(signature) = signature else { return SignedBy::Nobody };
        // The newest first: nearly every event is signed by it.
        for (place, held) in self.0.iter().enumerate().rev() {
            let begins = held.since_epoch.is_none_or(|epoch| epoch <= event.epoch);
            let next = self.0.get(place + 1).map(|next| next.enrolled_at);
            let lasts = held.is_present || next.is_none_or(|next| event.received_at <= next);
            if begins && lasts && held.key.verify(event.hash, &signature).is_ok() {
                return if held.is_present { SignedBy::Present } else { SignedBy::Former };
            }
        }
        self.unsigned(event)
    }

    /// Which of these events, of one life of the journal, are signed by none of the keys that could sign them.
    pub fn unsigned_of<'a>(&self, events: &[SignedEvent<'a>]) -> Vec<usize> {
        if self.sign_all(events) {
            return Vec::new();
        }
        let nobody = |at: &usize| events.get(*at).is_some_and(|event| self.signer(event) == SignedBy::Nobody);
        (0..events.len()).filter(nobody).collect()
    }

    /// Whether the present key signed them all, checked at once.
    fn sign_all(&self, events: &[SignedEvent<'_>]) -> bool {
        let Some(held) = self.0.last().filter(|held| held.is_present) else { return false };
        let mut signatures = Vec::with_capacity(events.len());
        for event in events {
            let begins = held.since_epoch.is_none_or(|epoch| epoch <= event.epoch);
            match <[u8; 64]>::try_from(event.signature) {
                Ok(bytes) if begins => signatures.push(Signature::from_bytes(&bytes)),
                _ => return false,
            }
        }
        let hashes: Vec<&[u8]> = events.iter().map(|event| event.hash).collect();
        held.key.verify_all(&hashes, &signatures)
    }

    fn unsigned(&self, event: &SignedEvent<'_>) -> SignedBy {
        match self.0.first() {
            Some(first) if first.since_epoch.is_none() && event.received_at < first.enrolled_at => {
                SignedBy::Unknown
            }
            _ => SignedBy::Nobody,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use shared::journal::SigningKey;

    use super::*;

    fn key(n: u8) -> SigningKey {
        SigningKey::from_bytes(&[n; 32])
    }

    /// By whom an event is signed that `signer` signed.
    fn signer(keys: &TerminalKeys, signer: u8, epoch: i64, received_at: i64) -> SignedBy {
        let hash = [9; 32];
        let signature = key(signer).sign(&hash);
        keys.signer(&SignedEvent { epoch, received_at, hash: &hash, signature: &signature.to_bytes() })
    }

    #[test]
    fn every_event_counts_by_the_key_of_its_time_only() {
        let mut keys = TerminalKeys::default();
        keys.add(key(1).public_key(), Some(1), 100, false);
        keys.add(key(2).public_key(), Some(2), 200, true);
        assert_eq!(signer(&keys, 1, 1, 150), SignedBy::Former);
        assert_eq!(signer(&keys, 2, 2, 250), SignedBy::Present);
        assert_eq!(signer(&keys, 2, 1, 250), SignedBy::Nobody, "a new device does not sign an old life");
        assert_eq!(signer(&keys, 1, 2, 250), SignedBy::Nobody, "a former device hands nothing in");
        assert_eq!(signer(&keys, 3, 2, 250), SignedBy::Nobody);
        assert_eq!(signer(&keys, 3, 1, 50), SignedBy::Nobody, "the first key is known");
    }

    #[test]
    fn what_is_older_than_the_oldest_known_key_is_not_held_against_anyone() {
        let mut keys = TerminalKeys::default();
        keys.add(key(2).public_key(), None, 200, true);
        assert_eq!(signer(&keys, 2, 1, 150), SignedBy::Present, "its epoch is not known");
        assert_eq!(signer(&keys, 1, 1, 150), SignedBy::Unknown);
        assert_eq!(signer(&keys, 1, 1, 250), SignedBy::Nobody);
        assert_eq!(signer(&TerminalKeys::default(), 1, 1, 150), SignedBy::Nobody);
    }
}
