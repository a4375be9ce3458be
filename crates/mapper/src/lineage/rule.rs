//! The rule by which a cell became an element, in words: from what the mapping noted while it ran, and what the vendor declares.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Cell, Vendors, cells};
use crate::load::settle::Settling;
use crate::{Site, Trace, id};

/// What rules are told from.
pub(super) struct Rules<'a> {
    pub vendor: Vendors,
    pub site: &'a Site,
    /// What the mapping noted.
    pub trace: &'a Trace,
    /// The resource's own table.
    pub own: &'a str,
    pub copies: &'a [Settling],
    /// The table of each kind in ids.
    pub tables: BTreeMap<&'static str, &'static str>,
    /// The rows' cells by what they say.
    pub alike: BTreeMap<&'a str, Vec<Cell>>,
}

/// An element: its path and value.
pub(super) type Leaf = (String, Value);

impl Rules<'_> {
    /// The rule that made an element of a cell; `all` are the cell's elements.
    pub fn of(&self, leaf: &Leaf, cell: &Cell, all: &[&Leaf]) -> String {
        let own = match self.directly(leaf, cell) {
            Some(rule) => rule,
            None => self.aside(leaf, cell, all),
        };
        let adjusted = self.trace.adjusted.iter().find(|note| note.column == cell.column);
        let own = match adjusted {
            Some(note) if moment(&leaf.1).is_some() => format!("{own}; {}", note.why),
            _ => own,
        };
        match self.copied(cell) {
            Some(about) => format!("{own}; {about}"),
            None => own,
        }
    }

    /// Whether the element says what the cell says.
    pub fn is_direct(&self, leaf: &Leaf, cell: &Cell) -> bool {
        !leaf.0.ends_with("reference") && self.directly(leaf, cell).is_some()
    }

    fn directly(&self, leaf: &Leaf, cell: &Cell) -> Option<String> {
        let (path, value) = leaf;
        if path == "id" {
            return Some("part of the row's key, from which the id is made".to_owned());
        }
        if path.ends_with(".reference") {
            return Some(self.reference(&shown(value), cell));
        }
        let said = self.says(leaf, cell);
        said.or_else(|| (path == "meta.lastUpdated").then(|| "when the row last changed".to_owned()))
    }

    /// How an element says what a cell says; `None` when it does not.
    pub fn says(&self, (_, value): &Leaf, cell: &Cell) -> Option<String> {
        let text = shown(value);
        if text == cell.raw {
            return Some("as delivered".to_owned());
        }
        if let Some(map) = self.coded(&text, cell) {
            return Some(format!("code map {map}"));
        }
        if told_by(value, &cell.raw) {
            let zoned = text.contains('T') && !text.ends_with('Z');
            return Some(match zoned {
                true => format!("a time by the clock of the place, else of {}", self.site.zone()),
                false => "a date or time, in FHIR's form".to_owned(),
            });
        }
        let (lower, raw) = (text.to_lowercase(), cell.raw.to_lowercase());
        // One letter is in many texts by chance.
        let long = raw.chars().count() > 1;
        if long && lower.contains(&raw) {
            Some("part of the text".to_owned())
        } else if raw.contains(&lower) {
            Some("a part of the cell".to_owned())
        } else {
            None
        }
    }

    /// The rule for an element that does not say what the cell says, but depends on it.
    fn aside(&self, (path, _): &Leaf, cell: &Cell, all: &[&Leaf]) -> String {
        let parent = |path: &str| path.rsplit_once('.').map(|(parent, _)| parent.to_owned());
        let mut around = parent(path);
        while let Some(within) = around {
            let inside = |leaf: &&&Leaf| leaf.0.starts_with(&within) && leaf.0 != *path && self.is_direct(leaf, cell);
            if let Some(said) = all.iter().find(inside) {
                return format!("said together with {}", said.0);
            }
            around = parent(&within);
        }
        let others = self.alike.get(cell.raw.as_str()).into_iter().flatten();
        let mut others = others.filter(|other| (other.table, &other.key) != (cell.table, &cell.key));
        match others.next() {
            Some(other) => format!("ties the row to that of {} with the same {}", other.table, other.column),
            None => "decides whether it is said, or how".to_owned(),
        }
    }

    /// The code map that gave a code: as the mapping noted, else the one that gives it for the cell.
    fn coded(&self, text: &str, cell: &Cell) -> Option<&'static str> {
        let noted = self.trace.coded.iter().find(|note| {
            note.code == Some(text) && (note.column == cell.column || cell.raw.eq_ignore_ascii_case(&note.word))
        });
        if let Some(note) = noted {
            return Some(note.map);
        }
        let known = cells::codes(&cell.raw, self.vendor.maps, self.site);
        known
            .into_iter()
            .find(|(_, code)| *code == text)
            .map(|(map, _)| map.name)
    }

    fn reference(&self, text: &str, cell: &Cell) -> String {
        let kind = text
            .split_once('/')
            .and_then(|(_, id)| id::decode(id))
            .map(|(_, kind, _)| kind.to_owned());
        let table = kind
            .and_then(|kind| self.tables.get(kind.as_str()).copied())
            .unwrap_or_default();
        if cell.table == table {
            return "of the row that is referred to".to_owned();
        }
        let links = self.vendor.schema.links.iter();
        let mut links =
            links.filter(|l| l.table == cell.table && l.target_table == table && l.raw.contains(&cell.column));
        match links.next() {
            Some(link) => format!(
                "resolved to the row of {table} with this {}",
                link.target_ids.join(" or ")
            ),
            None => format!("used to find the row of {table}"),
        }
    }

    /// What the vendor's statement says that brings the cell to the resource's table.
    fn copied(&self, cell: &Cell) -> Option<&str> {
        if cell.table == self.own {
            return None;
        }
        let names = |s: &&Settling| {
            s.sql
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|w| w == cell.table)
        };
        let of_own = self
            .copies
            .iter()
            .filter(|s| s.table == self.own && !s.about.is_empty());
        of_own.filter(names).map(|s| s.about.as_str()).next()
    }

    /// The rule of an element that depends on no cell. `lost`: the rows did not give it again.
    pub fn without_cell(&self, path: &str, lost: bool) -> String {
        match path {
            "meta.versionId" => "a hash of the content, by the server",
            "meta.lastUpdated" => "when the row was loaded as it is",
            "id" => "made of a hash of the row's content",
            _ if lost => "not traced: it depends on more rows than were read",
            _ => "a constant of the mapping",
        }
        .to_owned()
    }

    /// Why a cell gave no element.
    pub fn unused(&self, cell: &Cell) -> String {
        let noted = self.trace.lost.iter().find(|note| note.column == cell.column);
        match noted {
            Some(note) => format!("{}: {}", note.element, note.why),
            None => "no element depends on it".to_owned(),
        }
    }
}

