//! Parameters of clinical resources.

use super::Definition;
use crate::r4::ResourceType::{
    Account, ActivityDefinition, Appointment, CarePlan, Condition, Device, DiagnosticReport, DocumentReference,
    Encounter, EpisodeOfCare, Group, ImmunizationRecommendation, Location, Measure, MedicationAdministration,
    Observation, OperationDefinition, Organization, Patient, PlanDefinition, Practitioner, PractitionerRole, Procedure,
    Questionnaire, RelatedPerson, ServiceRequest,
};
use crate::search::ParamType::{Date, Quantity, Reference, String, Token, Uri};

/// <http://hl7.org/fhir/R4/encounter.html#search>
pub(super) const ENCOUNTER: &[Definition] = &[
    Definition::r4("account", Reference, "Encounter-account", &[Account]),
    Definition::r4("appointment", Reference, "Encounter-appointment", &[Appointment]),
    Definition::r4("based-on", Reference, "Encounter-based-on", &[ServiceRequest]),
    Definition::r4("class", Token, "Encounter-class", &[]),
    Definition::r4("date", Date, "clinical-date", &[]),
    Definition::r4("diagnosis", Reference, "Encounter-diagnosis", &[Condition, Procedure]),
    Definition::us_core(
        "discharge-disposition",
        Token,
        "us-core-encounter-discharge-disposition",
    ),
    Definition::r4(
        "episode-of-care",
        Reference,
        "Encounter-episode-of-care",
        &[EpisodeOfCare],
    ),
    Definition::r4("identifier", Token, "clinical-identifier", &[]),
    Definition::r4("length", Quantity, "Encounter-length", &[]),
    Definition::r4("location", Reference, "Encounter-location", &[Location]),
    Definition::r4("location-period", Date, "Encounter-location-period", &[]),
    Definition::r4("part-of", Reference, "Encounter-part-of", &[Encounter]),
    Definition::r4(
        "participant",
        Reference,
        "Encounter-participant",
        &[Practitioner, PractitionerRole, RelatedPerson],
    ),
    Definition::r4("participant-type", Token, "Encounter-participant-type", &[]),
    Definition::r4("patient", Reference, "clinical-patient", &[Patient]),
    Definition::r4("practitioner", Reference, "Encounter-practitioner", &[Practitioner]),
    Definition::r4("reason-code", Token, "Encounter-reason-code", &[]),
    Definition::r4(
        "reason-reference",
        Reference,
        "Encounter-reason-reference",
        &[Condition, ImmunizationRecommendation, Observation, Procedure],
    ),
    Definition::r4(
        "service-provider",
        Reference,
        "Encounter-service-provider",
        &[Organization],
    ),
    Definition::r4("special-arrangement", Token, "Encounter-special-arrangement", &[]),
    Definition::r4("status", Token, "Encounter-status", &[]),
    Definition::r4("subject", Reference, "Encounter-subject", &[Group, Patient]),
    Definition::r4("type", Token, "clinical-type", &[]),
];

