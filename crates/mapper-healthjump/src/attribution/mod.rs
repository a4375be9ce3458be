//! `attribution`: which clinician, and which place, a patient belongs to. Served as `Patient.generalPractitioner`.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

use crate::cells::{NO_PATIENT, link, location, stamps};

/// Only `location_id` is documented; patient and clinician are what an attribution is about.
pub const ENTITY: Entity = Entity {
    name: "attribution",
    aliases: &["attributions"],
    table: "attribution",
    columns: &[
        Column::new("client_id"),
        Column::new("patient_id").or(&["patientid", "demographicid", "demographic_id"]),
        Column::new("provider_id").or(&["providerid", "clinician_id", "clinician"]),
        Column::new("location_id").or(&["locationid"]),
        Column::new("hj_create_timestamp"),
        Column::new("hj_modify_timestamp"),
    ],
    layouts: &[],
    computed: &["cg_patient", "cg_provider", "cg_location"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    let missing = cells.get("patient_id").is_none();
    Derived {
        key: None,
        identifying: &["client_id", "patient_id", "provider_id", "location_id"],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: missing.then(|| NO_PATIENT.into()),
        values: vec![
            link(cells.get("patient_id")),
            link(cells.get("provider_id")),
            location(cells, site),
        ],
        ..Derived::default()
    }
}
