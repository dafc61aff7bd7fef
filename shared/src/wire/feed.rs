//! The feed down: its rows and pages, sums by which a terminal proves that it holds what the server holds, and the
//! ready-made catalogue that a terminal with nothing takes in one piece.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::ids::TerminalId;
use crate::journal::{Hash, canonical};
use crate::stamp::Stamp;

/// One row of the change feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    /// The kind of row: see [`entity`]; unknown kinds are kept.
    pub entity: String,
    /// The row's id.
    pub id: String,
    /// The number of its last change.
    pub change_seq: u64,
    /// The present state; None is a tombstone.
    pub body: Option<serde_json::Value>,
}

/// Kinds of feed rows and the type of their body.
pub mod entity {
    /// [`crate::outlet::Outlet`].
    pub const OUTLET: &str = "outlet";
    /// [`crate::catalogue::Category`].
    pub const CATEGORY: &str = "category";
    /// [`crate::catalogue::Item`].
    pub const ITEM: &str = "item";
    /// [`crate::catalogue::Picture`].
    pub const PICTURE: &str = "picture";
    /// [`crate::staff::Staff`].
    pub const STAFF: &str = "staff";
    /// [`crate::pricing::PriceBook`]: a version of an outlet's, the present one or the next.
    pub const PRICE_BOOK: &str = "price_book";
    /// [`crate::customer::Customer`].
    pub const CUSTOMER: &str = "customer";
    /// [`super::Notice`]: something the server wants a person at this terminal to see.
    pub const NOTICE: &str = "notice";
}

/// Something a person at the terminal should see, such as an event that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The terminal it is for; None is all of the outlet.
    pub terminal_id: Option<TerminalId>,
    /// A closed word for translation, such as `event_parked`.
    pub code: String,
    /// The receipt number or other name of what it is about.
    pub subject: String,
    /// When.
    pub occurred_at: Timestamp,
}

/// A page of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullResponse {
    /// The protocol version.
    pub protocol: u16,
    /// Where to go on; opaque, bound to the server's epoch.
    pub cursor: String,
    /// Whether there is more at once.
    pub more: bool,
    /// True when the cursor was unknown (server restored, new terminal): drop what is not in the pages that follow.
    pub reset: bool,
    /// How many rows there are in all from the cursor asked with, for a progress bar.
    pub remaining: u64,
    /// The rows.
    pub rows: Vec<FeedRow>,
    /// What a terminal at this cursor holds in all, by kind; only on a last page with news, and not from older servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sums: Option<Vec<FeedSum>>,
    /// The server's time.
    pub server_time: Timestamp,
    /// The newest stamp of an edit that the server knows of: the terminal's next one goes after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// How far the terminal's own journal was worked through when the page began to be read: what came of it is in the
    /// rows up to the end of this reading. None from servers that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worked: Option<Vec<Worked>>,
}

/// How far the server has worked through one life of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worked {
    /// The life.
    pub epoch: u32,
    /// Every event up to here was applied or set aside.
    pub seq: u64,
}

/// All rows of one kind that a terminal holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSum {
    /// The kind.
    pub entity: String,
    /// How many; tombstones do not count.
    pub rows: u64,
    /// The [`Sum`] of their digests, hexadecimal.
    pub sum: Sum,
}

/// A sum of the digests of rows modulo 2^128: a row comes and goes by one addition, in any order. It finds what was
/// overlooked or fell behind; against forgery stand the transport and the server's authority, not this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sum(u128);

/// Text that is no sum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a sum has 32 hexadecimal digits")]
pub struct SumError;

impl Sum {
    /// The digest of one row: the first 16 bytes of SHA-256 over kind, id, number and the body as canonical JSON (RFC 8785),
    /// so that it does not matter how a body is written. One that canonical JSON cannot hold counts as it is written.
    pub fn of_row(entity: &str, id: &str, change_seq: u64, body: &Value) -> Self {
        let mut hasher = Sha256::new();
        for text in [entity, id] {
            hasher.update(text.as_bytes());
            hasher.update([0]);
        }
        hasher.update(change_seq.to_be_bytes());
        hasher.update(canonical::of(body).unwrap_or_else(|_| body.to_string().into_bytes()));
        let digest: [u8; 32] = hasher.finalize().into();
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        Self(u128::from_be_bytes(first))
    }

    /// From 16 bytes, big end first, as they are stored.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// As 16 bytes, big end first.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// With another one.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }

    /// Without another one.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}

impl TryFrom<String> for Sum {
    type Error = SumError;
    fn try_from(text: String) -> Result<Self, SumError> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u128::from_str_radix(&text, 16).ok()).flatten().map(Self).ok_or(SumError)
    }
}

impl From<Sum> for String {
    fn from(sum: Sum) -> Self {
        format!("{:032x}", sum.0)
    }
}

/// Sums by kind, as they are kept and compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums(BTreeMap<String, (u64, Sum)>);

impl Sums {
    /// Counts a row in.
    pub fn add(&mut self, entity: &str, digest: Sum) {
        self.add_many(entity, 1, digest);
    }

    /// Counts so many rows in whose digests come to `sum`.
    pub fn add_many(&mut self, entity: &str, rows: u64, sum: Sum) {
        let (known, so_far) = self.0.entry(entity.to_owned()).or_default();
        (*known, *so_far) = (known.saturating_add(rows), so_far.plus(sum));
    }

