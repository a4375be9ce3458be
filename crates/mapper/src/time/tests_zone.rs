//! Zones: lengths of days, skipped and repeated times, limits.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use chrono_tz::{America, Europe, Pacific, TZ_VARIANTS, Tz};
use proptest::prelude::*;

use super::*;

fn utc(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap()
}

fn moment(text: &str, zone: Tz) -> Moment {
    let forms = [
        US_DAYS_AND_STAMPS,
        &[
            Format::YearOnly,
            Format::IsoMonth,
            Format::IsoOffset,
            Format::UsMinute12,
        ],
    ];
    resolve(parse(text, &forms.concat()).unwrap(), zone)
}

fn is(text: &str, zone: Tz, lo: &str, hi: &str, value: &str, flag: Option<DstFlag>) {
    let moment = moment(text, zone);
    assert_eq!((moment.lo, moment.hi), (utc(lo), utc(hi)), "{text} in {zone}");
    assert_eq!(
        (moment.value.to_string().as_str(), moment.flag),
        (value, flag),
        "{text} in {zone}"
    );
}

#[test]
fn precision_is_kept() {
    let ny = America::New_York;
    is("2024", ny, "2024-01-01 05:00:00", "2025-01-01 05:00:00", "2024", None);
    is(
        "2024-02",
        ny,
        "2024-02-01 05:00:00",
        "2024-03-01 05:00:00",
        "2024-02",
        None,
    );
    is(
        "2024-07-04",
        ny,
        "2024-07-04 04:00:00",
        "2024-07-05 04:00:00",
        "2024-07-04",
        None,
    );
    is(
        "7/4/2024 9:30 AM",
        ny,
        "2024-07-04 13:30:00",
        "2024-07-04 13:31:00",
        "2024-07-04T09:30:00-04:00",
        None,
    );
    is(
        "2024-07-04 09:30:15",
        ny,
        "2024-07-04 13:30:15",
        "2024-07-04 13:30:16",
        "2024-07-04T09:30:15-04:00",
        None,
    );
    is(
        "2024-07-04 09:30:15.000678",
        ny,
        "2024-07-04 13:30:15.000678",
        "2024-07-04 13:30:15.000679",
        "2024-07-04T09:30:15.000678-04:00",
        None,
    );
    is(
        "2024-07-04 09:30:15.5",
        ny,
        "2024-07-04 13:30:15.5",
        "2024-07-04 13:30:15.6",
        "2024-07-04T09:30:15.500-04:00",
        None,
    );
    // finer than the databases keep: the interval is cut to microseconds, the value is not
    is(
        "2024-07-04 09:30:15.1234567",
        ny,
        "2024-07-04 13:30:15.123456",
        "2024-07-04 13:30:15.123457",
        "2024-07-04T09:30:15.123456700-04:00",
        None,
    );
}

#[test]
fn an_offset_of_its_own_wins_over_the_zone() {
    is(
        "2024-07-04T09:30:00Z",
        America::New_York,
        "2024-07-04 09:30:00",
        "2024-07-04 09:30:01",
        "2024-07-04T09:30:00+00:00",
        None,
    );
    is(
        "2024-03-10T02:30:00+05:30",
        America::New_York,
        "2024-03-09 21:00:00",
        "2024-03-09 21:00:01",
        "2024-03-10T02:30:00+05:30",
        None,
    );
}

#[test]
fn days_of_23_and_25_hours() {
    let ny = America::New_York;
    is(
        "2024-03-10",
        ny,
        "2024-03-10 05:00:00",
        "2024-03-11 04:00:00",
        "2024-03-10",
        None,
    );
    is(
        "2024-11-03",
        ny,
        "2024-11-03 04:00:00",
        "2024-11-04 05:00:00",
        "2024-11-03",
        None,
    );
    is(
        "20240331",
        Europe::Berlin,
        "2024-03-30 23:00:00",
        "2024-03-31 22:00:00",
        "2024-03-31",
        None,
    );
}

#[test]
fn a_time_in_a_gap_moves_forward_by_the_gap() {
    let gap = Some(DstFlag::Gap);
    let ny = America::New_York;
    is(
        "2024-03-10 02:30:00",
        ny,
        "2024-03-10 07:30:00",
        "2024-03-10 07:30:01",
        "2024-03-10T03:30:00-04:00",
        gap,
    );
    is(
        "2024-03-10 02:00:00",
        ny,
        "2024-03-10 07:00:00",
        "2024-03-10 07:00:01",
        "2024-03-10T03:00:00-04:00",
        gap,
    );
    is(
        "2024-03-10 01:59:59",
        ny,
        "2024-03-10 06:59:59",
        "2024-03-10 07:00:00",
        "2024-03-10T01:59:59-05:00",
        None,
    );
    is(
        "2024-03-10 03:00:00",
        ny,
        "2024-03-10 07:00:00",
        "2024-03-10 07:00:01",
        "2024-03-10T03:00:00-04:00",
        None,
    );
}

#[test]
fn a_time_that_comes_twice_is_the_first() {
    let overlap = Some(DstFlag::Overlap);
    let ny = America::New_York;
    is(
        "2024-11-03 01:30:00",
        ny,
        "2024-11-03 05:30:00",
        "2024-11-03 05:30:01",
        "2024-11-03T01:30:00-04:00",
        overlap,
    );
    is(
        "2024-11-03 02:00:00",
        ny,
        "2024-11-03 07:00:00",
        "2024-11-03 07:00:01",
        "2024-11-03T02:00:00-05:00",
        None,
    );
}

