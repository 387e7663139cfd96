CREATE TABLE actions (
  id          TEXT PRIMARY KEY,
  situation   TEXT NOT NULL,
  rule        TEXT NOT NULL,
  version     BIGINT NOT NULL,
  step        BIGINT NOT NULL,
  device      TEXT NOT NULL,
  path        TEXT NOT NULL,
  method      TEXT NOT NULL,
  state       TEXT NOT NULL,
  reason      TEXT NOT NULL,
  command     TEXT NOT NULL,
  release     TEXT NOT NULL,
  at          BIGINT NOT NULL,
  held_since  BIGINT,
  fresh_at    BIGINT,
  ended_at    BIGINT,
  released_by TEXT NOT NULL
);
CREATE INDEX actions_situation ON actions (situation);
CREATE INDEX actions_command ON actions (command);
CREATE INDEX actions_path ON actions (path, id);
CREATE INDEX actions_state ON actions (state, path, id);
