-- What a hearer refused so often that those behind it were heard without it: whole, for bus_events are forgotten.
CREATE TABLE bus_aside (
  hearer  TEXT NOT NULL,
  seq     BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  topic   TEXT NOT NULL,
  subject TEXT NOT NULL,
  path    TEXT NOT NULL,
  cause   TEXT NOT NULL,
  by      TEXT NOT NULL,
  body    TEXT NOT NULL,
  error   TEXT NOT NULL,
  PRIMARY KEY (hearer, seq)
);
