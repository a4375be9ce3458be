-- What a load keeps on PostgreSQL: functions of triggers on the vendor's tables (crates/mapper/src/load/journal). They do nothing
-- outside of a load, which says its number and its first file in two settings of its transaction. cg_old and cg_new are the
-- rows of the statement as they were and as they are.

-- Tables with a key: a row as it was before the load. One that the load itself has written has its file.
CREATE FUNCTION cg_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF COALESCE(current_setting('chartgate.load', true), '') <> '' THEN
    EXECUTE format(
      'INSERT INTO %I.%I SELECT o.*, $1 FROM cg_old AS o WHERE o.cg_file < $2 ON CONFLICT DO NOTHING',
      TG_TABLE_SCHEMA, 'cg_was_' || TG_TABLE_NAME)
    USING current_setting('chartgate.load')::bigint, current_setting('chartgate.file')::bigint;
  END IF;
  RETURN NULL;
END $$;

-- Tables of what single cells hold several of: all rows of an owner as they were before the load, when one of them changes. The
-- argument is the column of the owner.
CREATE FUNCTION cg_keep_owned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF COALESCE(current_setting('chartgate.load', true), '') <> '' THEN
    EXECUTE format(
      'INSERT INTO %1$I.%2$I SELECT o.*, $1 FROM ('
        'SELECT * FROM cg_old UNION ALL ('
        'SELECT t.* FROM %1$I.%3$I AS t WHERE t.%4$I IN (SELECT c.%4$I FROM cg_old AS c) %5$s)) AS o '
      'WHERE o.cg_load < $1 '
      'AND NOT EXISTS (SELECT 1 FROM %1$I.%2$I AS w WHERE w.%4$I = o.%4$I AND w.cg_until = $1)',
      TG_TABLE_SCHEMA, 'cg_was_' || TG_TABLE_NAME, TG_TABLE_NAME, TG_ARGV[0],
      CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ALL SELECT * FROM cg_new' ELSE '' END)
    USING current_setting('chartgate.load')::bigint;
  END IF;
  RETURN NULL;
END $$;
