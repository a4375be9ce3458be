//! What changes draw from: the server's own vocabulary, and what it does not expect.

use std::collections::BTreeMap;

use super::FORM;
use crate::oracle::claims::Claims;

/// Names that the server knows, and values.
pub struct Words {
    pub types: Vec<String>,
    /// The parameters of each type.
    pub params: BTreeMap<String, Vec<String>>,
}

impl Words {
    /// What a server claims.
    #[must_use]
    pub fn of(claims: &Claims) -> Self {
        let types: Vec<String> = claims.types().map(str::to_owned).collect();
        let of = |ty: &String| (ty.clone(), claims.params(ty).map(str::to_owned).collect());
        Self {
            params: types.iter().map(of).collect(),
            types,
        }
    }

    /// A type, chosen by a number.
    #[must_use]
    pub fn ty(&self, n: u16) -> &str {
        &self.types[usize::from(n) % self.types.len()]
    }

    /// A parameter of a type, or of some type when it has none.
    #[must_use]
    pub fn param(&self, ty: &str, n: u16) -> &str {
        let of = self.params.get(ty).filter(|all| !all.is_empty());
        let all = of.unwrap_or_else(|| &self.params[self.ty(n)]);
        &all[usize::from(n) % all.len()]
    }
}

/// The element of a list that a number means.
pub fn pick<T>(list: &[T], n: u16) -> &T {
    &list[usize::from(n) % list.len()]
}

pub const MODIFIERS: [&str; 20] = [
    "missing",
    "exact",
    "contains",
    "not",
    "text",
    "identifier",
    "of-type",
    "in",
    "not-in",
    "above",
    "below",
    "Patient",
    "Practitioner",
    "iterate",
    "",
    "Missing",
    "near",
    "[type]",
    "missing:missing",
    "\u{0}",
];

pub const PREFIXES: [&str; 14] = [
    "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap", "EQ", "xx", "-", "=", "ge ge",
];

pub const CONTROLS: [&str; 24] = [
    "_count",
    "_sort",
    "_total",
    "_include",
    "_revinclude",
    "_include:iterate",
    "_revinclude:iterate",
    "_summary",
    "_elements",
    "_cursor",
    "_format",
    "_pretty",
    "_explain",
    "_id",
    "_lastUpdated",
    "_type",
    "_filter",
    "_has",
    "_has:",
    "_has:Patient",
    "_list",
    "_content",
    "_since",
    "_unknown",
];

/// Values that some control parameter takes, and neighbours of them.
pub const SETTINGS: [&str; 30] = [
    "0",
    "1",
    "7",
    "1000",
    "1001",
    "-1",
    "1e3",
    "99999999999999999999",
    "true",
    "false",
    "count",
    "text",
    "data",
    "none",
    "estimate",
    "accurate",
    "*",
    "*:*",
    "Encounter:patient",
    "Condition:encounter:Encounter",
    "Patient:*",
    ":::",
    "Encounter:patient:Patient:x",
    "_lastUpdated",
    "-birthdate",
    "family,-given",
    "--date",
    ",",
    "json",
    "xml",
];

/// Values that something might choke on.
pub const NASTY: [&str; 64] = [
    "%",
    "_",
    "%%%",
    "a%b_c",
    "\\",
    "\\\\",
    "\\,",
    "\\|",
    "\\$",
    "'",
    "''",
    "\"",
    "`",
    "' OR '1'='1",
    "\"; DROP TABLE patient; --",
    "x' UNION SELECT 1 --",
    "\u{0}",
    "a\u{0}b",
    "\u{1}",
    "\u{1e}",
    "\u{1f}",
    "\u{7f}",
    "\t",
    "\n",
    "\r\n",
    "\r\nX-Injected: Zzyzx",
    "|",
    "||",
    "|x",
    "x|",
    "http://example.org|x",
    "a|b|c",
    ",",
    ",,",
    "a,,b",
    "$",
    "a$b",
    "*",
    "(",
    ")",
    "[",
    "^",
    "é",
    "e\u{301}",
    "ß",
    "İ",
    "\u{202e}abc",
    "\u{feff}",
    "😀",
    "\u{10ffff}",
    "\u{d7ff}",
    "ﬁ",
    "０１",
    "null",
    "NaN",
    "Infinity",
    "{}",
    "[]",
    "<a>&amp;",
    "../../etc",
    "http://localhost:8080/fhir/Patient/x/_history/",
    "Patient/",
    "/",
    "#x",
];

/// Letters of cursors, and others.
pub const LETTERS: [char; 8] = ['A', 'B', '_', '-', '=', '.', '%', 'é'];

/// What a body says that it is; most often what it should.
pub const BODIES: [&str; 8] = [
    FORM,
    FORM,
    FORM,
    "application/x-www-form-urlencoded; charset=utf-8",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/fhir+json",
    "text/plain",
    "nonsense",
];

/// Dates that are none, or hardly.
pub const DATES: [&str; 32] = [
    "0000",
    "0001",
    "9999",
    "10000",
    "-001",
    "2024-00",
    "2024-13",
    "2024-02-30",
    "2023-02-29",
    "2024-02-29",
    "9999-12-31",
    "0001-01-01",
    "2024-01-01T24:00",
    "2024-01-01T23:59:60",
    "2024-01-01T00:00:00.000000001",
    "2024-01-01T00:00:00.9999999999Z",
    "2024-03-10T02:30",
    "2024-11-03T01:30",
    "2024-01-01T00:00+14:00",
    "2024-01-01T00:00-14:00",
    "2024-01-01T00:00+99:99",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2024-1-1",
    "20240101",
    "2024-01-01 00:00",
    "2024-01-01T",
    "T00:00",
    "ap0001",
    "ap9999",
    "ap9999-12-31",
    "١٩٨٠",
];

/// Parts that spoil an encoding.
pub const SPOILERS: [&str; 20] = [
    "%",
    "%4",
    "%zz",
    "%FF",
    "%C0%AF",
    "%ED%A0%80",
    "%F5%80%80%80",
    "%00",
    "%E2%82",
    "%25",
    "+",
    "&",
    "=",
    "&&",
    "&=&",
    "==",
    ";",
    "?",
    "#",
    "%0d%0aX:Zzyzx",
];

/// Paths that are no type, or more than one.
pub const PATHS: [&str; 28] = [
    "",
    "/",
    "Patient/",
    "Patient/_search",
    "patient",
    "PATIENT",
    "Patients",
    "Patient/x",
    "Patient/healthjump.pt.700101",
    "Patient/healthjump.pt.700101/",
    "Patient/healthjump.pt.700101/_history",
    "Patient/%FF",
    "Patient/%00",
    "Patient/..",
    "Patient/%2e%2e",
    "Patient/a%2Fb",
    "Patient//",
    "Patient/a/b/c/d",
    "metadata/x",
    "$everything",
    "Patient/$everything",
    "Patient/x/$lineage",
    "%50atient",
    "Patient%20",
    "_history",
    "Condition/Patient",
    "Patient/healthjump.pt.700101/Condition",
    "Patient/healthjump.pt.700101/*",
];
