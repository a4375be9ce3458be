//! Races and ethnicities: names with codes of the CDC's race and ethnicity code set.

use fhir::build;
use fhir::r4::types::{Coding, Extension};
use fhir::system::RACE_AND_ETHNICITY;
use fhir::us_core::{self, Category, ETHNICITIES, RACES};
use mapper::Trace;

use crate::patient::children::Told;

/// The race extension. Codes of the OMB are categories, other codes of the CDC details, and what has no such code is text.
pub fn race(rows: &[Told], trace: &mut Trace) -> Option<Extension> {
    let text = text(rows)?;
    let Codes { categories, detailed } = codes(rows, &RACES, |n| !ETHNICITY_CODES.contains(&n), "race", trace);
    Some(us_core::race(&categories, detailed, &text))
}

/// The ethnicity extension. Of two categories that contradict each other none is true.
pub fn ethnicity(rows: &[Told], trace: &mut Trace) -> Option<Extension> {
    let text = text(rows)?;
    let is_ethnicity = |n| ETHNICITY_CODES.contains(&n);
    let Codes { categories, detailed } = codes(rows, &ETHNICITIES, is_ethnicity, "ethnicity", trace);
    let category = match categories.as_slice() {
        [only] => Some(*only),
        [] => None,
        _ => {
            trace.lost("ethnicity", "cdcuniqueidentifier", "both Hispanic and not");
            None
        }
    };
    Some(us_core::ethnicity(category, detailed, &text))
}

/// What the CDC's codes from 2133-7 (ethnicity) to 2186-5 are about; all others are of races.
pub const ETHNICITY_CODES: std::ops::RangeInclusive<u32> = 2133..=2186;

#[derive(Default)]
struct Codes {
    categories: Vec<Category>,
    detailed: Vec<Coding>,
}

/// The codes of the rows, each once, by what they are.
fn codes(
    rows: &[Told],
    categories: &[Category],
    fits: impl Fn(u32) -> bool,
    element: &'static str,
    trace: &mut Trace,
) -> Codes {
    let mut found = Codes::default();
    let mut seen: Vec<&str> = vec![];
    for code in rows.iter().filter_map(|(_, code)| code.as_deref()) {
        if seen.contains(&code) {
            continue;
        }
        seen.push(code);
        if let Some(category) = categories.iter().find(|c| c.code == code) {
            found.categories.push(*category);
        } else if cdc(code).is_some_and(&fits) {
            found.detailed.push(build::coding(RACE_AND_ETHNICITY, code, None));
        } else {
            trace.lost(element, "cdcuniqueidentifier", "not one of its codes at the CDC");
        }
    }
    found
}

/// The number of a code of the CDC, four digits and a check digit (Luhn's, as HL7 tables have it): `2034-7`.
pub fn cdc(code: &str) -> Option<u32> {
    let (number, check) = code.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if number.len() != 4 || check.len() != 1 || !digits(number) || !digits(check) {
        return None;
    }
    let right = check.parse() == Ok(mapper::codes::luhn(number.bytes()));
    number.parse().ok().filter(|_| right)
}

/// All names, each once; the codes of rows without name. US Core wants a text.
fn text(rows: &[Told]) -> Option<String> {
    let mut names: Vec<&str> = vec![];
    for (name, code) in rows {
        let name = name.as_deref().or(code.as_deref()).unwrap_or_default();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::cdc;

    #[test]
    fn codes_of_the_cdc_have_a_check_digit() {
        for (code, number) in [("2034-7", 2034), ("2106-3", 2106), ("2148-5", 2148), ("2131-1", 2131)] {
            assert_eq!(cdc(code), Some(number), "{code}");
        }
        for wrong in ["2034-8", "ZZ", "203-47", "2034", "2034-", "20a4-7"] {
            assert_eq!(cdc(wrong), None, "{wrong}");
        }
    }
}
