-- Healthsoft / healow: a practice's own eClinicalWorks tables as the tables of healow.sql, for reading where they are.
-- Accepted by SQLite and PostgreSQL alike. Temporary views, made on every connection: nothing of the database is changed.
--
-- The views `live_TABLE` are made before these, one for each table that healow.sql says is read: the declared columns, and no
-- others, as the cells of a delivery would be (trimmed text; `NULL`, `\N`, empty texts and, in references, `0` are null).
-- What healow.sql says of a column holds here. Where a load computes (L), these views call functions `live_…`
-- (live-postgres.sql tells what they do) and {placeholders} say what the profile says; where it copies (C) or resolves (R),
-- they join. What is decided in healow-holds.sql and healow-copies.sql is decided here in the same way.
--
--   key         the vendor's number; of surgicalhistory a hash of the row's cells and, of rows that are alike, a number
--   cg_file     null: there are no deliveries
--   cg_updated  as in healow.sql; of a row that does not tell, when its visit began, else 1970-01-01
--
-- A row without its own number, which its primary key should not allow, is left out.

-- Who somebody is: a row in `patients` or in `doctors` says it, else the type.
CREATE TEMP VIEW live_people AS
SELECT
    k.key AS key, k.uid AS uid,
    k.ufname AS ufname, k.uminitial AS uminitial, k.ulname AS ulname, k.prefix AS prefix, k.suffix AS suffix,
    k.upreviousname AS upreviousname, k.preferredname AS preferredname, k.dob AS dob, k.ptdob AS ptdob, k.sex AS sex,
    k.emrsex AS emrsex, k.upaddress AS upaddress, k.upaddress2 AS upaddress2, k.upcity AS upcity, k.upstate AS upstate,
    k.zipcode AS zipcode, k.countrycode AS countrycode, k.county AS county, k.upphone AS upphone, k.umobileno AS umobileno,
    k.uemail AS uemail, k.ssn AS ssn, k.status AS status, k.cdate AS cdate, k.mdate AS mdate,
    k.kind AS kind,
    CASE
        WHEN LOWER(k.delflag) IN ('1', 'true', 'y', 'yes') THEN 'withheld:deleted'
        WHEN LOWER(k.isresource) IN ('1', 'true', 'y', 'yes') THEN 'withheld:a room or device'
        WHEN k.kind IS NULL THEN 'withheld:neither patient nor clinician'
    END AS hold
FROM (
    SELECT
        {key users.uid: u.uid} AS key, u.uid AS uid,
        u.ufname AS ufname, u.uminitial AS uminitial, u.ulname AS ulname, u.prefix AS prefix, u.suffix AS suffix,
        u.upreviousname AS upreviousname, u.preferredname AS preferredname, u.dob AS dob, u.ptdob AS ptdob, u.sex AS sex,
        u.emrsex AS emrsex, u.upaddress AS upaddress, u.upaddress2 AS upaddress2, u.upcity AS upcity, u.upstate AS upstate,
        u.zipcode AS zipcode, u.countrycode AS countrycode, u.county AS county, u.upphone AS upphone,
        u.umobileno AS umobileno, u.uemail AS uemail, u.ssn AS ssn, u.status AS status, u.cdate AS cdate, u.mdate AS mdate,
        u.delflag AS delflag, u.isresource AS isresource,
        CASE
            WHEN EXISTS (SELECT 1 FROM live_patients AS p WHERE p.pid = u.uid) THEN
                CASE
                    WHEN EXISTS (SELECT 1 FROM live_doctors AS d WHERE d.doctorid = u.uid)
                        THEN COALESCE(NULLIF({code user_type: u.usertype}, 'neither'), 'patient')
                    ELSE 'patient'
                END
            WHEN EXISTS (SELECT 1 FROM live_doctors AS d WHERE d.doctorid = u.uid) THEN 'practitioner'
            ELSE NULLIF({code user_type: u.usertype}, 'neither')
        END AS kind
    FROM live_users AS u
    WHERE u.uid IS NOT NULL
) AS k;

-- Whom references may lead to.
CREATE TEMP VIEW live_patient AS
SELECT k.key AS key, k.uid AS uid FROM live_people AS k WHERE k.kind = 'patient' AND k.hold IS NULL;

CREATE TEMP VIEW live_clinician AS
SELECT k.key AS key, k.uid AS uid FROM live_people AS k WHERE k.kind = 'practitioner' AND k.hold IS NULL;

