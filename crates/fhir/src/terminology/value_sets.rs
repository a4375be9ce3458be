//! The enumerable value sets that R4 and US Core bind to elements which searches look at.
//!
//! Sources: the expansions on the value sets' pages of R4 (<http://hl7.org/fhir/R4/terminologies-valuesets.html>) and the ValueSet resources of
//! US Core 6.1.0 and 7.0.0. A test holds those of US Core against its packages.

use crate::system::{
    ACT_CODE, ADDRESS_USE, ADMINISTRATIVE_GENDER, BCP47, CONDITION_CATEGORY, CONDITION_CLINICAL, CONDITION_VER_STATUS,
    CPT, DISCHARGE_DISPOSITION, ENCOUNTER_STATUS, EVENT_STATUS, ICD10CM, LOCATION_STATUS, LOINC, NULL_FLAVOR,
    ORGANIZATION_TYPE, PARTICIPATION_TYPE, RACE_AND_ETHNICITY, SNOMED, US_CORE_CONDITION_CATEGORY,
};

/// A value set whose codes are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueSet {
    /// Its canonical URL, without version.
    pub url: &'static str,
    /// Systems with those codes of them that are in it.
    pub codes: &'static [(&'static str, &'static [&'static str])],
    /// Systems all of whose codes are in it.
    pub systems: &'static [&'static str],
}

/// The value set of this URL.
#[must_use]
pub fn value_set(url: &str) -> Option<&'static ValueSet> {
    ALL.iter().find(|set| set.url == url)
}

/// Every value set, by URL.
pub fn value_sets() -> impl Iterator<Item = &'static ValueSet> {
    ALL.iter()
}

const fn listed(url: &'static str, codes: &'static [(&'static str, &'static [&'static str])]) -> ValueSet {
    ValueSet {
        url,
        codes,
        systems: &[],
    }
}

/// The implicit value set of all codes of a system.
const fn whole(url: &'static str, systems: &'static [&'static str]) -> ValueSet {
    ValueSet {
        url,
        codes: &[],
        systems,
    }
}

const ALL: &[ValueSet] = &[
    listed(
        "http://hl7.org/fhir/ValueSet/address-use",
        &[(ADDRESS_USE, &["home", "work", "temp", "old", "billing"])],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/administrative-gender",
        &[(ADMINISTRATIVE_GENDER, &["male", "female", "other", "unknown"])],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/condition-category",
        &[(CONDITION_CATEGORY, &["problem-list-item", "encounter-diagnosis"])],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/condition-clinical",
        &[(
            CONDITION_CLINICAL,
            &["active", "recurrence", "relapse", "inactive", "remission", "resolved"],
        )],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/condition-severity",
        &[(SNOMED, &["24484000", "6736007", "255604002"])],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/condition-ver-status",
        &[(
            CONDITION_VER_STATUS,
            &[
                "unconfirmed",
                "provisional",
                "differential",
                "confirmed",
                "refuted",
                "entered-in-error",
            ],
        )],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/encounter-discharge-disposition",
        &[(
            DISCHARGE_DISPOSITION,
            &[
                "home",
                "alt-home",
                "other-hcf",
                "hosp",
                "long",
                "aadvice",
                "exp",
                "psy",
                "rehab",
                "snf",
                "oth",
            ],
        )],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/encounter-participant-type",
        &[
            (
                PARTICIPATION_TYPE,
                &[
                    "ADM", "ATND", "CALLBCK", "CON", "DIS", "ESC", "REF", "SPRF", "PPRF", "PART",
                ],
            ),
            (
                "http://terminology.hl7.org/CodeSystem/participant-type",
                &["translator", "emergency"],
            ),
        ],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/encounter-status",
        &[(
            ENCOUNTER_STATUS,
            &[
                "planned",
                "arrived",
                "triaged",
                "in-progress",
                "onleave",
                "finished",
                "cancelled",
                "entered-in-error",
                "unknown",
            ],
        )],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/event-status",
        &[(
            EVENT_STATUS,
            &[
                "preparation",
                "in-progress",
                "not-done",
                "on-hold",
                "stopped",
                "completed",
                "entered-in-error",
                "unknown",
            ],
        )],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/languages",
        &[(
            BCP47,
            &[
                "ar", "bn", "cs", "da", "de", "de-AT", "de-CH", "de-DE", "el", "en", "en-AU", "en-CA", "en-GB",
                "en-IN", "en-NZ", "en-SG", "en-US", "es", "es-AR", "es-ES", "es-UY", "fi", "fr", "fr-BE", "fr-CH",
                "fr-FR", "fy", "fy-NL", "hi", "hr", "it", "it-CH", "it-IT", "ja", "ko", "nl", "nl-BE", "nl-NL", "no",
                "no-NO", "pa", "pl", "pt", "pt-BR", "ru", "ru-RU", "sr", "sr-RS", "sv", "sv-SE", "te", "zh", "zh-CN",
                "zh-HK", "zh-SG", "zh-TW",
            ],
        )],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/location-status",
        &[(LOCATION_STATUS, &["active", "suspended", "inactive"])],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/organization-type",
        &[(
            ORGANIZATION_TYPE,
            &[
                "prov", "dept", "team", "govt", "ins", "pay", "edu", "reli", "crs", "cg", "bus", "other",
            ],
        )],
    ),
    listed(
        "http://hl7.org/fhir/ValueSet/procedure-category",
        &[(
            SNOMED,
            &[
                "24642003",
                "409063005",
                "409073007",
                "387713003",
                "103693007",
                "46947000",
                "410606002",
            ],
        )],
    ),
    whole("http://hl7.org/fhir/sid/icd-10-cm/vs", &[ICD10CM]),
    listed(
        "http://hl7.org/fhir/us/core/ValueSet/omb-ethnicity-category",
        &[
            (RACE_AND_ETHNICITY, &["2135-2", "2186-5"]),
            (NULL_FLAVOR, &["UNK", "ASKU"]),
        ],
    ),
    listed(
        "http://hl7.org/fhir/us/core/ValueSet/omb-race-category",
        &[
            (RACE_AND_ETHNICITY, &["1002-5", "2028-9", "2054-5", "2076-8", "2106-3"]),
            (NULL_FLAVOR, &["UNK", "ASKU"]),
        ],
    ),
    listed(
        "http://hl7.org/fhir/us/core/ValueSet/us-core-problem-or-health-concern",
        &[
            (CONDITION_CATEGORY, &["problem-list-item"]),
            (US_CORE_CONDITION_CATEGORY, &["health-concern"]),
        ],
    ),
    whole("http://loinc.org/vs", &[LOINC]),
    whole("http://snomed.info/sct?fhir_vs", &[SNOMED]),
    listed(
        "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode",
        &[(
            ACT_CODE,
            &[
                "AMB", "EMER", "FLD", "HH", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS", "VR",
            ],
        )],
    ),
    whole("http://www.ama-assn.org/go/cpt/vs", &[CPT]),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn urls_are_in_order_and_codes_are_listed_once() {
        let urls: Vec<&str> = value_sets().map(|set| set.url).collect();
        assert!(urls.is_sorted());
        for set in value_sets() {
            assert_eq!(value_set(set.url), Some(set));
            assert_ne!(set.codes.is_empty(), set.systems.is_empty(), "{}", set.url);
            for (system, codes) in set.codes {
                let all: HashSet<&str> = codes.iter().copied().collect();
                assert_eq!(all.len(), codes.len(), "{} {system}", set.url);
            }
        }
        assert_eq!(value_set("http://hl7.org/fhir/ValueSet/all-languages"), None);
    }
}
