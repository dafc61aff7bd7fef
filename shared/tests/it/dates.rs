//! Business dates by zone and cut-off, and times that never run backwards.

use shared::clock::{BusinessDate, Timestamp, is_known_zone};

fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

#[test]
fn a_business_day_follows_the_clock_on_the_wall() {
    let cases = [
        // Jakarta is seven hours ahead and never changes its clock.
        ("2026-01-01T16:59:59.999Z", "Asia/Jakarta", 0, "2026-01-01"),
        ("2026-01-01T17:00:00Z", "Asia/Jakarta", 0, "2026-01-02"),
        ("2026-01-01T20:59:59Z", "Asia/Jakarta", 240, "2026-01-01"),
        ("2026-01-01T21:00:00Z", "Asia/Jakarta", 240, "2026-01-02"),
        // Stockholm, the clock goes from 02:00 to 03:00: a day that ends at four ends one hour sooner.
        ("2026-03-29T01:59:00Z", "Europe/Stockholm", 240, "2026-03-28"),
        ("2026-03-29T02:00:00Z", "Europe/Stockholm", 240, "2026-03-29"),
        // And from 03:00 back to 02:00: it ends one hour later, the hour that comes twice is of the old day both times.
        ("2026-10-25T00:30:00Z", "Europe/Stockholm", 240, "2026-10-24"),
        ("2026-10-25T01:30:00Z", "Europe/Stockholm", 240, "2026-10-24"),
        ("2026-10-25T02:59:00Z", "Europe/Stockholm", 240, "2026-10-24"),
        ("2026-10-25T03:00:00Z", "Europe/Stockholm", 240, "2026-10-25"),
        // A day that ends at two ends when the clock jumps over two.
        ("2026-03-29T00:59:59Z", "Europe/Stockholm", 120, "2026-03-28"),
        ("2026-03-29T01:00:00Z", "Europe/Stockholm", 120, "2026-03-29"),
        // West of Greenwich, over the year's end, and on a leap day.
        ("2027-01-01T04:59:59Z", "America/New_York", 0, "2026-12-31"),
        ("2028-02-29T12:00:00Z", "Asia/Ho_Chi_Minh", 0, "2028-02-29"),
        // A zone that is not known is UTC: a bad setting never stops a sale.
        ("2026-01-01T23:59:59Z", "Mars/Olympus", 0, "2026-01-01"),
    ];
    for (instant, zone, cutoff, expected) in cases {
        let date = BusinessDate::of(at(instant), zone, cutoff);
        assert_eq!(date.to_string(), expected, "{instant} in {zone}, cut off at {cutoff}");
    }
}

#[test]
fn instants_beyond_any_calendar_have_a_date_all_the_same() {
    for millis in [i64::MIN, i64::MAX] {
        let date = BusinessDate::of(Timestamp::from_millis(millis), "Asia/Jakarta", 720);
        assert_eq!(date.to_string().parse::<BusinessDate>(), Ok(date));
    }
    let last: BusinessDate = "9999-12-31".parse().unwrap();
    assert_eq!(last.next(), last);
}

#[test]
fn the_day_after_is_the_next_of_the_calendar() {
    let next = |text: &str| text.parse::<BusinessDate>().unwrap().next().to_string();
    assert_eq!(next("2026-12-31"), "2027-01-01");
    assert_eq!(next("2028-02-28"), "2028-02-29");
    assert_eq!(next("2027-02-28"), "2027-03-01");
}

#[test]
fn only_full_dates_are_dates() {
    for text in ["", "2026-1-1", "2026-02-30", "20260101", "2026-01-01T00:00", " 2026-01-01", "01.01.2026"] {
        assert!(text.parse::<BusinessDate>().is_err(), "{text}");
        assert!(serde_json::from_str::<BusinessDate>(&format!("\"{text}\"")).is_err(), "{text}");
    }
    let json = "\"2026-01-01\"";
    assert_eq!(serde_json::to_string(&serde_json::from_str::<BusinessDate>(json).unwrap()).unwrap(), json);
}

#[test]
fn a_clock_set_back_gives_no_negative_time() {
    let (early, late) = (Timestamp::from_millis(1_000), Timestamp::from_millis(3_500));
    assert_eq!((late.since(early), early.since(late)), (2_500, 0));
    assert_eq!(Timestamp::from_millis(i64::MAX).since(Timestamp::from_millis(i64::MIN)), i64::MAX);
    assert_eq!(Timestamp::from_millis(i64::MAX).plus_millis(1).as_millis(), i64::MAX);
}

#[test]
fn local_times_are_those_of_the_zone() {
    let moment = at("2026-07-01T20:05:59Z");
    assert_eq!(moment.to_local_text("Asia/Jakarta"), "2026-07-02 03:05");
    assert_eq!(moment.to_local_text("Europe/Stockholm"), "2026-07-01 22:05");
    assert_eq!(moment.to_local_text("nowhere"), "2026-07-01 20:05");
    assert!(is_known_zone("Asia/Makassar") && !is_known_zone("nowhere"));
}
