//! A practice's own database, served where it is, beside the same rows as a delivery that was loaded.

mod tables;

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use mapper::check::{Account, account};
use mapper::db::{Access, AnyConnection, Manager, Url};
use serde_json::Value;
use tests::on_both;
use tests::oracle::Oracle;
use tests::oracle::claims::Claims;
use tests::oracle::generate::Generator;
use tests::oracle::query::Query;
use tests::oracle::random::Random;
use tests::support::database::{Database, Kind};
use tests::support::sample::{Sample, fixtures, samples};
use tests::support::server::{ORIGIN, Server, Setup, ids, now, resources};

/// Where both servers have the source.
const BASE: &str = "/healow/fhir";

fn sample() -> &'static Sample {
    samples().iter().find(|s| s.vendor.name == "healow").unwrap()
}

fn own_database(kind: Kind) -> Database {
    let db = Database::new(kind);
    tables::make(&db, &[]);
    db
}

/// A server of a live source; there is another source, loaded, beside it.
async fn serving(kind: Kind, url: &str) -> Server {
    let (name, zone, profile) = (sample().name(), sample().site.zone().name(), &sample().profile);
    // Statements over views over views are slow to plan, and the machine may have much to do: what is tested is what they find.
    let live = format!(
        "[limits]\nstatement_seconds = 120\n\n[[source]]\nname = {name:?}\nvendor = \"healow\"\nlive = true\nurl = {url:?}\nzone = {zone:?}\nprofile = {profile:?}\n"
    );
    let other = samples().iter().find(|s| s.vendor.name != "healow").unwrap();
    Setup::sample(kind, other).with(&live).start().await
}

fn manager(url: &str) -> Manager {
    let url = Url::parse(url).unwrap();
    Manager::new(url, Access::ReadOnly, Duration::from_secs(60)).live(sample().vendor, &sample().site)
}

/// When rows that do not tell were changed, by a load.
const LOADED: &str = "2026-03-01T12:00:00Z";

/// Every resource of a type by id, without versions.
async fn all(server: &Server, kind: Kind, ty: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for page in server.pages(&format!("{BASE}/{ty}?_count=50")).await {
        assert!(!page.to_string().contains("LEAKED"), "{ty}");
        for resource in resources(&page, "match") {
            let mut resource = resource.clone();
            let mut id = resource["id"].as_str().unwrap().to_owned();
            let meta = resource["meta"].as_object_mut().unwrap();
            meta.remove("versionId");
            // PostgreSQL has other hashes.
            if id.starts_with("healow.shx.") && kind == Kind::Postgres {
                resource["id"].take();
                resource["identifier"].take();
                resource["meta"].take();
                id = format!("healow.shx {resource}");
            }
            assert!(found.insert(id, resource).is_none(), "{ty}: twice the same");
        }
    }
    found
}

/// All resources of the live source, as an oracle of what searches must find.
async fn shown(server: &Server) -> Oracle {
    let claims = Claims::read(&server.ok(&format!("{BASE}/metadata")).await);
    let mut all = vec![];
    for ty in claims.types() {
        for page in server.pages(&format!("{BASE}/{ty}?_count=100")).await {
            all.extend(resources(&page, "match").into_iter().cloned());
        }
    }
    let zones = [(sample().name().to_owned(), sample().site.zone())].into();
    Oracle::new(
        all,
        claims,
        zones,
        vec![format!("{ORIGIN}{BASE}"), format!("{ORIGIN}/fhir")],
    )
}

fn balance(account: &Account) -> BTreeMap<&str, Value> {
    let of = |table: &mapper::check::Table| {
        serde_json::json!([table.rows, table.served, table.part, table.withheld, table.rejected])
    };
    account.tables.iter().map(|t| (t.table, of(t))).collect()
}