#[test]
fn a_day_whose_midnight_is_skipped_begins_when_the_clock_resumes() {
    // Sao Paulo went from 24:00 to 01:00
    is(
        "2018-11-04",
        America::Sao_Paulo,
        "2018-11-04 03:00:00",
        "2018-11-05 02:00:00",
        "2018-11-04",
        None,
    );
    is(
        "2018-11-03",
        America::Sao_Paulo,
        "2018-11-03 03:00:00",
        "2018-11-04 03:00:00",
        "2018-11-03",
        None,
    );
    // Toronto 1919 went from 23:30 to 00:30: midnight is inside the gap
    is(
        "1919-03-31",
        America::Toronto,
        "1919-03-31 04:30:00",
        "1919-04-01 04:00:00",
        "1919-03-31",
        None,
    );
}

#[test]
fn a_day_whose_midnight_comes_twice_begins_with_the_first() {
    is(
        "2024-11-03",
        America::Havana,
        "2024-11-03 04:00:00",
        "2024-11-04 05:00:00",
        "2024-11-03",
        None,
    );
}

#[test]
fn a_day_that_a_zone_skipped_is_moved_forward() {
    let gap = Some(DstFlag::Gap);
    is(
        "2011-12-30",
        Pacific::Apia,
        "2011-12-30 10:00:00",
        "2011-12-31 10:00:00",
        "2011-12-30",
        gap,
    );
    is(
        "2011-12-29",
        Pacific::Apia,
        "2011-12-29 10:00:00",
        "2011-12-30 10:00:00",
        "2011-12-29",
        None,
    );
    is(
        "2011-12-30 12:00:00",
        Pacific::Apia,
        "2011-12-30 22:00:00",
        "2011-12-30 22:00:01",
        "2011-12-31T12:00:00+14:00",
        gap,
    );
}

#[test]
fn bounds_of_a_searched_date_are_those_of_a_stored_one() {
    let day = |text, zone| (to_utc(utc(&format!("{text} 00:00:00")), zone), moment(text, zone).lo);
    for (text, zone) in [
        ("2018-11-04", America::Sao_Paulo),
        ("1919-03-31", America::Toronto),
        ("2024-11-03", America::Havana),
        ("2024-03-10", America::New_York),
    ] {
        let (searched, stored) = day(text, zone);
        assert_eq!(searched, stored, "{text} in {zone}");
    }
    assert_eq!(
        to_utc(utc("2024-03-10 02:30:00"), America::New_York),
        utc("2024-03-10 07:30:00")
    );
}

#[test]
fn offsets_with_seconds_are_written_in_minutes_and_the_instant_stays() {
    // New York, local mean time: -04:56:02
    is(
        "1850-01-01 00:00:00",
        America::New_York,
        "1850-01-01 04:56:02",
        "1850-01-01 04:56:03",
        "1850-01-01T00:00:02-04:56",
        None,
    );
}

#[test]
fn open_end_is_what_it_says() {
    assert_eq!(OPEN_END, utc("9999-12-31 23:59:59"));
}

#[test]
fn the_limits_of_the_calendar_do_not_panic() {
    for zone in [America::New_York, Pacific::Apia, Pacific::Kiritimati, Tz::UTC] {
        for day in [
            NaiveDate::MIN,
            NaiveDate::MIN.succ_opt().unwrap(),
            NaiveDate::MAX.pred_opt().unwrap(),
            NaiveDate::MAX,
        ] {
            let _ = resolve(Civil::of_day(day), zone).value.to_string();
        }
    }
}

proptest! {
    /// The days of every zone join without a hole or an overlap, skipped days aside.
    #[test]
    fn days_join(ordinal in 0_u64..146_000, zone in 0..TZ_VARIANTS.len()) {
        let day = NaiveDate::from_ymd_opt(1800, 1, 1).unwrap() + chrono::Days::new(ordinal);
        let (one, next) = (resolve(Civil::of_day(day), TZ_VARIANTS[zone]), resolve(Civil::of_day(day.succ_opt().unwrap()), TZ_VARIANTS[zone]));
        prop_assert!(one.lo < one.hi);
        if one.flag.is_none() {
            prop_assert_eq!(one.hi, next.lo);
        }
        prop_assert_eq!(one.value, Value::Day(day));
    }

    /// A wall-clock time that exists once lies in its own day, and the written value is the time that came in.
    #[test]
    fn times_lie_in_their_day(seconds in 0_i64..4_000_000_000, zone in 0..TZ_VARIANTS.len()) {
        let zone = TZ_VARIANTS[zone];
        let text = chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc().format("%Y-%m-%d %H:%M:%S").to_string();
        let moment = moment(&text, zone);
        if moment.flag.is_none() {
            let day = resolve(parse(&text, STAMPS).unwrap().date_only(), zone);
            prop_assert!(day.lo <= moment.lo && moment.hi <= day.hi);
            if moment.lo.year() > 1975 {
                prop_assert!(moment.value.to_string().starts_with(&text.replace(' ', "T")));
            }
        }
    }
}
