//! `_explain=true`: the steps of a search as an OperationOutcome of its answer.
//!
//! One issue per step: `diagnostics` is the step as a JSON object, for programs, and `details.text` a sentence, for people.

use std::time::Duration;

use fhir::bundle::{Entry, Mode};
use fhir::outcome::{Issue, IssueCode, Severity, outcome};
use mapper::Ask;
use mapper::explain::Step;

/// Tells how long it took to read the request.
pub(crate) fn parsed(ask: &Ask, parameters: usize, time: Duration) {
    if let Some(recording) = &ask.explain {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        recording.add([Step::Parse { parameters, micros }]);
    }
}

/// The entry of a request that wants to know.
pub(crate) fn entry(ask: &Ask) -> Option<Entry> {
    let steps = ask.explain.as_ref()?.take();
    let issue = |step: &Step| Issue {
        details: Some(step.sentence()),
        ..Issue::new(Severity::Information, IssueCode::Informational, step.json())
    };
    let issues: Vec<Issue> = steps.iter().map(issue).collect();
    Some(Entry {
        full_url: None,
        mode: Mode::Outcome,
        json: outcome(&issues).into(),
    })
}
