-- Tables of every Chartgate database, whatever the vendor. Accepted by SQLite and PostgreSQL alike.
-- `ctext` is text compared byte by byte: a domain on PostgreSQL, an affinity on SQLite. Timestamps are UTC.

-- What the rows are and by which rules they were loaded; one row. Served and loaded only under the same rules.
CREATE TABLE IF NOT EXISTS cg_source (
    id bigint PRIMARY KEY CHECK (id = 1),
    vendor ctext NOT NULL,
    zone ctext NOT NULL,
    profile ctext NOT NULL,
    tables ctext NOT NULL,
    created timestamp NOT NULL
);

-- Every load that was committed. read_rows = new_rows + updated_rows + unchanged_rows + superseded_rows. Times grow from load to load.
-- kept_rows are those of the tables cg_was_…, which the loader makes for every table: its columns, and the load that changed the
-- row (cg_until).
CREATE TABLE IF NOT EXISTS cg_delivery (
    id bigint PRIMARY KEY,
    started timestamp NOT NULL,
    finished timestamp NOT NULL,
    read_rows bigint NOT NULL,
    new_rows bigint NOT NULL,
    updated_rows bigint NOT NULL,
    unchanged_rows bigint NOT NULL,
    superseded_rows bigint NOT NULL,
    kept_rows bigint NOT NULL
);

-- The files of a delivery; rows name theirs in cg_file. Rows made from references have a file without path.
CREATE TABLE IF NOT EXISTS cg_file (
    id bigint PRIMARY KEY,
    delivery bigint NOT NULL,
    path ctext,
    entity ctext NOT NULL,
    read_rows bigint NOT NULL
);
