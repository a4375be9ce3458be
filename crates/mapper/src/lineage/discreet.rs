//! Lineage for somebody who may not see all: without cells of rows that they may not see.

use std::collections::BTreeMap;

use fhir::r4::ResourceType;

use super::{Cell, Lineage};
use crate::Error;
use crate::db::AnyConnection;
use crate::param::Context;
use crate::provider::{Found, Provider};

/// The rule of an element that comes from a row which is not shown.
const ELSEWHERE: &str = "a row that is not shown";

/// Takes out the cells of others. A row that becomes a resource is shown to who sees that resource; one that does not is shown with what
/// is about a patient, and not with places and clinicians, which rows of many patients tell of.
pub(super) fn discreet(
    mut lineage: Lineage,
    conn: &mut AnyConnection,
    providers: &[Box<dyn Provider>],
    own: (&dyn Provider, &str),
    context: Context<'_>,
) -> Result<Lineage, Error> {
    if context.access.is_none() {
        return Ok(lineage);
    }
    let mut sight = Sight {
        providers,
        own,
        context,
        known: BTreeMap::new(),
    };
    for origin in &mut lineage.elements {
        if let Some(cell) = &origin.cell
            && !sight.shows(conn, cell)?
        {
            origin.cell = None;
            origin.partner = None;
            ELSEWHERE.clone_into(&mut origin.rule);
        }
        if let Some(partner) = &origin.partner
            && !sight.shows(conn, partner)?
        {
            origin.partner = None;
        }
    }
    let mut unused = vec![];
    for each in lineage.unused {
        if sight.shows(conn, &each.cell)? {
            unused.push(each);
        }
    }
    lineage.unused = unused;
    Ok(lineage)
}

struct Sight<'a> {
    providers: &'a [Box<dyn Provider>],
    own: (&'a dyn Provider, &'a str),
    context: Context<'a>,
    known: BTreeMap<(&'static str, String), bool>,
}

impl Sight<'_> {
    fn shows(&mut self, conn: &mut AnyConnection, cell: &Cell) -> Result<bool, Error> {
        let row = (cell.table, cell.key.clone());
        if let Some(known) = self.known.get(&row) {
            return Ok(*known);
        }
        let shown = self.decide(conn, cell)?;
        self.known.insert(row, shown);
        Ok(shown)
    }

    fn decide(&self, conn: &mut AnyConnection, cell: &Cell) -> Result<bool, Error> {
        let (own, key) = self.own;
        if cell.table == own.table() && cell.key == key {
            return Ok(true);
        }
        // What tells where a row comes from has that row's table.
        let of_table = |p: &&dyn Provider| p.table() == cell.table && p.target().ty != ResourceType::Provenance;
        let mut becoming = self.providers.iter().map(AsRef::as_ref).filter(of_table).peekable();
        if becoming.peek().is_none() {
            let about_a_patient = own.declared().iter().any(|param| param.name == "patient");
            return Ok(about_a_patient || own.target().ty == ResourceType::Patient);
        }
        for provider in becoming {
            if let Found::Resource(_) = provider.read(conn, &cell.key, self.context)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
