//! Files with a header line, zones that rows tell, and what other rows decide.

use super::*;
use crate::load::{Agreement, values};
use crate::load::{Cells, Column, Derived, Entity, Exploded, Headed, Link, Schema, Zones};
use crate::sql::Value;

/// Wards with zones, and stays in them; of a person's stays only the first is served.
static SCHEMA: Schema = Schema {
    vendor: "invented-tables",
    ddl: "
CREATE TABLE IF NOT EXISTS ward (key ctext PRIMARY KEY, id ctext, zone ctext, cg_updated timestamp NOT NULL,
    cg_modified timestamp, cg_hash ctext NOT NULL, cg_file bigint, cg_hold ctext);
CREATE TABLE IF NOT EXISTS stay (key ctext PRIMARY KEY, id ctext, person ctext, ward ctext, began ctext, codes ctext,
    cg_ward ctext, cg_zone ctext, cg_began timestamp, cg_ward_zone ctext, cg_updated timestamp NOT NULL,
    cg_modified timestamp, cg_hash ctext NOT NULL, cg_file bigint, cg_hold ctext);
CREATE TABLE IF NOT EXISTS stay_code (owner ctext NOT NULL, cg_load bigint NOT NULL, code ctext NOT NULL);
CREATE INDEX IF NOT EXISTS stay_code_owner ON stay_code (owner, code);
",
    entities: &[WARD, STAY],
    links: &[Link {
        table: "stay",
        raw: &["ward"],
        resolved: "cg_ward",
        target_table: "ward",
        target_ids: &["key"],
        agreement: Agreement::Nothing,
    }],
    headed: Some(Headed {
        escapes: true,
        absent: |cell| matches!(cell, "\\N" | "NULL"),
    }),
    zones: Some(Zones {
        entity: "ward",
        table: "ward",
        id: "id",
        zone: "zone",
    }),
    exploded: &[Exploded {
        entity: "stay",
        table: "stay_code",
        owner: "owner",
        columns: &["code"],
        searched_only: false,
    }],
    holds: "
UPDATE stay SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'withheld:a later stay' END
WHERE (cg_hold IS NULL OR cg_hold = 'withheld:a later stay')
  AND (cg_hold IS NOT NULL) <> (EXISTS (SELECT 1 FROM stay AS s WHERE s.person = stay.person AND s.key < stay.key))
",
    copies: "
UPDATE stay SET cg_ward_zone = (SELECT zone FROM ward AS w WHERE w.key = stay.cg_ward)
WHERE cg_ward_zone IS DISTINCT FROM (SELECT zone FROM ward AS w WHERE w.key = stay.cg_ward)
",
    ..Schema::EMPTY
};

