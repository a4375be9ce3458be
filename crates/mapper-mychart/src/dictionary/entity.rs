//! `CLARITY_EDG` and `CLARITY_EAP`, and the tables of ICD codes of the Clarity database.

use mapper::codes::{self, System};
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{NO_RECORD, line_order};

/// The columns of `mapped_code` behind the owner's key; see [`Mapped`].
pub const MAPPED: [&str; 8] = [
    "dx_id", "proc_id", "place", "series", "system", "code", "display", "coding",
];

/// Diagnoses of the organisation's dictionary: numbers and names, no codes.
pub const CLARITY_EDG: Entity = Entity {
    name: "clarity_edg",
    aliases: &[],
    table: "clarity_edg",
    columns: &[Column::new("dx_id"), Column::new("dx_name")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| names(cells, "clarity_edg", "dx_id", "dx_name"),
};

/// Procedures of the organisation's dictionary: numbers and names, no codes.
pub const CLARITY_EAP: Entity = Entity {
    name: "clarity_eap",
    aliases: &[],
    table: "clarity_eap",
    columns: &[Column::new("proc_id"), Column::new("proc_name")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| names(cells, "clarity_eap", "proc_id", "proc_name"),
};

/// ICD-10-CM codes by `DX_ID`, of the Clarity database; not part of the export.
pub const EDG_CURRENT_ICD10: Entity = Entity {
    name: "edg_current_icd10",
    derive: |cells, _| current(cells, "edg_current_icd10", System::Icd10Cm),
    table: "edg_current_icd10",
    ..CURRENT
};

/// ICD-9-CM codes by `DX_ID`, of the Clarity database; not part of the export.
pub const EDG_CURRENT_ICD9: Entity = Entity {
    name: "edg_current_icd9",
    derive: |cells, _| current(cells, "edg_current_icd9", System::Icd9Cm),
    table: "edg_current_icd9",
    ..CURRENT
};

const CURRENT: Entity = Entity {
    name: "",
    aliases: &[],
    table: "",
    columns: &[Column::new("dx_id"), Column::new("line"), Column::new("code")],
    layouts: &[],
    computed: &["cg_system", "cg_code"],
    derive: |_, _| Derived::default(),
};

/// A row of `mapped_code`: what is said of a diagnosis or of a procedure.
#[derive(Default)]
pub struct Mapped<'a> {
    /// The diagnosis.
    pub dx_id: Option<&'a str>,
    /// Or the procedure.
    pub proc_id: Option<&'a str>,
    /// The order in which codes go out.
    pub place: String,
    /// What the code is a line of, where lines may say something together.
    pub series: Option<&'a str>,
    /// A URI, or a column whose codes are the source's own; empty when there is no code whose system is certain.
    pub system: String,
    /// The code, or what stands in place of one.
    pub code: String,
    /// What the code means, or the name of the number.
    pub display: Option<&'a str>,
    /// The code where it is a coding of its own.
    pub coding: Option<String>,
}

impl Mapped<'_> {
    /// The values of [`MAPPED`].
    pub fn values(self) -> Vec<Value> {
        let owned = |text: Option<&str>| Value::from(text.map(str::to_owned));
        vec![
            owned(self.dx_id),
            owned(self.proc_id),
            Value::Text(self.place),
            owned(self.series),
            Value::Text(self.system),
            Value::Text(self.code),
            owned(self.display),
            Value::from(self.coding),
        ]
    }
}

/// A row of a dictionary: the name behind a number.
fn names(cells: &Cells<'_>, table: &str, column: &'static str, name: &str) -> Derived {
    let Some(id) = cells.get(column) else {
        return Derived {
            hold: Some(NO_RECORD.into()),
            ..Derived::default()
        };
    };
    let of = |wanted| (column == wanted).then_some(id);
    let row = Mapped {
        dx_id: of("dx_id"),
        proc_id: of("proc_id"),
        place: "0".into(),
        system: column.into(),
        code: id.into(),
        display: cells.get(name),
        ..Mapped::default()
    };
    Derived {
        key: Some(format!("{table}/{id}")),
        exploded: vec![row.values()],
        ..Derived::default()
    }
}

/// A line of `EDG_CURRENT_…`. A line without a good code still tells that the others do not stand alone.
fn current(cells: &Cells<'_>, table: &'static str, system: System) -> Derived {
    let (dx_id, line) = (cells.get("dx_id"), cells.get("line"));
    let raw = cells.get("code").unwrap_or_default();
    let coding = codes::diagnosis(raw, Some(system.uri()), None).coding;
    let hold = match (dx_id, &coding) {
        (None, _) => Some(NO_RECORD),
        (_, None) => Some(NO_CODE),
        (Some(_), Some(_)) => None,
    };
    let (uri, code) = match &coding {
        Some((system, code)) => (system.uri(), code.as_str()),
        None => ("", raw),
    };
    let row = Mapped {
        dx_id,
        place: format!("{table} {}", line_order(line)),
        series: Some(table),
        system: uri.into(),
        code: code.into(),
        ..Mapped::default()
    };
    Derived {
        key: dx_id.map(|id| format!("{table}/{id}-{}", line.unwrap_or_default())),
        hold: hold.map(Into::into),
        values: vec![
            coding
                .as_ref()
                .map_or(Value::Null, |(system, _)| Value::from(system.tag())),
            coding
                .as_ref()
                .map_or(Value::Null, |(_, code)| Value::Text(code.clone())),
        ],
        exploded: dx_id.map(|_| row.values()).into_iter().collect(),
        ..Derived::default()
    }
}

/// Why a row of codes is not served: its code does not fit its system.
pub const NO_CODE: &str = "rejected:no code whose system is certain";
