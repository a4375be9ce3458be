//! A mapping without its types, so that a [`Source`](crate::Source) can hold a list of them.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use fhir::json::Encoded;
use fhir::r4::ResourceType;
use fhir::search::{Clause, Criterion, ParamType, Sort};

use crate::db::AnyConnection;
use crate::param::{Context, Target};
use crate::sql::{Keyset, Select, SortKey};
use crate::{Error, Lost, Site, Trace, Unmapped};

/// A search parameter as the outside needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The name.
    pub name: &'static str,
    /// The FHIR search parameter type.
    pub kind: ParamType,
    /// The modifiers it takes, by [`Modifier::name`](fhir::search::Modifier::name).
    pub modifiers: Vec<&'static str>,
    /// The types an include by it can bring; empty for other parameters than references.
    pub targets: Vec<ResourceType>,
    /// Whether `_sort` knows it.
    pub sortable: bool,
}

/// A reference that resources of a mapping may have, whether or not it can be searched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refers {
    /// The search parameter, or the element where there is none.
    pub by: &'static str,
    /// The types that it leads to.
    pub to: Vec<ResourceType>,
}

/// Which rows of one mapping a page needs.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// All must match.
    pub criteria: &'a [Criterion],
    /// So must these; see [`Request::confined`](fhir::search::Request::confined).
    pub confined: &'a [Clause],
    /// The order; by key without any.
    pub sort: &'a [Sort],
    /// Where the page begins; at the start without.
    pub place: Option<&'a Keyset>,
    /// At most how many rows.
    pub limit: usize,
}

/// One resource of a page.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The mapping it came from.
    pub target: Target,
    /// The row's key.
    pub key: String,
    /// Its sort values.
    pub sort: SortKey,
    /// The logical id.
    pub id: String,
    /// The time of the last change, UTC.
    pub updated: NaiveDateTime,
    /// The patient that it is about, `Patient/…`, when it is not one itself.
    pub patient: Option<String>,
    /// The resource as JSON with its version.
    pub body: Encoded,
}

/// What the rows of one mapping come to.
#[derive(Debug, Default)]
pub struct Review {
    /// Rows that become valid resources.
    pub served: u64,
    /// Rows that translation rejected, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
    /// Cells that gave no element.
    pub lost: BTreeMap<Lost, u64>,
    /// Elements that a stated rule made say something else than their cell.
    pub adjusted: BTreeMap<Lost, u64>,
    /// Words without code.
    pub unmapped: BTreeMap<Unmapped, u64>,
}

/// A mapping without its types.
pub trait Provider: Send + Sync {
    /// The FHIR type and the kind in its ids.
    fn target(&self) -> Target;
    /// The table's name.
    fn table(&self) -> &'static str;
    /// What tells of each of its rows where it comes from: a Provenance.
    fn provenance(&self) -> Option<Box<dyn Provider>>;
    /// Its search parameters, `_id` and `_lastUpdated` included.
    fn declared(&self) -> Vec<Declared>;
    /// Every reference that its resources may have.
    fn references(&self) -> Vec<Refers>;
    /// The first rows of `plan`, translated.
    ///
    /// # Errors
    /// [`Error::Query`], or [`Error::Encode`].
    fn page(&self, conn: &mut AnyConnection, plan: Plan<'_>, context: Context<'_>) -> Result<Vec<Hit>, Error>;
    /// Loads the rows of `plan` and drops them: a page's statements without anything of FHIR, to measure against.
    ///
    /// # Errors
    /// [`Error::Query`].
    fn touch(&self, conn: &mut AnyConnection, plan: Plan<'_>, context: Context<'_>) -> Result<usize, Error>;
    /// How many rows match `plan`, on whatever page.
    ///
    /// # Errors
    /// [`Error::Query`].
    fn count(&self, conn: &mut AnyConnection, plan: Plan<'_>, context: Context<'_>) -> Result<u64, Error>;
    /// The rows with keys among `keys`, translated; at most `limit`.
    ///
    /// # Errors
    /// [`Error::Query`], or [`Error::Encode`].
    fn among(
        &self,
        conn: &mut AnyConnection,
        keys: Vec<Select>,
        limit: usize,
        context: Context<'_>,
    ) -> Result<Vec<Hit>, Error>;
    /// The keys of other mappings' rows that the rows `keys` refer to by `param`, or by any parameter.
    fn refers_to(&self, param: Option<&str>, keys: &[String]) -> Vec<(Target, Select)>;
    /// The rows that refer to rows of `target` by `param`, or by any parameter, translated; at most `limit`.
    ///
    /// # Errors
    /// [`Error::Query`], or [`Error::Encode`].
    fn referring(
        &self,
        conn: &mut AnyConnection,
        param: Option<&str>,
        target: Target,
        keys: &[String],
        limit: usize,
        context: Context<'_>,
    ) -> Result<Vec<Hit>, Error>;
    /// The keys of the rows that match what remains of a chained criterion.
    fn keys(&self, rest: &Criterion, context: Context<'_>) -> Select;
    /// The keys of the rows of `target` to which rows that match refer by `param`.
    fn referred(&self, param: &str, target: Target, rest: &Criterion, context: Context<'_>) -> Vec<Select>;
    /// The row with this key.
    ///
    /// # Errors
    /// [`Error::Query`], or [`Error::Encode`].
    fn read(&self, conn: &mut AnyConnection, key: &str, context: Context<'_>) -> Result<Found, Error>;
    /// The row with this key when it is served, and what its translation noted.
    ///
    /// # Errors
    /// As [`Provider::read`].
    fn traced(&self, conn: &mut AnyConnection, key: &str, context: Context<'_>) -> Result<Option<(Hit, Trace)>, Error>;
    /// The condition that a search puts on the table, for golden tests and explanations.
    fn sql(&self, plan: Plan<'_>, context: Context<'_>) -> Vec<(String, String)>;
    /// Translates every row and counts what comes of it.
    ///
    /// # Errors
    /// [`Error::Query`].
    fn review(&self, conn: &mut AnyConnection, site: &Site) -> Result<Review, Error>;
}

/// What a read found.
#[derive(Debug)]
pub enum Found {
    /// The resource.
    Resource(Box<Hit>),
    /// A row that is not served: deleted by the vendor, or held for another reason.
    Held(String),
    /// No such row.
    Nothing,
}
