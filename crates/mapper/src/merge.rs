//! The order of rows that come from several mappings or sources.

use std::cmp::Ordering;

use fhir::search::Sort;

use crate::sql::SortKey;

/// How two rows' sort values compare: text by code point, missing values last in either direction.
///
/// Timestamps have six digits of a second here, whatever their database writes.
#[must_use]
pub fn compare(a: &SortKey, b: &SortKey, sort: &[Sort]) -> Ordering {
    for ((a, b), term) in a.iter().zip(b).zip(sort) {
        let order = match (a, b) {
            (Some(a), Some(b)) if term.descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}
