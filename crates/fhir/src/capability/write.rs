//! The statement's JSON, as small structs that hold only the elements used.

use serde::Serialize;

use super::{Capability, Interaction, MODIFIER, On, Operation, ParamCapability, ResourceCapability, SORTABLE};
use crate::{json, r4, us_core, xml};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'a> {
    resource_type: &'static str,
    url: String,
    version: &'a str,
    name: &'static str,
    title: &'static str,
    status: &'static str,
    date: String,
    kind: &'static str,
    instantiates: Vec<String>,
    software: Software<'a>,
    implementation: Implementation<'a>,
    fhir_version: &'static str,
    format: [&'static str; 4],
    implementation_guide: Vec<String>,
    rest: [Rest<'a>; 1],
}

#[derive(Serialize)]
struct Software<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Implementation<'a> {
    description: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Rest<'a> {
    mode: &'static str,
    documentation: &'a str,
    security: Security<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource: Vec<Resource<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    interaction: Vec<Code>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operation: Vec<OperationLine>,
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    compartment: &'a [&'static str],
}

#[derive(Serialize)]
struct Security<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension<'a>>,
    cors: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    service: Vec<Service>,
    description: &'a str,
}

#[derive(Serialize)]
struct Service {
    coding: [Coding; 1],
    text: &'static str,
}

#[derive(Serialize)]
struct Coding {
    system: &'static str,
    code: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension<'a>>,
    #[serde(rename = "type")]
    ty: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    supported_profile: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    interaction: Vec<Code>,
    versioning: &'static str,
    read_history: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    conditional_read: Option<&'static str>,
    reference_policy: [&'static str; 2],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    search_include: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    search_rev_include: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    search_param: Vec<Param<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operation: Vec<OperationLine>,
}

#[derive(Serialize)]
struct OperationLine {
    name: &'static str,
    definition: String,
    documentation: &'static str,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Extension<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension<'a>>,
    url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_boolean: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_string: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_uri: Option<String>,
}

#[derive(Serialize)]
struct Code {
    code: &'static str,
}

#[derive(Serialize)]
struct Param<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension<'a>>,
    name: &'a str,
    definition: &'a str,
    #[serde(rename = "type")]
    ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    documentation: Option<String>,
}

pub(super) fn statement(capability: &Capability) -> Vec<u8> {
    json::plain(&Statement {
        resource_type: "CapabilityStatement",
        url: format!("{}/metadata", capability.base_url),
        version: &capability.software_version,
        name: "ChartgateCapabilityStatement",
        title: "Chartgate",
        status: "active",
        date: capability.date.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        kind: "instance",
        instantiates: instantiates(),
        software: Software {
            name: "Chartgate",
            version: &capability.software_version,
        },
        implementation: Implementation {
            description: &capability.description,
            url: &capability.base_url,
        },
        fhir_version: r4::VERSION,
        format: [r4::JSON, "json", xml::MEDIA, "xml"],
        implementation_guide: versions(us_core::GUIDE).collect(),
        rest: [Rest {
            mode: "server",
            documentation: &capability.documentation,
            security: security(capability),
            resource: capability.resources.iter().map(|r| resource(capability, r)).collect(),
            interaction: capability
                .interactions
                .iter()
                .map(|i| Code { code: i.code() })
                .collect(),
            operation: operations(capability, |operation| operation.on == On::System),
            compartment: &capability.compartments,
        }],
    })
}

/// Older clients find the endpoints of OAuth here (SMART App Launch 1, "Declaring support for OAuth2 endpoints").
fn security(capability: &Capability) -> Security<'_> {
    let told = &capability.security;
    let address = |(name, uri): &(&'static str, String)| Extension {
        url: name,
        value_uri: Some(uri.clone()),
        ..Extension::default()
    };
    let addresses: Vec<Extension<'_>> = told.oauth.iter().map(address).collect();
    let smart = !addresses.is_empty();
    Security {
        extension: smart
            .then(|| Extension {
                extension: addresses,
                url: OAUTH_URIS,
                ..Extension::default()
            })
            .into_iter()
            .collect(),
        cors: capability.cors,
        service: smart
            .then_some(Service {
                coding: [Coding {
                    system: "http://terminology.hl7.org/CodeSystem/restful-security-service",
                    code: "SMART-on-FHIR",
                }],
                text: "OAuth2 using SMART-on-FHIR profile (see http://docs.smarthealthit.org)",
            })
            .into_iter()
            .collect(),
        description: &told.description,
    }
}

