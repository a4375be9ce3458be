//! The rows that a resource is made of: its own, those that its mapping looks up, and whatever the loader's statements and links
//! let those depend on, as far as they must be known to load the same again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::NaiveDateTime;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::ties::{Place, Reading, Tie, reading};
use crate::Error;
use crate::db::AnyConnection;
use crate::load::replay::{Replay, StoredFile, StoredRow};
use crate::load::statement::{Statement, quoted};
use crate::load::{Entity, Schema};
use crate::sql::Value;
use crate::sql::watch::LookUp;

/// Rows that one tie brings. More of them decide nothing alone: whether any refers to a row, or how many there are of an id.
const PER_TIE: usize = 50;
/// Rows that one tie brings of those that keep a row from being served.
const PER_HOLD: usize = 8;
/// Rows in all.
const MOST: usize = 400;

/// How much must be known of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    /// Whether it is served: what holds decide.
    Held,
    /// What it says: everything.
    Whole,
}

/// Rows by table: their keys, in the order in which they were met.
struct Gather<'a> {
    conn: &'a mut AnyConnection,
    schema: &'static Schema,
    holds: Vec<Reading>,
    copies: Vec<Reading>,
    met: BTreeMap<(String, String), Depth>,
    order: Vec<(String, String)>,
    open: VecDeque<(String, Vec<String>, Depth)>,
}

/// The keys of the rows, nearest first. `own` is the resource's, `looked_up` what its mapping looked up.
pub(super) fn keys(
    conn: &mut AnyConnection,
    schema: &'static Schema,
    replay: &Replay,
    own: (&str, &str),
    looked_up: &[LookUp],
) -> Result<Vec<(String, String)>, Error> {
    let read = |statements: &[_]| statements.iter().map(|s| reading(s, &replay.columns)).collect();
    let mut gather = Gather {
        conn,
        schema,
        holds: read(&replay.holds),
        copies: read(&replay.copies),
        met: BTreeMap::new(),
        order: vec![],
        open: VecDeque::new(),
    };
    gather.meet(own.0, vec![own.1.to_owned()], Depth::Whole);
    for look in looked_up.iter().filter(|look| replay.columns.contains_key(&look.table)) {
        let place = Place::new(&look.table, &look.column);
        let found = gather.among(&place, &look.texts, PER_TIE)?;
        gather.meet(&look.table, found, Depth::Whole);
    }
    gather.follow()?;
    Ok(gather.order)
}

