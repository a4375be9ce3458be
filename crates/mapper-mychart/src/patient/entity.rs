//! `PATIENT` and `PATIENT_2` to `PATIENT_4`, in which it goes on.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use mapper::load::terms::{Address, Terms};
use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;
use mapper::time::{Civil, Precision};
use mapper::{Site, time};

use super::translate::time_of_day;
use crate::cells::{EPIC, PersonName, companion, folded, link, person};
use crate::codes::ETHNICITY;

/// 83 columns in Epic's schema.
pub const PATIENT: Entity = Entity {
    name: "patient",
    aliases: &[],
    table: "patient",
    columns: &[
        Column::new("pat_id"),
        Column::new("pat_name"),
        Column::new("pat_last_name"),
        Column::new("pat_first_name"),
        Column::new("pat_middle_name"),
        Column::new("pat_title_c_name"),
        Column::new("pat_name_suffix_c_name"),
        Column::new("pat_mrn_id"),
        Column::new("ssn").private(),
        Column::new("birth_date"),
        Column::new("sex_c_name"),
        Column::new("ethnic_group_c_name"),
        Column::new("language_c_name"),
        Column::new("lang_care_c_name"),
        Column::new("lang_writ_c_name"),
        Column::new("city"),
        Column::new("state_c_name"),
        Column::new("county_c_name"),
        Column::new("country_c_name"),
        Column::new("zip"),
        Column::new("tmp_city"),
        Column::new("tmp_state_c_name"),
        Column::new("tmp_zip"),
        Column::new("tmp_addr_start_dt"),
        Column::new("tmp_addr_end_dt"),
        Column::new("home_phone"),
        Column::new("work_phone"),
        Column::new("email_address"),
        Column::new("cur_pcp_prov_id"),
        Column::new("cur_prim_loc_id"),
        Column::new("death_date"),
        Column::new("pat_status_c_name"),
        Column::new("ped_mult_birth_ord"),
        Column::new("ped_multi_birth_yn"),
    ],
    layouts: &[],
    computed: &[
        "cg_last",
        "cg_first",
        "cg_middle",
        "cg_folded_last",
        "cg_folded_first",
        "cg_folded_middle",
        "cg_folded_prefix",
        "cg_folded_suffix",
        "cg_birth_lo",
        "cg_birth_hi",
        "cg_provider",
        "cg_organization",
        "cg_died",
        "cg_death_day",
        "cg_death_turn",
        "cg_death_turned",
        "cg_death_begun",
        "cg_death_over",
    ],
    derive,
};

/// Time of death and maiden name.
pub const PATIENT_2: Entity = Entity {
    name: "patient_2",
    aliases: &[],
    table: "patient_2",
    columns: &[
        Column::new("pat_id"),
        Column::new("death_tm"),
        Column::new("maiden_name"),
    ],
    layouts: &[],
    computed: &["cg_maiden", "cg_folded_maiden", "cg_death_clock", "cg_death_width"],
    derive: |cells, _| {
        // Some write the whole name as it was, `LAST,FIRST`.
        let maiden = person(cells.get("maiden_name")).last;
        let folded = folded(maiden.as_deref());
        let [clock, width] = clock(cells.get("death_tm"));
        companion(cells, "pat_id", vec![Value::from(maiden), folded, clock, width])
    },
};

/// The name that a patient goes by.
pub const PATIENT_3: Entity = Entity {
    name: "patient_3",
    aliases: &[],
    table: "patient_3",
    columns: &[Column::new("pat_id"), Column::new("preferred_name")],
    layouts: &[],
    computed: &["cg_folded_preferred"],
    derive: |cells, _| companion(cells, "pat_id", vec![folded(cells.get("preferred_name"))]),
};

