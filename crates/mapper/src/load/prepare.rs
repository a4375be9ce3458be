//! From a row's cells to what is stored.

use blake3::Hasher;
use chrono::NaiveDateTime;

use super::{Cells, Derived, Entity, LoadError};
use crate::Site;
use crate::id::{hash_key, row_key};
use crate::sql::Value;

/// A row ready to be stored.
pub(super) struct Prepared {
    /// The key; of a row without one the hash that an occurrence number may be added to.
    pub key: String,
    /// Whether the key is such a hash.
    pub keyless: bool,
    /// A hash of everything stored but the file and the time of the load.
    pub hash: String,
    pub modified: Option<NaiveDateTime>,
    pub updated: Option<NaiveDateTime>,
    pub hold: Option<String>,
    pub cells: Vec<Option<String>>,
    pub values: Vec<Value>,
    pub exploded: Vec<Vec<Value>>,
}

/// Computes what is stored beside a row's cells.
pub(super) fn prepare(
    entity: &'static Entity,
    site: &Site,
    mut values: Vec<Option<String>>,
) -> Result<Prepared, LoadError> {
    let cells = Cells::new(entity.columns, &values);
    let derived = (entity.derive)(&cells, site);
    if derived.values.len() != entity.computed.len() {
        let (found, expected) = (derived.values.len(), entity.computed.len());
        return Err(LoadError::Schema(format!(
            "`{}` derives {found} values for {expected} columns",
            entity.name
        )));
    }
    let (key, keyless) = match &derived.key {
        Some(key) => (row_key(key), false),
        None => (identity(&cells, derived.identifying), true),
    };
    for at in derived.forgotten.iter().filter_map(|column| entity.position(column)) {
        if let Some(cell) = values.get_mut(at) {
            *cell = None;
        }
    }
    let hash = content_hash(&values, &derived);
    let Derived {
        modified,
        updated,
        hold,
        values: computed,
        exploded,
        ..
    } = derived;
    Ok(Prepared {
        key,
        keyless,
        hash,
        modified,
        updated,
        hold,
        cells: values,
        values: computed,
        exploded,
    })
}

impl Prepared {
    /// About how much memory the row takes.
    pub fn size(&self) -> usize {
        let cells: usize = self.cells.iter().flatten().map(String::len).sum();
        let texts = self
            .values
            .iter()
            .map(|v| if let Value::Text(t) = v { t.len() } else { 0 });
        cells + texts.sum::<usize>() + 32 * (self.cells.len() + self.values.len())
    }
}

fn identity(cells: &Cells<'_>, identifying: &[&str]) -> String {
    let own = |column: &str| identifying.is_empty() || identifying.contains(&column);
    let parts: Vec<_> = cells
        .iter()
        .filter(|(c, _)| own(c))
        .map(|(_, cell)| cell.unwrap_or(""))
        .collect();
    hash_key(&parts)
}

/// What is computed is hashed too, so that a mapping that learnt something new takes effect with the next load.
fn content_hash(cells: &[Option<String>], derived: &Derived) -> String {
    let mut bytes = Vec::with_capacity(1024);
    for cell in cells {
        text(&mut bytes, cell.as_deref());
    }
    text(&mut bytes, derived.key.as_deref());
    text(&mut bytes, derived.hold.as_deref());
    time(&mut bytes, derived.modified);
    time(&mut bytes, derived.updated);
    for value in derived.values.iter().chain(derived.exploded.iter().flatten()) {
        match value {
            Value::Text(v) => text(&mut bytes, Some(v)),
            Value::Null => text(&mut bytes, None),
            Value::Int(v) => bytes.extend(v.to_le_bytes()),
            Value::Date(v) => time(&mut bytes, v.and_hms_opt(0, 0, 0)),
            Value::Time(v) => time(&mut bytes, Some(*v)),
        }
    }
    let mut hasher = Hasher::new();
    hasher.update(&bytes);
    hasher.finalize().to_hex().chars().take(32).collect()
}

/// Length first, so that cells cannot run into each other.
fn text(bytes: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        None => bytes.extend(u64::MAX.to_le_bytes()),
    }
}

fn time(bytes: &mut Vec<u8>, time: Option<NaiveDateTime>) {
    bytes.extend(time.map_or(i64::MIN, |t| t.and_utc().timestamp_micros()).to_le_bytes());
}
