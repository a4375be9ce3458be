//! Tables of visits, diagnoses and codes as Diesel sees them.

diesel::table! {
    pat_enc (key) {
        key -> Text,
        pat_enc_csn_id -> Nullable<Text>,
        pat_id -> Nullable<Text>,
        contact_date -> Nullable<Text>,
        effective_date_dttm -> Nullable<Text>,
        visit_prov_id -> Nullable<Text>,
        department_id -> Nullable<Text>,
        primary_loc_id -> Nullable<Text>,
        appt_status_c_name -> Nullable<Text>,
        calculated_enc_stat_c_name -> Nullable<Text>,
        hosp_admsn_time -> Nullable<Text>,
        hosp_dischrg_time -> Nullable<Text>,
        external_visit_id -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_location -> Nullable<Text>,
        cg_organization -> Nullable<Text>,
        cg_status -> Nullable<Text>,
        cg_zone -> Nullable<Text>,
        cg_class -> Nullable<Text>,
        cg_admsn_time -> Nullable<Text>,
        cg_disch_time -> Nullable<Text>,
        cg_disch_disp -> Nullable<Text>,
        cg_disch_words -> Nullable<Text>,
        cg_start_lo -> Nullable<Timestamp>,
        cg_end_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    pat_enc_rsn_visit (key) {
        key -> Text,
        pat_enc_csn_id -> Nullable<Text>,
        enc_reason_id -> Nullable<Text>,
        enc_reason_name -> Nullable<Text>,
        comments -> Nullable<Text>,
        cg_place -> Nullable<Text>,
        cg_words -> Nullable<Text>,
    }
}

diesel::table! {
    pat_enc_dx (key) {
        key -> Text,
        pat_enc_csn_id -> Nullable<Text>,
        contact_date -> Nullable<Text>,
        dx_id -> Nullable<Text>,
        dx_name -> Nullable<Text>,
        annotation -> Nullable<Text>,
        comments -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_recorded_lo -> Nullable<Timestamp>,
        cg_recorded_hi -> Nullable<Timestamp>,
        cg_pat_id -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_clinical -> Nullable<Text>,
        cg_noted -> Nullable<Text>,
        cg_noted_end -> Nullable<Text>,
        cg_onset_lo -> Nullable<Timestamp>,
        cg_onset_hi -> Nullable<Timestamp>,
        cg_abated_lo -> Nullable<Timestamp>,
        cg_abated_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    problem_list (key) {
        key -> Text,
        problem_list_id -> Nullable<Text>,
        dx_id -> Nullable<Text>,
        dx_name -> Nullable<Text>,
        description -> Nullable<Text>,
        noted_date -> Nullable<Text>,
        noted_end_date -> Nullable<Text>,
        resolved_date -> Nullable<Text>,
        entry_user_id -> Nullable<Text>,
        problem_status_c_name -> Nullable<Text>,
        problem_cmt -> Nullable<Text>,
        cg_clinical -> Nullable<Text>,
        cg_recorder -> Nullable<Text>,
        cg_onset_lo -> Nullable<Timestamp>,
        cg_onset_hi -> Nullable<Timestamp>,
        cg_abated_lo -> Nullable<Timestamp>,
        cg_abated_hi -> Nullable<Timestamp>,
        cg_pat_id -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_recorded -> Nullable<Text>,
        cg_recorded_lo -> Nullable<Timestamp>,
        cg_recorded_hi -> Nullable<Timestamp>,
        cg_encounter -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    mapped_code (owner, place) {
        owner -> Text,
        dx_id -> Nullable<Text>,
        proc_id -> Nullable<Text>,
        place -> Text,
        series -> Nullable<Text>,
        system -> Text,
        code -> Text,
        display -> Nullable<Text>,
        coding -> Nullable<Text>,
    }
}
