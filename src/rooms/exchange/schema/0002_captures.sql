CREATE TABLE exchange_libraries (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  url          TEXT NOT NULL,
  system       TEXT NOT NULL,
  login        TEXT NOT NULL,
  secret       BYTEA NOT NULL,
  places       TEXT NOT NULL,
  paths        TEXT NOT NULL,
  purpose      TEXT NOT NULL,
  basis        TEXT NOT NULL,
  until        BIGINT,
  plates       BIGINT NOT NULL,
  faces        BIGINT NOT NULL,
  signs_posted BIGINT NOT NULL,
  scenes       BIGINT NOT NULL,
  keep_days    BIGINT NOT NULL,
  keepalive    BIGINT NOT NULL,
  paused       BIGINT NOT NULL,
  -- Changes with every change of the words above: whoever holds a session begins a new one.
  version      BIGINT NOT NULL,
  state        TEXT NOT NULL,
  state_at     BIGINT NOT NULL,
  trouble      TEXT NOT NULL,
  clock_ahead_s BIGINT,
  -- How many were ever queued: the serial in the numbers of their objects.
  captured     BIGINT NOT NULL,
  sent         BIGINT NOT NULL,
  refused      BIGINT NOT NULL,
  withheld     BIGINT NOT NULL,
  expired      BIGINT NOT NULL
);
CREATE TABLE exchange_captures (
  id        TEXT PRIMARY KEY,
  library   TEXT NOT NULL,
  kind      TEXT NOT NULL,
  object    TEXT NOT NULL,
  -- The cause.
  detection TEXT NOT NULL,
  device    TEXT NOT NULL,
  path      TEXT NOT NULL,
  shot_at   BIGINT NOT NULL,
  queued_at BIGINT NOT NULL,
  due       BIGINT NOT NULL,
  left_at   BIGINT,
  ended_at  BIGINT,
  state     TEXT NOT NULL,
  attempts  BIGINT NOT NULL,
  code      BIGINT NOT NULL,
  words     TEXT NOT NULL
);
CREATE UNIQUE INDEX exchange_captures_once ON exchange_captures (library, detection);
CREATE INDEX exchange_captures_waiting ON exchange_captures (library, state, id);
CREATE INDEX exchange_captures_path ON exchange_captures (path, id);
CREATE INDEX exchange_captures_queued ON exchange_captures (state, queued_at);
