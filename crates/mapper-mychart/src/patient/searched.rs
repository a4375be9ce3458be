//! Parameters of a patient over lines that have tables of their own: `patient_detail` and `patient_terms`.

use fhir::system::{ADDRESS_USE, NULL_FLAVOR, RACE_AND_ETHNICITY, SPECIAL_VALUES};
use fhir::us_core;
use mapper::param::{self, Codes, Interval, Param, Words, date, string, token, uncoded};
use mapper::sql::{Filter, IntoText, Op, Select, TextColumn};

use crate::codes::{DECEASED, LANGUAGE};
use crate::tables::{patient, patient_detail, patient_more, patient_terms};

type Patient = patient::table;
type Detail = patient_detail::table;

/// What they are.
pub fn params() -> Vec<Param<Patient>> {
    use patient_detail as d;
    let terms = patient_terms::table::of(patient::key);
    let cities = || vec![terms.words("city"), old(d::city, d::cg_city)];
    let states = || vec![terms.words("state"), old(d::cg_state_out, d::cg_state)];
    let zips = || vec![terms.words("postalcode"), old(d::zip, d::cg_zip)];
    let countries = || vec![terms.words("country"), terms.words("lone-country").where_(has_street())];
    let streets = [
        street(d::text, d::cg_text),
        old(d::text, d::cg_text),
        old(d::more, d::cg_more),
    ];
    // All that stands beside the row in one sub-query, and what other tables add.
    let parts = [
        terms.some_of(&param::ADDRESS),
        terms.some_of(&["lone-district", "lone-country"]).where_(has_street()),
        old(d::city, d::cg_city),
        old(d::cg_state_out, d::cg_state),
        old(d::zip, d::cg_zip),
    ];
    let uses = vec![
        terms.codes("use", ADDRESS_USE),
        param::when(has_street(), param::constant(ADDRESS_USE, "home")),
        param::when(has_old(), param::constant(ADDRESS_USE, "old")),
    ];
    let phones = || vec![terms.codes("phone", ""), other(false)];
    let emails = || vec![terms.codes("email", ""), other(true)];
    let spoken = [
        param::mapped(patient_more::language_c_name, &LANGUAGE),
        param::mapped(patient_more::lang_care_c_name, &LANGUAGE),
        param::mapped(patient_more::lang_writ_c_name, &LANGUAGE),
    ];
    let mut all = vec![
        string("address", parts.into_iter().chain(streets)),
        string("address-city", cities()),
        string("address-state", states()),
        string("address-postalcode", zips()),
        string("address-country", countries()),
        token("address-use", param::any_of(uses)),
        uncoded("phone", param::any_of(phones())),
        uncoded("email", param::any_of(emails())),
        uncoded("telecom", param::any_of(phones().into_iter().chain(emails()).collect())),
        date(
            "death-date",
            Interval::new(patient_more::cg_death_lo, patient_more::cg_death_hi),
        ),
        token("deceased", deceased()),
        token(
            "language",
            param::or_words(param::any_of(spoken.into()), vec![terms.words("language")]),
        ),
        token("race", race()),
    ];
    all.extend(terms.origin().into_iter().filter(|param| param.name() == "ethnicity"));
    all
}

/// The lines of one table.
fn lines(table: &str) -> Filter<Detail> {
    Filter::text(patient_detail::what, Op::Eq, table)
}

/// The patients of some lines.
fn of(lines: Filter<Detail>) -> Filter<Patient> {
    let ids = Select::new(&patient_detail::pat_id.into_text(), patient_detail::table, lines);
    Filter::within(patient::pat_id, ids)
}

/// A text of some lines.
fn words(lines: Filter<Detail>, raw: impl IntoText<Detail>, folded: impl IntoText<Detail>) -> Words<Patient> {
    let words = Words::new(raw, folded).where_(lines);
    words.through(patient::pat_id, patient_detail::table, patient_detail::pat_id)
}

fn street(raw: impl IntoText<Detail>, folded: impl IntoText<Detail>) -> Words<Patient> {
    words(lines("pat_address"), raw, folded)
}

/// A part of an address that has ended; one that has not is the present one.
fn old(raw: impl IntoText<Detail>, folded: impl IntoText<Detail>) -> Words<Patient> {
    words(ended(), raw, folded)
}

fn ended() -> Filter<Detail> {
    lines("pat_addr_chng_hx").and(Filter::not_null(patient_detail::ends))
}

fn has_street() -> Filter<Patient> {
    of(lines("pat_address").and(Filter::not_null(patient_detail::text)))
}

fn has_old() -> Filter<Patient> {
    use patient_detail as d;
    let parts: [TextColumn<Detail>; 5] = [
        d::text.into_text(),
        d::more.into_text(),
        d::city.into_text(),
        d::state.into_text(),
        d::zip.into_text(),
    ];
    of(ended().and(Filter::any(parts.map(Filter::not_null))))
}

/// Numbers of other kinds, and mail addresses among them.
fn other(mail: bool) -> Codes<Patient> {
    use patient_detail as d;
    let is_mail = Filter::contains(d::text, "@");
    let kind = if mail { is_mail } else { is_mail.negate() };
    let codes = param::when(lines("other_communctn").and(kind), param::contact(d::text));
    param::through(patient::pat_id, d::table, d::pat_id, codes)
}

/// A date of death, else the first of two words, else not.
fn deceased() -> Codes<Patient> {
    let dead = param::when(
        Filter::not_null(patient_more::cg_died),
        param::constant(SPECIAL_VALUES, "true"),
    );
    let words = param::or_else(
        param::mapped(patient_more::pat_status_c_name, &DECEASED),
        param::mapped(patient_more::cg_living, &DECEASED),
    );
    param::or_else(param::or_else(dead, words), param::constant(SPECIAL_VALUES, "false"))
}

/// Categories; those that say that there is none only where there is none.
fn race() -> Codes<Patient> {
    use patient_detail as d;
    let none = || Filter::one_of(d::race, ["UNK", "ASKU"]);
    let of = |rows: Filter<Detail>, system| {
        let codes = param::when(lines("patient_race").and(rows), param::ids(d::race, system));
        param::through(patient::pat_id, d::table, d::pat_id, codes)
    };
    let real = of(none().negate(), RACE_AND_ETHNICITY);
    param::or_else(real, of(none(), NULL_FLAVOR)).shown(us_core::DISPLAYS)
}
