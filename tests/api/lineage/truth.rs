//! Lineage against the truth: a cell of a delivery is changed, the delivery is loaded into another database, and what is served
//! otherwise there must be what lineage said to come from that cell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::oracle::name;
use tests::oracle::random::Random;
use tests::support::database::{Database, Kind};
use tests::support::sample::{Sample, samples};
use tests::support::server::{Server, Setup, resources};

use super::{Parts, told};

/// A cell of a delivery.
#[derive(Debug, Clone)]
struct Spot {
    file: PathBuf,
    /// The line behind the header, or the object of the page.
    row: usize,
    column: String,
    text: String,
}

/// The filled-in cells of a delivery, in files of which a cell can be changed without more ado.
fn spots(delivery: &Path) -> Vec<Spot> {
    let mut found = vec![];
    for file in files(delivery) {
        let rows: Vec<Vec<(String, String)>> = match Content::read(&file) {
            Some(content) => content.rows(),
            None => continue,
        };
        for (row, cells) in rows.into_iter().enumerate() {
            let filled =
                |(_, text): &(String, String)| !text.trim().is_empty() && !["NULL", "\\N"].contains(&text.as_str());
            found.extend(cells.into_iter().filter(filled).map(|(column, text)| Spot {
                file: file.strip_prefix(delivery).unwrap().to_owned(),
                row,
                column,
                text,
            }));
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A file's content.
enum Content {
    Page(Value),
    Lines(char, Vec<Vec<String>>),
}

impl Content {
    fn read(file: &Path) -> Option<Self> {
        let separator = match file.extension()?.to_str()? {
            "json" => return Some(Self::Page(serde_json::from_slice(&std::fs::read(file).unwrap()).ok()?)),
            "tsv" => '\t',
            "csv" => ',',
            _ => return None,
        };
        let text = std::fs::read_to_string(file).ok()?;
        if separator == ',' && text.contains('"') {
            return None;
        }
        let cells = |line: &str| line.split(separator).map(str::to_owned).collect();
        Some(Self::Lines(separator, text.lines().map(cells).collect()))
    }

    fn rows(&self) -> Vec<Vec<(String, String)>> {
        match self {
            Self::Page(page) => {
                let of = |row: &Value| -> Vec<(String, String)> {
                    let fields = row.as_object().into_iter().flatten();
                    fields
                        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                        .collect()
                };
                page["data"].as_array().into_iter().flatten().map(of).collect()
            }
            Self::Lines(_, lines) => {
                let (header, rows) = lines.split_first().unwrap();
                rows.iter()
                    .map(|cells| header.iter().cloned().zip(cells.iter().cloned()).collect())
                    .collect()
            }
        }
    }

    fn change(&mut self, spot: &Spot, text: &str) {
        match self {
            Self::Page(page) => page["data"][spot.row][&spot.column] = text.into(),
            Self::Lines(_, lines) => {
                let column = lines[0].iter().position(|name| *name == spot.column).unwrap();
                text.clone_into(&mut lines[spot.row + 1][column]);
            }
        }
    }

    fn write(&self, file: &Path) {
        let text = match self {
            Self::Page(page) => page.to_string(),
            Self::Lines(separator, lines) => {
                let lines: Vec<String> = lines.iter().map(|cells| cells.join(&separator.to_string())).collect();
                format!("{}\n", lines.join("\n"))
            }
        };
        std::fs::write(file, text).unwrap();
    }
}

/// A copy of a delivery, with one cell changed. Pages are written anew in any case, which changes the blanks in lists.
fn delivered(sample: &Sample, change: Option<(&Spot, &str)>, to: &Path) -> PathBuf {
    let folder = to.join(sample.delivery.file_name().unwrap());
    for file in files(&sample.delivery) {
        let copy = folder.join(file.strip_prefix(&sample.delivery).unwrap());
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(&file, &copy).unwrap();
        if let Some(content @ Content::Page(_)) = Content::read(&copy) {
            content.write(&copy);
        }
    }
    if let Some((spot, text)) = change {
        let file = folder.join(&spot.file);
        let mut content = Content::read(&file).unwrap();
        content.change(spot, text);
        content.write(&file);
    }
    folder
}

/// What is served of a copy of a delivery; nothing when it cannot be loaded.
async fn served(sample: &Sample, base: &str, change: Option<(&Spot, &str)>) -> Option<BTreeMap<String, Value>> {
    let db = Database::new(Kind::Sqlite);
    let folder = delivered(sample, change, db.folder.path());
    sample.load(&db, &[folder]).ok()?;
    Some(everything(&Setup::sample_in(&db, sample).start().await, base).await)
}

/// Every resource but provenances, by name.
async fn everything(server: &Server, base: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for ty in Claims::read(&server.ok(&format!("{base}/metadata")).await)
        .types()
        .filter(|ty| *ty != "Provenance")
    {
        for page in server.pages(&format!("{base}/{ty}?_count=200")).await {
            found.extend(resources(&page, "match").into_iter().map(|r| (name(r), r.clone())));
        }
    }
    found
}

/// A leaf without the places in lists.
type Said = (String, String);

fn said(path: &str, value: &Value, found: &mut Vec<Said>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, field)| said(&format!("{path}.{name}"), field, found)),
        Value::Array(items) => items.iter().for_each(|item| said(path, item, found)),
        Value::Null => {}
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        other => found.push((path.to_owned(), other.to_string())),
    }
}

