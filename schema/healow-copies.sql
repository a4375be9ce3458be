-- What rows need from the rows that they refer to. Runs after references are resolved, over whole tables; only rows that
-- change are written.

-- References by number find whoever has it; those to somebody of the other kind lead nowhere.
UPDATE patients SET cg_provider = NULL WHERE cg_provider IN (SELECT u.key FROM users AS u WHERE u.cg_clinician IS NULL);
UPDATE enc SET cg_patient = NULL WHERE cg_patient IN (SELECT u.key FROM users AS u WHERE u.cg_patient IS NULL);
UPDATE enc SET cg_provider = NULL WHERE cg_provider IN (SELECT u.key FROM users AS u WHERE u.cg_clinician IS NULL);
UPDATE enc SET cg_resource = NULL WHERE cg_resource IN (SELECT u.key FROM users AS u WHERE u.cg_clinician IS NULL);
UPDATE enc SET cg_referrer = NULL WHERE cg_referrer IN (SELECT u.key FROM users AS u WHERE u.cg_clinician IS NULL);
UPDATE problemlist SET cg_patient = NULL WHERE cg_patient IN (SELECT u.key FROM users AS u WHERE u.cg_patient IS NULL);
UPDATE problemlist SET cg_recorder = NULL WHERE cg_recorder IN (SELECT u.key FROM users AS u WHERE u.cg_clinician IS NULL);
UPDATE billingdata SET cg_provider = NULL WHERE cg_provider IN (SELECT u.key FROM users AS u WHERE u.cg_clinician IS NULL);

-- Which ICD the code of an item is of: as its flag says, else as the list of codes does, else by its form and the day.
UPDATE itemdetail SET
    cg_icd_new = c.new_system,
    cg_icd_old = c.old_system,
    cg_icd_any = CASE WHEN c.new_system = c.old_system THEN c.new_system END
FROM (
    SELECT v.key AS key,
        CASE v.version
            WHEN '10' THEN CASE WHEN v.cg_icd10 IS NOT NULL THEN 'icd10cm' END
            WHEN '9' THEN CASE WHEN v.cg_icd9 IS NOT NULL THEN 'icd9cm' END
            ELSE v.cg_shape_new
        END AS new_system,
        CASE v.version
            WHEN '10' THEN CASE WHEN v.cg_icd10 IS NOT NULL THEN 'icd10cm' END
            WHEN '9' THEN CASE WHEN v.cg_icd9 IS NOT NULL THEN 'icd9cm' END
            ELSE v.cg_shape_old
        END AS old_system
    FROM (
        SELECT d.key AS key, d.cg_icd10, d.cg_icd9, d.cg_shape_new, d.cg_shape_old,
            COALESCE(CASE f.icd10flag WHEN '1' THEN '10' WHEN '0' THEN '9' END, l.version) AS version
        FROM itemdetail AS d
        LEFT JOIN edi_icdcodes AS f ON f.itemid = d.itemid
        LEFT JOIN (
            SELECT cg_bare, MIN(codetype) AS version FROM icd
            WHERE codetype IN ('9', '10') GROUP BY cg_bare HAVING MIN(codetype) = MAX(codetype)
        ) AS l ON l.cg_bare = d.cg_bare
        WHERE d.propid = '13'
    ) AS v
) AS c
WHERE c.key = itemdetail.key
    AND (itemdetail.cg_icd_new IS DISTINCT FROM c.new_system OR itemdetail.cg_icd_old IS DISTINCT FROM c.old_system);

UPDATE users SET
    cg_provider = p.cg_provider, cg_doctorid = p.doctorid, cg_client = p.cg_client,
    cg_controlno = p.controlno, cg_hl7id = p.hl7id,
    cg_death_lo = p.cg_death_lo, cg_death_hi = p.cg_death_hi, cg_deceased = p.cg_deceased
FROM patients AS p
WHERE p.key = users.key
    AND (users.cg_provider IS DISTINCT FROM p.cg_provider OR users.cg_doctorid IS DISTINCT FROM p.doctorid
        OR users.cg_client IS DISTINCT FROM p.cg_client OR users.cg_controlno IS DISTINCT FROM p.controlno
        OR users.cg_hl7id IS DISTINCT FROM p.hl7id OR users.cg_death_lo IS DISTINCT FROM p.cg_death_lo
        OR users.cg_death_hi IS DISTINCT FROM p.cg_death_hi OR users.cg_deceased IS DISTINCT FROM p.cg_deceased);

