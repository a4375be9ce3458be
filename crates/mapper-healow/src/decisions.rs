//! What rows decide about each other (`schema/healow-holds.sql`, `schema/healow-copies.sql`), delivery by delivery: on
//! SQLite and, with `TEST_POSTGRES_URL`, on PostgreSQL.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use mapper::db::{Access, AnyConnection, Manager, Url};
use mapper::load::load;
use tempfile::TempDir;

use crate::tables::{billingdata, clinicians, diagnosis, enc, labdata, problemlist, surgicalhistory, users};

/// A database under way.
struct Db {
    conn: AnyConnection,
}

impl Db {
    /// Loads files: each its name, then lines.
    fn load(&mut self, files: &[(&str, &[&str])]) {
        let folder = TempDir::new().unwrap();
        for (name, lines) in files {
            std::fs::write(folder.path().join(format!("{name}.csv")), lines.join("\n")).unwrap();
        }
        let now = "2026-02-01T00:00:00".parse().unwrap();
        let path = folder.path().to_path_buf();
        load(
            &mut self.conn,
            &crate::schema::SCHEMA,
            &crate::testing::site(),
            &[path],
            now,
            &mut (),
        )
        .unwrap();
    }
}

fn connect(url: &str) -> AnyConnection {
    let manager = Manager::new(Url::parse(url).unwrap(), Access::Load, Duration::from_secs(30));
    manager.open().unwrap()
}

/// Runs a test on each database that is there; `name` is its own.
fn on_each(name: &str, test: impl Fn(&mut Db)) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("rows.db").display());
    test(&mut Db { conn: connect(&url) });
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
        eprintln!("skipped: TEST_POSTGRES_URL is not set, PostgreSQL not tested");
        return;
    };
    let schema = format!("healow_{name}_{}", std::process::id());
    let mut admin = connect(&server);
    admin.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
    let joint = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{joint}options=-csearch_path%3D{schema}");
    test(&mut Db { conn: connect(&url) });
    admin.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).unwrap();
}

/// The only column of the row with this key; empty when it is null.
macro_rules! cell {
    ($db:ident, $table:ident . $column:ident, $key:expr) => {
        $table::table
            .filter($table::key.eq($key))
            .select($table::$column)
            .first::<Option<String>>(&mut $db.conn)
            .unwrap()
            .unwrap_or_default()
    };
}

const USERS: &str = "UID,UserType";
const ENC: &str = "encounterID,patientID,doctorID,date,encType";

#[test]
fn who_somebody_is_may_be_told_later() {
    on_each("kinds", |db| {
        db.load(&[
            ("users", &[USERS, "7,4", "8,2", "5001,3"]),
            ("enc", &[ENC, "1,5001,7,2026-01-15,1", "2,8,5001,2026-01-15,1"]),
        ]);
        let neither = "withheld:neither patient nor clinician";
        assert_eq!(cell!(db, users.cg_hold, "7"), neither);
        assert_eq!(cell!(db, enc.cg_provider, "1"), "");
        assert_eq!(cell!(db, enc.cg_patient, "2"), "", "staff is no patient");
        assert_eq!(cell!(db, enc.cg_provider, "2"), "", "a patient is no clinician");

        db.load(&[
            ("doctors", &["doctorID,PrintName", "7,Dr. Seven", "99,Nobody"]),
            ("patients", &["pid,ControlNo", "8,C-8"]),
        ]);
        assert_eq!(cell!(db, users.cg_hold, "7"), "");
        assert_eq!(cell!(db, clinicians.cg_printname, "7"), "Dr. Seven");
        assert_eq!(cell!(db, enc.cg_provider, "1"), "7");
        assert_eq!(cell!(db, users.cg_kind, "8"), "patient");
        assert_eq!(cell!(db, users.cg_controlno, "8"), "C-8");
        assert_eq!(cell!(db, enc.cg_patient, "2"), "8");

        // A row that changes keeps what others say of it.
        db.load(&[("users", &["UID,UserType,ulname", "7,4,Seven"])]);
        assert_eq!(cell!(db, users.cg_kind, "7"), "practitioner");
        assert_eq!(cell!(db, clinicians.cg_print, "7"), "dr. seven");
    });
}

#[test]
fn a_bill_is_served_when_its_order_is_not() {
    on_each("bills", |db| {
        let lab = "Reportid,Encounterid,Itemid,Type,cancelled";
        let hold = "withheld:served from another place";
        db.load(&[
            ("users", &[USERS, "5001,3"]),
            ("enc", &[ENC, "1,5001,0,2026-01-15,1"]),
            ("labdata", &[lab, "94,1,46,3,0"]),
            (
                "billingdata",
                &["id,Encounterid,itemid", "93,1,46", "95,1,47", "96,2,46"],
            ),
        ]);
        assert_eq!(cell!(db, billingdata.cg_hold, "93"), hold);
        assert_eq!(cell!(db, billingdata.cg_hold, "95"), "");
        assert_eq!(cell!(db, billingdata.cg_hold, "96"), "rejected:no patient");

        db.load(&[
            ("labdata", &[lab, "94,1,46,3,1"]),
            ("enc", &[ENC, "2,5001,0,2026-01-16,1"]),
        ]);
        assert_eq!(cell!(db, billingdata.cg_hold, "93"), "");
        assert_eq!(cell!(db, billingdata.cg_hold, "96"), "");
        assert_eq!(cell!(db, billingdata.cg_patient, "96"), "5001");
    });
}

