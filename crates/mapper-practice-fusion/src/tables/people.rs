//! The practice, its places and its clinicians.

diesel::table! {
    practice (key) {
        key -> Text,
        name -> Nullable<Text>,
        address1 -> Nullable<Text>,
        address2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zipcode -> Nullable<Text>,
        phone -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    facilities (key) {
        key -> Text,
        name -> Nullable<Text>,
        address1 -> Nullable<Text>,
        address2 -> Nullable<Text>,
        address3 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zipcode -> Nullable<Text>,
        county -> Nullable<Text>,
        officephone -> Nullable<Text>,
        officefax -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_practice -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    providers (key) {
        key -> Text,
        title -> Nullable<Text>,
        firstname -> Nullable<Text>,
        middlename -> Nullable<Text>,
        lastname -> Nullable<Text>,
        suffix -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_family -> Nullable<Text>,
        cg_given -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_prefix -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_profile -> Nullable<Text>,
        cg_user -> Nullable<Text>,
        cg_npi -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    provider_profiles (key) {
        key -> Text,
        title -> Nullable<Text>,
        firstname -> Nullable<Text>,
        middlename -> Nullable<Text>,
        lastname -> Nullable<Text>,
        suffix -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_family -> Nullable<Text>,
        cg_given -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_prefix -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_npi -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    users (key) {
        key -> Text,
        title -> Nullable<Text>,
        firstname -> Nullable<Text>,
        middleinitial -> Nullable<Text>,
        lastname -> Nullable<Text>,
        suffix -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_family -> Nullable<Text>,
        cg_given -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_prefix -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

mapper::terms_table!(practice_terms);
mapper::terms_table!(facilities_terms);
