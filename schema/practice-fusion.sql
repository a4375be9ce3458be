-- Practice Fusion (EHI export, data dictionary v9): one table per file, named like the file with _ for -, with the vendor's
-- column names in lower case and every cell as delivered. Of wide files only the columns that are read: not the notes' text.
-- Accepted by SQLite and PostgreSQL alike. `ctext` is text compared by code point: the loader makes it a domain on
-- PostgreSQL, SQLite reads it as text. Columns that begin with cg_ and `key` are ours, computed at load:
--   key          the row's key (see the ids section of the README)
--   cg_updated   last change, UTC: the vendor's, else the time of the load
--   cg_modified  the vendor's change time, UTC; of two rows with one key the newest wins
--   cg_hash      content hash; an unchanged row is not written again
--   cg_file      the delivered file (cg_file.id)
--   cg_hold      null when the row is served, else why not
--   cg_guid      the row's own GUID in small letters; the vendor writes them in either
--   cg_told_…    a GUID that the row refers to, in small letters; without told: the key of that row, when it is there
--   cg_…_lo/hi   a date's interval, UTC, from (inclusive) to (exclusive)
--   others       folded names, FHIR codes, what practice-fusion-holds.sql and practice-fusion-copies.sql bring

create table if not exists patient_demographics (
  key ctext primary key,
  patientpracticeguid ctext, ssn ctext,
  nameprefix ctext, firstname ctext, middlename ctext, lastname ctext, namesuffix ctext, preferredname ctext,
  secondlastname ctext, previousfirstname ctext, previousmiddlename ctext, previouslastname ctext,
  previousnameenddate ctext,
  gender ctext, birthdate ctext, isactive ctext, mothersmaidenname ctext, deathdate ctext, ismultiplebirth ctext,
  birthsequence ctext, preferredlanguage ctext,
  address1 ctext, address2 ctext, addresscity ctext, addressstate ctext, addresszipcode ctext, addresscountry ctext,
  addressstartdate ctext, addressenddate ctext,
  previousaddress1 ctext, previousaddress2 ctext, previousaddresscity ctext, previousaddressstate ctext,
  previousaddresszipcode ctext, previousaddresscountry ctext, previousaddressstartdate ctext,
  previousaddressenddate ctext,
  officephone ctext, officephoneextension ctext, homephone ctext, mobilephone ctext, email ctext,
  patientcreateddatetimeutc ctext, lastmodifieddatetimeutc ctext, lastmodifiedbyuserguid ctext,
  cg_guid ctext, cg_last ctext, cg_family ctext, cg_given ctext, cg_middle ctext, cg_prefix ctext, cg_suffix ctext,
  cg_usual ctext, cg_old_family ctext, cg_old_given ctext, cg_old_middle ctext,
  cg_birth_lo timestamp, cg_birth_hi timestamp, cg_practice ctext,
  cg_death_lo timestamp, cg_death_hi timestamp, cg_deceased ctext, cg_active ctext,
  -- Nobody's: the export does not say whose patient somebody is, and searches for it find nobody.
  cg_clinician ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_demographics_guid on patient_demographics (cg_guid);
create index if not exists patient_demographics_ssn on patient_demographics (ssn);
create index if not exists patient_demographics_family on patient_demographics (cg_family, key);
create index if not exists patient_demographics_given on patient_demographics (cg_given, key);
create index if not exists patient_demographics_middle on patient_demographics (cg_middle);
create index if not exists patient_demographics_prefix on patient_demographics (cg_prefix);
create index if not exists patient_demographics_suffix on patient_demographics (cg_suffix);
create index if not exists patient_demographics_usual on patient_demographics (cg_usual);
create index if not exists patient_demographics_old_family on patient_demographics (cg_old_family);
create index if not exists patient_demographics_old_given on patient_demographics (cg_old_given);
create index if not exists patient_demographics_old_middle on patient_demographics (cg_old_middle);
create index if not exists patient_demographics_birth on patient_demographics (cg_birth_lo, key);
create index if not exists patient_demographics_gender on patient_demographics (lower(gender), key);
create index if not exists patient_demographics_practice on patient_demographics (cg_practice, key);
create index if not exists patient_demographics_clinician on patient_demographics (cg_clinician);
create index if not exists patient_demographics_updated on patient_demographics (cg_updated, key);
create index if not exists patient_demographics_death on patient_demographics (cg_death_lo, key);
create index if not exists patient_demographics_death_end on patient_demographics (cg_death_hi);
create index if not exists patient_demographics_deceased on patient_demographics (cg_deceased, key);
create index if not exists patient_demographics_active on patient_demographics (cg_active, key);
create index if not exists patient_demographics_language on patient_demographics (lower(preferredlanguage), key);

-- Terms: addresses and telephone numbers as they go out, and folded, for searches. The same beside other tables.
create table if not exists patient_demographics_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists patient_demographics_terms_owner on patient_demographics_terms (owner);
create index if not exists patient_demographics_terms_raw on patient_demographics_terms (what, raw, owner);
create index if not exists patient_demographics_terms_folded on patient_demographics_terms (what, folded, owner);

create table if not exists patient_race (
  key ctext primary key,
  patientpracticeguid ctext, racename ctext, cdcuniqueidentifier ctext,
  provenanceehruserguid ctext, provenancedatetimeutc ctext,
  lastmodifiedbyuserguid ctext, lastmodifieddatetimeutc ctext,
  cg_told_patient ctext, cg_patient ctext, cg_code ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_race_patient on patient_race (cg_patient);
create index if not exists patient_race_code on patient_race (cg_code, cg_patient);

create table if not exists patient_ethnicity (
  key ctext primary key,
  patientpracticeguid ctext, ethnicityname ctext, cdcuniqueidentifier ctext,
  provenanceehruserguid ctext, provenancedatetimeutc ctext,
  lastmodifiedbyuserguid ctext, lastmodifieddatetimeutc ctext,
  cg_told_patient ctext, cg_patient ctext, cg_code ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_ethnicity_patient on patient_ethnicity (cg_patient);
create index if not exists patient_ethnicity_code on patient_ethnicity (cg_code, cg_patient);

-- Of the bills only what tells record numbers and NPIs.
create table if not exists patient_superbills (
  key ctext primary key,
  superbillguid ctext, patientpracticeguid ctext, encounterguid ctext, patientcontactcode ctext,
  performingproviderprofileguid ctext, performingprovidernpi ctext,
  cg_told_patient ctext, cg_patient ctext, cg_profile ctext, cg_npi ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_superbills_patient on patient_superbills (cg_patient, patientcontactcode);
create index if not exists patient_superbills_number on patient_superbills (patientcontactcode, cg_patient);
create index if not exists patient_superbills_profile on patient_superbills (cg_profile, cg_npi);

create table if not exists practice (
  key ctext primary key,
  practiceguid ctext, name ctext, address1 ctext, address2 ctext, city ctext, state ctext, zipcode ctext, phone ctext,
  cg_guid ctext, cg_name ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists practice_guid on practice (cg_guid);
create index if not exists practice_name on practice (cg_name, key);
create index if not exists practice_updated on practice (cg_updated, key);

create table if not exists practice_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists practice_terms_owner on practice_terms (owner);
create index if not exists practice_terms_raw on practice_terms (what, raw, owner);
create index if not exists practice_terms_folded on practice_terms (what, folded, owner);

create table if not exists facilities (
  key ctext primary key,
  facilityguid ctext, name ctext, address1 ctext, address2 ctext, address3 ctext, city ctext, state ctext,
  zipcode ctext, county ctext, officephone ctext, officefax ctext,
  cg_guid ctext, cg_name ctext, cg_practice ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists facilities_guid on facilities (cg_guid);
create index if not exists facilities_name on facilities (cg_name, key);
create index if not exists facilities_practice on facilities (cg_practice);
create index if not exists facilities_updated on facilities (cg_updated, key);

create table if not exists facilities_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists facilities_terms_owner on facilities_terms (owner);
create index if not exists facilities_terms_raw on facilities_terms (what, raw, owner);
create index if not exists facilities_terms_folded on facilities_terms (what, folded, owner);

-- The three key spaces of clinicians. cg_person and cg_initial are what tells that two rows are one person.
create table if not exists providers (
  key ctext primary key,
  providerguid ctext, title ctext, firstname ctext, middlename ctext, lastname ctext, suffix ctext,
  cg_guid ctext, cg_family ctext, cg_given ctext, cg_middle ctext, cg_prefix ctext, cg_suffix ctext,
  cg_person ctext, cg_initial ctext, cg_profile ctext, cg_user ctext, cg_npi ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists providers_guid on providers (cg_guid);
create index if not exists providers_person on providers (cg_person);
create index if not exists providers_profile on providers (cg_profile);
create index if not exists providers_user on providers (cg_user);
create index if not exists providers_npi on providers (cg_npi);
create index if not exists providers_family on providers (cg_family, key);
create index if not exists providers_given on providers (cg_given, key);
create index if not exists providers_middle on providers (cg_middle);
create index if not exists providers_prefix on providers (cg_prefix);
create index if not exists providers_suffix on providers (cg_suffix);
create index if not exists providers_updated on providers (cg_updated, key);

create table if not exists provider_profiles (
  key ctext primary key,
  profileguid ctext, title ctext, firstname ctext, middlename ctext, lastname ctext, suffix ctext,
  cg_guid ctext, cg_family ctext, cg_given ctext, cg_middle ctext, cg_prefix ctext, cg_suffix ctext,
  cg_person ctext, cg_initial ctext, cg_provider ctext, cg_npi ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists provider_profiles_guid on provider_profiles (cg_guid);
create index if not exists provider_profiles_person on provider_profiles (cg_person);
create index if not exists provider_profiles_provider on provider_profiles (cg_provider);
create index if not exists provider_profiles_npi on provider_profiles (cg_npi);
create index if not exists provider_profiles_family on provider_profiles (cg_family, key);
create index if not exists provider_profiles_given on provider_profiles (cg_given, key);
create index if not exists provider_profiles_middle on provider_profiles (cg_middle);
create index if not exists provider_profiles_prefix on provider_profiles (cg_prefix);
create index if not exists provider_profiles_suffix on provider_profiles (cg_suffix);
create index if not exists provider_profiles_updated on provider_profiles (cg_updated, key);

create table if not exists users (
  key ctext primary key,
  userguid ctext, title ctext, firstname ctext, middleinitial ctext, lastname ctext, suffix ctext,
  cg_guid ctext, cg_family ctext, cg_given ctext, cg_middle ctext, cg_prefix ctext, cg_suffix ctext,
  cg_person ctext, cg_initial ctext, cg_provider ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists users_guid on users (cg_guid);
create index if not exists users_person on users (cg_person);
create index if not exists users_provider on users (cg_provider);
create index if not exists users_family on users (cg_family, key);
create index if not exists users_given on users (cg_given, key);
create index if not exists users_middle on users (cg_middle);
create index if not exists users_prefix on users (cg_prefix);
create index if not exists users_suffix on users (cg_suffix);
create index if not exists users_updated on users (cg_updated, key);

create table if not exists patient_encounters (
  key ctext primary key,
  patientpracticeguid ctext, encounterguid ctext, dateofservice ctext, chiefcomplaint ctext,
  signedbyproviderguid ctext, signeddatetimeutc ctext, facilityguid ctext, seenbyproviderguid ctext,
  chartnotetype ctext, issoapnote ctext, isvirtualvisit ctext, ispsychotherapynote ctext,
  lastmodifiedbyproviderguid ctext, lastmodifieddatetimeutc ctext,
  cg_guid ctext, cg_told_patient ctext, cg_patient ctext, cg_told_seen ctext, cg_seen ctext, cg_told_signed ctext,
  cg_signed ctext, cg_told_place ctext, cg_place ctext, cg_type ctext, cg_words ctext, cg_reason ctext, cg_attends ctext, cg_restricted ctext, cg_status ctext, cg_class ctext,
  cg_start_lo timestamp, cg_end_hi timestamp, cg_practice ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_encounters_guid on patient_encounters (cg_guid);
create index if not exists patient_encounters_patient on patient_encounters (cg_patient, key);
create index if not exists patient_encounters_seen on patient_encounters (cg_seen);
create index if not exists patient_encounters_signed on patient_encounters (cg_signed);
create index if not exists patient_encounters_place on patient_encounters (cg_place);
create index if not exists patient_encounters_practice on patient_encounters (cg_practice, key);
create index if not exists patient_encounters_type on patient_encounters (cg_type, key);
create index if not exists patient_encounters_status on patient_encounters (cg_status, key);
create index if not exists patient_encounters_class on patient_encounters (cg_class, key);
create index if not exists patient_encounters_start on patient_encounters (cg_start_lo, key);
create index if not exists patient_encounters_end on patient_encounters (cg_end_hi);
create index if not exists patient_encounters_updated on patient_encounters (cg_updated, key);
create index if not exists patient_encounters_attends on patient_encounters (cg_attends, key);
create index if not exists patient_encounters_restricted on patient_encounters (cg_restricted, key);
create index if not exists patient_encounters_reason on patient_encounters (cg_reason, key);
create index if not exists patient_encounters_words on patient_encounters (cg_words, key);
create index if not exists patient_encounters_patient_told on patient_encounters (cg_told_patient, key) where cg_patient is null;
create index if not exists patient_encounters_place_told on patient_encounters (cg_told_place, key) where cg_place is null;
create index if not exists patient_encounters_seen_told on patient_encounters (cg_told_seen, key) where cg_seen is null;
create index if not exists patient_encounters_signed_told on patient_encounters (cg_told_signed, key) where cg_signed is null;

create table if not exists patient_appointments (
  key ctext primary key,
  appointmentguid ctext, patientpracticeguid ctext, providerguid ctext, facilityguid ctext, startdatetime ctext,
  enddatetime ctext, noshoworcancellationreason ctext, chiefcomplaint ctext, appointmenttype ctext,
  appointmentstatus ctext, encounterguid ctext, lastmodifiedbyproviderguid ctext, lastmodifieddatetimeutc ctext,
  cg_guid ctext, cg_told_patient ctext, cg_patient ctext, cg_told_provider ctext, cg_provider ctext,
  cg_told_place ctext, cg_place ctext, cg_told_visit ctext, cg_zone ctext, cg_type ctext, cg_words ctext, cg_reason ctext, cg_status ctext,
  cg_class ctext, cg_start_lo timestamp, cg_end_hi timestamp, cg_practice ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_appointments_guid on patient_appointments (cg_guid);
create index if not exists patient_appointments_visit on patient_appointments (cg_told_visit);
create index if not exists patient_appointments_patient on patient_appointments (cg_patient, key);
create index if not exists patient_appointments_provider on patient_appointments (cg_provider);
create index if not exists patient_appointments_place on patient_appointments (cg_place);
create index if not exists patient_appointments_practice on patient_appointments (cg_practice, key);
create index if not exists patient_appointments_type on patient_appointments (cg_type, key);
create index if not exists patient_appointments_status on patient_appointments (cg_status, key);
create index if not exists patient_appointments_class on patient_appointments (cg_class, key);
create index if not exists patient_appointments_start on patient_appointments (cg_start_lo, key);
create index if not exists patient_appointments_end on patient_appointments (cg_end_hi);
create index if not exists patient_appointments_updated on patient_appointments (cg_updated, key);
create index if not exists patient_appointments_reason on patient_appointments (cg_reason, key);
create index if not exists patient_appointments_words on patient_appointments (cg_words, key);
create index if not exists patient_appointments_patient_told on patient_appointments (cg_told_patient, key) where cg_patient is null;
create index if not exists patient_appointments_place_told on patient_appointments (cg_told_place, key) where cg_place is null;
create index if not exists patient_appointments_provider_told on patient_appointments (cg_told_provider, key) where cg_provider is null;

create table if not exists patient_diagnoses (
  key ctext primary key,
  patientpracticeguid ctext, diagnosisguid ctext, diagnosis ctext, diagnosiscodeequivalents ctext,
  diagnosisacuity ctext, startdate ctext, stopdate ctext, comments ctext, commententeredbyproviderguid ctext,
  commententereddatetimeutc ctext, provenanceehruserguid ctext, provenancedatetimeutc ctext,
  lastmodifiedbyuserguid ctext, lastmodifieddatetimeutc ctext,
  cg_guid ctext, cg_told_patient ctext, cg_patient ctext, cg_told_recorder ctext, cg_told_author ctext,
  cg_author ctext, cg_text ctext, cg_words ctext, cg_clinical ctext,
  cg_onset_lo timestamp, cg_onset_hi timestamp, cg_abated_lo timestamp, cg_abated_hi timestamp,
  cg_recorded_lo timestamp, cg_recorded_hi timestamp, cg_recorder ctext, cg_recorder_user ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_diagnoses_guid on patient_diagnoses (cg_guid);
create index if not exists patient_diagnoses_patient on patient_diagnoses (cg_patient, key);
create index if not exists patient_diagnoses_recorder on patient_diagnoses (cg_told_recorder);
create index if not exists patient_diagnoses_author on patient_diagnoses (cg_author);
create index if not exists patient_diagnoses_clinical on patient_diagnoses (cg_clinical, key);
create index if not exists patient_diagnoses_onset on patient_diagnoses (cg_onset_lo, key);
create index if not exists patient_diagnoses_abated on patient_diagnoses (cg_abated_lo, key);
create index if not exists patient_diagnoses_recorded on patient_diagnoses (cg_recorded_lo, key);
create index if not exists patient_diagnoses_updated on patient_diagnoses (cg_updated, key);
create index if not exists patient_diagnoses_words on patient_diagnoses (cg_words, key);
create index if not exists patient_diagnoses_patient_told on patient_diagnoses (cg_told_patient, key) where cg_patient is null;

-- The codes of DiagnosisCodeEquivalents, one per row. Ours.
create table if not exists patient_diagnosis_codes (
  owner ctext not null, cg_load bigint not null, system ctext not null, code ctext not null
);
create index if not exists patient_diagnosis_codes_owner on patient_diagnosis_codes (owner);
create index if not exists patient_diagnosis_codes_code on patient_diagnosis_codes (code, system, owner);
create index if not exists patient_diagnosis_codes_system on patient_diagnosis_codes (system, code, owner);

create table if not exists patient_encounter_diagnoses (
  key ctext primary key,
  patientpracticeguid ctext, encounterguid ctext, diagnosisguid ctext, comments ctext,
  lastmodifiedbyuserguid ctext, lastmodifieddatetimeutc ctext,
  cg_guid ctext, cg_told_patient ctext, cg_patient ctext, cg_told_visit ctext, cg_visit ctext, cg_diagnosis ctext,
  cg_text ctext, cg_words ctext, cg_clinical ctext,
  cg_onset_lo timestamp, cg_onset_hi timestamp, cg_abated_lo timestamp, cg_abated_hi timestamp,
  cg_recorded_lo timestamp, cg_recorded_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_encounter_diagnoses_guid on patient_encounter_diagnoses (cg_guid);
create index if not exists patient_encounter_diagnoses_diagnosis on patient_encounter_diagnoses (cg_diagnosis);
create index if not exists patient_encounter_diagnoses_patient on patient_encounter_diagnoses (cg_patient, key);
create index if not exists patient_encounter_diagnoses_visit on patient_encounter_diagnoses (cg_visit);
create index if not exists patient_encounter_diagnoses_clinical on patient_encounter_diagnoses (cg_clinical, key);
create index if not exists patient_encounter_diagnoses_onset on patient_encounter_diagnoses (cg_onset_lo, key);
create index if not exists patient_encounter_diagnoses_abated on patient_encounter_diagnoses (cg_abated_lo, key);
create index if not exists patient_encounter_diagnoses_recorded on patient_encounter_diagnoses (cg_recorded_lo, key);
create index if not exists patient_encounter_diagnoses_updated on patient_encounter_diagnoses (cg_updated, key);
create index if not exists patient_encounter_diagnoses_words on patient_encounter_diagnoses (cg_words, key);
create index if not exists patient_encounter_diagnoses_patient_told on patient_encounter_diagnoses (cg_told_patient, key) where cg_patient is null;

-- Statements that nothing is known: kept whole, not served.
create table if not exists patient_conditions (
  key ctext primary key,
  patientpracticeguid ctext, conditionname ctext, provenanceehruserguid ctext, provenancedatetimeutc ctext,
  lastmodifiedbyuserguid ctext, lastmodifieddatetimeutc ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);

create table if not exists patient_encounter_procedures (
  key ctext primary key,
  patientpracticeguid ctext, encounterguid ctext, procedureguid ctext, orderedencountereventguid ctext,
  performedencountereventguid ctext, onbehalfofproviderguid ctext, createdbyproviderguid ctext,
  lastmodifiedbyproviderguid ctext, createddatetimeutc ctext, lastmodifieddatetimeutc ctext, procedurename ctext,
  procedurecode ctext, procedurecodesystem ctext, procedurestatus ctext, procedureperformedstatus ctext,
  ordernote ctext, ordereddatetimeutc ctext,
  cg_guid ctext, cg_told_patient ctext, cg_patient ctext, cg_told_visit ctext, cg_visit ctext, cg_told_event ctext,
  cg_event ctext, cg_told_order ctext, cg_told_performer ctext, cg_performer ctext, cg_told_recorder ctext,
  cg_recorder ctext, cg_system ctext, cg_code ctext, cg_text ctext, cg_words ctext, cg_modifiers ctext, cg_told_status ctext,
  cg_status ctext, cg_performed_lo timestamp, cg_performed_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_encounter_procedures_guid on patient_encounter_procedures (cg_guid);
create index if not exists patient_encounter_procedures_patient on patient_encounter_procedures (cg_patient, key);
create index if not exists patient_encounter_procedures_visit on patient_encounter_procedures (cg_visit);
create index if not exists patient_encounter_procedures_told_event on patient_encounter_procedures (cg_told_event);
create index if not exists patient_encounter_procedures_event on patient_encounter_procedures (cg_event);
create index if not exists patient_encounter_procedures_order on patient_encounter_procedures (cg_told_order);
create index if not exists patient_encounter_procedures_performer on patient_encounter_procedures (cg_performer);
create index if not exists patient_encounter_procedures_recorder on patient_encounter_procedures (cg_recorder);
create index if not exists patient_encounter_procedures_code on patient_encounter_procedures (cg_code, key);
create index if not exists patient_encounter_procedures_status on patient_encounter_procedures (cg_status, key);
create index if not exists patient_encounter_procedures_performed on patient_encounter_procedures (cg_performed_lo, key);
create index if not exists patient_encounter_procedures_updated on patient_encounter_procedures (cg_updated, key);
create index if not exists patient_encounter_procedures_words on patient_encounter_procedures (cg_words, key);
create index if not exists patient_encounter_procedures_patient_told on patient_encounter_procedures (cg_told_patient, key) where cg_patient is null;
create index if not exists patient_encounter_procedures_performer_told on patient_encounter_procedures (cg_told_performer, key) where cg_performer is null;
create index if not exists patient_encounter_procedures_visit_told on patient_encounter_procedures (cg_told_visit, key) where cg_visit is null;

-- Of the events only what tells when a procedure was performed, and whether.
create table if not exists patient_encounter_events (
  key ctext primary key,
  encountereventguid ctext, encounterguid ctext, patientpracticeguid ctext, startdatetimeutc ctext,
  enddatetimeutc ctext, isnegated ctext, eventreasoncodesystem ctext, eventreasoncode ctext, eventreasonname ctext,
  eventreasonisnegated ctext, lastmodifieddatetimeutc ctext,
  cg_guid ctext, cg_told_patient ctext, cg_negated ctext, cg_lo timestamp, cg_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patient_encounter_events_guid on patient_encounter_events (cg_guid);

-- Vital signs: kept whole, not served yet.
create table if not exists patient_encounter_observations (
  key ctext primary key,
  patientpracticeguid ctext, encounterguid ctext, observationsetguid ctext, observationcodesystem ctext,
  observationcode ctext, unitofobservation ctext, valuetype ctext, value ctext, observationdatetimeutc ctext,
  comment ctext, lastmodifiedbyproviderguid ctext, lastmodifieddatetimeutc ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