#[test]
fn of_surgery_copied_forward_the_first_visits_row_is_served() {
    on_each("surgery", |db| {
        let surgery = "encounterid,reason,date";
        let served = |db: &mut Db| {
            surgicalhistory::table
                .filter(surgicalhistory::cg_hold.is_null())
                .select(surgicalhistory::cg_text)
                .load::<Option<String>>(&mut db.conn)
                .unwrap()
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        };
        db.load(&[
            ("users", &[USERS, "5001,3"]),
            ("enc", &[ENC, "2,5001,0,2026-01-16,1", "10,5001,0,2026-01-17,1"]),
            (
                "surgicalhistory",
                &[surgery, "10,APPENDECTOMY,6/2010", "2,Appendectomy,6/2010"],
            ),
        ]);
        assert_eq!(served(db), ["Appendectomy"]);

        db.load(&[
            ("enc", &[ENC, "1,5001,0,2026-01-15,1"]),
            ("surgicalhistory", &[surgery, "1,appendectomy,6/2010"]),
        ]);
        assert_eq!(served(db), ["appendectomy"]);
    });
}

#[test]
fn which_icd_a_code_is_of_may_be_told_later() {
    on_each("icd", |db| {
        db.load(&[
            ("users", &[USERS, "5001,3"]),
            (
                "enc",
                &[ENC, "1,5001,0,2026-01-15,1", "2,5001,0,2014-01-15,1", "3,5001,0,,1"],
            ),
            ("items", &["itemID,itemName", "44,Examination"]),
            ("itemdetail", &["itemID,propID,value", "44,13,V70.0", "44,1,I10"]),
            (
                "diagnosis",
                &["SlNo,EncounterId,ItemId", "91,1,44", "92,2,44", "93,3,44"],
            ),
        ]);
        let systems = |db: &mut Db| ["91", "92", "93"].map(|key| cell!(db, diagnosis.cg_system, key));
        assert_eq!(systems(db), ["icd10cm", "icd9cm", ""]);
        assert_eq!(cell!(db, diagnosis.cg_uncoded, "93"), "V70.0");
        assert_eq!(cell!(db, diagnosis.cg_text, "93"), "Examination");

        db.load(&[("icd", &["Code,codetype", "v700,9"])]);
        assert_eq!(systems(db), ["icd9cm", "icd9cm", "icd9cm"]);
        assert_eq!(cell!(db, diagnosis.cg_uncoded, "93"), "");

        // The item's own flag comes before the list.
        db.load(&[("edi_icdcodes", &["ItemId,icd10flag", "44,1"])]);
        assert_eq!(systems(db), ["icd10cm", "icd10cm", "icd10cm"]);

        // A list that says both says nothing.
        db.load(&[
            ("edi_icdcodes", &["ItemId,icd10flag", "44,"]),
            ("icd", &["Code,codetype", "V70.0,10"]),
        ]);
        assert_eq!(systems(db), ["icd10cm", "icd9cm", ""]);
    });
}

#[test]
fn a_problem_refers_to_no_visit_of_somebody_else() {
    on_each("problems", |db| {
        db.load(&[
            ("users", &[USERS, "5001,3", "5002,3"]),
            ("enc", &[ENC, "1,5001,0,2026-01-15,1"]),
            ("problemlist", &["SlNo,patientid,encounterid", "91,5001,1", "92,5002,1"]),
        ]);
        assert_eq!(cell!(db, problemlist.cg_encounter, "91"), "1");
        assert_eq!(cell!(db, problemlist.cg_encounter, "92"), "");
    });
}

#[test]
fn the_clock_of_a_procedure_is_its_visits() {
    on_each("clocks", |db| {
        let places = &["Id,TimeZoneCode", "21,America/Los_Angeles", "22,"];
        let enc = |place: &str| format!("1,5001,{place},2026-07-06,1");
        let head = "encounterID,patientID,facilityId,date,encType";
        let lab = "Reportid,Encounterid,Type,collDate,collTime";
        db.load(&[
            ("users", &[USERS, "5001,3"]),
            ("edi_facilities", places),
            ("enc", &[head, &enc("21")]),
            ("labdata", &[lab, "94,1,3,2026-07-06,09:00:00", "95,1,3,2026-07-06,"]),
        ]);
        let begun = |db: &mut Db, key: &str| {
            let at = labdata::table
                .filter(labdata::key.eq(key))
                .select(labdata::cg_performed_lo);
            at.first::<Option<chrono::NaiveDateTime>>(&mut db.conn)
                .unwrap()
                .map(|at| at.to_string())
        };
        assert_eq!(begun(db, "94").as_deref(), Some("2026-07-06 16:00:00"));
        assert_eq!(cell!(db, labdata.cg_zone, "94"), "America/Los_Angeles");
        assert_eq!(
            begun(db, "95").as_deref(),
            Some("2026-07-06 04:00:00"),
            "a day is the source's"
        );

        db.load(&[("enc", &[head, &enc("22")])]);
        assert_eq!(begun(db, "94").as_deref(), Some("2026-07-06 13:00:00"));
        assert_eq!(cell!(db, labdata.cg_zone, "94"), "");
    });
}
