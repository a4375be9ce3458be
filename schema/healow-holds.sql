-- Which rows other rows keep from being served, and whether somebody is a patient or a clinician. Runs after the rows of
-- a delivery are stored and before references are resolved; only rows that change are written. A row that was put on
-- hold here is released when the reason is gone; holds of other reasons are left alone.
-- Where one EXISTS decides: a row is held exactly when it has the reason, so rows change where the two differ.

-- Who somebody is: a row in `patients` or in `doctors` says it, else the type.
UPDATE users SET
    cg_kind = k.kind,
    cg_patient = CASE k.kind WHEN 'patient' THEN users.uid END,
    cg_clinician = CASE k.kind WHEN 'practitioner' THEN users.uid END
FROM (
    SELECT u.key AS key,
        CASE
            WHEN p.key IS NOT NULL AND d.key IS NULL THEN 'patient'
            WHEN d.key IS NOT NULL AND p.key IS NULL THEN 'practitioner'
            WHEN d.key IS NOT NULL THEN COALESCE(u.cg_type, 'patient')
            ELSE u.cg_type
        END AS kind
    FROM users AS u
    LEFT JOIN patients AS p ON p.key = u.key
    LEFT JOIN doctors AS d ON d.key = u.key
) AS k
WHERE k.key = users.key AND users.cg_kind IS DISTINCT FROM k.kind;

UPDATE users SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'withheld:neither patient nor clinician' END
WHERE (cg_hold IS NULL OR cg_hold = 'withheld:neither patient nor clinician')
    AND (cg_hold IS NULL) = (cg_kind IS NULL);

-- Charts and print names of nobody.
UPDATE patients SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'rejected:no row in users' END
WHERE (cg_hold IS NULL OR cg_hold = 'rejected:no row in users')
    AND (cg_hold IS NULL) <> EXISTS (SELECT 1 FROM users WHERE users.key = patients.key);

UPDATE doctors SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'rejected:no row in users' END
WHERE (cg_hold IS NULL OR cg_hold = 'rejected:no row in users')
    AND (cg_hold IS NULL) <> EXISTS (SELECT 1 FROM users WHERE users.key = doctors.key);

-- Rows whose patient is the one of their visit, served or not.
UPDATE diagnosis SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'rejected:no patient' END
WHERE (cg_hold IS NULL OR cg_hold = 'rejected:no patient')
    AND (cg_hold IS NULL) <> EXISTS (
        SELECT 1 FROM enc WHERE enc.encounterid = diagnosis.encounterid AND enc.patientid IS NOT NULL);

UPDATE billingdata SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'rejected:no patient' END
WHERE (cg_hold IS NULL OR cg_hold = 'rejected:no patient')
    AND (cg_hold IS NULL) <> EXISTS (
        SELECT 1 FROM enc WHERE enc.encounterid = billingdata.encounterid AND enc.patientid IS NOT NULL);

UPDATE labdata SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'rejected:no patient' END
WHERE (cg_hold IS NULL OR cg_hold = 'rejected:no patient')
    AND (cg_hold IS NULL) <> EXISTS (
        SELECT 1 FROM enc
        WHERE enc.encounterid IN (labdata.cg_visitid, labdata.encounterid) AND enc.patientid IS NOT NULL);

-- Surgery that was copied forward: of one patient's rows that say the same, the first visit's is served.
UPDATE surgicalhistory SET cg_hold = r.hold
FROM (
    SELECT s.key AS key,
        CASE
            WHEN e.patientid IS NULL THEN 'rejected:no patient'
            WHEN ROW_NUMBER() OVER (
                PARTITION BY e.patientid, s.cg_same
                ORDER BY e.cg_start_lo IS NULL, e.cg_start_lo, LENGTH(e.encounterid), e.encounterid, s.key
            ) > 1 THEN 'withheld:copied forward'
        END AS hold
    FROM surgicalhistory AS s
    LEFT JOIN enc AS e ON e.encounterid = s.encounterid
) AS r
WHERE r.key = surgicalhistory.key AND surgicalhistory.cg_hold IS DISTINCT FROM r.hold;

-- What is served from `labdata` is not served from the bill once more.
UPDATE billingdata SET cg_hold = CASE WHEN cg_hold IS NULL THEN 'withheld:served from another place' END
WHERE (cg_hold IS NULL OR cg_hold = 'withheld:served from another place')
    AND (cg_hold IS NOT NULL) <> EXISTS (
        SELECT 1 FROM labdata
        WHERE labdata.cg_visitid = billingdata.encounterid AND labdata.itemid = billingdata.itemid
            AND labdata.cg_hold IS NULL);
