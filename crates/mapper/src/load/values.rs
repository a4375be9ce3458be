//! What `derive` functions of every vendor make of cells in the same way.

use crate::codes::System;
use crate::sql::Value;
use crate::time::Moment;
use crate::{fold, id};

/// The interval of a moment as two values.
#[must_use]
pub fn interval(moment: Option<Moment>) -> [Value; 2] {
    moment.map_or([Value::Null, Value::Null], |m| [Value::Time(m.lo), Value::Time(m.hi)])
}

/// The key that a reference would have if it were right; the loader clears it when there is no such row.
#[must_use]
pub fn link(reference: Option<&str>) -> Value {
    reference.map_or(Value::Null, |r| Value::Text(id::row_key(r)))
}

/// A folded text.
#[must_use]
pub fn folded(cell: Option<&str>) -> Value {
    cell.map(fold)
        .filter(|f| !f.is_empty())
        .map_or(Value::Null, Value::Text)
}

/// The same of a text that is stored.
#[must_use]
pub fn folded_value(text: &Value) -> Value {
    match text {
        Value::Text(text) => folded(Some(text)),
        Value::Int(_) | Value::Date(_) | Value::Time(_) | Value::Null => Value::Null,
    }
}

/// A code as it is stored: system, normal form, and text; masked and empty cells give none of them.
#[must_use]
pub fn coded(coding: Option<(System, String)>, text: Option<String>) -> (Value, Value, Value) {
    let (system, code) = match coding {
        Some((system, code)) => (Value::from(system.tag()), Value::Text(code)),
        None => (Value::Null, Value::Null),
    };
    (system, code, Value::from(text))
}

/// A text as a code of the source's own system: single blanks only, as FHIR's `code` wants.
#[must_use]
pub fn words(cell: Option<&str>) -> Option<String> {
    cell.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The interval of a birth date, which is a calendar day without zone.
#[must_use]
pub fn birth(day: Option<crate::time::Civil>) -> [Value; 2] {
    interval(day.map(|day| crate::time::resolve(day.date_only(), chrono_tz::Tz::UTC)))
}
