//! Forms: what is read, and what is refused.

use chrono::{FixedOffset, NaiveDate, NaiveTime};
use proptest::prelude::*;

use super::*;

const ALL: &[Format] = &[
    Format::CompactDay,
    Format::IsoDay,
    Format::UsDay,
    Format::UsShortDay,
    Format::NamedDay,
    Format::YearOnly,
    Format::MonthYear,
    Format::IsoMonth,
    Format::Stamp,
    Format::ColonStamp,
    Format::UsMinute12,
    Format::UsSecond12,
    Format::UsSecond12Offset,
    Format::IsoLocal,
    Format::IsoOffset,
];

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn at(h: u32, m: u32, s: u32, micros: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_micro_opt(h, m, s, micros)
}

/// The format that reads it, the text, and what it means.
fn reads(text: &str, format: Format, precision: Precision, date: NaiveDate, time: Option<NaiveTime>) {
    let civil = parse(text, &[format]).unwrap_or_else(|e| panic!("{text} as {}: {e}", format.name()));
    assert_eq!(
        (civil.precision(), civil.date(), civil.time()),
        (precision, date, time),
        "{text}"
    );
    // The month-first forms agree with each other on every text that several of them read.
    for other in ALL.iter().filter(|_| format != Format::DayFirst) {
        assert!(
            parse(text, &[*other]).is_ok_and(|c| c == civil) || parse(text, &[*other]).is_err(),
            "{text}"
        );
    }
}

#[test]
fn every_form_is_read() {
    use Precision::*;
    let d = day(2026, 1, 15);
    reads("20260115", Format::CompactDay, Day, d, None);
    reads("2026-01-15", Format::IsoDay, Day, d, None);
    reads("01/15/2026", Format::UsDay, Day, d, None);
    reads("1/15/2026", Format::UsShortDay, Day, d, None);
    reads("01/15/2026", Format::UsShortDay, Day, d, None);
    reads("15/01/2026", Format::DayFirst, Day, d, None);
    reads("Jan 15, 2026", Format::NamedDay, Day, d, None);
    reads("2026", Format::YearOnly, Year, day(2026, 1, 1), None);
    reads("3/2026", Format::MonthYear, Month, day(2026, 3, 1), None);
    reads("2026-03", Format::IsoMonth, Month, day(2026, 3, 1), None);
    reads("2026-01-15 10:00:07", Format::Stamp, Second, d, at(10, 0, 7, 0));
    reads("2026-01-15 00:00:00.000", Format::Stamp, Fraction(3), d, at(0, 0, 0, 0));
    reads(
        "2017-01-02 03:04:05.000678",
        Format::Stamp,
        Fraction(6),
        day(2017, 1, 2),
        at(3, 4, 5, 678),
    );
    reads(
        "20260115 10:00:00:000001",
        Format::ColonStamp,
        Fraction(6),
        d,
        at(10, 0, 0, 1),
    );
    reads("1/15/2026 9:30 AM", Format::UsMinute12, Minute, d, at(9, 30, 0, 0));
    reads("1/15/2026 9:30:00 PM", Format::UsSecond12, Second, d, at(21, 30, 0, 0));
    reads("1/15/2026 12:00:00 am", Format::UsSecond12, Second, d, at(0, 0, 0, 0));
    reads("1/15/2026 12:00:00 PM", Format::UsSecond12, Second, d, at(12, 0, 0, 0));
    reads(
        "1/15/2026 8:00:00 AM +00:00",
        Format::UsSecond12Offset,
        Second,
        d,
        at(8, 0, 0, 0),
    );
    reads("2026-01-15T08:00:00", Format::IsoLocal, Second, d, at(8, 0, 0, 0));
    reads(
        "2026-01-15T08:00:00.5-05:00",
        Format::IsoOffset,
        Fraction(1),
        d,
        at(8, 0, 0, 500_000),
    );
}

