//! Dates near those of the data: neighbours, other precisions, other offsets.

use chrono::{DateTime, Days, FixedOffset, Months, NaiveDate, TimeDelta, Timelike, Utc};
use serde_json::Value;

use super::Generator;
use crate::oracle::params::Kind;

/// What may stand before a date (R4, section 3.1.1.4.9).
pub(super) const PREFIXES: [&str; 9] = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

impl Generator<'_> {
    pub(super) fn date(&mut self, kind: Kind, element: &Value) -> String {
        let prefix = [&["", "", ""], PREFIXES.as_slice()].concat();
        let prefix = *self.random.pick(&prefix);
        format!("{prefix}{}", self.bare_date(kind, element))
    }

    pub(super) fn bare_date(&mut self, kind: Kind, element: &Value) -> String {
        let bounds: Vec<&str> = ["start", "end"].iter().filter_map(|b| element[*b].as_str()).collect();
        let text = element
            .as_str()
            .or_else(|| bounds.first().copied())
            .unwrap_or("2024-05-05");
        let text = if bounds.len() == 2 && self.random.once_in(2) {
            bounds[1]
        } else {
            text
        };
        self.near_date(text, kind)
    }

    fn near_date(&mut self, text: &str, kind: Kind) -> String {
        match DateTime::parse_from_rfc3339(text) {
            Ok(at) => self.near_instant(text, at.with_timezone(&Utc)),
            Err(_) => self.near_day(text, kind),
        }
    }

    fn near_day(&mut self, text: &str, kind: Kind) -> String {
        let whole = format!("{text}-01-01");
        let day: NaiveDate = whole[..10].parse().unwrap_or_default();
        let day = match self.random.below(6) {
            0 => day + Days::new(1),
            1 => day - Days::new(1),
            2 => day + Months::new(1),
            _ => day,
        };
        match self.random.below(12) {
            0 => day.format("%Y").to_string(),
            1 => day.format("%Y-%m").to_string(),
            2 => day.format("%Y-%m-%dT00:00").to_string(),
            3 => day.format("%Y-%m-%dT23:59:59").to_string(),
            4 if kind != Kind::Day => day.format("%Y-%m-%dT04:00:00Z").to_string(),
            5 if kind != Kind::Day => day.format("%Y-%m-%dT00:00:00-05:00").to_string(),
            _ => day.format("%Y-%m-%d").to_string(),
        }
    }

    fn near_instant(&mut self, text: &str, at: DateTime<Utc>) -> String {
        let at = match self.random.below(7) {
            0 => at + TimeDelta::seconds(1),
            1 => at - TimeDelta::seconds(1),
            2 => at + TimeDelta::days(1),
            3 => at - TimeDelta::hours(5),
            _ => at,
        };
        let form = match self.random.below(15) {
            0 => "%Y",
            1 => "%Y-%m",
            2 | 3 => "%Y-%m-%d",
            4 => "%Y-%m-%dT%H:%M",
            5 => "%Y-%m-%dT%H:%MZ",
            6 => "%Y-%m-%dT%H:%M:%SZ",
            7 => "%Y-%m-%dT%H:%M:%S%.3fZ",
            8 => "%Y-%m-%dT%H:%M:%S%.6f+00:00",
            9 => {
                return at
                    .with_timezone(&FixedOffset::east_opt(7200).unwrap())
                    .format("%FT%T%:z")
                    .to_string();
            }
            10 => return at.with_nanosecond(0).unwrap_or(at).format("%FT%TZ").to_string(),
            _ => return text.to_owned(),
        };
        at.format(form).to_string()
    }
}
