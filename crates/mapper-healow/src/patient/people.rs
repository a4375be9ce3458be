//! The extensions of US Core Patient: race, ethnicity, sex at birth.

use fhir::r4::types::Extension;
use fhir::us_core::{self, Category};
use mapper::element::{self, Cell, cell};
use mapper::{Mapped, Site, Trace};

use super::{Chart, Person};
use crate::codes::{BIRTH_SEX, ETHNICITY, RACE};

/// All of them that the rows tell.
pub fn extensions(person: &Person, site: &Site, trace: &mut Trace) -> Vec<Extension> {
    let Person { row, chart } = person;
    let birth_sex = element::code(cell!(row.emrsex), &BIRTH_SEX, site, trace).map(element::birth_sex);
    // Sites put Hispanic into the column of races.
    let misplaced = chart.race.as_deref().filter(|word| is_ethnicity(word, site));
    let race = if misplaced.is_some() {
        None
    } else {
        // A slash is part of a label.
        element::races(cell!(chart.race), &[',', ';', '|'], &RACE, site, trace)
    };
    [race, ethnicity(chart, misplaced, site, trace), birth_sex]
        .into_iter()
        .flatten()
        .collect()
}

/// Whether a word is no race but an ethnicity.
fn is_ethnicity(word: &str, site: &Site) -> bool {
    let race = matches!(site.code(&RACE, Some(word)), Mapped::Known(_));
    let ethnicity = site.code(&ETHNICITY, Some(word));
    !race && matches!(ethnicity, Mapped::Known(code) if us_core::ETHNICITIES.iter().any(|e| e.code == code))
}

/// The column's own word when it says which; else the one that stands among the races; else whatever word there is.
fn ethnicity(chart: &Chart, misplaced: Option<&str>, site: &Site, trace: &mut Trace) -> Option<Extension> {
    let own = category(chart.ethnicity.as_deref(), site);
    let other = category(misplaced, site);
    let told = own.filter(|c| !c.is_null());
    let cell = if misplaced.is_some() && told.is_none() {
        if chart.ethnicity.is_some() {
            trace.lost("extension:ethnicity", "ethnicity", "the word in `race` says more");
        }
        Cell {
            column: "race",
            text: misplaced,
        }
    } else {
        cell!(chart.ethnicity)
    };
    if other.is_some() && told.is_some() && other != told {
        trace.lost(
            "extension:ethnicity",
            "race",
            "`race` and `ethnicity` name different ethnicities",
        );
    }
    let text = cell.text?;
    let category = element::code(cell, &ETHNICITY, site, trace).and_then(us_core::category);
    // A code is no text to be read.
    let text = category.filter(|c| c.code == text).map_or(text, |c| c.display);
    Some(us_core::ethnicity(category, vec![], text))
}

fn category(word: Option<&str>, site: &Site) -> Option<Category> {
    site.code(&ETHNICITY, Some(word?)).code().and_then(us_core::category)
}