on_both! {
    /// Nobody loaded the rows: they come from the table as it is, and no cell of a delivery is behind them.
    async fn where_rows_come_from(kind) {
        let db = own_database(kind);
        let live = serving(kind, &db.url()).await;
        let bundle = live.ok(&format!("{BASE}/Encounter?_count=5&_revinclude=Provenance:target")).await;
        let (visits, provenances) = (resources(&bundle, "match"), resources(&bundle, "include"));
        assert_eq!((visits.len(), provenances.len()), (5, 5));
        for provenance in provenances {
            assert_eq!(provenance["recorded"], provenance["meta"]["lastUpdated"]);
            let entities = provenance["entity"].as_array().unwrap();
            assert_eq!(entities.len(), 1, "{provenance}");
            assert_eq!(entities[0]["what"]["identifier"]["system"], "urn:chartgate:healow:table:enc");
        }
        let id = visits[0]["id"].as_str().unwrap();
        let lineage = live.get(&format!("{BASE}/Encounter/{id}/$lineage")).await;
        assert_eq!(lineage.error().split(':').next(), Some("501 error not-supported"));
        assert_eq!(live.get(&format!("{BASE}/Encounter/healow.enc.none/$lineage")).await.status, 404);
    }

    async fn the_same_resources_as_of_a_delivery(kind) {
        let db = own_database(kind);
        let live = serving(kind, &db.url()).await;
        let loaded = Setup::sample(kind, sample()).start().await;
        let (mut count, mut untold) = (0, 0);
        let mut wrong = vec![];
        for ty in ["Patient", "Practitioner", "Encounter", "Condition", "Procedure", "Location", "Organization"] {
            let (wanted, found) = (all(&loaded, kind, ty).await, all(&live, kind, ty).await);
            count += wanted.len();
            for id in wanted.keys().chain(found.keys()) {
                let (mut a, mut b) = (wanted.get(id).cloned(), found.get(id).cloned());
                if let (Some(a), Some(b)) = (&mut a, &mut b)
                    && a["meta"]["lastUpdated"] == LOADED
                {
                    untold += 1;
                    b["meta"]["lastUpdated"] = LOADED.into();
                }
                if a != b {
                    let text = |r: Option<Value>| r.map_or("nothing".to_owned(), |r| r.to_string());
                    wrong.push(format!("{id}\n  {}\n  {}", text(a), text(b)));
                }
            }
        }
        wrong.dedup();
        tests::support::say(&format!("live on {kind:?}: {count} resources compared"));
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
        assert!(count > 100 && untold > 0);
        // Rows that do not tell when they were changed have their visit's time, and those without visit none.
        for (address, time) in [("Encounter/healow.enc.700001", "2026-01-15T14:25:00Z"), ("Condition/healow.edx.91001", "2026-01-15T14:25:00Z"),
            ("Location/healow.loc.12", "1970-01-01T00:00:00Z")] {
            assert_eq!(live.ok(&format!("{BASE}/{address}")).await["meta"]["lastUpdated"], time, "{address}");
        }
    }

    /// What is found is what is shown, for every parameter.
    async fn searches_find_what_is_there(kind) {
        let db = own_database(kind);
        let live = serving(kind, &db.url()).await;
        let oracle = shown(&live).await;
        let mut generator = Generator::new(&oracle, Random::new(20_260_302));
        let (mut matched, mut wrong) = (0, vec![]);
        for _ in 0..500 {
            let case = generator.case();
            let query = case.query();
            let address = format!("{BASE}/{}?{query}", case.ty);
            let mut found: Vec<String> = live.pages(&address).await.iter().flat_map(ids).collect();
            let wanted = oracle.search(&case.ty, &Query::parse(&query), now()).matches;
            let mut wanted: Vec<String> = wanted.iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
            found.sort();
            wanted.sort();
            matched += usize::from(!wanted.is_empty());
            if found != wanted {
                wrong.push(format!("{address} {:?}: {} for {}", case.pairs, found.len(), wanted.len()));
            }
        }
        tests::support::say(&format!("live on {kind:?}: 500 searches over {} resources, {matched} with matches", oracle.len()));
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    }

    async fn only_the_current_version_is_known(kind) {
        let db = own_database(kind);
        let live = serving(kind, &db.url()).await;
        let address = format!("{BASE}/Encounter/healow.enc.700001");
        let history = live.ok(&format!("{address}/_history")).await;
        assert_eq!((&history["total"], &history["entry"][0]["resource"]), (&1.into(), &live.ok(&address).await));
        let other = live.get(&format!("{address}/_history/0")).await;
        let expected = "404 error not-found: The resource does not have this version; of this source only the current one is known";
        assert_eq!(other.error(), expected);
    }

    async fn every_row_is_accounted_for(kind) {
        let db = own_database(kind);
        let live = account(&mut manager(&db.url()).open().unwrap(), sample().vendor, &sample().site).unwrap();
        let loaded = account(&mut sample().loaded(kind).connect(), sample().vendor, &sample().site).unwrap();
        assert!(live.balances());
        assert!(live.deliveries.is_empty());
        assert_eq!(balance(&live), balance(&loaded));
        assert_eq!(live.references, loaded.references);
        assert_eq!(live.codes, loaded.codes);
    }

    /// The indexes that are recommended can be made, and change nothing.
    async fn the_recommended_indexes(kind) {
        let db = own_database(kind);
        let indexes = std::fs::read_to_string(fixtures().join("../schema/healow-live-indexes.sql")).unwrap();
        let indexes = match kind {
            Kind::Postgres => indexes.replace("ON users", "ON \"Users\"").replace("ON edi_facilities", "ON \"edi_Facilities\""),
            Kind::Sqlite => indexes.replace(" COLLATE \"C\"", "").replace("substring(", "NULLIF(").replace("'[^0].*'", "'0'"),
        };
        let live = serving(kind, &db.url()).await;
        let before = all(&live, kind, "Condition").await;
        db.execute(&indexes);
        assert_eq!(all(&live, kind, "Condition").await, before);
        assert_eq!(live.ids(&format!("{BASE}/Encounter?patient=healow.pt.5001&_id=healow.enc.700001")).await, ["healow.enc.700001"]);
        if kind == Kind::Postgres {
            let mut conn = manager(&db.url()).open().unwrap();
            let plan = "EXPLAIN SELECT key FROM diagnosis WHERE cg_patient = '5001'";
            let lines: Vec<Plan> = match &mut conn {
                AnyConnection::Postgres(pg) => diesel::sql_query(plan).load(pg).unwrap(),
                AnyConnection::Sqlite(_) => vec![],
            };
            let plan: Vec<String> = lines.into_iter().map(|line| line.plan).collect();
            let plan = plan.join("\n");
            for index in ["chartgate_users", "chartgate_enc_patient", "chartgate_diagnosis_enc"] {
                assert!(plan.contains(index), "{index}: {plan}");
            }
        }
    }

    async fn nothing_can_be_written(kind) {
        let db = own_database(kind);
        let mut conn = manager(&db.url()).open().unwrap();
        let place = if kind == Kind::Sqlite { "main." } else { "" };
        for statement in [
            format!("DELETE FROM {place}\"Users\""),
            format!("UPDATE {place}labdata SET \"received\" = 1"),
            "INSERT INTO enc (key) VALUES ('1')".to_owned(),
            "CREATE TABLE more (n integer)".to_owned(),
        ] {
            assert!(conn.batch_execute(&statement).is_err(), "{statement}");
        }
    }

    async fn a_table_that_is_missing(kind) {
        let db = Database::new(kind);
        tables::make(&db, &["enc"]);
        let manager_of_it = manager(&db.url());
        let error = manager_of_it.open().map(|_| ()).unwrap_err();
        assert_eq!(manager_of_it.refused_views(&error).unwrap(), "there is no table `enc` that may be read");
        let live = serving(kind, &db.url()).await;
        let response = live.get(&format!("{BASE}/Patient")).await;
        assert_eq!(response.status, 500, "{}", response.text());

        // What is not needed may be missing; a column, too.
        let db = Database::new(kind);
        tables::make(&db, &["patients", "labdata", "icd", "hospitalization", "edi_Facilities"]);
        db.execute("ALTER TABLE \"Users\" DROP COLUMN \"preferredname\"");
        let live = serving(kind, &db.url()).await;
        assert_eq!(live.ok(&format!("{BASE}/Location")).await["entry"], Value::Null);
        assert!(!live.ids(&format!("{BASE}/Patient?family:missing=false")).await.is_empty());
        let account = account(&mut manager(&db.url()).open().unwrap(), sample().vendor, &sample().site).unwrap();
        assert!(account.balances());
    }
}