#[test]
fn offsets_of_their_own_are_kept() {
    let offset = |text, format| parse(text, &[format]).unwrap().offset();
    assert_eq!(
        offset("2026-01-15T08:00:00Z", Format::IsoOffset),
        FixedOffset::east_opt(0)
    );
    assert_eq!(
        offset("2026-01-15T08:00:00-05:30", Format::IsoOffset),
        FixedOffset::west_opt(5 * 3600 + 1800)
    );
    assert_eq!(
        offset("1/15/2026 8:00:00 AM +00:00", Format::UsSecond12Offset),
        FixedOffset::east_opt(0)
    );
    assert_eq!(offset("2026-01-15 08:00:00", Format::Stamp), None);
    assert_eq!(parse("2026-01-15T08:00:00+15:00", ALL), Err(DateError::OutOfRange));
}

#[test]
fn wrong_forms_are_refused() {
    for text in [
        "2026011",
        "202601155",
        "2026-1-15",
        "2026-01-15x",
        "2026-01-15 ",
        "1/15/2026",
        "01-15-2026",
        "15/01/26",
        "20260115 10:00:00.000000",
        "20260115 10:00:00:00000",
        "2026-01-15 10:00",
        "2026-01-15 10:00:00.",
        "2026-01-15 10:00:00.1234567890",
        "2026-01-15T10:00:00",
        "XX/XX/XXXX",
        "unknown",
        "２０２６0115",
        "-2026",
        "2026",
        "+2026011",
        "2026-01-15\u{0}",
    ] {
        let expected = if text == "2026-01-15 " {
            Ok(Civil::of_day(day(2026, 1, 15)))
        } else {
            Err(DateError::UnknownForm)
        };
        assert_eq!(parse(text, US_DAYS_AND_STAMPS), expected, "{text:?}");
    }
    for text in ["", " ", "\t \u{a0}"] {
        assert_eq!(parse(text, ALL), Err(DateError::Empty), "{text:?}");
    }
    assert_eq!(parse("20260115", &[]), Err(DateError::UnknownForm));
}

#[test]
fn impossible_values_are_out_of_range() {
    for text in [
        "20261301",
        "20260001",
        "20260100",
        "2026-02-31",
        "02/29/2025",
        "13/15/2026",
        "00000000",
        "0001-01-01",
        "17991231",
        "22010101",
        "99991231",
        "2026-01-15 24:00:00",
        "2026-01-15 10:60:00",
        "2026-01-15 23:59:60",
    ] {
        assert_eq!(parse(text, US_DAYS_AND_STAMPS), Err(DateError::OutOfRange), "{text}");
    }
    for text in [
        "1/15/2026 0:00:00 AM",
        "1/15/2026 13:00:00 PM",
        "1/1/0001 12:00:00 AM",
        "13/2026",
    ] {
        assert_eq!(parse(text, ALL), Err(DateError::OutOfRange), "{text}");
    }
    assert_eq!(parse("18000101", US_DAYS).unwrap().date(), day(1800, 1, 1));
    assert_eq!(parse("22001231", US_DAYS).unwrap().date(), day(2200, 12, 31));
    assert_eq!(parse("02/29/2024", US_DAYS).unwrap().date(), day(2024, 2, 29));
}

#[test]
fn month_first_is_never_read_as_day_first() {
    assert_eq!(parse("25/12/2025", US_DAYS), Err(DateError::OutOfRange));
    assert_eq!(parse("03/04/2025", US_DAYS).unwrap().date(), day(2025, 3, 4));
    assert_eq!(
        parse("03/04/2025", &[Format::DayFirst]).unwrap().date(),
        day(2025, 4, 3)
    );
    for list in [US_DAYS, STAMPS, US_DAYS_AND_STAMPS] {
        assert!(!list.contains(&Format::DayFirst));
    }
}

#[test]
fn times_of_day() {
    let time = |text, format| parse_time(text, &[format]).map(|clock| clock.time);
    assert_eq!(time("09:30:00", TimeFormat::Second).ok(), at(9, 30, 0, 0));
    assert_eq!(time("09:30:00.25", TimeFormat::Second).ok(), at(9, 30, 0, 250_000));
    assert_eq!(time("09:30", TimeFormat::Minute).ok(), at(9, 30, 0, 0));
    assert_eq!(time("9:30 PM", TimeFormat::Minute12).ok(), at(21, 30, 0, 0));
    assert_eq!(time("9:30:01 am", TimeFormat::Second12).ok(), at(9, 30, 1, 0));
    assert_eq!(time("1900-01-01 09:30:00", TimeFormat::DummyDay).ok(), at(9, 30, 0, 0));
    assert_eq!(
        time("2026-01-01 09:30:00", TimeFormat::DummyDay),
        Err(DateError::UnknownForm)
    );
    assert_eq!(time("25:00:00", TimeFormat::Second), Err(DateError::OutOfRange));
    assert_eq!(time("9:30:00", TimeFormat::Second), Err(DateError::UnknownForm));
}

