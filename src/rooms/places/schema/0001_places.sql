CREATE TABLE places (
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,
  name    TEXT NOT NULL,
  parent  TEXT NOT NULL,
  path    TEXT NOT NULL,
  outline TEXT NOT NULL,
  floors  BIGINT NOT NULL,
  height  DOUBLE PRECISION NOT NULL,
  lon     DOUBLE PRECISION,
  lat     DOUBLE PRECISION
);
CREATE UNIQUE INDEX places_path ON places (path);
CREATE INDEX places_parent ON places (parent, id);
CREATE INDEX places_kind ON places (kind, path);