/// The role needs to read the tables (here: not even all columns) and to make temporary ones.
#[test]
fn a_postgresql_role_that_may_only_read() {
    tests::support::run(Kind::Postgres, |kind| async move {
        let db = own_database(kind);
        let role = format!("chartgate_test_reader_{}", std::process::id());
        let schema = db.url().split("search_path%3D").nth(1).unwrap().to_owned();
        db.execute(&format!(
            "CREATE ROLE {role}; GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}; \
             REVOKE SELECT ON \"Users\" FROM {role}; \
             GRANT SELECT (\"UID\", \"ulname\", \"UserType\", \"delFlag\") ON \"Users\" TO {role}; \
             ALTER ROLE {role} SET default_transaction_read_only = on"
        ));
        let url = format!("{}%20-crole%3D{role}%20-cdefault_transaction_read_only%3Don", db.url());
        {
            let live = serving(kind, &url).await;
            let found = live.ids(&format!("{BASE}/Patient?family=Ashdown-Testa")).await;
            assert_eq!(found, ["healow.pt.5001"]);
            let visits = live.ids(&format!("{BASE}/Encounter?_count=100")).await;
            assert_eq!(visits.len(), 50);
        }
        db.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    });
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    plan: String,
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Nullable<Text>)]
    told: Option<String>,
}

