//! Conditions on the other side of references.

use super::super::*;
use super::{refused, run, strict};
use crate::r4::ResourceType::{self, Condition, Encounter, Organization, Patient, Practitioner};

fn path(ty: ResourceType, query: &str) -> (Vec<Step>, String) {
    let request = strict(ty, query);
    assert_eq!(request.query(), query);
    let criterion = request.criteria.into_iter().next().unwrap();
    (criterion.path, criterion.name)
}

fn to(param: &str, named: Option<ResourceType>, target: ResourceType) -> Step {
    Step::To {
        param: param.to_owned(),
        named,
        targets: vec![target],
    }
}

fn from(source: ResourceType, param: &str) -> Step {
    let param = param.to_owned();
    Step::From { source, param }
}

#[test]
fn chains_follow_references_forward() {
    assert_eq!(
        path(Condition, "patient.name=ada"),
        (vec![to("patient", None, Patient)], "name".to_owned())
    );
    assert_eq!(
        path(Condition, "subject:Patient.birthdate=ge1980"),
        (vec![to("subject", Some(Patient), Patient)], "birthdate".to_owned())
    );
    assert_eq!(
        path(Condition, "encounter.patient.organization.name:exact=Clinic"),
        (
            vec![
                to("encounter", None, Encounter),
                to("patient", None, Patient),
                to("organization", None, Organization)
            ],
            "name".to_owned()
        )
    );
}

#[test]
fn the_targets_of_a_chain_are_those_that_can_answer_the_rest() {
    let request = strict(Patient, "general-practitioner.given=ada");
    let Step::To { targets, .. } = &request.criteria[0].path[0] else {
        panic!("{request:?}");
    };
    assert_eq!(targets, &[Practitioner]);
}

#[test]
fn has_follows_them_backward_and_both_can_be_mixed() {
    assert_eq!(
        path(Patient, "_has:Condition:patient:code=I10"),
        (vec![from(Condition, "patient")], "code".to_owned())
    );
    assert_eq!(
        path(Patient, "_has:Encounter:patient:_has:Condition:encounter:code:not=I10"),
        (
            vec![from(Encounter, "patient"), from(Condition, "encounter")],
            "code".to_owned()
        )
    );
    assert_eq!(
        path(Encounter, "patient._has:Condition:patient:encounter.date=ge2026"),
        (
            vec![
                to("patient", None, Patient),
                from(Condition, "patient"),
                to("encounter", None, Encounter)
            ],
            "date".to_owned()
        )
    );
}

#[test]
fn what_cannot_be_followed_is_refused_or_told() {
    for query in [
        "code.name=x",
        "patient.nothing=x",
        "patient:Encounter.name=x",
        "patient:Foo.name=x",
        "nothing.name=x",
        "_has:Encounter:patient:date=2026",
        "_has:Encounter:nothing:date=2026",
        "_has:Foo:patient:date=2026",
    ] {
        assert_eq!(refused(Condition, query, Handling::Strict).len(), 1, "{query}");
        assert_eq!(
            run(Condition, query, Handling::Lenient).unwrap().ignored.len(),
            1,
            "{query}"
        );
    }
    for query in ["_has=x", "_has:Encounter=x", "_has:Encounter:patient=x"] {
        run(Patient, query, Handling::Strict).unwrap_err();
    }
    let deep = format!("{}name=x", "patient._has:Condition:patient:".repeat(MAX_CHAIN));
    assert_eq!(refused(Condition, &deep, Handling::Lenient)[0].kind, ProblemKind::Limit);
}

#[test]
fn values_at_the_end_of_a_chain_are_checked() {
    assert_eq!(
        refused(Condition, "patient.birthdate=soon", Handling::Lenient)[0].kind,
        ProblemKind::Value
    );
    assert_eq!(
        refused(Patient, "_has:Condition:patient:code:exact=I10", Handling::Strict)[0].kind,
        ProblemKind::UnsupportedModifier
    );
}
