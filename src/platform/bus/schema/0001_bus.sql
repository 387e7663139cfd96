CREATE TABLE bus_events (
  seq     BIGINT PRIMARY KEY,
  at      BIGINT NOT NULL,
  topic   TEXT NOT NULL,
  subject TEXT NOT NULL,
  path    TEXT NOT NULL,
  cause   TEXT NOT NULL,
  by      TEXT NOT NULL,
  body    TEXT NOT NULL
);
CREATE INDEX bus_events_subject ON bus_events (subject);
CREATE TABLE bus_hearers (
  name     TEXT PRIMARY KEY,
  heard    BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  error    TEXT NOT NULL,
  retry_at BIGINT
);
