//! Parts of resources: `_summary` and `_elements` (<http://hl7.org/fhir/R4/search.html#summary>).
//!
//! A resource is cut as JSON, in the order in which it was written, and says in `meta.tag` that it is not whole.

use serde_json::value::RawValue;

use crate::fields::Fields;
use crate::r4::ResourceType;

/// Which part of each resource is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subset {
    /// `_summary=true`: the elements that the specification marks with Σ.
    Summary,
    /// `_summary=text`: the narrative, and what must not be left out.
    Text,
    /// `_summary=data`: everything but the narrative.
    Data,
    /// `_elements`: these, and what must not be left out.
    Elements(Vec<String>),
}

/// What the specification says of a type's elements.
struct Marks {
    ty: ResourceType,
    /// Mandatory elements and modifiers: never left out.
    always: &'static [&'static str],
    /// Σ. A parent with a colon has only the children behind it in the summary.
    summary: &'static [&'static str],
}

/// After the StructureDefinitions of R4; elements of types that are served.
const MARKS: [Marks; 9] = [
    Marks {
        ty: ResourceType::Patient,
        always: &["active", "deceased[x]", "link"],
        summary: &[
            "identifier",
            "name",
            "telecom",
            "gender",
            "birthDate",
            "address",
            "managingOrganization",
        ],
    },
    Marks {
        ty: ResourceType::Encounter,
        always: &["status", "class"],
        summary: &[
            "identifier",
            "type",
            "serviceType",
            "subject",
            "episodeOfCare",
            "participant:type,individual",
            "appointment",
            "reasonCode",
            "reasonReference",
            "diagnosis:condition",
        ],
    },
    Marks {
        ty: ResourceType::Condition,
        always: &["clinicalStatus", "verificationStatus", "subject"],
        summary: &[
            "identifier",
            "code",
            "bodySite",
            "encounter",
            "onset[x]",
            "recordedDate",
            "recorder",
            "asserter",
            "evidence:code,detail",
        ],
    },
    Marks {
        ty: ResourceType::Procedure,
        always: &["status", "subject"],
        summary: &[
            "identifier",
            "instantiatesCanonical",
            "instantiatesUri",
            "basedOn",
            "partOf",
            "statusReason",
            "category",
            "code",
            "encounter",
            "performed[x]",
            "recorder",
            "asserter",
            "performer:function,actor",
            "location",
            "reasonCode",
            "reasonReference",
            "bodySite",
            "outcome",
        ],
    },
    Marks {
        ty: ResourceType::Practitioner,
        always: &[],
        summary: &[
            "identifier",
            "active",
            "name",
            "telecom",
            "address",
            "gender",
            "birthDate",
        ],
    },
    Marks {
        ty: ResourceType::Location,
        always: &["status"],
        summary: &[
            "identifier",
            "operationalStatus",
            "name",
            "description",
            "mode",
            "type",
            "physicalType",
            "managingOrganization",
        ],
    },
    Marks {
        ty: ResourceType::Organization,
        always: &["active"],
        summary: &["identifier", "type", "name", "partOf"],
    },
    Marks {
        ty: ResourceType::CapabilityStatement,
        always: &["status", "date", "kind", "fhirVersion", "format"],
        summary: &[
            "url",
            "version",
            "name",
            "title",
            "publisher",
            "instantiates",
            "software",
            "implementation",
            "implementationGuide",
            "rest:mode,security,resource",
        ],
    },
    // R4 does not mark the agents themselves, only their parts; they are mandatory.
    Marks {
        ty: ResourceType::Provenance,
        always: &["target", "recorded", "agent"],
        summary: &[],
    },
];

/// The tag of a resource that is not whole.
const SUBSETTED: &str = r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED","display":"subsetted"}"#;

/// The part of a resource that is wanted. What is no JSON object comes back as it is.
#[must_use]
pub fn cut(json: &[u8], ty: ResourceType, subset: &Subset) -> Vec<u8> {
    let Ok(Fields(fields)) = serde_json::from_slice(json) else {
        return json.to_vec();
    };
    let marks = MARKS.iter().find(|marks| marks.ty == ty);
    let mut out = Vec::with_capacity(json.len());
    let mut writer = Writer::new(&mut out);
    let mut untagged = !fields.iter().any(|(name, _)| name == "meta");
    for (name, value) in &fields {
        let base = name.strip_prefix('_').unwrap_or(name);
        if !matches!(base, "resourceType" | "id") && std::mem::take(&mut untagged) {
            writer.field("meta", &format!("{{\"tag\":[{SUBSETTED}]}}"));
        }
        match base {
            "meta" => writer.field(name, &tagged(value)),
            "resourceType" | "id" | "implicitRules" | "modifierExtension" => writer.field(name, value.get()),
            _ => match wanted(base, marks, subset) {
                Wanted::Whole => writer.field(name, value.get()),
                Wanted::Children(children) => writer.field(name, &among(value, children)),
                Wanted::No => {}
            },
        }
    }
    writer.end();
    out
}

