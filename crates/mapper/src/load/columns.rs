//! Which stored column a delivered column feeds.

use std::collections::{BTreeMap, HashMap};

use super::Entity;
use super::entity::cell;
use crate::Site;

/// Names met in a delivery that are remembered; more is not a vendor's doing.
const MOST_NAMES: usize = 2_000;
/// Names that the report lists per entity; the others are added up.
const MOST_LISTED: usize = 200;
/// Longer names are cut in the report.
const LONGEST_NAME: usize = 64;

/// The delivered names that one entity understands. Letter case does not matter.
///
/// A name feeds one column: the one that the profile gives it, else the one it is the canonical name of, else the first
/// that has it as an alias. Of several names with a cell for the same column the profile's wins, then the canonical
/// one, then aliases in their order; a name that occurs twice in a row gives its last cell.
pub(super) struct Names<'a> {
    entity: &'static Entity,
    site: &'a Site,
    known: HashMap<String, Target>,
    met: HashMap<String, Target>,
    lost: BTreeMap<String, u64>,
}

/// What a delivered name feeds: a column, better than higher ranks; or nothing.
#[derive(Clone, Copy)]
enum Target {
    Column { at: usize, rank: usize },
    Nothing,
}

/// A row while its cells come in.
pub(super) struct Filling {
    values: Vec<Option<String>>,
    ranks: Vec<usize>,
}

impl<'a> Names<'a> {
    pub fn new(entity: &'static Entity, site: &'a Site) -> Self {
        let mut known = HashMap::new();
        let columns = || entity.columns.iter().enumerate().filter(|(_, c)| c.is_read(site));
        let renamed = site.profile().columns.get(entity.name);
        for (at, column) in columns() {
            if let Some(name) = renamed.and_then(|r| r.get(column.name)) {
                known.insert(name.trim().to_lowercase(), Target::Column { at, rank: 0 });
            }
        }
        for (at, column) in columns() {
            known
                .entry(column.name.to_owned())
                .or_insert(Target::Column { at, rank: 1 });
        }
        for (at, column) in columns() {
            for (i, alias) in column.aliases.iter().enumerate() {
                known
                    .entry(alias.to_lowercase())
                    .or_insert(Target::Column { at, rank: i + 2 });
            }
        }
        // A private column that is not read must not come in under the alias of another.
        for column in entity.columns.iter().filter(|c| !c.is_read(site)) {
            known.insert(column.name.to_owned(), Target::Nothing);
        }
        Self {
            entity,
            site,
            known,
            met: HashMap::new(),
            lost: BTreeMap::new(),
        }
    }

    /// An empty row.
    pub fn row(&self) -> Filling {
        let width = self.entity.columns.len();
        Filling {
            values: vec![None; width],
            ranks: vec![usize::MAX; width],
        }
    }

    /// Puts a delivered cell where it belongs.
    pub fn put(&mut self, row: &mut Filling, name: &str, text: &str) {
        let Some(value) = cell(text) else { return };
        match self.target(name) {
            Target::Nothing => self.lose(name),
            Target::Column { at, .. } if self.is_absent(at, &value) => {}
            Target::Column { at, rank } => {
                let (Some(slot), Some(held)) = (row.values.get_mut(at), row.ranks.get_mut(at)) else {
                    return;
                };
                let differs = slot.as_ref().is_some_and(|v| *v != value);
                let wins = rank <= *held;
                let loser = if wins { std::mem::replace(held, rank) } else { rank };
                if wins {
                    *slot = Some(value);
                }
                if differs {
                    // One of two different cells for one column is not stored.
                    let loser = self.name_of(at, loser);
                    self.lose(loser);
                }
            }
        }
    }

    /// Puts the cell of a column whose position is known.
    pub fn put_at(&mut self, row: &mut Filling, at: usize, text: &str) {
        let Some(column) = self.entity.columns.get(at) else {
            return;
        };
        if column.is_read(self.site) {
            if let Some(slot) = row.values.get_mut(at) {
                *slot = cell(text);
            }
        } else if cell(text).is_some() {
            self.lose(column.name);
        }
    }

