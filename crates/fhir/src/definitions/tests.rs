use std::collections::HashSet;

use super::*;

const SERVED: [ResourceType; 8] = [
    ResourceType::Patient,
    ResourceType::Encounter,
    ResourceType::Condition,
    ResourceType::Procedure,
    ResourceType::Practitioner,
    ResourceType::Location,
    ResourceType::Organization,
    ResourceType::Provenance,
];

#[test]
fn names_are_unique_and_in_order() {
    for ty in SERVED {
        let names: Vec<&str> = of(ty).iter().map(|each| each.name).collect();
        assert!(names.is_sorted(), "{ty}");
        let all: HashSet<&str> = names
            .iter()
            .copied()
            .chain(COMMON.iter().map(|each| each.name))
            .collect();
        assert_eq!(all.len(), names.len() + COMMON.len(), "{ty}");
    }
}

#[test]
fn only_references_have_targets() {
    for ty in SERVED {
        for each in of(ty) {
            // any type at all may be evidence, and have a provenance
            let any = ["evidence-detail", "entity", "target"].contains(&each.name);
            let expected = each.ty == ParamType::Reference && !any;
            assert_eq!(!each.targets.is_empty(), expected, "{ty} {}", each.name);
        }
    }
}

#[test]
fn the_numbers_of_parameters_are_those_of_the_resource_pages() {
    let r4 = |ty| of(ty).iter().filter(|each| each.origin() == Origin::R4).count();
    assert_eq!(SERVED.map(r4), [23, 23, 21, 16, 17, 15, 13, 10]);
}

#[test]
fn urls_and_types() {
    let url = |ty, name| find(ty, name).unwrap().url();
    assert_eq!(
        url(ResourceType::Patient, "name"),
        "http://hl7.org/fhir/SearchParameter/Patient-name"
    );
    assert_eq!(
        url(ResourceType::Patient, "birthdate"),
        "http://hl7.org/fhir/SearchParameter/individual-birthdate"
    );
    assert_eq!(
        url(ResourceType::Condition, "patient"),
        "http://hl7.org/fhir/SearchParameter/clinical-patient"
    );
    assert_eq!(
        url(ResourceType::Condition, "_lastUpdated"),
        "http://hl7.org/fhir/SearchParameter/Resource-lastUpdated"
    );
    assert_eq!(
        url(ResourceType::Condition, "asserted-date"),
        "http://hl7.org/fhir/us/core/SearchParameter/us-core-condition-asserted-date"
    );
    assert_eq!(find(ResourceType::Encounter, "length").unwrap().ty, ParamType::Quantity);
    assert!(find(ResourceType::Observation, "_id").is_none());
    assert!(find(ResourceType::Patient, "nmae").is_none());
}
