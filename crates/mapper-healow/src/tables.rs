//! Tables as Diesel sees them: the columns that are searched or served. The whole tables are in `schema/healow.sql`.

// The macros write undocumented public items.
#![allow(missing_docs)]

diesel::table! {
    users (key) {
        key -> Text,
        uid -> Nullable<Text>,
        ufname -> Nullable<Text>,
        uminitial -> Nullable<Text>,
        ulname -> Nullable<Text>,
        prefix -> Nullable<Text>,
        suffix -> Nullable<Text>,
        upreviousname -> Nullable<Text>,
        preferredname -> Nullable<Text>,
        dob -> Nullable<Text>,
        ptdob -> Nullable<Text>,
        sex -> Nullable<Text>,
        emrsex -> Nullable<Text>,
        ssn -> Nullable<Text>,
        status -> Nullable<Text>,
        cg_kind -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_doctorid -> Nullable<Text>,
        cg_client -> Nullable<Text>,
        cg_controlno -> Nullable<Text>,
        cg_hl7id -> Nullable<Text>,
        cg_family -> Nullable<Text>,
        cg_given -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_prefix -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_previous -> Nullable<Text>,
        cg_preferred -> Nullable<Text>,
        cg_birth_lo -> Nullable<Timestamp>,
        cg_birth_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    /// The rest of `users`: Diesel's tables end at 32 columns.
    #[sql_name = "users"]
    contact (key) {
        key -> Text,
        upaddress -> Nullable<Text>,
        upaddress2 -> Nullable<Text>,
        upcity -> Nullable<Text>,
        upstate -> Nullable<Text>,
        zipcode -> Nullable<Text>,
        countrycode -> Nullable<Text>,
        county -> Nullable<Text>,
        upphone -> Nullable<Text>,
        umobileno -> Nullable<Text>,
        uemail -> Nullable<Text>,
        cg_death_lo -> Nullable<Timestamp>,
        cg_death_hi -> Nullable<Timestamp>,
        cg_deceased -> Nullable<Text>,
    }
}

mapper::terms_table!(users_terms);
mapper::terms_table!(patients_terms);
mapper::terms_table!(edi_facilities_terms);

diesel::table! {
    /// What is only searched of `enc`.
    #[sql_name = "enc"]
    enc_texts (key) {
        key -> Text,
        cg_words -> Nullable<Text>,
        cg_reason -> Nullable<Text>,
    }
}

mapper::same_table!(enc: enc_texts { cg_words, cg_reason });

mapper::same_table!(users: contact { cg_death_lo, cg_death_hi, cg_deceased, upaddress, upaddress2, upcity, upstate, zipcode, countrycode, county, upphone, umobileno, uemail });

diesel::table! {
    /// `users` as clinicians.
    #[sql_name = "users"]
    clinicians (key) {
        key -> Text,
        uid -> Nullable<Text>,
        ufname -> Nullable<Text>,
        uminitial -> Nullable<Text>,
        ulname -> Nullable<Text>,
        prefix -> Nullable<Text>,
        suffix -> Nullable<Text>,
        upphone -> Nullable<Text>,
        umobileno -> Nullable<Text>,
        uemail -> Nullable<Text>,
        status -> Nullable<Text>,
        cg_kind -> Nullable<Text>,
        cg_printname -> Nullable<Text>,
        cg_print -> Nullable<Text>,
        cg_doctornpi -> Nullable<Text>,
        cg_npi -> Nullable<Text>,
        cg_family -> Nullable<Text>,
        cg_given -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_prefix -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    patients (key) {
        key -> Text,
        straddress -> Nullable<Text>,
        straddress2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip -> Nullable<Text>,
        maritalstatus -> Nullable<Text>,
        deceased -> Nullable<Text>,
        deceaseddate -> Nullable<Text>,
        language -> Nullable<Text>,
        race -> Nullable<Text>,
        ethnicity -> Nullable<Text>,
    }
}

diesel::table! {
    practice (key) {
        key -> Text,
        pmcid -> Nullable<Text>,
        name -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    edi_facilities (key) {
        key -> Text,
        id -> Nullable<Text>,
        name -> Nullable<Text>,
        facilitytype -> Nullable<Text>,
        addressline1 -> Nullable<Text>,
        addressline2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip -> Nullable<Text>,
        tel -> Nullable<Text>,
        fax -> Nullable<Text>,
        email -> Nullable<Text>,
        npi -> Nullable<Text>,
        cg_client -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_npi -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    enc (key) {
        key -> Text,
        encounterid -> Nullable<Text>,
        patientid -> Nullable<Text>,
        doctorid -> Nullable<Text>,
        refprid -> Nullable<Text>,
        facilityid -> Nullable<Text>,
        date -> Nullable<Text>,
        starttime -> Nullable<Text>,
        arrivedtime -> Nullable<Text>,
        timein -> Nullable<Text>,
        timeout -> Nullable<Text>,
        deptime -> Nullable<Text>,
        status -> Nullable<Text>,
        visittype -> Nullable<Text>,
        enctype -> Nullable<Text>,
        reason -> Nullable<Text>,
        dx -> Nullable<Text>,
        hl7id -> Nullable<Text>,
        psacgroup -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_resource -> Nullable<Text>,
        cg_referrer -> Nullable<Text>,
        cg_location -> Nullable<Text>,
        cg_client -> Nullable<Text>,
        cg_zone -> Nullable<Text>,
        cg_class -> Nullable<Text>,
        cg_type -> Nullable<Text>,
        cg_start_lo -> Nullable<Timestamp>,
        cg_end_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    diagnosis (key) {
        key -> Text,
        slno -> Nullable<Text>,
        encounterid -> Nullable<Text>,
        asmtonsetdate -> Nullable<Text>,
        specify -> Nullable<Text>,
        notes -> Nullable<Text>,
        snomed -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_patientid -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_uncoded -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_snomed -> Nullable<Text>,
        cg_onset_lo -> Nullable<Timestamp>,
        cg_onset_hi -> Nullable<Timestamp>,
        cg_abated_lo -> Nullable<Timestamp>,
        cg_abated_hi -> Nullable<Timestamp>,
        cg_recorded_lo -> Nullable<Timestamp>,
        cg_recorded_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    problemlist (key) {
        key -> Text,
        slno -> Nullable<Text>,
        patientid -> Nullable<Text>,
        encounterid -> Nullable<Text>,
        condition -> Nullable<Text>,
        resolvedon -> Nullable<Text>,
        wustatus -> Nullable<Text>,
        onsetdate -> Nullable<Text>,
        addeddate -> Nullable<Text>,
        specify -> Nullable<Text>,
        notes -> Nullable<Text>,
        snomed -> Nullable<Text>,
        userid -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_recorder -> Nullable<Text>,
        cg_clinical -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_uncoded -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_snomed -> Nullable<Text>,
        cg_onset_lo -> Nullable<Timestamp>,
        cg_onset_hi -> Nullable<Timestamp>,
        cg_abated_lo -> Nullable<Timestamp>,
        cg_abated_hi -> Nullable<Timestamp>,
        cg_recorded_lo -> Nullable<Timestamp>,
        cg_recorded_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    surgicalhistory (key) {
        key -> Text,
        date -> Nullable<Text>,
        cptcode -> Nullable<Text>,
        cg_patientid -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    billingdata (key) {
        key -> Text,
        id -> Nullable<Text>,
        encounterid -> Nullable<Text>,
        date -> Nullable<Text>,
        enddate -> Nullable<Text>,
        providerid -> Nullable<Text>,
        mod1 -> Nullable<Text>,
        mod2 -> Nullable<Text>,
        mod3 -> Nullable<Text>,
        mod4 -> Nullable<Text>,
        icdcode1 -> Nullable<Text>,
        icdcode2 -> Nullable<Text>,
        icdcode3 -> Nullable<Text>,
        icdcode4 -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_patientid -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_item_modifiers -> Nullable<Text>,
        cg_uncoded -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_modifiers -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    labdata (key) {
        key -> Text,
        reportid -> Nullable<Text>,
        received -> Nullable<Text>,
        resultdate -> Nullable<Text>,
        colldate -> Nullable<Text>,
        colltime -> Nullable<Text>,
        cg_visitid -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_zone -> Nullable<Text>,
        cg_patientid -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_item_modifiers -> Nullable<Text>,
        cg_uncoded -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}
