//! People who have signed in, however they did.

use serde::{Deserialize, Serialize};

use crate::store::{Pending, Reach, Seconds};

/// What somebody is to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A patient, or somebody who acts for patients.
    Patient,
    /// A clinician.
    Practitioner,
    /// Somebody who runs the server.
    Administrator,
}

impl Role {
    const ALL: [Self; 3] = [Self::Patient, Self::Practitioner, Self::Administrator];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Practitioner => "practitioner",
            Self::Administrator => "administrator",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A sign-in. Its secret is in a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who it is, for as long as they are known: `sub`.
    pub subject: String,
    /// Their name.
    pub name: String,
    /// Their FHIR resource, `Practitioner/…`.
    pub person: Option<String>,
    /// What they are.
    pub role: Role,
    /// The ids of the patients that they are or act for; for others than patients, see `sees`.
    #[serde(default)]
    pub patients: Vec<String>,
    /// The search of patients whose records a clinician may see; all with an empty text.
    #[serde(default)]
    pub sees: Option<String>,
    /// When they signed in.
    pub authenticated: Seconds,
}

impl Session {
    /// Which patients' records they may see.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match (self.role, &self.sees) {
            (Role::Practitioner | Role::Administrator, Some(search)) => Reach::Search(search.clone()),
            _ => Reach::Patients(self.patients.clone()),
        }
    }
}

impl Pending for Session {
    const KIND: &'static str = "session";
}
