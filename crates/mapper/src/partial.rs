//! Answers that do without the sources that are away.

use std::collections::BTreeSet;

use crate::Error;

/// Which sources an answer does without.
#[derive(Debug, Default)]
pub struct Partial {
    /// Whether it may.
    allowed: bool,
    missing: BTreeSet<String>,
}

impl Partial {
    /// An answer that may do without sources (`true`), or needs all of them.
    #[must_use]
    pub fn allowed(allowed: bool) -> Self {
        Self {
            allowed,
            ..Self::default()
        }
    }

    /// What a source says; `None` when it is away and the answer may do without it.
    ///
    /// # Errors
    /// The source's, otherwise.
    pub fn allow<T>(&mut self, source: &str, said: Result<T, Error>) -> Result<Option<T>, Error> {
        match said {
            Err(Error::Unavailable(_)) if self.allowed => {
                self.missing.insert(source.to_owned());
                Ok(None)
            }
            said => said.map(Some),
        }
    }

    /// The sources that are left out.
    #[must_use]
    pub fn missing(&self) -> &BTreeSet<String> {
        &self.missing
    }

    /// Whether the source is left out.
    #[must_use]
    pub fn is_missing(&self, source: &str) -> bool {
        self.missing.contains(source)
    }
}
