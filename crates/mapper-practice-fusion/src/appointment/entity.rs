//! `patient-appointments`: the schedule, in the wall clock of the place.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;

use crate::cells::{NO_PATIENT, Span, changed, guid, key, link, practice, told, wall};
use crate::codes::{APPOINTMENT_STATUS, ENCOUNTER_CLASS};

/// Without room and insurance.
pub const ENTITY: Entity = Entity {
    name: "patient_appointments",
    aliases: &["patient-appointments"],
    table: "patient_appointments",
    columns: &[
        Column::new("appointmentguid"),
        Column::new("patientpracticeguid"),
        Column::new("providerguid"),
        Column::new("facilityguid"),
        Column::new("startdatetime"),
        Column::new("enddatetime"),
        Column::new("noshoworcancellationreason"),
        Column::new("chiefcomplaint"),
        Column::new("appointmenttype"),
        Column::new("appointmentstatus"),
        Column::new("encounterguid"),
        Column::new("lastmodifiedbyproviderguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &[
        "cg_guid",
        "cg_told_patient",
        "cg_patient",
        "cg_told_provider",
        "cg_provider",
        "cg_told_place",
        "cg_place",
        "cg_told_visit",
        "cg_zone",
        "cg_type",
        "cg_words",
        "cg_reason",
        "cg_status",
        "cg_class",
        "cg_start_lo",
        "cg_end_hi",
        "cg_practice",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let changed = changed(cells, &["lastmodifieddatetimeutc"], site);
    let kind = values::words(cells.get("appointmenttype"));
    let other_zone = other_zone(cells, site);
    let zone = site.zone_named(other_zone);
    let at = |column| wall(cells.get(column), zone, site);
    let [start, end] = Span::new(at("startdatetime"), at("enddatetime")).open_interval();
    let [told_patient, patient] = link(cells, "patientpracticeguid");
    let [told_provider, provider] = link(cells, "providerguid");
    let [told_place, place] = link(cells, "facilityguid");
    let status = site.code(&APPOINTMENT_STATUS, cells.get("appointmentstatus")).code();
    let class = site.code(&ENCOUNTER_CLASS, kind.as_deref()).code();
    Derived {
        key: key(cells, "appointmentguid"),
        identifying: &[
            "patientpracticeguid",
            "startdatetime",
            "providerguid",
            "appointmenttype",
        ],
        modified: changed,
        updated: changed,
        hold: (patient == Value::Null).then(|| NO_PATIENT.into()),
        values: vec![
            told(cells, "appointmentguid"),
            told_patient,
            patient,
            told_provider,
            provider,
            told_place,
            place,
            told(cells, "encounterguid"),
            other_zone.map_or(Value::Null, Value::from),
            Value::from(kind),
            values::folded(cells.get("appointmenttype")),
            values::folded(cells.get("chiefcomplaint")),
            status.map_or(Value::Null, Value::from),
            class.map_or(Value::Null, Value::from),
            start,
            end,
            practice(site),
        ],
        ..Derived::default()
    }
}

/// The zone of the place, when it is not the source's; a profile may write its id as the file does or in small letters.
fn other_zone(cells: &Cells<'_>, site: &Site) -> Option<&'static str> {
    let place = cells.get("facilityguid");
    site.other_zone(guid(place).as_deref())
        .or_else(|| site.other_zone(place))
}
