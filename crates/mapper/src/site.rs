//! What differs from site to site: zone, renamed columns, local codes. A [`Site`] is one configured source's
//! answer to the questions that a vendor's format leaves open.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use serde::Deserialize;

use crate::{CodeMap, Error};

/// A source's profile, as written in TOML. Every table is optional.
///
/// ```toml
/// zone = "America/New_York"      # the zone of wall-clock times, unless the configuration names one
/// client_id = "SBX01"            # the practice of rows that do not name one
/// ssn = false                    # read social security numbers
///
/// [columns.encounter]            # our column = the delivery's column
/// encounter_date = "visit_dt"
///
/// [codes.gender]                 # the delivery's text = the FHIR code
/// "Fem." = "female"
/// "*" = "unknown"               # any other word, and none
///
/// [names.location]               # names for places that the delivery only refers to
/// "12" = "Main Street Clinic"
///
/// [zones]                        # places whose clocks are not the source's
/// "12" = "America/Denver"
///
/// [ids]                          # which of several id columns is the key of an entity's rows
/// encounter = "encounter_id"
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// The zone of wall-clock times, where the configuration of the source does not name one.
    pub zone: Option<Tz>,
    /// The practice (`client_id`) of rows that do not name one.
    pub client_id: Option<String>,
    /// Whether social security numbers are read, stored and served. Off by default.
    pub ssn: bool,
    /// Per entity: our column name to the delivery's.
    pub columns: BTreeMap<String, BTreeMap<String, String>>,
    /// Per code map: the delivery's text to the FHIR code.
    pub codes: BTreeMap<String, BTreeMap<String, String>>,
    /// Per kind of place (`location`, `organization`): the vendor's id to a name.
    pub names: BTreeMap<String, BTreeMap<String, String>>,
    /// The zones of places by the vendor's id; before what the rows say, and before the source's.
    pub zones: BTreeMap<String, Tz>,
    /// Per entity: the column that is the key of its rows, where a vendor has several.
    pub ids: BTreeMap<String, String>,
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// [`Error::Config`] with line and column when the TOML is wrong or has a key that no profile has.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        toml::from_str(toml).map_err(|e| Error::Config(e.to_string()))
    }

    /// Identifies the content; rows loaded under one profile are not served under another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // BTreeMaps make the debug form canonical.
        let hash = blake3::hash(format!("{self:?}").as_bytes());
        hash.to_hex().chars().take(16).collect()
    }
}

/// A configured source: name, zone and profile.
#[derive(Debug, Clone)]
pub struct Site {
    name: String,
    /// The vendor's name, for people.
    vendor: &'static str,
    zone: Tz,
    profile: Profile,
    codes: HashMap<&'static str, Overrides>,
    /// Zones of places that the vendor's rows tell.
    places: BTreeMap<String, Tz>,
}

/// What a profile says of one code map.
#[derive(Debug, Clone, Default)]
struct Overrides {
    words: HashMap<String, &'static str>,
    /// `"*"`: the code for words that the map does not know, and for none.
    fallback: Option<&'static str>,
}

impl Site {
    /// A site that follows `profile`. `maps` are the vendor's code maps; `entities` names its entities with their columns.
    ///
    /// # Errors
    /// [`Error::Config`] when the name is not `[a-z][a-z0-9]{0,15}`, or the profile names a code map, code, entity or column that the
    /// vendor does not have.
    pub fn new(
        name: &str,
        zone: Tz,
        profile: Profile,
        maps: &[&'static CodeMap],
        entities: &[(&str, &[&str])],
    ) -> Result<Self, Error> {
        let well_formed = name.len() <= 16
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !well_formed {
            return Err(Error::Config(format!(
                "source name `{name}`: use a lower-case letter and then up to 15 lower-case letters or digits"
            )));
        }
        let codes = overrides(name, &profile, maps)?;
        for (entity, columns) in &profile.columns {
            let place = format!("[columns.{entity}]");
            known_columns(name, &place, entity, columns.keys(), entities)?;
        }
        for (entity, column) in &profile.ids {
            known_columns(name, "[ids]", entity, std::iter::once(column), entities)?;
        }
        Ok(Self {
            name: name.to_owned(),
            vendor: "",
            zone,
            profile,
            codes,
            places: BTreeMap::new(),
        })
    }

    /// The site, with the zones of places that the vendor's rows tell.
    #[must_use]
    pub fn with_zones(&self, places: BTreeMap<String, Tz>) -> Self {
        Self { places, ..self.clone() }
    }

    /// The source's name, part of every id and of `/{source}/fhir`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The site, of the vendor of this name.
    #[must_use]
    pub(crate) fn of_vendor(self, vendor: &'static str) -> Self {
        Self { vendor, ..self }
    }

    /// The name of the vendor whose rows these are.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.vendor
    }

    /// The zone of wall-clock times.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The zone of wall-clock times at a place: as the profile says, else as the vendor's rows do, else the source's.
    #[must_use]
    pub fn zone_of(&self, place: Option<&str>) -> Tz {
        let told = place.and_then(|id| self.profile.zones.get(id).or_else(|| self.places.get(id)));
        told.copied().unwrap_or(self.zone)
    }

    /// Every zone that times may be told in, each once: the source's, the profile's, and those of the vendor's places.
    #[must_use]
    pub fn zones(&self) -> Vec<Tz> {
        let places = self.profile.zones.values().chain(self.places.values());
        let mut zones: Vec<Tz> = places.copied().chain([self.zone]).collect();
        zones.sort_unstable_by_key(|zone| zone.name());
        zones.dedup();
        zones
    }