/// Sex at birth, and whether the patient lives.
pub const PATIENT_4: Entity = Entity {
    name: "patient_4",
    aliases: &[],
    table: "patient_4",
    columns: &[
        Column::new("pat_id"),
        Column::new("pat_living_stat_c_name"),
        Column::new("sex_asgn_at_birth_c_name"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, _| companion(cells, "pat_id", vec![]),
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let died = cells.get("death_date").and_then(|day| time::parse(day, EPIC).ok());
    let PersonName {
        last, first, middle, ..
    } = name(cells);
    let birth = cells.get("birth_date").and_then(|day| time::parse(day, EPIC).ok());
    let [birth_lo, birth_hi] = values::birth(birth);
    let folds = [&last, &first, &middle].map(|part| folded(part.as_deref()));
    let mut values: Vec<Value> = [last, first, middle].into_iter().map(Value::from).collect();
    values.extend(folds);
    values.extend([
        folded(cells.get("pat_title_c_name")),
        folded(cells.get("pat_name_suffix_c_name")),
        birth_lo,
        birth_hi,
        link(cells.get("cur_pcp_prov_id")),
        link(cells.get("cur_prim_loc_id")),
        Value::from(died.is_some().then(|| "true".to_owned())),
    ]);
    values.extend(died.map_or([const { Value::Null }; 5], |civil| death(civil, site)));
    Derived {
        key: cells.get("pat_id").map(str::to_owned),
        identifying: &[
            "pat_mrn_id",
            "pat_name",
            "pat_last_name",
            "pat_first_name",
            "birth_date",
        ],
        values,
        exploded: terms(cells, site).rows(),
        ..Derived::default()
    }
}

/// The last minute of a day.
const LAST_MINUTE: i64 = 24 * 60 - 1;

/// What a day of death comes to, with what it takes to add a time of day to it: see `schema/mychart.sql`.
fn death(civil: Civil, site: &Site) -> [Value; 5] {
    let moment = time::resolve(civil.midnight_as_day(), site.zone());
    let seconds = |at: NaiveDateTime| at.and_utc().timestamp();
    let [begun, over] = [moment.lo, moment.hi].map(|at| Value::Int(seconds(at)));
    if civil.midnight_as_day().precision() != Precision::Day {
        return [Value::Null, Value::Null, Value::Null, begun, over];
    }
    let midnight = civil.date().and_time(NaiveTime::MIN);
    // When midnight would have been by the offset of this time of day.
    let start = |minute: i64| {
        let wall = midnight + TimeDelta::minutes(minute);
        seconds(time::to_utc(wall, site.zone())) - 60 * minute
    };
    let turn = (start(LAST_MINUTE) != start(0))
        .then(|| (1..=LAST_MINUTE).find(|minute| start(*minute) != start(0)))
        .flatten();
    let turned = turn.map(start).map_or(Value::Null, Value::Int);
    let turn = turn.map_or(Value::Null, |minute| Value::Int(60 * minute));
    [Value::Int(start(0)), turn, turned, begun, over]
}

/// A time of day in seconds since midnight, and how long it lasts.
fn clock(cell: Option<&str>) -> [Value; 2] {
    let formats = [time::TimeFormat::Second12, time::TimeFormat::Minute12];
    let told = cell.and_then(|cell| time::date_with_time("1/1/2000", EPIC, time_of_day(cell), &formats).ok());
    let Some((civil, clock)) = told.and_then(|told| Some((told.civil, told.civil.time()?))) else {
        return [Value::Null, Value::Null];
    };
    let width = if civil.precision() == Precision::Minute { 60 } else { 1 };
    [Value::Int(clock.num_seconds_from_midnight().into()), Value::Int(width)]
}

/// What its own row tells of an address that has its street lines elsewhere, and the rest.
fn terms(cells: &Cells<'_>, site: &Site) -> Terms {
    let at = |column| cells.get(column);
    let home = Address {
        city: at("city"),
        district: at("county_c_name"),
        state: at("state_c_name"),
        zip: at("zip"),
        country: at("country_c_name"),
        used: Some("home"),
        ..Address::default()
    };
    let terms = Terms::default().address(&home).address(&Address {
        city: at("tmp_city"),
        state: at("tmp_state_c_name"),
        zip: at("tmp_zip"),
        used: Some("temp"),
        ..Address::default()
    });
    let terms = if home.is_told() {
        terms
    } else {
        // Only with a street line, which has a row of its own, does this make an address.
        terms
            .and("lone-district", home.district)
            .and("lone-country", home.country)
    };
    terms
        .phone(at("home_phone"), None)
        .phone(at("work_phone"), None)
        .email(at("email_address"))
        .and("language", at("language_c_name"))
        .and("language", at("lang_care_c_name"))
        .and("language", at("lang_writ_c_name"))
        .ethnicity(at("ethnic_group_c_name"), &ETHNICITY, site)
}

/// The name in its parts; without them, in one cell.
fn name(cells: &Cells<'_>) -> PersonName {
    let part = |column| cells.get(column).map(str::to_owned);
    let parts = PersonName {
        last: part("pat_last_name"),
        first: part("pat_first_name"),
        middle: part("pat_middle_name"),
        suffix: None,
    };
    if parts == PersonName::default() {
        person(cells.get("pat_name"))
    } else {
        parts
    }
}
