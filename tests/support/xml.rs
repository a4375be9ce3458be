//! JSON and XML of the same resource, compared by their order, names, items and texts. The XML is read by a reader of its own, and nothing here
//! knows FHIR's types, so that it can find what the writer believes wrongly.

use std::fmt;

use roxmltree::{Document, Node};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

const FHIR: &str = "http://hl7.org/fhir";

/// JSON in the order in which it is written.
#[derive(Debug)]
enum Tree {
    Object(Vec<(String, Tree)>),
    List(Vec<Tree>),
    Text(String),
    Null,
}

/// Both say the same, in the same order.
///
/// # Errors
/// The path to the first difference.
pub fn same(json: &str, xml: &str) -> Result<(), String> {
    let document = Document::parse(xml).map_err(|error| error.to_string())?;
    let tree: Tree = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let Tree::Object(fields) = &tree else {
        return Err("the JSON is no object".to_owned());
    };
    resource(fields, document.root_element())
}

fn resource(fields: &[(String, Tree)], node: Node<'_, '_>) -> Result<(), String> {
    let name = node.tag_name();
    let ty = fields.iter().find(|(name, _)| name == "resourceType");
    match ty {
        Some((_, Tree::Text(ty))) if ty == name.name() && name.namespace() == Some(FHIR) => {}
        _ => return Err(format!("{ty:?} is {name:?}")),
    }
    if node.attributes().len() != 0 {
        return Err(format!("{ty:?} has attributes"));
    }
    let rest: Vec<&(String, Tree)> = fields.iter().filter(|(name, _)| name != "resourceType").collect();
    children(&rest, node)
}

fn children(fields: &[&(String, Tree)], node: Node<'_, '_>) -> Result<(), String> {
    let mut elements = node.children().filter(Node::is_element);
    let names: Vec<&str> = fields.iter().map(|(name, _)| plain(name)).collect();
    for (at, name) in names.iter().enumerate() {
        if names.iter().position(|first| first == name) != Some(at) {
            continue; // the other half of a primitive
        }
        let half = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, tree)| tree);
        let (values, extras) = (half(name), half(&format!("_{name}")));
        for item in 0..items(values).max(items(extras)) {
            let element = elements.next().ok_or_else(|| format!("{name} is missing"))?;
            if element.tag_name().name() != *name {
                return Err(format!("{} where {name} should be", element.tag_name().name()));
            }
            one(name, nth(values, item), nth(extras, item), element)
                .map_err(|error| format!("{name}[{item}]: {error}"))?;
        }
    }
    match elements.next() {
        Some(more) => Err(format!("{} is too much", more.tag_name().name())),
        None => Ok(()),
    }
}

fn one(name: &str, value: Option<&Tree>, extra: Option<&Tree>, node: Node<'_, '_>) -> Result<(), String> {
    let attribute = |name: &str| node.attribute(name).map(str::to_owned);
    match (value, extra) {
        (Some(Tree::Object(fields)), _) if fields.iter().any(|(name, _)| name == "resourceType") => {
            let inner = node.first_element_child().ok_or("no resource in it")?;
            resource(fields, inner)
        }
        (Some(Tree::Object(fields)), _) => {
            let extension = matches!(name, "extension" | "modifierExtension");
            let mut apart = vec!["id"];
            if extension {
                apart.push("url");
            }
            for part in &apart {
                let told = fields.iter().find(|(name, _)| name == part).map(|(_, tree)| text(tree));
                if told != attribute(part) {
                    return Err(format!("attribute {part} of {name}: {told:?}"));
                }
            }
            let rest: Vec<&(String, Tree)> = fields
                .iter()
                .filter(|(name, _)| !apart.contains(&name.as_str()))
                .collect();
            children(&rest, node)
        }
        (value, extra) => {
            let told = value.map(text);
            if told != attribute("value") {
                return Err(format!("{told:?} is {:?}", attribute("value")));
            }
            let none = vec![];
            let fields = match extra {
                Some(Tree::Object(fields)) => fields,
                _ => &none,
            };
            let rest: Vec<&(String, Tree)> = fields.iter().filter(|(name, _)| name != "id").collect();
            children(&rest, node)
        }
    }
}

fn plain(name: &str) -> &str {
    name.strip_prefix('_').unwrap_or(name)
}

fn items(tree: Option<&Tree>) -> usize {
    match tree {
        None => 0,
        Some(Tree::List(items)) => items.len(),
        Some(_) => 1,
    }
}

fn nth(tree: Option<&Tree>, at: usize) -> Option<&Tree> {
    let item = match tree? {
        Tree::List(items) => items.get(at)?,
        other => other,
    };
    (!matches!(item, Tree::Null)).then_some(item)
}

fn text(tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => text.clone(),
        other => panic!("no primitive: {other:?}"),
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Ordered)
    }
}

struct Ordered;

impl<'de> Visitor<'de> for Ordered {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut fields = vec![];
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Tree::Object(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = vec![];
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
}
