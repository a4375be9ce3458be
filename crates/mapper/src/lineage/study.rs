//! The trials: a cell says something else, and the resource is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::rule::{Leaf, Rules};
use super::{Cell, Lineage, Origin, Reader, Unused, Vendors, cells, diff, gather};
use crate::db::AnyConnection;
use crate::load::replay::{Loading, Replay, StoredRow, refused};
use crate::load::zones;
use crate::param::Context;
use crate::provider::Provider;
use crate::sql::watch;
use crate::{Error, Site, Trace};

/// How long one lineage may take.
const LONGEST: Duration = Duration::from_secs(20);
/// Rows that are left out at a time to find those that matter.
const STEP: usize = 8;
/// Of what cells are made to say, so many first are no words of code maps.
const PLAIN: usize = 2;
/// What every change of a resource changes.
const OF_CONTENT: &str = "meta.versionId";

/// The lineage of a row's resource; `None` when it is not served.
pub(super) fn lineage(
    conn: &mut AnyConnection,
    vendor: Vendors,
    provider: &dyn Provider,
    key: &str,
    context: Context<'_>,
    tables: BTreeMap<&'static str, &'static str>,
) -> Result<Option<Lineage>, Error> {
    let (served, looked_up) = watch::watched(|| provider.traced(conn, key, context));
    let Some((served, trace)) = served? else {
        return Ok(None);
    };
    let resource = parsed(&served.body.json);
    let places = zones::known(conn, vendor.schema).map_err(refused)?;
    let mut replay = Replay::new(vendor.schema, context.site)?;
    let own = (provider.table(), key);
    let keys = gather::keys(conn, vendor.schema, &replay, own, &looked_up)?;
    let files = gather::files(conn, vendor.schema, &keys)?;
    let rows = gather::rows(conn, vendor.schema, &files, &keys)?;
    replay.record(&files)?;
    let Some(own) = rows.iter().position(|r| r.entity.table == own.0 && r.key == own.1) else {
        return Ok(None);
    };
    let mut study = Study {
        begun: Instant::now(),
        replay,
        vendor,
        reader: Reader { provider, context },
        places,
        rows: &rows,
        base: vec![],
        own,
        without: BTreeSet::new(),
        tables,
    };
    study.base = study.loadings(&[])?;
    study.told(resource, &trace).map(Some)
}

struct Study<'a> {
    begun: Instant,
    replay: Replay,
    vendor: Vendors,
    reader: Reader<'a>,
    /// The zones that places have in the database, by name.
    places: BTreeMap<String, String>,
    rows: &'a [StoredRow],
    /// The rows as they are, ready to be loaded.
    base: Vec<Loading<'a>>,
    /// The resource's own row.
    own: usize,
    /// Rows that do not matter.
    without: BTreeSet<usize>,
    /// The table of each kind in ids.
    tables: BTreeMap<&'static str, &'static str>,
}

/// A cell by its place: row and column.
type At = (usize, usize);

/// A cell and what it says instead.
type Change<'t> = (At, Option<&'t str>);

/// What trials found.
#[derive(Default)]
struct Found {
    /// The elements that come from a cell.
    paths: BTreeMap<At, BTreeSet<String>>,
    /// Cells that say the same, and the elements that come from them only together.
    joint: Vec<(Vec<At>, BTreeSet<String>)>,
    /// The cells without which the row is not served at all.
    vanishing: Vec<At>,
}

impl Found {
    /// The cell without which this one does not decide an element.
    fn partner(&self, at: At, path: &str) -> Option<At> {
        let mut joint = self
            .joint
            .iter()
            .filter(|(all, paths)| all.contains(&at) && paths.contains(path));
        joint.next()?.0.iter().copied().find(|other| *other != at)
    }
}

impl<'a> Study<'a> {
    fn told(mut self, resource: Value, trace: &Trace) -> Result<Lineage, Error> {
        let again = self.read(&[])?;
        let lost = match &again {
            Some(again) => diff::changed(&resource, again),
            None => diff::leaves(&resource).into_iter().map(|(path, _)| path).collect(),
        };
        let base = again.unwrap_or(Value::Null);
        self.trim(&base)?;
        let mut found = self.trials(&base, trace)?;
        self.together(&base, trace, &mut found)?;
        Ok(self.lineage(resource, trace, &found, &lost))
    }

