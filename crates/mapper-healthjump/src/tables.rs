//! Tables as Diesel sees them: the columns that are searched or served. The whole tables are in `schema/healthjump.sql`.

// The macros write undocumented public items.
#![allow(missing_docs)]

diesel::table! {
    demographic (key) {
        key -> Text,
        demographicid -> Nullable<Text>,
        client_id -> Nullable<Text>,
        client_patient_id -> Nullable<Text>,
        other_id -> Nullable<Text>,
        account_id -> Nullable<Text>,
        ssn -> Nullable<Text>,
        first_name -> Nullable<Text>,
        middle_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        prefix -> Nullable<Text>,
        suffix -> Nullable<Text>,
        dob -> Nullable<Text>,
        gender -> Nullable<Text>,
        birth_sex -> Nullable<Text>,
        race -> Nullable<Text>,
        ethnicity -> Nullable<Text>,
        primary_language -> Nullable<Text>,
        death_indication -> Nullable<Text>,
        death_date -> Nullable<Text>,
        cg_client -> Nullable<Text>,
        cg_family -> Nullable<Text>,
        cg_given -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_prefix -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_birth_lo -> Nullable<Timestamp>,
        cg_birth_hi -> Nullable<Timestamp>,
        cg_death_lo -> Nullable<Timestamp>,
        cg_death_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    attribution (key) {
        key -> Text,
        cg_patient -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_location -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    client_ids (key) {
        key -> Text,
        client_id -> Nullable<Text>,
        name -> Nullable<Text>,
        npi -> Nullable<Text>,
        phone -> Nullable<Text>,
        address_line_1 -> Nullable<Text>,
        address_line_2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_npi -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    location (key) {
        key -> Text,
        client_id -> Nullable<Text>,
        location_id -> Nullable<Text>,
        name -> Nullable<Text>,
        cg_client -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    provider (key) {
        key -> Text,
        provider_id -> Nullable<Text>,
        first_name -> Nullable<Text>,
        middle_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        prefix -> Nullable<Text>,
        suffix -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        npi -> Nullable<Text>,
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
    encounter (key) {
        key -> Text,
        encounterid -> Nullable<Text>,
        encounter_id -> Nullable<Text>,
        source_encounter_id -> Nullable<Text>,
        client_id -> Nullable<Text>,
        patient_id -> Nullable<Text>,
        client_patient_id -> Nullable<Text>,
        encounter_date -> Nullable<Text>,
        encounter_time -> Nullable<Text>,
        end_date -> Nullable<Text>,
        end_time -> Nullable<Text>,
        encounter_type -> Nullable<Text>,
        status -> Nullable<Text>,
        provider_id -> Nullable<Text>,
        location_id -> Nullable<Text>,
        reason -> Nullable<Text>,
        cg_client -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_location -> Nullable<Text>,
        cg_type -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_reason -> Nullable<Text>,
        cg_start_lo -> Nullable<Timestamp>,
        cg_end_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    appointment (key) {
        key -> Text,
        appointmentid -> Nullable<Text>,
        appointment_id -> Nullable<Text>,
        source_appointment_id -> Nullable<Text>,
        client_id -> Nullable<Text>,
        patient_id -> Nullable<Text>,
        client_patient_id -> Nullable<Text>,
        appointment_date -> Nullable<Text>,
        appointment_time -> Nullable<Text>,
        end_time -> Nullable<Text>,
        appointment_type -> Nullable<Text>,
        status -> Nullable<Text>,
        provider_id -> Nullable<Text>,
        location_id -> Nullable<Text>,
        reason -> Nullable<Text>,
        cg_client -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_location -> Nullable<Text>,
        cg_type -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_reason -> Nullable<Text>,
        cg_start_lo -> Nullable<Timestamp>,
        cg_end_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    diagnosis (key) {
        key -> Text,
        diagnosisid -> Nullable<Text>,
        diagnosis_id -> Nullable<Text>,
        source_diagnosis_id -> Nullable<Text>,
        patient_id -> Nullable<Text>,
        client_patient_id -> Nullable<Text>,
        encounterid -> Nullable<Text>,
        encounter_id -> Nullable<Text>,
        diagnosis_code -> Nullable<Text>,
        diagnosis_date -> Nullable<Text>,
        onset_date -> Nullable<Text>,
        resolved_date -> Nullable<Text>,
        status -> Nullable<Text>,
        provider_id -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_words -> Nullable<Text>,
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
    procedure (key) {
        key -> Text,
        procedureid -> Nullable<Text>,
        procedure_id -> Nullable<Text>,
        source_procedure_id -> Nullable<Text>,
        patient_id -> Nullable<Text>,
        client_patient_id -> Nullable<Text>,
        encounterid -> Nullable<Text>,
        encounter_id -> Nullable<Text>,
        procedure_code -> Nullable<Text>,
        procedure_date -> Nullable<Text>,
        procedure_time -> Nullable<Text>,
        status -> Nullable<Text>,
        provider_id -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_modifiers -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    /// The rest of `demographic`: Diesel's tables end at 32 columns.
    #[sql_name = "demographic"]
    contact (key) {
        key -> Text,
        phone_number -> Nullable<Text>,
        phone_ext -> Nullable<Text>,
        phone_type -> Nullable<Text>,
        second_number -> Nullable<Text>,
        second_ext -> Nullable<Text>,
        second_type -> Nullable<Text>,
        first_email -> Nullable<Text>,
        second_email -> Nullable<Text>,
        address_type -> Nullable<Text>,
        address_line_1 -> Nullable<Text>,
        address_line_2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip -> Nullable<Text>,
        cg_deceased -> Nullable<Text>,
    }
}

mapper::terms_table!(demographic_terms);
mapper::terms_table!(client_ids_terms);
mapper::terms_table!(provider_terms);

mapper::same_table!(demographic: contact { cg_deceased, phone_number, phone_ext, phone_type, second_number, second_ext, second_type, first_email, second_email, address_type, address_line_1, address_line_2, city, state, zip });
