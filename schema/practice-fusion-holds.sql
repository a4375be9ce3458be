-- Which rows of Practice Fusion's tables other rows keep from being served. Runs with every load, over whole tables, before
-- references are resolved; writes only rows that change. For SQLite and PostgreSQL alike.

-- The row of the practice that is made of the profile is none when the practice's own file was delivered under another id.
UPDATE practice SET cg_hold = t.hold
FROM (
  SELECT o.key,
    CASE WHEN EXISTS (SELECT 1 FROM cg_file AS f WHERE f.id = o.cg_file AND f.path IS NULL)
      AND EXISTS (SELECT 1 FROM practice AS p JOIN cg_file AS f ON f.id = p.cg_file WHERE f.path IS NOT NULL)
    THEN 'withheld:the practice is delivered under another id' END AS hold
  FROM practice AS o
) AS t
WHERE t.key = practice.key AND practice.cg_hold IS DISTINCT FROM t.hold;

-- A profile is the provider of the same name (cg_person: first and last name, folded), unless their middle initials differ.
-- Each must be the only one for the other: of several that may be meant none is.
UPDATE provider_profiles SET cg_provider = t.provider
FROM (
  SELECT f.key, p.key AS provider
  FROM provider_profiles AS f
  LEFT JOIN providers AS p
    ON p.cg_person = f.cg_person AND COALESCE(p.cg_initial = f.cg_initial, 1 = 1)
    AND NOT EXISTS (SELECT 1 FROM providers AS q
      WHERE q.cg_person = f.cg_person AND q.key <> p.key AND COALESCE(q.cg_initial = f.cg_initial, 1 = 1))
    AND NOT EXISTS (SELECT 1 FROM provider_profiles AS g
      WHERE g.cg_person = p.cg_person AND g.key <> f.key AND COALESCE(g.cg_initial = p.cg_initial, 1 = 1))
) AS t
WHERE t.key = provider_profiles.key AND provider_profiles.cg_provider IS DISTINCT FROM t.provider;

UPDATE provider_profiles
SET cg_hold = CASE WHEN cg_provider IS NOT NULL THEN 'withheld:the same person as a provider' END
WHERE (cg_hold IS NULL OR cg_hold = 'withheld:the same person as a provider')
  AND (cg_hold IS NOT NULL) <> (cg_provider IS NOT NULL);

-- The same for users.
UPDATE users SET cg_provider = t.provider
FROM (
  SELECT u.key, p.key AS provider
  FROM users AS u
  LEFT JOIN providers AS p
    ON p.cg_person = u.cg_person AND COALESCE(p.cg_initial = u.cg_initial, 1 = 1)
    AND NOT EXISTS (SELECT 1 FROM providers AS q
      WHERE q.cg_person = u.cg_person AND q.key <> p.key AND COALESCE(q.cg_initial = u.cg_initial, 1 = 1))
    AND NOT EXISTS (SELECT 1 FROM users AS v
      WHERE v.cg_person = p.cg_person AND v.key <> u.key AND COALESCE(v.cg_initial = p.cg_initial, 1 = 1))
) AS t
WHERE t.key = users.key AND users.cg_provider IS DISTINCT FROM t.provider;

UPDATE users
SET cg_hold = CASE WHEN cg_provider IS NOT NULL THEN 'withheld:the same person as a provider' END
WHERE (cg_hold IS NULL OR cg_hold = 'withheld:the same person as a provider')
  AND (cg_hold IS NOT NULL) <> (cg_provider IS NOT NULL);

-- An appointment whose visit is served would show the visit twice.
UPDATE patient_appointments SET cg_hold = t.hold
FROM (
  SELECT a.key, CASE WHEN e.key IS NOT NULL THEN 'withheld:its visit is served' END AS hold
  FROM patient_appointments AS a
  LEFT JOIN patient_encounters AS e
    ON e.cg_guid = a.cg_told_visit AND e.cg_told_patient = a.cg_told_patient AND e.cg_hold IS NULL
  WHERE a.cg_hold IS NULL OR a.cg_hold = 'withheld:its visit is served'
) AS t
WHERE t.key = patient_appointments.key AND patient_appointments.cg_hold IS DISTINCT FROM t.hold;

-- A diagnosis of a visit has nothing to say without the diagnosis, and must not say another patient's.
UPDATE patient_encounter_diagnoses SET cg_hold = t.hold
FROM (
  SELECT l.key,
    CASE WHEN d.key IS NULL THEN 'rejected:its diagnosis is not delivered'
      WHEN d.cg_told_patient <> l.cg_told_patient THEN 'rejected:its diagnosis is of another patient' END AS hold
  FROM patient_encounter_diagnoses AS l
  LEFT JOIN patient_diagnoses AS d ON d.key = l.cg_diagnosis
  WHERE l.cg_hold IS NULL
    OR l.cg_hold IN ('rejected:its diagnosis is not delivered', 'rejected:its diagnosis is of another patient')
) AS t
WHERE t.key = patient_encounter_diagnoses.key AND patient_encounter_diagnoses.cg_hold IS DISTINCT FROM t.hold;

-- Events are orders and screenings, too; what a procedure points at is part of it.
UPDATE patient_encounter_events SET cg_hold = t.hold
FROM (
  SELECT e.key,
    CASE WHEN NOT EXISTS (SELECT 1 FROM patient_encounter_procedures AS p WHERE p.cg_told_event = e.cg_guid)
      AND NOT EXISTS (SELECT 1 FROM patient_encounter_procedures AS p WHERE p.cg_told_order = e.cg_guid)
    THEN 'withheld:not a procedure' END AS hold
  FROM patient_encounter_events AS e
) AS t
WHERE t.key = patient_encounter_events.key AND patient_encounter_events.cg_hold IS DISTINCT FROM t.hold;
