use mapper::load::Row as Cells;
use mapper::sql::Value;

use super::{Row, SURGICAL_HX, translate::history};
use crate::dictionary::Coded;
use crate::dictionary::testing::named;
use crate::testing::{outcome, s, site};

fn told(row: Row) -> String {
    let terms = row.proc_id.iter().map(|id| named("proc_id", id, "APPENDECTOMY"));
    let terms = terms.collect();
    outcome(|site, trace| history(&Coded { row, terms }, site, trace))
}

fn bare() -> Row {
    Row {
        key: "720000009-1".into(),
        cg_pat_id: s("Z1000001"),
        cg_patient: s("Z1000001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        proc_id: s("7002"),
        surgical_hx_date: s("May 2018"),
        surg_hx_start_dt: s("5/1/2018 12:00:00 AM"),
        surg_hx_end_dt: s("5/31/2018 12:00:00 AM"),
        surg_laterality_c_name: s("Right"),
        comments: s("laparoscopic"),
        proc_comments: s("elsewhere"),
        hx_lnk_enc_csn: s("720000010"),
        cg_encounter: s("720000010"),
        ..bare()
    };
    insta::assert_snapshot!(told(row), @"
    bodySite[0].text = Right
    code.coding[0].code = 7002
    code.coding[0].display = APPENDECTOMY
    code.coding[0].system = urn:chartgate:my:proc_id
    code.text = APPENDECTOMY
    encounter.reference = Encounter/my.enc.720000010
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = 720000009-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    note[0].text = laparoscopic
    note[1].text = elsewhere
    performedPeriod.end = 2018-05-31
    performedPeriod.start = 2018-05-01
    status = completed
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare()), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = 720000009-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = completed
    subject.reference = Patient/my.pt.Z1000001
    ");
}

fn performed(start: &str, end: &str, text: &str) -> String {
    let cell = |text: &str| s(text).filter(|t| !t.is_empty());
    let row = Row {
        surgical_hx_date: cell(text),
        surg_hx_start_dt: cell(start),
        surg_hx_end_dt: cell(end),
        ..bare()
    };
    let told = told(row);
    let about = |line: &&str| line.contains("erformed");
    told.lines().filter(about).collect::<Vec<_>>().join("; ")
}

#[test]
fn dates_are_days_months_years_or_words() {
    let cases = [
        performed("6/15/2015 12:00:00 AM", "6/15/2015 12:00:00 AM", "1999"),
        performed("2/3/2011 12:00:00 AM", "", ""),
        performed("", "2/3/2011 12:00:00 AM", ""),
        performed("6/15/2015", "6/14/2015", ""),
        performed("early", "", "1999"),
        performed("", "", "1999"),
        performed("", "", "7/2004"),
        performed("", "", "7/4/2004"),
        performed("", "", "as a child"),
        performed("", "", "13/2004"),
    ];
    insta::assert_snapshot!(cases.join("\n"), @"
    performedDateTime = 2015-06-15
    performedDateTime = 2011-02-03
    performedPeriod.end = 2011-02-03
    performedDateTime = 2015-06-15; lost: performed[x] from surg_hx_end_dt: not a date, or before the start
    performedDateTime = 1999; lost: performed[x] from surg_hx_start_dt: not a date
    performedDateTime = 1999
    performedDateTime = 2004-07
    performedDateTime = 2004-07-04
    performedString = as a child
    performedString = 13/2004
    ");
}

#[test]
fn the_same_surgery_has_the_same_procedure_and_date() {
    let same = |cells: &[(&str, &str)]| {
        let derived = (SURGICAL_HX.derive)(&Cells::of(&SURGICAL_HX, cells).cells(), &site());
        derived.values.into_iter().next().unwrap()
    };
    let once = same(&[("proc_id", "7002"), ("surgical_hx_date", "5/1/2018")]);
    let again = same(&[("proc_id", "7002"), ("surg_hx_start_dt", "5/1/2018 12:00:00 AM")]);
    assert_eq!(once, again);
    assert_ne!(once, same(&[("proc_id", "7002"), ("surgical_hx_date", "2018")]));
    assert_ne!(once, same(&[("proc_id", "7003"), ("surgical_hx_date", "5/1/2018")]));
    let words = same(&[("proc_id", "7002"), ("surgical_hx_date", "As a Child")]);
    assert_eq!(words, same(&[("proc_id", "7002"), ("surgical_hx_date", "as a child")]));
    assert_eq!(same(&[("comments", "tonsils")]), Value::Null);
}
