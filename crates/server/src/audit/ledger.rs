//! What is noted while a request is answered.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use actix_web::{HttpMessage, HttpRequest};
use fhir::r4::ResourceType;
use fhir::search::{Reference, Request, Token, Values};
use mapper::Hit;

use crate::routes::is_id;

/// What one request asks for and is shown. The entries of a batch share the batch's.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Rc<RefCell<Noted>>);

/// What has been noted.
#[derive(Default)]
pub(super) struct Noted {
    pub patients: BTreeSet<String>,
    pub resources: BTreeSet<String>,
    /// What the entries of a batch ask for.
    pub entries: Vec<String>,
    /// The parameters in the body of a search by POST.
    pub body: Option<String>,
}

impl Ledger {
    /// The ledger of a request; `None` where nothing is recorded.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Notes resources that are shown.
    pub fn shows<'a>(&self, hits: impl IntoIterator<Item = &'a Hit>) {
        for hit in hits {
            self.shows_one(hit.target.ty, &hit.id, hit.patient.as_deref());
        }
    }

    /// Notes one resource that is shown, and the patient whom it is about.
    pub fn shows_one(&self, ty: ResourceType, id: &str, patient: Option<&str>) {
        let mut noted = self.0.borrow_mut();
        let reference = format!("{ty}/{id}");
        if ty == ResourceType::Patient {
            noted.patients.insert(reference.clone());
        }
        noted.patients.extend(patient.map(str::to_owned));
        noted.resources.insert(reference);
    }

    /// Notes a resource that is asked for by its address: a patient is concerned even when nothing is found.
    pub fn asks_for(&self, ty: ResourceType, id: &str) {
        if ty == ResourceType::Patient && is_id(id) {
            self.0.borrow_mut().patients.insert(format!("Patient/{id}"));
        }
    }

    /// Notes the patients that a search names.
    pub fn asks(&self, request: &Request) {
        let own = request.criteria.iter().filter(|criterion| criterion.path.is_empty());
        for criterion in own {
            if let (Values::Reference(references), "patient" | "subject") = (&criterion.values, criterion.name.as_str())
            {
                references.iter().for_each(|reference| match reference {
                    Reference::Id(id) => self.asks_for(ResourceType::Patient, id),
                    Reference::Typed { ty, id } => self.asks_for(*ty, id),
                    Reference::Absolute { .. } => {}
                });
            }
            if let (Values::Token(tokens), "_id") = (&criterion.values, criterion.name.as_str()) {
                let ids = tokens.iter().filter_map(|token| match token {
                    Token::Code(id) => Some(id),
                    Token::Coded { .. } | Token::NoSystem(_) | Token::System(_) => None,
                });
                ids.for_each(|id| self.asks_for(request.resource_type, id));
            }
        }
    }

    /// Notes the parameters in a body.
    pub fn asks_in_body(&self, parameters: &str) {
        self.0.borrow_mut().body = Some(parameters.to_owned());
    }

    /// Notes an entry of a batch.
    pub fn asks_as_entry(&self, address: String) {
        self.0.borrow_mut().entries.push(address);
    }

    /// Everything that was noted.
    pub(super) fn take(&self) -> Noted {
        self.0.take()
    }
}
