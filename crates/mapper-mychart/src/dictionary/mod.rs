//! The organisation's dictionaries of diagnoses and procedures, and the standard codes of their records.
//!
//! Rows name a diagnosis by `DX_ID` and a procedure by `PROC_ID`. What is known of such a number, its name and its codes, comes from
//! five tables of which each row has one in `mapped_code`.

mod entity;
mod file;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use diesel::prelude::*;
use fhir::build;
use fhir::r4::types::{CodeableConcept, Coding};
use mapper::db::{AnyConnection, AnyDb};
use mapper::element::{self, Cell};
use mapper::param::{self, Codes};
use mapper::sql::{Filter, IntoText};
use mapper::{Site, Trace};

use crate::tables::mapped_code;

pub use entity::{CLARITY_EAP, CLARITY_EDG, EDG_CURRENT_ICD9, EDG_CURRENT_ICD10, MAPPED};
pub use file::CODES;

/// What is known of a diagnosis or a procedure: its name, or one of its codes.
#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = mapped_code, check_for_backend(AnyDb))]
pub struct Term {
    dx_id: Option<String>,
    proc_id: Option<String>,
    series: Option<String>,
    system: String,
    code: String,
    display: Option<String>,
    coding: Option<String>,
}

/// Terms by `DX_ID` or `PROC_ID`.
#[derive(Debug, Default)]
pub struct Terms(HashMap<String, Vec<Term>>);

impl Terms {
    /// What is known of a number.
    pub fn of(&self, id: Option<&str>) -> Vec<Term> {
        id.and_then(|id| self.0.get(id)).cloned().unwrap_or_default()
    }
}

/// Which dictionary a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Book {
    /// `CLARITY_EDG`, by `DX_ID`
    Diagnoses,
    /// `CLARITY_EAP`, by `PROC_ID`
    Procedures,
}

impl Book {
    fn column(self) -> &'static str {
        match self {
            Self::Diagnoses => "dx_id",
            Self::Procedures => "proc_id",
        }
    }

    /// What is known of some numbers: one statement.
    pub fn load<'a>(self, conn: &mut AnyConnection, ids: impl Iterator<Item = Option<&'a str>>) -> QueryResult<Terms> {
        let mut ids: Vec<&str> = ids.flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = Terms::default();
        if ids.is_empty() {
            return Ok(found);
        }
        let wanted = match self {
            Self::Diagnoses => Filter::one_of(mapped_code::dx_id, ids),
            Self::Procedures => Filter::one_of(mapped_code::proc_id, ids),
        };
        let terms = mapper::explain::load(
            conn,
            mapped_code::table
                .select(Term::as_select())
                .filter(wanted)
                .order((mapped_code::place, mapped_code::owner)),
        )?;
        for term in terms {
            let id = match self {
                Self::Diagnoses => term.dx_id.clone(),
                Self::Procedures => term.proc_id.clone(),
            };
            found.0.entry(id.unwrap_or_default()).or_default().push(term);
        }
        Ok(found)
    }

    /// The codes of rows that have such a number in `own`: the number, and the standard codes that it stands for.
    pub fn codes<T: 'static>(self, own: impl IntoText<T>) -> Codes<T> {
        use mapped_code as m;
        let own = own.into_text();
        let standard = param::stated(m::system, m::coding);
        let standard = match self {
            Self::Diagnoses => param::through(own.clone(), m::table, m::dx_id, standard),
            Self::Procedures => param::through(own.clone(), m::table, m::proc_id, standard),
        };
        param::any_of(vec![param::column(own, self.column()), standard])
    }

    /// The codings of a number: the organisation's first, then the standard ones. `name` is what the row itself calls it.
    pub fn codings(self, id: Option<&str>, name: Option<&str>, terms: &[Term], site: &Site) -> Vec<Coding> {
        let Some(id) = id else { return vec![] };
        let name = self.name(terms).or(name);
        let mut codings = vec![build::coding(&site.system(self.column()), id, name)];
        let standard = terms.iter().filter(|t| t.coding.is_some());
        for term in standard.map(|t| t.as_coding(site)) {
            if !codings.iter().any(|c| c.system == term.system && c.code == term.code) {
                codings.push(term);
            }
        }
        codings
    }

    /// The dictionary's name for a number.
    pub fn name(self, terms: &[Term]) -> Option<&str> {
        let own = terms.iter().find(|t| t.system == self.column())?;
        own.display.as_deref()
    }
}

