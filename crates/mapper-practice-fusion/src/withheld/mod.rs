//! Tables that are kept whole and not served; every row says why.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

use crate::cells::changed;

/// `patient-conditions`: statements that nothing is known (`No Known Drug Allergies`), no conditions.
pub const STATEMENTS: Entity = Entity {
    name: "patient_conditions",
    aliases: &["patient-conditions"],
    table: "patient_conditions",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("conditionname"),
        Column::new("provenanceehruserguid"),
        Column::new("provenancedatetimeutc"),
        Column::new("lastmodifiedbyuserguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, site| {
        let identifying = &["patientpracticeguid", "conditionname"];
        kept(
            cells,
            site,
            identifying,
            "withheld:a statement of absence, not a condition",
        )
    },
};

/// `patient-encounter-observations`: vital signs. Rows of the system `PF-LOCAL` are headings of sets of them.
pub const OBSERVATIONS: Entity = Entity {
    name: "patient_encounter_observations",
    aliases: &["patient-encounter-observations"],
    table: "patient_encounter_observations",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("encounterguid"),
        Column::new("observationsetguid"),
        Column::new("observationcodesystem"),
        Column::new("observationcode"),
        Column::new("unitofobservation"),
        Column::new("valuetype"),
        Column::new("value"),
        Column::new("observationdatetimeutc"),
        Column::new("comment"),
        Column::new("lastmodifiedbyproviderguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, site| {
        let identifying = &[
            "patientpracticeguid",
            "encounterguid",
            "observationsetguid",
            "observationcode",
            "observationdatetimeutc",
        ];
        let system = cells.get("observationcodesystem");
        let why = if system.is_some_and(|s| s.eq_ignore_ascii_case("PF-LOCAL")) {
            "withheld:a heading, not a measurement"
        } else {
            "withheld:vital signs are not served yet"
        };
        kept(cells, site, identifying, why)
    },
};

fn kept(cells: &Cells<'_>, site: &Site, identifying: &'static [&'static str], why: &str) -> Derived {
    let changed = changed(cells, &["lastmodifieddatetimeutc"], site);
    Derived {
        identifying,
        modified: changed,
        updated: changed,
        hold: Some(why.to_owned()),
        ..Derived::default()
    }
}
