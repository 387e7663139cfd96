CREATE TABLE affairs_forms (
  id      TEXT PRIMARY KEY,
  words   TEXT NOT NULL,
  kept_at BIGINT NOT NULL,
  by      TEXT NOT NULL
);
CREATE TABLE affairs_runs (
  id      TEXT PRIMARY KEY,
  form    TEXT NOT NULL,
  place   TEXT NOT NULL,
  path    TEXT NOT NULL,
  by      TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX affairs_runs_path ON affairs_runs (path, id);
-- What workers answered, for every form: sealed, since it may say anything about a person.
CREATE TABLE affairs_answers (
  subject TEXT NOT NULL,
  key     TEXT NOT NULL,
  sealed  BYTEA NOT NULL,
  by      TEXT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (subject, key)
);