/// What an expression over `v` says of each text.
fn told(conn: &mut AnyConnection, expression: &str, texts: &[String]) -> Vec<Option<String>> {
    let values: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| format!("({n}, '{}')", text.replace('\'', "''")))
        .collect();
    let called = match conn {
        AnyConnection::Postgres(_) => expression.replace("live_", "pg_temp.live_"),
        AnyConnection::Sqlite(_) => expression.to_owned(),
    };
    let query = diesel::sql_query(format!(
        "WITH t (n, v) AS (VALUES {}) SELECT CAST({called} AS text) AS told FROM t ORDER BY n",
        values.join(", ")
    ));
    let rows: Vec<Told> = match conn {
        AnyConnection::Postgres(pg) => query.load(pg).unwrap(),
        AnyConnection::Sqlite(sqlite) => query.load(sqlite).unwrap(),
    };
    // PostgreSQL writes fewer digits of a fraction than SQLite keeps.
    let plain = |told: String| match told.split_once('.') {
        Some((_, digits)) if told.contains(':') && digits.bytes().all(|b| b.is_ascii_digit()) => {
            told.trim_end_matches('0').to_owned()
        }
        _ => told,
    };
    rows.into_iter().map(|row| row.told.map(plain)).collect()
}

/// Every combination of parts.
fn combined(parts: &[&[&str]]) -> Vec<String> {
    parts.iter().fold(vec![String::new()], |all, part| {
        all.iter()
            .flat_map(|head| part.iter().map(move |tail| format!("{head}{tail}")))
            .collect()
    })
}

