//! When an edit was made: a hybrid logical clock, by which the last writer of a field is told.
//!
//! After Kulkarni et al., *Logical Physical Clocks* (2014): a stamp is as near to the time on the wall as the clocks
//! allow, and always later than every stamp that its maker had seen. So an edit that answers another one goes after it
//! even when the second clock is slow, and edits that know nothing of each other go by the time at which they were made.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::ids::TerminalId;

/// How far ahead of its receiver's clock a stamp is believed, in milliseconds. Clocks set by hand are within it.
pub const MAX_AHEAD_MS: u64 = 5 * 60 * 1000;

/// The last millisecond of the text form: twelve hexadecimal digits, the year 10889.
const MAX_MILLIS: u64 = (1 << 48) - 1;
/// No clock is read as later than this, so that counting on from it always has room.
const MAX_READ_MILLIS: u64 = 1 << 47;

/// Who makes stamps. Equal times are told apart by it: by the terminal's id, and the server goes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A terminal.
    Terminal(TerminalId),
    /// The server, for headquarters; all servers of one database are one.
    Server,
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terminal(id) => fmt::Display::fmt(id, f),
            // Behind every hexadecimal digit, as it stands in the order.
            Self::Server => f.write_str("server"),
        }
    }
}

/// When an edit was made and by whom. As text, and in JSON, `0195934a1c40-00000002-<node>`: milliseconds since 1970 UTC
/// and counter in hexadecimal, which sorts as stamps do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stamp {
    millis: u64,
    counter: u32,
    node: Node,
}

/// The text is no stamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a stamp of an edit")]
pub struct StampError(String);

fn read(clock: Timestamp) -> u64 {
    u64::try_from(clock.as_millis()).unwrap_or(0).min(MAX_READ_MILLIS)
}

impl Stamp {
    /// Before every edit.
    pub const fn zero(node: Node) -> Self {
        Self { millis: 0, counter: 0, node }
    }

    /// The stamp of an edit of which only the time is known: it was written before edits had stamps.
    pub fn at(time: Timestamp, node: Node) -> Self {
        Self { millis: read(time), counter: 0, node }
    }

    /// Who made it.
    pub const fn node(self) -> Node {
        self.node
    }

    /// The same moment as another node's.
    #[must_use]
    pub const fn by(self, node: Node) -> Self {
        Self { millis: self.millis, counter: self.counter, node }
    }

    /// The next stamp of this node: later than this one, and not earlier than its clock says.
    #[must_use]
    pub fn tick(self, now: Timestamp) -> Self {
        let now = read(now);
        if now > self.millis {
            return Self { millis: now, counter: 0, node: self.node };
        }
        match self.counter.checked_add(1) {
            Some(counter) => Self { counter, ..self },
            // A counter that is full is carried over: nothing overflows, however long a clock stands still.
            None => Self { millis: (self.millis + 1).min(MAX_MILLIS), counter: 0, node: self.node },
        }
    }

    /// This node's last stamp after it has seen `other`: its next tick is later than both. `other` is believed as far as
    /// [`Self::taken_in`] says.
    #[must_use]
    pub fn observe(self, other: Self, now: Timestamp) -> Self {
        let other = other.taken_in(now, u64::from(other.counter)).by(self.node);
        self.max(other)
    }

    /// Whether it is from further ahead than can be believed by a clock that shows `now`.
    pub fn is_ahead_of(self, now: Timestamp) -> bool {
        self.millis >= read(now).saturating_add(MAX_AHEAD_MS)
    }

    /// What a receiver, whose clock showed `arrived`, makes of a stamp: itself, unless it is from [`MAX_AHEAD_MS`] or
    /// more ahead; then it is taken for one of just that far ahead.
    ///
    /// A till whose clock is a year ahead would else win against everybody for a year. Cut down, it loses to whoever edits
    /// after it has come in, as soon as they have seen it or five minutes have passed. `place` is its place among those
    /// of its node, such as an event's number: several that are cut down to the same moment stay in order. The same
    /// arrival gives the same answer, so that taking an edit in twice is as once.
    #[must_use]
    pub fn taken_in(self, arrived: Timestamp, place: u64) -> Self {
        if !self.is_ahead_of(arrived) {
            return self;
        }
        let millis = read(arrived).saturating_add(MAX_AHEAD_MS).min(MAX_MILLIS);
        Self { millis, counter: u32::try_from(place).unwrap_or(u32::MAX), node: self.node }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}-{:08x}-{}", self.millis, self.counter, self.node)
    }
}

impl FromStr for Stamp {
    type Err = StampError;
    fn from_str(text: &str) -> Result<Self, StampError> {
        let parse = || {
            let (millis, rest) = text.split_once('-')?;
            let (counter, node) = rest.split_once('-')?;
            let node = match node {
                "server" => Node::Server,
                id => Node::Terminal(id.parse().ok()?),
            };
            let millis = u64::from_str_radix(millis, 16).ok()?;
            Some(Self { millis, counter: u32::from_str_radix(counter, 16).ok()?, node })
        };
        // Written in any other way it would not sort as it compares.
        let stamp = parse().filter(|stamp| stamp.millis <= MAX_MILLIS && stamp.to_string() == text);
        stamp.ok_or_else(|| StampError(text.chars().take(80).collect()))
    }
}

impl TryFrom<String> for Stamp {
    type Error = StampError;
    fn try_from(text: String) -> Result<Self, StampError> {
        text.parse()
    }
}

impl From<Stamp> for String {
    fn from(stamp: Stamp) -> Self {
        stamp.to_string()
    }
}

/// What became of an edit of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the newest: the field takes its value.
    Newest,
    /// It was taken before: nothing changes.
    Known,
    /// Somebody wrote the field later: nothing changes.
    Outdated,
}

/// The last edit of each field of a row. A field without a stamp is as the row was made: who edits a row has seen it, so
/// every edit goes after that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldStamps(BTreeMap<String, Stamp>);

impl FieldStamps {
    /// The last edit of a field.
    pub fn of(&self, field: &str) -> Option<Stamp> {
        self.0.get(field).copied()
    }

    /// Judges an edit of a field and remembers it when it is the newest. In whatever order and however often edits are
    /// taken, the newest of each field stands in the end.
    pub fn take(&mut self, field: &str, stamp: Stamp) -> Standing {
        match self.of(field) {
            Some(last) if last > stamp => Standing::Outdated,
            Some(last) if last == stamp => Standing::Known,
            _ => {
                self.0.insert(field.to_owned(), stamp);
                Standing::Newest
            }
        }
    }
}

impl FromIterator<(String, Stamp)> for FieldStamps {
    fn from_iter<I: IntoIterator<Item = (String, Stamp)>>(stamps: I) -> Self {
        Self(stamps.into_iter().collect())
    }
}
