-- A login. `person` is empty for desks and machines; `password` is empty where none may log in by one.
CREATE TABLE accounts (
  id          TEXT PRIMARY KEY,
  login       TEXT NOT NULL,
  name        TEXT NOT NULL,
  person      TEXT NOT NULL,
  password    TEXT NOT NULL,
  state       TEXT NOT NULL,
  must_change BIGINT NOT NULL,
  made_by     TEXT NOT NULL,
  made_at     BIGINT NOT NULL,
  last_login  BIGINT,
  totp        BYTEA,
  totp_on     BIGINT NOT NULL,
  totp_step   BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_login ON accounts (login);
CREATE INDEX accounts_person ON accounts (person);

-- Tokens are kept as their hash alone.
CREATE TABLE accounts_sessions (
  id         TEXT PRIMARY KEY,
  token      TEXT NOT NULL,
  account    TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL
);
CREATE UNIQUE INDEX accounts_sessions_token ON accounts_sessions (token);
CREATE INDEX accounts_sessions_account ON accounts_sessions (account, made_at);
CREATE INDEX accounts_sessions_expiry ON accounts_sessions (expires_at);

-- Rights and purposes as JSON lists. `seed` is the version of the supplied text; 0 once people changed it.
CREATE TABLE accounts_roles (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  rights   TEXT NOT NULL,
  purposes TEXT NOT NULL,
  staff    BIGINT NOT NULL,
  seed     BIGINT NOT NULL
);

-- A role over a place subtree, for a time. `source` is the assignment that a deputy stands in for.
CREATE TABLE accounts_assignments (
  id       TEXT PRIMARY KEY,
  account  TEXT NOT NULL,
  role     TEXT NOT NULL,
  path     TEXT NOT NULL,
  starts   BIGINT NOT NULL,
  ends     BIGINT NOT NULL,
  source   TEXT NOT NULL,
  made_by  TEXT NOT NULL,
  made_at  BIGINT NOT NULL
);
CREATE INDEX accounts_assignments_account ON accounts_assignments (account, id);
CREATE INDEX accounts_assignments_path ON accounts_assignments (path);
CREATE INDEX accounts_assignments_role ON accounts_assignments (role);
CREATE INDEX accounts_assignments_source ON accounts_assignments (source);

-- A key for a program. It never may do more than its owner may at the time.
CREATE TABLE accounts_keys (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  token      TEXT NOT NULL,
  owner      TEXT NOT NULL,
  rights     TEXT NOT NULL,
  path       TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX accounts_keys_token ON accounts_keys (token);
CREATE INDEX accounts_keys_path ON accounts_keys (path, id);
CREATE INDEX accounts_keys_owner ON accounts_keys (owner);

-- Failed logins within a window, by a hash of login, of address, and of both.
CREATE TABLE accounts_attempts (
  subject  TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  since    BIGINT NOT NULL
);
CREATE INDEX accounts_attempts_since ON accounts_attempts (since);
