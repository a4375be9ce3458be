//! `GET /metadata`: the CapabilityStatement (<http://hl7.org/fhir/R4/http.html#capabilities>).

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};

use fhir::r4::ResourceType;
use fhir::subset;

use super::instance::{PARTS, controls};
use super::query;
use crate::app::{Served, State};
use crate::endpoint::{self, Endpoint, Serves};
use crate::log::Told;
use crate::negotiate;
use crate::respond::{self, Reply};

pub(crate) const METADATA: Endpoint = Endpoint {
    paths: &["/metadata"],
    allow: endpoint::READ,
    route: || web::to(metadata),
    serves: Serves::Description("metadata is this statement"),
};

async fn metadata(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    Told::asked(&request, &served.name, None);
    let answer = async {
        let pairs = query(&request)?;
        let wanted = negotiate::wanted(request.headers(), &pairs)?;
        let statement = ResourceType::CapabilityStatement;
        let subset = controls(statement, &pairs, &PARTS, &state, &served)?.subset;
        Ok(Reply {
            body: match subset {
                Some(subset) => subset::cut(&served.metadata, statement, &subset).into(),
                None => served.metadata.clone(),
            },
            wanted,
            ..Reply::default()
        })
    };
    respond::run(&request, answer).await
}
