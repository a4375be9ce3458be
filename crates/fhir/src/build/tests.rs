use chrono::{DateTime as Chrono, FixedOffset, NaiveDate, NaiveDateTime};

use super::*;
use crate::r4::types::Identifier;
use crate::r4::{Date, DateTime, ResourceType};

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

/// A wall clock and its offset in hours, minutes and seconds.
fn at(wall: &str, (hours, minutes, seconds): (i32, i32, i32)) -> Chrono<FixedOffset> {
    let wall = NaiveDateTime::parse_from_str(wall, "%Y-%m-%dT%H:%M:%S%.f").unwrap();
    let offset = FixedOffset::east_opt(hours * 3600 + minutes * 60 + seconds).unwrap();
    wall.and_local_timezone(offset).unwrap()
}

#[test]
fn codes_and_concepts() {
    insta::assert_snapshot!(json(&coded("s", "c", Some("d"))), @r#"{"coding":[{"system":"s","code":"c","display":"d"}]}"#);
    insta::assert_snapshot!(json(&text("chest pain")), @r#"{"text":"chest pain"}"#);
    insta::assert_snapshot!(json(&absent_concept()), @r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"unknown","display":"Unknown"}]}"#);
}

#[test]
fn identifiers_and_references() {
    let typed: Identifier = identifier_typed("urn:s", "7", "MR", Some("Medical record number"));
    insta::assert_snapshot!(json(&typed), @r#"{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR","display":"Medical record number"}]},"system":"urn:s","value":"7"}"#);
    insta::assert_snapshot!(json(&reference(ResourceType::Condition, "x", None)), @r#"{"reference":"Condition/x"}"#);
    let logical = logical_reference("Practitioner", identifier("urn:s", "7"), Some("Dr. No"));
    insta::assert_snapshot!(json(&logical), @r#"{"type":"Practitioner","identifier":{"system":"urn:s","value":"7"},"display":"Dr. No"}"#);
}

#[test]
fn names_leave_out_blanks() {
    insta::assert_snapshot!(json(&human_name(Some("Ng"), &["Ana", " ", "B."])), @r#"{"family":"Ng","given":["Ana","B."]}"#);
    insta::assert_snapshot!(json(&human_name(Some(""), &[])), @"{}");
}

#[test]
fn an_absent_value_says_why() {
    insta::assert_snapshot!(json(&absent("unknown")), @r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#);
}

#[test]
fn moments_keep_their_offset() {
    assert_eq!(
        json(&date_time(at("2024-05-05T10:00:00", (-5, 0, 0)))),
        r#""2024-05-05T10:00:00-05:00""#
    );
    assert_eq!(
        json(&date_time(at("2024-05-05T10:00:00.5", (0, 0, 0)))),
        r#""2024-05-05T10:00:00.5Z""#
    );
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    assert_eq!(json(&date_time_day(day)), r#""2024-02-29""#);
    assert_eq!(json(&date(day)), r#""2024-02-29""#);
}

#[test]
fn offsets_fhir_cannot_write_are_changed_and_the_moment_kept() {
    // New York before 1883
    assert_eq!(
        json(&date_time(at("1880-01-01T00:00:00", (-4, -56, -2)))),
        r#""1880-01-01T00:00:02-04:56""#
    );
    assert_eq!(
        json(&date_time(at("2024-01-01T20:00:00", (20, 0, 0)))),
        r#""2024-01-01T00:00:00Z""#
    );
}

#[test]
fn years_beyond_fhir_become_its_ends() {
    for (given, expected) in [(NaiveDate::MIN, r#""0001-01-01""#), (NaiveDate::MAX, r#""9999-12-31""#)] {
        assert_eq!(json(&date(given)), expected);
    }
    assert_eq!(
        json(&instant(NaiveDateTime::MAX)),
        r#""9999-12-31T23:59:59.999999999Z""#
    );
    let edge = at("9999-12-31T23:59:59", (-14, 0, 0));
    assert_eq!(json(&date_time(edge)), r#""9999-12-31T23:59:59-14:00""#);
    let edge = at("0001-01-01T00:00:00", (-14, 0, 0));
    assert_eq!(json(&date_time(edge)), r#""0001-01-01T00:00:00-14:00""#);
}

#[test]
fn a_leap_second_becomes_the_one_before() {
    let day = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap();
    let leap = day.and_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
    assert_eq!(json(&instant(leap)), r#""2016-12-31T23:59:59.999999999Z""#);
}

#[test]
fn an_empty_period_is_none() {
    assert!(period(None, None).is_none());
    let start = DateTime::Date(Date::Year(2020));
    assert_eq!(json(&period(Some(start), None)), r#"{"start":"2020"}"#);
}