CREATE TEMP VIEW users AS
SELECT
    u.key AS key, u.uid AS uid, u.ufname AS ufname, u.uminitial AS uminitial, u.ulname AS ulname, u.prefix AS prefix,
    u.suffix AS suffix, u.upreviousname AS upreviousname, u.preferredname AS preferredname, u.dob AS dob, u.ptdob AS ptdob,
    u.sex AS sex, u.emrsex AS emrsex, u.upaddress AS upaddress, u.upaddress2 AS upaddress2, u.upcity AS upcity,
    u.upstate AS upstate, u.zipcode AS zipcode, u.countrycode AS countrycode, u.county AS county, u.upphone AS upphone,
    u.umobileno AS umobileno, u.uemail AS uemail, u.ssn AS ssn, u.status AS status,
    u.kind AS cg_kind,
    c.key AS cg_provider,
    p.doctorid AS cg_doctorid,
    COALESCE({key patients.pmcid: p.pmcid}, {client}) AS cg_client,
    p.controlno AS cg_controlno,
    p.hl7id AS cg_hl7id,
    d.printname AS cg_printname,
    live_fold(d.printname) AS cg_print,
    d.npi AS cg_doctornpi,
    live_npi(d.npi) AS cg_npi,
    live_fold(u.ulname) AS cg_family,
    live_fold(u.ufname) AS cg_given,
    live_fold(u.uminitial) AS cg_middle,
    live_fold(u.prefix) AS cg_prefix,
    live_fold(u.suffix) AS cg_suffix,
    live_fold(u.upreviousname) AS cg_previous,
    live_fold(u.preferredname) AS cg_preferred,
    live_from(SUBSTR(COALESCE(live_civil(u.ptdob, NULL), live_civil(u.dob, NULL)), 1, 10), 'UTC') AS cg_birth_lo,
    live_to(SUBSTR(COALESCE(live_civil(u.ptdob, NULL), live_civil(u.dob, NULL)), 1, 10), 'UTC') AS cg_birth_hi,
    COALESCE(live_from(live_civil(u.mdate, NULL), NULL), live_from(live_civil(u.cdate, NULL), NULL), '1970-01-01 00:00:00')
        AS cg_updated,
    live_from(live_civil(p.deceaseddate, NULL), NULL) AS cg_death_lo,
    live_to(live_civil(p.deceaseddate, NULL), NULL) AS cg_death_hi,
    CASE WHEN live_civil(p.deceaseddate, NULL) IS NOT NULL OR p.deceased = '1' THEN 'true' ELSE 'false' END AS cg_deceased,
    u.hold AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM live_people AS u
LEFT JOIN live_patients AS p ON p.pid = u.uid
LEFT JOIN live_doctors AS d ON d.doctorid = u.uid
LEFT JOIN live_clinician AS c ON c.uid = p.doctorid;

CREATE TEMP VIEW patients AS
SELECT
    {key patients.pid: p.pid} AS key, p.doctorid AS doctorid, p.pmcid AS pmcid,
    p.straddress AS straddress, p.straddress2 AS straddress2, p.city AS city, p.state AS state, p.zip AS zip,
    p.maritalstatus AS maritalstatus, p.deceased AS deceased, p.deceaseddate AS deceaseddate, p.language AS language,
    p.race AS race, p.ethnicity AS ethnicity,
    c.key AS cg_provider,
    COALESCE({key patients.pmcid: p.pmcid}, {client}) AS cg_client,
    CASE
        WHEN NOT EXISTS (SELECT 1 FROM live_users AS u WHERE u.uid = p.pid) THEN 'rejected:no row in users'
    END AS cg_hold
FROM live_patients AS p
LEFT JOIN live_clinician AS c ON c.uid = p.doctorid
WHERE p.pid IS NOT NULL;

CREATE TEMP VIEW users_terms AS
SELECT t.owner AS owner, t.what AS what, t.raw AS raw, live_fold(t.raw) AS folded
FROM (
    SELECT s.key AS owner, w.what AS what,
        CASE w.n
            WHEN 1 THEN s.upaddress
            WHEN 2 THEN s.upaddress2
            WHEN 3 THEN s.upcity
            WHEN 4 THEN {state: s.upstate}
            WHEN 5 THEN s.zipcode
            WHEN 6 THEN CASE WHEN COALESCE(s.upaddress, s.upaddress2, s.upcity, s.upstate, s.zipcode) IS NOT NULL THEN s.county END
            WHEN 7 THEN CASE WHEN COALESCE(s.upaddress, s.upaddress2, s.upcity, s.upstate, s.zipcode) IS NOT NULL THEN s.countrycode END
            WHEN 8 THEN CASE WHEN COALESCE(s.upaddress, s.upaddress2, s.upcity, s.upstate, s.zipcode) IS NOT NULL THEN 'home' END
            WHEN 9 THEN s.upphone
            WHEN 10 THEN s.umobileno
            WHEN 11 THEN s.uemail
        END AS raw
    FROM live_people AS s CROSS JOIN (
        SELECT 1 AS n, 'line' AS what UNION ALL SELECT 2, 'line' UNION ALL SELECT 3, 'city' UNION ALL
        SELECT 4, 'state' UNION ALL SELECT 5, 'postalcode' UNION ALL SELECT 6, 'district' UNION ALL
        SELECT 7, 'country' UNION ALL SELECT 8, 'use' UNION ALL SELECT 9, 'phone' UNION ALL
        SELECT 10, 'phone' UNION ALL SELECT 11, 'email'
    ) AS w
) AS t
WHERE t.raw IS NOT NULL;

CREATE TEMP VIEW patients_terms AS
SELECT t.owner AS owner, t.what AS what, t.raw AS raw, live_fold(t.raw) AS folded
FROM (
    SELECT s.key AS owner, w.what AS what,
        CASE w.n
            WHEN 1 THEN s.straddress
            WHEN 2 THEN s.straddress2
            WHEN 3 THEN s.city
            WHEN 4 THEN {state: s.state}
            WHEN 5 THEN s.zip
            WHEN 6 THEN CASE WHEN COALESCE(s.straddress, s.straddress2, s.city, s.state, s.zip) IS NOT NULL THEN 'home' END
            WHEN 7 THEN s.language
        END AS raw
    FROM patients AS s CROSS JOIN (
        SELECT 1 AS n, 'line' AS what UNION ALL SELECT 2, 'line' UNION ALL SELECT 3, 'city' UNION ALL
        SELECT 4, 'state' UNION ALL SELECT 5, 'postalcode' UNION ALL SELECT 6, 'use' UNION ALL SELECT 7, 'language'
    ) AS w
) AS t
WHERE t.raw IS NOT NULL;

