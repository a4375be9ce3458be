//! What a translation could not carry over, said per element.

/// A cell that is filled in but gave no element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lost {
    /// The FHIR element, such as `onset[x]`.
    pub element: &'static str,
    /// The vendor's column.
    pub column: &'static str,
    /// Why, in a few words.
    pub why: &'static str,
}

/// A word that no code map knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unmapped {
    /// The code map's name.
    pub map: &'static str,
    /// The word as delivered.
    pub word: String,
}

/// A word that a code map knows, and its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// The code map's name.
    pub map: &'static str,
    /// The vendor's column.
    pub column: &'static str,
    /// The word as delivered; empty without.
    pub word: String,
    /// The code, or the map's fallback.
    pub code: Option<&'static str>,
}

/// Collects what translations could not carry over. Serving does not need it, so it can be switched off.
#[derive(Debug, Default)]
pub struct Trace {
    on: bool,
    /// Cells that gave no element.
    pub lost: Vec<Lost>,
    /// Cells whose element says something else than the cell.
    pub adjusted: Vec<Lost>,
    /// Words without code.
    pub unmapped: Vec<Unmapped>,
    /// Codes that code maps gave.
    pub(crate) coded: Vec<Coded>,
}

impl Trace {
    /// A trace that collects.
    #[must_use]
    pub fn collecting() -> Self {
        Self {
            on: true,
            ..Self::default()
        }
    }

    /// Notes a cell that gave no element.
    pub fn lost(&mut self, element: &'static str, column: &'static str, why: &'static str) {
        if self.on {
            self.lost.push(Lost { element, column, why });
        }
    }

    /// Notes an element that says something else than its cell, by a stated rule.
    pub fn adjusted(&mut self, element: &'static str, column: &'static str, why: &'static str) {
        if self.on {
            self.adjusted.push(Lost { element, column, why });
        }
    }

    /// Notes what a code map gave for a cell.
    pub(crate) fn coded(
        &mut self,
        map: &'static str,
        column: &'static str,
        word: Option<&str>,
        code: Option<&'static str>,
    ) {
        if self.on {
            self.coded.push(Coded {
                map,
                column,
                word: word.unwrap_or_default().to_owned(),
                code,
            });
        }
    }

    /// Notes a word without code.
    pub fn unmapped(&mut self, map: &'static str, word: &str) {
        if self.on {
            self.unmapped.push(Unmapped {
                map,
                word: word.to_owned(),
            });
        }
    }
}

/// Why a row cannot become a valid resource, in a few words without any content of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rejected(pub &'static str);
