//! Compartments: what belongs to a patient, a visit or a clinician (<http://hl7.org/fhir/R4/compartmentdefinition.html>).
//!
//! Membership is told by search parameters of the member, as R4's CompartmentDefinitions list them; one of them that refers to the
//! compartment's resource is enough. The resource itself is in its own compartment.

use crate::r4::{self, ResourceType};
use crate::search::{Clause, Criterion, Reference, Token, Values};

/// The compartments of resources that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compartment {
    /// What is about a patient (<http://hl7.org/fhir/R4/compartmentdefinition-patient.html>).
    Patient,
    /// What belongs to a visit (<http://hl7.org/fhir/R4/compartmentdefinition-encounter.html>).
    Encounter,
    /// What a clinician took part in (<http://hl7.org/fhir/R4/compartmentdefinition-practitioner.html>).
    Practitioner,
}

impl Compartment {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Patient, Self::Encounter, Self::Practitioner];

    /// The canonical URLs of their definitions.
    pub const DEFINITIONS: [&'static str; 3] = [
        "http://hl7.org/fhir/CompartmentDefinition/patient",
        "http://hl7.org/fhir/CompartmentDefinition/encounter",
        "http://hl7.org/fhir/CompartmentDefinition/practitioner",
    ];

    /// The compartment of resources of a type.
    #[must_use]
    pub fn of(ty: ResourceType) -> Option<Self> {
        Self::ALL.into_iter().find(|compartment| compartment.ty() == ty)
    }

    /// The type of the resource that it is the compartment of.
    #[must_use]
    pub fn ty(self) -> ResourceType {
        match self {
            Self::Patient => ResourceType::Patient,
            Self::Encounter => ResourceType::Encounter,
            Self::Practitioner => ResourceType::Practitioner,
        }
    }

    /// The parameters by which resources of a type are in the compartment; `None` for a type that never is.
    fn params(self, ty: ResourceType) -> Option<&'static [&'static str]> {
        use ResourceType as T;
        let params: &[&str] = match (self, ty) {
            (Self::Patient, T::Patient) => &["link"],
            (Self::Patient, T::Encounter | T::Provenance) => &["patient"],
            (Self::Patient, T::Condition) => &["patient", "asserter"],
            (Self::Patient, T::Procedure) => &["patient", "performer"],
            (Self::Encounter, T::Encounter) | (Self::Practitioner, T::Practitioner) => &[],
            (Self::Encounter, T::Condition | T::Procedure) => &["encounter"],
            (Self::Practitioner, T::Patient) => &["general-practitioner"],
            (Self::Practitioner, T::Encounter) => &["practitioner", "participant"],
            (Self::Practitioner, T::Condition) => &["asserter"],
            (Self::Practitioner, T::Procedure) => &["performer"],
            (Self::Practitioner, T::Provenance) => &["agent"],
            _ => return None,
        };
        Some(params)
    }

    /// Whether resources of a type can be in it.
    #[must_use]
    pub fn may_hold(self, ty: ResourceType) -> bool {
        self.params(ty).is_some()
    }

    /// The condition that a resource of type `ty` is in the compartment of the resource `id`; `None` for a type that never is.
    #[must_use]
    pub fn holds(self, id: &str, ty: ResourceType) -> Option<Clause> {
        let ways = self.ways(id, ty)?;
        Some(Clause::Any(ways.into_iter().map(Clause::Is).collect()))
    }

    /// The conditions of which each alone puts a resource of type `ty` into the compartment of the resource `id`; `None` for a type that never is.
    #[must_use]
    pub fn ways(self, id: &str, ty: ResourceType) -> Option<Vec<Criterion>> {
        let member = self.params(ty)?.iter().map(|name| {
            let owner = Reference::Typed {
                ty: self.ty(),
                id: id.to_owned(),
            };
            criterion(name, Values::Reference(vec![owner]))
        });
        let own = (ty == self.ty()).then(|| itself(id));
        Some(own.into_iter().chain(member).collect())
    }
}

/// The patient that a resource is about, `Patient/…`: its subject, or the patient that it tells the provenance of. `None` for a patient's own
/// resource, and for what is about nobody.
#[must_use]
pub fn patient_of(resource: &r4::Resource) -> Option<&str> {
    let reference = if let r4::Resource::Condition(condition) = resource {
        Some(&condition.subject)
    } else if let r4::Resource::Procedure(procedure) = resource {
        Some(&procedure.subject)
    } else if let r4::Resource::Encounter(encounter) = resource {
        encounter.subject.as_ref()
    } else if let r4::Resource::Provenance(provenance) = resource {
        provenance.target.iter().flatten().next()
    } else {
        None
    };
    let reference = reference?.reference.as_deref()?;
    reference.starts_with("Patient/").then_some(reference)
}

/// The condition to be the resource of this id.
fn itself(id: &str) -> Criterion {
    criterion("_id", Values::Token(vec![Token::Code(id.to_owned())]))
}

fn criterion(name: &str, values: Values) -> Criterion {
    Criterion {
        path: vec![],
        name: name.to_owned(),
        modifier: None,
        values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions;
    use crate::search::ParamType;

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
    fn members_are_told_by_references_that_r4_has() {
        for compartment in Compartment::ALL {
            for ty in SERVED {
                for name in compartment.params(ty).unwrap_or_default() {
                    let definition = definitions::find(ty, name).unwrap();
                    assert_eq!(definition.ty, ParamType::Reference, "{ty} {name}");
                    assert!(definition.targets.contains(&compartment.ty()), "{ty} {name}");
                }
            }
        }
    }

    #[test]
    fn the_resource_itself_is_in_its_compartment_and_places_are_in_none() {
        for compartment in Compartment::ALL {
            let Some(Clause::Any(own)) = compartment.holds("1", compartment.ty()) else {
                panic!("{compartment:?} does not hold its own resource");
            };
            assert_eq!(own.first(), Some(&Clause::Is(itself("1"))));
            assert_eq!(compartment.holds("1", ResourceType::Location), None);
        }
        assert_eq!(Compartment::of(ResourceType::Location), None);
    }
}
