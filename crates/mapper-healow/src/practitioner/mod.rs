//! Practitioner, from the `users` that are no patients, with what `doctors` adds.

mod entity;
#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::types::Identifier;
use fhir::r4::{Practitioner, Resource};
use fhir::{build, system, us_core};
use mapper::db::{AnyConnection, AnyDb};
use mapper::element::{self, NameParts, cell};
use mapper::param::{self, Param, Target, Words, profiles, string, token, uncoded};
use mapper::sql::{Filter, Op};
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace, load_rows};

use crate::kinds::PRACTITIONER;
use crate::tables::{clinicians, users_terms};
use crate::user;

pub use entity::ENTITY;

/// `users` rows that are clinicians, staff or referring clinicians.
pub struct Practitioners;

/// A clinician.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = clinicians, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    uid: Option<String>,
    ufname: Option<String>,
    uminitial: Option<String>,
    ulname: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
    upphone: Option<String>,
    umobileno: Option<String>,
    uemail: Option<String>,
    status: Option<String>,
    cg_printname: Option<String>,
    cg_doctornpi: Option<String>,
    cg_npi: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Practitioners {
    type Table = clinicians::table;
    type Row = Row;
    const TARGET: Target = PRACTITIONER;
    const TABLE: &'static str = "users";

    fn table() -> clinicians::table {
        clinicians::table
    }

    fn columns() -> Columns<clinicians::table> {
        use clinicians as c;
        let clinicians = Filter::text(c::cg_kind, Op::Eq, user::PRACTITIONER);
        Columns::new(c::key, c::cg_updated, c::cg_hold).only(clinicians)
    }

    fn params() -> Vec<Param<clinicians::table>> {
        use clinicians as c;
        let family = || Words::new(c::ulname, c::cg_family);
        let given = || {
            [
                Words::new(c::ufname, c::cg_given),
                Words::new(c::uminitial, c::cg_middle),
            ]
        };
        let others = [
            Words::new(c::prefix, c::cg_prefix),
            Words::new(c::suffix, c::cg_suffix),
            Words::new(c::cg_printname, c::cg_print),
        ];
        let numbers = vec![param::column(c::uid, "uid"), param::ids(c::cg_npi, system::NPI)];
        let own = vec![
            profiles(&[us_core::PRACTITIONER]),
            uncoded("identifier", param::or_key(param::any_of(numbers), c::key)),
            string("name", [family()].into_iter().chain(given()).chain(others)),
            string("family", [family()]),
            string("given", given()),
            token("active", user::activity(c::status)),
        ];
        let telecom = users_terms::table::of(c::key).telecom();
        own.into_iter().chain(telecom).collect()
    }

    fn load(conn: &mut AnyConnection, rows: Rows<clinicians::table>) -> QueryResult<Loaded<Row>> {
        load_rows!(conn, rows, clinicians::table, Row)
    }

    fn key(row: &Row) -> &str {
        &row.key
    }

    fn updated(row: &Row) -> NaiveDateTime {
        row.cg_updated
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        let mut clinician = Practitioner::builder()
            .build()
            .map_err(|_builder| Rejected("not a Practitioner"))?;
        clinician.identifier = identifiers(&row, site, trace);
        clinician.active = user::active(cell!(row.status), trace);
        let mut name = element::name(NameParts {
            family: row.ulname.as_deref(),
            first: row.ufname.as_deref(),
            middle: row.uminitial.as_deref(),
            prefix: row.prefix.as_deref(),
            suffix: row.suffix.as_deref(),
        });
        name.text = row.cg_printname.clone();
        if name.family.is_none() {
            // US Core wants a family name of every clinician.
            name.family_ext = Some(build::absent("unknown"));
        }
        clinician.name = vec![Some(name)];
        let telecom = [
            element::phone(row.upphone.as_deref(), None, None),
            element::phone(row.umobileno.as_deref(), None, Some("mobile")),
            element::email(row.uemail.as_deref()),
        ];
        clinician.telecom = telecom.into_iter().flatten().map(Some).collect();
        let mut resource = Resource::from(clinician);
        element::set_profiles(&mut resource, &[us_core::PRACTITIONER]);
        Ok(resource)
    }
}

/// The vendor's number, and the NPI when its check digit is right (US Core us-core-17).
fn identifiers(row: &Row, site: &Site, trace: &mut Trace) -> Vec<Option<Identifier>> {
    if row.cg_doctornpi.is_some() && row.cg_npi.is_none() {
        trace.lost("identifier:NPI", "npi", "the check digit is wrong");
    }
    let npi = row.cg_npi.as_deref().map(|npi| build::identifier(system::NPI, npi));
    let own = row.uid.is_some() || npi.is_none();
    let own = own.then(|| element::identifiers(site, &row.key, &[cell!(row.uid)]));
    own.into_iter().flatten().chain(npi.map(Some)).collect()
}
