//! The tables of the README.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::statement::{Statement, Type};
use super::{Area, Check, Report, Result3, Tally};

/// Behind a name that the sample deliveries give nothing to try with.
const UNTRIED: &str = "°";
/// Behind a name that does not do what it says.
const BROKEN: &str = " ✗";

impl Report {
    /// What was found to work, by type and by feature. It is the same whenever the same server holds the same resources.
    pub(in super::super) fn markdown(&self, statement: &Statement) -> String {
        let mut out = String::from(
            "| type | interactions and operations | search parameters | `_sort` | `_include` | `_revinclude` |\n|---|---|---|---|---|---|\n",
        );
        for ty in &statement.types {
            out.push_str(&self.type_line(ty));
        }
        out.push_str("\n| feature | checks passed | failed | not tried |\n|---|---|---|---|\n");
        for (title, tally) in self.features() {
            let Tally {
                passed,
                failed,
                skipped,
                ..
            } = tally;
            let _ = writeln!(out, "| {title} | {passed} | {} | {} |", blank(failed), blank(skipped));
        }
        let Tally {
            passed,
            failed,
            skipped,
            ..
        } = self.total();
        let _ = writeln!(out, "| all | {passed} | {failed} | {skipped} |");
        out
    }

    fn type_line(&self, ty: &Type) -> String {
        let column = |area: Area, names: &mut dyn Iterator<Item = (String, String)>| {
            let cells: Vec<String> = names
                .map(|(shown, name)| format!("`{shown}`{}", self.mark(area, &ty.name, &name)))
                .collect();
            if cells.is_empty() {
                "–".to_owned()
            } else {
                cells.join(" ")
            }
        };
        let plain = |name: &String| (name.clone(), name.clone());
        let operations = ty.operations.iter().map(|operation| format!("${}", operation.name));
        let includes = ty.includes.iter().map(|include| {
            let short = include.strip_prefix(&format!("{}:", ty.name)).unwrap_or(include);
            (short.to_owned(), include.clone())
        });
        let params = ty.params.iter();
        let sorted = ty.params.iter().filter(|param| param.sortable);
        let mut cells = [
            ty.name.clone(),
            column(Area::Interaction, &mut ty.interactions.iter().map(plain)),
            column(Area::Parameter, &mut params.map(|param| plain(&param.name))),
            column(Area::Sort, &mut sorted.map(|param| plain(&param.name))),
            column(Area::Include, &mut { includes }),
            column(Area::RevInclude, &mut ty.rev_includes.iter().map(plain)),
        ];
        let operations = column(Area::Operation, &mut operations.map(|name| plain(&name)));
        if let Some(cell) = cells.get_mut(1).filter(|_| operations != "–") {
            cell.push(' ');
            cell.push_str(&operations);
        }
        format!("| {} |\n", cells.join(" | "))
    }

    /// Whether a name works, by all checks that were made of it.
    fn mark(&self, area: Area, ty: &str, name: &str) -> &'static str {
        let about = |check: &&Check| check.area == area && check.ty == ty && check.name == name;
        let results: Vec<Result3> = self.checks.iter().filter(about).map(|check| check.result).collect();
        if results.contains(&Result3::Failed) {
            BROKEN
        } else if results.contains(&Result3::Passed) {
            ""
        } else {
            UNTRIED
        }
    }

    /// The checks by feature, over all types.
    fn features(&self) -> BTreeMap<String, Tally> {
        let mut features: BTreeMap<String, Tally> = BTreeMap::new();
        for check in &self.checks {
            let title = match check.area {
                Area::Interaction => format!("interaction `{}`", check.name),
                Area::Parameter => "parameter, by value".to_owned(),
                Area::Prefix => format!("date prefix `{}`", check.part),
                Area::Modifier => format!("modifier `{}`", check.part),
                Area::Combination => "parameters together, as US Core wants them".to_owned(),
                Area::Sort => format!("`_sort` {}", check.part),
                Area::Chain => format!("chain `{}`", check.part),
                Area::Include => format!("`_include`{}", check.part),
                Area::RevInclude => format!("`_revinclude`{}", check.part),
                Area::Control => format!("`{}`", check.name),
                Area::Format => format!("format `{}`", check.name),
                Area::Operation => format!("operation `{}`", check.name),
            };
            features.entry(title).or_default().count(check);
        }
        features
    }
}

fn blank(number: u32) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}