impl Gather<'_> {
    fn meet(&mut self, table: &str, keys: Vec<String>, depth: Depth) {
        let mut new = vec![];
        for key in keys {
            let known = self.met.get(&(table.to_owned(), key.clone())).copied();
            if known.is_some_and(|known| known >= depth) || (known.is_none() && self.order.len() >= MOST) {
                continue;
            }
            let row = (table.to_owned(), key.clone());
            if known.is_none() {
                self.order.push(row.clone());
            }
            self.met.insert(row, depth);
            new.push(key);
        }
        if !new.is_empty() {
            self.open.push_back((table.to_owned(), new, depth));
        }
    }

    fn follow(&mut self) -> Result<(), Error> {
        while let Some((table, keys, depth)) = self.open.pop_front() {
            // A row of ours that a cell was taken apart into: what matters is the vendor's row.
            let owners: Vec<&str> = self.entities_of_exploded(&table);
            if !owners.is_empty() {
                for owner in owners {
                    let found = self.among(&Place::new(owner, "key"), &keys, PER_TIE)?;
                    self.meet(owner, found, Depth::Whole);
                }
                if depth == Depth::Whole {
                    self.statements(false, &table, &keys, depth)?;
                }
                continue;
            }
            self.statements(true, &table, &keys, Depth::Held)?;
            if depth == Depth::Whole {
                self.links(&table, &keys)?;
                self.statements(false, &table, &keys, Depth::Whole)?;
                for exploded in self.schema.exploded {
                    let of = self.schema.stored().find(|e| e.name == exploded.entity);
                    if of.is_some_and(|e| e.table == table) {
                        self.statements(false, exploded.table, &keys, Depth::Whole)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The tables of the rows that were taken apart into an exploded table; none for other tables.
    fn entities_of_exploded(&self, table: &str) -> Vec<&'static str> {
        let entities = self.schema.exploded.iter().filter(|e| e.table == table);
        let tables = entities.filter_map(|e| self.schema.stored().find(|s| s.name == e.entity));
        tables.map(|e| e.table).collect()
    }

    fn links(&mut self, table: &str, keys: &[String]) -> Result<(), Error> {
        for link in self.schema.links.iter().filter(|link| link.table == table) {
            let raw = link
                .raw
                .iter()
                .flat_map(|raw| link.target_ids.iter().map(move |id| (*raw, *id)));
            for (own, theirs) in raw.chain([(link.resolved, "key")]) {
                let texts = self.texts(&Place::new(table, own), keys)?;
                let found = self.among(&Place::new(link.target_table, theirs), &texts, PER_TIE)?;
                self.meet(link.target_table, found, Depth::Held);
            }
        }
        Ok(())
    }

    /// What the statements that change a table read for these rows of it.
    fn statements(&mut self, holds: bool, table: &str, keys: &[String], depth: Depth) -> Result<(), Error> {
        let (all, most) = if holds {
            (&self.holds, PER_HOLD)
        } else {
            (&self.copies, PER_TIE)
        };
        let own: Vec<(BTreeSet<Tie>, BTreeSet<String>)> = all
            .iter()
            .filter(|reading| reading.table == table)
            .map(|reading| (reading.ties.clone(), reading.tables.clone()))
            .collect();
        for (ties, tables) in own {
            for (found, keys) in self.reached(&ties, &tables, table, keys, most)? {
                self.meet(&found, keys, depth);
            }
        }
        Ok(())
    }

    /// The rows of a statement's tables that its ties lead to, from some rows of one of them.
    fn reached(
        &mut self,
        ties: &BTreeSet<Tie>,
        tables: &BTreeSet<String>,
        table: &str,
        keys: &[String],
        most: usize,
    ) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let mut reached: BTreeMap<String, Vec<String>> = BTreeMap::from([(table.to_owned(), keys.to_vec())]);
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut last: BTreeSet<String> = BTreeSet::from([table.to_owned()]);
        while !last.is_empty() {
            let mut next: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (here, there) in ties.iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
                let same = here.table == there.table && here.table == table;
                if !last.contains(&here.table) || (reached.contains_key(&there.table) && !same) {
                    continue;
                }
                let from = reached.get(&here.table).cloned().unwrap_or_default();
                let texts = self.texts(here, &from)?;
                let keys = self.among(there, &texts, most)?;
                let list = if same { &mut found } else { &mut next };
                list.entry(there.table.clone()).or_default().extend(keys);
            }
            last = next.keys().cloned().collect();
            reached.extend(next.iter().map(|(t, k)| (t.clone(), k.clone())));
            found.extend(next);
        }
        // A table that nothing ties is read as a whole.
        let tied: BTreeSet<&String> = ties.iter().flat_map(|(a, b)| [&a.table, &b.table]).collect();
        for untied in tables.iter().filter(|t| !tied.contains(t)) {
            let first = Statement::new(format!(
                "SELECT CAST({0} AS text) FROM {1} ORDER BY {0} LIMIT {most}",
                self.identity(untied),
                quoted(untied)
            ));
            let keys = first.rows::<Text, String>(self.conn).map_err(Error::Query)?;
            found.insert(untied.clone(), keys);
        }
        Ok(found)
    }

    /// The column that tells a table's rows apart.
    fn identity(&self, table: &str) -> String {
        let exploded = self.schema.exploded.iter().find(|e| e.table == table);
        quoted(exploded.map_or("key", |e| e.owner))
    }

    /// What rows have in a column.
    fn texts(&mut self, place: &Place, keys: &[String]) -> Result<Vec<String>, Error> {
        if keys.is_empty() {
            return Ok(vec![]);
        }
        let (column, table) = (quoted(&place.column), quoted(&place.table));
        let statement = Statement::new(format!(
            "SELECT DISTINCT CAST({column} AS text) FROM {table} WHERE {column} IS NOT NULL AND {} IN (",
            self.identity(&place.table)
        ));
        let statement = statement.binds(keys.iter().cloned().map(Value::from)).sql(")");
        statement.rows::<Text, String>(self.conn).map_err(Error::Query)
    }

    /// The rows that have one of some texts in a column.
    fn among(&mut self, place: &Place, texts: &[String], most: usize) -> Result<Vec<String>, Error> {
        if texts.is_empty() {
            return Ok(vec![]);
        }
        let statement = Statement::new(format!(
            "SELECT CAST({} AS text) FROM {} WHERE {} IN (",
            self.identity(&place.table),
            quoted(&place.table),
            quoted(&place.column)
        ));
        let statement = statement.binds(texts.iter().cloned().map(Value::from));
        let mut found = statement
            .sql(format!(") LIMIT {most}"))
            .rows::<Text, String>(self.conn)
            .map_err(Error::Query)?;
        found.sort();
        found.dedup();
        Ok(found)
    }
}

/// The files that rows came with.
pub(super) fn files(
    conn: &mut AnyConnection,
    schema: &Schema,
    keys: &[(String, String)],
) -> Result<Vec<StoredFile>, Error> {
    type Sql = (BigInt, BigInt, Timestamp, Nullable<Text>, Text);
    type Told = (i64, i64, NaiveDateTime, Option<String>, String);
    let mut found: BTreeMap<i64, StoredFile> = BTreeMap::new();
    for (table, keys) in by_table(schema, keys) {
        let statement = Statement::new(format!(
            "SELECT f.id, f.delivery, d.started, CAST(f.path AS text), CAST(f.entity AS text) FROM cg_file AS f \
             JOIN cg_delivery AS d ON d.id = f.delivery WHERE f.id IN (SELECT cg_file FROM {} WHERE key IN (",
            quoted(table)
        ));
        let statement = statement.binds(keys.into_iter().map(Value::from)).sql("))");
        for (id, delivery, started, path, entity) in statement.rows::<Sql, Told>(conn).map_err(Error::Query)? {
            let file = StoredFile {
                id,
                delivery,
                started,
                path,
                entity,
            };
            found.insert(id, file);
        }
    }
    Ok(found.into_values().collect())
}

/// The vendor's rows of these keys, in their order.
pub(super) fn rows(
    conn: &mut AnyConnection,
    schema: &'static Schema,
    files: &[StoredFile],
    keys: &[(String, String)],
) -> Result<Vec<StoredRow>, Error> {
    let mut found: BTreeMap<(String, String), StoredRow> = BTreeMap::new();
    for (table, keys) in by_table(schema, keys) {
        for entity in schema.stored().filter(|e| e.table == table) {
            let own = files.iter().filter(|f| f.entity == entity.name);
            let own: BTreeMap<i64, NaiveDateTime> = own.map(|f| (f.id, f.started)).collect();
            for row in of_entity(conn, entity, &keys)? {
                if let Some(loaded) = own.get(&row.file).copied() {
                    let row = StoredRow { loaded, ..row };
                    found.insert((table.to_owned(), row.key.clone()), row);
                }
            }
        }
    }
    Ok(keys.iter().filter_map(|row| found.remove(row)).collect())
}

/// Keys by table, of tables that hold a vendor's rows.
fn by_table(schema: &Schema, keys: &[(String, String)]) -> BTreeMap<&'static str, Vec<String>> {
    let mut all: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (table, key) in keys {
        if let Some(entity) = schema.stored().find(|e| e.table == table) {
            all.entry(entity.table).or_default().push(key.clone());
        }
    }
    all
}

