//! Procedure cells.

use super::diagnosis::trimmed;
use super::label::{self, Stated};
use super::{System, shape};

/// What a procedure cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Procedure {
    /// The code without its modifiers, with its system; `None` when either is not certain.
    pub coding: Option<(System, String)>,
    /// The two-character modifiers, in the order written, upper case. Only with a coding of CPT or HCPCS.
    pub modifiers: Vec<String>,
    /// The text of the cell: what stands beside the code, or the whole cell when there is no coding.
    pub text: Option<String>,
    /// The cell was masked (`XXXXX`), so it says nothing: neither coding nor text.
    pub masked: bool,
}

/// Reads a procedure cell: CPT and HCPCS with or without modifiers, SNOMED CT, or text.
///
/// `label` is the code type column beside it, if any. CPT is level I of HCPCS and feeds use the two names for each
/// other, so under either label the shape decides between them. ICD procedure codes are kept as text.
#[must_use]
pub fn procedure(raw: &str, label: Option<&str>) -> Procedure {
    let raw = raw.trim();
    if shape::masked(raw) {
        return Procedure {
            masked: true,
            ..Procedure::default()
        };
    }
    let (stated, cell) = match (split_prefix(raw), label::stated(label)) {
        (Some((system, cell)), Stated::Nothing | Stated::Other) => (Stated::As(system), cell),
        (Some((system, cell)), Stated::As(labelled)) if family(system) == family(labelled) => {
            (Stated::As(system), cell)
        }
        (Some(_), Stated::As(_)) => (Stated::Other, raw),
        (None, stated) => (stated, raw),
    };
    let cell = cell.trim_matches(|c: char| c == '-' || c.is_whitespace());
    let read = match stated {
        Stated::As(System::Cpt | System::Hcpcs) => billing(cell, true),
        Stated::As(System::Snomed) => snomed(cell),
        Stated::Nothing => billing(cell, false).or_else(|| snomed(cell)),
        Stated::As(System::Icd10Cm | System::Icd9Cm) | Stated::Other => None,
    };
    read.unwrap_or_else(|| Procedure {
        text: trimmed(raw),
        ..Procedure::default()
    })
}

/// A modifier in a cell of its own: two letters or digits, of two digits from 22 on.
#[must_use]
pub fn modifier(cell: &str) -> Option<String> {
    let code = cell.to_ascii_uppercase();
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    let fits = code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphanumeric()) && (!digits || code.as_str() >= "22");
    fits.then_some(code)
}

/// `CPT:99213`, `HCPCS: J1100`
fn split_prefix(raw: &str) -> Option<(System, &str)> {
    let (word, cell) = raw.split_once(':')?;
    Some((label::prefix(word)?, cell.trim_start()))
}

fn family(system: System) -> System {
    if system == System::Hcpcs { System::Cpt } else { system }
}

fn snomed(cell: &str) -> Option<Procedure> {
    let (token, rest) = cell.split_once([' ', '|']).unwrap_or((cell, ""));
    let code = shape::snomed(token)?;
    Some(Procedure {
        coding: Some((System::Snomed, code)),
        text: trimmed(rest),
        ..Procedure::default()
    })
}

/// CPT or HCPCS with what follows. `labelled`: the feed says so, and several modifiers may be glued on.
fn billing(cell: &str, labelled: bool) -> Option<Procedure> {
    let end = cell.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(cell.len());
    let (token, rest) = cell.split_at_checked(end)?;
    let token = token.to_ascii_uppercase();
    let (code, glued) = token.split_at_checked(5)?;
    let coding = match (shape::cpt(code), shape::hcpcs(code)) {
        (Some(cpt), _) => (System::Cpt, cpt),
        (None, Some(hcpcs)) => (System::Hcpcs, hcpcs),
        (None, None) => return None,
    };
    let mut modifiers = glued_modifiers(glued, labelled)?;
    if !labelled && !glued.is_empty() && may_be_icd10_pcs(code, glued) {
        return None;
    }
    let rest = hyphenated(rest, &mut modifiers);
    let (rest, more) = spaced(rest);
    modifiers.extend(more);
    if several(rest) {
        return None;
    }
    Some(Procedure {
        coding: Some(coding),
        modifiers,
        text: trimmed(rest),
        masked: false,
    })
}

/// `25` of `9921325`. `None` when what is glued on is no modifier: then the token is some other number.
fn glued_modifiers(mut glued: &str, labelled: bool) -> Option<Vec<String>> {
    let mut modifiers = Vec::new();
    while !glued.is_empty() {
        let (one, rest) = glued.split_at_checked(2)?;
        if !shape::modifier(one) || (!labelled && !rest.is_empty()) {
            return None;
        }
        modifiers.push(one.to_owned());
        glued = rest;
    }
    (modifiers.len() <= 4).then_some(modifiers)
}

/// Seven characters without a label may be an ICD-10-PCS code instead of CPT with a glued modifier: section 0 (where
/// CPT has anaesthesia, whose modifiers are letters; PCS ends in Z or a digit there), drainage in obstetrics (1090),
/// transfusion (302x). CPT has no codes 102xx, 109xx and 3023x-3028x.
fn may_be_icd10_pcs(code: &str, glued: &str) -> bool {
    let zero = code.starts_with('0') && (glued.contains('Z') || glued.contains(|c: char| c.is_ascii_digit()));
    let category_2_or_3 = code.ends_with(|c: char| c.is_ascii_alphabetic());
    let others = ["102", "109", "3023", "3024", "3025", "3026", "3027", "3028"];
    (zero && !category_2_or_3) || others.iter().any(|start| code.starts_with(start))
}

/// Takes `-59-GP` off the front of `rest`.
fn hyphenated<'t>(mut rest: &'t str, modifiers: &mut Vec<String>) -> &'t str {
    while let Some((one, after)) = rest
        .strip_prefix('-')
        .and_then(|r| r.trim_start_matches('-').split_at_checked(2))
    {
        if !shape::modifier(one) || after.starts_with(char::is_alphanumeric) {
            break;
        }
        modifiers.push(one.to_owned());
        rest = after;
    }
    rest
}

/// Reads `25`, `59 GP`, `: 25`, `-gp` as modifiers when all of `rest` is modifiers; words of a description may have two
/// letters as well. Lower case counts only behind a hyphen.
fn spaced(rest: &str) -> (&str, Vec<String>) {
    let words = rest
        .split([' ', ',', ':', '-', '/', '\t'])
        .filter(|word| !word.is_empty());
    let upper: Option<Vec<_>> = words
        .map(|word| {
            if rest.starts_with('-') {
                word.to_ascii_uppercase()
            } else {
                word.to_owned()
            }
        })
        .map(|word| shape::modifier(&word).then_some(word))
        .collect();
    match upper {
        Some(modifiers) => ("", modifiers),
        None => (rest, Vec::new()),
    }
}

/// Whether the rest of a cell is nothing but further codes: then none of them is certain.
fn several(rest: &str) -> bool {
    let mut words = rest
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some()
        && words.all(|word| {
            let word = word.to_ascii_uppercase();
            let billing = word.split_at_checked(5).is_some_and(|(code, glued)| {
                (shape::cpt(code).is_some() || shape::hcpcs(code).is_some()) && glued_modifiers(glued, true).is_some()
            });
            billing || shape::modifier(&word)
        })
}