/// What one resource says that the other does not.
fn gone(one: &Value, other: &Value) -> BTreeSet<Said> {
    let (mut all, mut rest) = (vec![], vec![]);
    let ty = one["resourceType"].as_str().unwrap();
    said(ty, one, &mut all);
    said(ty, other, &mut rest);
    all.retain(|leaf| match rest.iter().position(|r| r == leaf) {
        Some(at) => {
            rest.swap_remove(at);
            false
        }
        None => !leaf.0.ends_with("meta.versionId"),
    });
    all.into_iter().collect()
}

/// A path without the places in lists.
fn plain(path: &str) -> String {
    let mut inside = false;
    path.chars()
        .filter(|c| {
            inside = *c == '[' || (inside && *c != ']');
            !inside && *c != ']'
        })
        .collect()
}

/// The text with its last letter or digit another.
fn other(text: &str) -> String {
    let Some(at) = text.rfind(|c: char| c.is_ascii_alphanumeric()) else {
        return format!("{text}x");
    };
    let next = match text.as_bytes()[at] {
        b'9' => '0',
        b'z' => 'a',
        b'Z' => 'A',
        byte => char::from(byte + 1),
    };
    format!("{}{next}{}", &text[..at], &text[at + 1..])
}

/// A text like this one that is nowhere in the delivery: a link to another row would bring that row what lineage cannot have said.
/// Where all are taken, as of a digit, any other.
fn unheard(text: &str, spots: &[Spot]) -> String {
    let mut next = std::iter::successors(Some(other(text)), |text| Some(other(text)));
    let taken = |text: &String| spots.iter().any(|spot| spot.text == *text);
    next.by_ref()
        .take(36)
        .find(|text| !taken(text))
        .unwrap_or_else(|| other(text))
}

/// What is served otherwise when the cell is empty, and when it says something else: by resource; of those that are not served any
/// more, nothing.
async fn changes(
    sample: &Sample,
    base: &str,
    spot: &Spot,
    spots: &[Spot],
    before: &BTreeMap<String, Value>,
) -> BTreeMap<String, BTreeSet<Said>> {
    let mut found: BTreeMap<String, BTreeSet<Said>> = BTreeMap::new();
    for text in [String::new(), unheard(&spot.text, spots)] {
        let Some(after) = served(sample, base, Some((spot, &text))).await else {
            continue;
        };
        for (name, one) in before {
            match after.get(name) {
                Some(other) if one == other => {}
                Some(other) => found.entry(name.clone()).or_default().extend(gone(one, other)),
                None => drop(found.entry(name.clone()).or_default()),
            }
        }
    }
    found
}

/// The elements by the cell that they come from: of cells in this column that say this.
fn by_cell<'a>(elements: &'a [Parts], spot: &Spot) -> BTreeMap<(&'a str, &'a str, &'a str), Vec<&'a Parts>> {
    let mut all: BTreeMap<_, Vec<&Parts>> = BTreeMap::new();
    for element in elements
        .iter()
        .filter(|e| e.get("raw").is_some_and(|raw| raw == spot.text.trim()))
    {
        let cell = (
            element["table"].as_str(),
            element["key"].as_str(),
            element["column"].as_str(),
        );
        all.entry(cell).or_default().push(element);
    }
    let column = spot.column.to_lowercase();
    if all.keys().any(|(.., c)| *c == column) {
        all.retain(|(.., c), _| *c == column);
    }
    all
}

/// Whether these elements of a cell are just those that changed. A code map's word has more contents than the two tried here, and
/// what comes from cells only together does not change with one of them.
fn agree(elements: &[&Parts], changed: &BTreeSet<Said>) -> bool {
    let more = elements.iter().any(|e| e["rule"].starts_with("code map"));
    let own: BTreeSet<Said> = elements
        .iter()
        .filter(|e| e.contains_key("value") && !e["rule"].contains("only together with"))
        .map(|e| (plain(&e["path"]), e["value"].clone()))
        .collect();
    changed.is_subset(&own) && (more || changed.is_empty() || own.is_subset(changed))
}

on_both! {
    async fn what_a_cell_changes_comes_from_it(kind) {
        let (mut cells, mut compared) = (0, 0);
        for (n, sample) in samples().iter().enumerate() {
            let base = format!("/{}/fhir", sample.name());
            let server = Setup::sample(kind, sample).start().await;
            let before = served(sample, &base, None).await.unwrap();
            let mut random = Random::new(20_261_122 + n as u64 + if kind == Kind::Postgres { 100 } else { 0 });
            let spots = spots(&sample.delivery);
            let wanted = std::env::var("LINEAGE_CELLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
            let mut tried = 0;
            while tried < wanted {
                let spot = random.pick(&spots);
                let changed = changes(sample, &base, spot, &spots, &before).await;
                if changed.is_empty() {
                    continue;
                }
                tried += 1;
                for (name, changed) in changed.iter().take(4) {
                    let (elements, _) = told(&server.ok(&format!("{base}/{name}/$lineage")).await);
                    let all = by_cell(&elements, spot);
                    let fits = all.values().any(|elements| agree(elements, changed));
                    // A row that was made because another refers to it is not of this cell.
                    let made = changed.is_empty() && before[name]["resourceType"] != "Patient";
                    assert!(fits || made, "{name} {spot:?}\nchanged: {changed:#?}\nlineage: {all:#?}");
                    compared += 1;
                }
            }
            cells += tried;
        }
        tests::support::say(&format!("lineage on {kind:?}: {cells} cells changed, {compared} resources compared"));
    }
}