UPDATE users SET cg_printname = d.printname, cg_print = d.cg_print, cg_doctornpi = d.npi, cg_npi = d.cg_npi
FROM doctors AS d
WHERE d.key = users.key
    AND (users.cg_printname IS DISTINCT FROM d.printname OR users.cg_doctornpi IS DISTINCT FROM d.npi
        OR users.cg_print IS DISTINCT FROM d.cg_print OR users.cg_npi IS DISTINCT FROM d.cg_npi);

UPDATE diagnosis SET
    cg_patientid = c.patientid, cg_patient = c.patient, cg_system = c.system, cg_code = c.code,
    cg_uncoded = c.uncoded, cg_text = c.text
FROM (
    SELECT s.key, s.patientid, s.patient, s.system,
        CASE s.system WHEN 'icd10cm' THEN s.cg_icd10 WHEN 'icd9cm' THEN s.cg_icd9 END AS code,
        CASE WHEN s.system IS NULL THEN s.value END AS uncoded,
        COALESCE(s.itemname, s.snomeddesc, CASE WHEN s.system IS NULL THEN s.value END, s.specify) AS text
    FROM (
        SELECT g.key AS key, e.patientid AS patientid, e.cg_patient AS patient, d.value, d.cg_icd10, d.cg_icd9,
            n.itemname, g.snomeddesc, g.specify,
            CASE e.cg_era WHEN 'new' THEN d.cg_icd_new WHEN 'old' THEN d.cg_icd_old ELSE d.cg_icd_any END AS system
        FROM diagnosis AS g
        LEFT JOIN enc AS e ON e.encounterid = g.encounterid
        LEFT JOIN items AS n ON n.itemid = g.itemid
        LEFT JOIN itemdetail AS d ON d.itemid = g.itemid AND d.propid = '13'
    ) AS s
) AS c
WHERE c.key = diagnosis.key
    AND (diagnosis.cg_patientid IS DISTINCT FROM c.patientid OR diagnosis.cg_patient IS DISTINCT FROM c.patient
        OR diagnosis.cg_system IS DISTINCT FROM c.system OR diagnosis.cg_code IS DISTINCT FROM c.code
        OR diagnosis.cg_uncoded IS DISTINCT FROM c.uncoded OR diagnosis.cg_text IS DISTINCT FROM c.text);

UPDATE problemlist SET cg_system = c.system, cg_code = c.code, cg_uncoded = c.uncoded, cg_text = c.text
FROM (
    SELECT s.key, s.system,
        CASE s.system WHEN 'icd10cm' THEN s.cg_icd10 WHEN 'icd9cm' THEN s.cg_icd9 END AS code,
        CASE WHEN s.system IS NULL THEN s.value END AS uncoded,
        COALESCE(s.itemname, s.specify, s.notes, s.snomeddesc, CASE WHEN s.system IS NULL THEN s.value END) AS text
    FROM (
        SELECT p.key AS key, d.value, d.cg_icd10, d.cg_icd9, n.itemname, p.specify, p.notes, p.snomeddesc,
            CASE COALESCE(e.cg_era, p.cg_era)
                WHEN 'new' THEN d.cg_icd_new WHEN 'old' THEN d.cg_icd_old ELSE d.cg_icd_any
            END AS system
        FROM problemlist AS p
        LEFT JOIN enc AS e ON e.encounterid = p.encounterid AND e.patientid = p.patientid
        LEFT JOIN items AS n ON n.itemid = p.asmtid
        LEFT JOIN itemdetail AS d ON d.itemid = p.asmtid AND d.propid = '13'
    ) AS s
) AS c
WHERE c.key = problemlist.key
    AND (problemlist.cg_system IS DISTINCT FROM c.system OR problemlist.cg_code IS DISTINCT FROM c.code
        OR problemlist.cg_uncoded IS DISTINCT FROM c.uncoded OR problemlist.cg_text IS DISTINCT FROM c.text);

UPDATE surgicalhistory SET cg_patientid = e.patientid, cg_patient = e.cg_patient
FROM enc AS e
WHERE e.encounterid = surgicalhistory.encounterid
    AND (surgicalhistory.cg_patientid IS DISTINCT FROM e.patientid OR surgicalhistory.cg_patient IS DISTINCT FROM e.cg_patient);