CREATE TEMP VIEW doctors AS
SELECT
    {key doctors.doctorid: d.doctorid} AS key,
    CASE
        WHEN NOT EXISTS (SELECT 1 FROM live_users AS u WHERE u.uid = d.doctorid) THEN 'rejected:no row in users'
    END AS cg_hold
FROM live_doctors AS d
WHERE d.doctorid IS NOT NULL;

CREATE TEMP VIEW practice AS
SELECT
    {key patients.pmcid: c.pmcid} AS key, c.pmcid AS pmcid,
    {name organization: c.pmcid} AS name,
    live_fold({name organization: c.pmcid}) AS cg_name,
    live_from('1970-01-01', 'UTC') AS cg_updated,
    CAST(NULL AS text) AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM (
    SELECT p.pmcid AS pmcid FROM live_patients AS p WHERE p.pmcid IS NOT NULL
    UNION
    SELECT n.pmcid AS pmcid FROM (SELECT {client id} AS pmcid) AS n WHERE n.pmcid IS NOT NULL
) AS c;

CREATE TEMP VIEW edi_facilities AS
SELECT
    {key edi_facilities.id: f.id} AS key, f.id AS id, f.name AS name, f.facilitytype AS facilitytype,
    f.addressline1 AS addressline1, f.addressline2 AS addressline2, f.city AS city, f.state AS state, f.zip AS zip,
    f.tel AS tel, f.fax AS fax, f.email AS email, f.npi AS npi,
    {client} AS cg_client,
    live_fold(f.name) AS cg_name,
    live_npi(f.npi) AS cg_npi,
    live_from('1970-01-01', 'UTC') AS cg_updated,
    CASE WHEN LOWER(f.deleteflag) IN ('1', 'true', 'y', 'yes') THEN 'withheld:deleted' END AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM live_edi_facilities AS f
WHERE f.id IS NOT NULL;

CREATE TEMP VIEW edi_facilities_terms AS
SELECT t.owner AS owner, t.what AS what, t.raw AS raw, live_fold(t.raw) AS folded
FROM (
    SELECT s.key AS owner, w.what AS what,
        CASE w.n
            WHEN 1 THEN s.addressline1
            WHEN 2 THEN s.addressline2
            WHEN 3 THEN s.city
            WHEN 4 THEN {state: s.state}
            WHEN 5 THEN s.zip
        END AS raw
    FROM edi_facilities AS s CROSS JOIN (
        SELECT 1 AS n, 'line' AS what UNION ALL SELECT 2, 'line' UNION ALL SELECT 3, 'city' UNION ALL
        SELECT 4, 'state' UNION ALL SELECT 5, 'postalcode'
    ) AS w
) AS t
WHERE t.raw IS NOT NULL;

-- Visits, and what they say of time and place.
CREATE TEMP VIEW live_visits AS
SELECT
    {key enc.encounterid: e.encounterid} AS key, e.encounterid AS encounterid, e.patientid AS patientid,
    e.doctorid AS doctorid, e.resourceid AS resourceid, e.refprid AS refprid, e.facilityid AS facilityid, e.date AS date,
    e.starttime AS starttime, e.arrivedtime AS arrivedtime, e.timein AS timein, e.timeout AS timeout, e.deptime AS deptime,
    e.status AS status, e.visittype AS visittype, e.enctype AS enctype, e.pos AS pos, e.reason AS reason, e.dx AS dx,
    e.hl7id AS hl7id, e.psacgroup AS psacgroup,
    NULLIF(
        COALESCE(
            {zones: e.facilityid},
            live_zone((SELECT MAX(f.timezonecode) FROM live_edi_facilities AS f WHERE f.id = e.facilityid)),
            {zone}),
        {zone}) AS zone,
    COALESCE(live_at(e.arrivedtime, e.date), live_at(e.timein, e.date), live_civil(e.date, e.starttime)) AS begun,
    live_at(e.timeout, e.date) AS ended,
    live_at(e.deptime, e.date) AS departed,
    -- The day of service, else of the start; as much of it as is told.
    SUBSTR(COALESCE(live_civil(e.date, NULL), live_at(e.arrivedtime, e.date), live_at(e.timein, e.date)), 1, 10) AS day,
    CASE
        WHEN LOWER(e.deleteflag) IN ('1', 'true', 'y', 'yes') THEN 'withheld:deleted'
        WHEN {code enc_type: e.enctype} = 'shell' THEN 'withheld:not a visit'
        WHEN e.patientid IS NULL THEN 'rejected:no patient'
    END AS hold
FROM live_enc AS e
WHERE e.encounterid IS NOT NULL;

