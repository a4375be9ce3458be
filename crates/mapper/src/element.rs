//! Cells as FHIR elements: what translations of every vendor build in the same way.

use fhir::build;
use fhir::r4::codes::{AddressUse, ContactPointSystem, ContactPointUse};
use fhir::r4::time::Month;
use fhir::r4::types::{Address, AddressInner, ContactPoint, ContactPointInner, HumanName, Identifier, Reference};
use fhir::r4::{Date, DateTime, Resource};

use crate::load::terms::as_state;
use crate::param::Target;
use crate::time::{Civil, DstFlag, Format, Moment, Precision, Value};
use crate::{CodeMap, Mapped, Site, Trace, id, time};

mod clinical;
mod span;

pub use clinical::{
    CLASSES, COMBINED_CODE, MODIFIER, ROLES, act_class, birth_sex, category, clinical_status, concept,
    encounter_status, event_status, gender, modifier, note, participant, performer, place, races, verification_status,
};
pub use span::Span;

/// A filled-in cell and the column it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// The vendor's column.
    pub column: &'static str,
    /// Its text, when there is some.
    pub text: Option<&'a str>,
}

/// The cell of a row struct's field, named as the field is: `cell!(row.dob)`.
#[macro_export]
macro_rules! cell {
    ($row:ident . $field:ident) => {
        $crate::element::Cell {
            column: stringify!($field),
            text: $row.$field.as_deref(),
        }
    };
}
pub use cell;

/// A moment as `dateTime`, at the precision that came in.
#[must_use]
pub fn date_time(moment: &Moment) -> DateTime {
    match moment.value {
        Value::Instant(at) => build::date_time(at),
        Value::Day(day) => build::date_time_day(day),
        Value::Month(year, month) => DateTime::Date(year_month(year, month)),
        Value::Year(year) => DateTime::Date(Date::Year(year)),
    }
}

fn year_month(year: i32, month: u32) -> Date {
    let month = u8::try_from(month).ok().and_then(|m| Month::try_from(m).ok());
    month.map_or(Date::Year(year), |m| Date::YearMonth(year, m))
}

/// A calendar day as `date`, at the precision that came in; a cell that is no date is noted as lost.
pub fn date(cell: Cell<'_>, formats: &[Format], element: &'static str, trace: &mut Trace) -> Option<Date> {
    match time::parse(cell.text?, formats) {
        Ok(civil) => Some(civil_date(civil)),
        Err(_) => {
            trace.lost(element, cell.column, "not a date");
            None
        }
    }
}

fn civil_date(civil: Civil) -> Date {
    use chrono::Datelike;
    let day = civil.date();
    match civil.precision() {
        Precision::Year => Date::Year(day.year()),
        Precision::Month => year_month(day.year(), day.month()),
        Precision::Day | Precision::Minute | Precision::Second | Precision::Fraction(_) => build::date(day),
    }
}

/// Notes that a cell gave no moment, or that the clock of its zone skipped or repeated it.
pub fn note_moment(cell: Cell<'_>, moment: Option<&Moment>, element: &'static str, trace: &mut Trace) {
    match moment {
        None if cell.text.is_some() => trace.lost(element, cell.column, "not a date"),
        None => {}
        Some(moment) => match moment.flag {
            Some(DstFlag::Gap) => trace.adjusted(element, cell.column, "skipped by the clock: moved forward"),
            Some(DstFlag::Overlap) => {
                trace.adjusted(element, cell.column, "shown twice by the clock: the first is meant")
            }
            None => {}
        },
    }
}

/// The code of a cell; a word that the map does not know is noted.
pub fn code(cell: Cell<'_>, map: &'static CodeMap, site: &Site, trace: &mut Trace) -> Option<&'static str> {
    let mapped = site.code(map, cell.text);
    if let (Mapped::Unmapped(_), Some(word)) = (mapped, cell.text) {
        trace.unmapped(map.name, word);
    }
    trace.coded(map.name, cell.column, cell.text, mapped.code());
    mapped.code()
}

/// A reference to the row that `key` names; to the vendor's id as it stands when there is no such row, so that
/// nothing dangles; nothing without either.
#[must_use]
pub fn reference(site: &Site, target: Target, key: Option<&str>, raw: Cell<'_>) -> Option<Reference> {
    if let Some(key) = key {
        return Some(build::reference(
            target.ty,
            &id::encode(site.name(), target.kind, key),
            None,
        ));
    }
    let identifier = build::identifier(&site.system(raw.column), raw.text?);
    Some(build::logical_reference(target.ty.as_str(), identifier, None))
}

