//! `SURGICAL_HX`: surgeries that patients tell of. The whole list is filed again at every review.

use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;
use mapper::time::{self, Format, Moment};
use mapper::{Site, fold};

use crate::cells::{EPIC, Span, line_key, link, moment};

/// The patient is that of the contact; see `schema/mychart-holds.sql`, which also keeps only the latest filing.
pub const SURGICAL_HX: Entity = Entity {
    name: "surgical_hx",
    aliases: &[],
    table: "surgical_hx",
    columns: &[
        Column::new("pat_enc_csn_id"),
        Column::new("line"),
        Column::new("proc_id"),
        Column::new("proc_name").or(&["proc_id_proc_name"]),
        Column::new("surgical_hx_date"),
        Column::new("surg_hx_start_dt"),
        Column::new("surg_hx_end_dt"),
        Column::new("surg_laterality_c_name"),
        Column::new("comments"),
        Column::new("proc_comments"),
        Column::new("hx_lnk_enc_csn"),
    ],
    layouts: &[],
    computed: &["cg_same", "cg_encounter", "cg_performed_lo", "cg_performed_hi"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let told = cells.get("surgical_hx_date");
    let span = performed(cells.get("surg_hx_start_dt"), cells.get("surg_hx_end_dt"), told, site);
    let [lo, hi] = span.interval();
    Derived {
        key: line_key(cells.get("pat_enc_csn_id"), cells.get("line")),
        values: vec![same(cells, &span), link(cells.get("hx_lnk_enc_csn")), lo, hi],
        ..Derived::default()
    }
}

/// When it was: the days of the discrete columns, else what the text says when that is a year, a month or a day.
pub fn performed(start: Option<&str>, end: Option<&str>, told: Option<&str>, site: &Site) -> Span {
    let span = Span::new(moment(start, site.zone()), moment(end, site.zone()));
    if span.start.is_some() || span.end.is_some() {
        return span;
    }
    Span::new(partial(told, site), None)
}

/// A date in a text, of whatever precision.
pub fn partial(cell: Option<&str>, site: &Site) -> Option<Moment> {
    const FORMS: [Format; 2] = [Format::YearOnly, Format::MonthYear];
    let text = cell?;
    let civil = time::parse(text, &FORMS).or_else(|_| time::parse(text, EPIC)).ok()?;
    Some(time::resolve(civil.midnight_as_day(), site.zone()))
}

/// What makes two rows of a patient the same surgery: procedure and date. A row that names no procedure is like no other.
fn same(cells: &Cells<'_>, span: &Span) -> Value {
    let procedure = cells.get("proc_id").or_else(|| cells.get("proc_name"));
    let date = match (span.start, span.end) {
        (None, None) => cells.get("surgical_hx_date").map(fold),
        (start, end) => {
            let day = |moment: Option<Moment>| moment.map(|m| m.value.to_string()).unwrap_or_default();
            Some(format!("{}/{}", day(start), day(end)))
        }
    };
    procedure.map_or(Value::Null, |procedure| {
        Value::Text(format!("{procedure} {}", date.unwrap_or_default()))
    })
}
