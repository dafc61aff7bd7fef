//! Time as a parameter: the clock trait, instants in UTC and business dates by an outlet's zone and day cut-off.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01 UTC. In JSON an integer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(transparent)]
#[ts(as = "f64")]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }
    /// Milliseconds since 1970-01-01 UTC.
    pub const fn as_millis(self) -> i64 {
        self.0
    }
    /// This instant and `millis` later (or earlier), never beyond the range.
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
    /// How much later this is than `earlier`, in milliseconds; never negative, even when a clock was set back.
    pub const fn since(self, earlier: Self) -> i64 {
        let millis = self.0.saturating_sub(earlier.0);
        if millis < 0 { 0 } else { millis }
    }
    /// The clock on the wall in `zone`; UTC when the zone is unknown.
    pub fn local(self, zone: &str) -> LocalTime {
        let local = zoned(self, zone);
        let number = |small: i8| u16::try_from(small).unwrap_or(0);
        LocalTime {
            weekday: u8::try_from(local.weekday().to_monday_one_offset()).unwrap_or(1),
            minute: number(local.hour()) * 60 + number(local.minute()),
            month_day: number(local.month()) * 100 + number(local.day()),
        }
    }
    /// The instant in UTC to the second, as RFC 3339 has it: `2026-11-20T03:00:00Z`.
    pub fn to_rfc3339(self) -> String {
        zoned(self, "UTC").strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
    /// The local time in `zone` as `YYYY-MM-DD HH:MM`; UTC when the zone is unknown.
    pub fn to_local_text(self, zone: &str) -> String {
        zoned(self, zone).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// What the clock and the calendar on the wall show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// 1 is Monday, 7 is Sunday (ISO 8601).
    pub weekday: u8,
    /// Minutes after midnight.
    pub minute: u16,
    /// `month × 100 + day`: 1224 is Christmas Eve.
    pub month_day: u16,
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// A day of business, by the outlet's zone and day cut-off. In JSON `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "String", into = "String")]
#[ts(as = "String")]
pub struct BusinessDate(jiff::civil::Date);

/// The text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date of the form YYYY-MM-DD")]
pub struct DateError(String);

impl BusinessDate {
    /// The business date of `at` in `zone` when a day ends `cutoff_minutes` after midnight, by the clock on the wall:
    /// also on the days when that clock is changed.
    pub fn of(at: Timestamp, zone: &str, cutoff_minutes: u16) -> Self {
        let cutoff = jiff::Span::new().minutes(i64::from(cutoff_minutes));
        Self(zoned(at, zone).datetime().saturating_sub(cutoff).date())
    }
    /// The day after.
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }
}

impl FromStr for BusinessDate {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, DateError> {
        let fail = || DateError(text.chars().take(40).collect());
        let date: jiff::civil::Date = text.parse().map_err(|_| fail())?;
        if date.to_string() == text { Ok(Self(date)) } else { Err(fail()) }
    }
}

impl TryFrom<String> for BusinessDate {
    type Error = DateError;
    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl From<BusinessDate> for String {
    fn from(date: BusinessDate) -> Self {
        date.to_string()
    }
}

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The instant in a zone by name; UTC when the name is unknown, so that a bad setting never stops a sale.
fn zoned(at: Timestamp, zone: &str) -> jiff::Zoned {
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    instant.to_zoned(zone)
}

/// Whether `zone` is a known time zone name.
pub fn is_known_zone(zone: &str) -> bool {
    jiff::tz::TimeZone::get(zone).is_ok()
}
