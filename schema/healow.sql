-- Healthsoft / healow: the eClinicalWorks tables that are mapped, with the vendor's names in lower case. Of each table only the
-- columns that are read, every cell as delivered (`0` in a reference is no cell).
-- Accepted by SQLite and PostgreSQL alike. `ctext` is text compared by code point: the loader makes it a domain on
-- PostgreSQL, SQLite reads it as text. Columns that begin with cg_ and `key` are ours:
--   key          the vendor's number of the row
--   cg_updated   last change, UTC: the vendor's change or creation time, else the time of the load
--   cg_modified  the vendor's change time, UTC; of two rows with one key the newest wins
--   cg_hash      content hash; an unchanged row is not written again
--   cg_file      the delivered file (cg_file.id)
--   cg_hold      null when the row is served, else why not; what other rows decide of it is in healow-holds.sql
--   cg_…_lo/hi   a date's interval, UTC, from (inclusive) to (exclusive): days and less in the source's zone, times in cg_zone
-- What the others hold stands beside them. (L): computed at load from the row's own cells and the profile;
-- (C): copied from other rows by healow-copies.sql; (R): the key of the row referred to, null when that is not served.
-- A flag is set when its cell is 1, true, y or yes, in any letter case.

-- Everybody: patients, clinicians, staff, rooms.
create table if not exists users (
  key ctext primary key,
  uid ctext, ufname ctext, uminitial ctext, ulname ctext, prefix ctext, suffix ctext,
  upreviousname ctext, preferredname ctext, dob ctext, ptdob ctext, sex ctext, emrsex ctext,
  upaddress ctext, upaddress2 ctext, upcity ctext, upstate ctext, zipcode ctext, countrycode ctext, county ctext,
  upphone ctext, umobileno ctext, uemail ctext, ssn ctext,
  usertype ctext, status ctext, delflag ctext, isresource ctext, cdate ctext, mdate ctext,
  cg_type ctext,          -- (L) usertype by the code map user_type: patient, practitioner; null for neither
  cg_kind ctext,          -- patient or practitioner: as the one of patients and doctors says that has a row, else cg_type (holds)
  cg_patient ctext,       -- uid when cg_kind is patient (holds)
  cg_clinician ctext,     -- uid when cg_kind is practitioner (holds)
  cg_provider ctext,      -- (C) patients.cg_provider
  cg_doctorid ctext,      -- (C) patients.doctorid
  cg_client ctext,        -- (C) patients.cg_client; without a row there (L) the profile's client_id
  cg_controlno ctext,     -- (C) patients.controlno
  cg_hl7id ctext,         -- (C) patients.hl7id
  cg_printname ctext,     -- (C) doctors.printname
  cg_print ctext,         -- (C) doctors.cg_print
  cg_doctornpi ctext,     -- (C) doctors.npi
  cg_npi ctext,           -- (C) doctors.cg_npi
  cg_family ctext,        -- (L) ulname, folded
  cg_given ctext,         -- (L) ufname, folded
  cg_middle ctext,        -- (L) uminitial, folded
  cg_prefix ctext,        -- (L) prefix, folded
  cg_suffix ctext,        -- (L) suffix, folded
  cg_previous ctext,      -- (L) upreviousname, folded
  cg_preferred ctext,     -- (L) preferredname, folded
  cg_birth_lo timestamp,  -- (L) ptdob, else dob, as a calendar day without zone
  cg_birth_hi timestamp,
  cg_death_lo timestamp,  -- (C) patients.cg_death_lo
  cg_death_hi timestamp,
  cg_deceased ctext,      -- (C) patients.cg_deceased; without a row there (L) false
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists users_uid on users (uid);
create index if not exists users_patient on users (cg_patient);
create index if not exists users_clinician on users (cg_clinician);
create index if not exists users_kind on users (cg_kind, key);
create index if not exists users_controlno on users (cg_controlno);
create index if not exists users_hl7id on users (cg_hl7id);
create index if not exists users_ssn on users (ssn);
create index if not exists users_npi on users (cg_npi);
create index if not exists users_provider on users (cg_provider);
create index if not exists users_client on users (cg_client);
create index if not exists users_family on users (cg_family, key);
create index if not exists users_given on users (cg_given, key);
create index if not exists users_middle on users (cg_middle);
create index if not exists users_prefix on users (cg_prefix);
create index if not exists users_suffix on users (cg_suffix);
create index if not exists users_previous on users (cg_previous);
create index if not exists users_preferred on users (cg_preferred);
create index if not exists users_print on users (cg_print);
create index if not exists users_birth on users (cg_birth_lo, key);
create index if not exists users_gender on users (lower(sex), key);
create index if not exists users_updated on users (cg_updated, key);
create index if not exists users_kind_updated on users (cg_kind, cg_updated, key);
create index if not exists users_status on users (status, key);
create index if not exists users_death on users (cg_death_lo, key);
create index if not exists users_death_end on users (cg_death_hi);
create index if not exists users_deceased on users (cg_deceased, key);
create index if not exists users_doctorid_told on users (cg_doctorid, key) where cg_provider is null;

-- Terms (L): addresses and telephone numbers as they go out, and folded, for searches. The same beside other tables.
create table if not exists users_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists users_terms_owner on users_terms (owner);
create index if not exists users_terms_raw on users_terms (what, raw, owner);
create index if not exists users_terms_folded on users_terms (what, folded, owner);

-- What users does not say of patients; part of Patient.
create table if not exists patients (
  key ctext primary key,
  pid ctext, controlno ctext, doctorid ctext, straddress ctext, straddress2 ctext, city ctext, state ctext, zip ctext,
  maritalstatus ctext, deceased ctext, deceaseddate ctext, language ctext, race ctext, ethnicity ctext,
  hl7id ctext, pmcid ctext,
  cg_provider ctext,      -- (R) doctorid: the clinician of users
  cg_client ctext,        -- (R) pmcid, else the profile's client_id: the practice
  cg_death_lo timestamp,  -- (L) deceaseddate
  cg_death_hi timestamp,
  cg_deceased ctext,      -- (L) true where there is such a date, or deceased is 1; else false
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists patients_provider on patients (cg_provider);
create index if not exists patients_client on patients (cg_client);
create index if not exists patients_language on patients (lower(language), key);

create table if not exists patients_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists patients_terms_owner on patients_terms (owner);
create index if not exists patients_terms_raw on patients_terms (what, raw, owner);
create index if not exists patients_terms_folded on patients_terms (what, folded, owner);

-- What users does not say of clinicians; part of Practitioner.
create table if not exists doctors (
  key ctext primary key,
  doctorid ctext, printname ctext, npi ctext,
  cg_print ctext,         -- (L) printname, folded
  cg_npi ctext,           -- (L) npi when its check digit is right
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);

-- The vendor delivers no practices; these rows are made of patients.pmcid and the profile's client_id.
create table if not exists practice (
  key ctext primary key,
  pmcid ctext,
  name ctext,             -- the profile's [names.organization]
  cg_name ctext,          -- (L) name, folded
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists practice_pmcid on practice (pmcid);
create index if not exists practice_name on practice (cg_name, key);
create index if not exists practice_updated on practice (cg_updated, key);

create table if not exists edi_facilities (
  key ctext primary key,
  id ctext, name ctext, facilitytype ctext, addressline1 ctext, addressline2 ctext, city ctext, state ctext, zip ctext,
  tel ctext, fax ctext, email ctext, npi ctext, timezonecode ctext, deleteflag ctext,
  cg_client ctext,        -- (L) the profile's client_id: the practice
  cg_name ctext,          -- (L) name, folded
  cg_npi ctext,           -- (L) npi when its check digit is right
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists edi_facilities_id on edi_facilities (id);
create index if not exists edi_facilities_client on edi_facilities (cg_client);
create index if not exists edi_facilities_name on edi_facilities (cg_name, key);
create index if not exists edi_facilities_npi on edi_facilities (cg_npi);
create index if not exists edi_facilities_updated on edi_facilities (cg_updated, key);

create table if not exists edi_facilities_terms (owner ctext not null, cg_load bigint not null, what ctext not null, raw ctext not null, folded ctext);
create index if not exists edi_facilities_terms_owner on edi_facilities_terms (owner);
create index if not exists edi_facilities_terms_raw on edi_facilities_terms (what, raw, owner);
create index if not exists edi_facilities_terms_folded on edi_facilities_terms (what, folded, owner);

-- Appointments and visits, one row for both.
create table if not exists enc (
  key ctext primary key,
  encounterid ctext, patientid ctext, doctorid ctext, resourceid ctext, refprid ctext, facilityid ctext,
  date ctext, starttime ctext, arrivedtime ctext, timein ctext, timeout ctext, deptime ctext,
  status ctext, visittype ctext, enctype ctext, pos ctext, reason ctext, dx ctext, hl7id ctext, psacgroup ctext,
  deleteflag ctext,
  cg_patient ctext,       -- (R) patientid: the patient of users
  cg_provider ctext,      -- (R) doctorid: the clinician of users
  cg_resource ctext,      -- (R) resourceid: the clinician of users
  cg_referrer ctext,      -- (R) refprid: the clinician of users
  cg_location ctext,      -- (R) facilityid
  cg_client ctext,        -- (L) the profile's client_id: the practice
  cg_zone ctext,          -- (L) the zone of facilityid when it is not the source's
  cg_class ctext,         -- (L) enctype, or 3/12 for 3 where pos is 12, by the code map encounter_class
  cg_type ctext,          -- (L) visittype with single blanks
  cg_words ctext,         -- (L) visittype, folded
  cg_reason ctext,        -- (L) reason, else dx, folded
  cg_era ctext,           -- (L) which ICD the day of the visit was coded in: new from 2015-10-01 on, old before; null without a day
  cg_start_lo timestamp,  -- (L) from arrivedtime, else timein, else date with starttime, else date; a time under 1900-01-01 is of date's day
  cg_end_hi timestamp,    -- (L) to timeout, else deptime, unless that is before the start
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists enc_encounterid on enc (encounterid);
create index if not exists enc_hl7id on enc (hl7id);
create index if not exists enc_patient on enc (cg_patient, key);
create index if not exists enc_provider on enc (cg_provider);
create index if not exists enc_resource on enc (cg_resource);
create index if not exists enc_referrer on enc (cg_referrer);
create index if not exists enc_location on enc (cg_location);
create index if not exists enc_client on enc (cg_client);
create index if not exists enc_type on enc (cg_type, key);
create index if not exists enc_class on enc (cg_class, key);
create index if not exists enc_status on enc (lower(status), key);
create index if not exists enc_start on enc (cg_start_lo, key);
create index if not exists enc_end on enc (cg_end_hi);
create index if not exists enc_updated on enc (cg_updated, key);
create index if not exists enc_reason on enc (cg_reason, key);
create index if not exists enc_words on enc (cg_words, key);
create index if not exists enc_doctorid_told on enc (doctorid, key) where cg_provider is null;
create index if not exists enc_facilityid_told on enc (facilityid, key) where cg_location is null;
create index if not exists enc_patientid_told on enc (patientid, key) where cg_patient is null;
create index if not exists enc_refprid_told on enc (refprid, key) where cg_referrer is null;

-- The dictionary of diagnoses and procedures.
create table if not exists items (
  key ctext primary key,
  itemid ctext, itemname ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists items_itemid on items (itemid);

-- Its codes: property 13 is the code of a diagnosis or of a procedure; only those rows have cg_ values.
create table if not exists itemdetail (
  key ctext primary key,  -- itemid/propid
  itemid ctext, propid ctext, value ctext,
  cg_bare ctext,          -- (L) value in upper case without points
  cg_icd10 ctext,         -- (L) value as ICD-10-CM is spelt, when it has that form
  cg_icd9 ctext,          -- (L) value as ICD-9-CM is spelt, when it has that form
  cg_shape_new ctext,     -- (L) the system by form alone in which it is a code of a visit from 2015-10-01 on: icd10cm, icd9cm; null: neither
  cg_shape_old ctext,     -- (L) the same of a visit before that
  cg_cpt_system ctext,    -- (L) cpt or hcpcs when value has that form
  cg_cpt ctext,           -- (L) its code
  cg_modifiers ctext,     -- (L) modifiers behind it, with commas
  cg_icd_new ctext,       -- (C) the system of the code at a visit from 2015-10-01 on: by edi_icdcodes, else icd, else cg_shape_new
  cg_icd_old ctext,       -- (C) the same at a visit before that
  cg_icd_any ctext,       -- (C) both, where they are the same
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists itemdetail_itemid on itemdetail (itemid, propid);

create table if not exists icd (
  key ctext primary key,  -- codetype/code
  code ctext, codetype ctext,
  cg_bare ctext,          -- (L) code in upper case without points
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists icd_bare on icd (cg_bare);

create table if not exists edi_icdcodes (
  key ctext primary key,
  itemid ctext, icd10flag ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists edi_icdcodes_itemid on edi_icdcodes (itemid);

-- Diagnoses of visits.
create table if not exists diagnosis (
  key ctext primary key,
  slno ctext, encounterid ctext, itemid ctext, asmtonsetdate ctext, specify ctext, notes ctext, snomed ctext, snomeddesc ctext,
  cg_encounter ctext,     -- (R) encounterid
  cg_patientid ctext,     -- (C) enc.patientid, of a visit that is not served, too
  cg_patient ctext,       -- (C) enc.cg_patient
  cg_system ctext,        -- (C) of the item's code: itemdetail.cg_icd_new, …_old or …_any by enc.cg_era
  cg_code ctext,          -- (C) itemdetail.cg_icd10 or cg_icd9, as cg_system says
  cg_uncoded ctext,       -- (C) itemdetail.value, where its system is not certain
  cg_text ctext,          -- (C) items.itemname, else snomeddesc, cg_uncoded, specify
  cg_snomed ctext,        -- (L) snomed when it has the form of a SNOMED CT concept and its check digit is right
  cg_onset_lo timestamp,  -- (L) asmtonsetdate
  cg_onset_hi timestamp,
  cg_abated_lo timestamp, -- always null, as the next three: searches go over both tables of Conditions
  cg_abated_hi timestamp,
  cg_recorded_lo timestamp,
  cg_recorded_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists diagnosis_slno on diagnosis (slno);
create index if not exists diagnosis_visit on diagnosis (encounterid);
create index if not exists diagnosis_encounter on diagnosis (cg_encounter);
create index if not exists diagnosis_patient on diagnosis (cg_patient, key);
create index if not exists diagnosis_code on diagnosis (cg_code, key);
create index if not exists diagnosis_snomed on diagnosis (cg_snomed, key);
create index if not exists diagnosis_onset on diagnosis (cg_onset_lo, key);
create index if not exists diagnosis_abated on diagnosis (cg_abated_lo, key);
create index if not exists diagnosis_recorded on diagnosis (cg_recorded_lo, key);
create index if not exists diagnosis_updated on diagnosis (cg_updated, key);
create index if not exists diagnosis_patientid_told on diagnosis (cg_patientid, key) where cg_patient is null;

create table if not exists problemlist (
  key ctext primary key,
  slno ctext, patientid ctext, encounterid ctext, asmtid ctext, condition ctext, inactiveflag ctext, resolved ctext, resolvedon ctext,
  wustatus ctext, onsetdate ctext, addeddate ctext, logdate ctext, specify ctext, notes ctext, snomed ctext, snomeddesc ctext,
  userid ctext, deleteflag ctext,
  cg_patient ctext,       -- (R) patientid: the patient of users
  cg_encounter ctext,     -- (R) encounterid, when that visit is the same patient's
  cg_recorder ctext,      -- (R) userid: the clinician of users
  cg_clinical ctext,      -- (L) clinical status: none for wustatus entered-in-error, resolved by resolved or a day in resolvedon,
                          --     inactive by inactiveflag, else condition by the code map condition_clinical
  cg_era ctext,           -- (L) as enc.cg_era, of addeddate
  cg_system ctext,        -- (C) as in diagnosis, with cg_era where the visit has none
  cg_code ctext,          -- (C) as in diagnosis
  cg_uncoded ctext,       -- (C) as in diagnosis
  cg_text ctext,          -- (C) items.itemname, else specify, notes, snomeddesc, cg_uncoded
  cg_snomed ctext,        -- (L) as in diagnosis
  cg_onset_lo timestamp,  -- (L) onsetdate
  cg_onset_hi timestamp,
  cg_abated_lo timestamp, -- (L) resolvedon
  cg_abated_hi timestamp,
  cg_recorded_lo timestamp, -- (L) addeddate
  cg_recorded_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists problemlist_slno on problemlist (slno);
create index if not exists problemlist_patient on problemlist (cg_patient, key);
create index if not exists problemlist_encounter on problemlist (cg_encounter);
create index if not exists problemlist_recorder on problemlist (cg_recorder);
create index if not exists problemlist_code on problemlist (cg_code, key);
create index if not exists problemlist_snomed on problemlist (cg_snomed, key);
create index if not exists problemlist_clinical on problemlist (cg_clinical, key);
create index if not exists problemlist_verification on problemlist (lower(wustatus), key);
create index if not exists problemlist_onset on problemlist (cg_onset_lo, key);
create index if not exists problemlist_abated on problemlist (cg_abated_lo, key);
create index if not exists problemlist_recorded on problemlist (cg_recorded_lo, key);
create index if not exists problemlist_updated on problemlist (cg_updated, key);
create index if not exists problemlist_encounterid_told on problemlist (encounterid, key) where cg_encounter is null;
create index if not exists problemlist_patientid_told on problemlist (patientid, key) where cg_patient is null;

-- Surgery as told, copied forward from visit to visit. The vendor gives these rows no key: ours is a hash.
create table if not exists surgicalhistory (
  key ctext primary key,
  encounterid ctext, reason ctext, date ctext, cptcode ctext,
  cg_same ctext,          -- (L) reason, folded, and date: the same of one patient is one surgery
  cg_patientid ctext,     -- (C) as in diagnosis
  cg_patient ctext,       -- (C) as in diagnosis
  cg_system ctext,        -- (L) cpt or hcpcs when cptcode has that form
  cg_code ctext,          -- (L) its code
  cg_text ctext,          -- (L) reason, else cptcode when it is no code
  cg_performed_lo timestamp, -- (L) date
  cg_performed_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists surgicalhistory_visit on surgicalhistory (encounterid);
create index if not exists surgicalhistory_patient on surgicalhistory (cg_patient, key);
create index if not exists surgicalhistory_code on surgicalhistory (cg_code, key);
create index if not exists surgicalhistory_performed on surgicalhistory (cg_performed_lo, key);
create index if not exists surgicalhistory_updated on surgicalhistory (cg_updated, key);
create index if not exists surgicalhistory_patientid_told on surgicalhistory (cg_patientid, key) where cg_patient is null;

-- Billed lines.
create table if not exists billingdata (
  key ctext primary key,
  id ctext, encounterid ctext, itemid ctext, date ctext, enddate ctext, providerid ctext,
  mod1 ctext, mod2 ctext, mod3 ctext, mod4 ctext, icdcode1 ctext, icdcode2 ctext, icdcode3 ctext, icdcode4 ctext, codeflag ctext,
  cg_encounter ctext,     -- (R) encounterid
  cg_provider ctext,      -- (R) providerid: the clinician of users
  cg_patientid ctext,     -- (C) as in diagnosis
  cg_patient ctext,       -- (C) as in diagnosis
  cg_system ctext,        -- (C) itemdetail.cg_cpt_system
  cg_code ctext,          -- (C) itemdetail.cg_cpt
  cg_item_modifiers ctext, -- (C) itemdetail.cg_modifiers
  cg_uncoded ctext,       -- (C) itemdetail.value, where it is no code
  cg_text ctext,          -- (C) items.itemname, else cg_uncoded
  cg_modifiers ctext,     -- (L) mod1 to mod4, those that are modifiers, with commas
  cg_performed_lo timestamp, -- (L) from the day of date
  cg_performed_hi timestamp, -- (L) to the end of enddate, else of date
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists billingdata_id on billingdata (id);
create index if not exists billingdata_visit on billingdata (encounterid);
create index if not exists billingdata_encounter on billingdata (cg_encounter);
create index if not exists billingdata_provider on billingdata (cg_provider);
create index if not exists billingdata_patient on billingdata (cg_patient, key);
create index if not exists billingdata_code on billingdata (cg_code, key);
create index if not exists billingdata_performed on billingdata (cg_performed_lo, key);
create index if not exists billingdata_performed_end on billingdata (cg_performed_hi);
create index if not exists billingdata_updated on billingdata (cg_updated, key);
create index if not exists billingdata_patientid_told on billingdata (cg_patientid, key) where cg_patient is null;

-- Orders of laboratory and imaging, and procedures done in house (type 3).
create table if not exists labdata (
  key ctext primary key,
  reportid ctext, encounterid ctext, ordencounterid ctext, itemid ctext, type ctext, received ctext,
  resultdate ctext, colldate ctext, colltime ctext, futureflag ctext, cancelled ctext, deleteflag ctext,
  cg_visitid ctext,       -- (L) ordencounterid, else encounterid
  cg_encounter ctext,     -- (R) cg_visitid
  cg_zone ctext,          -- (C) enc.cg_zone of cg_visitid, where there is a time of day and that clock shows another instant
  cg_patientid ctext,     -- (C) enc.patientid of cg_visitid, else of encounterid
  cg_patient ctext,       -- (C) enc.cg_patient of the same visit
  cg_system ctext,        -- (C) as in billingdata
  cg_code ctext,          -- (C) as in billingdata
  cg_item_modifiers ctext, -- (C) as in billingdata
  cg_uncoded ctext,       -- (C) as in billingdata
  cg_text ctext,          -- (C) as in billingdata
  cg_performed_lo timestamp, -- (L) colldate with colltime, else resultdate, in the source's zone; (C) in cg_zone
  cg_performed_hi timestamp,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
create index if not exists labdata_reportid on labdata (reportid);
create index if not exists labdata_visit on labdata (cg_visitid, itemid);
create index if not exists labdata_encounter on labdata (cg_encounter);
create index if not exists labdata_patient on labdata (cg_patient, key);
create index if not exists labdata_code on labdata (cg_code, key);
create index if not exists labdata_status on labdata (lower(received), key);
create index if not exists labdata_performed on labdata (cg_performed_lo, key);
create index if not exists labdata_updated on labdata (cg_updated, key);
create index if not exists labdata_patientid_told on labdata (cg_patientid, key) where cg_patient is null;

-- When something was done at a time of day, had it been in this zone or that. The zone is that of the visit's place, which
-- no row of labdata tells: all that may be are computed at load, and healow-copies.sql chooses.
create table if not exists labdata_clock (
  owner ctext not null,   -- labdata.key
  cg_load bigint not null,
  zone ctext not null,    -- empty for the source's own; others only where their clock shows another instant
  lo timestamp not null, hi timestamp not null
);
create index if not exists labdata_clock_owner on labdata_clock (owner, zone);

-- Kept, not served: every row says why.
create table if not exists hospitalization (
  key ctext primary key,
  encounterid ctext, reason ctext, date ctext, displayindex ctext,
  cg_updated timestamp not null, cg_modified timestamp, cg_hash ctext not null, cg_file bigint, cg_hold ctext
);
