//! Diagnosis cells.

use chrono::NaiveDate;

use super::label::{self, Stated};
use super::{System, shape};

/// What a diagnosis cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// The code in its normal spelling, with its system; `None` when either is not certain.
    pub coding: Option<(System, String)>,
    /// The text of the cell: what stands beside the code, or the whole cell when there is no coding.
    pub text: Option<String>,
    /// The cell was masked (`XXXXX`), so it says nothing: neither coding nor text.
    pub masked: bool,
}

/// The day from which US diagnoses are coded in ICD-10-CM, year, month, day.
const ICD10_FROM: (i32, u32, u32) = (2015, 10, 1);

/// Texts that have the shape of an ICD-10-CM category, begin real descriptions (vitamin B12, thoracic vertebrae)
/// and are no categories.
const NOT_CATEGORIES: [&str; 4] = ["B12", "T10", "T11", "T12"];

/// Between a code and the text beside it.
const SEPARATORS: [char; 9] = [' ', '\t', ',', ';', ':', '|', '-', '/', '\u{a0}'];

/// Reads a diagnosis cell.
///
/// * `label`: the code type column beside it, if any. A label that the code's shape contradicts gives text only; so
///   does one that names no system of ours.
/// * `service_date`: decides between ICD-9-CM and ICD-10-CM where the shape fits both (V codes, and E codes without a
///   point). Without it those are text only.
///
/// A cell with several codes is text only: which one is meant cannot be told.
#[must_use]
pub fn diagnosis(raw: &str, label: Option<&str>, service_date: Option<NaiveDate>) -> Diagnosis {
    let raw = raw.trim();
    if shape::masked(raw) {
        return Diagnosis {
            masked: true,
            ..Diagnosis::default()
        };
    }
    let coded = split_prefix(raw, label::stated(label)).and_then(|(stated, cell)| {
        let (token, rest) = cell.split_once(SEPARATORS).unwrap_or((cell, ""));
        let token = token.trim_end_matches('.').to_ascii_uppercase();
        if several(rest) || (stated == Stated::Nothing && NOT_CATEGORIES.contains(&token.as_str())) {
            return None;
        }
        Some((decide(&token, stated, service_date)?, trimmed(rest)))
    });
    match coded {
        Some((coding, text)) => Diagnosis {
            coding: Some(coding),
            text,
            masked: false,
        },
        None => Diagnosis {
            coding: None,
            text: trimmed(raw),
            masked: false,
        },
    }
}

/// Takes a system in front of the code off the cell: `ICD10:I10.`, `ICD-10: E11.9`, `SNOMED 44054006`. `None` when
/// it contradicts the label.
fn split_prefix(raw: &str, stated: Stated) -> Option<(Stated, &str)> {
    let found = [":", " "].into_iter().find_map(|separator| {
        let (word, cell) = raw.split_once(separator)?;
        Some((label::prefix(word)?, cell.trim_start_matches([':', ' '])))
    });
    match (found, stated) {
        (None, stated) => Some((stated, raw)),
        (Some((system, _)), Stated::As(labelled)) if system != labelled => None,
        (Some((system, cell)), Stated::Nothing | Stated::Other | Stated::As(_)) => Some((Stated::As(system), cell)),
    }
}

fn decide(token: &str, stated: Stated, date: Option<NaiveDate>) -> Option<(System, String)> {
    let code = |system, code: Option<String>| code.map(|code| (system, code));
    match stated {
        Stated::As(System::Icd10Cm) => code(System::Icd10Cm, shape::icd10(token)),
        Stated::As(System::Icd9Cm) => code(System::Icd9Cm, shape::icd9(token)),
        Stated::As(System::Snomed) => code(System::Snomed, shape::snomed(token)),
        Stated::As(System::Cpt | System::Hcpcs) | Stated::Other => None,
        Stated::Nothing => match (shape::icd10(token), shape::icd9(token)) {
            (Some(icd10), Some(icd9)) => by_date(icd10, icd9, date?),
            (Some(icd10), None) => Some((System::Icd10Cm, icd10)),
            (None, Some(icd9)) => Some((System::Icd9Cm, icd9)),
            (None, None) => code(System::Snomed, shape::snomed(token)),
        },
    }
}

/// Decides a V or E code by the day of service, and drops what does not exist in the system of that day: a wrong
/// date must not make a wrong code.
fn by_date(icd10: String, icd9: String, date: NaiveDate) -> Option<(System, String)> {
    let (year, month, day) = ICD10_FROM;
    if date >= NaiveDate::from_ymd_opt(year, month, day)? {
        // Chapter E of ICD-10-CM ends with E89; V is used up to V99.
        let exists = !icd10.starts_with("E9");
        exists.then_some((System::Icd10Cm, icd10))
    } else {
        // ICD-9-CM has V01-V91, E000-E030 and E800-E999.
        let category = icd9.split('.').next().unwrap_or_default();
        let exists = match category.strip_prefix('V') {
            Some(number) => ("01"..="91").contains(&number),
            None => category <= "E030" || category >= "E800",
        };
        exists.then_some((System::Icd9Cm, icd9))
    }
}

/// Whether the rest of a cell is nothing but further codes.
fn several(rest: &str) -> bool {
    let mut words = rest.split(SEPARATORS).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some()
        && words.all(|word| {
            let word = word.trim_end_matches('.').to_ascii_uppercase();
            shape::icd10(&word)
                .or_else(|| shape::icd9(&word))
                .or_else(|| shape::snomed(&word))
                .is_some()
                || label::prefix(&word).is_some()
        })
}

/// The text without blanks and separators around it; `None` when no letter or digit is left.
pub(super) fn trimmed(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
    text.contains(char::is_alphanumeric).then(|| text.to_owned())
}
