//! The address of today and that of former times.

use fhir::r4::codes::AddressUse;
use fhir::r4::types::Address;
use mapper::element::{self, AddressParts, Cell, cell};
use mapper::{Site, Trace};

use super::Contact;
use crate::cells::{Span, day};

/// Both addresses, where they are told.
pub fn addresses(contact: &Contact, site: &Site, trace: &mut Trace) -> Vec<Address> {
    let home = AddressParts {
        lines: [contact.address1.as_deref(), contact.address2.as_deref()],
        city: contact.addresscity.as_deref(),
        state: contact.addressstate.as_deref(),
        zip: contact.addresszipcode.as_deref(),
        used: Some(AddressUse::Home),
    };
    let days = [cell!(contact.addressstartdate), cell!(contact.addressenddate)];
    let home = address(home, contact.addresscountry.as_deref(), days, site, trace);
    let old = AddressParts {
        lines: [contact.previousaddress1.as_deref(), contact.previousaddress2.as_deref()],
        city: contact.previousaddresscity.as_deref(),
        state: contact.previousaddressstate.as_deref(),
        zip: contact.previousaddresszipcode.as_deref(),
        used: Some(AddressUse::Old),
    };
    let days = [
        cell!(contact.previousaddressstartdate),
        cell!(contact.previousaddressenddate),
    ];
    let old = address(old, contact.previousaddresscountry.as_deref(), days, site, trace);
    home.into_iter().chain(old).collect()
}

/// An address with its country and the days from and until which it is good.
fn address(
    parts: AddressParts<'_>,
    country: Option<&str>,
    [start, end]: [Cell<'_>; 2],
    site: &Site,
    trace: &mut Trace,
) -> Option<Address> {
    let mut address = element::address(parts)?;
    address.country = country.map(str::to_owned);
    let span = Span::new(day(start.text, site), day(end.text, site));
    span.note(start, end, ["address.period.start", "address.period.end"], trace);
    address.period = span.period();
    Some(address)
}
