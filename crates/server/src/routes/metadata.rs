//! `GET /metadata`: the CapabilityStatement (<http://hl7.org/fhir/R4/http.html#capabilities>).

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::query;
use crate::app::Served;
use crate::endpoint::{self, Endpoint, Serves};
use crate::log::Told;
use crate::negotiate;
use crate::respond::{self, Reply};

pub(crate) const METADATA: Endpoint = Endpoint {
    paths: &["/metadata"],
    allow: endpoint::READ,
    route: || web::to(metadata),
    serves: Serves::Description("What the server can do, as a CapabilityStatement"),
};

async fn metadata(request: HttpRequest, served: Data<Served>) -> HttpResponse {
    Told::asked(&request, &served.name, None);
    let answer = async {
        let wanted = negotiate::wanted(request.headers(), &query(&request)?)?;
        Ok(Reply {
            body: served.metadata.clone(),
            wanted,
            ..Reply::default()
        })
    };
    respond::run(&request, answer).await
}
