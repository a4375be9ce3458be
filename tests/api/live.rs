//! A practice's own database, served where it is, beside the same rows as a delivery that was loaded.

mod functions;
mod tables;

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
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
