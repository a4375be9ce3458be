//! Where each served row comes from, as a Provenance: of every mapping by itself, no vendor writes anything for it.
//!
//! The rows are those of the mapping, once more: the same table, filter and key, with the loader's record of the file that
//! brought them. A live source has no such record, and says when its row last changed.

mod resource;
mod row;

use std::marker::PhantomData;

use chrono::NaiveDateTime;
use diesel::QueryResult;
use fhir::r4::{Resource, ResourceType};

use crate::db::AnyConnection;
use crate::mapping::{Columns, Loaded, Mapping, Rows};
use crate::param::{Link, Param, Target, instant_there, reference};
use crate::sql::{Filter, Select, TextColumn};
use crate::{Rejected, Site, Trace, id};

use row::{Row, cg_delivery, cg_file};

/// The provenance of the rows of `M`.
pub(crate) struct Provenances<M>(PhantomData<fn() -> M>);

/// What precedes a mapping's kind in the kind of its provenance.
const PREFIX: [u8; 2] = *b"p-";
/// The longest kind; see [`crate::id::MAX_ESCAPED_KEY`].
const LONGEST: usize = 6;

impl<M: Mapping> Provenances<M> {
    const BYTES: [u8; LONGEST] = prefixed(M::TARGET.kind.as_bytes());
    const KIND: &'static str = kind(&Self::BYTES, PREFIX.len() + M::TARGET.kind.len());
}

/// The prefix and then the kind; zeros behind it.
#[allow(
    clippy::indexing_slicing,
    reason = "checked by the compiler: it runs there, and a kind too long does not build"
)]
const fn prefixed(kind: &[u8]) -> [u8; LONGEST] {
    let mut bytes = [0; LONGEST];
    bytes[0] = PREFIX[0];
    bytes[1] = PREFIX[1];
    let mut at = 0;
    while at < kind.len() {
        bytes[PREFIX.len() + at] = kind[at];
        at += 1;
    }
    bytes
}

const fn kind(bytes: &'static [u8; LONGEST], length: usize) -> &'static str {
    match std::str::from_utf8(bytes.split_at(length).0) {
        Ok(kind) => kind,
        Err(_) => "",
    }
}

/// The loader's file of a row of `M`.
fn file<M: Mapping>() -> TextColumn<M::Table> {
    TextColumn::of_loader(M::TABLE, "cg_file")
}

/// The column of a row of `M` that holds the key of the patient whom it is about.
fn patient<M: Mapping>() -> Option<(Target, TextColumn<M::Table>)> {
    let params = M::params();
    let links = params
        .iter()
        .filter(|param| param.name() == "patient")
        .flat_map(Param::links);
    let mut columns = links.filter_map(|link| Some((link.target(), link.own()?.clone())));
    columns.find(|(target, _)| target.ty == ResourceType::Patient)
}

/// The rows of `M` that came with a load of which `loads` is true.
fn loaded_with<M: Mapping>(loads: Filter<cg_delivery::table>) -> Filter<M::Table> {
    let loads = Select::new(&TextColumn::of_loader("cg_delivery", "id"), cg_delivery::table, loads);
    let files = Filter::within(TextColumn::of_loader("cg_file", "delivery"), loads);
    let files = Select::new(&TextColumn::of_loader("cg_file", "id"), cg_file::table, files);
    Filter::within(file::<M>(), files)
}

impl<M: Mapping> Mapping for Provenances<M> {
    type Table = M::Table;
    type Row = Row;
    const TARGET: Target = Target {
        ty: ResourceType::Provenance,
        kind: Self::KIND,
    };
    const TABLE: &'static str = M::TABLE;

    fn table() -> M::Table {
        M::table()
    }

    fn columns() -> Columns<M::Table> {
        M::columns()
    }

    fn params() -> Vec<Param<M::Table>> {
        let columns = M::columns();
        let row = || Link::column(M::table(), columns.key.clone(), M::TARGET);
        let patient = (M::TARGET.ty == ResourceType::Patient).then(row);
        let live = (Filter::is_null(file::<M>()), columns.updated.clone());
        vec![
            reference("target", [row()]),
            reference("patient", patient),
            instant_there("recorded", cg_delivery::started, loaded_with::<M>, live),
        ]
    }

    fn load(conn: &mut AnyConnection, rows: Rows<M::Table>) -> QueryResult<Loaded<Row>> {
        let columns = M::columns();
        row::load(conn, M::TABLE, &columns, patient::<M>(), rows)
    }

    fn key(row: &Row) -> &str {
        &row.key
    }

    fn updated(row: &Row) -> NaiveDateTime {
        row.updated
    }

    fn patient(row: &Row, site: &Site) -> Option<String> {
        let (target, key) = row.patient.as_ref()?;
        Some(format!("{}/{}", target.ty, id::encode(site.name(), target.kind, key)))
    }

    fn translate(row: Row, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        resource::provenance(&row, M::TARGET, M::TABLE, site)
    }
}