    /// What was found, in words.
    fn lineage(&self, resource: Value, trace: &Trace, found: &Found, lost: &BTreeSet<String>) -> Lineage {
        let leaves = diff::leaves(&resource);
        let rules = self.rules(trace);
        let mut of_cell: BTreeMap<At, Vec<&Leaf>> = BTreeMap::new();
        let joint = found
            .joint
            .iter()
            .flat_map(|(all, paths)| all.iter().map(move |at| (at, paths)));
        for (at, paths) in found.paths.iter().chain(joint) {
            let own = leaves.iter().filter(|(path, _)| paths.contains(path));
            of_cell.entry(*at).or_default().extend(own);
        }
        let mut elements = vec![];
        for leaf in &leaves {
            let own = of_cell.iter().filter(|(_, all)| all.iter().any(|l| l.0 == leaf.0));
            let before = elements.len();
            elements.extend(own.map(|(at, all)| {
                let cell = self.cell(*at);
                let rule = rules.of(leaf, &cell, all);
                Origin {
                    partner: found.partner(*at, &leaf.0).map(|other| self.cell(other)),
                    ..origin(leaf, Some(cell), rule)
                }
            }));
            if elements.len() == before {
                elements.push(origin(leaf, None, rules.without_cell(&leaf.0, lost.contains(&leaf.0))));
            }
        }
        let whole = (String::new(), Value::Null);
        for at in &found.vanishing {
            let rule = "the row is served because of this cell".to_owned();
            elements.push(origin(&whole, Some(self.cell(*at)), rule));
        }
        let unused = self.unused(&of_cell, &elements, &rules);
        Lineage {
            resource,
            elements,
            unused,
        }
    }

    fn rules<'t>(&'t self, trace: &'t Trace) -> Rules<'t> {
        let mut alike: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
        for (at, text) in self.texts() {
            alike.entry(text).or_default().push(self.cell(at));
        }
        Rules {
            vendor: self.vendor,
            site: self.reader.context.site,
            trace,
            own: self.reader.provider.table(),
            copies: &self.replay.copies,
            tables: self.tables.clone(),
            alike,
        }
    }

    /// The filled-in cells of the rows that matter.
    fn texts(&self) -> Vec<(At, &'a str)> {
        let rows = self.rows.iter().enumerate().filter(|(n, _)| !self.without.contains(n));
        let cells = rows.flat_map(|(n, row)| row.cells.iter().enumerate().map(move |(c, cell)| ((n, c), cell)));
        cells.filter_map(|(at, cell)| Some((at, cell.as_deref()?))).collect()
    }

