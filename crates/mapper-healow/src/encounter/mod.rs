//! Encounter, from `enc`.

mod entity;
#[cfg(test)]
mod tests;
mod translate;
mod visit;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::search::ParamType;
use fhir::{system, us_core};
use mapper::db::AnyDb;
use mapper::element::{CLASSES, ROLES};
use mapper::param::{self, Interval, Link, Param, Target, Words, date, nothing, profiles, reference, token, uncoded};
use mapper::sql::{Filter, IntoText, TextColumn};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::codes::ENC_STATUS;
use crate::kinds::{ENCOUNTER, LOCATION, ORGANIZATION, PATIENT, PRACTITIONER};
use crate::tables::{enc, enc_texts};

pub use entity::ENTITY;

/// `enc` rows that are visits or appointments.
pub struct Encounters;

/// A visit.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = enc, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    encounterid: Option<String>,
    patientid: Option<String>,
    doctorid: Option<String>,
    refprid: Option<String>,
    facilityid: Option<String>,
    date: Option<String>,
    starttime: Option<String>,
    arrivedtime: Option<String>,
    timein: Option<String>,
    timeout: Option<String>,
    deptime: Option<String>,
    status: Option<String>,
    visittype: Option<String>,
    enctype: Option<String>,
    reason: Option<String>,
    dx: Option<String>,
    hl7id: Option<String>,
    psacgroup: Option<String>,
    cg_patient: Option<String>,
    cg_provider: Option<String>,
    cg_resource: Option<String>,
    cg_referrer: Option<String>,
    cg_location: Option<String>,
    cg_client: Option<String>,
    cg_zone: Option<String>,
    cg_class: Option<String>,
    cg_type: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Encounters {
    rows_of!(enc, Row);
    const TARGET: Target = ENCOUNTER;

    fn params() -> Vec<Param<enc::table>> {
        use enc as e;
        let patient = || Link::column(e::table, e::cg_patient, PATIENT);
        let people = || {
            [
                Link::column(e::table, e::cg_provider, PRACTITIONER).or_told(e::doctorid, "doctorid"),
                Link::column(e::table, e::cg_resource, PRACTITIONER),
                Link::column(e::table, e::cg_referrer, PRACTITIONER).or_told(e::refprid, "refprid"),
            ]
        };
        let practitioners = [
            e::cg_provider.into_text(),
            e::cg_resource.into_text(),
            e::cg_referrer.into_text(),
        ];
        let practitioners = practitioners.map(|column| Link::column(e::table, column, PRACTITIONER));
        let place = Link::column(e::table, e::cg_location, LOCATION);
        let numbers = vec![
            param::column(e::encounterid, "encounterid"),
            param::column(e::hl7id, "hl7id").typed("VN"),
        ];
        let told = |key: TextColumn<enc::table>, number: TextColumn<enc::table>| {
            Filter::any([Filter::not_null(key), Filter::not_null(number)])
        };
        // Who else was booked, when that is not the same.
        let other = Filter::not_null(e::cg_resource).and(Filter::same(e::cg_resource, e::cg_provider).negate());
        let roles = vec![
            (told(e::cg_provider.into_text(), e::doctorid.into_text()), "PPRF"),
            (other, "PART"),
            (told(e::cg_referrer.into_text(), e::refprid.into_text()), "REF"),
        ];
        let role = |(when, code)| param::when(when, param::constant(system::PARTICIPATION_TYPE, code));
        let roles = param::any_of(roles.into_iter().map(role).collect()).shown(ROLES);
        let kind = param::or_words(
            param::column(e::cg_type, "visittype"),
            vec![Words::new(e::visittype, enc_texts::cg_words)],
        );
        let reason = vec![Words::new(enc_texts::cg_reason, enc_texts::cg_reason)];
        vec![
            profiles(&[us_core::ENCOUNTER]),
            token("participant-type", roles),
            token("reason-code", param::or_words(param::none(), reason)),
            nothing("discharge-disposition", ParamType::Token),
            uncoded("identifier", param::or_key(param::any_of(numbers), e::key)),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(e::patientid, "patientid")]),
            date("date", Interval::new(e::cg_start_lo, e::cg_end_hi)),
            token("status", param::mapped(e::status, &ENC_STATUS)),
            token(
                "class",
                param::or_absent(param::ids(e::cg_class, system::ACT_CODE).shown(CLASSES)),
            ),
            token("type", param::or_absent(kind)),
            reference("location", [place.or_told(e::facilityid, "facilityid")]),
            reference("participant", people()),
            reference("practitioner", practitioners),
            reference("service-provider", [Link::column(e::table, e::cg_client, ORGANIZATION)]),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::encounter(&row, site, trace)
    }
}
