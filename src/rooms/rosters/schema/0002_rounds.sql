CREATE TABLE rosters_points (
  id    TEXT PRIMARY KEY,
  name  TEXT NOT NULL,
  place TEXT NOT NULL,
  path  TEXT NOT NULL,
  tag   TEXT NOT NULL,
  look  TEXT NOT NULL,
  code  TEXT NOT NULL
);
CREATE INDEX rosters_points_path ON rosters_points (path);
CREATE TABLE rosters_routes (
  id    TEXT PRIMARY KEY,
  path  TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX rosters_routes_path ON rosters_routes (path);
CREATE TABLE rosters_plans (
  id    TEXT PRIMARY KEY,
  path  TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX rosters_plans_path ON rosters_plans (path);
CREATE TABLE rosters_tasks (
  id        TEXT PRIMARY KEY,
  plan      TEXT NOT NULL,
  route     TEXT NOT NULL,
  post      TEXT NOT NULL,
  path      TEXT NOT NULL,
  person    TEXT,
  starts_at BIGINT NOT NULL,
  until     BIGINT NOT NULL,
  state     TEXT NOT NULL,
  ended_at  BIGINT
);
CREATE INDEX rosters_tasks_path ON rosters_tasks (path, id);
CREATE INDEX rosters_tasks_open ON rosters_tasks (post, id) WHERE state = 'open';
CREATE TABLE rosters_checks (
  task    TEXT NOT NULL,
  n       BIGINT NOT NULL,
  point   TEXT NOT NULL,
  at      BIGINT,
  told_at BIGINT,
  person  TEXT,
  by_tag  BIGINT NOT NULL,
  fine    BIGINT NOT NULL,
  note    TEXT NOT NULL,
  files   TEXT NOT NULL,
  PRIMARY KEY (task, n)
);
