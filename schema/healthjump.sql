-- Healthjump: one table per entity, with the vendor's column names (API v3 and the bulk files), every cell as delivered.
-- Accepted by SQLite and PostgreSQL alike. `ctext` is text compared by code point: the loader makes it a domain on
-- PostgreSQL, SQLite reads it as text. Columns that begin with cg_ and `key` are ours, computed at load:
--   key          the row's key (see the ids section of the README)
--   cg_updated   last change, UTC: the vendor's change or creation time, else the time of the load
--   cg_modified  the vendor's change time, UTC; of two rows with one key the newest wins
--   cg_hash      content hash; an unchanged row is not written again
--   cg_file      the delivered file (cg_file.id)
--   cg_hold      null when the row is served, else why not
--   cg_…_lo/hi   a date's interval, UTC, from (inclusive) to (exclusive)
--   others       folded names, normalised codes, keys of referred rows that are there

create table if not exists demographic (
  key ctext primary key,
  demographicid ctext, client_id ctext, client_patient_id ctext, other_id ctext, account_id ctext, ssn ctext,
  first_name ctext, middle_name ctext, last_name ctext, prefix ctext, suffix ctext,
  dob ctext, gender ctext, birth_sex ctext, race ctext, ethnicity ctext, primary_language ctext,
  phone_number ctext, phone_ext ctext, phone_type ctext, second_number ctext, second_ext ctext, second_type ctext,
  first_email ctext, second_email ctext, death_indication ctext, death_date ctext,
  address_type ctext, address_line_1 ctext, address_line_2 ctext, city ctext, state ctext, zip ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_client ctext,
  cg_family ctext, cg_given ctext, cg_middle ctext, cg_prefix ctext, cg_suffix ctext,
  cg_birth_lo timestamp, cg_birth_hi timestamp, cg_death_lo timestamp, cg_death_hi timestamp, cg_deceased ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists demographic_client on demographic (cg_client);
create index if not exists demographic_demographicid on demographic (demographicid);
create index if not exists demographic_client_patient_id on demographic (client_patient_id);
create index if not exists demographic_other_id on demographic (other_id);
create index if not exists demographic_account_id on demographic (account_id);
create index if not exists demographic_ssn on demographic (ssn);
create index if not exists demographic_family on demographic (cg_family, key);
create index if not exists demographic_given on demographic (cg_given, key);
create index if not exists demographic_middle on demographic (cg_middle);
create index if not exists demographic_prefix on demographic (cg_prefix);
create index if not exists demographic_suffix on demographic (cg_suffix);
create index if not exists demographic_birth on demographic (cg_birth_lo, key);
create index if not exists demographic_death on demographic (cg_death_lo, key);
create index if not exists demographic_death_end on demographic (cg_death_hi);
create index if not exists demographic_deceased on demographic (cg_deceased, key);
create index if not exists demographic_language on demographic (lower(primary_language), key);
create index if not exists demographic_gender on demographic (lower(gender), key);
create index if not exists demographic_updated on demographic (cg_updated, key);

-- Terms: addresses, telephone numbers, races and the like as they go out, and folded, for searches. The same beside other tables.
create table if not exists demographic_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists demographic_terms_owner on demographic_terms (owner);
create index if not exists demographic_terms_raw on demographic_terms (what, raw, owner);
create index if not exists demographic_terms_folded on demographic_terms (what, folded, owner);

create table if not exists attribution (
  key ctext primary key,
  client_id ctext, patient_id ctext, provider_id ctext, location_id ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_patient ctext, cg_provider ctext, cg_location ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists attribution_patient on attribution (cg_patient);
create index if not exists attribution_provider on attribution (cg_provider);
create index if not exists attribution_location on attribution (cg_location);

create table if not exists client_ids (
  key ctext primary key,
  client_id ctext, name ctext, npi ctext, phone ctext,
  address_line_1 ctext, address_line_2 ctext, city ctext, state ctext, zip ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_name ctext, cg_npi ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists client_ids_client_id on client_ids (client_id);
create index if not exists client_ids_name on client_ids (cg_name, key);
create index if not exists client_ids_npi on client_ids (cg_npi);
create index if not exists client_ids_updated on client_ids (cg_updated, key);

create table if not exists client_ids_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists client_ids_terms_owner on client_ids_terms (owner);
create index if not exists client_ids_terms_raw on client_ids_terms (what, raw, owner);
create index if not exists client_ids_terms_folded on client_ids_terms (what, folded, owner);

-- Healthjump delivers no places; these rows are made of the ids that other rows refer to.
create table if not exists location (
  key ctext primary key,
  client_id ctext, location_id ctext, name ctext,
  cg_client ctext, cg_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists location_client on location (cg_client);
create index if not exists location_location_id on location (location_id);
create index if not exists location_name on location (cg_name, key);
create index if not exists location_updated on location (cg_updated, key);

create table if not exists provider (
  key ctext primary key,
  provider_id ctext, client_id ctext, npi ctext,
  first_name ctext, middle_name ctext, last_name ctext, prefix ctext, suffix ctext, specialty ctext,
  phone ctext, email ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_npi ctext, cg_family ctext, cg_given ctext, cg_middle ctext, cg_prefix ctext, cg_suffix ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists provider_provider_id on provider (provider_id);
create index if not exists provider_npi on provider (cg_npi);
create index if not exists provider_family on provider (cg_family, key);
create index if not exists provider_given on provider (cg_given, key);
create index if not exists provider_middle on provider (cg_middle);
create index if not exists provider_prefix on provider (cg_prefix);
create index if not exists provider_suffix on provider (cg_suffix);
create index if not exists provider_updated on provider (cg_updated, key);

create table if not exists provider_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists provider_terms_owner on provider_terms (owner);
create index if not exists provider_terms_raw on provider_terms (what, raw, owner);
create index if not exists provider_terms_folded on provider_terms (what, folded, owner);

create table if not exists encounter (
  key ctext primary key,
  encounterid ctext, encounter_id ctext, source_encounter_id ctext,
  client_id ctext, patient_id ctext, client_patient_id ctext,
  encounter_date ctext, encounter_time ctext, end_date ctext, end_time ctext,
  encounter_type ctext, status ctext, provider_id ctext, location_id ctext, reason ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_client ctext, cg_patient ctext, cg_provider ctext, cg_location ctext, cg_type ctext, cg_words ctext, cg_reason ctext,
  cg_start_lo timestamp, cg_end_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists encounter_encounterid on encounter (encounterid);
create index if not exists encounter_encounter_id on encounter (encounter_id);
create index if not exists encounter_source_encounter_id on encounter (source_encounter_id);
create index if not exists encounter_client on encounter (cg_client);
create index if not exists encounter_patient on encounter (cg_patient, key);
create index if not exists encounter_provider on encounter (cg_provider);
create index if not exists encounter_location on encounter (cg_location);
create index if not exists encounter_type on encounter (cg_type, key);
create index if not exists encounter_class on encounter (lower(cg_type), key);
create index if not exists encounter_status on encounter (lower(status), key);
create index if not exists encounter_start on encounter (cg_start_lo, key);
create index if not exists encounter_end on encounter (cg_end_hi);
create index if not exists encounter_updated on encounter (cg_updated, key);
create index if not exists encounter_words on encounter (cg_words, key);
create index if not exists encounter_reason on encounter (cg_reason, key);
create index if not exists encounter_patient_id_told on encounter (patient_id, key) where cg_patient is null;
create index if not exists encounter_client_patient_id_told on encounter (client_patient_id, key) where cg_patient is null;
create index if not exists encounter_location_id_told on encounter (location_id, key) where cg_location is null;
create index if not exists encounter_provider_id_told on encounter (provider_id, key) where cg_provider is null;

create table if not exists appointment (
  key ctext primary key,
  appointmentid ctext, appointment_id ctext, source_appointment_id ctext,
  client_id ctext, patient_id ctext, client_patient_id ctext,
  appointment_date ctext, appointment_time ctext, end_time ctext,
  appointment_type ctext, status ctext, provider_id ctext, location_id ctext, reason ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_client ctext, cg_patient ctext, cg_provider ctext, cg_location ctext, cg_type ctext, cg_words ctext, cg_reason ctext,
  cg_start_lo timestamp, cg_end_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists appointment_appointmentid on appointment (appointmentid);
create index if not exists appointment_appointment_id on appointment (appointment_id);
create index if not exists appointment_source_appointment_id on appointment (source_appointment_id);
create index if not exists appointment_client on appointment (cg_client);
create index if not exists appointment_patient on appointment (cg_patient, key);
create index if not exists appointment_provider on appointment (cg_provider);
create index if not exists appointment_location on appointment (cg_location);
create index if not exists appointment_type on appointment (cg_type, key);
create index if not exists appointment_class on appointment (lower(cg_type), key);
create index if not exists appointment_status on appointment (lower(status), key);
create index if not exists appointment_start on appointment (cg_start_lo, key);
create index if not exists appointment_end on appointment (cg_end_hi);
create index if not exists appointment_updated on appointment (cg_updated, key);
create index if not exists appointment_words on appointment (cg_words, key);
create index if not exists appointment_reason on appointment (cg_reason, key);
create index if not exists appointment_patient_id_told on appointment (patient_id, key) where cg_patient is null;
create index if not exists appointment_client_patient_id_told on appointment (client_patient_id, key) where cg_patient is null;
create index if not exists appointment_location_id_told on appointment (location_id, key) where cg_location is null;
create index if not exists appointment_provider_id_told on appointment (provider_id, key) where cg_provider is null;

create table if not exists diagnosis (
  key ctext primary key,
  diagnosisid ctext, diagnosis_id ctext, source_diagnosis_id ctext,
  client_id ctext, patient_id ctext, client_patient_id ctext, encounterid ctext, encounter_id ctext,
  diagnosis_code ctext, code_type ctext, description ctext,
  diagnosis_date ctext, onset_date ctext, resolved_date ctext, status ctext, provider_id ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_client ctext, cg_patient ctext, cg_encounter ctext, cg_provider ctext,
  cg_system ctext, cg_code ctext, cg_text ctext, cg_words ctext,
  cg_onset_lo timestamp, cg_onset_hi timestamp, cg_abated_lo timestamp, cg_abated_hi timestamp,
  cg_recorded_lo timestamp, cg_recorded_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists diagnosis_diagnosisid on diagnosis (diagnosisid);
create index if not exists diagnosis_diagnosis_id on diagnosis (diagnosis_id);
create index if not exists diagnosis_source_diagnosis_id on diagnosis (source_diagnosis_id);
create index if not exists diagnosis_client on diagnosis (cg_client);
create index if not exists diagnosis_patient on diagnosis (cg_patient, key);
create index if not exists diagnosis_encounter on diagnosis (cg_encounter);
create index if not exists diagnosis_provider on diagnosis (cg_provider);
create index if not exists diagnosis_code on diagnosis (cg_code, key);
create index if not exists diagnosis_status on diagnosis (lower(status), key);
create index if not exists diagnosis_onset on diagnosis (cg_onset_lo, key);
create index if not exists diagnosis_abated on diagnosis (cg_abated_lo, key);
create index if not exists diagnosis_recorded on diagnosis (cg_recorded_lo, key);
create index if not exists diagnosis_updated on diagnosis (cg_updated, key);
create index if not exists diagnosis_words on diagnosis (cg_words, key);
create index if not exists diagnosis_patient_id_told on diagnosis (patient_id, key) where cg_patient is null;
create index if not exists diagnosis_client_patient_id_told on diagnosis (client_patient_id, key) where cg_patient is null;
create index if not exists diagnosis_encounterid_told on diagnosis (encounterid, key) where cg_encounter is null;
create index if not exists diagnosis_encounter_id_told on diagnosis (encounter_id, key) where cg_encounter is null;

create table if not exists procedure (
  key ctext primary key,
  procedureid ctext, procedure_id ctext, source_procedure_id ctext,
  client_id ctext, patient_id ctext, client_patient_id ctext, encounterid ctext, encounter_id ctext,
  procedure_code ctext, code_type ctext, description ctext,
  procedure_date ctext, procedure_time ctext, status ctext, provider_id ctext,
  hj_create_timestamp ctext, hj_modify_timestamp ctext,
  cg_client ctext, cg_patient ctext, cg_encounter ctext, cg_provider ctext,
  cg_system ctext, cg_code ctext, cg_text ctext, cg_words ctext, cg_modifiers ctext,
  cg_performed_lo timestamp, cg_performed_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists procedure_procedureid on procedure (procedureid);
create index if not exists procedure_procedure_id on procedure (procedure_id);
create index if not exists procedure_source_procedure_id on procedure (source_procedure_id);
create index if not exists procedure_client on procedure (cg_client);
create index if not exists procedure_patient on procedure (cg_patient, key);
create index if not exists procedure_encounter on procedure (cg_encounter);
create index if not exists procedure_provider on procedure (cg_provider);
create index if not exists procedure_code on procedure (cg_code, key);
create index if not exists procedure_status on procedure (lower(status), key);
create index if not exists procedure_performed on procedure (cg_performed_lo, key);
create index if not exists procedure_updated on procedure (cg_updated, key);
create index if not exists procedure_words on procedure (cg_words, key);
create index if not exists procedure_patient_id_told on procedure (patient_id, key) where cg_patient is null;
create index if not exists procedure_client_patient_id_told on procedure (client_patient_id, key) where cg_patient is null;
create index if not exists procedure_encounterid_told on procedure (encounterid, key) where cg_encounter is null;
create index if not exists procedure_encounter_id_told on procedure (encounter_id, key) where cg_encounter is null;
create index if not exists procedure_provider_id_told on procedure (provider_id, key) where cg_provider is null;

-- Kept whole, not served yet.
create table if not exists vitals (
  key ctext primary key,
  client_id ctext, patient_id ctext, service_date ctext, service_time ctext,
  height_cm ctext, height_in ctext, height_comment ctext, weight_kg ctext, weight_lbs ctext, weight_comment ctext,
  temperature_c ctext, temperature_f ctext, temperature_comment ctext, pulse ctext, pulse_comment ctext,
  respiration ctext, respiration_comment ctext, bp_systolic ctext, bp_diastolic ctext, bp_comment ctext,
  oxygen_saturation ctext, oxygen_comment ctext, bmi ctext, bmi_comment ctext, clinician ctext,
  encounter_id ctext, comment ctext, hj_create_timestamp ctext, hj_modify_timestamp ctext,
  client_vitals_id ctext, row_hash ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
