//! The request as it was understood, for the `self` link and for cursors.

use std::fmt::Display;

use crate::subset::Subset;

use super::escape::escape;
use super::modifier::Modifier;
use super::pairs::encode;
use super::request::{Clause, Criterion, Include, Request, Sort, Step, Total, Values};

/// Bytes of a fingerprint.
const FINGERPRINT: usize = 16;

impl Request {
    /// The query that was applied, without `?` and percent-encoded: conditions in their order, then includes, sort, total, count, explain and cursor. What was
    /// ignored is not in it. Parsing it gives this request again, without what was ignored.
    #[must_use]
    pub fn query(&self) -> String {
        self.query_at(&[], self.cursor.as_deref())
    }

    /// The query of another page of the search, behind parameters that are not the request's own.
    #[must_use]
    pub fn query_at(&self, lead: &[(String, String)], cursor: Option<&str>) -> String {
        let mut pairs = lead.to_vec();
        pairs.extend(self.lasting());
        if let Some(count) = self.count {
            pairs.push(("_count".to_owned(), count.to_string()));
        }
        if self.explain {
            pairs.push(("_explain".to_owned(), "true".to_owned()));
        }
        if let Some(cursor) = cursor {
            pairs.push(("_cursor".to_owned(), cursor.to_owned()));
        }
        join(&pairs)
    }

    /// Tells requests apart that select or order differently: a hash of type, conditions, includes, sort and total, and not of count and cursor. The
    /// same in every process, so a cursor can be bound to it.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; FINGERPRINT] {
        let confined = list_by(&self.confined, "&", Clause::text);
        let text = format!("{confined}/{}?{}", self.resource_type, join(&self.lasting()));
        let mut short = [0; FINGERPRINT];
        short
            .iter_mut()
            .zip(blake3::hash(text.as_bytes()).as_bytes())
            .for_each(|(to, from)| *to = *from);
        short
    }

    /// Names and values that stay the same from page to page.
    fn lasting(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = self.criteria.iter().map(Criterion::pair).collect();
        pairs.extend(self.includes.iter().map(Include::pair));
        if !self.sort.is_empty() {
            pairs.push(("_sort".to_owned(), list(&self.sort, Sort::key)));
        }
        let total = match self.total {
            Total::None => None,
            Total::Estimate => Some("estimate"),
            Total::Accurate => Some("accurate"),
        };
        let summary = match &self.subset {
            _ if self.count_only => Some("count"),
            Some(Subset::Summary) => Some("true"),
            Some(Subset::Text) => Some("text"),
            Some(Subset::Data) => Some("data"),
            Some(Subset::Elements(_)) | None => None,
        };
        pairs.extend(summary.map(|summary| ("_summary".to_owned(), summary.to_owned())));
        if let Some(Subset::Elements(names)) = &self.subset {
            pairs.push(("_elements".to_owned(), names.join(",")));
        }
        pairs.extend(total.map(|total| ("_total".to_owned(), total.to_owned())));
        pairs
    }
}

fn join(pairs: &[(String, String)]) -> String {
    list_by(pairs, "&", |(name, value)| {
        format!("{}={}", encode(name), encode(value))
    })
}

fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    list_by(items, ",", text)
}

fn list_by<T>(items: &[T], separator: &str, text: impl Fn(&T) -> String) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(separator)
}

impl Criterion {
    /// What the condition is called in a query: chain, parameter and modifier, without values.
    #[must_use]
    pub fn full_name(&self) -> String {
        let path: String = self.path.iter().map(Step::prefix).collect();
        match self.modifier {
            Some(modifier) => format!("{path}{}:{}", self.name, modifier.name()),
            None => format!("{path}{}", self.name),
        }
    }

    fn pair(&self) -> (String, String) {
        let value = match self.modifier {
            Some(Modifier::Missing(missing)) => missing.to_string(),
            _ => self.values.text(),
        };
        (self.full_name(), value)
    }
}

impl Clause {
    /// No two clauses have the same text, so that a cursor can be bound to them.
    fn text(&self) -> String {
        match self {
            Self::Is(criterion) => join(&[criterion.pair()]),
            Self::Any(clauses) => format!("({})", list_by(clauses, "|", Self::text)),
            Self::All(clauses) => format!("({})", list_by(clauses, "&", Self::text)),
        }
    }
}

impl Step {
    fn prefix(&self) -> String {
        match self {
            Self::To {
                param, named: Some(ty), ..
            } => format!("{param}:{ty}."),
            Self::To { param, .. } => format!("{param}."),
            Self::From { source, param } => format!("_has:{source}:{param}:"),
        }
    }
}

impl Values {
    fn text(&self) -> String {
        fn shown<T: Display>(values: &[T]) -> String {
            list(values, T::to_string)
        }
        match self {
            Self::None => String::new(),
            Self::Token(values) => shown(values),
            Self::OfType(values) => shown(values),
            Self::Reference(values) => shown(values),
            Self::Date(values) => shown(values),
            Self::Number(values) => shown(values),
            Self::Quantity(values) => shown(values),
            Self::String(values) | Self::Uri(values) | Self::Special(values) => list(values, |text| escape(text)),
        }
    }
}

impl Include {
    fn pair(&self) -> (String, String) {
        let name = if self.reverse { "_revinclude" } else { "_include" };
        let iterate = if self.iterate { ":iterate" } else { "" };
        let target = self.target.map(|ty| format!(":{ty}")).unwrap_or_default();
        let param = self.param.as_deref().unwrap_or("*");
        (format!("{name}{iterate}"), format!("{}:{param}{target}", self.source))
    }
}

impl Sort {
    fn key(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.name)
    }
}
