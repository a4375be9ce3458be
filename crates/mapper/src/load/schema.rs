//! A vendor's tables as a whole: entities, references between them, and rows made of references.

use std::collections::BTreeSet;

use super::{Column, Entity, Headed, LoadError};
use crate::Site;

/// Everything the loader knows about a vendor.
#[derive(Debug)]
pub struct Schema {
    /// The vendor's name, as configured: `healthjump`.
    pub vendor: &'static str,
    /// `CREATE TABLE IF NOT EXISTS …` and `CREATE INDEX IF NOT EXISTS …`, for both databases.
    pub ddl: &'static str,
    /// What deliveries hold.
    pub entities: &'static [Entity],
    /// References between tables, in the order in which they are resolved.
    pub links: &'static [Link],
    /// Rows made of what other rows refer to; made before links are resolved.
    pub syntheses: &'static [Synthesis],
    /// How files with a header line are written; `None` for a vendor whose tables have none.
    pub headed: Option<Headed>,
    /// Where the vendor keeps the zones of places.
    pub zones: Option<Zones>,
    /// Tables of what single cells hold several of.
    pub exploded: &'static [Exploded],
    /// SQL for both databases that decides which rows other rows keep from being served (`cg_hold`). It runs after the
    /// rows of a delivery are stored and before references are resolved, over whole tables, and must say the same
    /// when it runs again.
    pub holds: &'static str,
    /// SQL for both databases that copies what rows need from the rows that they refer to. It runs after references are
    /// resolved, over whole tables, and must say the same when it runs again.
    pub copies: &'static str,
    /// Which rows resources are made of besides their own.
    pub parts: &'static [Part],
}

/// Rows of one table that resources of another are made of: what its mapping loads or looks through. When one of them
/// changes, so has the resource. Columns that `holds`, `copies` or links fill need no such declaration.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// The table of the resource.
    pub of: &'static str,
    /// Its column that the part's rows are found by.
    pub by: &'static str,
    /// The table of the part.
    pub table: &'static str,
    /// The part's column that holds the same.
    pub its: &'static str,
}

/// Where a vendor's rows tell the zone of a place. Rows of this entity are read before all others.
#[derive(Debug, Clone, Copy)]
pub struct Zones {
    /// The entity.
    pub entity: &'static str,
    /// Its table.
    pub table: &'static str,
    /// The column of the place's id.
    pub id: &'static str,
    /// The column of the zone's name, `America/Denver`.
    pub zone: &'static str,
}

/// A table of ours for a cell that holds several values, such as codes: `owner` is the key of the row, `cg_load` the load that
/// made the row, and the other columns come from [`Derived::exploded`](super::Derived::exploded).
#[derive(Debug)]
pub struct Exploded {
    /// The entity with the cell.
    pub entity: &'static str,
    /// The table.
    pub table: &'static str,
    /// Its column for the row's key. There is an index that begins with it.
    pub owner: &'static str,
    /// Its further columns.
    pub columns: &'static [&'static str],
    /// Whether only searches look at it: resources are made without it, and so old rows of it are not kept.
    pub searched_only: bool,
}

/// A reference: `table.resolved` holds the key of a served row of `target_table`, or `NULL`.
///
/// `derive` fills `resolved` as if the vendor's reference were the target's key. After the rows of a delivery the
/// loader clears what has no target (or one that is not served, `cg_hold`), and then looks for a target through
/// `raw` and `target_ids`. An ambiguous reference stays `NULL`. Rows loaded earlier resolve when their target arrives.
#[derive(Debug)]
pub struct Link {
    /// The referring table.
    pub table: &'static str,
    /// Its columns that may hold the reference, in the order in which they are tried.
    pub raw: &'static [&'static str],
    /// Its column for the target's key: `cg_encounter`.
    pub resolved: &'static str,
    /// The table referred to.
    pub target_table: &'static str,
    /// Columns of the target that the reference may mean, in order: `key` and the vendor's id columns. Each should be
    /// indexed. Name the id column behind `key` too: overlong keys are stored as hashes.
    pub target_ids: &'static [&'static str],
    /// What both rows must agree on besides.
    pub agreement: Agreement,
}

/// A column of a referring table and one of its target's that must hold the same. A referring row without a value
/// agrees with any target.
#[derive(Debug, Clone, Copy)]
pub enum Agreement {
    /// Nothing: the ids are unique.
    Nothing,
    /// For ids other than the key, which are unique only within what the columns say (a practice).
    ForOtherIds(&'static str, &'static str),
    /// Whatever the id: the reference would otherwise be somebody else's (another patient's visit). A target that does
    /// not know it may still be meant by its key.
    Always(&'static str, &'static str),
}