UPDATE billingdata SET
    cg_patientid = c.patientid, cg_patient = c.patient, cg_system = c.system, cg_code = c.code,
    cg_item_modifiers = c.modifiers, cg_uncoded = c.uncoded, cg_text = c.text
FROM (
    SELECT b.key AS key, e.patientid AS patientid, e.cg_patient AS patient,
        d.cg_cpt_system AS system, d.cg_cpt AS code, d.cg_modifiers AS modifiers,
        CASE WHEN d.cg_cpt IS NULL THEN d.value END AS uncoded,
        COALESCE(n.itemname, CASE WHEN d.cg_cpt IS NULL THEN d.value END) AS text
    FROM billingdata AS b
    LEFT JOIN enc AS e ON e.encounterid = b.encounterid
    LEFT JOIN items AS n ON n.itemid = b.itemid
    LEFT JOIN itemdetail AS d ON d.itemid = b.itemid AND d.propid = '13'
) AS c
WHERE c.key = billingdata.key
    AND (billingdata.cg_patientid IS DISTINCT FROM c.patientid OR billingdata.cg_patient IS DISTINCT FROM c.patient
        OR billingdata.cg_system IS DISTINCT FROM c.system OR billingdata.cg_code IS DISTINCT FROM c.code
        OR billingdata.cg_item_modifiers IS DISTINCT FROM c.modifiers
        OR billingdata.cg_uncoded IS DISTINCT FROM c.uncoded OR billingdata.cg_text IS DISTINCT FROM c.text);

UPDATE labdata SET
    cg_patientid = c.patientid, cg_patient = c.patient, cg_system = c.system, cg_code = c.code,
    cg_item_modifiers = c.modifiers, cg_uncoded = c.uncoded, cg_text = c.text
FROM (
    SELECT l.key AS key, COALESCE(e.patientid, o.patientid) AS patientid,
        CASE WHEN e.patientid IS NOT NULL THEN e.cg_patient ELSE o.cg_patient END AS patient,
        d.cg_cpt_system AS system, d.cg_cpt AS code, d.cg_modifiers AS modifiers,
        CASE WHEN d.cg_cpt IS NULL THEN d.value END AS uncoded,
        COALESCE(n.itemname, CASE WHEN d.cg_cpt IS NULL THEN d.value END) AS text
    FROM labdata AS l
    LEFT JOIN enc AS e ON e.encounterid = l.cg_visitid
    LEFT JOIN enc AS o ON o.encounterid = l.encounterid
    LEFT JOIN items AS n ON n.itemid = l.itemid
    LEFT JOIN itemdetail AS d ON d.itemid = l.itemid AND d.propid = '13'
) AS c
WHERE c.key = labdata.key
    AND (labdata.cg_patientid IS DISTINCT FROM c.patientid OR labdata.cg_patient IS DISTINCT FROM c.patient
        OR labdata.cg_system IS DISTINCT FROM c.system OR labdata.cg_code IS DISTINCT FROM c.code
        OR labdata.cg_item_modifiers IS DISTINCT FROM c.modifiers
        OR labdata.cg_uncoded IS DISTINCT FROM c.uncoded OR labdata.cg_text IS DISTINCT FROM c.text);

-- A time of day is of the clock where the visit was; where that shows the same, or is not among those computed, of the
-- source's.
UPDATE labdata SET cg_zone = c.zone, cg_performed_lo = c.lo, cg_performed_hi = c.hi
FROM (
    SELECT o.owner AS key, k.zone AS zone, COALESCE(k.lo, o.lo) AS lo, COALESCE(k.hi, o.hi) AS hi
    FROM labdata_clock AS o
    JOIN labdata AS l ON l.key = o.owner
    LEFT JOIN enc AS e ON e.encounterid = l.cg_visitid
    LEFT JOIN labdata_clock AS k ON k.owner = o.owner AND k.zone = e.cg_zone
    WHERE o.zone = ''
) AS c
WHERE c.key = labdata.key
    AND (labdata.cg_zone IS DISTINCT FROM c.zone OR labdata.cg_performed_lo IS DISTINCT FROM c.lo
        OR labdata.cg_performed_hi IS DISTINCT FROM c.hi);
