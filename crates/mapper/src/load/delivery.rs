//! Which files a delivery has, and what each of them holds.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Entity, LoadError, NotRead, Schema};

/// Folders deeper than this are not searched; no delivery is that deep.
const DEEPEST: usize = 32;

/// The files of a delivery, in the order of reading.
#[derive(Debug)]
pub(super) struct Delivery {
    pub files: Vec<Delivered>,
    pub not_read: Vec<NotRead>,
}

/// A file to be read.
#[derive(Debug)]
pub(super) struct Delivered {
    pub path: PathBuf,
    /// The path below what was asked for; stored, so that it does not tell where deliveries are kept.
    pub label: String,
    pub entity: &'static Entity,
    pub format: Format,
    pub gz: bool,
    /// The file's size as stored.
    pub bytes: u64,
}

/// How a file's rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Pages of objects.
    Json,
    /// `|` between cells, a row per line, no header.
    Pipe,
    /// A header line, tabs between cells, no quoting.
    Tabs,
    /// A header line, commas between cells, quotes.
    Commas,
}

/// Finds the files at `paths`. Hidden files and folders are skipped; what cannot be read as rows is listed.
pub(super) fn discover(vendor: &Schema, paths: &[PathBuf]) -> Result<Delivery, LoadError> {
    let mut found = BTreeSet::new();
    let mut folders = BTreeSet::new();
    let mut delivery = Delivery {
        files: vec![],
        not_read: vec![],
    };
    for path in paths {
        let mut files = vec![];
        walk(path, 0, &mut folders, &mut files, &mut delivery.not_read)?;
        files.sort();
        // For a single file the folder it is in may name it, as it does in a folder that is given.
        let asked = if path.is_dir() {
            path
        } else {
            path.parent().unwrap_or(path)
        };
        let base = if asked.file_name().is_some() {
            asked.parent().unwrap_or(asked)
        } else {
            asked
        };
        for file in files {
            // Through links or overlapping arguments one file may be met twice.
            let real = std::fs::canonicalize(&file).map_err(|e| LoadError::io(&file, e))?;
            if found.insert(real) {
                delivery.add(vendor, file, base)?;
            }
        }
    }
    if delivery.files.is_empty() {
        return Err(LoadError::Nothing(match delivery.not_read.first() {
            None => "there are no files".to_owned(),
            Some(first) => format!(
                "none of {} files is one that `{}` delivers; {}: {}",
                delivery.not_read.len(),
                vendor.vendor,
                first.path.display(),
                first.reason
            ),
        }));
    }
    Ok(delivery)
}

impl Delivery {
    fn add(&mut self, vendor: &Schema, path: PathBuf, base: &Path) -> Result<(), LoadError> {
        let below = path.strip_prefix(base).unwrap_or(&path);
        let (stem, extension, gz) = name_parts(below);
        let headed = vendor.headed.is_some();
        let entity = if headed {
            exactly(vendor, &stem)
        } else {
            named(vendor, &stem).or_else(|| {
                let folders = below.parent()?.components().rev();
                folders
                    .filter_map(|c| c.as_os_str().to_str())
                    .find_map(|folder| named(vendor, folder))
            })
        };
        let Some(entity) = entity else {
            let what = if headed {
                "the file is not named like a table that is read"
            } else {
                "neither the file nor a folder above it is named like something the vendor delivers"
            };
            self.skip(path, what);
            return Ok(());
        };
        let format = match extension.as_str() {
            "tsv" | "tab" | "txt" if headed => Format::Tabs,
            "csv" if headed => Format::Commas,
            _ if headed => {
                self.skip(
                    path,
                    "not a format that is read: .tsv, .tab, .txt, .csv, each also with .gz",
                );
                return Ok(());
            }
            "json" => Format::Json,
            "psv" | "txt" | "csv" | "dat" if entity.layouts.is_empty() => {
                self.skip(
                    path,
                    &format!("no column order of files without header is known for `{}`", entity.name),
                );
                return Ok(());
            }
            "psv" | "txt" | "csv" | "dat" => Format::Pipe,
            _ => {
                self.skip(
                    path,
                    "not a format that is read: .json, .psv, .txt, .csv, .dat, each also with .gz",
                );
                return Ok(());
            }
        };
        let bytes = std::fs::metadata(&path).map_err(|e| LoadError::io(&path, e))?.len();
        let label = below.to_string_lossy().into_owned();
        self.files.push(Delivered {
            path,
            label,
            entity,
            format,
            gz,
            bytes,
        });
        Ok(())
    }