-- The same with instants: times on the clock of the place, days on the source's.
CREATE TEMP VIEW live_timed AS
SELECT
    v.key AS key, v.encounterid AS encounterid, v.patientid AS patientid,
    v.doctorid AS doctorid, v.resourceid AS resourceid, v.refprid AS refprid, v.facilityid AS facilityid, v.date AS date,
    v.starttime AS starttime, v.arrivedtime AS arrivedtime, v.timein AS timein, v.timeout AS timeout, v.deptime AS deptime,
    v.status AS status, v.visittype AS visittype, v.enctype AS enctype, v.pos AS pos, v.reason AS reason, v.dx AS dx,
    v.hl7id AS hl7id, v.psacgroup AS psacgroup,
    v.zone AS zone, v.hold AS hold,
    CASE WHEN LENGTH(v.day) = 10 THEN CASE WHEN v.day >= '2015-10-01' THEN 'new' ELSE 'old' END END AS era,
    live_from(v.begun, CASE WHEN LENGTH(v.begun) > 10 THEN v.zone END) AS start_lo,
    live_to(v.ended, CASE WHEN LENGTH(v.ended) > 10 THEN v.zone END) AS out_hi,
    live_to(v.departed, CASE WHEN LENGTH(v.departed) > 10 THEN v.zone END) AS departed_hi
FROM live_visits AS v;

-- Visits that references may lead to.
CREATE TEMP VIEW live_visit AS
SELECT v.key AS key, v.encounterid AS encounterid FROM live_visits AS v WHERE v.hold IS NULL;

CREATE TEMP VIEW live_place AS
SELECT f.key AS key, f.id AS id FROM edi_facilities AS f WHERE f.cg_hold IS NULL;

CREATE TEMP VIEW enc AS
SELECT
    t.key AS key, t.encounterid AS encounterid, t.patientid AS patientid, t.doctorid AS doctorid, t.resourceid AS resourceid,
    t.refprid AS refprid, t.facilityid AS facilityid, t.date AS date, t.starttime AS starttime, t.arrivedtime AS arrivedtime,
    t.timein AS timein, t.timeout AS timeout, t.deptime AS deptime, t.status AS status, t.visittype AS visittype,
    t.enctype AS enctype, t.reason AS reason, t.dx AS dx, t.hl7id AS hl7id, t.psacgroup AS psacgroup,
    p.key AS cg_patient,
    c.key AS cg_provider,
    r.key AS cg_resource,
    n.key AS cg_referrer,
    f.key AS cg_location,
    {client} AS cg_client,
    t.zone AS cg_zone,
    {code encounter_class: CASE WHEN t.enctype = '3' AND t.pos = '12' THEN '3/12' ELSE t.enctype END} AS cg_class,
    live_words(t.visittype) AS cg_type,
    live_fold(t.visittype) AS cg_words,
    live_fold(COALESCE(t.reason, t.dx)) AS cg_reason,
    t.era AS cg_era,
    -- A start that is not known is open.
    CASE WHEN t.start_lo IS NULL AND COALESCE(t.out_hi, t.departed_hi) IS NOT NULL
        THEN '0001-01-01 00:00:00' ELSE t.start_lo END AS cg_start_lo,
    CASE
        WHEN t.out_hi > COALESCE(t.start_lo, '0001-01-01 00:00:00') THEN t.out_hi
        WHEN t.departed_hi > COALESCE(t.start_lo, '0001-01-01 00:00:00') THEN t.departed_hi
        WHEN t.start_lo IS NOT NULL THEN '9999-12-31 23:59:59'
    END AS cg_end_hi,
    COALESCE(t.start_lo, '1970-01-01 00:00:00') AS cg_updated,
    t.hold AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM live_timed AS t
LEFT JOIN live_patient AS p ON p.uid = t.patientid
LEFT JOIN live_clinician AS c ON c.uid = t.doctorid
LEFT JOIN live_clinician AS r ON r.uid = t.resourceid
LEFT JOIN live_clinician AS n ON n.uid = t.refprid
LEFT JOIN live_place AS f ON f.id = t.facilityid;

