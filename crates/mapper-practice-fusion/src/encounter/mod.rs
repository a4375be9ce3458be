//! Encounter, from `patient-encounters`.

mod entity;
#[cfg(test)]
mod tests;
mod translate;

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

use crate::codes::ENCOUNTER_STATUS;
use crate::kinds::{ENCOUNTER, LOCATION, ORGANIZATION, PATIENT, PROVIDER};
use crate::tables::patient_encounters;

pub use entity::ENTITY;
use translate::{CONFIDENTIALITY, LABELS};
pub use translate::{Told, resource};

/// `patient-encounters` rows.
pub struct Encounters;

/// A visit.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_encounters, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    dateofservice: Option<String>,
    chiefcomplaint: Option<String>,
    signeddatetimeutc: Option<String>,
    chartnotetype: Option<String>,
    isvirtualvisit: Option<String>,
    ispsychotherapynote: Option<String>,
    cg_guid: Option<String>,
    cg_told_patient: Option<String>,
    cg_patient: Option<String>,
    cg_told_seen: Option<String>,
    cg_seen: Option<String>,
    cg_told_signed: Option<String>,
    cg_signed: Option<String>,
    cg_told_place: Option<String>,
    cg_place: Option<String>,
    cg_type: Option<String>,
    cg_practice: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Encounters {
    rows_of!(patient_encounters, Row);
    const TARGET: Target = ENCOUNTER;

    fn params() -> Vec<Param<patient_encounters::table>> {
        use patient_encounters as e;
        let patient = || Link::column(e::table, e::cg_patient, PATIENT);
        let seen = || Link::column(e::table, e::cg_seen, PROVIDER);
        let signed = || Link::column(e::table, e::cg_signed, PROVIDER);
        let place = Link::column(e::table, e::cg_place, LOCATION);
        let anybody = [
            seen().or_told(e::cg_told_seen, "seenbyproviderguid"),
            signed().or_told_if(
                Filter::not_null(e::cg_attends),
                e::cg_told_signed,
                "signedbyproviderguid",
            ),
        ];
        let class = param::ids(e::cg_class, system::ACT_CODE).shown(CLASSES);
        let flagged = |column: TextColumn<patient_encounters::table>| Filter::not_null(column);
        let roles = vec![
            param::when(
                Filter::not_null(e::cg_told_seen),
                param::constant(system::PARTICIPATION_TYPE, "PPRF"),
            ),
            param::when(
                flagged(e::cg_attends.into_text()),
                param::constant(system::PARTICIPATION_TYPE, "ATND"),
            ),
        ];
        let labels = [(CONFIDENTIALITY, "R"), (system::ACT_CODE, "PSYTHPN")];
        let labels = labels
            .map(|(system, code)| param::when(flagged(e::cg_restricted.into_text()), param::constant(system, code)));
        let kind = param::or_words(
            param::column(e::cg_type, "chartnotetype"),
            vec![Words::new(e::chartnotetype, e::cg_words)],
        );
        let reason = vec![Words::new(e::chiefcomplaint, e::cg_reason)];
        vec![
            profiles(&[us_core::ENCOUNTER]),
            token("participant-type", param::any_of(roles).shown(ROLES)),
            token("reason-code", param::or_words(param::none(), reason)),
            nothing("discharge-disposition", ParamType::Token),
            token("_security", param::any_of(labels.into()).shown(LABELS)),
            uncoded(
                "identifier",
                param::or_key(param::column(e::cg_guid, "encounterguid"), e::key),
            ),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient().or_told(e::cg_told_patient, "patientpracticeguid")],
            ),
            date("date", Interval::new(e::cg_start_lo, e::cg_end_hi)),
            token("status", param::ids(e::cg_status, ENCOUNTER_STATUS.system)),
            token("class", param::or_absent(class)),
            token("type", param::or_absent(kind)),
            reference("location", [place.or_told(e::cg_told_place, "facilityguid")]),
            reference("participant", anybody),
            reference("practitioner", [seen(), signed()]),
            reference(
                "service-provider",
                [Link::column(e::table, e::cg_practice, ORGANIZATION)],
            ),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::encounter(&row, site, trace)
    }
}