/// The numbers of a row, each with the system of its own column; its key when it has none.
#[must_use]
pub fn identifiers(site: &Site, key: &str, cells: &[Cell<'_>]) -> Vec<Option<Identifier>> {
    let of = |cell: &Cell<'_>| Some(Some(build::identifier(&site.system(cell.column), cell.text?)));
    let found: Vec<_> = cells.iter().filter_map(of).collect();
    if found.is_empty() {
        vec![Some(build::identifier(&site.system("key"), key))]
    } else {
        found
    }
}

/// The parts of a postal address in the United States.
#[derive(Debug, Clone, Copy, Default)]
pub struct AddressParts<'a> {
    /// Street lines, in order.
    pub lines: [Option<&'a str>; 2],
    /// City.
    pub city: Option<&'a str>,
    /// State, as delivered: one of the United States goes out as its two letters.
    pub state: Option<&'a str>,
    /// ZIP code, as delivered.
    pub zip: Option<&'a str>,
    /// What it is used for.
    pub used: Option<AddressUse>,
}

/// A postal address; nothing without any part.
#[must_use]
pub fn address(parts: AddressParts<'_>) -> Option<Address> {
    let owned = |part: Option<&str>| part.map(str::to_owned);
    let line: Vec<Option<String>> = parts.lines.iter().flatten().map(|l| Some((*l).to_owned())).collect();
    if line.is_empty() && parts.city.or(parts.state).or(parts.zip).is_none() {
        return None;
    }
    let inner = AddressInner {
        id: None,
        extension: vec![],
        r#use: parts.used,
        use_ext: None,
        r#type: None,
        type_ext: None,
        text: None,
        text_ext: None,
        line,
        line_ext: vec![],
        city: owned(parts.city),
        city_ext: None,
        district: None,
        district_ext: None,
        state: owned(parts.state.map(as_state)),
        state_ext: None,
        postal_code: owned(parts.zip),
        postal_code_ext: None,
        country: None,
        country_ext: None,
        period: None,
        period_ext: None,
    };
    Some(inner.into())
}

/// A telephone number, with its extension.
#[must_use]
pub fn phone(number: Option<&str>, ext: Option<&str>, used: Option<&str>) -> Option<ContactPoint> {
    let number = number?;
    let value = ext.map_or_else(|| number.to_owned(), |ext| format!("{number} x{ext}"));
    let used = match used {
        Some("home") => Some(ContactPointUse::Home),
        Some("work") => Some(ContactPointUse::Work),
        Some("mobile") => Some(ContactPointUse::Mobile),
        Some("temp") => Some(ContactPointUse::Temp),
        Some("old") => Some(ContactPointUse::Old),
        _ => None,
    };
    Some(contact(ContactPointSystem::Phone, value, used))
}

/// An email address.
#[must_use]
pub fn email(address: Option<&str>) -> Option<ContactPoint> {
    Some(contact(ContactPointSystem::Email, address?.to_owned(), None))
}

fn contact(system: ContactPointSystem, value: String, used: Option<ContactPointUse>) -> ContactPoint {
    ContactPointInner {
        id: None,
        extension: vec![],
        system: Some(system),
        system_ext: None,
        value: Some(value),
        value_ext: None,
        r#use: used,
        use_ext: None,
        rank: None,
        rank_ext: None,
        period: None,
        period_ext: None,
    }
    .into()
}

/// The parts of a person's name.
#[derive(Debug, Clone, Copy, Default)]
pub struct NameParts<'a> {
    /// Family name.
    pub family: Option<&'a str>,
    /// First name.
    pub first: Option<&'a str>,
    /// Middle names.
    pub middle: Option<&'a str>,
    /// `Dr`, `Ms`.
    pub prefix: Option<&'a str>,
    /// `Jr`, `MD`.
    pub suffix: Option<&'a str>,
}

/// A name. Without family and given name its absence is said (US Core us-core-6), and the rest is kept.
#[must_use]
pub fn name(parts: NameParts<'_>) -> HumanName {
    let given: Vec<&str> = parts.first.into_iter().chain(parts.middle).collect();
    let mut name = build::human_name(parts.family, &given);
    name.prefix = parts.prefix.map(|p| Some(p.to_owned())).into_iter().collect();
    name.suffix = parts.suffix.map(|s| Some(s.to_owned())).into_iter().collect();
    if parts.family.is_none() && given.is_empty() {
        name.extension = build::absent("unknown").extension;
    }
    name
}

/// Puts the profiles that a resource is meant to follow into its `meta`.
pub fn set_profiles(resource: &mut Resource, profiles: &[&str]) {
    *resource.as_base_resource_mut().meta_mut() = Some(build::meta(profiles, None));
}
