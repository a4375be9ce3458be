//! Hierarchies that codes themselves show: in ICD-10-CM and ICD-9-CM a code is below every shorter code that it begins with, down to its
//! category (`E11.65` below `E11.6` below `E11`).

use crate::system::{ICD9CM, ICD10CM};

/// The systems that `:below` and `:above` understand.
pub const HIERARCHIES: [&str; 2] = [ICD10CM, ICD9CM];

/// Characters of a category, with which every code begins; `None` for a system without hierarchy here.
fn category(system: &str, code: &str) -> Option<usize> {
    match system {
        ICD10CM => Some(3),
        // Codes of external causes have a letter more.
        ICD9CM => Some(if code.starts_with('E') { 4 } else { 3 }),
        _ => None,
    }
}

/// Whether a text has the form of a code: a category, alone or with a point and something behind it.
fn is_code(system: &str, code: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let (head, tail) = code
        .split_once('.')
        .map_or((code, None), |(head, tail)| (head, Some(tail)));
    plain(head) && category(system, code) == Some(head.len()) && tail.is_none_or(plain)
}

/// What the code and all codes below it begin with, and no others of the system; `None` for what is no code of a known hierarchy.
#[must_use]
pub fn subtree<'a>(system: &str, code: &'a str) -> Option<&'a str> {
    is_code(system, code).then_some(code)
}

/// The code and all those above it; none for what is no code of a known hierarchy.
#[must_use]
pub fn ancestors<'a>(system: &str, code: &'a str) -> Vec<&'a str> {
    if !is_code(system, code) {
        return vec![];
    }
    let least = category(system, code).unwrap_or(code.len());
    let cuts = (least..=code.len()).filter_map(|end| code.get(..end));
    cuts.filter(|cut| !cut.ends_with('.')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_below_what_it_begins_with() {
        assert_eq!(subtree(ICD10CM, "E11"), Some("E11"));
        assert_eq!(subtree(ICD10CM, "E11.6"), Some("E11.6"));
        assert_eq!(subtree(ICD9CM, "E850"), Some("E850"));
        assert_eq!(ancestors(ICD10CM, "E11.65"), ["E11", "E11.6", "E11.65"]);
        assert_eq!(ancestors(ICD9CM, "E850.1"), ["E850", "E850.1"]);
        assert_eq!(ancestors(ICD9CM, "250"), ["250"]);
    }

    #[test]
    fn what_is_no_code_has_nothing_below() {
        for (system, code) in [
            (ICD10CM, "E1"),
            (ICD10CM, "E119"),
            (ICD10CM, "E11."),
            (ICD10CM, ""),
            (ICD9CM, "E85"),
            (ICD9CM, "2500"),
            (crate::system::SNOMED, "404684003"),
        ] {
            assert_eq!(subtree(system, code), None, "{code}");
            assert!(ancestors(system, code).is_empty(), "{code}");
        }
    }
}
