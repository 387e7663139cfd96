CREATE TABLE rules (
  id       TEXT PRIMARY KEY,
  number   BIGINT NOT NULL UNIQUE,
  latest   BIGINT NOT NULL,
  active   BIGINT NOT NULL
);
CREATE TABLE rules_versions (
  id           TEXT NOT NULL,
  version      BIGINT NOT NULL,
  words        TEXT NOT NULL,
  kept_at      BIGINT NOT NULL,
  by           TEXT NOT NULL,
  activated_at BIGINT,
  PRIMARY KEY (id, version)
);
-- What judging remembers of a device: `memory` is durable with the batch that changed it; the clock (newest ts
-- and when that arrived) follows within a minute.
CREATE TABLE rules_memory (
  device  BIGINT PRIMARY KEY,
  memory  BYTEA NOT NULL,
  newest  BIGINT NOT NULL,
  arrived BIGINT NOT NULL
);
