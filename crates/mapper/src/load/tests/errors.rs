//! Every error names its place, and nothing of the content.

use super::*;

#[track_caller]
fn fails(name: &str, content: &[u8]) -> (u64, u64, Option<String>, Problem) {
    let files = Files::of(name, content);
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let mut db = Db {
        conn: connect(&url),
        url,
        _folder: folder,
    };
    let error = db.load(&files).unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(!db.has_tables());
    place(error, &files.path().join(name))
}

#[track_caller]
fn fails_as(name: &str, content: impl AsRef<[u8]>, line: u64, column: u64, named: Option<&str>, problem: Problem) {
    assert_eq!(
        fails(name, content.as_ref()),
        (line, column, named.map(str::to_owned), problem)
    );
}

#[test]
fn lines_of_another_width() {
    let width = |found, expected: &[usize]| Problem::Width {
        found,
        expected: expected.to_vec(),
    };
    fails_as("person.psv", "1|secret|2\n", 1, 4, None, width(3, &[4]));
    fails_as(
        "person.psv",
        "1|a||19800101\n2|b||19800101|secret\n",
        2,
        5,
        None,
        width(5, &[4]),
    );
    fails_as(
        "person.psv.gz",
        gz(b"1|a||19800101\r\n2|secret"),
        2,
        3,
        None,
        width(2, &[4]),
    );
    fails_as("remark.txt", "1|2", 1, 3, None, width(2, &[3, 5]));
    fails_as("remark.txt", "1|b|\n1|v|b||1\n", 2, 4, None, width(5, &[3]));
    fails_as(
        "person.psv",
        "1|a||19800101\n\n \n2|b||19800101\n",
        2,
        1,
        None,
        Problem::Blank,
    );
}

#[test]
fn bytes_that_are_no_text() {
    fails_as(
        "person.psv",
        b"1|secret||19800101\n2|\xffb||19800101\n",
        2,
        2,
        Some("name"),
        Problem::Encoding,
    );
    fails_as(
        "person.csv",
        b"1|a||19800101\n2|b|secret\0|19800101\n",
        2,
        3,
        Some("ssn"),
        Problem::Nul,
    );
    fails_as(
        "visit.json",
        b"[{\"id\":1},\n {\"id\":\"secret\xe9\"}]",
        2,
        15,
        None,
        Problem::Encoding,
    );
    fails_as(
        "visit.json",
        b"[{\"id\":1},\n {\"id\":\"\\u0000secret\"},\n\n{}]",
        2,
        8,
        Some("id"),
        Problem::Nul,
    );
    fails_as(
        "visit.json",
        b"[\n {\n  \"day\": 1,\n  \"id\": \"\\u0000\"\n }]",
        4,
        9,
        Some("id"),
        Problem::Nul,
    );
}

#[test]
fn columns_in_another_order() {
    let order = |expected, misfits, cells| Problem::Order {
        expected,
        misfits,
        cells,
    };
    let swapped: String = (0..9).map(|i| format!("{i}|198002{i:02}||Ada\n")).collect();
    fails_as("person.psv", swapped, 1, 2, Some("name"), order("words", 9, 9));
    fails_as(
        "person.dat",
        "Ada|1||19800215",
        1,
        1,
        Some("person_id"),
        order("digits", 1, 1),
    );
    // A column that goes wrong further down.
    let late: String = (0..9)
        .map(|i| format!("{i}|Ada||{}\n", if i < 4 { "19800215" } else { "secret" }))
        .collect();
    fails_as("person.psv", late, 5, 4, Some("born"), order("a date", 5, 9));
}

#[test]
fn odd_cells_are_no_reason_to_refuse_a_file() {
    on_each(|db| {
        let rows = "1|Ada||unknown\n2|Eve||19800215\n3|4||2/1/1980\n".to_owned() + &"".repeat(3);
        db.load(&Files::of("person.psv", rows)).unwrap();
        assert_eq!(
            db.texts("SELECT born FROM person ORDER BY key"),
            ["unknown", "19800215", "2/1/1980"]
        );
        db.load(&Files::of("person.psv", "\u{feff}9|Ada||long ago\r\n\r\n"))
            .unwrap();
        assert_eq!(db.texts("SELECT born FROM person WHERE key = '9'"), ["long ago"]);
    });
}

#[test]
fn json_that_is_broken_or_something_else() {
    const SHAPE: Problem = Problem::Shape("an array of objects, or an object with such an array `data`");
    const ROWS: Problem = Problem::Shape("objects in the array of rows");
    let json = |words: &str| Problem::Json(words.to_owned());
    fails_as("visit.json", "", 1, 0, None, json("EOF while parsing a value"));
    fails_as("visit.json", r#""secret""#, 1, 8, None, SHAPE);
    fails_as("visit.json", r#"{"message":"secret"}"#, 1, 0, None, SHAPE);
    fails_as("visit.json", r#"{"data":"secret"}"#, 1, 16, None, SHAPE);
    fails_as("visit.json", r#"{"data":{"id":"secret"}}"#, 1, 10, None, SHAPE);
    fails_as("visit.json", "[{\"id\":1},\n\"secret\"]", 2, 1, None, ROWS);
    fails_as(
        "visit.json",
        "[{\"id\":1},\n{\"id\" \"secret\"}]",
        2,
        7,
        None,
        json("expected `:`"),
    );
    fails_as(
        "visit.json",
        "[{\"id\":1},\n{\"id\":\"secret",
        2,
        13,
        None,
        json("EOF while parsing a string"),
    );
    fails_as(
        "visit.json",
        "[{\"id\":\"a\nsecret\"}]",
        2,
        0,
        None,
        json("control character (\\u0000-\\u001F) found while parsing a string"),
    );
    fails_as("visit.json", "[]\n[]", 2, 1, None, json("trailing characters"));
    let surrogate = json("unexpected end of hex escape");
    fails_as(
        "visit.json",
        "[\n{\"id\":\"\\ud800secret\"}]",
        2,
        7,
        Some("id"),
        surrogate,
    );
}

#[test]
fn compressed_files_that_are_damaged() {
    let rows: String = (0..9999).map(|i| format!(r#"{{"id":{i}}},"#)).collect();
    let whole = gz(format!("[{rows}{{}}]").as_bytes());
    assert_eq!(fails("visit.json.gz", &whole[..whole.len() / 2]).3, Problem::Gzip);
    assert_eq!(fails("person.psv.gz", b"secret, not gzip").3, Problem::Gzip);
    let lines = gz("1|a||19800101\n".repeat(9999).as_bytes());
    let (line, _, _, problem) = fails("person.psv.gz", &lines[..lines.len() - 9]);
    assert_eq!(problem, Problem::Gzip);
    assert!(line > 1);
}

#[test]
fn rows_without_end() {
    let long = "x".repeat(17 << 20);
    fails_as(
        "person.psv",
        format!("1|a||19800101\n{long}"),
        2,
        0,
        None,
        Problem::Long,
    );
    assert_eq!(
        fails("visit.json", format!("[{{\"id\":\"{long}\"}}]").as_bytes()).3,
        Problem::Long
    );
}

#[test]
fn a_path_that_is_not_there() {
    let files = Files::new();
    let path = files.path().join("gone.json");
    let mut db = connect(&format!("sqlite://{}", files.path().join("db").display()));
    let now = time("2026-02-01 00:00:00");
    let error = load(&mut db, &vendor::SCHEMA, &vendor::site(""), &[path], now, &mut ()).unwrap_err();
    assert!(matches!(error, LoadError::Io { .. }), "{error:?}");
}
