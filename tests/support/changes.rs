//! Later deliveries, made of a sample's: some of its rows, some of their cells those of other rows of the file.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::oracle::random::Random;

/// How much of a delivery changes.
#[derive(Clone, Copy)]
pub struct Rate {
    /// One row in so many is left out.
    pub left_out: usize,
    /// One row in so many changes.
    pub rows: usize,
    /// One cell in so many of such a row is another row's.
    pub cells: usize,
}

impl Rate {
    /// The same without other cells: files without header are known by the form of their columns, which few rows may not break.
    fn whole(self) -> Self {
        Self {
            cells: usize::MAX,
            ..self
        }
    }
}

/// The files below a folder that hold rows.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if form(&path).is_some() {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Writes a later delivery of these files of a delivery's folder.
pub fn write(from: &Path, files: &[PathBuf], to: &Path, random: &mut Random, rate: Rate) {
    for file in files {
        let to = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let zipped = file.extension().is_some_and(|e| e == "gz");
        let mut bytes = std::fs::read(file).unwrap();
        if zipped {
            let mut plain = vec![];
            GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
            bytes = plain;
        }
        let mut bytes = match form(file).unwrap() {
            Form::Json => json(&bytes, random, rate),
            Form::Lines(separator, true) => lines(&bytes, separator, true, random, rate),
            Form::Lines(separator, false) => lines(&bytes, separator, false, random, rate.whole()),
            Form::Commas => commas(&bytes, random, rate),
        };
        if zipped {
            let mut zip = GzEncoder::new(vec![], flate2::Compression::fast());
            zip.write_all(&bytes).unwrap();
            bytes = zip.finish().unwrap();
        }
        std::fs::write(to, bytes).unwrap();
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

enum Form {
    Json,
    /// A separator, and whether the first line is a header.
    Lines(char, bool),
    Commas,
}

fn form(file: &Path) -> Option<Form> {
    let name = file.file_name()?.to_str()?;
    let name = name.strip_suffix(".gz").unwrap_or(name);
    Some(match name.rsplit_once('.')?.1 {
        "json" => Form::Json,
        "tsv" => Form::Lines('\t', true),
        "psv" => Form::Lines('|', false),
        "csv" => Form::Commas,
        _ => return None,
    })
}

/// Leaves rows out, and gives some of the others cells of their columns in other rows.
fn stir<T: Clone>(rows: Vec<Vec<T>>, random: &mut Random, rate: Rate) -> Vec<Vec<T>> {
    let mut stirred = vec![];
    for row in &rows {
        if random.once_in(rate.left_out) {
            continue;
        }
        let mut row = row.clone();
        if random.once_in(rate.rows) {
            for (at, cell) in row.iter_mut().enumerate() {
                let other = random.pick(&rows).get(at);
                if let Some(other) = other.filter(|_| random.once_in(rate.cells)) {
                    *cell = other.clone();
                }
            }
        }
        stirred.push(row);
    }
    stirred
}

fn lines(bytes: &[u8], separator: char, headed: bool, random: &mut Random, rate: Rate) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut all = text.lines().filter(|line| !line.is_empty());
    let head = if headed { all.next() } else { None };
    let rows = all
        .map(|line| line.split(separator).map(str::to_owned).collect())
        .collect();
    let rows = stir(rows, random, rate)
        .into_iter()
        .map(|row| row.join(&separator.to_string()));
    let lines: Vec<String> = head.map(str::to_owned).into_iter().chain(rows).collect();
    lines
        .iter()
        .map(|line| format!("{line}\n"))
        .collect::<String>()
        .into_bytes()
}

fn commas(bytes: &[u8], random: &mut Random, rate: Rate) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let head = rows.remove(0);
    let mut writer = csv::Writer::from_writer(vec![]);
    for row in std::iter::once(head).chain(stir(rows, random, rate)) {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn json(bytes: &[u8], random: &mut Random, rate: Rate) -> Vec<u8> {
    let mut page: Value = serde_json::from_slice(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)).unwrap();
    let rows = match &mut page {
        Value::Object(envelope) => envelope.get_mut("data").unwrap(),
        page => page,
    };
    let objects = rows.as_array().unwrap().clone();
    let names: std::collections::BTreeSet<String> = objects
        .iter()
        .flat_map(|row| row.as_object().unwrap().keys().cloned())
        .collect();
    let cells = |row: &Value| names.iter().map(|name| row.get(name).cloned()).collect::<Vec<_>>();
    let stirred = stir(objects.iter().map(cells).collect(), random, rate);
    let object = |row: Vec<Option<Value>>| -> Value {
        let told = names
            .iter()
            .zip(row)
            .filter_map(|(name, cell)| Some((name.clone(), cell?)));
        Value::Object(told.collect())
    };
    *rows = stirred.into_iter().map(object).collect();
    serde_json::to_vec(&page).unwrap()
}
