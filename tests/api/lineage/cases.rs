//! The most telling elements, one by one.

use tests::on_both;
use tests::support::server::Setup;

use super::told;

/// Resource, element, then the cell: table, key, column, raw; and how the rule begins.
type Case = [&'static str; 7];

const CASES: &[Case] = &[
    // A day in another form.
    [
        "Patient/healthjump.pt.700107",
        "birthDate",
        "demographic",
        "700107",
        "dob",
        "19500817",
        "a date",
    ],
    // A word that a code map knows.
    [
        "Patient/healthjump.pt.720302",
        "gender",
        "demographic",
        "720302",
        "gender",
        "F",
        "code map gender",
    ],
    [
        "Encounter/healthjump.enc.000459",
        "status",
        "encounter",
        "000459",
        "status",
        "Completed",
        "code map encounter_status",
    ],
    // Parts of a name, and numbers.
    [
        "Patient/mychart.pt.Z10.2f0.2012",
        "name[0].family",
        "patient",
        "Z10/0 12",
        "pat_last_name",
        "Wintergreen-Testa",
        "as delivered",
    ],
    [
        "Patient/healthjump.pt.720302",
        "name[0].given[0]",
        "demographic",
        "720302",
        "first_name",
        "Hyacinth",
        "as delivered",
    ],
    [
        "Patient/healthjump.pt.720302",
        "identifier[0].value",
        "demographic",
        "720302",
        "demographicid",
        "720302",
        "as delivered",
    ],
    [
        "Patient/healthjump.pt.720302",
        "identifier[0].system",
        "demographic",
        "720302",
        "demographicid",
        "720302",
        "said together with identifier[0].value",
    ],
    // The id is made of the key.
    [
        "Patient/healthjump.pt.720302",
        "id",
        "demographic",
        "720302",
        "demographicid",
        "720302",
        "part of the row's key",
    ],
    // A code: its own cell, and the one that tells the system.
    [
        "Condition/healthjump.dx.610001",
        "code.coding[0].code",
        "diagnosis",
        "610001",
        "diagnosis_code",
        "E11.9",
        "as delivered",
    ],
    // Out of a list of codes in one cell of another table, which a statement copies.
    [
        "Condition/practicefusion.edx..7e066704557d8943984474a95468e40f2d",
        "code.coding[0].code",
        "patient_diagnoses",
        "c2800000-1111-4222-8333-000000000027",
        "diagnosiscodeequivalents",
        "M10.9 (ICD10)",
        "a part of the cell; A diagnosis of a visit says what the diagnosis says",
    ],
    // Through a dictionary: the row's number, and the dictionary's name for it.
    [
        "Condition/mychart.edx.720000001-1",
        "code.coding[0].code",
        "pat_enc_dx",
        "720000001-1",
        "dx_id",
        "9001",
        "as delivered",
    ],
    [
        "Condition/mychart.edx.720000001-1",
        "code.coding[0].display",
        "clarity_edg",
        "clarity_edg/9001",
        "dx_name",
        "Type 2 diabetes mellitus without complication (CMS/HCC)",
        "as delivered",
    ],
    [
        "Condition/mychart.edx.720000001-1",
        "code.coding[1].code",
        "edg_current_icd10",
        "edg_current_icd10/9001-1",
        "code",
        "E11.9",
        "as delivered",
    ],
    // A reference through a link: the referring cell, and the number of the row that is found.
    [
        "Encounter/healthjump.enc.000459",
        "subject.reference",
        "encounter",
        "000459",
        "patient_id",
        "700101",
        "resolved to the row of demographic",
    ],
    [
        "Encounter/healthjump.enc.000459",
        "subject.reference",
        "demographic",
        "700101",
        "demographicid",
        "700101",
        "of the row that is referred to",
    ],
    // A place is one practice's: two cells.
    [
        "Encounter/healthjump.enc.000459",
        "location[0].location.reference",
        "encounter",
        "000459",
        "location_id",
        "12",
        "resolved to the row of location",
    ],
    [
        "Encounter/healthjump.enc.000459",
        "location[0].location.reference",
        "encounter",
        "000459",
        "client_id",
        "SBX01",
        "",
    ],
    // A time of a date and a clock, in the zone of the source.
    [
        "Encounter/healthjump.enc.000459",
        "period.start",
        "encounter",
        "000459",
        "encounter_date",
        "20260115",
        "a time by the clock",
    ],
    [
        "Encounter/healthjump.enc.000459",
        "period.start",
        "encounter",
        "000459",
        "encounter_time",
        "09:30:00",
        "a time by the clock",
    ],
    // A patient's table goes on in another.
    [
        "Patient/mychart.pt.Z1000004",
        "deceasedBoolean",
        "patient_4",
        "Z1000004",
        "pat_living_stat_c_name",
        "Deceased",
        "code map deceased; A patient goes on in",
    ],
    // A cell stands where another is empty; of two that say the same neither does it alone.
    [
        "Condition/practicefusion.edx..7e066704557d8943984474a95468e40f2d",
        "subject.identifier.value",
        "patient_encounter_diagnoses",
        "~066704557d8943984474a95468e40f2d",
        "patientpracticeguid",
        "7d3e0c5a-1111-4222-8333-000000000099",
        "as delivered; only together with",
    ],
];

on_both! {
    async fn telling_elements(kind) {
        let server = Setup::all(kind).start().await;
        let mut wrong = vec![];
        for [name, path, table, key, column, raw, rule] in CASES {
            let (elements, _) = told(&server.ok(&format!("/fhir/{name}/$lineage")).await);
            let path = format!("{}.{path}", name.split('/').next().unwrap());
            let own: Vec<_> = elements.iter().filter(|e| e["path"] == path).collect();
            let cell = [("table", table), ("key", key), ("column", column), ("raw", raw)];
            let found = own.iter().find(|e| cell.iter().all(|(part, text)| e.get(*part).is_some_and(|t| t == *text)));
            if found.is_none_or(|e| !e["rule"].starts_with(rule)) {
                wrong.push(format!("{name} {path} {column}: {own:#?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// What depends on no cell says so.
    async fn constants(kind) {
        let server = Setup::all(kind).start().await;
        let (elements, unused) = told(&server.ok("/fhir/Condition/mychart.edx.720000001-1/$lineage").await);
        for (path, rule) in [
            ("Condition.resourceType", "a constant of the mapping"),
            ("Condition.category[0].coding[0].code", "a constant of the mapping"),
            ("Condition.meta.versionId", "a hash of the content, by the server"),
        ] {
            let own: Vec<_> = elements.iter().filter(|e| e["path"] == path).collect();
            assert_eq!(own.len(), 1, "{path}");
            assert!(!own[0].contains_key("table"), "{path}");
            assert_eq!(own[0]["rule"], rule);
        }
        assert!(unused.iter().all(|cell| !cell["why"].is_empty()));
    }
}