    /// Takes the files of one entity out.
    pub fn take_of(&mut self, entity: Option<&str>) -> Vec<Delivered> {
        let all = std::mem::take(&mut self.files);
        let (taken, rest) = all.into_iter().partition(|f| Some(f.entity.name) == entity);
        self.files = rest;
        taken
    }

    fn skip(&mut self, path: PathBuf, reason: &str) {
        self.not_read.push(NotRead {
            path,
            reason: reason.to_owned(),
        });
    }
}

/// Collects regular files. `folders` holds every folder met, so that links in circles end.
fn walk(
    path: &Path,
    depth: usize,
    folders: &mut BTreeSet<PathBuf>,
    files: &mut Vec<PathBuf>,
    not_read: &mut Vec<NotRead>,
) -> Result<(), LoadError> {
    let failed = |e| LoadError::io(path, e);
    let kind = match std::fs::metadata(path) {
        Ok(kind) => kind,
        // A link to nowhere inside a folder is no reason to refuse the rest.
        Err(e) if depth > 0 && e.kind() == std::io::ErrorKind::NotFound => {
            not_read.push(NotRead {
                path: path.to_owned(),
                reason: "a link to nowhere".to_owned(),
            });
            return Ok(());
        }
        Err(e) => return Err(failed(e)),
    };
    if kind.is_file() {
        files.push(path.to_owned());
    } else if !kind.is_dir() {
        not_read.push(NotRead {
            path: path.to_owned(),
            reason: "not a regular file".to_owned(),
        });
    } else if depth > DEEPEST {
        not_read.push(NotRead {
            path: path.to_owned(),
            reason: "too deep".to_owned(),
        });
    } else if folders.insert(std::fs::canonicalize(path).map_err(failed)?) {
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                walk(&entry.path(), depth + 1, folders, files, not_read)?;
            }
        }
    }
    Ok(())
}

/// A file's name without extensions, its extension in lower case, and whether `.gz` follows.
fn name_parts(path: &Path) -> (String, String, bool) {
    let lower = |s: Option<&OsStr>| s.map(|s| s.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let gz = lower(path.extension()) == "gz";
    let plain = if gz { path.with_extension("") } else { path.to_owned() };
    (lower(plain.file_stem()), lower(plain.extension()), gz)
}

/// The entity of exactly this name: `PAT_ENC_3` is another table than `PAT_ENC`.
fn exactly(vendor: &Schema, name: &str) -> Option<&'static Entity> {
    let is = |candidate: &str| candidate.eq_ignore_ascii_case(name);
    vendor
        .entities
        .iter()
        .find(|e| is(e.name) || e.aliases.iter().any(|a| is(a)))
}

/// The entity that a file or folder name means: one of its names, alone or before something that is not a letter.
/// The longest name wins, so that `client_ids` is not taken for `client`.
fn named(vendor: &Schema, name: &str) -> Option<&'static Entity> {
    let name = name.to_ascii_lowercase();
    let fits = |candidate: &str| {
        let rest = name.strip_prefix(candidate)?;
        (!rest.starts_with(char::is_alphabetic)).then_some(candidate.len())
    };
    let entities = vendor.entities.iter();
    entities
        .filter_map(|e| Some((e.aliases.iter().chain([&e.name]).filter_map(|n| fits(n)).max()?, e)))
        .max_by_key(|(length, _)| *length)
        .map(|(_, e)| e)
}
