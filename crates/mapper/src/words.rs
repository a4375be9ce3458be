//! Words about people that vendors use alike, and FHIR's codes for them. A vendor with other words has a map of its own
//! of the same name.

use fhir::system;

use crate::CodeMap;

/// `Patient.gender`.
pub static GENDER: CodeMap = CodeMap {
    name: "gender",
    system: "http://hl7.org/fhir/administrative-gender",
    entries: &[
        ("f", "female"),
        ("female", "female"),
        ("woman", "female"),
        ("m", "male"),
        ("male", "male"),
        ("man", "male"),
        ("o", "other"),
        ("other", "other"),
        ("x", "other"),
        ("nonbinary", "other"),
        ("non-binary", "other"),
        ("u", "unknown"),
        ("unk", "unknown"),
        ("unknown", "unknown"),
    ],
    fallback: Some("unknown"),
    others: &[],
};

/// The US Core birth sex extension.
pub static BIRTH_SEX: CodeMap = CodeMap {
    name: "birth_sex",
    system: "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender",
    entries: &[
        ("f", "F"),
        ("female", "F"),
        ("m", "M"),
        ("male", "M"),
        ("u", "UNK"),
        ("unk", "UNK"),
        ("unknown", "UNK"),
    ],
    fallback: None,
    others: &[],
};

/// OMB race categories of the US Core race extension.
pub static RACE: CodeMap = CodeMap {
    name: "race",
    system: system::RACE_AND_ETHNICITY,
    entries: &[
        ("white", "2106-3"),
        ("caucasian", "2106-3"),
        ("white or caucasian", "2106-3"),
        ("w", "2106-3"),
        ("black", "2054-5"),
        ("african american", "2054-5"),
        ("black or african american", "2054-5"),
        ("b", "2054-5"),
        ("asian", "2028-9"),
        ("a", "2028-9"),
        ("american indian or alaska native", "1002-5"),
        ("american indian", "1002-5"),
        ("alaska native", "1002-5"),
        ("native american", "1002-5"),
        ("native hawaiian or other pacific islander", "2076-8"),
        ("native hawaiian", "2076-8"),
        ("pacific islander", "2076-8"),
        ("declined", "ASKU"),
        ("declined to specify", "ASKU"),
        ("patient declined", "ASKU"),
        ("refused", "ASKU"),
        ("refused to report", "ASKU"),
        ("unknown", "UNK"),
        ("unk", "UNK"),
        ("u", "UNK"),
        ("unreported", "UNK"),
    ],
    fallback: None,
    others: &[],
};

/// OMB ethnicity categories of the US Core ethnicity extension.
pub static ETHNICITY: CodeMap = CodeMap {
    name: "ethnicity",
    system: system::RACE_AND_ETHNICITY,
    entries: &[
        ("hispanic", "2135-2"),
        ("hispanic or latino", "2135-2"),
        ("latino", "2135-2"),
        ("h", "2135-2"),
        ("not hispanic", "2186-5"),
        ("non-hispanic", "2186-5"),
        ("not hispanic or latino", "2186-5"),
        ("n", "2186-5"),
        ("declined", "ASKU"),
        ("declined to specify", "ASKU"),
        ("patient declined", "ASKU"),
        ("refused", "ASKU"),
        ("refused to report", "ASKU"),
        ("unknown", "UNK"),
        ("unk", "UNK"),
        ("u", "UNK"),
    ],
    fallback: None,
    others: &[],
};

/// BCP 47 language tags.
pub static LANGUAGE: CodeMap = CodeMap {
    name: "language",
    system: system::BCP47,
    entries: &[
        ("english", "en"),
        ("eng", "en"),
        ("en", "en"),
        ("spanish", "es"),
        ("spa", "es"),
        ("es", "es"),
        ("french", "fr"),
        ("german", "de"),
        ("chinese", "zh"),
        ("mandarin", "zh"),
        ("vietnamese", "vi"),
        ("korean", "ko"),
        ("russian", "ru"),
        ("arabic", "ar"),
        ("portuguese", "pt"),
        ("tagalog", "tl"),
        ("haitian creole", "ht"),
        ("american sign language", "ase"),
    ],
    fallback: None,
    others: &["it", "ja", "pl", "hi", "fa", "ur", "he", "uk"],
};
