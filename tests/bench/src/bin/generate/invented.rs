//! What all vendors' rows are drawn from: names, codes and days, by numbers that look random and are the same in every run.

use chrono::{NaiveDate, NaiveDateTime};

pub const FAMILIES: [&str; 12] = [
    "Abara",
    "Bergstrom",
    "Castellano",
    "Dubois",
    "Eriksen",
    "Fairweather",
    "Gonçalves",
    "Hollander",
    "Ivanova",
    "Jankowski",
    "Kimathi",
    "Lindqvist",
];
pub const GIVENS: [&str; 10] = [
    "Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Femi", "Greta", "Hiro", "Imani", "José",
];
pub const REASONS: [&str; 3] = ["cough", "check up", "back pain"];

/// A diagnosis in every code system that a vendor may have it in.
#[derive(Clone, Copy, Default)]
pub struct Illness {
    pub icd10: &'static str,
    pub icd9: &'static str,
    pub snomed: &'static str,
    pub text: &'static str,
}

const fn illness(icd10: &'static str, icd9: &'static str, snomed: &'static str, text: &'static str) -> Illness {
    Illness {
        icd10,
        icd9,
        snomed,
        text,
    }
}

pub const ILLNESSES: [Illness; 6] = [
    illness(
        "E11.9",
        "250.00",
        "44054006",
        "Type 2 diabetes mellitus without complications",
    ),
    illness("I10", "401.9", "59621000", "Essential hypertension"),
    illness("J45.909", "493.90", "195967001", "Unspecified asthma, uncomplicated"),
    illness("M54.50", "724.2", "279039007", "Low back pain"),
    illness("F41.1", "300.02", "21897009", "Generalized anxiety disorder"),
    illness("Z00.00", "V70.0", "268565007", "General adult medical examination"),
];
/// CPT and HCPCS codes with their texts.
pub const SERVICES: [(&str, &str); 5] = [
    ("99213", "Office visit, established patient"),
    ("99214", "Office visit, established patient, longer"),
    ("97110", "Therapeutic exercises"),
    ("36415", "Routine venipuncture"),
    ("J1100", "Dexamethasone injection"),
];

/// How many clinicians a practice has; each has a name of their own.
pub const CLINICIANS: u64 = 120;
/// How many places.
pub const PLACES: u64 = 20;

/// A number that looks random and is the same in every run.
pub fn mixed(n: u64, salt: u64) -> u64 {
    let mut x = n
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(salt.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    x ^= x >> 31;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 29)
}

/// Whether row `n` is one of so many percent.
pub fn chance(n: u64, salt: u64, percent: u64) -> bool {
    mixed(n, salt) % 100 < percent
}

pub fn pick<T: Copy + Default>(list: &[T], n: u64, salt: u64) -> T {
    nth(list, mixed(n, salt))
}

/// Element `n`, from the start again behind the end.
pub fn nth<T: Copy + Default>(list: &[T], n: u64) -> T {
    let len = u64::try_from(list.len()).unwrap_or(1);
    usize::try_from(n % len)
        .ok()
        .and_then(|at| list.get(at))
        .copied()
        .unwrap_or_default()
}

/// Given and family name of a clinician, up to [`CLINICIANS`].
pub fn clinician(n: u64) -> (&'static str, &'static str) {
    (nth(&GIVENS, n), nth(&FAMILIES, n / 10))
}

/// Given and family name of a patient; the number keeps families apart.
pub fn patient(n: u64) -> (&'static str, String) {
    (pick(&GIVENS, n, 6), format!("{}{}", pick(&FAMILIES, n, 8), n % 997))
}

pub fn born(n: u64) -> NaiveDate {
    date(1900 + mixed(n, 3) % 99, 1 + mixed(n, 4) % 12, 1 + mixed(n, 5) % 28)
}

/// A day in the last ten years, in working hours.
pub fn time(n: u64, salt: u64) -> NaiveDateTime {
    let x = mixed(n, salt);
    let day = date(2016 + x % 10, 1 + x / 10 % 12, 1 + x / 120 % 28);
    at(day, 8 + x / 3_360 % 9, x / 30_240 % 4 * 15, 0)
}

/// When a row was last changed.
pub fn changed(n: u64) -> NaiveDateTime {
    let x = mixed(n, 99);
    let day = date(2026, 1 + x % 10, 1 + x / 10 % 28);
    at(day, x % 24, x / 24 % 60, x / 1440 % 60)
}

fn date(year: u64, month: u64, day: u64) -> NaiveDate {
    let number = |n| u32::try_from(n).unwrap_or(0);
    NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(0), number(month), number(day)).unwrap_or_default()
}

fn at(day: NaiveDate, hour: u64, minute: u64, second: u64) -> NaiveDateTime {
    let number = |n| u32::try_from(n).unwrap_or(0);
    day.and_hms_opt(number(hour), number(minute), number(second))
        .unwrap_or_default()
}

/// A clinician's NPI with a right check digit; none that begins with 9 was ever issued.
pub fn npi(n: u64) -> String {
    let base = 900_000_000 + n;
    // Luhn's sum over the digits behind the prefix 80840, which is worth 24.
    let (mut rest, mut sum, mut twice) = (base, 24, true);
    while rest > 0 {
        let digit = rest % 10 * if twice { 2 } else { 1 };
        sum += digit / 10 + digit % 10;
        (rest, twice) = (rest / 10, !twice);
    }
    format!("{base}{}", (10 - sum % 10) % 10)
}
