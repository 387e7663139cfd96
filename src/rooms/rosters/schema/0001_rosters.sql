CREATE TABLE rosters_posts (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  above        TEXT NOT NULL,
  organisation TEXT NOT NULL
);
CREATE TABLE rosters_shifts (
  id           TEXT PRIMARY KEY,
  post         TEXT NOT NULL,
  stands_for   TEXT NOT NULL,
  place        TEXT NOT NULL,
  path         TEXT NOT NULL,
  words        TEXT NOT NULL
);
CREATE INDEX rosters_shifts_post ON rosters_shifts (post, path);
CREATE INDEX rosters_shifts_stands_for ON rosters_shifts (stands_for, path);
CREATE INDEX rosters_shifts_path ON rosters_shifts (path, id);
CREATE TABLE rosters_shift_persons (
  person TEXT NOT NULL,
  shift  TEXT NOT NULL,
  PRIMARY KEY (person, shift)
);
CREATE INDEX rosters_shift_persons_shift ON rosters_shift_persons (shift);
CREATE TABLE rosters_turns (
  post   TEXT NOT NULL,
  place  TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (post, place)
);
CREATE TABLE rosters_absences (
  id         TEXT PRIMARY KEY,
  person     TEXT NOT NULL,
  since      BIGINT NOT NULL,
  until      BIGINT NOT NULL,
  substitute TEXT NOT NULL,
  reason     TEXT NOT NULL
);
CREATE INDEX rosters_absences_person ON rosters_absences (person, until);
CREATE INDEX rosters_absences_substitute ON rosters_absences (substitute, until) WHERE substitute <> '';
CREATE TABLE rosters_handovers (
  id       TEXT PRIMARY KEY,
  post     TEXT NOT NULL,
  place    TEXT NOT NULL,
  path     TEXT NOT NULL,
  note     TEXT NOT NULL,
  at       BIGINT NOT NULL,
  by       TEXT NOT NULL,
  taken_at BIGINT,
  taken_by TEXT NOT NULL
);
CREATE INDEX rosters_handovers_path ON rosters_handovers (path, id);
CREATE TABLE rosters_years (
  year   BIGINT PRIMARY KEY,
  source TEXT NOT NULL
);
CREATE TABLE rosters_days (
  day  TEXT PRIMARY KEY,
  year BIGINT NOT NULL,
  off  BIGINT NOT NULL,
  name TEXT NOT NULL
);
CREATE TABLE rosters_hours (
  organisation TEXT PRIMARY KEY,
  words        TEXT NOT NULL
);
