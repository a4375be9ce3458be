//! Pages as a browser without scripts knows them: forms, their fields and their boxes.

/// A form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub action: String,
    pub method: String,
    /// What it is sent with, unless somebody changes it: hidden fields, boxes that are ticked.
    pub fields: Vec<(String, String)>,
    /// Every box, ticked or not, by its value.
    pub boxes: Vec<String>,
    /// Every button and every option, by name and value.
    pub choices: Vec<(String, String)>,
}

impl Form {
    /// With a field filled in, or a button pressed.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With only these of its boxes ticked.
    #[must_use]
    pub fn ticking(mut self, values: &[&str]) -> Self {
        for value in values {
            assert!(
                self.boxes.iter().any(|known| known == value),
                "no box {value}: {:?}",
                self.boxes
            );
        }
        self.fields.retain(|(_, value)| !self.boxes.contains(value));
        self.fields
            .extend(values.iter().map(|value| ("scope".to_owned(), (*value).to_owned())));
        self
    }

    /// A field's value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// As it is sent.
    #[must_use]
    pub fn encoded(&self) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.fields).finish()
    }
}

/// The forms of a page.
#[must_use]
pub fn forms(html: &str) -> Vec<Form> {
    html.split("<form")
        .skip(1)
        .map(|part| form(part.split("</form>").next().unwrap()))
        .collect()
}

/// The form of a page that is sent to an address.
#[must_use]
pub fn form_to(html: &str, action: &str) -> Form {
    let all = forms(html);
    let found = all.iter().find(|form| form.action == action);
    found.unwrap_or_else(|| panic!("no form to {action} in {html}")).clone()
}

fn form(html: &str) -> Form {
    let (head, rest) = html.split_once('>').unwrap();
    let mut form = Form {
        action: attribute(head, "action").unwrap_or_default(),
        method: attribute(head, "method").unwrap_or_default(),
        ..Form::default()
    };
    for tag in rest.split('<').map(|tag| tag.split('>').next().unwrap()) {
        let (name, value) = (attribute(tag, "name"), attribute(tag, "value"));
        let (name, value) = (name.unwrap_or_default(), value.unwrap_or_default());
        let is = |kind: &str| tag.contains(&format!("type=\"{kind}\""));
        if tag.starts_with("input ") && is("checkbox") {
            if tag.contains(" checked") {
                form.fields.push((name, value.clone()));
            }
            form.boxes.push(value);
        } else if tag.starts_with("input ") && is("hidden") {
            form.fields.push((name, value));
        } else if tag.starts_with("button ") || tag.starts_with("option ") {
            form.choices.push((name, value));
        }
    }
    form
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split('"').next()?))
}

/// Text without HTML's character references.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').unwrap();
        plain.push(char::from(number.parse::<u8>().unwrap()));
        plain.push_str(rest);
    }
    plain.replace("&amp;", "&")
}
