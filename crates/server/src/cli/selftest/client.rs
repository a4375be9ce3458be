//! Requests of the self-test.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};
use url::form_urlencoded::byte_serialize;

use super::report::Fault;
use crate::outward;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of one answer that are read.
const MAX_BODY: u64 = 64 * 1024 * 1024;

/// A connection to the server at one base.
pub(super) struct Client {
    agent: Agent,
    base: String,
    headers: Vec<(String, String)>,
    /// What the server calls its base, where a proxy gives it another name.
    own_name: RefCell<String>,
    requests: Cell<u32>,
}

/// A header of the command line: `Name: value`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("a header is written `Name: value`")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

impl Client {
    pub(super) fn new(base: &str, headers: Vec<(String, String)>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self {
            agent: outward::agent(PATIENCE),
            own_name: RefCell::new(base.clone()),
            base,
            headers,
            requests: Cell::new(0),
        }
    }

    /// Links of the server begin with this.
    pub(super) fn known_as(&self, url: &str) {
        if !url.is_empty() {
            self.own_name.replace(url.trim_end_matches('/').to_owned());
        }
    }

    /// What absolute references to the server's resources begin with.
    pub(super) fn own_name(&self) -> String {
        self.own_name.borrow().clone()
    }

    /// How many requests were sent.
    pub(super) fn requests(&self) -> u32 {
        self.requests.get()
    }

    /// `GET` of what is below the base, or of a link; strictly, so that nothing is left out in silence.
    pub(super) fn get(&self, address: &str) -> Result<Answer, Fault> {
        self.ask("GET", address, &[("prefer", "handling=strict")], "")
    }

    /// Any request. `headers` come after the usual ones.
    pub(super) fn ask(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Fault> {
        self.requests.set(self.requests.get() + 1);
        let mut request = Request::builder().method(method).uri(self.whole(address));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !headers.iter().any(|(name, _)| *name == "accept") {
            request = request.header("accept", fhir::r4::JSON);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(body.as_bytes().to_vec())
            .map_err(|error| Fault::failed(format!("no request can be made of it: {error}")))?;
        let sent = self.agent.run(request);
        let mut response = sent.map_err(|error| Fault::failed(format!("no answer: {error}")).at(address))?;
        let read = response.body_mut().with_config().limit(MAX_BODY).read_to_vec();
        let body = read.map_err(|error| Fault::failed(format!("the answer breaks off: {error}")).at(address))?;
        Ok(Answer {
            address: address.to_owned(),
            response: response.map(|_| ()),
            body,
        })
    }

    /// A link is the server's own name for an address below the base.
    fn whole(&self, address: &str) -> String {
        let own = self.own_name.borrow();
        match address.strip_prefix(own.as_str()) {
            Some(rest) => format!("{}{rest}", self.base),
            None if address.starts_with("http://") || address.starts_with("https://") => address.to_owned(),
            None => format!("{}{address}", self.base),
        }
    }

    /// A search that has to be answered with a page.
    pub(super) fn page(&self, address: &str) -> Result<Page, Fault> {
        self.get(address)?.page()
    }

    /// How many resources match.
    pub(super) fn total(&self, ty: &str, criteria: &str) -> Result<u64, Fault> {
        let address = format!(
            "/{ty}?{criteria}{}_summary=count",
            if criteria.is_empty() { "" } else { "&" }
        );
        let page = self.page(&address)?;
        let total = page.bundle.get("total").and_then(Value::as_u64);
        total.ok_or_else(|| Fault::failed("a count has no total").at(&address))
    }
}

/// A value as it stands in an address.
pub(super) fn encoded(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect()
}

/// An answer, whatever it is.
pub(super) struct Answer {
    pub address: String,
    response: Response<()>,
    pub body: Vec<u8>,
}

impl Answer {
    pub(super) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// A header's text, empty when it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.response.headers().get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// This status, or a fault.
    pub(super) fn expect(self, status: u16) -> Result<Self, Fault> {
        if self.status() == status {
            return Ok(self);
        }
        let told = format!("status {} instead of {status}", self.status());
        Err(Fault::failed(told).at(&self.address))
    }

    pub(super) fn json(&self) -> Result<Value, Fault> {
        serde_json::from_slice(&self.body).map_err(|_error| Fault::failed("the answer is not JSON").at(&self.address))
    }

    /// The resource that it was answered with.
    pub(super) fn resource(self) -> Result<Value, Fault> {
        self.expect(200)?.json()
    }

    pub(super) fn page(self) -> Result<Page, Fault> {
        let address = self.address.clone();
        let bundle = self.resource()?;
        if bundle.get("resourceType").and_then(Value::as_str) != Some("Bundle") {
            return Err(Fault::failed("the answer is no Bundle").at(&address));
        }
        Ok(Page { address, bundle })
    }

    /// A refusal has this status and says why in an OperationOutcome.
    pub(super) fn refuses(self, status: u16) -> Result<(), Fault> {
        let address = self.address.clone();
        let outcome = self.expect(status)?.json()?;
        if outcome.get("resourceType").and_then(Value::as_str) == Some("OperationOutcome") {
            return Ok(());
        }
        Err(Fault::failed("a refusal without OperationOutcome").at(&address))
    }
}

/// A page of a search.
pub(super) struct Page {
    pub address: String,
    pub bundle: Value,
}

impl Page {
    pub(super) fn entries(&self) -> &[Value] {
        let entries = self.bundle.get("entry").and_then(Value::as_array);
        entries.map(Vec::as_slice).unwrap_or_default()
    }

    /// The resources with this `search.mode`.
    pub(super) fn resources(&self, mode: &str) -> Vec<&Value> {
        let of_mode = |entry: &&Value| entry.pointer("/search/mode").and_then(Value::as_str) == Some(mode);
        let entries = self.entries().iter().filter(of_mode);
        entries.filter_map(|entry| entry.get("resource")).collect()
    }

    /// `Type/id` of the resources with this `search.mode`.
    pub(super) fn ids(&self, mode: &str) -> Vec<String> {
        self.resources(mode).into_iter().filter_map(reference).collect()
    }

    pub(super) fn link(&self, relation: &str) -> Option<&str> {
        let links = self.bundle.get("link")?.as_array()?;
        let link = links
            .iter()
            .find(|link| link.get("relation").and_then(Value::as_str) == Some(relation))?;
        link.get("url")?.as_str()
    }
}

/// `Type/id` of a resource.
pub(super) fn reference(resource: &Value) -> Option<String> {
    let ty = resource.get("resourceType")?.as_str()?;
    Some(format!("{ty}/{}", resource.get("id")?.as_str()?))
}
