-- The state of the authorization server. Accepted by SQLite and PostgreSQL alike; `ctext` is text compared byte by byte.
-- Times are seconds since 1970-01-01 UTC. Secrets that clients hold (codes, tokens, cookies) are stored as their SHA-256 only.

-- Keys that sign tokens. `sealed` is the private key, encrypted with a key from the environment.
CREATE TABLE IF NOT EXISTS sm_key (
    kid ctext PRIMARY KEY,
    algorithm ctext NOT NULL,
    sealed ctext NOT NULL,
    created bigint NOT NULL,
    -- It signs no more; what it signed is still believed.
    retired bigint
);

-- Clients that registered themselves (RFC 7591); those of the configuration are not here.
CREATE TABLE IF NOT EXISTS sm_client (
    id ctext PRIMARY KEY,
    registration ctext NOT NULL,
    created bigint NOT NULL
);

-- What somebody allowed an app, or a backend service gave itself.
CREATE TABLE IF NOT EXISTS sm_grant (
    id ctext PRIMARY KEY,
    client ctext NOT NULL,
    -- Who allowed it; absent for a backend service.
    subject ctext,
    person ctext,
    -- What they are to the organisation.
    role ctext,
    -- Which patients they may see: {"patients": [id]} or {"search": "parameters"}.
    reach ctext NOT NULL,
    scopes ctext NOT NULL,
    context ctext NOT NULL,
    -- The sign-in that it ends with (`online_access`).
    session ctext,
    created bigint NOT NULL,
    ended bigint
);
CREATE INDEX IF NOT EXISTS sm_grant_subject ON sm_grant (subject, client);
CREATE INDEX IF NOT EXISTS sm_grant_session ON sm_grant (session);

-- Authorization codes. A code that comes twice ends its grant.
CREATE TABLE IF NOT EXISTS sm_code (
    hash ctext PRIMARY KEY,
    grant_id ctext NOT NULL,
    redirect_uri ctext NOT NULL,
    challenge ctext,
    nonce ctext,
    expires bigint NOT NULL,
    used bigint
);
CREATE INDEX IF NOT EXISTS sm_code_expires ON sm_code (expires);

-- Access and refresh tokens. A refresh token that comes twice ends its grant.
CREATE TABLE IF NOT EXISTS sm_token (
    hash ctext PRIMARY KEY,
    kind ctext NOT NULL,
    grant_id ctext NOT NULL,
    scopes ctext NOT NULL,
    issued bigint NOT NULL,
    expires bigint NOT NULL,
    spent bigint
);
CREATE INDEX IF NOT EXISTS sm_token_grant ON sm_token (grant_id);
CREATE INDEX IF NOT EXISTS sm_token_expires ON sm_token (expires);

-- Ids of client assertions that were used (RFC 7523).
CREATE TABLE IF NOT EXISTS sm_assertion (
    client ctext NOT NULL,
    jti ctext NOT NULL,
    expires bigint NOT NULL,
    PRIMARY KEY (client, jti)
);
CREATE INDEX IF NOT EXISTS sm_assertion_expires ON sm_assertion (expires);

-- What waits for its next request, by the secret that the request carries: sign-ins in a cookie, authorization requests
-- between pages, launches of an EHR, sign-ins at an upstream provider.
CREATE TABLE IF NOT EXISTS sm_pending (
    hash ctext PRIMARY KEY,
    kind ctext NOT NULL,
    body ctext NOT NULL,
    expires bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS sm_pending_expires ON sm_pending (expires);

-- Every access, in the order in which it was answered. A row has those that were written together, a line for each: a hash, a space, and
-- the record as JSON. The hash is a keyed hash of that of the line before, the number and the record: without the server's secret nobody
-- can alter, insert or remove a line so that those behind it still fit.
CREATE TABLE IF NOT EXISTS sm_audit (
    -- The numbers of the first and the last record.
    first_seq bigint PRIMARY KEY,
    last_seq bigint NOT NULL,
    -- The moments between which they were answered.
    earliest bigint NOT NULL,
    latest bigint NOT NULL,
    records ctext NOT NULL
);

-- What rows can be found by: clients, users, patients, resources, what was done and how it ended, as numbers that are keyed hashes of
-- their names. Some thousand records are indexed together, in one run, so that they are written in one place, wherever hashes lead; those
-- behind the last run are looked at one by one.
CREATE TABLE IF NOT EXISTS sm_audit_run (
    last_seq bigint PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS sm_audit_mark (
    run bigint NOT NULL,
    mark bigint NOT NULL,
    first_seq bigint NOT NULL,
    PRIMARY KEY (run, mark, first_seq)
);
