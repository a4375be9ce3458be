//! What a live source's functions say, on either database.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use mapper::db::AnyConnection;
use tests::support::database::{Database, Kind};

use super::manager;

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