enum Wanted {
    Whole,
    Children(&'static str),
    No,
}

fn wanted(name: &str, marks: Option<&Marks>, subset: &Subset) -> Wanted {
    let always = marks.is_some_and(|m| m.always.iter().any(|mark| is(mark, name)));
    let whole = always
        || match subset {
            Subset::Data => name != "text",
            Subset::Text => name == "text",
            Subset::Elements(names) => names.iter().any(|asked| is(asked, name)),
            Subset::Summary => false,
        };
    if whole {
        return Wanted::Whole;
    }
    let summary = marks.map(|m| m.summary).unwrap_or_default();
    let mark = summary
        .iter()
        .find(|mark| *subset == Subset::Summary && is(mark.split(':').next().unwrap_or(mark), name));
    match mark.map(|mark| mark.split_once(':')) {
        None => Wanted::No,
        Some(None) => Wanted::Whole,
        Some(Some((_, children))) => Wanted::Children(children),
    }
}

/// Whether an element's name is meant: `onset[x]`, and `onset` too, mean `onsetDateTime`.
fn is(mark: &str, name: &str) -> bool {
    let stem = mark.strip_suffix("[x]").unwrap_or(mark);
    let choice = CHOICES.contains(&stem);
    match name.strip_prefix(stem) {
        Some("") => true,
        Some(rest) => choice && rest.starts_with(|c: char| c.is_ascii_uppercase()),
        None => false,
    }
}

/// The elements of served types that have a choice of data types.
const CHOICES: [&str; 5] = ["deceased", "multipleBirth", "onset", "abatement", "performed"];

/// An array of objects with only some of their fields.
fn among(array: &RawValue, children: &str) -> String {
    let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(array.get()) else {
        return array.get().to_owned();
    };
    let mut parts = vec![];
    for item in items {
        let Ok(Fields(fields)) = serde_json::from_str(item.get()) else {
            continue;
        };
        let mut out = vec![];
        let mut writer = Writer::new(&mut out);
        for (name, value) in &fields {
            let base = name.strip_prefix('_').unwrap_or(name);
            if base == "id" || children.split(',').any(|child| child == base) {
                writer.field(name, value.get());
            }
        }
        writer.end();
        parts.push(String::from_utf8_lossy(&out).into_owned());
    }
    format!("[{}]", parts.join(","))
}

/// `meta` with the tag that says that the resource is not whole.
fn tagged(meta: &RawValue) -> String {
    let Ok(Fields(fields)) = serde_json::from_str(meta.get()) else {
        return meta.get().to_owned();
    };
    let mut out = vec![];
    let mut writer = Writer::new(&mut out);
    let mut tags = String::new();
    for (name, value) in &fields {
        if name == "tag" {
            let inner = value.get().trim_start_matches('[').trim_end_matches(']');
            tags = format!("{inner},");
        } else {
            writer.field(name, value.get());
        }
    }
    writer.field("tag", &format!("[{tags}{SUBSETTED}]"));
    writer.end();
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes an object field by field.
struct Writer<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> Writer<'o> {
    fn new(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    fn field(&mut self, name: &str, json: &str) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        // FHIR's names have nothing to escape.
        self.out.extend_from_slice(b"\"");
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out.extend_from_slice(json.as_bytes());
    }

    fn end(self) {
        self.out.push(b'}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENCOUNTER: &str = r#"{"resourceType":"Encounter","id":"a","meta":{"versionId":"1"},"text":{"status":"generated"},"status":"finished","class":{"code":"AMB"},"participant":[{"id":"p","period":{"start":"2026"},"individual":{"reference":"x"}}],"period":{"start":"2026"},"_period":{"id":"q"}}"#;

    fn told(json: &str, ty: ResourceType, subset: &Subset) -> serde_json::Value {
        serde_json::from_slice(&cut(json.as_bytes(), ty, subset)).unwrap()
    }

    fn names(value: &serde_json::Value) -> Vec<&str> {
        let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_summary_has_the_marked_elements() {
        let cut = told(ENCOUNTER, ResourceType::Encounter, &Subset::Summary);
        assert_eq!(
            names(&cut),
            ["class", "id", "meta", "participant", "resourceType", "status"]
        );
        assert_eq!(names(&cut["participant"][0]), ["id", "individual"]);
        assert_eq!(cut["meta"]["tag"][0]["code"], "SUBSETTED");
        assert_eq!(cut["meta"]["versionId"], "1");
    }

    #[test]
    fn what_must_be_there_stays_whatever_is_asked() {
        let of = |subset| told(ENCOUNTER, ResourceType::Encounter, &subset);
        let text = of(Subset::Text);
        assert_eq!(names(&text), ["class", "id", "meta", "resourceType", "status", "text"]);
        let data = of(Subset::Data);
        assert!(data.get("text").is_none() && data.get("period").is_some());
        let period = of(Subset::Elements(vec!["period".to_owned()]));
        assert_eq!(
            names(&period),
            ["_period", "class", "id", "meta", "period", "resourceType", "status"]
        );
    }

    #[test]
    fn choices_are_meant_by_their_stem() {
        let json = r#"{"resourceType":"Condition","meta":{"tag":[{"code":"x"}]},"subject":{},"onsetDateTime":"2026","onsetter":1}"#;
        for name in ["onset", "onset[x]"] {
            let cut = told(json, ResourceType::Condition, &Subset::Elements(vec![name.to_owned()]));
            assert_eq!(names(&cut), ["meta", "onsetDateTime", "resourceType", "subject"]);
            assert_eq!(cut["meta"]["tag"].as_array().unwrap().len(), 2);
        }
    }

    #[test]
    fn what_is_no_resource_comes_back() {
        assert_eq!(cut(b"nothing", ResourceType::Patient, &Subset::Summary), b"nothing");
    }

    #[test]
    fn the_first_field_stays_the_first() {
        let cut = cut(ENCOUNTER.as_bytes(), ResourceType::Encounter, &Subset::Summary);
        assert!(cut.starts_with(br#"{"resourceType":"Encounter","id":"a","meta":{"#));
    }
}