    /// Whether these are the rows that `said` counts; a kind without rows may stand there or not.
    pub fn are(&self, said: &[FeedSum]) -> bool {
        let own = self.0.iter().filter(|(_, (rows, _))| *rows > 0);
        let own = own.map(|(entity, (rows, sum))| (entity.as_str(), *rows, *sum));
        let mut said: Vec<_> = said.iter().map(|of| (of.entity.as_str(), of.rows, of.sum)).collect();
        said.retain(|(_, rows, _)| *rows > 0);
        said.sort_unstable_by_key(|(entity, _, _)| *entity);
        own.eq(said)
    }
}

impl From<Sums> for Vec<FeedSum> {
    fn from(sums: Sums) -> Self {
        sums.0.into_iter().map(|(entity, (rows, sum))| FeedSum { entity, rows, sum }).collect()
    }
}

/// The form of the ready-made catalogue that this build makes and takes: as many steps as [`CATALOGUE_STEPS`] has.
pub const CATALOGUE_FORM: u16 = 3;
/// The tables of a catalogue, step by step: each brings a file of the form before it to the next.
pub const CATALOGUE_STEPS: [&str; CATALOGUE_FORM as usize] = [
    include_str!("../../../migrations/catalogue/1_catalogue.sql"),
    include_str!("../../../migrations/catalogue/2_price_books.sql"),
    include_str!("../../../migrations/catalogue/3_customers.sql"),
];
/// The most bytes of a ready-made catalogue in one answer.
pub const SNAPSHOT_PART_BYTES: u64 = 4 * 1024 * 1024;

/// What the server says when it is asked for a ready-made catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotOffer {
    /// The protocol version.
    pub protocol: u16,
    /// The catalogue; None when there is so little that pages are as quick, or none of the form that was asked for.
    pub snapshot: Option<SnapshotFile>,
    /// The server's time.
    pub server_time: Timestamp,
}

/// A ready-made catalogue: a SQLite file, compressed with zstd, that never changes under its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFile {
    /// What it is fetched by.
    pub id: String,
    /// Where the feed goes on after it.
    pub cursor: String,
    /// How many rows are in it.
    pub rows: u64,
    /// Its size as it travels.
    pub bytes: u64,
    /// Its size on the disk.
    pub plain_bytes: u64,
    /// SHA-256 of it as it travels.
    pub hash: Hash,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_digest_is_of_what_a_row_says_not_of_how_it_is_written() {
        let of = |text: &str| Sum::of_row("item", "i", 7, &serde_json::from_str(text).unwrap());
        assert_eq!(of(r#"{"a":1,"b":"é"}"#), of(r#"{ "b": "\u00e9", "a": 1 }"#));
        assert_ne!(of(r#"{"a":1}"#), of(r#"{"a":2}"#));
        let body = json!({});
        let row = |entity, id, seq| Sum::of_row(entity, id, seq, &body);
        assert_ne!(row("item", "i", 7), row("item", "i", 8));
        assert_ne!(row("item", "i", 7), row("it", "emi", 7));
        assert_ne!(row("item", "i", 7), row("picture", "i", 7));
    }

    #[test]
    fn a_sum_is_written_with_all_its_digits() {
        let text: String = Sum::from_bytes([0; 16]).plus(Sum::from_bytes([0xff; 16])).into();
        assert_eq!(text, "f".repeat(32));
        assert_eq!(Sum::try_from(text), Ok(Sum::from_bytes([0xff; 16])));
        for wrong in ["", "0", &"g".repeat(32), &"0".repeat(33), "+0000000000000000000000000000000"] {
            assert_eq!(Sum::try_from((*wrong).to_owned()), Err(SumError));
        }
    }

    #[test]
    fn kinds_without_rows_do_not_count_and_their_order_does_not_matter() {
        let mut own = Sums::default();
        own.add("item", Sum::from_bytes([1; 16]));
        own.add("notice", Sum::from_bytes([2; 16]));
        own.add_many("picture", 0, Sum::default());
        let said = |entity: &str, rows, byte| FeedSum {
            entity: entity.to_owned(),
            rows,
            sum: Sum::from_bytes([byte; 16]),
        };
        assert!(own.are(&[said("notice", 1, 2), said("staff", 0, 0), said("item", 1, 1)]));
        assert!(!own.are(&[said("item", 1, 1)]));
        assert!(!own.are(&[said("notice", 1, 2), said("item", 2, 1)]));
        assert!(!own.are(&[said("notice", 1, 3), said("item", 1, 1)]));
    }

    proptest! {
        #[test]
        fn rows_come_and_go_in_any_order(rows in prop::collection::vec(any::<[u8; 16]>(), 0..20), keep in 0_usize..20) {
            let sum = |of: &[[u8; 16]]| of.iter().fold(Sum::default(), |sum, row| sum.plus(Sum::from_bytes(*row)));
            let keep = keep.min(rows.len());
            let (kept, gone) = rows.split_at(keep);
            let mut left = sum(&rows);
            for row in gone.iter().rev() {
                left = left.minus(Sum::from_bytes(*row));
            }
            prop_assert_eq!(left, sum(kept));
        }
    }
}
