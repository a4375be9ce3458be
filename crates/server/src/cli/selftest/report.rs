//! What was tried and what came of it.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;

mod markdown;

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Area {
    Interaction,
    Parameter,
    Prefix,
    Modifier,
    Combination,
    Sort,
    Chain,
    Include,
    #[serde(rename = "revinclude")]
    RevInclude,
    Control,
    Format,
    Operation,
}

/// Why a check did not pass.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server does not do what it says.
    Failed { why: String, address: Option<String> },
    /// The server's resources give nothing to try it with.
    Skipped(String),
}

impl Fault {
    pub(super) fn failed(why: impl Into<String>) -> Self {
        let (why, address) = (why.into(), None);
        Self::Failed { why, address }
    }

    pub(super) fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }

    /// The request that showed it.
    pub(super) fn at(self, asked: &str) -> Self {
        match self {
            Self::Failed { why, address } => Self::Failed {
                why,
                address: address.or_else(|| Some(asked.to_owned())),
            },
            Self::Skipped(why) => Self::Skipped(why),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { why, .. } | Self::Skipped(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Fault {}

/// What a check says.
pub(super) type Outcome = Result<(), Fault>;

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    area: Area,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    ty: String,
    /// The parameter, include, interaction or whatever else.
    name: String,
    /// The modifier, prefix or form of value.
    #[serde(skip_serializing_if = "String::is_empty")]
    part: String,
    requests: u32,
    result: Result3,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Result3 {
    Passed,
    Failed,
    Skipped,
}

/// All checks.
pub(super) struct Report {
    checks: Vec<Check>,
    verbose: bool,
}

/// How many checks came to what.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    requests: u32,
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Tally {
    fn count(&mut self, check: &Check) {
        self.requests += check.requests;
        match check.result {
            Result3::Passed => self.passed += 1,
            Result3::Failed => self.failed += 1,
            Result3::Skipped => self.skipped += 1,
        }
    }
}

impl Report {
    pub(super) fn new(verbose: bool) -> Self {
        Self {
            checks: vec![],
            verbose,
        }
    }

    pub(super) fn add(&mut self, area: Area, (ty, name, part): (&str, &str, &str), requests: u32, outcome: Outcome) {
        let (result, why, address) = match outcome {
            Ok(()) => (Result3::Passed, None, None),
            Err(Fault::Skipped(why)) => (Result3::Skipped, Some(why), None),
            Err(Fault::Failed { why, address }) => {
                let address = address.map(|address| if self.verbose { address } else { masked(&address) });
                (Result3::Failed, Some(why), address)
            }
        };
        self.checks.push(Check {
            area,
            ty: ty.to_owned(),
            name: name.to_owned(),
            part: part.to_owned(),
            requests,
            result,
            why,
            address,
        });
    }

    pub(super) fn failed(&self) -> u32 {
        self.total().failed
    }

    fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.checks.iter().for_each(|check| total.count(check));
        total
    }

    pub(super) fn json(&self) -> Result<String, serde_json::Error> {
        Ok(format!("{}\n", serde_json::to_string_pretty(&self.checks)?))
    }

    /// For a terminal: a line per type and kind of check, then what failed, then why something was not tried.
    pub(super) fn table(&self) -> String {
        let mut lines: BTreeMap<(&str, Area), Tally> = BTreeMap::new();
        for check in &self.checks {
            lines.entry((&check.ty, check.area)).or_default().count(check);
        }
        let mut out = String::new();
        let mut line = |ty: &str, what: &str, tally: Tally| {
            let Tally {
                requests,
                passed,
                failed,
                skipped,
            } = tally;
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "{ty:<16} {what:<12} {requests:>9} {passed:>7} {failed:>7} {skipped:>8}"
            );
        };
        for ((ty, area), tally) in lines {
            line(
                if ty.is_empty() { "server" } else { ty },
                &format!("{area:?}").to_lowercase(),
                tally,
            );
        }
        line("all", "", self.total());
        let mut text = format!(
            "{:<16} {:<12} {:>9} {:>7} {:>7} {:>8}\n{out}",
            "of", "what", "requests", "passed", "failed", "skipped"
        );
        self.failures(&mut text);
        self.reasons(&mut text);
        text
    }

    fn failures(&self, out: &mut String) {
        for check in self.checks.iter().filter(|check| check.result == Result3::Failed) {
            let why = check.why.as_deref().unwrap_or_default();
            let address = check.address.as_deref().unwrap_or_default();
            let _ = writeln!(out, "FAILED {}: {why}: {address}", check.title());
        }
    }

    fn reasons(&self, out: &mut String) {
        let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for check in self.checks.iter().filter(|check| check.result == Result3::Skipped) {
            let why = check.why.as_deref().unwrap_or_default();
            reasons.entry(why).or_default().push(check.title());
        }
        for (why, titles) in reasons {
            let _ = writeln!(out, "skipped, because {why}: {}", titles.join(", "));
        }
    }
}

impl Check {
    fn title(&self) -> String {
        let parts = [self.ty.as_str(), &self.name, &self.part];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }
}

/// An address without its values.
fn masked(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let names: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| format!("{}=…", pair.split('=').next().unwrap_or_default()))
        .collect();
    let word = |segment: &&str| segment.chars().all(|c| c.is_ascii_alphabetic() || "_$".contains(c));
    let path: Vec<&str> = path
        .split('/')
        .map(|segment| if word(&segment) { segment } else { "…" })
        .collect();
    let path = path.join("/");
    if names.is_empty() {
        path
    } else {
        format!("{path}?{}", names.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_shown() {
        assert_eq!(masked("/Patient/a.pt.1?name=Doe&_id=x"), "/Patient/…?name=…&_id=…");
        assert_eq!(masked("/Patient/a.pt.1/$everything"), "/Patient/…/$everything");
        assert_eq!(masked("/metadata"), "/metadata");
    }

    #[test]
    fn failures_and_reasons_are_told() {
        let mut report = Report::new(false);
        report.add(Area::Parameter, ("Patient", "name", ""), 2, Ok(()));
        let fault = Fault::failed("not found").at("/Patient?name=Doe");
        report.add(Area::Modifier, ("Patient", "name", ":exact"), 1, Err(fault));
        report.add(
            Area::Parameter,
            ("Patient", "race", ""),
            0,
            Err(Fault::skipped("no resource has it")),
        );
        assert_eq!(report.failed(), 1);
        let table = report.table();
        for line in [
            "Patient          parameter            2       1       0        1",
            "FAILED Patient name :exact: not found: /Patient?name=…",
            "skipped, because no resource has it: Patient race",
        ] {
            assert!(table.contains(line), "{table}");
        }
        assert!(!table.contains("Doe"));
        assert!(!report.json().unwrap().contains("Doe"));
    }
}
