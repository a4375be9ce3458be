//! URI parameters (R4, section 3.1.1.4.13).

use fhir::search::{ParamType, Values};

use super::{Build, Param, fixed};
use crate::sql::Filter;

/// A parameter over URIs that the declaration knows, each with the rows that have it: `_profile`.
pub fn uris<QS: 'static>(name: &'static str, all: &[(Filter<QS>, &'static str)]) -> Param<QS> {
    let present = Filter::any(all.iter().map(|(rows, _)| rows.clone()));
    let having = |fits: fn(&str, &str) -> bool| -> Build<QS> {
        let all = all.to_vec();
        Box::new(move |values, _| {
            let Values::Uri(asked) = values else {
                return Filter::never();
            };
            let found = all.iter().filter(|(_, uri)| asked.iter().any(|asked| fits(asked, uri)));
            Filter::any(found.map(|(rows, _)| rows.clone()))
        })
    };
    Param {
        modified: vec![
            ("below", having(|asked, uri| begins(uri, asked))),
            ("above", having(begins)),
        ],
        ..Param::new(name, ParamType::Uri, fixed(present), having(|asked, uri| asked == uri))
    }
}

/// Whether a URL is `start` or below it, by its path.
fn begins(url: &str, start: &str) -> bool {
    let rest = url.strip_prefix(start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || start.ends_with('/'))
}

/// `_profile`: every row goes out with the same profiles.
#[must_use]
pub fn profiles<QS: 'static>(urls: &[&'static str]) -> Param<QS> {
    let all: Vec<_> = urls.iter().map(|url| (Filter::always(), *url)).collect();
    uris("_profile", &all)
}