-- Which ICD the code of an item is of: as its flag says, else as the list of codes does (`label`), else by its form and the day.
-- Of several rows for one item the greatest counts.
CREATE TEMP VIEW diagnosis AS
SELECT
    s.key AS key, s.slno AS slno, s.encounterid AS encounterid, s.asmtonsetdate AS asmtonsetdate, s.specify AS specify,
    s.notes AS notes, s.snomed AS snomed,
    s.cg_encounter AS cg_encounter, s.cg_patientid AS cg_patientid, s.cg_patient AS cg_patient,
    s.system AS cg_system,
    CASE WHEN s.system IS NOT NULL THEN live_diagnosis(s.value, s.label, s.day, 'code') END AS cg_code,
    CASE WHEN s.system IS NULL THEN s.value END AS cg_uncoded,
    COALESCE(s.itemname, s.snomeddesc, CASE WHEN s.system IS NULL THEN s.value END, s.specify) AS cg_text,
    live_diagnosis(s.snomed, 'SNOMED', NULL, 'code') AS cg_snomed,
    live_from(live_civil(s.asmtonsetdate, NULL), NULL) AS cg_onset_lo,
    live_to(live_civil(s.asmtonsetdate, NULL), NULL) AS cg_onset_hi,
    live_from(NULL, NULL) AS cg_abated_lo, live_from(NULL, NULL) AS cg_abated_hi,
    live_from(NULL, NULL) AS cg_recorded_lo, live_from(NULL, NULL) AS cg_recorded_hi,
    s.cg_updated AS cg_updated, s.cg_hold AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM (
    SELECT
        l.key AS key, l.slno AS slno, l.encounterid AS encounterid, l.asmtonsetdate AS asmtonsetdate, l.specify AS specify,
        l.notes AS notes, l.snomed AS snomed, l.snomeddesc AS snomeddesc, l.itemname AS itemname, l.value AS value,
        l.label AS label, l.day AS day,
        CASE
            WHEN live_diagnosis(l.value, l.label, l.day, 'system') IN ('icd10cm', 'icd9cm')
                THEN live_diagnosis(l.value, l.label, l.day, 'system')
        END AS system,
        l.cg_encounter AS cg_encounter, l.cg_patientid AS cg_patientid, l.cg_patient AS cg_patient,
        l.cg_updated AS cg_updated, l.cg_hold AS cg_hold
    FROM (
        SELECT
            i.key AS key, i.slno AS slno, i.encounterid AS encounterid, i.asmtonsetdate AS asmtonsetdate, i.specify AS specify,
            i.notes AS notes, i.snomed AS snomed, i.snomeddesc AS snomeddesc, i.itemname AS itemname, i.value AS value,
            CASE
                WHEN i.icd10flag = '1' THEN 'ICD10'
                WHEN i.icd10flag = '0' THEN 'ICD9'
                ELSE (
                    SELECT CASE WHEN MIN(c.codetype) = MAX(c.codetype) THEN 'ICD' || MIN(c.codetype) END FROM live_icd AS c
                    WHERE c.codetype IN ('9', '10') AND UPPER(REPLACE(c.code, '.', '')) = UPPER(REPLACE(i.value, '.', '')))
            END AS label,
            CASE i.era WHEN 'new' THEN '2015-10-01' WHEN 'old' THEN '2015-09-30' END AS day,
            i.cg_encounter AS cg_encounter, i.cg_patientid AS cg_patientid, i.cg_patient AS cg_patient,
            i.cg_updated AS cg_updated, i.cg_hold AS cg_hold
        FROM (
            SELECT
                {key diagnosis.slno: g.slno} AS key, g.slno AS slno, g.encounterid AS encounterid,
                g.asmtonsetdate AS asmtonsetdate, g.specify AS specify, g.notes AS notes, g.snomed AS snomed,
                g.snomeddesc AS snomeddesc, t.era AS era,
                (SELECT MAX(n.itemname) FROM live_items AS n WHERE n.itemid = g.itemid) AS itemname,
                (SELECT MAX(d.value) FROM live_itemdetail AS d WHERE d.itemid = g.itemid AND d.propid = '13') AS value,
                (SELECT MAX(f.icd10flag) FROM live_edi_icdcodes AS f WHERE f.itemid = g.itemid) AS icd10flag,
                CASE WHEN t.hold IS NULL THEN t.key END AS cg_encounter,
                t.patientid AS cg_patientid,
                p.key AS cg_patient,
                COALESCE(t.start_lo, '1970-01-01 00:00:00') AS cg_updated,
                CASE WHEN t.patientid IS NULL THEN 'rejected:no patient' END AS cg_hold
            FROM live_diagnosis AS g
            LEFT JOIN live_timed AS t ON t.encounterid = g.encounterid
            LEFT JOIN live_patient AS p ON p.uid = t.patientid
            WHERE g.slno IS NOT NULL
        ) AS i
    ) AS l
) AS s;

