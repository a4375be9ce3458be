//! What is recorded of a row as US Core Provenance (<http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance>).
//!
//! Author is the vendor's system, transmitter is Chartgate, both on behalf of whose rows they are. None of the three is a resource of
//! the server, so they are named by identifiers of ours.

use fhir::build;
use fhir::r4::codes::ProvenanceEntityRole;
use fhir::r4::types::{CodeableConcept, Reference};
use fhir::r4::{Provenance, ProvenanceAgent, ProvenanceEntity, Resource};
use fhir::{system, us_core};

use super::row::Row;
use crate::param::Target;
use crate::{Rejected, Site, element, id};

/// Systems that are not of one source: the names of sources, of vendors' formats, and of this software.
const SOURCES: &str = "urn:chartgate:source";
const FORMATS: &str = "urn:chartgate:vendor";
const SOFTWARE: &str = "urn:chartgate:software";

pub(super) fn provenance(row: &Row, target: Target, table: &str, site: &Site) -> Result<Resource, Rejected> {
    let recorded = row.load.as_ref().map_or(row.updated, |load| load.started);
    let resource = id::encode(site.name(), target.kind, &row.key);
    let agents = [author(site), transmitter(site)].into_iter().flatten();
    let mut provenance = Provenance::builder()
        .target(vec![Some(build::reference(target.ty, &resource, None))])
        .recorded(build::instant(recorded))
        .agent(agents.map(Some).collect())
        .build()
        .map_err(|_builder| Rejected("not a Provenance"))?;
    provenance.entity = entities(row, table, site).into_iter().flatten().map(Some).collect();
    let mut resource = Resource::from(provenance);
    element::set_profiles(&mut resource, &[us_core::PROVENANCE]);
    Ok(resource)
}

/// The system that holds the rows.
fn author(site: &Site) -> Option<ProvenanceAgent> {
    let what = build::identifier(FORMATS, site.vendor());
    let display = format!("the {} system of {}", site.vendor(), site.name());
    let who = build::logical_reference("Device", what, Some(&display));
    let role = build::coded(system::PROVENANCE_PARTICIPANT, "author", Some("Author"));
    agent(role, who, site)
}

/// This server.
fn transmitter(site: &Site) -> Option<ProvenanceAgent> {
    let what = build::identifier(SOFTWARE, "chartgate");
    let who = build::logical_reference("Device", what, Some("Chartgate"));
    let role = build::coded(
        system::US_CORE_PROVENANCE_PARTICIPANT,
        "transmitter",
        Some("Transmitter"),
    );
    agent(role, who, site)
}

fn agent(role: CodeableConcept, who: Reference, site: &Site) -> Option<ProvenanceAgent> {
    let mut agent = ProvenanceAgent::builder().who(who).build().ok()?;
    agent.r#type = Some(role);
    agent.on_behalf_of = Some(owner(site));
    Some(agent)
}

/// Whose rows they are: the practice that the profile names, else what the source is called.
fn owner(site: &Site) -> Reference {
    let identifier = match &site.profile().client_id {
        Some(practice) => build::identifier(&site.system("client_id"), practice),
        None => build::identifier(SOURCES, site.name()),
    };
    build::logical_reference("Organization", identifier, Some(site.name()))
}

/// The row, and the file that brought it.
fn entities(row: &Row, table: &str, site: &Site) -> [Option<ProvenanceEntity>; 2] {
    let (system, name) = (site.system(&format!("table:{table}")), format!("{table} {}", row.key));
    let mut what = build::logical_reference("Basic", build::identifier(&system, &row.key), Some(&name));
    // A row is no resource, whatever type is given: only the identifier says what it is.
    what.r#type = None;
    let file = row.load.as_ref().and_then(|load| {
        let path = load.path.as_deref()?;
        let display = format!("{path} of delivery {}", load.delivery);
        let identifier = build::identifier(&site.system("file"), path);
        Some(build::logical_reference(
            "DocumentReference",
            identifier,
            Some(&display),
        ))
    });
    [Some(what), file].map(|what| source(what?))
}

fn source(what: Reference) -> Option<ProvenanceEntity> {
    let role = ProvenanceEntityRole::Source;
    ProvenanceEntity::builder().role(role).what(what).build().ok()
}