/// <http://hl7.org/fhir/R4/condition.html#search>
pub(super) const CONDITION: &[Definition] = &[
    Definition::r4("abatement-age", Quantity, "Condition-abatement-age", &[]),
    Definition::r4("abatement-date", Date, "Condition-abatement-date", &[]),
    Definition::r4("abatement-string", String, "Condition-abatement-string", &[]),
    Definition::us_core("asserted-date", Date, "us-core-condition-asserted-date"),
    Definition::r4(
        "asserter",
        Reference,
        "Condition-asserter",
        &[Patient, Practitioner, PractitionerRole, RelatedPerson],
    ),
    Definition::r4("body-site", Token, "Condition-body-site", &[]),
    Definition::r4("category", Token, "Condition-category", &[]),
    Definition::r4("clinical-status", Token, "Condition-clinical-status", &[]),
    Definition::r4("code", Token, "clinical-code", &[]),
    Definition::r4("encounter", Reference, "Condition-encounter", &[Encounter]),
    Definition::r4("evidence", Token, "Condition-evidence", &[]),
    Definition::r4("evidence-detail", Reference, "Condition-evidence-detail", &[]),
    Definition::r4("identifier", Token, "clinical-identifier", &[]),
    Definition::r4("onset-age", Quantity, "Condition-onset-age", &[]),
    Definition::r4("onset-date", Date, "Condition-onset-date", &[]),
    Definition::r4("onset-info", String, "Condition-onset-info", &[]),
    Definition::r4("patient", Reference, "clinical-patient", &[Patient]),
    Definition::r4("recorded-date", Date, "Condition-recorded-date", &[]),
    Definition::r4("severity", Token, "Condition-severity", &[]),
    Definition::r4("stage", Token, "Condition-stage", &[]),
    Definition::r4("subject", Reference, "Condition-subject", &[Group, Patient]),
    Definition::r4("verification-status", Token, "Condition-verification-status", &[]),
];

/// <http://hl7.org/fhir/R4/procedure.html#search>
pub(super) const PROCEDURE: &[Definition] = &[
    Definition::r4("based-on", Reference, "Procedure-based-on", &[CarePlan, ServiceRequest]),
    Definition::r4("category", Token, "Procedure-category", &[]),
    Definition::r4("code", Token, "clinical-code", &[]),
    Definition::r4("date", Date, "clinical-date", &[]),
    Definition::r4("encounter", Reference, "clinical-encounter", &[Encounter]),
    Definition::r4("identifier", Token, "clinical-identifier", &[]),
    Definition::r4(
        "instantiates-canonical",
        Reference,
        "Procedure-instantiates-canonical",
        &[
            ActivityDefinition,
            Measure,
            OperationDefinition,
            PlanDefinition,
            Questionnaire,
        ],
    ),
    Definition::r4("instantiates-uri", Uri, "Procedure-instantiates-uri", &[]),
    Definition::r4("location", Reference, "Procedure-location", &[Location]),
    Definition::r4(
        "part-of",
        Reference,
        "Procedure-part-of",
        &[MedicationAdministration, Observation, Procedure],
    ),
    Definition::r4("patient", Reference, "clinical-patient", &[Patient]),
    Definition::r4(
        "performer",
        Reference,
        "Procedure-performer",
        &[
            Device,
            Organization,
            Patient,
            Practitioner,
            PractitionerRole,
            RelatedPerson,
        ],
    ),
    Definition::r4("reason-code", Token, "Procedure-reason-code", &[]),
    Definition::r4(
        "reason-reference",
        Reference,
        "Procedure-reason-reference",
        &[Condition, DiagnosticReport, DocumentReference, Observation, Procedure],
    ),
    Definition::r4("status", Token, "Procedure-status", &[]),
    Definition::r4("subject", Reference, "Procedure-subject", &[Group, Patient]),
];

/// <http://hl7.org/fhir/R4/provenance.html#search>
pub(super) const PROVENANCE: &[Definition] = &[
    Definition::r4(
        "agent",
        Reference,
        "Provenance-agent",
        &[
            Device,
            Organization,
            Patient,
            Practitioner,
            PractitionerRole,
            RelatedPerson,
        ],
    ),
    Definition::r4("agent-role", Token, "Provenance-agent-role", &[]),
    Definition::r4("agent-type", Token, "Provenance-agent-type", &[]),
    Definition::r4("entity", Reference, "Provenance-entity", &[]),
    Definition::r4("location", Reference, "Provenance-location", &[Location]),
    Definition::r4("patient", Reference, "Provenance-patient", &[Patient]),
    Definition::r4("recorded", Date, "Provenance-recorded", &[]),
    Definition::r4("signature-type", Token, "Provenance-signature-type", &[]),
    Definition::r4("target", Reference, "Provenance-target", &[]),
    Definition::r4("when", Date, "Provenance-when", &[]),
];
