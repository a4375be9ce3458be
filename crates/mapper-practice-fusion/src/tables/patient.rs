//! Patients.

diesel::table! {
    patient_demographics (key) {
        key -> Text,
        ssn -> Nullable<Text>,
        nameprefix -> Nullable<Text>,
        firstname -> Nullable<Text>,
        middlename -> Nullable<Text>,
        namesuffix -> Nullable<Text>,
        preferredname -> Nullable<Text>,
        previousfirstname -> Nullable<Text>,
        previousmiddlename -> Nullable<Text>,
        previouslastname -> Nullable<Text>,
        gender -> Nullable<Text>,
        birthdate -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_last -> Nullable<Text>,
        cg_family -> Nullable<Text>,
        cg_given -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_prefix -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_usual -> Nullable<Text>,
        cg_old_family -> Nullable<Text>,
        cg_old_given -> Nullable<Text>,
        cg_old_middle -> Nullable<Text>,
        cg_birth_lo -> Nullable<Timestamp>,
        cg_birth_hi -> Nullable<Timestamp>,
        cg_practice -> Nullable<Text>,
        cg_clinician -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    /// The rest of `patient_demographics`: Diesel's tables end at 32 columns.
    #[sql_name = "patient_demographics"]
    contact (key) {
        key -> Text,
        previousnameenddate -> Nullable<Text>,
        isactive -> Nullable<Text>,
        mothersmaidenname -> Nullable<Text>,
        deathdate -> Nullable<Text>,
        ismultiplebirth -> Nullable<Text>,
        birthsequence -> Nullable<Text>,
        preferredlanguage -> Nullable<Text>,
        address1 -> Nullable<Text>,
        address2 -> Nullable<Text>,
        addresscity -> Nullable<Text>,
        addressstate -> Nullable<Text>,
        addresszipcode -> Nullable<Text>,
        addresscountry -> Nullable<Text>,
        addressstartdate -> Nullable<Text>,
        addressenddate -> Nullable<Text>,
        previousaddress1 -> Nullable<Text>,
        previousaddress2 -> Nullable<Text>,
        previousaddresscity -> Nullable<Text>,
        previousaddressstate -> Nullable<Text>,
        previousaddresszipcode -> Nullable<Text>,
        previousaddresscountry -> Nullable<Text>,
        previousaddressstartdate -> Nullable<Text>,
        previousaddressenddate -> Nullable<Text>,
        officephone -> Nullable<Text>,
        officephoneextension -> Nullable<Text>,
        homephone -> Nullable<Text>,
        mobilephone -> Nullable<Text>,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    /// What is only searched.
    #[sql_name = "patient_demographics"]
    searched (key) {
        key -> Text,
        cg_deceased -> Nullable<Text>,
        cg_active -> Nullable<Text>,
        cg_death_lo -> Nullable<Timestamp>,
        cg_death_hi -> Nullable<Timestamp>,
    }
}

mapper::terms_table!(patient_demographics_terms);

mapper::same_table!(patient_demographics: contact {
    previousnameenddate, isactive, mothersmaidenname, deathdate, ismultiplebirth, birthsequence, preferredlanguage,
    address1, address2, addresscity, addressstate, addresszipcode, addresscountry, addressstartdate, addressenddate,
    previousaddress1, previousaddress2, previousaddresscity, previousaddressstate, previousaddresszipcode,
    previousaddresscountry, previousaddressstartdate, previousaddressenddate, officephone, officephoneextension,
    homephone, mobilephone, email
});

diesel::table! {
    patient_race (key) {
        key -> Text,
        racename -> Nullable<Text>,
        cdcuniqueidentifier -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    patient_ethnicity (key) {
        key -> Text,
        ethnicityname -> Nullable<Text>,
        cdcuniqueidentifier -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    patient_superbills (key) {
        key -> Text,
        patientcontactcode -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
    }
}

mapper::same_table!(patient_demographics: searched { cg_deceased, cg_active, cg_death_lo, cg_death_hi });