/// A leaf as text.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The year, and the hour and minute where there are any, of a date or time as FHIR writes them.
fn moment(value: &Value) -> Option<(&str, Option<(u32, u32)>)> {
    let text = value.as_str()?;
    let (year, rest) = text.split_at_checked(4)?;
    let is = |text: &str, signs: &[u8]| text.bytes().all(|b| b.is_ascii_digit() || signs.contains(&b));
    if !is(year, b"") || !is(rest, b"-:T.+Z") || !(rest.is_empty() || rest.starts_with('-')) {
        return None;
    }
    let clock = rest.split_once('T').and_then(|(_, clock)| {
        let mut parts = clock.split(':');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    });
    Some((year, clock))
}

/// Whether a cell tells a date or time: it has its year, or nothing but its hour and minute.
fn told_by(value: &Value, raw: &str) -> bool {
    let Some((year, clock)) = moment(value) else {
        return false;
    };
    let numbers: Vec<u32> = raw
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok())
        .collect();
    let short = year.get(2..).and_then(|y| y.parse().ok());
    let dated = numbers.len() == 3 && numbers.last().copied() == short;
    let at = match (clock, numbers.as_slice()) {
        (Some((hour, minute)), [h, m, ..]) => {
            (*h == hour || *h == hour % 12 || *h == 12 && hour % 12 == 0) && *m == minute
        }
        _ => false,
    };
    raw.contains(year) || dated || at
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::told_by;

    #[test]
    fn a_cell_tells_a_time_by_its_year_or_its_clock() {
        let at = json!("2026-01-15T09:30:00-05:00");
        for cell in ["20260115", "1/15/2026", "01/15/26", "09:30:00", "9:30 AM"] {
            assert!(told_by(&at, cell), "{cell}");
        }
        for cell in ["3001", "Office Visit", "10:30", "26"] {
            assert!(!told_by(&at, cell), "{cell}");
        }
        assert!(!told_by(&json!("not a date"), "2026"));
        assert!(!told_by(&json!("20263"), "2026"));
    }
}