const WARD: Entity = Entity {
    name: "ward",
    aliases: &[],
    table: "ward",
    columns: &[Column::new("id"), Column::new("zone")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| Derived {
        key: cells.get("id").map(str::to_owned),
        ..Derived::default()
    },
};

const STAY: Entity = Entity {
    name: "stay",
    aliases: &["stays"],
    table: "stay",
    columns: &[
        Column::new("id"),
        Column::new("person").absent(&["0"]),
        Column::new("ward").or(&["ward_id"]),
        Column::new("began"),
        Column::new("codes"),
    ],
    layouts: &[],
    computed: &["cg_ward", "cg_zone", "cg_began", "cg_ward_zone"],
    derive: stay,
};

fn stay(cells: &Cells<'_>, site: &Site) -> Derived {
    let ward = cells.get("ward");
    let began = cells.get("began").and_then(|text| {
        let civil = crate::time::parse(text, crate::time::STAMPS).ok()?;
        Some(crate::time::resolve(civil, site.zone_of(ward)).lo)
    });
    let codes = cells.get("codes").into_iter().flat_map(|codes| codes.split(' '));
    Derived {
        key: cells.get("id").map(str::to_owned),
        values: vec![
            values::link(ward),
            site.other_zone(ward).map_or(Value::Null, Value::from),
            began.map_or(Value::Null, Value::Time),
            Value::Null,
        ],
        exploded: codes.map(|code| vec![Value::from(code)]).collect(),
        // A person's name is nobody's business where the ward is secret.
        forgotten: if ward == Some("secret") { &["person"] } else { &[] },
        ..Derived::default()
    }
}

fn site() -> Site {
    let columns = SCHEMA.entity_columns();
    let columns: Vec<(&str, &[&str])> = columns.iter().map(|(e, c)| (*e, c.as_slice())).collect();
    let profile = Profile::parse("[zones]\n\"9\" = \"Asia/Tokyo\"").unwrap();
    Site::new("test", chrono_tz::America::New_York, profile, &[], &columns).unwrap()
}

fn loaded(db: &mut Db, files: &Files) -> Result<Report, LoadError> {
    load(
        &mut db.conn,
        &SCHEMA,
        &site(),
        &[files.path()],
        time("2026-02-01 00:00:00"),
        &mut (),
    )
}

fn refused(files: &Files) -> String {
    let mut told = String::new();
    on_each(|db| {
        let error = loaded(db, files).unwrap_err().to_string();
        assert!(!db.has_tables());
        told = error.rsplit('/').next().unwrap().to_owned();
    });
    told
}

#[test]
fn columns_are_bound_by_name_and_absent_cells_are_absent() {
    on_each(|db| {
        let files = Files::of(
            "STAY.tsv",
            "\u{feff}Began\tID \tWard_ID\tPassword\tPERSON\r\n2026-01-05 10:00:00\t1\tA\tsecret\tp\\n\\t\\\\q\r\n\\N\t2\tNULL\t\t0\r\nbegan\tid\tward_id\tpassword\tperson\r\n",
        )
        .with(
            "stays.csv",
            "id,person,codes\r\n3,\"comma, \"\"quote\"\"\nand line\",x y\r\n",
        )
        .with("stay_2.tsv", "id\n4\n");
        let report = loaded(db, &files).unwrap();
        assert_eq!(
            db.texts("SELECT key || '|' || COALESCE(person, '-') || '|' || COALESCE(ward, '-') || '|' || COALESCE(began, '-') FROM stay ORDER BY key"),
            [
                "1|p\n\t\\q|A|2026-01-05 10:00:00",
                "2|-|-|-",
                "3|comma, \"quote\"\nand line|-|-"
            ]
        );
        assert_eq!(db.texts("SELECT code FROM stay_code ORDER BY code"), ["x", "y"]);
        assert_eq!(report.entities["stay"].columns_not_read["password"], 1);
        assert_eq!(
            report.not_read.len(),
            1,
            "another table's file is not taken for this one's"
        );
    });
}

#[test]
fn cells_that_only_another_cell_shows_to_be_private_are_not_stored() {
    on_each(|db| {
        let files = Files::of("stay.tsv", "id\tperson\tward\n1\tq\tsecret\n2\tp\tA\n");
        loaded(db, &files).unwrap();
        assert_eq!(db.texts("SELECT person FROM stay ORDER BY key"), ["-", "p"]);
        let again = loaded(db, &files).unwrap();
        assert_eq!(again.entities["stay"].unchanged, 2);
    });
}

#[test]
fn times_follow_the_clock_of_their_place() {
    on_each(|db| {
        let stays = "id\tward\tbegan\n1\tA\t2026-07-01 10:00:00\n2\tB\t2026-07-01 10:00:00\n3\tC\t2026-07-01 10:00:00\n4\t9\t2026-07-01 10:00:00\n";
        let files = Files::of("stay.tsv", stays).with(
            "ward.tsv",
            "id\tzone\nA\tAmerica/Denver\nB\tAmerica/Atlantis\n9\tAmerica/Denver\n",
        );
        let report = loaded(db, &files).unwrap();
        assert_eq!(
            db.texts(
                "SELECT key || ' ' || CAST(cg_began AS text) || ' ' || COALESCE(cg_zone, '-') FROM stay ORDER BY key"
            ),
            [
                "1 2026-07-01 16:00:00 America/Denver",
                "2 2026-07-01 14:00:00 -",
                "3 2026-07-01 14:00:00 -",
                "4 2026-07-01 01:00:00 Asia/Tokyo"
            ]
        );
        assert_eq!(
            report.warnings,
            ["place B: its zone is none that is known; its times are read in America/New_York"]
        );
        assert_eq!(
            db.texts("SELECT cg_ward_zone FROM stay WHERE key = '1'"),
            ["America/Denver"]
        );

        // A later delivery without places reads them from the database; a changed zone is told.
        let later = Files::of("stay.tsv", "id\tward\tbegan\n5\tA\t2026-07-01 10:00:00\n");
        loaded(db, &later).unwrap();
        assert_eq!(db.texts("SELECT cg_zone FROM stay WHERE key = '5'"), ["America/Denver"]);
        let moved = Files::of("ward.tsv", "id\tzone\nA\tAmerica/Chicago\n");
        let report = loaded(db, &moved).unwrap();
        assert!(
            report.warnings[0].starts_with("place A: its zone has changed"),
            "{:?}",
            report.warnings
        );
        assert_eq!(
            db.texts("SELECT cg_ward_zone FROM stay WHERE key = '1'"),
            ["America/Chicago"]
        );
    });
}

#[test]
fn other_rows_put_rows_on_hold_and_release_them() {
    on_each(|db| {
        let held = |db: &mut Db| db.texts("SELECT key || ':' || COALESCE(cg_hold, '-') FROM stay ORDER BY key");
        loaded(db, &Files::of("stay.tsv", "id\tperson\n2\tp\n3\tp\n")).unwrap();
        assert_eq!(held(db), ["2:-", "3:withheld:a later stay"]);
        loaded(db, &Files::of("stay.tsv", "id\tperson\tcodes\n1\tp\ta b\n")).unwrap();
        assert_eq!(held(db), ["1:-", "2:withheld:a later stay", "3:withheld:a later stay"]);
        loaded(db, &Files::of("stay.tsv", "id\tperson\tcodes\n1\tsomebody else\tc\n")).unwrap();
        assert_eq!(held(db), ["1:-", "2:-", "3:withheld:a later stay"]);
        assert_eq!(db.texts("SELECT code FROM stay_code ORDER BY code"), ["c"]);
    });
}

#[test]
fn broken_tables_are_refused_with_their_place() {
    let of = |text: &str| refused(&Files::of("stay.tsv", text));
    assert_eq!(
        of(""),
        "stay.tsv, line 1: empty: a line with the names of the columns is expected"
    );
    assert_eq!(
        of("id\tID\n"),
        "stay.tsv, line 1, column 2: the header names `id` twice"
    );
    assert_eq!(
        of("1\t2\n"),
        "stay.tsv, line 1: the header names none of the columns that this kind of file has"
    );
    assert_eq!(
        of("id\tperson\n1\n"),
        "stay.tsv, line 2, column 2 (`person`): 1 columns where 2 are expected"
    );
    assert_eq!(
        of("id\tperson\n1\ta\0b\n"),
        "stay.tsv, line 2, column 2 (`person`): holds a NUL character"
    );
    assert_eq!(
        of("id\tperson\n\n1\t2\n"),
        "stay.tsv, line 2: a blank line between rows"
    );
    let broken = Files::new();
    std::fs::write(broken.path().join("stay.tsv"), b"id\tperson\n1\t\xff\n").unwrap();
    assert_eq!(
        refused(&broken),
        "stay.tsv, line 2, column 2 (`person`): not valid UTF-8"
    );
    assert_eq!(
        refused(&Files::of("stay.csv", "id,person\n1,a\n2,\"b\" c\n3,d\n")),
        "stay.csv, line 3: a quote that is not closed, or not at the end of its cell"
    );
    assert_eq!(
        refused(&Files::of("stay.csv", "id,person\n1,\"open\n2,b\n")),
        "stay.csv, line 2: a quote that is not closed, or not at the end of its cell"
    );
}