/// The addresses of OAuth's endpoints.
const OAUTH_URIS: &str = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

/// Test kits look for the URL without version, readers for the versions.
fn instantiates() -> Vec<String> {
    std::iter::once(us_core::SERVER.to_owned())
        .chain(versions(us_core::SERVER))
        .collect()
}

/// A canonical URL of US Core in each version.
fn versions(url: &str) -> impl Iterator<Item = String> {
    us_core::VERSIONS.iter().map(move |version| format!("{url}|{version}"))
}

/// The combinations that US Core wants and this server has.
fn combinations(capability: &ResourceCapability) -> Vec<Extension<'static>> {
    let has = |name: &&str| capability.params.iter().any(|param| param.name == **name);
    let all = us_core::combinations(capability.ty).iter();
    let here = all.filter(|(_, names)| names.iter().all(has));
    here.map(|(expectation, names)| {
        let expected = Extension {
            url: EXPECTATION,
            value_code: Some(expectation.code()),
            ..Extension::default()
        };
        let required = names.iter().map(|name| Extension {
            url: "required",
            value_string: Some(*name),
            ..Extension::default()
        });
        Extension {
            extension: std::iter::once(expected).chain(required).collect(),
            url: COMBINATION,
            ..Extension::default()
        }
    })
    .collect()
}

/// How much a guide wants something.
const EXPECTATION: &str = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation";
/// Parameters that can be given together.
const COMBINATION: &str = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination";

fn operations(server: &Capability, wanted: impl Fn(&Operation) -> bool) -> Vec<OperationLine> {
    let wanted = server.operations.iter().filter(|operation| wanted(operation));
    let line = |operation: &&'static Operation| OperationLine {
        name: operation.name,
        definition: operation.definition(&server.base_url),
        documentation: operation.documentation,
    };
    wanted.map(line).collect()
}

fn resource<'a>(server: &Capability, capability: &'a ResourceCapability) -> Resource<'a> {
    let reads = capability.interactions.contains(&Interaction::Read);
    Resource {
        extension: combinations(capability),
        ty: capability.ty.as_str(),
        supported_profile: &capability.profiles,
        interaction: capability
            .interactions
            .iter()
            .map(|i| Code { code: i.code() })
            .collect(),
        versioning: "versioned",
        read_history: capability.interactions.contains(&Interaction::Vread),
        // `If-None-Match` only
        conditional_read: reads.then_some("not-match"),
        reference_policy: ["literal", "logical"],
        search_include: &capability.includes,
        search_rev_include: &capability.rev_includes,
        search_param: capability.params.iter().map(param).collect(),
        operation: operations(server, |operation| operation.is_on(capability.ty)),
    }
}

fn param(capability: &ParamCapability) -> Param<'_> {
    let modifiers = capability.modifiers.iter().map(|name| Extension {
        url: MODIFIER,
        value_code: Some(name),
        ..Extension::default()
    });
    let sortable = Extension {
        url: SORTABLE,
        value_boolean: Some(capability.sortable),
        ..Extension::default()
    };
    Param {
        extension: modifiers.chain(std::iter::once(sortable)).collect(),
        name: &capability.name,
        definition: &capability.definition,
        ty: capability.ty.code(),
        documentation: documentation(capability),
    }
}

fn documentation(capability: &ParamCapability) -> Option<String> {
    let modifiers =
        (!capability.modifiers.is_empty()).then(|| format!("Modifiers: {}.", capability.modifiers.join(", ")));
    match (&capability.documentation, modifiers) {
        (Some(text), Some(modifiers)) => Some(format!("{text} {modifiers}")),
        (Some(text), None) => Some(text.clone()),
        (None, modifiers) => modifiers,
    }
}
