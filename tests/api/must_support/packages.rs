//! The facts against the profiles themselves, where those are at hand.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::{Facts, place, text};

/// Names a folder with US Core's packages (`*.tgz`) of both versions, as the registry of FHIR packages gives them out.
const FOLDER: &str = "US_CORE_DIR";
/// The versions that the facts are about.
const VERSIONS: [&str; 2] = ["6.1.0", "7.0.0"];

/// The packages of both versions; `None`, and said so, where there are none.
pub fn all(what: &str) -> Option<Vec<(String, Package)>> {
    // Set to nothing is as good as not set, as shells and the scripts here have it.
    let Some(folder) = std::env::var(FOLDER).ok().filter(|folder| !folder.is_empty()) else {
        tests::support::say(&format!(
            "skipped: {what} were not compared with US Core's packages ({FOLDER} is not set)"
        ));
        return None;
    };
    let mut found = vec![];
    for file in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{FOLDER}: {folder}: {error}")) {
        let file = file.unwrap().path();
        if file.extension().is_none_or(|e| e != "tgz") {
            continue;
        }
        let package = Package::open(&file);
        let version = text(&package.json("package.json")["version"]).to_owned();
        if VERSIONS.contains(&version.as_str()) {
            found.push((version, package));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let versions: Vec<&str> = found.iter().map(|(version, _)| version.as_str()).collect();
    assert_eq!(versions, VERSIONS, "versions in the folder of {FOLDER}");
    tests::support::say(&format!("{what}: compared with US Core {}", VERSIONS.join(" and ")));
    Some(found)
}

#[test]
fn the_facts_are_those_of_the_profiles() {
    let Some(packages) = all("the must-support facts") else {
        return;
    };
    let facts = Facts::read();
    let profiles: BTreeSet<String> = facts.elements.iter().map(|e| place(e).0).collect();
    for (version, package) in packages {
        for profile in &profiles {
            let definition = package.json(&format!("StructureDefinition-{profile}.json"));
            assert_eq!(
                stated(&facts, profile, &version),
                flagged(&definition),
                "{profile} {version}"
            );
        }
    }
}

/// What our file says that a version flags.
fn stated(facts: &Facts, profile: &str, version: &str) -> BTreeSet<String> {
    let of_version = |e: &&Value| e["versions"].as_array().unwrap().iter().any(|v| v == version);
    let elements = facts.elements.iter().filter(of_version).map(place);
    elements
        .filter(|(of, _)| of == profile)
        .map(|(_, element)| element)
        .collect()
}

/// What the profile flags.
fn flagged(definition: &Value) -> BTreeSet<String> {
    let elements = definition["snapshot"]["element"].as_array().unwrap();
    let must = elements.iter().filter(|e| e["mustSupport"] == true);
    must.map(|e| text(&e["id"]).to_owned()).collect()
}

/// A package: a tar archive, unpacked.
pub struct Package(Vec<u8>);

/// Tar archives are written in blocks of this many bytes.
const BLOCK: usize = 512;

impl Package {
    fn open(file: &Path) -> Self {
        let mut bytes = vec![];
        let packed = std::fs::File::open(file).unwrap();
        flate2::read::MultiGzDecoder::new(packed)
            .read_to_end(&mut bytes)
            .unwrap();
        Self(bytes)
    }

    /// The content of `package/NAME`.
    pub fn json(&self, name: &str) -> Value {
        let path = format!("package/{name}");
        let mut at = 0;
        while let Some(header) = self.0.get(at..at + BLOCK).filter(|header| header[0] != 0) {
            // Of a header: the name is the first 100 bytes, up to a zero; the length 12 octal digits behind 124.
            let field = |from: usize, to: usize| {
                let bytes = header[from..to].split(|b| *b == 0).next().unwrap();
                std::str::from_utf8(bytes).unwrap().trim().to_owned()
            };
            let length = usize::from_str_radix(&field(124, 136), 8).unwrap();
            let content = at + BLOCK;
            if field(0, 100) == path {
                return serde_json::from_slice(&self.0[content..content + length]).unwrap();
            }
            at = content + length.next_multiple_of(BLOCK);
        }
        panic!("the package has no {path}");
    }
}
