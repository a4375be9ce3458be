-- MyChart (Epic EHI export): one table per Clarity table that is read, with Epic's column names in lower case, every cell as
-- delivered. Epic's tables are wide; here are the columns that are used. Accepted by SQLite and PostgreSQL alike. `ctext` is
-- text compared by code point: the loader makes it a domain on PostgreSQL, SQLite reads it as text. `key` and columns that
-- begin with cg_ are ours:
--   key          the row's key (see the ids section of the README)
--   cg_updated   last change, UTC: Epic's time of change where the table has one, else the time of the load
--   cg_modified  Epic's time of change, UTC; of two rows with one key the newest wins
--   cg_hash      content hash; an unchanged row is not written again
--   cg_file      the delivered file (cg_file.id)
--   cg_hold      null when the row is served, else why not; mychart-holds.sql decides what other rows tell
--   cg_…_lo/hi   a date's interval, UTC, from (inclusive) to (exclusive)
--   others       folded names, FHIR codes, keys of referred rows that are there; what is copied of other rows (marked so) comes
--                from mychart-copies.sql

create table if not exists patient (
  key ctext primary key,
  pat_id ctext, pat_name ctext, pat_last_name ctext, pat_first_name ctext, pat_middle_name ctext,
  pat_title_c_name ctext, pat_name_suffix_c_name ctext, pat_mrn_id ctext, ssn ctext, birth_date ctext, sex_c_name ctext,
  ethnic_group_c_name ctext, language_c_name ctext, lang_care_c_name ctext, lang_writ_c_name ctext,
  city ctext, state_c_name ctext, county_c_name ctext, country_c_name ctext, zip ctext,
  tmp_city ctext, tmp_state_c_name ctext, tmp_zip ctext, tmp_addr_start_dt ctext, tmp_addr_end_dt ctext,
  home_phone ctext, work_phone ctext, email_address ctext, cur_pcp_prov_id ctext, cur_prim_loc_id ctext,
  death_date ctext, pat_status_c_name ctext, ped_mult_birth_ord ctext, ped_multi_birth_yn ctext,
  cg_last ctext, cg_first ctext, cg_middle ctext,
  cg_folded_last ctext, cg_folded_first ctext, cg_folded_middle ctext, cg_folded_prefix ctext, cg_folded_suffix ctext,
  cg_birth_lo timestamp, cg_birth_hi timestamp, cg_provider ctext, cg_organization ctext, cg_died ctext,
  -- of a day of death alone: when it began, in seconds since 1970; and if the clock changes on it, from when on by its hands, and
  -- when it would have begun by the other offset
  cg_death_day bigint, cg_death_turn bigint, cg_death_turned bigint, cg_death_begun bigint, cg_death_over bigint,
  -- copied, or made of what is copied: seconds since 1970
  cg_death_lo bigint, cg_death_hi bigint,
  -- copied: patient_2, patient_3, patient_4
  cg_death_tm ctext, cg_maiden ctext, cg_folded_maiden ctext, cg_preferred ctext, cg_folded_preferred ctext,
  cg_living ctext, cg_birth_sex ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_pat_id on patient (pat_id);
create index if not exists patient_pat_mrn_id on patient (pat_mrn_id);
create index if not exists patient_ssn on patient (ssn);
create index if not exists patient_last on patient (cg_folded_last, key);
create index if not exists patient_first on patient (cg_folded_first, key);
create index if not exists patient_middle on patient (cg_folded_middle);
create index if not exists patient_prefix on patient (cg_folded_prefix);
create index if not exists patient_suffix on patient (cg_folded_suffix);
create index if not exists patient_maiden on patient (cg_folded_maiden);
create index if not exists patient_preferred on patient (cg_folded_preferred);
create index if not exists patient_birth on patient (cg_birth_lo, key);
create index if not exists patient_gender on patient (lower(sex_c_name), key);
create index if not exists patient_provider on patient (cg_provider);
create index if not exists patient_organization on patient (cg_organization);
create index if not exists patient_updated on patient (cg_updated, key);
create index if not exists patient_status on patient (lower(pat_status_c_name), key);
create index if not exists patient_living on patient (lower(cg_living), key);
create index if not exists patient_death on patient (cg_death_lo, key);
create index if not exists patient_death_end on patient (cg_death_hi);
create index if not exists patient_died on patient (cg_died, key);
create index if not exists patient_language on patient (lower(language_c_name), key);
create index if not exists patient_lang_care on patient (lower(lang_care_c_name), key);
create index if not exists patient_lang_writ on patient (lower(lang_writ_c_name), key);
create index if not exists patient_cur_pcp_prov_id_told on patient (cur_pcp_prov_id, key) where cg_provider is null;
create index if not exists patient_cur_prim_loc_id_told on patient (cur_prim_loc_id, key) where cg_organization is null;

-- Terms: addresses and telephone numbers of the patient's own row as they go out, and folded, for searches.
create table if not exists patient_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists patient_terms_owner on patient_terms (owner);
create index if not exists patient_terms_raw on patient_terms (what, raw, owner);
create index if not exists patient_terms_folded on patient_terms (what, folded, owner);

create table if not exists patient_2 (
  key ctext primary key,
  pat_id ctext, death_tm ctext, maiden_name ctext,
  cg_maiden ctext, cg_folded_maiden ctext,
  -- the time of day of death, in seconds since midnight, and how long it lasts
  cg_death_clock bigint, cg_death_width bigint,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists patient_3 (
  key ctext primary key,
  pat_id ctext, preferred_name ctext,
  cg_folded_preferred ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists patient_4 (
  key ctext primary key,
  pat_id ctext, pat_living_stat_c_name ctext, sex_asgn_at_birth_c_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);

create table if not exists patient_race (
  key ctext primary key,
  pat_id ctext, line ctext, patient_race_c_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists pat_address (
  key ctext primary key,
  pat_id ctext, line ctext, address ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists pat_addr_chng_hx (
  key ctext primary key,
  pat_id ctext, line ctext, addr_hx_line1 ctext, addr_hx_line2 ctext, city_hx ctext, state_hx_c_name ctext, zip_hx ctext,
  eff_start_date ctext, eff_end_date ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists identity_id (
  key ctext primary key,
  pat_id ctext, line ctext, identity_id ctext, identity_type_id ctext, identity_type_id_id_type_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists other_communctn (
  key ctext primary key,
  pat_id ctext, line ctext, other_communic_c_name ctext, other_communic_num ctext, contact_priority ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
-- Ours: the rows of the five tables above, so that one statement brings all of a page of patients. `what` is the table; `system` and
-- `number` are those of identity_id.
create table if not exists patient_detail (
  owner ctext not null, cg_load bigint not null, pat_id ctext, what ctext not null, place ctext not null,
  system ctext, number ctext, text ctext, more ctext, city ctext, state ctext, zip ctext, starts ctext, ends ctext,
  race ctext, cg_text ctext, cg_more ctext, cg_city ctext, cg_state ctext, cg_state_out ctext, cg_zip ctext
);
create index if not exists patient_detail_owner on patient_detail (owner);
create index if not exists patient_detail_pat_id on patient_detail (pat_id);
create index if not exists patient_detail_number on patient_detail (number, system, pat_id);
create index if not exists patient_detail_race on patient_detail (race, what, pat_id);
create index if not exists patient_detail_text on patient_detail (cg_text, what, pat_id);
create index if not exists patient_detail_more on patient_detail (cg_more, what, pat_id);
create index if not exists patient_detail_city on patient_detail (cg_city, what, pat_id);
create index if not exists patient_detail_state on patient_detail (cg_state, what, pat_id);
create index if not exists patient_detail_zip on patient_detail (cg_zip, what, pat_id);
create index if not exists patient_detail_raw on patient_detail (text, what, pat_id);
create index if not exists patient_detail_what on patient_detail (what, pat_id);

create table if not exists pat_enc (
  key ctext primary key,
  pat_enc_csn_id ctext, pat_id ctext, contact_date ctext, effective_date_dttm ctext, visit_prov_id ctext, pcp_prov_id ctext,
  department_id ctext, primary_loc_id ctext, appt_status_c_name ctext, calculated_enc_stat_c_name ctext, enc_closed_yn ctext,
  hosp_admsn_time ctext, hosp_dischrg_time ctext, external_visit_id ctext, update_date ctext,
  -- 'maybe': a visit when other rows tell so
  cg_visit ctext,
  -- contacts of a patient in the order of time
  cg_filed ctext,
  cg_patient ctext, cg_provider ctext, cg_location ctext, cg_organization ctext, cg_status ctext, cg_zone ctext,
  -- where the row's own period begins and ends, and the period that is searched: the stay's times where there is one
  cg_begun timestamp, cg_ended timestamp, cg_start_lo timestamp, cg_end_hi timestamp,
  -- copied: pat_enc_hsp, pat_enc_2
  cg_class ctext, cg_admsn_time ctext, cg_disch_time ctext, cg_disch_disp ctext, cg_disch_words ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists pat_enc_csn on pat_enc (pat_enc_csn_id);
create index if not exists pat_enc_external on pat_enc (external_visit_id);
create index if not exists pat_enc_patient on pat_enc (cg_patient, key);
create index if not exists pat_enc_disposition on pat_enc (lower(cg_disch_disp), key);
create index if not exists pat_enc_provider on pat_enc (cg_provider);
create index if not exists pat_enc_location on pat_enc (cg_location);
create index if not exists pat_enc_organization on pat_enc (cg_organization);
-- Contacts that are no visits are of few statuses and many: an order by status must not walk through them.
create index if not exists pat_enc_status on pat_enc (cg_status, key) where cg_hold is null;
create index if not exists pat_enc_class on pat_enc (lower(cg_class), key);
create index if not exists pat_enc_start on pat_enc (cg_start_lo, key);
create index if not exists pat_enc_end on pat_enc (cg_end_hi);
create index if not exists pat_enc_updated on pat_enc (cg_updated, key);
create index if not exists pat_enc_disch_words on pat_enc (cg_disch_words, key);
create index if not exists pat_enc_department_id_told on pat_enc (department_id, key) where cg_location is null;
create index if not exists pat_enc_pat_id_told on pat_enc (pat_id, key) where cg_patient is null;
create index if not exists pat_enc_primary_loc_id_told on pat_enc (primary_loc_id, key) where cg_organization is null;
create index if not exists pat_enc_visit_prov_id_told on pat_enc (visit_prov_id, key) where cg_provider is null;

create table if not exists pat_enc_2 (
  key ctext primary key,
  pat_enc_csn_id ctext, adt_pat_class_c_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists pat_enc_hsp (
  key ctext primary key,
  pat_enc_csn_id ctext, adt_pat_class_c_name ctext, hosp_admsn_time ctext, hosp_disch_time ctext, disch_disp_c_name ctext, cg_disch_words ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
-- Ours: when a stay of pat_enc_hsp began and ended, UTC, by the zone that the contact's department may be in ('' for the source's).
create table if not exists hospital_time (
  owner ctext not null, cg_load bigint not null, edge ctext not null, zone ctext not null, at timestamp not null
);
create index if not exists hospital_time_owner on hospital_time (owner, edge, zone);
create table if not exists pat_enc_disp (
  key ctext primary key,
  pat_enc_csn_id ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists pat_enc_rsn_visit (
  key ctext primary key,
  pat_enc_csn_id ctext, line ctext, enc_reason_id ctext, enc_reason_name ctext, comments ctext,
  cg_place ctext, cg_words ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists pat_enc_rsn_visit_csn on pat_enc_rsn_visit (pat_enc_csn_id);
create index if not exists pat_enc_rsn_visit_reason on pat_enc_rsn_visit (enc_reason_id, pat_enc_csn_id);
create index if not exists pat_enc_rsn_visit_words on pat_enc_rsn_visit (cg_words, pat_enc_csn_id);
create table if not exists hno_info (
  key ctext primary key,
  note_id ctext, pat_enc_csn_id ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists hno_info_csn on hno_info (pat_enc_csn_id);

create table if not exists pat_enc_dx (
  key ctext primary key,
  pat_enc_csn_id ctext, line ctext, contact_date ctext, dx_id ctext, dx_name ctext, annotation ctext, comments ctext,
  dx_link_prob_id ctext,
  cg_encounter ctext, cg_recorded_lo timestamp, cg_recorded_hi timestamp,
  -- copied: the patient of the contact; status and onset of the linked problem of that patient
  cg_pat_id ctext, cg_patient ctext, cg_clinical ctext, cg_noted ctext, cg_noted_end ctext,
  cg_onset_lo timestamp, cg_onset_hi timestamp,
  -- always null: a visit's diagnosis has no end of its own
  cg_abated_lo timestamp, cg_abated_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists pat_enc_dx_csn on pat_enc_dx (pat_enc_csn_id);
create index if not exists pat_enc_dx_patient on pat_enc_dx (cg_patient, key);
create index if not exists pat_enc_dx_encounter on pat_enc_dx (cg_encounter);
create index if not exists pat_enc_dx_dx on pat_enc_dx (dx_id, key);
create index if not exists pat_enc_dx_clinical on pat_enc_dx (cg_clinical, key);
create index if not exists pat_enc_dx_onset on pat_enc_dx (cg_onset_lo, key);
create index if not exists pat_enc_dx_abated on pat_enc_dx (cg_abated_lo, key);
create index if not exists pat_enc_dx_recorded on pat_enc_dx (cg_recorded_lo, key);
create index if not exists pat_enc_dx_updated on pat_enc_dx (cg_updated, key);
create index if not exists pat_enc_dx_pat_id_told on pat_enc_dx (cg_pat_id, key) where cg_patient is null;

create table if not exists problem_list (
  key ctext primary key,
  problem_list_id ctext, dx_id ctext, dx_name ctext, description ctext, noted_date ctext, noted_end_date ctext,
  resolved_date ctext, date_of_entry ctext, entry_user_id ctext, problem_status_c_name ctext, problem_cmt ctext,
  cg_clinical ctext, cg_recorder ctext,
  cg_onset_lo timestamp, cg_onset_hi timestamp, cg_abated_lo timestamp, cg_abated_hi timestamp,
  -- copied: pat_problem_list, problem_list_hx
  cg_pat_id ctext, cg_patient ctext, cg_recorded ctext, cg_recorded_lo timestamp, cg_recorded_hi timestamp,
  -- always null: a problem is of no visit
  cg_encounter ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists problem_list_id on problem_list (problem_list_id);
create index if not exists problem_list_patient on problem_list (cg_patient, key);
create index if not exists problem_list_encounter on problem_list (cg_encounter) where cg_encounter is not null;
create index if not exists problem_list_dx on problem_list (dx_id, key);
create index if not exists problem_list_clinical on problem_list (cg_clinical, key);
create index if not exists problem_list_recorder on problem_list (cg_recorder);
create index if not exists problem_list_onset on problem_list (cg_onset_lo, key);
create index if not exists problem_list_abated on problem_list (cg_abated_lo, key);
create index if not exists problem_list_recorded on problem_list (cg_recorded_lo, key);
create index if not exists problem_list_updated on problem_list (cg_updated, key);
create index if not exists problem_list_pat_id_told on problem_list (cg_pat_id, key) where cg_patient is null;

create table if not exists pat_problem_list (
  key ctext primary key,
  pat_id ctext, line ctext, problem_list_id ctext,
  cg_patient ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists pat_problem_list_patient on pat_problem_list (cg_patient);
create index if not exists pat_problem_list_problem on pat_problem_list (problem_list_id, pat_id, cg_patient);
create table if not exists problem_list_hx (
  key ctext primary key,
  problem_list_id ctext, line ctext, hx_date_of_entry ctext,
  cg_recorded_lo timestamp, cg_recorded_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists problem_list_hx_line on problem_list_hx (problem_list_id, line);

create table if not exists clarity_edg (
  key ctext primary key,
  dx_id ctext, dx_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists clarity_eap (
  key ctext primary key,
  proc_id ctext, proc_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists edg_current_icd10 (
  key ctext primary key,
  dx_id ctext, line ctext, code ctext,
  cg_system ctext, cg_code ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists edg_current_icd9 (
  key ctext primary key,
  dx_id ctext, line ctext, code ctext,
  cg_system ctext, cg_code ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create table if not exists codes (
  key ctext primary key,
  source_system ctext, source_table ctext, source_code ctext, source_display ctext,
  target_system ctext, target_code ctext, target_display ctext, equivalence ctext,
  cg_system ctext, cg_code ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
-- Ours: what the five tables above say of a diagnosis (dx_id) or a procedure (proc_id). `coding` is the code where it is searched
-- and served as a coding; copied for lines of a series (edg_current_…), of which one alone is a coding and several are a combination.
create table if not exists mapped_code (
  owner ctext not null, cg_load bigint not null, dx_id ctext, proc_id ctext, place ctext not null,
  series ctext, system ctext not null, code ctext not null, display ctext, coding ctext
);
create index if not exists mapped_code_owner on mapped_code (owner);
create index if not exists mapped_code_dx on mapped_code (dx_id, series);
create index if not exists mapped_code_proc on mapped_code (proc_id);
create index if not exists mapped_code_coding on mapped_code (coding, system, dx_id, proc_id);

create table if not exists order_proc (
  key ctext primary key,
  order_proc_id ctext, pat_id ctext, pat_enc_csn_id ctext, order_type_c_name ctext, proc_id ctext, proc_name ctext,
  description ctext, display_name ctext, authrzing_prov_id ctext, billing_prov_id ctext, order_status_c_name ctext,
  proc_bgn_time ctext, proc_start_time ctext, proc_ending_time ctext, future_or_stand ctext,
  cg_patient ctext, cg_encounter ctext, cg_performer ctext, cg_provider ctext,
  cg_performed_lo timestamp, cg_performed_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists order_proc_id on order_proc (order_proc_id);
create index if not exists order_proc_patient on order_proc (cg_patient, key);
create index if not exists order_proc_encounter on order_proc (cg_encounter);
create index if not exists order_proc_provider on order_proc (cg_provider);
create index if not exists order_proc_code on order_proc (proc_id, key);
create index if not exists order_proc_performed on order_proc (cg_performed_lo, key);
create index if not exists order_proc_updated on order_proc (cg_updated, key);
create index if not exists order_proc_pat_id_told on order_proc (pat_id, key) where cg_patient is null;

create table if not exists surgical_hx (
  key ctext primary key,
  pat_enc_csn_id ctext, line ctext, proc_id ctext, proc_name ctext, surgical_hx_date ctext, surg_hx_start_dt ctext,
  surg_hx_end_dt ctext, surg_laterality_c_name ctext, comments ctext, proc_comments ctext, hx_lnk_enc_csn ctext,
  -- what makes rows of one patient the same surgery
  cg_same ctext,
  cg_encounter ctext, cg_performed_lo timestamp, cg_performed_hi timestamp,
  -- always null: who operated is not told
  cg_provider ctext,
  -- copied: the contact's patient and its place among the patient's contacts
  cg_pat_id ctext, cg_patient ctext, cg_filed ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists surgical_hx_csn on surgical_hx (pat_enc_csn_id);
create index if not exists surgical_hx_patient on surgical_hx (cg_patient, key);
create index if not exists surgical_hx_encounter on surgical_hx (cg_encounter);
create index if not exists surgical_hx_provider on surgical_hx (cg_provider) where cg_provider is not null;
create index if not exists surgical_hx_code on surgical_hx (proc_id, key);
create index if not exists surgical_hx_performed on surgical_hx (cg_performed_lo, key);
create index if not exists surgical_hx_updated on surgical_hx (cg_updated, key);
create index if not exists surgical_hx_pat_id_told on surgical_hx (cg_pat_id, key) where cg_patient is null;

create table if not exists or_log (
  key ctext primary key,
  log_id ctext, surgery_date ctext, pat_id ctext, status_c_name ctext, primary_phys_id ctext, proc_not_perf_c_name ctext,
  void_reason_c_name ctext,
  cg_status ctext, cg_patient ctext, cg_provider ctext, cg_performed_lo timestamp, cg_performed_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists or_log_id on or_log (log_id);
create index if not exists or_log_patient on or_log (cg_patient);
create index if not exists or_log_provider on or_log (cg_provider);
create table if not exists or_log_all_proc (
  key ctext primary key,
  log_id ctext, line ctext, or_proc_id ctext, or_proc_name ctext, lrb_c_name ctext, proc_eap_id ctext,
  -- copied: or_log
  cg_status ctext, cg_pat_id ctext, cg_patient ctext, cg_not_performed ctext, cg_surgery_date ctext, cg_physician ctext,
  cg_provider ctext, cg_performed_lo timestamp, cg_performed_hi timestamp,
  -- always null: the log of a case names no visit
  cg_encounter ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists or_log_all_proc_log on or_log_all_proc (log_id);
create index if not exists or_log_all_proc_patient on or_log_all_proc (cg_patient, key);
create index if not exists or_log_all_proc_encounter on or_log_all_proc (cg_encounter) where cg_encounter is not null;
create index if not exists or_log_all_proc_provider on or_log_all_proc (cg_provider);
create index if not exists or_log_all_proc_code on or_log_all_proc (or_proc_id, key);
create index if not exists or_log_all_proc_eap on or_log_all_proc (proc_eap_id, key);
create index if not exists or_log_all_proc_status on or_log_all_proc (cg_status, key);
create index if not exists or_log_all_proc_performed on or_log_all_proc (cg_performed_lo, key);
create index if not exists or_log_all_proc_updated on or_log_all_proc (cg_updated, key);
create index if not exists or_log_all_proc_pat_id_told on or_log_all_proc (cg_pat_id, key) where cg_patient is null;

create table if not exists clarity_ser (
  key ctext primary key,
  prov_id ctext, prov_name ctext, external_name ctext,
  cg_last ctext, cg_first ctext, cg_middle ctext, cg_suffix ctext,
  cg_folded_last ctext, cg_folded_first ctext, cg_folded_middle ctext, cg_folded_suffix ctext, cg_folded_text ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists clarity_ser_prov_id on clarity_ser (prov_id);
create index if not exists clarity_ser_last on clarity_ser (cg_folded_last, key);
create index if not exists clarity_ser_first on clarity_ser (cg_folded_first, key);
create index if not exists clarity_ser_middle on clarity_ser (cg_folded_middle);
create index if not exists clarity_ser_suffix on clarity_ser (cg_folded_suffix);
create index if not exists clarity_ser_text on clarity_ser (cg_folded_text);
create index if not exists clarity_ser_updated on clarity_ser (cg_updated, key);

create table if not exists clarity_emp (
  key ctext primary key,
  user_id ctext, name ctext,
  cg_last ctext, cg_first ctext, cg_middle ctext, cg_suffix ctext,
  cg_folded_last ctext, cg_folded_first ctext, cg_folded_middle ctext, cg_folded_suffix ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists clarity_emp_user_id on clarity_emp (user_id);
create index if not exists clarity_emp_last on clarity_emp (cg_folded_last, key);
create index if not exists clarity_emp_first on clarity_emp (cg_folded_first, key);
create index if not exists clarity_emp_middle on clarity_emp (cg_folded_middle);
create index if not exists clarity_emp_suffix on clarity_emp (cg_folded_suffix);
create index if not exists clarity_emp_updated on clarity_emp (cg_updated, key);

create table if not exists clarity_dep (
  key ctext primary key,
  department_id ctext, department_name ctext, external_name ctext,
  cg_name ctext, cg_folded_name ctext,
  -- copied: clarity_dep_4
  cg_dep_type ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists clarity_dep_id on clarity_dep (department_id);
create index if not exists clarity_dep_name on clarity_dep (cg_folded_name, key);
create index if not exists clarity_dep_updated on clarity_dep (cg_updated, key);
create table if not exists clarity_dep_4 (
  key ctext primary key,
  department_id ctext, dep_type_c_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);

create table if not exists clarity_loc (
  key ctext primary key,
  loc_id ctext, loc_name ctext,
  cg_name ctext, cg_folded_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists clarity_loc_id on clarity_loc (loc_id);
create index if not exists clarity_loc_name on clarity_loc (cg_folded_name, key);
create index if not exists clarity_loc_updated on clarity_loc (cg_updated, key);
