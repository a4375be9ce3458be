//! A vendor that does not exist.

use chrono::NaiveDateTime;

use crate::Site;
use crate::fold;
use crate::id::row_key;
use crate::load::{Agreement, Cells, Column, Derived, Entity, Layout, Link, Pattern, Schema, Synthesis};
use crate::sql::Value;

pub static SCHEMA: Schema = Schema {
    vendor: "invented",
    ddl: DDL,
    entities: &[PERSON, VISIT, REMARK],
    links: &[
        Link {
            table: "visit",
            raw: &["person_id"],
            resolved: "cg_person",
            target_table: "person",
            target_ids: &["key", "chart_no"],
            agreement: Agreement::Nothing,
        },
        Link {
            table: "remark",
            raw: &["person_id"],
            resolved: "cg_person",
            target_table: "person",
            target_ids: &["key", "chart_no"],
            agreement: Agreement::Nothing,
        },
        Link {
            table: "remark",
            raw: &["visit"],
            resolved: "cg_visit",
            target_table: "visit",
            target_ids: &["key", "source_visit_id"],
            agreement: Agreement::Always("cg_person", "cg_person"),
        },
        Link {
            table: "visit",
            raw: &["place_id"],
            resolved: "cg_place",
            target_table: "place",
            target_ids: &["key"],
            agreement: Agreement::Nothing,
        },
    ],
    syntheses: &[Synthesis {
        entity: &PLACE,
        id: "place_id",
        scope: &["practice"],
        from: &[("visit", "place_id")],
        name: Some(("name", "location")),
        always: |site| site.profile().client_id.iter().cloned().collect(),
    }],
    ..Schema::EMPTY
};

const PERSON: Entity = Entity {
    name: "person",
    aliases: &["people"],
    table: "person",
    columns: &[
        Column::new("person_id").or(&["personid", "id"]).like(Pattern::Digits),
        Column::new("chart_no").or(&["chart", "account"]),
        Column::new("name").like(Pattern::Letters),
        Column::new("ssn").private(),
        Column::new("born").like(Pattern::Date),
        Column::new("changed"),
    ],
    layouts: &[Layout {
        columns: &["person_id", "name", "ssn", "born"],
    }],
    computed: &["cg_name"],
    derive: |cells, _| Derived {
        key: cells.get("person_id").map(str::to_owned),
        modified: stamp(cells),
        updated: stamp(cells),
        values: vec![cells.get("name").map(fold).into()],
        ..Derived::default()
    },
};

const VISIT: Entity = Entity {
    name: "visit",
    aliases: &["visits"],
    table: "visit",
    columns: &[
        Column::new("visit_id").or(&["id"]),
        Column::new("source_visit_id"),
        Column::new("person_id"),
        Column::new("place_id"),
        Column::new("practice"),
        Column::new("day"),
        Column::new("status"),
        Column::new("changed"),
    ],
    layouts: &[],
    computed: &["cg_person", "cg_place"],
    derive: |cells, _| Derived {
        key: cells.get("visit_id").map(str::to_owned),
        modified: stamp(cells),
        updated: stamp(cells),
        hold: match cells.get("status") {
            Some("deleted") => Some("withheld:deleted".into()),
            Some("broken") => Some("rejected:no day".into()),
            _ => None,
        },
        values: vec![link(cells, "person_id"), link(cells, "place_id")],
        ..Derived::default()
    },
};

const REMARK: Entity = Entity {
    name: "remark",
    aliases: &["remarks"],
    table: "remark",
    columns: &[
        Column::new("person_id").like(Pattern::Digits),
        Column::new("visit"),
        Column::new("body").or(&["text"]),
        Column::new("extra").like(Pattern::Date),
    ],
    layouts: &[
        Layout {
            columns: &["person_id", "body", "extra"],
        },
        Layout {
            columns: &["person_id", "visit", "body", "extra", "person_id"],
        },
    ],
    computed: &["cg_person", "cg_visit", "cg_day", "cg_n"],
    derive: |cells, _| Derived {
        key: None,
        identifying: &["person_id", "body"],
        values: vec![
            link(cells, "person_id"),
            link(cells, "visit"),
            cells
                .get("extra")
                .and_then(|d| d.parse().ok())
                .map_or(Value::Null, Value::Date),
            Value::Int(1),
        ],
        ..Derived::default()
    },
};

const PLACE: Entity = Entity {
    name: "place",
    aliases: &[],
    table: "place",
    columns: &[Column::new("place_id"), Column::new("practice"), Column::new("name")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| Derived {
        key: cells.get("place_id").map(str::to_owned),
        ..Derived::default()
    },
};

fn link(cells: &Cells<'_>, column: &str) -> Value {
    cells.get(column).map(row_key).into()
}

fn stamp(cells: &Cells<'_>) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(cells.get("changed")?, "%Y-%m-%d %H:%M:%S").ok()
}

pub fn site(profile: &str) -> Site {
    super::site_of(profile).unwrap()
}

const DDL: &str = "
CREATE TABLE IF NOT EXISTS person (key ctext PRIMARY KEY, person_id ctext, chart_no ctext, name ctext, ssn ctext,
    born ctext, changed ctext, cg_name ctext, cg_updated timestamp NOT NULL, cg_modified timestamp,
    cg_hash ctext NOT NULL, cg_file bigint, cg_hold ctext);
CREATE INDEX IF NOT EXISTS person_chart ON person (chart_no);
CREATE TABLE IF NOT EXISTS visit (key ctext PRIMARY KEY, visit_id ctext, source_visit_id ctext, person_id ctext,
    place_id ctext, practice ctext, day ctext, status ctext, changed ctext, cg_person ctext, cg_place ctext,
    cg_updated timestamp NOT NULL, cg_modified timestamp, cg_hash ctext NOT NULL, cg_file bigint, cg_hold ctext);
CREATE INDEX IF NOT EXISTS visit_source ON visit (source_visit_id);
CREATE TABLE IF NOT EXISTS remark (key ctext PRIMARY KEY, person_id ctext, visit ctext, body ctext, extra ctext,
    cg_person ctext, cg_visit ctext, cg_day date, cg_n bigint, cg_updated timestamp NOT NULL,
    cg_modified timestamp, cg_hash ctext NOT NULL, cg_file bigint, cg_hold ctext);
CREATE TABLE IF NOT EXISTS place (key ctext PRIMARY KEY, place_id ctext, practice ctext, name ctext,
    cg_updated timestamp NOT NULL, cg_modified timestamp, cg_hash ctext NOT NULL, cg_file bigint, cg_hold ctext);
";