    /// The name of a place's zone when it is not the source's: what rows keep, for [`Site::zone_named`].
    #[must_use]
    pub fn other_zone(&self, place: Option<&str>) -> Option<&'static str> {
        let zone = self.zone_of(place);
        (zone != self.zone).then(|| zone.name())
    }

    /// The zone of this name, as rows keep it; the source's without, or when it is none.
    #[must_use]
    pub fn zone_named(&self, name: Option<&str>) -> Tz {
        name.and_then(|name| name.parse().ok()).unwrap_or(self.zone)
    }

    /// The column that the profile makes the key of an entity's rows.
    #[must_use]
    pub fn id_column(&self, entity: &str) -> Option<&str> {
        self.profile.ids.get(entity).map(String::as_str)
    }

    /// The profile as configured.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// A system for the source's own identifiers and codes, `urn:chartgate:{source}:{what}`.
    #[must_use]
    pub fn system(&self, what: &str) -> String {
        ["urn:chartgate:", &self.name, ":", what].concat()
    }

    /// The code that `map` gives for a cell; letter case does not matter.
    #[must_use]
    pub fn code(&self, map: &'static CodeMap, cell: Option<&str>) -> Mapped {
        let Some(cell) = cell else {
            return Mapped::Missing(self.fallback(map));
        };
        let text = cell.to_ascii_lowercase();
        let overridden = self.codes.get(map.name).and_then(|m| m.words.get(&text).copied());
        match overridden.or_else(|| map.lookup(&text)) {
            Some(code) => Mapped::Known(code),
            None => Mapped::Unmapped(self.fallback(map)),
        }
    }

    /// The code for words that `map` does not know, and for none.
    #[must_use]
    pub fn fallback(&self, map: &'static CodeMap) -> Option<&'static str> {
        self.codes.get(map.name).and_then(|m| m.fallback).or(map.fallback)
    }

    /// The lower-case texts that `map` translates to `code`: the inverse of [`Site::code`].
    #[must_use]
    pub fn texts(&self, map: &'static CodeMap, code: &str) -> Vec<String> {
        self.all_texts(map)
            .into_iter()
            .filter(|(_, c)| *c == code)
            .map(|(t, _)| t)
            .collect()
    }

    /// Every lower-case text that `map` knows, with its code.
    #[must_use]
    pub fn all_texts(&self, map: &'static CodeMap) -> Vec<(String, &'static str)> {
        let own = self.codes.get(map.name).map(|m| &m.words);
        let overridden = |text: &str| own.is_some_and(|m| m.contains_key(text));
        let mut texts: Vec<_> = map
            .entries
            .iter()
            .filter(|(text, _)| !overridden(text))
            .map(|(text, code)| ((*text).to_owned(), *code))
            .chain(own.into_iter().flatten().map(|(text, code)| (text.clone(), *code)))
            .collect();
        texts.sort();
        texts
    }
}

/// What a code map says of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapped {
    /// The map, or the profile, knows the text.
    Known(&'static str),
    /// The text is not in the map; the map's fallback.
    Unmapped(Option<&'static str>),
    /// There is no text; the map's fallback.
    Missing(Option<&'static str>),
}

impl Mapped {
    /// The code to serve, if any.
    #[must_use]
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Known(code) => Some(code),
            Self::Unmapped(fallback) | Self::Missing(fallback) => fallback,
        }
    }
}

/// Refuses names of columns that an entity does not have.
fn known_columns<'a>(
    source: &str,
    place: &str,
    entity: &str,
    columns: impl Iterator<Item = &'a String>,
    entities: &[(&str, &[&str])],
) -> Result<(), Error> {
    let wrong = |what: String| Err(Error::Config(format!("profile of `{source}`: {place}: {what}")));
    let Some((_, known)) = entities.iter().find(|(e, _)| *e == entity) else {
        let all: Vec<_> = entities.iter().map(|(e, _)| *e).collect();
        return wrong(format!("no entity `{entity}`; there are {}", all.join(", ")));
    };
    for column in columns {
        if !known.contains(&column.as_str()) {
            return wrong(format!(
                "`{entity}` has no column `{column}`; it has {}",
                known.join(", ")
            ));
        }
    }
    Ok(())
}

fn overrides(
    source: &str,
    profile: &Profile,
    maps: &[&'static CodeMap],
) -> Result<HashMap<&'static str, Overrides>, Error> {
    let mut all = HashMap::new();
    for (name, entries) in &profile.codes {
        let Some(map) = maps.iter().find(|m| m.name == name) else {
            let known: Vec<_> = maps.iter().map(|m| m.name).collect();
            return Err(Error::Config(format!(
                "profile of `{source}`: [codes.{name}]: no such code map; there are {}",
                known.join(", ")
            )));
        };
        let mut own = Overrides::default();
        for (text, code) in entries {
            let Some(code) = map.targets().find(|c| c == code) else {
                return Err(Error::Config(format!(
                    "profile of `{source}`: [codes.{name}]: `{code}` is not one of its codes, which are {}",
                    map.targets()
                        .collect::<std::collections::BTreeSet<_>>()
                        .into_iter()
                        .collect::<Vec<_>>()
                        .join(", ")
                )));
            };
            if text == "*" {
                own.fallback = Some(code);
            } else {
                own.words.insert(text.trim().to_ascii_lowercase(), code);
            }
        }
        all.insert(map.name, own);
    }
    Ok(all)
}
