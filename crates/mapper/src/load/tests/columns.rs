//! Which delivered column feeds which stored one.

use super::*;
use crate::load::columns::Names;
use crate::load::json::{self, Sink};

fn person(profile: &str, row: &str) -> (Vec<Option<String>>, Vec<(String, u64)>) {
    struct One(Vec<Option<String>>);
    impl Sink for One {
        fn row(&mut self, row: crate::load::columns::Filling) -> Result<(), LoadError> {
            self.0 = row.into_values();
            Ok(())
        }
    }
    let site = vendor::site(profile);
    let mut names = Names::new(&vendor::SCHEMA.entities[0], &site);
    let mut one = One(vec![]);
    let text = format!("[{row}]");
    json::read(Path::new("x"), false, text.as_bytes(), &mut names, &mut one).unwrap();
    (one.0, names.into_lost().into_iter().collect())
}

fn ids(profile: &str, row: &str) -> (String, String, Vec<(String, u64)>) {
    let (cells, lost) = person(profile, row);
    let text = |at: usize| cells[at].clone().unwrap_or_default();
    (text(0), text(1), lost)
}

#[test]
fn names_feed_columns_by_rank() {
    let lost = |names: &[&str]| names.iter().map(|n| ((*n).to_owned(), 1)).collect::<Vec<_>>();
    assert_eq!(ids("", r#"{"ID":1}"#).0, "1");
    assert_eq!(
        ids("", r#"{"id":1,"PersonID":"2","person_id":" "}"#),
        ("2".into(), String::new(), lost(&["id"]))
    );
    assert_eq!(
        ids("", r#"{"person_id":3,"id":1,"personid":3}"#),
        ("3".into(), String::new(), lost(&["id"]))
    );
    // The last of two cells of the same name, unless it is empty.
    assert_eq!(ids("", r#"{"id":1,"id":2,"id":null}"#).0, "2");
    // A profile that exchanges the two ids.
    let swap = "[columns.person]\nperson_id = \"chart_no\"\nchart_no = \"PERSON_ID\"\n";
    assert_eq!(
        ids(swap, r#"{"person_id":1,"chart_no":2}"#),
        ("2".into(), "1".into(), vec![])
    );
    // A profile's name wins over the canonical one, which stays good where it is alone.
    let renamed = "[columns.person]\nchart_no = \"mrn\"\n";
    assert_eq!(
        ids(renamed, r#"{"chart_no":1,"MRN":2}"#),
        (String::new(), "2".into(), lost(&["chart_no"]))
    );
    assert_eq!(ids(renamed, r#"{"chart_no":1}"#).1, "1");
}

#[test]
fn cells_keep_their_spelling() {
    let chart = |value: &str| person("", &format!(r#"{{"chart_no":{value}}}"#)).0[1].clone();
    for (json, text) in [
        ("800456", "800456"),
        ("1.0", "1.0"),
        ("1e3", "1e3"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("true", "true"),
        (r#"" a\u00e9\" ""#, "aé\""),
        (r#"{"a": [1, null]}"#, r#"{"a": [1, null]}"#),
        (r#""null""#, "null"),
    ] {
        assert_eq!(chart(json).as_deref(), Some(text), "{json}");
    }
    for json in ["null", r#""""#, r#""  ""#] {
        assert_eq!(chart(json), None, "{json}");
    }
}

#[test]
fn private_columns_are_read_only_when_the_profile_says_so() {
    let row = r#"{"ssn":"900-00-0001"}"#;
    assert_eq!(person("", row), (vec![None; 6], vec![("ssn".into(), 1)]));
    assert_eq!(person("ssn = true", row).0[3].as_deref(), Some("900-00-0001"));
}

#[test]
fn strange_names_are_counted_but_not_collected() {
    let cells: Vec<_> = (0..3000).map(|i| format!(r#""x{i}{}":1"#, "y".repeat(100))).collect();
    let (_, lost) = person("", &format!("{{{}}}", cells.join(",")));
    assert_eq!(lost.len(), 201);
    assert_eq!(lost[0], ("(others)".into(), 2800));
    assert!(lost.iter().all(|(name, _)| name.len() <= 64));
}