    /// The rows ready to be loaded, one with other content.
    fn loadings(&self, changes: &[Change<'_>]) -> Result<Vec<Loading<'a>>, Error> {
        let site = self.site(changes);
        let rows = self.rows.iter().enumerate();
        rows.map(|(n, row)| Loading::new(row, self.changed(n, changes), &site))
            .collect()
    }

    /// A row's cells with changes; `None` without any.
    fn changed(&self, row: usize, changes: &[Change<'_>]) -> Option<Vec<Option<String>>> {
        let own = changes.iter().filter(|((at, _), _)| *at == row);
        let mut cells = None;
        for ((_, column), text) in own {
            let cells = cells.get_or_insert_with(|| self.rows.get(row).map(|r| r.cells.clone()).unwrap_or_default());
            if let Some(cell) = cells.get_mut(*column) {
                *cell = text.map(str::to_owned);
            }
        }
        cells
    }

    /// The site with the zones that the rows tell, as a load has it.
    fn site(&self, changes: &[Change<'_>]) -> Site {
        let mut places = self.places.clone();
        for ((n, _), _) in changes.iter().filter(|((n, _), _)| self.tells_zones(*n)) {
            let (Some(row), Some(zones)) = (self.rows.get(*n), self.vendor.schema.zones) else {
                continue;
            };
            let at = |name: &str| row.entity.columns.iter().position(|c| c.name == name);
            let of = |cells: &[Option<String>], name| at(name).and_then(|at| cells.get(at)?.clone());
            if let Some(id) = of(&row.cells, zones.id) {
                places.remove(&id);
            }
            let cells = self.changed(*n, changes).unwrap_or_default();
            if let (Some(id), Some(zone)) = (of(&cells, zones.id), of(&cells, zones.zone)) {
                places.insert(id, zone);
            }
        }
        let zones = places
            .iter()
            .filter_map(|(id, zone)| Some((id.clone(), zone.parse().ok()?)));
        self.reader.context.site.with_zones(zones.collect())
    }

    /// The resource, when cells say something else; `None` when it is not served then.
    fn read(&mut self, changes: &[Change<'_>]) -> Result<Option<Value>, Error> {
        self.read_beside(changes, &[])
    }

    /// The same with more rows.
    fn read_beside(&mut self, changes: &[Change<'_>], more: &[Loading<'_>]) -> Result<Option<Value>, Error> {
        if self.begun.elapsed() > LONGEST {
            return Err(Error::Timeout);
        }
        // Zones are about the times of all rows, other cells about their own row.
        let zoned = changes.iter().any(|((row, _), _)| self.tells_zones(*row));
        let mut other: BTreeMap<usize, Loading<'a>> = BTreeMap::new();
        if zoned {
            other.extend(self.loadings(changes)?.into_iter().enumerate());
        } else if !changes.is_empty() {
            let site = self.site(&[]);
            for ((n, _), _) in changes {
                if let Some(row) = self.rows.get(*n) {
                    other.insert(*n, Loading::new(row, self.changed(*n, changes), &site)?);
                }
            }
        }
        let kept = self.base.iter().enumerate().filter(|(n, _)| !self.without.contains(n));
        let kept = kept.map(|(n, row)| other.get(&n).unwrap_or(row));
        let kept: Vec<&Loading<'_>> = kept.chain(more).collect();
        let own = other.get(&self.own).or(self.base.get(self.own));
        let Some(key) = own.map(|row| row.key().to_owned()) else {
            return Ok(None);
        };
        let Reader { provider, context } = self.reader;
        let found = self.replay.look(&kept, |conn| provider.traced(conn, &key, context))?;
        Ok(found.map(|(hit, _)| parsed(&hit.body.json)))
    }

    /// For a reference that says something else: rows like those that it refers to, which have that number. A number that
    /// nobody has may decide less than somebody else's.
    fn others_referred_to(&self, ((row, column), other): Change<'_>) -> Result<Vec<Loading<'a>>, Error> {
        let (Some(other), Some(cell)) = (other, self.rows.get(row)) else {
            return Ok(vec![]);
        };
        let name = cell.entity.columns.get(column).map_or("", |column| column.name);
        let text = cell.cells.get(column).and_then(Option::as_deref);
        let links = self.vendor.schema.links.iter();
        let tables: BTreeSet<&str> = links
            .filter(|link| link.table == cell.entity.table && link.raw.contains(&name))
            .map(|link| link.target_table)
            .collect();
        let site = self.site(&[]);
        let like = self.rows.iter().filter(|row| tables.contains(row.entity.table));
        let like = like.filter(|row| row.cells.iter().any(|own| own.as_deref() == text));
        let renumbered = |row: &'a StoredRow| {
            let cells = row.cells.iter().map(|own| match own.as_deref() == text {
                true => Some(other.to_owned()),
                false => own.clone(),
            });
            Loading::new(row, Some(cells.collect()), &site)
        };
        like.map(renumbered).collect()
    }

    fn tells_zones(&self, row: usize) -> bool {
        let zones = self.vendor.schema.zones;
        self.rows
            .get(row)
            .is_some_and(|row| zones.is_some_and(|z| z.entity == row.entity.name))
    }

    /// Leaves out the rows without which the resource is the same, those far away first.
    fn trim(&mut self, base: &Value) -> Result<(), Error> {
        let all: Vec<usize> = (0..self.rows.len()).rev().filter(|n| *n != self.own).collect();
        for some in all.chunks(STEP) {
            if !self.goes_without(some, base)? {
                for one in some {
                    self.goes_without(&[*one], base)?;
                }
            }
        }
        Ok(())
    }

    fn goes_without(&mut self, rows: &[usize], base: &Value) -> Result<bool, Error> {
        self.without.extend(rows);
        let same = self.read(&[])?.is_some_and(|read| read == *base);
        if !same {
            rows.iter().for_each(|row| {
                self.without.remove(row);
            });
        }
        Ok(same)
    }

    /// Each cell with the elements that come from it, and the cells without which the row is not served at all.
    fn trials(&mut self, base: &Value, trace: &Trace) -> Result<Found, Error> {
        let mut found = Found::default();
        for (at, text) in self.texts() {
            let column = self.cell(at).column;
            let (mut paths, mut vanishes) = (BTreeSet::new(), false);
            let instead = cells::instead(column, text, self.vendor.maps, self.reader.context.site, trace);
            for (n, other) in instead.iter().enumerate() {
                let change = (at, other.as_deref());
                let mut reads = vec![self.read(&[change])?];
                let others = self.others_referred_to(change)?;
                if !others.is_empty() {
                    reads.push(self.read_beside(&[change], &others)?);
                }
                for read in reads {
                    match read {
                        Some(read) => paths.extend(diff::changed(base, &read)),
                        // A word with another code may well be one of rows that are not served.
                        None => vanishes |= n < PLAIN,
                    }
                }
            }
            paths.remove(OF_CONTENT);
            if vanishes && paths.is_empty() {
                found.vanishing.push(at);
            }
            if !paths.is_empty() {
                found.paths.insert(at, paths);
            }
        }
        Ok(found)
    }

    /// Elements that no cell alone decides: one of several cells may stand for another, or they must agree. Cells that say the
    /// same, and those that say what such an element says, change together, as few of them as it takes.
    fn together(&mut self, base: &Value, trace: &Trace, found: &mut Found) -> Result<(), Error> {
        let mut open: BTreeSet<String> = diff::leaves(base).into_iter().map(|(path, _)| path).collect();
        open.retain(|path| path != OF_CONTENT && !found.paths.values().any(|paths| paths.contains(path)));
        for mut all in self.groups(base, trace, &open) {
            let paths = self.joint(base, &open, &all)?;
            if paths.is_empty() {
                continue;
            }
            for at in all.clone() {
                let others: Vec<At> = all.iter().copied().filter(|other| *other != at).collect();
                if self.joint(base, &open, &others)? == paths {
                    all = others;
                }
            }
            open.retain(|path| !paths.contains(path));
            found.joint.push((all, paths));
        }
        Ok(())
    }

    /// Cells that may decide elements together.
    fn groups(&self, base: &Value, trace: &Trace, open: &BTreeSet<String>) -> Vec<Vec<At>> {
        let rules = self.rules(trace);
        let texts = self.texts();
        let mut alike: BTreeMap<&str, Vec<At>> = BTreeMap::new();
        for (at, text) in &texts {
            alike.entry(text).or_default().push(*at);
        }
        let mut groups: Vec<Vec<At>> = alike.into_values().collect();
        for leaf in diff::leaves(base).iter().filter(|leaf| open.contains(&leaf.0)) {
            let says = |at: &At| rules.says(leaf, &self.cell(*at)).is_some();
            groups.push(texts.iter().map(|(at, _)| *at).filter(says).collect());
        }
        groups.retain(|group| group.len() > 1);
        groups.dedup();
        groups
    }

    /// Those of the elements that change when these cells do together.
    fn joint(&mut self, base: &Value, open: &BTreeSet<String>, cells: &[At]) -> Result<BTreeSet<String>, Error> {
        let altered: Vec<String> = cells.iter().map(|at| cells::altered(&self.cell(*at).raw)).collect();
        let mut paths = BTreeSet::new();
        for gone in [true, false] {
            let other = |(at, text): (&At, &'_ String)| (*at, (!gone).then(|| text.clone()));
            let changes: Vec<(At, Option<String>)> = cells.iter().zip(&altered).map(other).collect();
            let changes: Vec<Change<'_>> = changes.iter().map(|(at, text)| (*at, text.as_deref())).collect();
            if let Some(read) = self.read(&changes)? {
                paths.extend(
                    diff::changed(base, &read)
                        .into_iter()
                        .filter(|path| open.contains(path)),
                );
            }
        }
        Ok(paths)
    }

    fn cell(&self, (row, column): At) -> Cell {
        let stored = self.rows.get(row);
        let raw = stored.and_then(|row| row.cells.get(column)?.clone());
        Cell {
            table: stored.map_or("", |row| row.entity.table),
            key: stored.map(|row| row.key.clone()).unwrap_or_default(),
            column: stored
                .and_then(|row| row.entity.columns.get(column))
                .map_or("", |column| column.name),
            raw: raw.unwrap_or_default(),
        }
    }

    /// The filled-in cells without element: of the resource's own row, and of rows that elements say something of.
    fn unused(&self, of_cell: &BTreeMap<At, Vec<&Leaf>>, elements: &[Origin], rules: &Rules<'_>) -> Vec<Unused> {
        let told = |(at, all): &(&At, &Vec<&Leaf>)| {
            let cell = self.cell(**at);
            all.iter().any(|leaf| leaf.0 != "id" && rules.is_direct(leaf, &cell))
        };
        let told: BTreeSet<usize> = of_cell
            .iter()
            .filter(told)
            .map(|((row, _), _)| *row)
            .chain([self.own])
            .collect();
        let mut unused = vec![];
        for (at, _) in self.texts().into_iter().filter(|((row, _), _)| told.contains(row)) {
            let cell = self.cell(at);
            if !elements.iter().any(|e| e.cell.as_ref() == Some(&cell)) {
                let why = rules.unused(&cell);
                unused.push(Unused { cell, why });
            }
        }
        unused
    }
}

fn origin(leaf: &Leaf, cell: Option<Cell>, rule: String) -> Origin {
    Origin {
        path: leaf.0.clone(),
        value: leaf.1.clone(),
        cell,
        partner: None,
        rule,
    }
}

/// A resource that this server wrote.
fn parsed(json: &[u8]) -> Value {
    serde_json::from_slice(json).unwrap_or_default()
}