CREATE TEMP VIEW problemlist AS
SELECT
    s.key AS key, s.slno AS slno, s.patientid AS patientid, s.encounterid AS encounterid, s.condition AS condition,
    s.resolvedon AS resolvedon, s.wustatus AS wustatus, s.onsetdate AS onsetdate, s.addeddate AS addeddate,
    s.specify AS specify, s.notes AS notes, s.snomed AS snomed, s.userid AS userid,
    s.cg_patient AS cg_patient, s.cg_encounter AS cg_encounter, s.cg_recorder AS cg_recorder,
    CASE
        WHEN {code condition_verification: s.wustatus} = 'entered-in-error' THEN NULL
        WHEN LOWER(s.resolved) IN ('1', 'true', 'y', 'yes') OR live_civil(s.resolvedon, NULL) IS NOT NULL THEN 'resolved'
        WHEN LOWER(s.inactiveflag) IN ('1', 'true', 'y', 'yes') THEN 'inactive'
        ELSE {code condition_clinical: s.condition}
    END AS cg_clinical,
    s.system AS cg_system,
    CASE WHEN s.system IS NOT NULL THEN live_diagnosis(s.value, s.label, s.day, 'code') END AS cg_code,
    CASE WHEN s.system IS NULL THEN s.value END AS cg_uncoded,
    COALESCE(s.itemname, s.specify, s.notes, s.snomeddesc, CASE WHEN s.system IS NULL THEN s.value END) AS cg_text,
    live_diagnosis(s.snomed, 'SNOMED', NULL, 'code') AS cg_snomed,
    live_from(live_civil(s.onsetdate, NULL), NULL) AS cg_onset_lo,
    live_to(live_civil(s.onsetdate, NULL), NULL) AS cg_onset_hi,
    live_from(live_civil(s.resolvedon, NULL), NULL) AS cg_abated_lo,
    live_to(live_civil(s.resolvedon, NULL), NULL) AS cg_abated_hi,
    live_from(live_civil(s.addeddate, NULL), NULL) AS cg_recorded_lo,
    live_to(live_civil(s.addeddate, NULL), NULL) AS cg_recorded_hi,
    COALESCE(live_from(live_civil(s.logdate, NULL), NULL), live_from(live_civil(s.addeddate, NULL), NULL), s.start_lo,
        '1970-01-01 00:00:00') AS cg_updated,
    s.cg_hold AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM (
    SELECT
        l.key AS key, l.slno AS slno, l.patientid AS patientid, l.encounterid AS encounterid, l.condition AS condition,
        l.inactiveflag AS inactiveflag, l.resolved AS resolved, l.resolvedon AS resolvedon, l.wustatus AS wustatus,
        l.onsetdate AS onsetdate, l.addeddate AS addeddate, l.logdate AS logdate, l.specify AS specify, l.notes AS notes,
        l.snomed AS snomed, l.snomeddesc AS snomeddesc, l.userid AS userid, l.itemname AS itemname, l.value AS value,
        l.label AS label, l.day AS day, l.start_lo AS start_lo,
        CASE
            WHEN live_diagnosis(l.value, l.label, l.day, 'system') IN ('icd10cm', 'icd9cm')
                THEN live_diagnosis(l.value, l.label, l.day, 'system')
        END AS system,
        l.cg_patient AS cg_patient, l.cg_encounter AS cg_encounter, l.cg_recorder AS cg_recorder, l.cg_hold AS cg_hold
    FROM (
        SELECT
            i.key AS key, i.slno AS slno, i.patientid AS patientid, i.encounterid AS encounterid, i.condition AS condition,
            i.inactiveflag AS inactiveflag, i.resolved AS resolved, i.resolvedon AS resolvedon, i.wustatus AS wustatus,
            i.onsetdate AS onsetdate, i.addeddate AS addeddate, i.logdate AS logdate, i.specify AS specify, i.notes AS notes,
            i.snomed AS snomed, i.snomeddesc AS snomeddesc, i.userid AS userid, i.itemname AS itemname, i.value AS value,
            i.start_lo AS start_lo,
            CASE
                WHEN i.icd10flag = '1' THEN 'ICD10'
                WHEN i.icd10flag = '0' THEN 'ICD9'
                ELSE (
                    SELECT CASE WHEN MIN(c.codetype) = MAX(c.codetype) THEN 'ICD' || MIN(c.codetype) END FROM live_icd AS c
                    WHERE c.codetype IN ('9', '10') AND UPPER(REPLACE(c.code, '.', '')) = UPPER(REPLACE(i.value, '.', '')))
            END AS label,
            -- When it was added counts where the visit has no day; of less than a day the first one.
            CASE
                WHEN i.era IS NULL THEN SUBSTR(live_civil(i.addeddate, NULL) || '-01-01', 1, 10)
                WHEN i.era = 'new' THEN '2015-10-01'
                ELSE '2015-09-30'
            END AS day,
            i.cg_patient AS cg_patient, i.cg_encounter AS cg_encounter, i.cg_recorder AS cg_recorder, i.cg_hold AS cg_hold
        FROM (
            SELECT
                {key problemlist.slno: g.slno} AS key, g.slno AS slno, g.patientid AS patientid, g.encounterid AS encounterid,
                g.condition AS condition, g.inactiveflag AS inactiveflag, g.resolved AS resolved, g.resolvedon AS resolvedon,
                g.wustatus AS wustatus, g.onsetdate AS onsetdate, g.addeddate AS addeddate, g.logdate AS logdate,
                g.specify AS specify, g.notes AS notes, g.snomed AS snomed, g.snomeddesc AS snomeddesc, g.userid AS userid,
                t.era AS era, t.start_lo AS start_lo,
                (SELECT MAX(n.itemname) FROM live_items AS n WHERE n.itemid = g.asmtid) AS itemname,
                (SELECT MAX(d.value) FROM live_itemdetail AS d WHERE d.itemid = g.asmtid AND d.propid = '13') AS value,
                (SELECT MAX(f.icd10flag) FROM live_edi_icdcodes AS f WHERE f.itemid = g.asmtid) AS icd10flag,
                p.key AS cg_patient,
                CASE WHEN t.hold IS NULL THEN t.key END AS cg_encounter,
                c.key AS cg_recorder,
                CASE
                    WHEN LOWER(g.deleteflag) IN ('1', 'true', 'y', 'yes') THEN 'withheld:deleted'
                    WHEN g.patientid IS NULL THEN 'rejected:no patient'
                END AS cg_hold
            FROM live_problemlist AS g
            LEFT JOIN live_timed AS t ON t.encounterid = g.encounterid
            LEFT JOIN live_patient AS p ON p.uid = g.patientid
            LEFT JOIN live_clinician AS c ON c.uid = g.userid
            WHERE g.slno IS NOT NULL
        ) AS i
    ) AS l
) AS s;