/// Rows that exist because others refer to them, for what a vendor has no delivery of (places, practices).
///
/// A row that is there already, delivered or made, is left alone; a delivered row later replaces a made one.
#[derive(Debug)]
pub struct Synthesis {
    /// What the made rows are; only its `columns` and `derive` matter when it is not delivered itself.
    pub entity: &'static Entity,
    /// The column of the made row that takes the id referred to.
    pub id: &'static str,
    /// Up to three further columns that are copied; the referring tables have them under the same name.
    pub scope: &'static [&'static str],
    /// Tables and their columns that refer.
    pub from: &'static [(&'static str, &'static str)],
    /// The column that takes a name from the profile, and the profile's `[names.…]` table: `("name", "location")`.
    pub name: Option<(&'static str, &'static str)>,
    /// Ids that exist whatever the rows say, such as the profile's `client_id`.
    pub always: fn(&Site) -> Vec<String>,
}

/// Columns that the loader fills in every table.
pub(super) const COMMON: [&str; 6] = ["key", "cg_updated", "cg_modified", "cg_hash", "cg_file", "cg_hold"];

impl Schema {
    /// A schema without anything, to be filled in.
    pub const EMPTY: Self = Self {
        vendor: "",
        ddl: "",
        entities: &[],
        links: &[],
        syntheses: &[],
        headed: None,
        zones: None,
        exploded: &[],
        holds: "",
        copies: "",
        parts: &[],
    };

    /// The entities with their columns, as [`Site::new`] wants them.
    #[must_use]
    pub fn entity_columns(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        self.entities
            .iter()
            .map(|e| (e.name, e.columns.iter().map(|c| c.name).collect()))
            .collect()
    }

    /// Every entity that rows are stored for, delivered or made, once.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &'static Entity> + use<> {
        let delivered = self.entities;
        let made = self.syntheses.iter().map(|s| s.entity);
        delivered
            .iter()
            .chain(made.filter(|e| !delivered.iter().any(|d| d.name == e.name)))
    }

    /// Every table that rows are stored in, once, by name.
    pub(super) fn tables(&self) -> BTreeSet<&'static str> {
        self.stored().map(|e| e.table).collect()
    }

    /// Finds mistakes in the declarations. The loader calls it before it reads anything; vendors call it in a test.
    ///
    /// # Errors
    /// [`LoadError::Schema`] naming the first mistake.
    pub fn validate(&self) -> Result<(), LoadError> {
        let mut names = BTreeSet::new();
        for entity in self.stored() {
            for name in entity.aliases.iter().chain([&entity.name]) {
                ensure(names.insert(*name), || format!("two entities are named `{name}`"))?;
                ensure(is_lower(name), || format!("entity name `{name}` is not in lower case"))?;
            }
            entity.validate()?;
        }
        for link in self.links {
            ensure(!link.raw.is_empty() && !link.target_ids.is_empty(), || {
                format!("link `{}.{}` has no columns", link.table, link.resolved)
            })?;
        }
        for synthesis in self.syntheses {
            let has = |name: &str| synthesis.entity.columns.iter().any(|c| c.name == name);
            ensure(synthesis.scope.len() <= 3, || {
                format!("`{}` copies more than 3 columns", synthesis.entity.name)
            })?;
            ensure(!synthesis.from.is_empty(), || {
                format!("nothing refers to `{}`", synthesis.entity.name)
            })?;
            let copied = synthesis.scope.iter().chain([&synthesis.id]).copied();
            for name in copied.chain(synthesis.name.map(|(column, _)| column)) {
                ensure(has(name), || {
                    format!("entity `{}` has no column `{name}` to fill", synthesis.entity.name)
                })?;
            }
        }
        let tables = self.tables();
        for part in self.parts {
            let exploded = self.exploded.iter().any(|e| e.table == part.table);
            ensure(
                tables.contains(part.of) && (exploded || tables.contains(part.table)),
                || format!("`{}` is no part of `{}`: one of them is no table", part.table, part.of),
            )?;
        }
        Ok(())
    }
}

impl Entity {
    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }

    fn validate(&self) -> Result<(), LoadError> {
        let mut seen: BTreeSet<&str> = COMMON.into_iter().collect();
        for name in self.columns.iter().map(|c| c.name).chain(self.computed.iter().copied()) {
            ensure(seen.insert(name), || {
                format!("entity `{}` has two columns `{name}`", self.name)
            })?;
            ensure(is_lower(name), || {
                format!("column `{}.{name}` is not in lower case", self.name)
            })?;
        }
        let mut widths = BTreeSet::new();
        for layout in self.layouts {
            let width = layout.columns.len();
            ensure(widths.insert(width), || {
                format!("entity `{}` has two layouts of {width} columns", self.name)
            })?;
            let unknown = layout.columns.iter().find(|c| self.position(c).is_none());
            ensure(unknown.is_none(), || {
                format!(
                    "a layout of `{}` names no column: `{}`",
                    self.name,
                    unknown.copied().unwrap_or_default()
                )
            })?;
        }
        Ok(())
    }
}

impl Column {
    /// Whether cells of this column are read under the site's profile.
    pub(super) fn is_read(&self, site: &Site) -> bool {
        !self.private || site.profile().ssn
    }
}

fn is_lower(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|b| b.is_ascii_uppercase())
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), LoadError> {
    if holds {
        Ok(())
    } else {
        Err(LoadError::Schema(otherwise()))
    }
}
