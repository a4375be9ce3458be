//! Visits, diagnoses and procedures.

diesel::table! {
    patient_encounters (key) {
        key -> Text,
        dateofservice -> Nullable<Text>,
        chiefcomplaint -> Nullable<Text>,
        signeddatetimeutc -> Nullable<Text>,
        chartnotetype -> Nullable<Text>,
        isvirtualvisit -> Nullable<Text>,
        ispsychotherapynote -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_told_patient -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_told_seen -> Nullable<Text>,
        cg_seen -> Nullable<Text>,
        cg_told_signed -> Nullable<Text>,
        cg_signed -> Nullable<Text>,
        cg_told_place -> Nullable<Text>,
        cg_place -> Nullable<Text>,
        cg_type -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_reason -> Nullable<Text>,
        cg_attends -> Nullable<Text>,
        cg_restricted -> Nullable<Text>,
        cg_status -> Nullable<Text>,
        cg_class -> Nullable<Text>,
        cg_start_lo -> Nullable<Timestamp>,
        cg_end_hi -> Nullable<Timestamp>,
        cg_practice -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    patient_appointments (key) {
        key -> Text,
        startdatetime -> Nullable<Text>,
        enddatetime -> Nullable<Text>,
        chiefcomplaint -> Nullable<Text>,
        appointmenttype -> Nullable<Text>,
        appointmentstatus -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_told_patient -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_told_provider -> Nullable<Text>,
        cg_provider -> Nullable<Text>,
        cg_told_place -> Nullable<Text>,
        cg_place -> Nullable<Text>,
        cg_zone -> Nullable<Text>,
        cg_type -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_reason -> Nullable<Text>,
        cg_status -> Nullable<Text>,
        cg_class -> Nullable<Text>,
        cg_start_lo -> Nullable<Timestamp>,
        cg_end_hi -> Nullable<Timestamp>,
        cg_practice -> Nullable<Text>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    patient_diagnoses (key) {
        key -> Text,
        diagnosiscodeequivalents -> Nullable<Text>,
        diagnosisacuity -> Nullable<Text>,
        startdate -> Nullable<Text>,
        stopdate -> Nullable<Text>,
        comments -> Nullable<Text>,
        commententereddatetimeutc -> Nullable<Text>,
        provenancedatetimeutc -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_told_patient -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_told_recorder -> Nullable<Text>,
        cg_recorder_user -> Nullable<Text>,
        cg_recorder -> Nullable<Text>,
        cg_told_author -> Nullable<Text>,
        cg_author -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_clinical -> Nullable<Text>,
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
    patient_diagnosis_codes (owner) {
        owner -> Text,
        system -> Text,
        code -> Text,
    }
}

diesel::table! {
    patient_encounter_diagnoses (key) {
        key -> Text,
        comments -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_told_patient -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_told_visit -> Nullable<Text>,
        cg_visit -> Nullable<Text>,
        cg_diagnosis -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_clinical -> Nullable<Text>,
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
    patient_encounter_procedures (key) {
        key -> Text,
        procedurecode -> Nullable<Text>,
        procedurecodesystem -> Nullable<Text>,
        procedureperformedstatus -> Nullable<Text>,
        ordernote -> Nullable<Text>,
        cg_guid -> Nullable<Text>,
        cg_told_patient -> Nullable<Text>,
        cg_patient -> Nullable<Text>,
        cg_told_visit -> Nullable<Text>,
        cg_visit -> Nullable<Text>,
        cg_event -> Nullable<Text>,
        cg_told_performer -> Nullable<Text>,
        cg_performer -> Nullable<Text>,
        cg_told_recorder -> Nullable<Text>,
        cg_recorder -> Nullable<Text>,
        cg_system -> Nullable<Text>,
        cg_code -> Nullable<Text>,
        cg_text -> Nullable<Text>,
        cg_words -> Nullable<Text>,
        cg_modifiers -> Nullable<Text>,
        cg_status -> Nullable<Text>,
        cg_performed_lo -> Nullable<Timestamp>,
        cg_performed_hi -> Nullable<Timestamp>,
        cg_updated -> Timestamp,
        cg_hold -> Nullable<Text>,
    }
}

diesel::table! {
    patient_encounter_events (key) {
        key -> Text,
        startdatetimeutc -> Nullable<Text>,
        enddatetimeutc -> Nullable<Text>,
        eventreasoncodesystem -> Nullable<Text>,
        eventreasoncode -> Nullable<Text>,
        eventreasonname -> Nullable<Text>,
        eventreasonisnegated -> Nullable<Text>,
        cg_negated -> Nullable<Text>,
    }
}