-- Of surgery that was copied forward (one patient's rows that say the same) the first visit's is served.
CREATE TEMP VIEW surgicalhistory AS
SELECT
    r.key AS key, r.encounterid AS encounterid, r.date AS date, r.cptcode AS cptcode,
    r.patientid AS cg_patientid,
    p.key AS cg_patient,
    live_procedure(r.cptcode, 'system') AS cg_system,
    live_procedure(r.cptcode, 'code') AS cg_code,
    COALESCE(r.reason, live_procedure(r.cptcode, 'text')) AS cg_text,
    live_from(live_civil(r.date, NULL), NULL) AS cg_performed_lo,
    live_to(live_civil(r.date, NULL), NULL) AS cg_performed_hi,
    COALESCE(r.start_lo, '1970-01-01 00:00:00') AS cg_updated,
    CASE WHEN r.patientid IS NULL THEN 'rejected:no patient' WHEN r.copy > 1 THEN 'withheld:copied forward' END AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM (
    SELECT
        k.key AS key, k.encounterid AS encounterid, k.reason AS reason, k.date AS date, k.cptcode AS cptcode,
        t.patientid AS patientid, t.start_lo AS start_lo,
        ROW_NUMBER() OVER (
            PARTITION BY t.patientid, COALESCE(live_fold(COALESCE(k.reason, k.cptcode)), ''), COALESCE(k.date, '')
            ORDER BY t.start_lo IS NULL, t.start_lo, LENGTH(t.encounterid), t.encounterid, k.key
        ) AS copy
    FROM (
        SELECT
            live_hash(n.encounterid, n.reason, n.date, n.cptcode)
                || CASE WHEN n.n > 1 THEN '-' || CAST(n.n AS text) ELSE '' END AS key,
            n.encounterid AS encounterid, n.reason AS reason, n.date AS date, n.cptcode AS cptcode
        FROM (
            SELECT h.encounterid AS encounterid, h.reason AS reason, h.date AS date, h.cptcode AS cptcode,
                ROW_NUMBER() OVER (PARTITION BY h.encounterid, h.reason, h.date, h.cptcode) AS n
            FROM live_surgicalhistory AS h
        ) AS n
    ) AS k
    LEFT JOIN live_timed AS t ON t.encounterid = k.encounterid
) AS r
LEFT JOIN live_patient AS p ON p.uid = r.patientid;

CREATE TEMP VIEW labdata AS
SELECT
    s.key AS key, s.reportid AS reportid, s.itemid AS itemid, s.received AS received, s.resultdate AS resultdate,
    s.colldate AS colldate, s.colltime AS colltime,
    s.visitid AS cg_visitid,
    s.cg_encounter AS cg_encounter,
    -- Days are the source's; so are times where the clock at the place shows the same.
    CASE WHEN live_from(s.done, s.zone) <> live_from(s.done, NULL) AND LENGTH(s.done) > 10 THEN s.zone END AS cg_zone,
    s.patientid AS cg_patientid,
    p.key AS cg_patient,
    live_procedure(s.value, 'system') AS cg_system,
    live_procedure(s.value, 'code') AS cg_code,
    live_procedure(s.value, 'modifiers') AS cg_item_modifiers,
    CASE WHEN live_procedure(s.value, 'code') IS NULL THEN s.value END AS cg_uncoded,
    COALESCE(s.itemname, CASE WHEN live_procedure(s.value, 'code') IS NULL THEN s.value END) AS cg_text,
    live_from(s.done, CASE WHEN LENGTH(s.done) > 10 THEN s.zone END) AS cg_performed_lo,
    live_to(s.done, CASE WHEN LENGTH(s.done) > 10 THEN s.zone END) AS cg_performed_hi,
    COALESCE(s.start_lo, '1970-01-01 00:00:00') AS cg_updated,
    CASE
        WHEN LOWER(s.deleteflag) IN ('1', 'true', 'y', 'yes') THEN 'withheld:deleted'
        WHEN s.type IS NULL OR s.type <> '3' THEN 'withheld:an order, not a procedure'
        WHEN LOWER(s.cancelled) IN ('1', 'true', 'y', 'yes') THEN 'withheld:cancelled'
        WHEN LOWER(s.futureflag) IN ('1', 'true', 'y', 'yes') THEN 'withheld:ordered, not performed'
        WHEN s.patientid IS NULL THEN 'rejected:no patient'
    END AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM (
    SELECT
        {key labdata.reportid: l.reportid} AS key, l.reportid AS reportid, l.itemid AS itemid, l.type AS type,
        l.received AS received, l.resultdate AS resultdate, l.colldate AS colldate, l.colltime AS colltime,
        l.futureflag AS futureflag, l.cancelled AS cancelled, l.deleteflag AS deleteflag, l.visitid AS visitid,
        CASE WHEN e.hold IS NULL THEN e.key END AS cg_encounter,
        e.zone AS zone,
        COALESCE(e.patientid, o.patientid) AS patientid,
        COALESCE(e.start_lo, o.start_lo) AS start_lo,
        COALESCE(live_civil(l.colldate, l.colltime), live_civil(l.resultdate, NULL)) AS done,
        (SELECT MAX(n.itemname) FROM live_items AS n WHERE n.itemid = l.itemid) AS itemname,
        (SELECT MAX(d.value) FROM live_itemdetail AS d WHERE d.itemid = l.itemid AND d.propid = '13') AS value
    FROM (
        -- For an order of the future the vendor makes a new shell; the visit that ordered it stands beside it.
        SELECT
            d.reportid AS reportid, d.encounterid AS encounterid, COALESCE(d.ordencounterid, d.encounterid) AS visitid,
            d.itemid AS itemid, d.type AS type, d.received AS received, d.resultdate AS resultdate, d.colldate AS colldate,
            d.colltime AS colltime, d.futureflag AS futureflag, d.cancelled AS cancelled, d.deleteflag AS deleteflag
        FROM live_labdata AS d
        WHERE d.reportid IS NOT NULL
    ) AS l
    LEFT JOIN live_timed AS e ON e.encounterid = l.visitid
    LEFT JOIN live_timed AS o ON o.encounterid = l.encounterid
) AS s
LEFT JOIN live_patient AS p ON p.uid = s.patientid;

CREATE TEMP VIEW billingdata AS
SELECT
    s.key AS key, s.id AS id, s.encounterid AS encounterid, s.date AS date, s.enddate AS enddate, s.providerid AS providerid,
    s.mod1 AS mod1, s.mod2 AS mod2, s.mod3 AS mod3, s.mod4 AS mod4,
    s.icdcode1 AS icdcode1, s.icdcode2 AS icdcode2, s.icdcode3 AS icdcode3, s.icdcode4 AS icdcode4,
    CASE WHEN t.hold IS NULL THEN t.key END AS cg_encounter,
    c.key AS cg_provider,
    t.patientid AS cg_patientid,
    p.key AS cg_patient,
    live_procedure(s.value, 'system') AS cg_system,
    live_procedure(s.value, 'code') AS cg_code,
    live_procedure(s.value, 'modifiers') AS cg_item_modifiers,
    CASE WHEN live_procedure(s.value, 'code') IS NULL THEN s.value END AS cg_uncoded,
    COALESCE(s.itemname, CASE WHEN live_procedure(s.value, 'code') IS NULL THEN s.value END) AS cg_text,
    NULLIF(RTRIM(
        COALESCE(live_modifier(s.mod1) || ',', '') || COALESCE(live_modifier(s.mod2) || ',', '')
        || COALESCE(live_modifier(s.mod3) || ',', '') || COALESCE(live_modifier(s.mod4) || ',', ''), ','), '') AS cg_modifiers,
    live_from(s.first, NULL) AS cg_performed_lo,
    CASE WHEN live_from(s.last, NULL) > live_from(s.first, NULL) THEN live_to(s.last, NULL) ELSE live_to(s.first, NULL) END
        AS cg_performed_hi,
    COALESCE(t.start_lo, '1970-01-01 00:00:00') AS cg_updated,
    CASE
        WHEN UPPER(s.codeflag) = 'E' THEN 'withheld:an evaluation service'
        WHEN t.patientid IS NULL THEN 'rejected:no patient'
        -- What is served from `labdata` is not served once more.
        WHEN EXISTS (
            SELECT 1 FROM labdata AS l WHERE l.cg_visitid = s.encounterid AND l.itemid = s.itemid AND l.cg_hold IS NULL
        ) THEN 'withheld:served from another place'
    END AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM (
    SELECT
        {key billingdata.id: b.id} AS key, b.id AS id, b.encounterid AS encounterid, b.itemid AS itemid, b.date AS date,
        b.enddate AS enddate, b.providerid AS providerid, b.mod1 AS mod1, b.mod2 AS mod2, b.mod3 AS mod3, b.mod4 AS mod4,
        b.icdcode1 AS icdcode1, b.icdcode2 AS icdcode2, b.icdcode3 AS icdcode3, b.icdcode4 AS icdcode4, b.codeflag AS codeflag,
        SUBSTR(live_civil(b.date, NULL), 1, 10) AS first,
        SUBSTR(live_civil(b.enddate, NULL), 1, 10) AS last,
        (SELECT MAX(n.itemname) FROM live_items AS n WHERE n.itemid = b.itemid) AS itemname,
        (SELECT MAX(d.value) FROM live_itemdetail AS d WHERE d.itemid = b.itemid AND d.propid = '13') AS value
    FROM live_billingdata AS b
    WHERE b.id IS NOT NULL
) AS s
LEFT JOIN live_timed AS t ON t.encounterid = s.encounterid
LEFT JOIN live_patient AS p ON p.uid = t.patientid
LEFT JOIN live_clinician AS c ON c.uid = s.providerid;

-- Counted by `chartgate check`; no resource is made of them.
CREATE TEMP VIEW hospitalization AS
SELECT
    live_hash(h.encounterid, h.reason, h.date, h.displayindex) AS key,
    'withheld:a hospital stay as free text' AS cg_hold, CAST(NULL AS bigint) AS cg_file
FROM live_hospitalization AS h;

CREATE TEMP VIEW items AS
SELECT {key items.itemid: n.itemid} AS key, CAST(NULL AS text) AS cg_hold FROM live_items AS n;

CREATE TEMP VIEW itemdetail AS
SELECT live_key(d.itemid || '/' || d.propid) AS key, CAST(NULL AS text) AS cg_hold FROM live_itemdetail AS d;

CREATE TEMP VIEW icd AS
SELECT live_key(c.codetype || '/' || c.code) AS key, CAST(NULL AS text) AS cg_hold FROM live_icd AS c;

CREATE TEMP VIEW edi_icdcodes AS
SELECT {key edi_icdcodes.itemid: f.itemid} AS key, CAST(NULL AS text) AS cg_hold FROM live_edi_icdcodes AS f;
