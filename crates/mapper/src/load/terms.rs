//! What searches look for in a row that has several of it, or no column of its own for it: rows of a table beside the row's, see
//! [`param::Terms`](crate::param::Terms).

use fhir::us_core::{self, Category};

use super::Exploded;
use crate::sql::Value;
use crate::{CodeMap, Site, fold};

/// The columns of a table of terms behind the owner's key.
const COLUMNS: [&str; 3] = ["what", "raw", "folded"];

/// The table of the terms of an entity's rows.
#[must_use]
pub const fn table(entity: &'static str, table: &'static str) -> Exploded {
    Exploded {
        entity,
        table,
        owner: "owner",
        columns: &COLUMNS,
        searched_only: true,
    }
}

/// The terms of one row, for [`Derived::exploded`](super::Derived::exploded).
#[derive(Debug, Default)]
pub struct Terms(Vec<Vec<Value>>);

/// An address, as cells.
#[derive(Debug, Clone, Copy, Default)]
pub struct Address<'a> {
    /// Street lines.
    pub lines: [Option<&'a str>; 2],
    /// City.
    pub city: Option<&'a str>,
    /// County.
    pub district: Option<&'a str>,
    /// State.
    pub state: Option<&'a str>,
    /// ZIP code.
    pub zip: Option<&'a str>,
    /// Country.
    pub country: Option<&'a str>,
    /// Its use, as a code.
    pub used: Option<&'a str>,
}

/// A state as it goes out: its code, when it is one of the United States.
#[must_use]
pub fn as_state(text: &str) -> &str {
    us_core::state(text).unwrap_or(text)
}

impl Address<'_> {
    /// Whether it has what makes an address: a county or country alone does not.
    #[must_use]
    pub fn is_told(&self) -> bool {
        let [first, second] = self.lines;
        [first, second, self.city, self.state, self.zip]
            .iter()
            .any(Option::is_some)
    }
}

impl Terms {
    /// One text, as it goes out.
    #[must_use]
    pub fn and(mut self, what: &'static str, text: Option<&str>) -> Self {
        if let Some(text) = text {
            let folded = Some(fold(text)).filter(|folded| !folded.is_empty());
            let term = vec![Value::from(what), Value::from(text), Value::from(folded)];
            if !self.0.contains(&term) {
                self.0.push(term);
            }
        }
        self
    }

    /// The parts of an address, when it has what makes one.
    #[must_use]
    pub fn address(self, address: &Address<'_>) -> Self {
        if !address.is_told() {
            return self;
        }
        let [first, second] = address.lines;
        self.and("line", first)
            .and("line", second)
            .and("city", address.city)
            .and("district", address.district)
            .and("state", address.state.map(as_state))
            .and("postalcode", address.zip)
            .and("country", address.country)
            .and("use", address.used)
    }

    /// A telephone number with its extension.
    #[must_use]
    pub fn phone(self, number: Option<&str>, extension: Option<&str>) -> Self {
        let full = number.map(|number| extension.map_or_else(|| number.to_owned(), |ext| format!("{number} x{ext}")));
        self.and("phone", full.as_deref())
    }

    /// A mail address.
    #[must_use]
    pub fn email(self, address: Option<&str>) -> Self {
        self.and("email", address)
    }

    /// The categories of races that go out, of words that a code map knows.
    #[must_use]
    pub fn races<'a>(self, words: impl Iterator<Item = &'a str>, map: &'static CodeMap, site: &Site) -> Self {
        let known = words.filter_map(|word| us_core::category(site.code(map, Some(word)).code()?));
        let known: Vec<Category> = known.collect();
        us_core::races(&known)
            .iter()
            .fold(self, |terms, category| terms.category(("race", "race-none"), category))
    }

    /// The category of an ethnicity, of a word that a code map knows.
    #[must_use]
    pub fn ethnicity(self, word: Option<&str>, map: &'static CodeMap, site: &Site) -> Self {
        let code = word.and_then(|word| site.code(map, Some(word)).code());
        match code.and_then(us_core::category) {
            Some(category) => self.category(("ethnicity", "ethnicity-none"), &category),
            None => self,
        }
    }

    /// A category, by one name when it is one and by the other when it says that there is none.
    #[must_use]
    pub fn category(self, (real, none): (&'static str, &'static str), category: &Category) -> Self {
        self.and(if category.is_null() { none } else { real }, Some(category.code))
    }

    /// The rows.
    #[must_use]
    pub fn rows(self) -> Vec<Vec<Value>> {
        self.0
    }
}
