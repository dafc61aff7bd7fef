//! When something holds: from and until, weekdays, hours of the day, seasons.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::{LocalTime, Timestamp};

/// Hours, weekdays and seasons by the outlet's clock; what is not stated always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Schedule {
    /// From this moment.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Up to, not at, this moment.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// On these weekdays: 1 is Monday, 7 is Sunday. None named is every day.
    #[serde(default)]
    pub weekdays: Vec<u8>,
    /// Between these minutes after midnight, the second not in it; 22:00–02:00 goes over midnight and belongs to the
    /// weekday on which it begins.
    #[serde(default)]
    pub minutes: Option<(u16, u16)>,
    /// Between these days of the year as `month × 100 + day`, both in it; 1201–0115 goes over New Year.
    #[serde(default)]
    pub season: Option<(u16, u16)>,
}

/// Why a schedule can never be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It ends before it begins, or as it begins.
    #[error("it ends before it starts")]
    EndsBeforeStart,
    /// A weekday, minute or day that no calendar has.
    #[error("it names a weekday, an hour or a day that there is not")]
    NoSuchTime,
}

impl Schedule {
    /// Whether it can be kept at all.
    ///
    /// # Errors
    /// See [`ScheduleError`].
    pub fn check(&self) -> Result<(), ScheduleError> {
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            return Err(ScheduleError::EndsBeforeStart);
        }
        let weekdays = self.weekdays.iter().all(|day| (1..=7).contains(day));
        let minutes =
            self.minutes.is_none_or(|(from, until)| from < 1_440 && until <= 1_440 && from != until);
        let day = |day: u16| (1..=12).contains(&(day / 100)) && (1..=31).contains(&(day % 100));
        let season = self.season.is_none_or(|(from, until)| day(from) && day(until));
        if weekdays && minutes && season { Ok(()) } else { Err(ScheduleError::NoSuchTime) }
    }

    /// Whether nothing is stated.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it holds at a moment, which is `local` on the wall.
    pub fn holds(&self, at: Timestamp, local: LocalTime) -> bool {
        if self.from.is_some_and(|from| at < from) || self.until.is_some_and(|until| at >= until) {
            return false;
        }
        let mut weekday = local.weekday;
        if let Some((from, until)) = self.minutes {
            let after_midnight = until < from && local.minute < until;
            let inside =
                if until < from { local.minute >= from } else { (from..until).contains(&local.minute) };
            if !inside && !after_midnight {
                return false;
            }
            if after_midnight {
                weekday = if weekday == 1 { 7 } else { weekday - 1 };
            }
        }
        if !self.weekdays.is_empty() && !self.weekdays.contains(&weekday) {
            return false;
        }
        self.season.is_none_or(|(from, until)| {
            let day = local.month_day;
            if from <= until { (from..=until).contains(&day) } else { day >= from || day <= until }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    /// `weekday minute month_day` at a schedule of `weekdays`, `minutes` and `season`.
    fn holds(schedule: &Schedule, weekday: u8, minute: u16, month_day: u16) -> bool {
        schedule.holds(Timestamp::from_millis(500), LocalTime { weekday, minute, month_day })
    }

    #[test]
    fn a_happy_hour_begins_at_its_minute_and_ends_before_its_last() {
        let happy = Schedule { weekdays: vec![1, 5], minutes: Some((960, 1_080)), ..Schedule::default() };
        assert!(holds(&happy, 1, 960, 101) && holds(&happy, 5, 1_079, 101));
        assert!(!holds(&happy, 1, 959, 101) && !holds(&happy, 1, 1_080, 101) && !holds(&happy, 2, 960, 101));
    }

    #[test]
    fn a_night_belongs_to_the_weekday_it_begins_on() {
        let friday_night = Schedule { weekdays: vec![5], minutes: Some((1_320, 120)), ..Schedule::default() };
        assert!(holds(&friday_night, 5, 1_320, 101) && holds(&friday_night, 6, 119, 101));
        assert!(!holds(&friday_night, 5, 60, 101), "that is Thursday's night");
        assert!(!holds(&friday_night, 6, 120, 101) && !holds(&friday_night, 6, 1_320, 101));
        let sunday_night = Schedule { weekdays: vec![7], minutes: Some((1_320, 120)), ..Schedule::default() };
        assert!(holds(&sunday_night, 1, 0, 101));
    }

    #[test]
    fn a_season_may_go_over_new_year() {
        let winter = Schedule { season: Some((1_201, 115)), ..Schedule::default() };
        assert!([1_201, 1_231, 101, 115].iter().all(|day| holds(&winter, 3, 0, *day)));
        assert!([1_130, 116, 601].iter().all(|day| !holds(&winter, 3, 0, *day)));
        let summer = Schedule { season: Some((601, 831)), ..Schedule::default() };
        assert!(holds(&summer, 3, 0, 601) && holds(&summer, 3, 0, 831) && !holds(&summer, 3, 0, 901));
    }

    #[test]
    fn a_term_begins_at_its_first_moment_and_ends_before_its_last() {
        let term = |from: i64, until: i64| Schedule {
            from: Some(Timestamp::from_millis(from)),
            until: Some(Timestamp::from_millis(until)),
            ..Schedule::default()
        };
        assert!(holds(&term(500, 501), 1, 0, 101));
        assert!(!holds(&term(501, 502), 1, 0, 101) && !holds(&term(499, 500), 1, 0, 101));
        assert_eq!(term(5, 5).check(), Err(ScheduleError::EndsBeforeStart));
        assert_eq!(term(5, 6).check(), Ok(()));
    }

    #[test]
    fn times_that_there_are_not_are_refused() {
        let odd = [
            Schedule { weekdays: vec![0], ..Schedule::default() },
            Schedule { weekdays: vec![8], ..Schedule::default() },
            Schedule { minutes: Some((1_440, 10)), ..Schedule::default() },
            Schedule { minutes: Some((0, 1_441)), ..Schedule::default() },
            Schedule { minutes: Some((60, 60)), ..Schedule::default() },
            Schedule { season: Some((1_301, 101)), ..Schedule::default() },
            Schedule { season: Some((101, 132)), ..Schedule::default() },
            Schedule { season: Some((1, 101)), ..Schedule::default() },
            Schedule { season: Some((100, 101)), ..Schedule::default() },
        ];
        for schedule in odd {
            assert_eq!(schedule.check(), Err(ScheduleError::NoSuchTime), "{schedule:?}");
        }
        assert!(Schedule::default().is_always());
        assert_eq!(Schedule { minutes: Some((0, 1_440)), ..Schedule::default() }.check(), Ok(()));
    }
}
