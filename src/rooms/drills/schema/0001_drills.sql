CREATE TABLE drills (
  id       TEXT PRIMARY KEY,
  kind     TEXT NOT NULL,
  rule     TEXT NOT NULL,
  device   TEXT NOT NULL,
  note     TEXT NOT NULL,
  place    TEXT NOT NULL,
  path     TEXT NOT NULL,
  case_id  TEXT NOT NULL,
  by       TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  until    BIGINT NOT NULL,
  ended_at BIGINT,
  blocked  TEXT NOT NULL,
  cause    TEXT NOT NULL
);
CREATE INDEX drills_path ON drills (path, id);
CREATE INDEX drills_running ON drills (kind, place) WHERE ended_at IS NULL;
