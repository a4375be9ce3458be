//! `GET /OperationDefinition/{name}`: what the operations are that no guide defines, by the addresses that the CapabilityStatement gives.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::query;
use crate::app::Served;
use crate::capability;
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::log::Told;
use crate::negotiate;
use crate::respond::{self, Reply};

pub(crate) const DEFINITION: Endpoint = Endpoint {
    paths: &["/OperationDefinition/{name}"],
    allow: endpoint::READ,
    route: || web::to(definition),
    serves: Serves::Description("OperationDefinition/{name} defines the operations that are this server's own"),
};

async fn definition(request: HttpRequest, served: Data<Served>) -> HttpResponse {
    Told::asked(&request, &served.name, None);
    let answer = async {
        let wanted = negotiate::wanted(request.headers(), &query(&request)?)?;
        let name = request.match_info().get("name").unwrap_or_default();
        let own = capability::operations()
            .into_iter()
            .filter(|operation| operation.canonical.is_none());
        let operation = own.into_iter().find(|operation| operation.name == name);
        let types: Vec<_> = served.view.dictionary().types().map(|(ty, _)| ty).collect();
        Ok(Reply {
            body: operation
                .ok_or_else(Failure::not_found)?
                .to_json(&served.base, &types)
                .into(),
            wanted,
            ..Reply::default()
        })
    };
    respond::run(&request, answer).await
}