/// Rows of one entity. A row's cells come as one text, each with its length in front, for any number of columns.
fn of_entity(conn: &mut AnyConnection, entity: &'static Entity, keys: &[String]) -> Result<Vec<StoredRow>, Error> {
    type Sql = (Text, Timestamp, BigInt, Text);
    type Told = (String, NaiveDateTime, i64, String);
    let cells: Vec<String> = entity
        .columns
        .iter()
        .map(|c| format!("COALESCE(LENGTH({0}) || ':' || {0}, '-')", quoted(c.name)))
        .collect();
    let statement = Statement::new(format!(
        "SELECT CAST(key AS text), cg_updated, cg_file, CAST({} AS text) FROM {} WHERE key IN (",
        cells.join(" || "),
        quoted(entity.table)
    ));
    let statement = statement.binds(keys.iter().cloned().map(Value::from)).sql(")");
    let found = statement.rows::<Sql, Told>(conn).map_err(Error::Query)?;
    let row = |(key, updated, file, text): Told| StoredRow {
        entity,
        key,
        cells: cells_of(&text),
        updated,
        file,
        loaded: updated,
    };
    Ok(found.into_iter().map(row).collect())
}

/// `3:abc-2:xy` is `abc`, none, `xy`; lengths count characters.
fn cells_of(text: &str) -> Vec<Option<String>> {
    let mut cells = vec![];
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('-') {
            cells.push(None);
            rest = behind;
            continue;
        }
        let Some((length, behind)) = rest.split_once(':') else {
            break;
        };
        let length = length.parse().unwrap_or(0);
        let end = behind.char_indices().nth(length).map_or(behind.len(), |(at, _)| at);
        let (cell, behind) = behind.split_at_checked(end).unwrap_or((behind, ""));
        cells.push(Some(cell.to_owned()));
        rest = behind;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::cells_of;

    #[test]
    fn cells_are_counted_in_characters() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(cells_of("3:a:b-2:éß-"), [some("a:b"), None, some("éß"), None]);
        assert!(cells_of("").is_empty());
    }
}
