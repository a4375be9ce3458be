//! The floor: a bare actix server that runs the same statements through the same database threads and answers the same number of bytes,
//! with nothing of FHIR in between. What Chartgate adds is the distance to it.
//!
//! `/read/{key}?bytes=N` a patient by key; `/patient/{key}?bytes=N` a patient's conditions; `/page?bytes=N` the first 50 conditions.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use clap::Parser;
use fhir::r4::ResourceType;
use fhir::search::{Criterion, Reference, Request, Token, Values};
use mapper::db::{Access, Manager, Url};
use mapper::{Ask, Error, Limits, Profile, Source};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Answers with the same statements and as many bytes, without FHIR")]
struct Arguments {
    /// The address to serve on.
    #[arg(long)]
    listen: String,
    /// The vendor, as in configurations.
    #[arg(long)]
    vendor: String,
    /// The database that was loaded.
    #[arg(long)]
    url: String,
}

/// What every answer is cut from.
struct Floor {
    source: Source,
    filler: web::Bytes,
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let Arguments { listen, vendor, url } = Arguments::parse();
    let open = || -> Result<Source, Error> {
        let unknown = || Error::Config(format!("no vendor `{vendor}`"));
        let vendor = server::vendors::find(&vendor).ok_or_else(unknown)?;
        let site = vendor.site("bench", chrono_tz::America::New_York, Profile::default())?;
        let limits = Limits {
            statement: Duration::from_secs(30),
            ..Limits::default()
        };
        let manager = Manager::new(Url::parse(&url)?, Access::ReadOnly, limits.statement);
        Source::open(vendor, site, manager, limits)
    };
    let source = open().map_err(std::io::Error::other)?;
    let floor = web::Data::new(Floor {
        source,
        filler: vec![b'x'; 1 << 20].into(),
    });
    let app = move || {
        App::new()
            .app_data(floor.clone())
            .route("/read/{key}", web::get().to(read))
            .route("/patient/{key}", web::get().to(patient))
            .route("/page", web::get().to(page))
    };
    HttpServer::new(app).workers(2).bind(listen)?.run().await
}

type Size = web::Query<std::collections::HashMap<String, usize>>;

async fn read(floor: web::Data<Floor>, key: web::Path<String>, size: Size) -> HttpResponse {
    let mut request = Request::new(ResourceType::Patient);
    let id = mapper::id::encode("bench", "pt", &key);
    request.criteria = vec![criterion("_id", Values::Token(vec![Token::Code(id)]))];
    answer(&floor, request, 1, &size).await
}

async fn patient(floor: web::Data<Floor>, key: web::Path<String>, size: Size) -> HttpResponse {
    let mut request = Request::new(ResourceType::Condition);
    let id = mapper::id::encode("bench", "pt", &key);
    request.criteria = vec![criterion("patient", Values::Reference(vec![Reference::Id(id)]))];
    answer(&floor, request, 51, &size).await
}

async fn page(floor: web::Data<Floor>, size: Size) -> HttpResponse {
    answer(&floor, Request::new(ResourceType::Condition), 51, &size).await
}

fn criterion(name: &str, values: Values) -> Criterion {
    Criterion {
        path: vec![],
        name: name.to_owned(),
        modifier: None,
        values,
    }
}

async fn answer(floor: &Floor, request: Request, limit: usize, size: &Size) -> HttpResponse {
    let ask = Ask::new(request, chrono::NaiveDateTime::MAX, Arc::from([]));
    let bytes = size.get("bytes").copied().unwrap_or(0).min(floor.filler.len());
    // A deep page is of the last mapping of its type.
    let from = size.get("from").copied().unwrap_or(0);
    match floor.source.touch(&ask, from, limit).await {
        Ok(rows) if rows > 0 => HttpResponse::Ok()
            .content_type("application/fhir+json")
            .body(floor.filler.slice(..bytes)),
        Ok(_) => HttpResponse::NotFound().finish(),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}