impl Term {
    fn as_coding(&self, site: &Site) -> Coding {
        let display = self.display.as_deref();
        if self.system.contains(':') {
            build::coding(&self.system, &self.code, display)
        } else {
            build::coding(&site.system(&self.system), &self.code, display)
        }
    }
}

/// A row that names a diagnosis or a procedure, and what is known of that.
pub struct Coded<R> {
    /// The row.
    pub row: R,
    /// What is known.
    pub terms: Vec<Term>,
}

/// The part of `impl Mapping` that is the same for such rows: all but `TARGET`, `params` and `translate`. `$id` is the column that
/// names a record of `$book`.
macro_rules! coded_rows {
    ($table:ident, $row:ty, $book:expr, $id:ident) => {
        type Table = $table::table;
        type Row = $crate::dictionary::Coded<$row>;
        const TABLE: &'static str = stringify!($table);

        fn table() -> $table::table {
            $table::table
        }

        fn columns() -> mapper::Columns<$table::table> {
            mapper::Columns::new($table::key, $table::cg_updated, $table::cg_hold)
        }

        fn load(
            conn: &mut mapper::db::AnyConnection,
            rows: mapper::Rows<$table::table>,
        ) -> diesel::QueryResult<mapper::Loaded<Self::Row>> {
            let found = mapper::load_rows!(conn, rows, $table::table, $row)?;
            let terms = $book.load(conn, found.iter().map(|(row, _)| row.$id.as_deref()))?;
            let with_terms = |(row, sort): ($row, _)| {
                let terms = terms.of(row.$id.as_deref());
                ($crate::dictionary::Coded { row, terms }, sort)
            };
            Ok(found.into_iter().map(with_terms).collect())
        }

        fn key(coded: &Self::Row) -> &str {
            &coded.row.key
        }

        fn updated(coded: &Self::Row) -> chrono::NaiveDateTime {
            coded.row.cg_updated
        }
    };
}
pub(crate) use coded_rows;

/// What a row says of what was found or done.
pub struct Named<'a> {
    /// The dictionary's number.
    pub id: Cell<'a>,
    /// What the row calls that number.
    pub name: Option<&'a str>,
    /// What was written in place of the name, best first.
    pub text: Option<&'a str>,
}

/// The code of a row: its number, the standard codes of that, and what was written, else the name. Codes that say only together
/// what is meant are in extensions. Without any of it, that it is unknown.
pub fn concept(book: Book, named: &Named<'_>, terms: &[Term], site: &Site, trace: &mut Trace) -> CodeableConcept {
    let codings = book.codings(named.id.text, named.name, terms, site);
    let text = named.text.or_else(|| book.name(terms)).or(named.name);
    let mut concept = element::concept(codings, text);
    concept.extension = combined(terms, site, trace);
    concept
}

/// The lines of series of several, each as an extension.
fn combined(terms: &[Term], site: &Site, trace: &mut Trace) -> Vec<fhir::r4::types::Extension> {
    let mut extensions = vec![];
    for term in terms.iter().filter(|t| t.series.is_some() && t.coding.is_none()) {
        if term.system.is_empty() {
            trace.lost("code.coding", "code", "no code whose system is certain");
        } else {
            extensions.push(build::extension_coding(element::COMBINED_CODE, term.as_coding(site)));
        }
    }
    extensions
}

/// Terms for tests of translations.
#[cfg(test)]
pub mod testing {
    use super::Term;

    /// A number's name.
    pub fn named(column: &str, id: &str, name: &str) -> Term {
        Term {
            system: column.into(),
            code: id.into(),
            display: Some(name.into()),
            ..Term::default()
        }
    }

    /// A code of its own.
    pub fn mapped(system: &str, code: &str, display: Option<&str>) -> Term {
        Term {
            system: system.into(),
            code: code.into(),
            display: display.map(str::to_owned),
            coding: Some(code.into()),
            ..Term::default()
        }
    }

    /// A code that says something only with others.
    pub fn combined(system: &str, code: &str) -> Term {
        Term {
            coding: None,
            series: Some("edg_current_icd10".into()),
            ..mapped(system, code, None)
        }
    }
}
