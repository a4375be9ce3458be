//! Addresses and telephone numbers of a patient.

use fhir::r4::codes::AddressUse;
use fhir::r4::types::{Address, ContactPoint};
use mapper::element::{self, AddressParts, Cell, cell};
use mapper::{Site, Trace};

use super::detail::Detail;
use super::{More, Person};
use crate::cells::told_span;
use crate::codes::PHONE_USE;

/// The present address, the temporary one, and earlier ones.
pub fn addresses(person: &Person, site: &Site, trace: &mut Trace) -> Vec<Address> {
    let more = &person.row.more;
    let mut found = vec![];
    found.extend(home(person));
    found.extend(temporary(more, site, trace));
    for detail in person.details.iter().filter(|d| d.what == "pat_addr_chng_hx") {
        found.extend(earlier(detail, site, trace));
    }
    found
}

/// The street lines have rows of their own.
fn home(person: &Person) -> Option<Address> {
    let more = &person.row.more;
    let rows = person.details.iter().filter(|d| d.what == "pat_address");
    let lines: Vec<&str> = rows.filter_map(|d| d.text.as_deref()).collect();
    let mut home = element::address(AddressParts {
        lines: [lines.first().copied(), lines.get(1).copied()],
        city: more.city.as_deref(),
        state: more.state_c_name.as_deref(),
        zip: more.zip.as_deref(),
        used: Some(AddressUse::Home),
    })?;
    home.line = lines.into_iter().map(|line| Some(line.to_owned())).collect();
    home.district = more.county_c_name.clone();
    home.country = more.country_c_name.clone();
    Some(home)
}

fn temporary(more: &More, site: &Site, trace: &mut Trace) -> Option<Address> {
    let mut address = element::address(AddressParts {
        city: more.tmp_city.as_deref(),
        state: more.tmp_state_c_name.as_deref(),
        zip: more.tmp_zip.as_deref(),
        used: Some(AddressUse::Temp),
        ..AddressParts::default()
    })?;
    let days = [cell!(more.tmp_addr_start_dt), cell!(more.tmp_addr_end_dt)];
    address.period = told_span(days, site.zone(), "address.period", trace).period();
    Some(address)
}

/// An entry that has not ended is the present address, which stands in the patient's own row.
fn earlier(detail: &Detail, site: &Site, trace: &mut Trace) -> Option<Address> {
    detail.ends.as_ref()?;
    let mut address = element::address(AddressParts {
        lines: [detail.text.as_deref(), detail.more.as_deref()],
        city: detail.city.as_deref(),
        state: detail.state.as_deref(),
        zip: detail.zip.as_deref(),
        used: Some(AddressUse::Old),
    })?;
    let of = |column, text| Cell { column, text };
    let days = [
        of("eff_start_date", detail.starts.as_deref()),
        of("eff_end_date", detail.ends.as_deref()),
    ];
    address.period = told_span(days, site.zone(), "address.period", trace).period();
    Some(address)
}

/// Numbers of home and work, then the others, then the email address; a number that is repeated for the same use once.
pub fn telecom(person: &Person, site: &Site, trace: &mut Trace) -> Vec<ContactPoint> {
    let more = &person.row.more;
    let mut found = vec![];
    found.extend(element::phone(more.home_phone.as_deref(), None, Some("home")));
    found.extend(element::phone(more.work_phone.as_deref(), None, Some("work")));
    for detail in person.details.iter().filter(|d| d.what == "other_communctn") {
        found.extend(other(detail, site, trace));
    }
    found.extend(element::email(more.email_address.as_deref()));
    let mut kept: Vec<ContactPoint> = vec![];
    for contact in found {
        if !kept
            .iter()
            .any(|k| k.value == contact.value && k.r#use == contact.r#use)
        {
            kept.push(contact);
        }
    }
    kept
}

/// The kind of a number is in words.
fn other(detail: &Detail, site: &Site, trace: &mut Trace) -> Option<ContactPoint> {
    let number = detail.text.as_deref()?;
    if number.contains('@') {
        return element::email(Some(number));
    }
    let kind = Cell {
        column: "other_communic_c_name",
        text: detail.more.as_deref(),
    };
    let used = element::code(kind, &PHONE_USE, site, trace);
    element::phone(Some(number), None, used)
}
