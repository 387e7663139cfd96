CREATE TABLE imports (
  id         TEXT PRIMARY KEY,
  what       TEXT NOT NULL,
  state      TEXT NOT NULL,
  by         TEXT NOT NULL,
  at         BIGINT NOT NULL,
  until      BIGINT NOT NULL,
  applied_at BIGINT,
  rows_read  BIGINT NOT NULL,
  made       BIGINT NOT NULL,
  changed    BIGINT NOT NULL,
  same       BIGINT NOT NULL,
  bad        BIGINT NOT NULL,
  ignored    TEXT NOT NULL,
  problems   TEXT NOT NULL,
  -- Sealed with the node's own key: it may hold names and numbers.
  file       BYTEA NOT NULL
);
CREATE INDEX imports_by ON imports (by, id);
CREATE INDEX imports_until ON imports (until);
