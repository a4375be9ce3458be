//! `DiagnosisCodeEquivalents`: the codes of several systems in one cell, `E11.9 (ICD10), 250.00 (ICD9), 44054006 (SNOMED)`.
//!
//! The packing is not documented; this is how readers of the export find it. Labels may be written in any letter case and with
//! hyphens or blanks (`ICD-10`, `SNOMED CT`), and commas, semicolons and bars separate.

use mapper::codes::{self, System};

/// What the cell holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Equivalents {
    /// The codes in their normal spelling, each once, in the order of the cell.
    pub codes: Vec<(System, String)>,
    /// How many parts gave no code: without label or with one that is no diagnosis system's, or of another shape than
    /// their label's codes.
    pub lost: usize,
}

/// Takes the cell apart.
pub fn equivalents(cell: &str) -> Equivalents {
    let mut found = Equivalents::default();
    // A label's end is the end of a part, so that a missing separator does not matter.
    for piece in cell.split_inclusive(')') {
        let labelled = piece.strip_suffix(')').and_then(|piece| piece.rsplit_once('('));
        let (before, label) = labelled.map_or((piece, None), |(before, label)| (before, Some(label)));
        let mut parts: Vec<&str> = before
            .split([',', ';', '|'])
            .map(|part| part.trim_matches(|c: char| c.is_whitespace() || c == ')'))
            .filter(|part| !part.is_empty())
            .collect();
        if let Some(label) = label {
            match parts.pop().and_then(|code| one(code, label)) {
                Some(code) if !found.codes.contains(&code) => found.codes.push(code),
                Some(_) => {}
                None => found.lost += 1,
            }
        }
        found.lost += parts.len();
    }
    found
}

/// A code under its label, when it has the shape of one.
fn one(code: &str, label: &str) -> Option<(System, String)> {
    let system = System::from_label(label)?;
    let read = codes::diagnosis(code, Some(label), None);
    let whole = read.text.is_none();
    read.coding.filter(|(found, _)| whole && *found == system)
}

#[cfg(test)]
mod tests {
    use super::equivalents;

    fn read(cell: &str) -> String {
        let found = equivalents(cell);
        let codes: Vec<_> = found.codes.iter().map(|(s, c)| format!("{}|{c}", s.tag())).collect();
        format!("{} lost {}", codes.join(" "), found.lost)
    }

    #[test]
    fn the_usual_packing() {
        let cell = "E11.9 (ICD10), 250.00 (ICD9), 44054006 (SNOMED)";
        assert_eq!(read(cell), "icd10cm|E11.9 icd9cm|250.00 snomed|44054006 lost 0");
        assert_eq!(read("I10 (ICD10)"), "icd10cm|I10 lost 0");
    }

    #[test]
    fn labels_separators_and_blanks_vary() {
        let all = "icd10cm|E78.5 icd9cm|272.4 snomed|55822004 lost 0";
        for cell in [
            "E78.5 (icd-10);272.4 (ICD 9)|55822004 (SNOMED CT)",
            "  E78.5  ( ICD10CM ) ,, 272.4(Icd9) ; 55822004 (snomed-ct) ,",
            "E785 (ICD10) 272.4 (ICD9) 55822004 (SCT)",
            "E78.5 (ICD10), E78.5 (ICD-10-CM), 272.4 (ICD9), 55822004 (SNOMED)",
        ] {
            assert_eq!(read(cell), all, "{cell}");
        }
    }

    #[test]
    fn several_codes_of_one_system() {
        assert_eq!(
            read("E11.22 (ICD10), N18.30 (ICD10)"),
            "icd10cm|E11.22 icd10cm|N18.30 lost 0"
        );
    }

    #[test]
    fn what_is_no_code_of_its_label_is_lost() {
        assert_eq!(read("250.00 (ICD10)"), " lost 1");
        assert_eq!(read("44054007 (SNOMED)"), " lost 1");
        assert_eq!(read("8140/3 (ICDO)"), " lost 1");
        assert_eq!(read("97597 (CPT)"), " lost 1");
        assert_eq!(read("E11.9"), " lost 1");
        assert_eq!(read("E11.9 (ICD10"), " lost 1");
        assert_eq!(read("(ICD10), 38341003 (SNOMED)"), "snomed|38341003 lost 1");
        assert_eq!(read("see chart, E11.9 (ICD10), J45"), "icd10cm|E11.9 lost 2");
        assert_eq!(read("E11.9 diabetes (ICD10)"), " lost 1");
        assert_eq!(read(" , "), " lost 0");
    }
}
