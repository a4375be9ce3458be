use super::*;

fn parse(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn moment(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap()
}

#[test]
fn each_precision_is_an_interval() {
    for (text, lo, hi) in [
        ("2020", "2020-01-01 00:00:00", "2021-01-01 00:00:00"),
        ("2020-02", "2020-02-01 00:00:00", "2020-03-01 00:00:00"),
        ("2020-12", "2020-12-01 00:00:00", "2021-01-01 00:00:00"),
        ("2020-02-29", "2020-02-29 00:00:00", "2020-03-01 00:00:00"),
        ("2020-02-29T23:59", "2020-02-29 23:59:00", "2020-03-01 00:00:00"),
        ("2020-02-29T10:00:59", "2020-02-29 10:00:59", "2020-02-29 10:01:00"),
        (
            "2020-02-29T10:00:00.25",
            "2020-02-29 10:00:00.25",
            "2020-02-29 10:00:00.26",
        ),
        (
            "2020-02-29T10:00:00.1234567",
            "2020-02-29 10:00:00.123456",
            "2020-02-29 10:00:00.123457",
        ),
        ("0001", "0001-01-01 00:00:00", "0002-01-01 00:00:00"),
        ("9999", "9999-01-01 00:00:00", "9999-12-31 23:59:59.999999"),
        (
            "9999-12-31T23:59:59.999999",
            "9999-12-31 23:59:59.999999",
            "9999-12-31 23:59:59.999999",
        ),
    ] {
        let date = parse(text);
        assert_eq!((date.lo, date.hi), (moment(lo), moment(hi)), "{text}");
        assert_eq!((date.prefix, date.offset), (Prefix::Eq, None), "{text}");
    }
}

#[test]
fn the_nine_prefixes() {
    for code in ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"] {
        assert_eq!(parse(&format!("{code}2020")).prefix.code(), code);
    }
    for text in ["xx2020", "GT2020", "g2020", "gtgt2020", "gt", ">2020"] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
}

#[test]
fn offsets_are_read_and_a_lost_plus_is_repaired() {
    let seconds = |text: &str| parse(text).offset.map(|offset| offset.local_minus_utc());
    assert_eq!(seconds("2020-01-01T00:00:00Z"), Some(0));
    assert_eq!(seconds("2020-01-01T00:00:00+02:00"), Some(7200));
    assert_eq!(seconds("2020-01-01T00:00:00 02:00"), Some(7200));
    assert_eq!(seconds("2020-01-01T00:00-05:30"), Some(-19800));
    assert_eq!(seconds("2020-01-01T00:00:00.5+14:00"), Some(50400));
    assert_eq!(seconds("2020-01-01T00:00:00"), None);
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "",
        "20",
        "020-01-01",
        "20200101",
        "2020-1",
        "2020-1-1",
        "2020-13",
        "2020-00",
        "2020-02-30",
        "2021-02-29",
        "2020-04-31",
        "0000",
        "0000-01-01",
        "10000",
        "+2020",
        "-2020",
        "2020-01-01T",
        "2020-01-01T10",
        "2020-01T10:00",
        "2020T10:00",
        "2020-01-01T24:00",
        "2020-01-01T24:00:00",
        "2020-01-01T10:60",
        "2020-01-01T23:59:60Z",
        "2020-01-01T10:00:00.",
        "2020-01-01T10:00:00.5x",
        "2020-01-01T10:00:00+",
        "2020-01-01T10:00:00+2",
        "2020-01-01T10:00:00+0200",
        "2020-01-01T10:00:00+14:01",
        "2020-01-01T10:00:00+10:60",
        "2020-01-01T10:00:00z",
        "2020-01-01Z",
        "2020-01-01+02:00",
        "2020-01-01 10:00",
        "2020-01-01t10:00",
        " 2020",
        "2020 ",
        "2020-01-01T10:00:00+02:00Z",
        "٢٠٢٠",
        "2020-01-01T10:00.5",
    ] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
}

#[test]
fn utc_is_by_the_offset_or_else_by_the_zone() {
    let zone = |wall: NaiveDateTime| wall + TimeDelta::hours(5);
    let (lo, hi) = parse("2020-01-01").to_utc(&zone);
    assert_eq!((lo, hi), (moment("2020-01-01 05:00:00"), moment("2020-01-02 05:00:00")));
    let (lo, _) = parse("2020-01-01T00:00:00+02:00").to_utc(&zone);
    assert_eq!(lo, moment("2019-12-31 22:00:00"));
}

#[test]
fn the_ends_of_time_do_not_overflow() {
    let none = |wall: NaiveDateTime| wall;
    assert_eq!(parse("0001-01-01T00:00+14:00").to_utc(&none).0, Date::MIN);
    assert_eq!(parse("9999-12-31T23:59:59-14:00").to_utc(&none), (Date::MAX, Date::MAX));
    assert_eq!(parse("9999").to_utc(&|_| NaiveDateTime::MAX).1, Date::MAX);
    assert_eq!(Date::MIN, moment("0001-01-01 00:00:00.000001"));
    assert_eq!(Date::MAX, moment("9999-12-31 23:59:59.999999"));
}

#[test]
fn the_canonical_form_is_the_same_value() {
    for (text, canonical) in [
        ("eq2020", "2020"),
        ("ge0001-02", "ge0001-02"),
        ("2020-05-05T10:00", "2020-05-05T10:00"),
        ("lt2020-05-05T10:00:00 00:00", "lt2020-05-05T10:00:00Z"),
        ("2020-05-05T10:00:00.050-05:30", "2020-05-05T10:00:00.050-05:30"),
        ("2020-05-05T10:00:00.1234567Z", "2020-05-05T10:00:00.123456Z"),
    ] {
        assert_eq!(parse(text).to_string(), canonical);
        assert_eq!(parse(canonical), parse(text));
    }
}
