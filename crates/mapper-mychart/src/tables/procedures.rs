//! Tables of procedures as Diesel sees them.

diesel::table! {
    order_proc (key) {
        key -> Text,
        order_proc_id -> Nullable<Text>,
        pat_id -> Nullable<Text>,
        pat_enc_csn_id -> Nullable<Text>,
        proc_id -> Nullable<Text>,
        proc_name -> Nullable<Text>,
        description -> Nullable<Text>,
        display_name -> Nullable<Text>,
        authrzing_prov_id -> Nullable<Text>,
        billing_prov_id -> Nullable<Text>,
        proc_bgn_time -> Nullable<Text>,
        proc_start_time -> Nullable<Text>,
        proc_ending_time -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_performer -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    surgical_hx (key) {
        key -> Text,
        proc_id -> Nullable<Text>,
        proc_name -> Nullable<Text>,
        surgical_hx_date -> Nullable<Text>,
        surg_hx_start_dt -> Nullable<Text>,
        surg_hx_end_dt -> Nullable<Text>,
        surg_laterality_c_name -> Nullable<Text>,
        comments -> Nullable<Text>,
        proc_comments -> Nullable<Text>,
        hx_lnk_enc_csn -> Nullable<Text>,
        cg_encounter -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_provider -> Nullable<Text>,
        cg_pat_id -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    or_log_all_proc (key) {
        key -> Text,
        or_proc_id -> Nullable<Text>,
        or_proc_name -> Nullable<Text>,
        lrb_c_name -> Nullable<Text>,
        proc_eap_id -> Nullable<Text>,
        cg_status -> Nullable<Text>,
        cg_pat_id -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_not_performed -> Nullable<Text>,
        cg_surgery_date -> Nullable<Text>,
        cg_physician -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_encounter -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}
