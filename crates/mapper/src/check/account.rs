//! The parts of an account, for people and for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::provider::Review;
use crate::{Lost, Unmapped};

/// What became of everything in one source's database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The source's name.
    pub source: String,
    /// One account per table.
    pub tables: Vec<Table>,
    /// References between tables, and how many lead nowhere.
    pub references: Vec<References>,
    /// Codes by their system.
    pub codes: Vec<Codes>,
    /// Every load so far.
    pub deliveries: Vec<Delivery>,
}

/// The rows of a table: `rows = served + part + withheld + rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The table's name.
    pub table: &'static str,
    /// The FHIR types its rows become; none for a table that has no mapping of its own.
    pub resources: Vec<&'static str>,
    /// All its rows.
    pub rows: u64,
    /// Rows that became a resource.
    pub served: u64,
    /// Rows of a table without mapping that are not on hold: they are served as part of other tables' resources.
    pub part: u64,
    /// Rows on hold, by the reason the vendor gave for it.
    pub withheld: BTreeMap<String, u64>,
    /// Rows that cannot become a valid resource, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Cells that gave no element.
    pub lost: Vec<Cells>,
    /// Cells whose element says something else, by a stated rule.
    pub adjusted: Vec<Cells>,
    /// Words that no code map knows.
    pub unmapped: Vec<Word>,
}

/// Cells of one column with one fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cells {
    /// The FHIR element.
    pub element: &'static str,
    /// The vendor's column.
    pub column: &'static str,
    /// Why.
    pub why: &'static str,
    /// How many.
    pub cells: u64,
}

/// A word without code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The code map's name, as in the profile's `[codes.…]`.
    pub map: &'static str,
    /// The word as delivered.
    pub word: String,
    /// How many cells have it.
    pub cells: u64,
}

/// The references of one column to one table, over the rows that are not on hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct References {
    /// The referring table.
    pub table: &'static str,
    /// Its columns that hold the reference.
    pub columns: &'static [&'static str],
    /// The table referred to.
    pub target: &'static str,
    /// Rows that have a reference.
    pub rows: u64,
    /// Of these, rows whose reference finds no served row.
    pub unresolved: u64,
}

/// The codes of one system in one table, over the rows that are not on hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// The table.
    pub table: &'static str,
    /// The system's URI; `None` for codes whose system is not certain, which are served as text.
    pub system: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Different codes.
    pub codes: u64,
}

/// One load: `read = new + updated + unchanged + superseded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its number.
    pub delivery: i64,
    /// Rows read.
    pub read: u64,
    /// Rows that were not there.
    pub new: u64,
    /// Rows that replaced another content.
    pub updated: u64,
    /// Rows that were there with the same content.
    pub unchanged: u64,
    /// Rows that lost against a newer one.
    pub superseded: u64,
}

impl Table {
    /// Rows withheld for whatever reason.
    #[must_use]
    pub fn withheld(&self) -> u64 {
        self.withheld.values().sum()
    }

    /// Rows rejected for whatever reason.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Whether every row is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.rows == self.served + self.part + self.withheld() + self.rejected()
    }

    pub(super) fn hold(&mut self, reason: &str, rows: u64) {
        let (map, reason) = match reason.split_once(':') {
            Some(("withheld", why)) => (&mut self.withheld, why),
            Some(("rejected", why)) => (&mut self.rejected, why),
            // Of no known kind: in neither sum, so the account does not balance and somebody looks.
            _ => return,
        };
        *map.entry(reason.to_owned()).or_default() += rows;
    }

    pub(super) fn serve(&mut self, resource: &'static str) {
        if !self.resources.contains(&resource) {
            self.resources.push(resource);
        }
    }

    pub(super) fn add(&mut self, review: Review) {
        self.served += review.served;
        for (reason, rows) in review.rejected {
            *self.rejected.entry(reason.to_owned()).or_default() += rows;
        }
        let cells = |(lost, cells): (Lost, u64)| {
            let Lost { element, column, why } = lost;
            Cells {
                element,
                column,
                why,
                cells,
            }
        };
        self.lost.extend(review.lost.into_iter().map(cells));
        self.adjusted.extend(review.adjusted.into_iter().map(cells));
        let word = |(unmapped, cells): (Unmapped, u64)| Word {
            map: unmapped.map,
            word: unmapped.word,
            cells,
        };
        self.unmapped.extend(review.unmapped.into_iter().map(word));
    }
}

impl Delivery {
    /// Whether every row that was read is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.read == self.new + self.updated + self.unchanged + self.superseded
    }
}

impl Account {
    /// Whether every row of every table and every load is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.tables.iter().all(Table::balances) && self.deliveries.iter().all(Delivery::balances)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_on_hold_for_no_known_kind_of_reason_are_missed() {
        let mut table = Table {
            table: "t",
            rows: 3,
            served: 1,
            ..Table::default()
        };
        table.hold("withheld:deleted", 1);
        table.hold("lost:somehow", 1);
        assert!(!table.balances());
        table.hold("rejected:no patient", 1);
        assert!(table.balances());
        assert_eq!((table.withheld(), table.rejected()), (1, 1));
    }
}
