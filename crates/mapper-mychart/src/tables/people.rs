//! Tables of people and places as Diesel sees them.

diesel::table! {
    patient (key) {
        key -> Text,
        pat_id -> Nullable<Text>,
        pat_mrn_id -> Nullable<Text>,
        ssn -> Nullable<Text>,
        pat_title_c_name -> Nullable<Text>,
        pat_name_suffix_c_name -> Nullable<Text>,
        cg_last -> Nullable<Text>,
        cg_first -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_maiden -> Nullable<Text>,
        cg_preferred -> Nullable<Text>,
        cg_folded_last -> Nullable<Text>,
        cg_folded_first -> Nullable<Text>,
        cg_folded_middle -> Nullable<Text>,
        cg_folded_prefix -> Nullable<Text>,
        cg_folded_suffix -> Nullable<Text>,
        cg_folded_maiden -> Nullable<Text>,
        cg_folded_preferred -> Nullable<Text>,
        birth_date -> Nullable<Text>,
        cg_birth_lo -> Nullable<Timestamp>,
        cg_birth_hi -> Nullable<Timestamp>,
        sex_c_name -> Nullable<Text>,
        cur_pcp_prov_id -> Nullable<Text>,
        cur_prim_loc_id -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_organization -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    /// The rest of `patient`: Diesel's tables end at 32 columns.
    #[sql_name = "patient"]
    patient_more (key) {
        key -> Text,
        ethnic_group_c_name -> Nullable<Text>,
        language_c_name -> Nullable<Text>,
        lang_care_c_name -> Nullable<Text>,
        lang_writ_c_name -> Nullable<Text>,
        city -> Nullable<Text>,
        state_c_name -> Nullable<Text>,
        county_c_name -> Nullable<Text>,
        country_c_name -> Nullable<Text>,
        zip -> Nullable<Text>,
        tmp_city -> Nullable<Text>,
        tmp_state_c_name -> Nullable<Text>,
        tmp_zip -> Nullable<Text>,
        tmp_addr_start_dt -> Nullable<Text>,
        tmp_addr_end_dt -> Nullable<Text>,
        home_phone -> Nullable<Text>,
        work_phone -> Nullable<Text>,
        email_address -> Nullable<Text>,
        death_date -> Nullable<Text>,
        pat_status_c_name -> Nullable<Text>,
        ped_mult_birth_ord -> Nullable<Text>,
        ped_multi_birth_yn -> Nullable<Text>,
        cg_death_tm -> Nullable<Text>,
        cg_living -> Nullable<Text>,
        cg_birth_sex -> Nullable<Text>,
        cg_died -> Nullable<Text>,
        cg_death_lo -> Nullable<BigInt>,
        cg_death_hi -> Nullable<BigInt>,
    }
}

mapper::terms_table!(patient_terms);

mapper::same_table!(patient: patient_more {
    ethnic_group_c_name, language_c_name, lang_care_c_name, lang_writ_c_name, city, state_c_name, county_c_name,
    country_c_name, zip, tmp_city, tmp_state_c_name, tmp_zip, tmp_addr_start_dt, tmp_addr_end_dt, home_phone, work_phone,
    email_address, death_date, pat_status_c_name, ped_mult_birth_ord, ped_multi_birth_yn, cg_death_tm, cg_living, cg_birth_sex, cg_died, cg_death_lo, cg_death_hi
});

diesel::table! {
    patient_detail (owner) {
        owner -> Text,
        pat_id -> Nullable<Text>,
        what -> Text,
        place -> Text,
        system -> Nullable<Text>,
        number -> Nullable<Text>,
        text -> Nullable<Text>,
        more -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip -> Nullable<Text>,
        starts -> Nullable<Text>,
        ends -> Nullable<Text>,
        race -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_more -> Nullable<Text>,
        cg_city -> Nullable<Text>,
        cg_state -> Nullable<Text>,
        cg_state_out -> Nullable<Text>,
        cg_zip -> Nullable<Text>,
    }
}

diesel::table! {
    clarity_ser (key) {
        key -> Text,
        prov_id -> Nullable<Text>,
        external_name -> Nullable<Text>,
        cg_last -> Nullable<Text>,
        cg_first -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_folded_last -> Nullable<Text>,
        cg_folded_first -> Nullable<Text>,
        cg_folded_middle -> Nullable<Text>,
        cg_folded_suffix -> Nullable<Text>,
        cg_folded_text -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    clarity_emp (key) {
        key -> Text,
        user_id -> Nullable<Text>,
        cg_last -> Nullable<Text>,
        cg_first -> Nullable<Text>,
        cg_middle -> Nullable<Text>,
        cg_suffix -> Nullable<Text>,
        cg_folded_last -> Nullable<Text>,
        cg_folded_first -> Nullable<Text>,
        cg_folded_middle -> Nullable<Text>,
        cg_folded_suffix -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    clarity_dep (key) {
        key -> Text,
        department_id -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_folded_name -> Nullable<Text>,
        cg_dep_type -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    clarity_loc (key) {
        key -> Text,
        loc_id -> Nullable<Text>,
        cg_name -> Nullable<Text>,
        cg_folded_name -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}
