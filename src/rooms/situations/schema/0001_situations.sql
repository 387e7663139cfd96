CREATE TABLE situations (
  id           TEXT PRIMARY KEY,
  rule         TEXT NOT NULL,
  rule_number  BIGINT NOT NULL,
  rule_version BIGINT NOT NULL,
  device       TEXT NOT NULL,
  device_number BIGINT NOT NULL,
  place        TEXT NOT NULL,
  path         TEXT NOT NULL,
  severity     TEXT NOT NULL,
  state        TEXT NOT NULL,
  silenced     BIGINT NOT NULL,
  drill        BIGINT NOT NULL,
  began_at     BIGINT NOT NULL,
  ended_at     BIGINT,
  raised_at    BIGINT NOT NULL,
  cleared_at   BIGINT,
  peak         DOUBLE PRECISION,
  readings     BIGINT NOT NULL,
  text         TEXT NOT NULL,
  text_en      TEXT NOT NULL,
  evidence     TEXT NOT NULL,
  cause        TEXT NOT NULL,
  seen_by      TEXT NOT NULL,
  seen_at      BIGINT,
  false_alarm  BIGINT NOT NULL,
  false_reason TEXT NOT NULL,
  false_by     TEXT NOT NULL
);
CREATE INDEX situations_open ON situations (state, path, id);
CREATE INDEX situations_rule ON situations (rule, id);
CREATE INDEX situations_device ON situations (device, id);
CREATE INDEX situations_path ON situations (path, id);
CREATE INDEX situations_began ON situations (began_at);
