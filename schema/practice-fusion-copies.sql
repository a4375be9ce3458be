-- What rows of Practice Fusion's tables need from the rows that they refer to, so that every search is over indexed columns of
-- one table. Runs with every load, over whole tables, after references are resolved; writes only rows that change. For SQLite
-- and PostgreSQL alike.

-- The export is one practice's; its rows do not name it. The profile may (client_id), and then there is nothing to do here.
UPDATE patient_demographics
SET cg_practice = (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key))
WHERE cg_practice IS DISTINCT FROM
  (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key));
UPDATE patient_encounters
SET cg_practice = (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key))
WHERE cg_practice IS DISTINCT FROM
  (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key));
UPDATE patient_appointments
SET cg_practice = (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key))
WHERE cg_practice IS DISTINCT FROM
  (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key));
UPDATE facilities
SET cg_practice = (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key))
WHERE cg_practice IS DISTINCT FROM
  (SELECT MIN(o.key) FROM practice AS o WHERE o.cg_hold IS NULL HAVING MIN(o.key) = MAX(o.key));

-- A profile's NPI is that of its bills, when they all say the same.
UPDATE provider_profiles SET cg_npi = t.npi
FROM (
  SELECT f.key, s.npi
  FROM provider_profiles AS f
  LEFT JOIN (
    SELECT cg_profile, MIN(cg_npi) AS npi FROM patient_superbills WHERE cg_npi IS NOT NULL
    GROUP BY cg_profile HAVING MIN(cg_npi) = MAX(cg_npi)
  ) AS s ON s.cg_profile = f.cg_guid
) AS t
WHERE t.key = provider_profiles.key AND provider_profiles.cg_npi IS DISTINCT FROM t.npi;

-- A provider has the ids and the NPI of the profile and the user that are the same person.
UPDATE providers SET cg_profile = t.profile, cg_user = t.login, cg_npi = t.npi
FROM (
  SELECT p.key, f.cg_guid AS profile, u.cg_guid AS login, f.cg_npi AS npi
  FROM providers AS p
  LEFT JOIN provider_profiles AS f ON f.cg_provider = p.key
  LEFT JOIN users AS u ON u.cg_provider = p.key
) AS t
WHERE t.key = providers.key
  AND (providers.cg_profile IS DISTINCT FROM t.profile OR providers.cg_user IS DISTINCT FROM t.login
    OR providers.cg_npi IS DISTINCT FROM t.npi);

-- A recorder is the provider that the user is, or the user.
UPDATE patient_diagnoses SET cg_recorder = t.provider, cg_recorder_user = t.login
FROM (
  SELECT d.key, u.cg_provider AS provider, CASE WHEN u.cg_hold IS NULL THEN u.key END AS login
  FROM patient_diagnoses AS d LEFT JOIN users AS u ON u.cg_guid = d.cg_told_recorder
) AS t
WHERE t.key = patient_diagnoses.key
  AND (patient_diagnoses.cg_recorder IS DISTINCT FROM t.provider
    OR patient_diagnoses.cg_recorder_user IS DISTINCT FROM t.login);

-- A diagnosis of a visit says what the diagnosis says, and has changed when that has.
UPDATE patient_encounter_diagnoses
SET cg_text = d.cg_text, cg_words = d.cg_words, cg_clinical = d.cg_clinical,
  cg_onset_lo = d.cg_onset_lo, cg_onset_hi = d.cg_onset_hi, cg_abated_lo = d.cg_abated_lo,
  cg_abated_hi = d.cg_abated_hi, cg_recorded_lo = d.cg_recorded_lo, cg_recorded_hi = d.cg_recorded_hi,
  cg_updated = CASE WHEN d.cg_updated > patient_encounter_diagnoses.cg_updated
    THEN d.cg_updated ELSE patient_encounter_diagnoses.cg_updated END
FROM patient_diagnoses AS d
WHERE d.key = patient_encounter_diagnoses.cg_diagnosis AND patient_encounter_diagnoses.cg_hold IS NULL
  AND (patient_encounter_diagnoses.cg_text IS DISTINCT FROM d.cg_text
    OR patient_encounter_diagnoses.cg_words IS DISTINCT FROM d.cg_words
    OR patient_encounter_diagnoses.cg_clinical IS DISTINCT FROM d.cg_clinical
    OR patient_encounter_diagnoses.cg_onset_lo IS DISTINCT FROM d.cg_onset_lo
    OR patient_encounter_diagnoses.cg_onset_hi IS DISTINCT FROM d.cg_onset_hi
    OR patient_encounter_diagnoses.cg_abated_lo IS DISTINCT FROM d.cg_abated_lo
    OR patient_encounter_diagnoses.cg_abated_hi IS DISTINCT FROM d.cg_abated_hi
    OR patient_encounter_diagnoses.cg_recorded_lo IS DISTINCT FROM d.cg_recorded_lo
    OR patient_encounter_diagnoses.cg_recorded_hi IS DISTINCT FROM d.cg_recorded_hi
    OR patient_encounter_diagnoses.cg_updated < d.cg_updated);

-- A procedure's event tells when it was performed, or that it was not.
UPDATE patient_encounter_procedures
SET cg_status = t.status, cg_performed_lo = t.lo, cg_performed_hi = t.hi
FROM (
  SELECT p.key, CASE WHEN e.cg_negated = 'true' THEN 'not-done' ELSE p.cg_told_status END AS status,
    e.cg_lo AS lo, e.cg_hi AS hi
  FROM patient_encounter_procedures AS p LEFT JOIN patient_encounter_events AS e ON e.key = p.cg_event
) AS t
WHERE t.key = patient_encounter_procedures.key
  AND (patient_encounter_procedures.cg_status IS DISTINCT FROM t.status
    OR patient_encounter_procedures.cg_performed_lo IS DISTINCT FROM t.lo
    OR patient_encounter_procedures.cg_performed_hi IS DISTINCT FROM t.hi);
