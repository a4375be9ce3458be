//! What feeds write to say which system a code is of.

use super::System;

/// What the feed says about the system of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stated {
    /// Nothing: the pattern of the code has to tell.
    Nothing,
    /// This system.
    As(System),
    /// Something that is none of our systems: `IMO`, `LOCAL`, ICD-10-PCS.
    Other,
}

/// Reads a code type column. `ICD` without a version says no more than a diagnosis column does.
pub(super) fn stated(label: Option<&str>) -> Stated {
    match label.map(str::trim).filter(|label| !label.is_empty()) {
        None => Stated::Nothing,
        Some(label) => match system(label) {
            Some(system) => Stated::As(system),
            None if folded(label) == "ICD" => Stated::Nothing,
            None => Stated::Other,
        },
    }
}

/// See [`System::from_label`].
pub(super) fn system(label: &str) -> Option<System> {
    let label = label.trim();
    let oid = label.strip_prefix("urn:oid:").unwrap_or(label);
    by_oid(oid)
        .or_else(|| by_uri(label))
        .or_else(|| by_name(&folded(label)))
}

/// URIs as feeds write them: `http` for `https` and the other way round, with a slash at the end.
fn by_uri(label: &str) -> Option<System> {
    fn bare(uri: &str) -> Option<&str> {
        let rest = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://"))?;
        Some(rest.trim_end_matches('/'))
    }
    let wanted = bare(label)?;
    System::ALL
        .into_iter()
        .find(|system| bare(system.uri()) == Some(wanted))
}

/// Whether a word in the cell itself, in front of a code, names a system. Shorter labels (`I10`, `10`, `9`) do not
/// count here: in front of a text they are codes or numbers.
pub(super) fn prefix(word: &str) -> Option<System> {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    system(word).filter(|_| letters >= 3)
}

fn by_oid(oid: &str) -> Option<System> {
    match oid.strip_prefix("2.16.840.1.113883.6.")? {
        "90" => Some(System::Icd10Cm),
        "103" | "42" => Some(System::Icd9Cm),
        "96" => Some(System::Snomed),
        "12" => Some(System::Cpt),
        "285" | "14" => Some(System::Hcpcs),
        _ => None,
    }
}

fn by_name(name: &str) -> Option<System> {
    match name {
        // ABK and ABF, BK and BF: qualifiers of an X12 claim; I10C and I9C: HL7 table 0396
        "ICD10" | "ICD10CM" | "ICD10DX" | "I10" | "I10C" | "10" | "ABK" | "ABF" => Some(System::Icd10Cm),
        "ICD9" | "ICD9CM" | "ICD9DX" | "ICD09" | "I9" | "I9C" | "I9CDX" | "9" | "09" | "BK" | "BF" => {
            Some(System::Icd9Cm)
        }
        "SNOMED" | "SNOMEDCT" | "SNOMEDCTUS" | "SNOMEDCTUSEDITION" | "SCT" => Some(System::Snomed),
        "CPT" | "CPT4" | "C4" | "CPTII" | "CPTIII" => Some(System::Cpt),
        "HCPCS" | "HCPC" | "HCPCSII" | "HCPCSLEVELII" => Some(System::Hcpcs),
        _ => None,
    }
}

/// Upper case, without the separators that spellings differ in.
fn folded(label: &str) -> String {
    label
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}