#[test]
fn a_date_column_and_a_time_column_make_one_value() {
    let both = |date, time| date_with_time(date, US_DAYS_AND_STAMPS, time, CLOCKS);
    let full = both("20260115", "09:30:00").unwrap();
    assert_eq!(
        (full.civil.time(), full.civil.precision()),
        (at(9, 30, 0, 0), Precision::Second)
    );
    assert_eq!(full.time_error, None);

    let bare = both("20260115", "").unwrap();
    assert_eq!((bare.civil, bare.time_error), (Civil::of_day(day(2026, 1, 15)), None));

    let bad = both("20260115", "25:61:00").unwrap();
    assert_eq!(
        (bad.civil, bad.time_error),
        (Civil::of_day(day(2026, 1, 15)), Some(DateError::OutOfRange))
    );

    // a date-time column that only ever holds midnight takes the time; a real time of its own stays
    assert_eq!(
        both("2026-01-15 00:00:00", "09:30").unwrap().civil.time(),
        at(9, 30, 0, 0)
    );
    assert_eq!(
        both("2026-01-15 08:00:00", "09:30").unwrap().civil.time(),
        at(8, 0, 0, 0)
    );
    assert_eq!(both("2026-13-15", "09:30"), Err(DateError::OutOfRange));
    assert_eq!(both("", "09:30"), Err(DateError::Empty));

    let year = date_with_time("2026", &[Format::YearOnly], "09:30", CLOCKS).unwrap();
    assert_eq!((year.civil.precision(), year.civil.time()), (Precision::Year, None));
    let zoned = date_with_time("2026-01-15T00:00:00Z", &[Format::IsoOffset], "09:30", CLOCKS).unwrap();
    assert_eq!(zoned.civil.time(), at(0, 0, 0, 0));
}

#[test]
fn midnight_may_mean_a_day() {
    let civil = |text| parse(text, &[Format::UsSecond12, Format::YearOnly]).unwrap();
    assert_eq!(
        civil("2/15/1980 12:00:00 AM").midnight_as_day(),
        Civil::of_day(day(1980, 2, 15))
    );
    assert_eq!(
        civil("2/15/1980 9:00:00 AM").midnight_as_day().precision(),
        Precision::Second
    );
    assert_eq!(
        civil("2/15/1980 9:00:00 AM").date_only(),
        Civil::of_day(day(1980, 2, 15))
    );
    assert_eq!(civil("1980").date_only().precision(), Precision::Year);
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,40}", zone in 0..chrono_tz::TZ_VARIANTS.len()) {
        if let Ok(civil) = parse(&text, ALL) {
            let _ = resolve(civil, chrono_tz::TZ_VARIANTS[zone]).value.to_string();
        }
        let _ = parse_time(&text, CLOCKS);
    }

    #[test]
    fn near_misses_never_panic(text in "[0-9]{1,4}[-/ ]?[0-9]{1,2}[-/ ]?[0-9]{0,4}[ T]?([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?([:.][0-9]{0,10})?)?( ?[AP]M)?(Z|[+-][0-9:]{0,5})?") {
        if let Ok(civil) = parse(&text, ALL) {
            let moment = resolve(civil, chrono_tz::America::New_York);
            prop_assert!(moment.lo < moment.hi);
        }
    }

    #[test]
    fn the_same_instant_in_both_stamp_forms(seconds in 0_i64..4_000_000_000, micros in 0_u32..1_000_000) {
        let at = chrono::DateTime::from_timestamp(seconds, micros * 1000).unwrap().naive_utc();
        let stamp = at.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
        let colon = at.format("%Y%m%d %H:%M:%S:%6f").to_string();
        let civil = parse(&stamp, STAMPS).unwrap();
        prop_assert_eq!(civil, parse(&colon, STAMPS).unwrap());
        prop_assert_eq!(civil.date().and_time(civil.time().unwrap()), at);
    }
}
