-- A series is one metric of one device; ts and value are its newest point that is not suspect, as of the
-- last fold (the journal knows what came since).
-- engine sqlite
CREATE TABLE readings_series (
  series INTEGER PRIMARY KEY,
-- engine postgres
CREATE TABLE readings_series (
  series BIGINT PRIMARY KEY,
-- engine all
  device BIGINT NOT NULL,
  metric BIGINT NOT NULL,
  ts     BIGINT,
  value  DOUBLE PRECISION
);
CREATE UNIQUE INDEX readings_series_metric ON readings_series (device, metric);

-- One row a batch of the lane (readings_segment). Rows leave once their points are in chunks.
-- engine sqlite
CREATE TABLE readings_journal (
  seq     INTEGER PRIMARY KEY,
-- engine postgres
CREATE TABLE readings_journal (
  seq     BIGINT PRIMARY KEY,
-- engine all
  arrived BIGINT NOT NULL,
  points  BIGINT NOT NULL,
  body    BYTEA NOT NULL
);

-- Points of one series within one block of eight days (readings_chunk). id = block, series, part in one
-- number, so that what is folded together lies together. Parts of one series and block stand in order of
-- arrival. since and till: ms within the block; arrived: day (since 1970) on which the last came.
-- engine sqlite
CREATE TABLE readings_chunks (
  id      INTEGER PRIMARY KEY,
-- engine postgres
CREATE TABLE readings_chunks (
  id      BIGINT PRIMARY KEY,
-- engine all
  since   INTEGER NOT NULL,
  till    INTEGER NOT NULL,
  points  INTEGER NOT NULL,
  arrived INTEGER NOT NULL,
  body    BYTEA NOT NULL
);

-- The blocks that have chunks; oldest: no chunk's last point arrived before this day.
CREATE TABLE readings_blocks (
  block  BIGINT PRIMARY KEY,
  oldest BIGINT NOT NULL
);

-- Series and blocks with chunks that are not settled yet: their parts wait to be merged once the block is
-- over, and their roll-up is missing or stale. id as in readings_chunks, part 0.
-- engine sqlite
CREATE TABLE readings_touched (
  id INTEGER PRIMARY KEY
);
-- engine postgres
CREATE TABLE readings_touched (
  id BIGINT PRIMARY KEY
);
-- engine all

-- Hourly roll-ups of one series and block (readings_rollup); id = series and block in one number.
-- engine sqlite
CREATE TABLE readings_rollups (
  id   INTEGER PRIMARY KEY,
-- engine postgres
CREATE TABLE readings_rollups (
  id   BIGINT PRIMARY KEY,
-- engine all
  body BYTEA NOT NULL
);

-- digest: of confidence, attributes and file, so that a message sent twice is one detection, and two people
-- seen in the same instant are two.
CREATE TABLE readings_detections (
  id         TEXT PRIMARY KEY,
  device     BIGINT NOT NULL,
  ts         BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  digest     BIGINT NOT NULL,
  arrived    BIGINT NOT NULL,
  flags      BIGINT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  attributes TEXT NOT NULL,
  file       TEXT NOT NULL
);
CREATE UNIQUE INDEX readings_detections_once ON readings_detections (device, ts, kind, digest);
CREATE INDEX readings_detections_ts ON readings_detections (ts, id);
CREATE INDEX readings_detections_arrived ON readings_detections (arrived);

-- Both are compressed or hardly compressible: trying again costs time and gains nothing.
-- engine postgres
ALTER TABLE readings_journal ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE readings_chunks ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE readings_rollups ALTER COLUMN body SET STORAGE EXTERNAL;
-- engine all
