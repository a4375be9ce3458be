//! `users`: what is read of it, and who somebody is. Passwords and their answers are in this table: only declared columns are
//! ever read.

use mapper::Site;
use mapper::load::terms::{Address, Terms};
use mapper::load::values::birth;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::time::{self, Civil};

use super::{PATIENT, PRACTITIONER};
use crate::cells::{DAYS, DELETED, flag, folded, practice, text, written};
use crate::codes::USER_TYPE;

/// People and rooms.
pub const ENTITY: Entity = Entity {
    name: "users",
    aliases: &[],
    table: "users",
    columns: &[
        Column::new("uid"),
        Column::new("ufname"),
        Column::new("uminitial"),
        Column::new("ulname"),
        Column::new("prefix"),
        Column::new("suffix"),
        Column::new("upreviousname"),
        Column::new("preferredname"),
        Column::new("dob"),
        Column::new("ptdob"),
        Column::new("sex"),
        Column::new("emrsex"),
        Column::new("upaddress"),
        Column::new("upaddress2"),
        Column::new("upcity"),
        Column::new("upstate"),
        Column::new("zipcode"),
        Column::new("countrycode"),
        Column::new("county"),
        Column::new("upphone"),
        Column::new("umobileno"),
        Column::new("uemail"),
        Column::new("ssn").private(),
        Column::new("usertype"),
        Column::new("status"),
        Column::new("delflag"),
        Column::new("isresource"),
        Column::new("cdate"),
        Column::new("mdate"),
    ],
    layouts: &[],
    computed: &[
        "cg_type",
        "cg_kind",
        "cg_patient",
        "cg_clinician",
        "cg_client",
        "cg_family",
        "cg_given",
        "cg_middle",
        "cg_prefix",
        "cg_suffix",
        "cg_previous",
        "cg_preferred",
        "cg_birth_lo",
        "cg_birth_hi",
        "cg_deceased",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let written = written(cells, site);
    let kind = site.code(&USER_TYPE, cells.get("usertype")).code();
    let kind = kind.filter(|kind| [PATIENT, PRACTITIONER].contains(kind));
    let uid = cells.get("uid");
    let [birth_lo, birth_hi] = birth(born(cells.get("ptdob"), cells.get("dob")));
    Derived {
        key: uid.map(str::to_owned),
        identifying: &["ufname", "uminitial", "ulname", "dob", "ptdob"],
        modified: written,
        updated: written,
        hold: hold(cells),
        values: vec![
            text(kind),
            // As long as no row of `patients` or `doctors` says otherwise.
            text(kind),
            text(uid.filter(|_| kind == Some(PATIENT))),
            text(uid.filter(|_| kind == Some(PRACTITIONER))),
            practice(site),
            folded(cells.get("ulname")),
            folded(cells.get("ufname")),
            folded(cells.get("uminitial")),
            folded(cells.get("prefix")),
            folded(cells.get("suffix")),
            folded(cells.get("upreviousname")),
            folded(cells.get("preferredname")),
            birth_lo,
            birth_hi,
            // As long as no row of `patients` says otherwise.
            text(Some("false")),
        ],
        exploded: terms(cells).rows(),
        ..Derived::default()
    }
}

fn terms(cells: &Cells<'_>) -> Terms {
    let at = |column| cells.get(column);
    Terms::default()
        .address(&Address {
            lines: [at("upaddress"), at("upaddress2")],
            city: at("upcity"),
            district: at("county"),
            state: at("upstate"),
            zip: at("zipcode"),
            country: at("countrycode"),
            used: Some("home"),
        })
        .phone(at("upphone"), None)
        .phone(at("umobileno"), None)
        .email(at("uemail"))
}

fn hold(cells: &Cells<'_>) -> Option<String> {
    if flag(cells.get("delflag")) {
        Some(DELETED.into())
    } else if flag(cells.get("isresource")) {
        Some("withheld:a room or device".into())
    } else {
        None
    }
}

/// The day of birth: of the date-time column when that is one, else of the text column.
fn born(ptdob: Option<&str>, dob: Option<&str>) -> Option<Civil> {
    let day = |cell: Option<&str>| time::parse(cell?, DAYS).ok().map(Civil::date_only);
    day(ptdob).or_else(|| day(dob))
}
