//! Readers that meet anything in any portions.

use std::io::Read;

use proptest::prelude::*;

use super::*;
use crate::load::columns::{Filling, Names};
use crate::load::json::{self, Sink};
use crate::load::pipe;

#[derive(Default, PartialEq, Debug)]
struct Rows(Vec<Vec<Option<String>>>);

impl Sink for Rows {
    fn row(&mut self, row: Filling) -> Result<(), LoadError> {
        self.0.push(row.into_values());
        Ok(())
    }
}

/// Gives one byte at a time.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = buffer.len().min(1);
        self.0.read(&mut buffer[..n])
    }
}

fn read_json(text: impl Read) -> (Rows, Result<u64, String>) {
    let (site, mut rows) = (vendor::site(""), Rows::default());
    let mut names = Names::new(&vendor::SCHEMA.entities[0], &site);
    let result = json::read(Path::new("x"), false, text, &mut names, &mut rows);
    (rows, result.map(|page| page.rows).map_err(|e| e.to_string()))
}

fn check_pipe(text: impl Read) -> Result<(), String> {
    let person = &vendor::SCHEMA.entities[0];
    pipe::check_text(Path::new("x"), false, person, text).map_err(|e| e.to_string())
}

#[test]
fn a_slow_reader_gives_the_same_rows_and_errors() {
    for text in [
        r#"{"data":[{"id":1,"name":"José"},{"id":"2"}],"total":2}"#.as_bytes(),
        "[{\"id\":\"Zoë\"},\n{\"id\":\"\u{10ffff}".as_bytes(),
        b"[{\"id\":\"a\"},\n {\"id\":\"\xe2\x82\"}]",
        b"[{\"id\":\"\\u0000\"}]",
    ] {
        assert_eq!(read_json(text), read_json(Drops(text)));
    }
    for text in [
        "1|José||19800101\r\n2|Zoë||\r\n\r\n".as_bytes(),
        b"1|a||\n2|\xe2\x82|||\n",
        b"1|\xe2\x82\xac||\n2|\xff||",
    ] {
        assert_eq!(check_pipe(text), check_pipe(Drops(text)));
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..8),
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"data\":",
            "\"id\":1",
            "|",
            "\n",
            "\\u0000",
            "1|a||"
        ])
        .prop_map(|s| s.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_bring_the_readers_down(content in bytes()) {
        prop_assert_eq!(read_json(content.as_slice()), read_json(Drops(&content)));
        let _ = check_pipe(content.as_slice());
    }

    #[test]
    fn no_file_brings_a_load_down(
        content in bytes(),
        name in prop::sample::select(vec!["visit.json", "visit.json.gz", "person.psv", "remark.txt", "person.csv.gz"]),
        pack in any::<bool>(),
    ) {
        let content = if pack { gz(&content) } else { content };
        let files = Files::of(name, content);
        let mut conn = connect("sqlite://:memory:");
        let now = time("2026-02-01 00:00:00");
        let _ = load(&mut conn, &vendor::SCHEMA, &vendor::site(""), &[files.path()], now, &mut ());
    }
}
