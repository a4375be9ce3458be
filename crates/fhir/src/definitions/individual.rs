//! Parameters of people and places.

use super::Definition;
use crate::r4::ResourceType::{
    Endpoint, Location, Organization, Patient, Practitioner, PractitionerRole, RelatedPerson,
};
use crate::search::ParamType::{Date, Reference, Special, String, Token};

/// <http://hl7.org/fhir/R4/patient.html#search>
pub(super) const PATIENT: &[Definition] = &[
    Definition::r4("active", Token, "Patient-active", &[]),
    Definition::r4("address", String, "individual-address", &[]),
    Definition::r4("address-city", String, "individual-address-city", &[]),
    Definition::r4("address-country", String, "individual-address-country", &[]),
    Definition::r4("address-postalcode", String, "individual-address-postalcode", &[]),
    Definition::r4("address-state", String, "individual-address-state", &[]),
    Definition::r4("address-use", Token, "individual-address-use", &[]),
    Definition::r4("birthdate", Date, "individual-birthdate", &[]),
    Definition::r4("death-date", Date, "Patient-death-date", &[]),
    Definition::r4("deceased", Token, "Patient-deceased", &[]),
    Definition::r4("email", Token, "individual-email", &[]),
    Definition::us_core("ethnicity", Token, "us-core-ethnicity"),
    Definition::r4("family", String, "individual-family", &[]),
    Definition::r4("gender", Token, "individual-gender", &[]),
    Definition::us_core("gender-identity", Token, "us-core-patient-gender-identity"),
    Definition::r4(
        "general-practitioner",
        Reference,
        "Patient-general-practitioner",
        &[Organization, Practitioner, PractitionerRole],
    ),
    Definition::r4("given", String, "individual-given", &[]),
    Definition::r4("identifier", Token, "Patient-identifier", &[]),
    Definition::r4("language", Token, "Patient-language", &[]),
    Definition::r4("link", Reference, "Patient-link", &[Patient, RelatedPerson]),
    Definition::r4("name", String, "Patient-name", &[]),
    Definition::r4("organization", Reference, "Patient-organization", &[Organization]),
    Definition::r4("phone", Token, "individual-phone", &[]),
    Definition::r4("phonetic", String, "individual-phonetic", &[]),
    Definition::us_core("race", Token, "us-core-race"),
    Definition::r4("telecom", Token, "individual-telecom", &[]),
];

/// <http://hl7.org/fhir/R4/practitioner.html#search>
pub(super) const PRACTITIONER: &[Definition] = &[
    Definition::r4("active", Token, "Practitioner-active", &[]),
    Definition::r4("address", String, "individual-address", &[]),
    Definition::r4("address-city", String, "individual-address-city", &[]),
    Definition::r4("address-country", String, "individual-address-country", &[]),
    Definition::r4("address-postalcode", String, "individual-address-postalcode", &[]),
    Definition::r4("address-state", String, "individual-address-state", &[]),
    Definition::r4("address-use", Token, "individual-address-use", &[]),
    Definition::r4("communication", Token, "Practitioner-communication", &[]),
    Definition::r4("email", Token, "individual-email", &[]),
    Definition::r4("family", String, "individual-family", &[]),
    Definition::r4("gender", Token, "individual-gender", &[]),
    Definition::r4("given", String, "individual-given", &[]),
    Definition::r4("identifier", Token, "Practitioner-identifier", &[]),
    Definition::r4("name", String, "Practitioner-name", &[]),
    Definition::r4("phone", Token, "individual-phone", &[]),
    Definition::r4("phonetic", String, "individual-phonetic", &[]),
    Definition::r4("telecom", Token, "individual-telecom", &[]),
];

/// <http://hl7.org/fhir/R4/location.html#search>
pub(super) const LOCATION: &[Definition] = &[
    Definition::r4("address", String, "Location-address", &[]),
    Definition::r4("address-city", String, "Location-address-city", &[]),
    Definition::r4("address-country", String, "Location-address-country", &[]),
    Definition::r4("address-postalcode", String, "Location-address-postalcode", &[]),
    Definition::r4("address-state", String, "Location-address-state", &[]),
    Definition::r4("address-use", Token, "Location-address-use", &[]),
    Definition::r4("endpoint", Reference, "Location-endpoint", &[Endpoint]),
    Definition::r4("identifier", Token, "Location-identifier", &[]),
    Definition::r4("name", String, "Location-name", &[]),
    Definition::r4("near", Special, "Location-near", &[]),
    Definition::r4("operational-status", Token, "Location-operational-status", &[]),
    Definition::r4("organization", Reference, "Location-organization", &[Organization]),
    Definition::r4("partof", Reference, "Location-partof", &[Location]),
    Definition::r4("status", Token, "Location-status", &[]),
    Definition::r4("type", Token, "Location-type", &[]),
];

/// <http://hl7.org/fhir/R4/organization.html#search>
pub(super) const ORGANIZATION: &[Definition] = &[
    Definition::r4("active", Token, "Organization-active", &[]),
    Definition::r4("address", String, "Organization-address", &[]),
    Definition::r4("address-city", String, "Organization-address-city", &[]),
    Definition::r4("address-country", String, "Organization-address-country", &[]),
    Definition::r4("address-postalcode", String, "Organization-address-postalcode", &[]),
    Definition::r4("address-state", String, "Organization-address-state", &[]),
    Definition::r4("address-use", Token, "Organization-address-use", &[]),
    Definition::r4("endpoint", Reference, "Organization-endpoint", &[Endpoint]),
    Definition::r4("identifier", Token, "Organization-identifier", &[]),
    Definition::r4("name", String, "Organization-name", &[]),
    Definition::r4("partof", Reference, "Organization-partof", &[Organization]),
    Definition::r4("phonetic", String, "Organization-phonetic", &[]),
    Definition::r4("type", Token, "Organization-type", &[]),
];
