//! Tables between a vendor's words and FHIR codes, used in both directions.

/// A vendor's words for the codes of one FHIR value set.
///
/// The same table translates a cell on the way out and turns `status=finished` into
/// `LOWER(status) IN ('completed', 'done', …)` on the way in; a profile may add words (see [`Profile`](crate::Profile)).
#[derive(Debug)]
pub struct CodeMap {
    /// The name in profiles, `[codes.NAME]`.
    pub name: &'static str,
    /// The code system of the FHIR codes.
    pub system: &'static str,
    /// Lower-case word and code.
    pub entries: &'static [(&'static str, &'static str)],
    /// The code for a missing or unknown word; `None` when the element is then left out.
    pub fallback: Option<&'static str>,
    /// Codes of the value set that no entry has but a profile may use.
    pub others: &'static [&'static str],
}

impl CodeMap {
    /// The code of a lower-case word.
    #[must_use]
    pub fn lookup(&self, text: &str) -> Option<&'static str> {
        self.entries
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, code)| *code)
    }

    /// Every code that the map can give.
    pub fn targets(&self) -> impl Iterator<Item = &'static str> {
        self.entries
            .iter()
            .map(|(_, code)| *code)
            .chain(self.others.iter().copied())
            .chain(self.fallback)
    }
}
