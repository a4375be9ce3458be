-- What the views over a vendor's own tables compute on PostgreSQL (13 or later, UTF8). The loader computes it with code, which
-- SQLite's functions of the same names call; these must say the same. They are temporary: every connection makes its own,
-- and `live_…(` stands for `pg_temp.live_…(`.
--
-- Placeholders: {blanks}, {spaces}, {gaps}, {marks}, {letters}, {capitals}, {smalls} and {zonenames} are what Unicode and the
-- zone database say, {absent: cell} takes away what says that there is none, {zone} is the source's zone.

-- A cell as a load stores it: trimmed, absent where it is empty or says so.
CREATE FUNCTION live_cell(cell text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT {absent: btrim(cell, {blanks})}
$$;

-- The key of the row with this id: the id, or a hash of one that no logical id could hold.
CREATE FUNCTION live_key(id text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN 3 * octet_length(id) - 2 * length(regexp_replace(id, '[^0-9A-Za-z-]', '', 'g')) <= 40 THEN id
        ELSE '~' || left(encode(sha256(convert_to(id, 'UTF8')), 'hex'), 32)
    END
$$;

-- The key of a row without id. Not that of a load: PostgreSQL has other hashes.
CREATE FUNCTION live_hash(a text, b text, c text, d text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '~' || left(encode(sha256(convert_to(string_agg(octet_length(cell) || ':' || cell, '' ORDER BY n), 'UTF8')), 'hex'), 32)
    FROM unnest(ARRAY[COALESCE(a, ''), COALESCE(b, ''), COALESCE(c, ''), COALESCE(d, '')]) WITH ORDINALITY AS t (cell, n)
$$;

-- A text for searching: without letter case, accents, repeated blanks.
CREATE FUNCTION live_fold(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF words ~ '[^\u0001-\u007f]' THEN
        words := translate(regexp_replace(normalize(words, NFKD), '{marks}', '', 'g'), {capitals}, {smalls});
    END IF;
    RETURN NULLIF(btrim(regexp_replace(lower(words COLLATE "C"), '{gaps}+', ' ', 'g'), ' '), '');
END
$$;

-- A text with single blanks.
CREATE FUNCTION live_words(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT btrim(regexp_replace(words, '{spaces}+', ' ', 'g'), ' ')
$$;

-- A National Provider Identifier whose check digit is right.
CREATE FUNCTION live_npi(cell text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN cell ~ '^[0-9]{10}$' THEN CASE WHEN (
        SELECT 24 + sum(CASE WHEN at % 2 = 0 THEN digit ELSE digit * 2 / 10 + digit * 2 % 10 END)
        FROM (SELECT at, CAST(substr(cell, at, 1) AS integer) AS digit FROM generate_series(1, 10) AS at) AS digits
    ) % 10 = 0 THEN cell END END
$$;

-- The name of a zone, when it is one.
CREATE FUNCTION live_zone(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN name = ANY (ARRAY[{zonenames}]) THEN name END
$$;

-- A modifier of a procedure in a cell of its own.
CREATE FUNCTION live_modifier(cell text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN cell ~ '^[0-9A-Za-z]{2}$' AND cell !~ '^([01][0-9]|2[01])$' THEN upper(cell COLLATE "C") END
$$;

-- A time of day, alone or under the dummy day 1900-01-01, as HH:MM, HH:MM:SS or HH:MM:SS.f; midnight as 00:00.
CREATE FUNCTION live_clock(cell text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN cell ~ '^(1900-01-01 )?00:00:00([.]0{1,9})?$' THEN '00:00'
        WHEN cell ~ '^(1900-01-01 )?([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?$'
            THEN regexp_replace(cell, '^1900-01-01 ', '')
        WHEN cell ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' THEN cell
    END
$$;

-- A date cell, with the time of another one where it has none itself, in a form whose length tells the precision: YYYY, YYYY-MM,
-- YYYY-MM-DD, then a blank and live_clock's. Midnight only fills a date-time column and is no time.
CREATE FUNCTION live_civil(day text, clock text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    told text[] := regexp_match(day,
        '^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?: ([0-9]{2}):([0-9]{2}):([0-9]{2})([.][0-9]{1,9})?)?)?)?$');
    date_text text;
BEGIN
    IF told IS NULL THEN
        told := regexp_match(day, '^([0-9]{1,2})/(?:([0-9]{1,2})/)?([0-9]{4})$');
        told := ARRAY[told[3], lpad(told[1], 2, '0'), lpad(told[2], 2, '0'), NULL, NULL, NULL, NULL];
    END IF;
    IF told[1] IS NULL OR NOT CAST(told[1] AS integer) BETWEEN 1800 AND 2200 THEN
        RETURN NULL;
    ELSIF told[2] IS NULL THEN
        RETURN told[1];
    ELSIF NOT CAST(told[2] AS integer) BETWEEN 1 AND 12 THEN
        RETURN NULL;
    END IF;
    date_text := told[1] || '-' || told[2];
    IF told[3] IS NULL THEN
        RETURN date_text;
    ELSIF CAST(told[3] AS integer) NOT BETWEEN 1
        AND extract(day FROM CAST(date_text || '-01' AS timestamp) + interval '1 month' - interval '1 day') THEN
        RETURN NULL;
    END IF;
    date_text := date_text || '-' || told[3];
    IF told[4] IS NOT NULL THEN
        IF told[4] > '23' OR told[5] > '59' OR told[6] > '59' THEN
            RETURN NULL;
        ELSIF day !~ ' 00:00:00([.]0+)?$' THEN
            RETURN day;
        END IF;
    END IF;
    RETURN date_text || COALESCE(' ' || NULLIF(live_clock(clock), '00:00'), '');
END
$$;

-- A date-time cell with a time; its day is another cell's where it stands under the dummy day or alone.
CREATE FUNCTION live_at(cell text, day text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    clock text := live_clock(cell);
    civil text;
BEGIN
    IF clock IS NULL THEN
        civil := live_civil(cell, NULL);
        RETURN CASE WHEN length(civil) > 10 THEN civil END;
    END IF;
    RETURN CASE WHEN clock <> '00:00' THEN live_civil(day, cell) END;
END
$$;

-- The instant (UTC) of a wall clock in a zone. Of a repeated time the first one is meant; a skipped one is moved forward, and
-- a day whose midnight is skipped begins when the clock goes on.
CREATE FUNCTION live_instant(wall timestamp, zone text) RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
DECLARE
    instant timestamp := wall AT TIME ZONE zone AT TIME ZONE 'UTC';
    shown timestamp := instant AT TIME ZONE 'UTC' AT TIME ZONE zone;
    other timestamp := instant - interval '1 day';
BEGIN
    IF shown = wall THEN
        -- By the offset of the day before.
        other := wall - (other AT TIME ZONE 'UTC' AT TIME ZONE zone - other);
        IF other < instant AND other AT TIME ZONE 'UTC' AT TIME ZONE zone = wall THEN
            RETURN other;
        END IF;
    ELSIF CAST(wall AS time) = '00:00' THEN
        other := instant - (shown - wall);
        WHILE instant - other > interval '1 second' LOOP
            shown := date_trunc('second', other + (instant - other) / 2);
            IF shown AT TIME ZONE 'UTC' AT TIME ZONE zone < wall THEN
                other := shown;
            ELSE
                instant := shown;
            END IF;
        END LOOP;
    END IF;
    RETURN instant;
END
$$;

-- The instant (UTC) at which what live_civil says begins, on the clock of a zone (without: of the source's).
CREATE FUNCTION live_from(civil text, zone text) RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
DECLARE
    wall text := CASE WHEN length(civil) > 10 THEN left(civil, 26) ELSE civil || right('-01-01', 10 - length(civil)) END;
BEGIN
    RETURN live_instant(CAST(wall AS timestamp), COALESCE(zone, {zone}));
END
$$;

-- The instant (UTC) before which it has ended.
CREATE FUNCTION live_to(civil text, zone text) RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
DECLARE
    begun timestamp := live_from(civil, zone);
    ended timestamp;
BEGIN
    IF length(civil) > 10 THEN
        RETURN begun + CASE length(civil)
            WHEN 16 THEN interval '1 minute'
            WHEN 19 THEN interval '1 second'
            ELSE interval '1 microsecond' * power(10, greatest(0, 26 - length(civil)))
        END;
    END IF;
    ended := CAST(civil || right('-01-01', 10 - length(civil)) AS timestamp) + CASE length(civil)
        WHEN 4 THEN interval '1 year' WHEN 7 THEN interval '1 month' ELSE interval '1 day' END;
    ended := live_instant(ended, COALESCE(zone, {zone}));
    RETURN CASE WHEN ended > begun THEN ended ELSE begun + interval '1 day' END;
END
$$;

-- The system that a word in front of a code names.
CREATE FUNCTION live_system(word text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN name IN ('ICD10', 'ICD10CM', 'ICD10DX', 'ABK', 'ABF') THEN 'icd10cm'
        WHEN name IN ('ICD9', 'ICD9CM', 'ICD9DX', 'ICD09', 'I9CDX') THEN 'icd9cm'
        WHEN name IN ('SNOMED', 'SNOMEDCT', 'SNOMEDCTUS', 'SNOMEDCTUSEDITION', 'SCT') THEN 'snomed'
        WHEN name IN ('CPT', 'CPT4', 'CPTII', 'CPTIII') THEN 'cpt'
        WHEN name IN ('HCPCS', 'HCPC', 'HCPCSII', 'HCPCSLEVELII') THEN 'hcpcs'
    END
    FROM (SELECT upper(regexp_replace(btrim(word, {blanks}), '[ _-]', '', 'g') COLLATE "C") AS name) AS folded
$$;

-- A code in its normal spelling, when the token has the shape of one.
CREATE FUNCTION live_icd10(token text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN token ~ '^[A-Z][0-9][0-9AB]([.]?[0-9A-Z]{1,4})?$' AND token !~ 'X$'
        THEN left(token, 3) || regexp_replace(substr(token, 4), '^[.]?(.+)$', '.\1') END
$$;

CREATE FUNCTION live_icd9(token text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN token ~ '^E[0-9]{3}([.]?[0-9])?$' THEN left(token, 4) || regexp_replace(substr(token, 5), '^[.]?(.+)$', '.\1')
        WHEN token ~ '^[V0-9][0-9]{2}([.]?[0-9]{1,2})?$'
            THEN left(token, 3) || regexp_replace(substr(token, 4), '^[.]?(.+)$', '.\1')
    END
$$;

CREATE FUNCTION live_snomed(token text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    total integer := 0;
    digit integer;
BEGIN
    IF token !~ '^[1-9][0-9]{2,14}[01]0[0-9]$' OR length(token) < 6 THEN
        RETURN NULL;
    END IF;
    FOR place IN 0 .. length(token) - 1 LOOP
        digit := CAST(substr(token, length(token) - place, 1) AS integer);
        FOR n IN 1 .. place % 8 LOOP
            digit := CAST(substr('1576283094', digit + 1, 1) AS integer);
        END LOOP;
        -- Elements 0 to 4 of the dihedral group are rotations, 5 to 9 reflections.
        total := CASE
            WHEN total < 5 AND digit < 5 THEN (total + digit) % 5
            WHEN total < 5 THEN (total + digit - 5) % 5 + 5
            WHEN digit < 5 THEN (total - digit) % 5 + 5
            ELSE (total + 5 - digit) % 5
        END;
    END LOOP;
    RETURN CASE WHEN total = 0 THEN token END;
END
$$;

-- A masked cell says nothing.
CREATE FUNCTION live_masked(cell text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT cell ~ '^[xX.* -]*$' AND cell ~ '[xX].*[xX]'
$$;

-- What a text says beside a code; null when that is nothing.
CREATE FUNCTION live_beside(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN words ~ '{letters}' THEN btrim(words, {blanks} || ',;:|-/') END
$$;

-- A diagnosis cell: its code, or the code's system. The label is ICD10, ICD9, SNOMED or null, the day that of the visit.
CREATE FUNCTION live_diagnosis(cell text, label text, day text, part text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    stated text := live_system(label);
    named text;
    token text;
    rest text;
    system text;
    code text;
    older text;
BEGIN
    cell := btrim(cell, {blanks});
    IF cell IS NULL OR live_masked(cell) THEN
        RETURN NULL;
    END IF;
    FOREACH rest IN ARRAY ARRAY[':', ' '] LOOP
        named := CASE WHEN strpos(cell, rest) > 0 THEN live_system(split_part(cell, rest, 1)) END;
        IF named IS NOT NULL THEN
            IF named <> stated THEN
                RETURN NULL;
            END IF;
            stated := named;
            cell := ltrim(substr(cell, strpos(cell, rest) + 1), ': ');
            EXIT;
        END IF;
    END LOOP;
    token := upper(rtrim(substring(cell FROM '^[^ \t,;:|\u00a0/-]*'), '.') COLLATE "C");
    rest := regexp_replace(cell, '^[^ \t,;:|\u00a0/-]*[ \t,;:|\u00a0/-]?', '');
    IF live_several(rest) OR (stated IS NULL AND token IN ('B12', 'T10', 'T11', 'T12')) THEN
        RETURN NULL;
    END IF;
    CASE
        WHEN stated = 'icd10cm' THEN
            system := stated;
            code := live_icd10(token);
        WHEN stated = 'icd9cm' THEN
            system := stated;
            code := live_icd9(token);
        WHEN stated = 'snomed' THEN
            system := stated;
            code := live_snomed(token);
        WHEN stated IS NOT NULL THEN
            RETURN NULL;
        ELSE
            code := live_icd10(token);
            older := live_icd9(token);
            system := CASE WHEN code IS NOT NULL THEN 'icd10cm' WHEN older IS NOT NULL THEN 'icd9cm' ELSE 'snomed' END;
            IF code IS NOT NULL AND older IS NOT NULL THEN
                IF day COLLATE "C" >= '2015-10-01' THEN
                    code := CASE WHEN code !~ '^E9' THEN code END;
                ELSIF day IS NULL THEN
                    RETURN NULL;
                ELSE
                    system := 'icd9cm';
                    code := CASE WHEN older ~ '^(V(0[1-9]|[1-8][0-9]|9[01])|E(0[0-2][0-9]|030|[89][0-9][0-9]))' THEN older END;
                END IF;
            ELSE
                code := COALESCE(code, older, live_snomed(token));
            END IF;
    END CASE;
    RETURN CASE WHEN code IS NOT NULL THEN CASE part WHEN 'system' THEN system WHEN 'code' THEN code END END;
END
$$;

-- Whether the rest of a diagnosis cell is nothing but further codes.
CREATE FUNCTION live_several(rest text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    word text;
    found boolean := false;
BEGIN
    FOREACH word IN ARRAY regexp_split_to_array(rest, '[ \t,;:|\u00a0/-]+') LOOP
        IF word <> '' THEN
            word := upper(rtrim(word, '.') COLLATE "C");
            IF COALESCE(live_icd10(word), live_icd9(word), live_snomed(word), live_system(word)) IS NULL THEN
                RETURN false;
            END IF;
            found := true;
        END IF;
    END LOOP;
    RETURN found;
END
$$;

-- Whether a word is a code of CPT or HCPCS: its system.
CREATE FUNCTION live_billing(code text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN code ~ '^(001[0-9]{2}|00[2-9][0-9]{2}|01[0-9]{3}|[1-9][0-9]{4}|[0-9]{4}[FTUMA])$' THEN 'cpt'
        WHEN code ~ '^[A-CE-V][0-9]{4}$' THEN 'hcpcs'
    END
$$;

-- A procedure cell under the label CPT: its system, code, modifiers with commas between them, or the text.
CREATE FUNCTION live_procedure(cell text, part text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    -- A modifier: of two digits from 22 on.
    one text := '(?:2[2-9]|[3-9][0-9]|[0-9][A-Z]|[A-Z][0-9A-Z])';
    named text;
    inner_cell text;
    token text;
    rest text;
    words text;
    modifiers text[];
    found text[];
    system text;
BEGIN
    cell := btrim(cell, {blanks});
    IF cell IS NULL OR live_masked(cell) THEN
        RETURN NULL;
    END IF;
    named := CASE WHEN strpos(cell, ':') > 0 THEN live_system(split_part(cell, ':', 1)) END;
    IF named IS NULL OR named IN ('cpt', 'hcpcs') THEN
        inner_cell := CASE WHEN named IS NULL THEN cell ELSE substr(cell, strpos(cell, ':') + 1) END;
        inner_cell := btrim(inner_cell, {blanks} || '-');
        token := upper(substring(inner_cell FROM '^[0-9A-Za-z]*') COLLATE "C");
        rest := substr(inner_cell, length(token) + 1);
        system := live_billing(left(token, 5));
        IF substr(token, 6) !~ ('^' || one || '{0,4}$') THEN
            system := NULL;
        END IF;
    END IF;
    IF system IS NOT NULL THEN
        modifiers := ARRAY(SELECT m[1] FROM regexp_matches(substr(token, 6), '(..)', 'g') AS m);
        LOOP
            found := regexp_match(rest, '^-+(' || one || ')(?!{letters})(.*)$');
            EXIT WHEN found IS NULL;
            modifiers := modifiers || found[1];
            rest := found[2];
        END LOOP;
        words := btrim(regexp_replace(rest, '[ ,:/\t-]+', ' ', 'g'), ' ');
        IF rest LIKE '-%' THEN
            words := upper(words COLLATE "C");
        END IF;
        IF words ~ ('^(' || one || '( ' || one || ')*)?$') THEN
            modifiers := modifiers || string_to_array(NULLIF(words, ''), ' ');
            rest := '';
        END IF;
        words := upper(btrim(regexp_replace(rest, '[^0-9A-Za-z]+', ' ', 'g'), ' ') COLLATE "C");
        IF words <> '' AND NOT EXISTS (
            SELECT 1 FROM regexp_split_to_table(words, ' ') AS word
            WHERE word !~ ('^' || one || '$')
                AND (live_billing(left(word, 5)) IS NULL OR substr(word, 6) !~ ('^' || one || '{0,4}$'))
        ) THEN
            system := NULL;
        END IF;
    END IF;
    IF system IS NULL THEN
        RETURN CASE part WHEN 'text' THEN live_beside(cell) END;
    END IF;
    RETURN CASE part
        WHEN 'system' THEN system
        WHEN 'code' THEN left(token, 5)
        WHEN 'modifiers' THEN NULLIF(array_to_string(modifiers, ','), '')
        WHEN 'text' THEN live_beside(rest)
    END;
END
$$;
