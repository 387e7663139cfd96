CREATE TABLE devices_profiles (
  id    TEXT PRIMARY KEY,
  words TEXT NOT NULL
);
CREATE TABLE devices_metrics (
  number BIGINT PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE
);
CREATE TABLE devices (
  id         TEXT PRIMARY KEY,
  number     BIGINT NOT NULL UNIQUE,
  profile    TEXT NOT NULL,
  place      TEXT NOT NULL,
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  tags       TEXT NOT NULL,
  gateway    TEXT NOT NULL,
  secret     TEXT NOT NULL,
  attributes TEXT NOT NULL,
  upkeep     TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  removed_at BIGINT
);
CREATE INDEX devices_path ON devices (path, id);
CREATE INDEX devices_profile ON devices (profile, id);
CREATE TABLE devices_commands (
  id          TEXT PRIMARY KEY,
  device      TEXT NOT NULL,
  path        TEXT NOT NULL,
  number      BIGINT NOT NULL,
  method      TEXT NOT NULL,
  params      TEXT NOT NULL,
  state       TEXT NOT NULL,
  cause       TEXT NOT NULL,
  by          TEXT NOT NULL,
  asked_at    BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  sent_at     BIGINT,
  answered_at BIGINT,
  result      TEXT NOT NULL
);
CREATE INDEX devices_commands_device ON devices_commands (device, number);
CREATE INDEX devices_commands_waiting ON devices_commands (state, device);
CREATE INDEX devices_commands_path ON devices_commands (path, id);
CREATE TABLE devices_maintenance (
  id      TEXT PRIMARY KEY,
  device  TEXT NOT NULL,
  begins  BIGINT NOT NULL,
  ends    BIGINT NOT NULL,
  reason  TEXT NOT NULL,
  by      TEXT NOT NULL
);
CREATE INDEX devices_maintenance_device ON devices_maintenance (device, ends);