    /// Looks a header's names up, so that its rows need not.
    pub fn bind(&mut self, header: &[&str]) -> Bound {
        let mut columns: Vec<Heading> = vec![];
        for name in header {
            let name = heading(name);
            let target = self.target(&name);
            columns.push(Heading { name, target, lost: 0 });
        }
        Bound { columns }
    }

    /// Puts a non-empty cell where the header says that it belongs.
    pub fn put_bound(&mut self, bound: &mut Bound, row: &mut Filling, at: usize, text: &str) {
        let Some(heading) = bound.columns.get_mut(at) else {
            return;
        };
        match heading.target {
            Target::Nothing => heading.lost += 1,
            // A header may name a column twice, by different names; the usual rules choose.
            Target::Column { at, .. } if row.values.get(at).is_some_and(Option::is_some) => {
                self.put(row, &heading.name, text);
            }
            Target::Column { at, .. } if self.is_absent(at, text) => {}
            Target::Column { at, rank } => {
                if let (Some(slot), Some(held)) = (row.values.get_mut(at), row.ranks.get_mut(at)) {
                    *slot = Some(text.to_owned());
                    *held = rank;
                }
            }
        }
    }

    /// Adds up what a header's columns lost.
    pub fn release(&mut self, bound: Bound) {
        for heading in bound.columns {
            if heading.lost > 0 {
                self.lose_many(&heading.name, heading.lost);
            }
        }
    }

    fn is_absent(&self, at: usize, text: &str) -> bool {
        self.entity.columns.get(at).is_some_and(|c| c.absent.contains(&text))
    }

    /// Non-empty cells that were not stored, by delivered name.
    pub fn into_lost(self) -> BTreeMap<String, u64> {
        self.lost
    }

    fn target(&mut self, name: &str) -> Target {
        if let Some(target) = self.met.get(name) {
            return *target;
        }
        let target = self
            .known
            .get(&name.trim().to_lowercase())
            .copied()
            .unwrap_or(Target::Nothing);
        if self.met.len() < MOST_NAMES {
            self.met.insert(name.to_owned(), target);
        }
        target
    }

    /// The delivered name that feeds the column with this rank.
    fn name_of(&self, at: usize, rank: usize) -> &'a str {
        let Some(column) = self.entity.columns.get(at) else {
            return "";
        };
        match rank {
            0 => {
                let renamed = self.site.profile().columns.get(self.entity.name);
                renamed
                    .and_then(|r| r.get(column.name))
                    .map_or(column.name, String::as_str)
            }
            1 => column.name,
            alias => column.aliases.get(alias - 2).copied().unwrap_or(column.name),
        }
    }

    fn lose(&mut self, name: &str) {
        self.lose_many(name, 1);
    }

    fn lose_many(&mut self, name: &str, cells: u64) {
        let name = short(name);
        let listed = self.lost.len() < MOST_LISTED || self.lost.contains_key(&name);
        *self
            .lost
            .entry(if listed { name } else { "(others)".to_owned() })
            .or_default() += cells;
    }
}

/// The columns of a file with a header.
pub(super) struct Bound {
    columns: Vec<Heading>,
}

struct Heading {
    /// As delivered, in lower case.
    name: String,
    target: Target,
    /// Cells that no column takes.
    lost: u64,
}

impl Bound {
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    pub fn name(&self, at: usize) -> Option<&str> {
        self.columns.get(at).map(|c| c.name.as_str())
    }

    /// Whether any of the names means something.
    pub fn knows_any(&self) -> bool {
        self.columns.iter().any(|c| matches!(c.target, Target::Column { .. }))
    }

    /// The first column whose name another one before it has.
    pub fn repeated(&self) -> Option<usize> {
        let mut seen = std::collections::HashSet::new();
        self.columns
            .iter()
            .position(|c| !c.name.is_empty() && !seen.insert(c.name.as_str()))
    }

    /// Whether cells are this header again.
    pub fn is_header(&self, cells: &[&str]) -> bool {
        cells.len() == self.columns.len() && self.columns.iter().zip(cells).all(|(c, cell)| c.name == heading(cell))
    }
}

/// A name of a header as it is compared: without letter case and blanks.
fn heading(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A delivered name as it is told.
pub(super) fn short(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

impl Filling {
    pub fn into_values(self) -> Vec<Option<String>> {
        self.values
    }
}