/// The functions of PostgreSQL say what this crate's code says.
#[test]
fn both_databases_compute_the_same() {
    tests::support::run(Kind::Postgres, |_| async {
        let minimum = "CREATE TABLE users (uid integer); CREATE TABLE enc (encounterid integer)";
        let dbs = [Kind::Sqlite, Kind::Postgres].map(Database::new);
        dbs.iter().for_each(|db| db.execute(minimum));
        let mut conns = dbs.each_ref().map(|db| manager(&db.url()).open().unwrap());
        let owned = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        let words = owned(&[
            "",
            " ",
            "NULL",
            " \\N ",
            "null",
            "  José   GARCÍA ",
            "O'Brien-Ñúñez",
            "İstanbul",
            "Ⅻ ﬁne",
            "ΣΊΣΥΦΟΣ",
            "Łódź ÐØÆẞ",
            "a\u{1f}b\u{a0}c",
            "\u{2003}wide\u{3000}",
            "ЖУК",
            "Ǆ",
            "e\u{301}",
            "ａｂＣ",
            "日本",
            "ẞ",
        ]);
        let mut days = combined(&[
            &[
                "2015",
                "1799",
                "2201",
                "6/2015",
                "13/2015",
                "06/07/2015",
                "6/7/2015",
                "2/29/2015",
                "2/29/2016",
                "2015-06",
                "2015-13",
                "2015-06-31",
                "2015-06-07",
                "2026-03-08",
                "2026-11-01",
                "2016-12-31",
                "1883-11-18",
                "7/2012",
            ],
            &[
                "",
                " 00:00:00",
                " 00:00:00.000",
                " 09:30:00",
                " 01:30:00",
                " 02:30:00.25",
                " 24:00:00",
                " 09:30",
                " 23:59:59.1234567",
                "x",
            ],
        ]);
        days.extend(owned(&[
            "",
            "today",
            "0000-00-00 00:00:00",
            "6/7/15",
            "20150607",
            "2015-6-7",
            "/2015",
            "1/1/1/2015",
        ]));
        let clocks = combined(&[
            &["", "1900-01-01 ", "2015-06-07 "],
            &[
                "00:00:00",
                "00:00",
                "00:00:00.0",
                "09:30",
                "09:30:15",
                "9:30",
                "24:00",
                "09:60:00",
                "23:59:59.123",
                "09:30:00.1234567",
            ],
        ]);
        let ids = owned(&["5001", "a_b", "ABC-123", &"9".repeat(40), "é"]);
        let npis = owned(&[
            "9000005014",
            "9000005015",
            "1234567893",
            "123456789",
            "12345678x3",
            "12345678931",
        ]);
        let codes = combined(&[
            &["", "ICD10:", "ICD-9: ", "SNOMED ", "CPT:", "icd10cm ", "IMO: "],
            &[
                "E11.9", "e119", "E119.", "250.00", "25000", "V70.0", "V92.1", "E849.5", "E9199", "E0310", "E8495",
                "B12", "T10", "44054006", "44054007", "Z00.00", "S72.001X", "A1.", "99213", "9921325", "99213-25",
                "XX.XX", "x", "J1100", "D1234", "0001F", "00099", "00100", "02000", "M54", "123456",
            ],
            &[
                "",
                " ",
                " diabetes",
                ", I10",
                "-25",
                " 59 GP",
                "; 401.9 I10",
                " - E11",
                "\u{a0}x",
                "/é",
                ":25",
                "-zz",
                " B12 deficiency",
                "259GP",
                "-59-GP left",
            ],
        ]);
        let zones = owned(&["America/Denver", "america/denver", "EST", "US/Hawaii", "Mars/Base", ""]);
        let mut asked: Vec<(String, &[String])> = vec![];
        for function in [
            "live_cell(v)",
            "live_fold(v)",
            "live_words(v)",
            "live_cell(live_fold(v))",
        ] {
            asked.push((function.to_owned(), &words));
        }
        for zone in [
            "NULL",
            "'America/Denver'",
            "'Europe/Dublin'",
            "'Australia/Lord_Howe'",
            "'America/Sao_Paulo'",
            "'Pacific/Apia'",
            "'UTC'",
        ] {
            asked.push((format!("live_from(live_civil(v, NULL), {zone})"), &days));
            asked.push((format!("live_to(live_civil(v, NULL), {zone})"), &days));
            asked.push((format!("live_from(live_civil('2018-11-04', v), {zone})"), &clocks));
            asked.push((format!("live_to(live_civil('2011-12-30', v), {zone})"), &clocks));
        }
        asked.push(("live_civil(v, '1900-01-01 10:00:00')".to_owned(), &days));
        asked.push(("live_at(v, '6/7/2015')".to_owned(), &days));
        for function in [
            "live_clock(v)",
            "live_civil('6/7/2015', v)",
            "live_civil('6/2015', v)",
            "live_at(v, '6/7/2015')",
            "live_at(v, NULL)",
        ] {
            asked.push((function.to_owned(), &clocks));
        }
        asked.push(("live_key(v)".to_owned(), &ids));
        asked.push(("live_npi(v)".to_owned(), &npis));
        asked.push(("live_zone(v)".to_owned(), &zones));
        asked.push(("live_modifier(v)".to_owned(), &codes));
        for part in ["system", "code"] {
            for (label, day) in [
                ("NULL", "NULL"),
                ("NULL", "'2015-10-01'"),
                ("NULL", "'2015-09-30'"),
                ("'ICD10'", "NULL"),
                ("'ICD9'", "'2015-10-01'"),
                ("'SNOMED'", "NULL"),
            ] {
                asked.push((format!("live_diagnosis(v, {label}, {day}, '{part}')"), &codes));
            }
        }
        for part in ["system", "code", "modifiers", "text"] {
            asked.push((format!("live_procedure(v, '{part}')"), &codes));
        }
        let (mut compared, mut wrong) = (0, vec![]);
        let [sqlite, postgres] = &mut conns;
        for (expression, texts) in asked {
            let (wanted, found) = (told(sqlite, &expression, texts), told(postgres, &expression, texts));
            compared += texts.len();
            for ((text, a), b) in texts.iter().zip(wanted).zip(found) {
                if a != b {
                    wrong.push(format!("{expression} of {text:?}: {a:?}, {b:?}"));
                }
            }
        }
        tests::support::say(&format!("live: {compared} results of functions compared"));
        assert!(
            wrong.is_empty(),
            "{} differ:\n{}",
            wrong.len(),
            wrong[..wrong.len().min(60)].join("\n")
        );
    });
}
