//! Whether all pages of an answer were saved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::delivery::Delivered;

/// What a file says about being one page of several.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// `current_page`.
    pub current: Option<u64>,
    /// `last_page`.
    pub last: Option<u64>,
    /// `total`: the rows of all pages.
    pub total: Option<u64>,
    /// Whether `next_page_url` names another page.
    pub more: bool,
    /// The rows of this file.
    pub rows: u64,
}

/// The pages of a delivery.
#[derive(Debug, Default)]
pub(super) struct Pages(BTreeMap<Answer, Seen>);

/// What pages of one answer have in common: folder, entity, and what they say about the whole.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Answer {
    folder: PathBuf,
    entity: &'static str,
    last: Option<u64>,
    total: Option<u64>,
}

#[derive(Debug, Default)]
struct Seen {
    pages: BTreeSet<u64>,
    rows: u64,
    more_after: Option<u64>,
}

impl Pages {
    pub fn add(&mut self, file: &Delivered, page: &Page) {
        let Some(current) = page.current else { return };
        let folder = file.path.parent().map(PathBuf::from).unwrap_or_default();
        let answer = Answer {
            folder,
            entity: file.entity.name,
            last: page.last,
            total: page.total,
        };
        let seen = self.0.entry(answer).or_default();
        if seen.pages.insert(current) {
            seen.rows += page.rows;
        }
        if page.more {
            seen.more_after = seen.more_after.max(Some(current));
        }
    }

    /// One sentence per answer that is not complete.
    pub fn warnings(&self) -> Vec<String> {
        let warning = |(answer, seen): (&Answer, &Seen)| {
            let what = seen.incomplete(answer.last, answer.total)?;
            Some(format!("{} in {}: {what}", answer.entity, answer.folder.display()))
        };
        self.0.iter().filter_map(warning).collect()
    }
}

impl Seen {
    fn incomplete(&self, last: Option<u64>, total: Option<u64>) -> Option<String> {
        let missing = self.missing(last.unwrap_or(0));
        if !missing.is_empty() {
            return Some(format!(
                "pages {} of {} are missing",
                missing.join(", "),
                last.unwrap_or(0)
            ));
        }
        let highest = self.pages.last().copied();
        match (self.more_after, total) {
            (Some(page), _) if Some(page) == highest => Some(format!("more pages follow page {page}")),
            (_, Some(total)) if last.is_some() && total != self.rows => {
                Some(format!("{} rows where the pages announce {total}", self.rows))
            }
            _ => None,
        }
    }

    /// The page numbers up to `last` that were not seen, as ranges.
    fn missing(&self, last: u64) -> Vec<String> {
        let mut gaps = vec![];
        let mut next = 1;
        for page in self
            .pages
            .iter()
            .copied()
            .filter(|p| *p <= last)
            .chain([last.saturating_add(1)])
        {
            match page.saturating_sub(next) {
                0 => {}
                1 => gaps.push(next.to_string()),
                _ => gaps.push(format!("{next}-{}", page - 1)),
            }
            next = page.saturating_add(1);
        }
        gaps
    }
}
