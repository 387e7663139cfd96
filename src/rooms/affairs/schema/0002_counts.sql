-- How far a run is, as it was last counted; which of its cells workers answered; and answers that contradict each other.
ALTER TABLE affairs_runs ADD COLUMN counts TEXT NOT NULL DEFAULT
  '{"rows":0,"cells":0,"known":0,"blank":0,"filled":0,"remembered":0,"answered":0,"asked":0,"registers":0,"conflicts":0}';
CREATE TABLE affairs_given (
  run     TEXT NOT NULL,
  cell    TEXT NOT NULL,
  subject TEXT NOT NULL,
  by      TEXT NOT NULL,
  at      BIGINT NOT NULL,
  print   TEXT NOT NULL,
  PRIMARY KEY (run, cell)
);
CREATE INDEX affairs_given_subject ON affairs_given (subject);
-- `print` is a keyed hash: whether two said the same is seen without opening either.
CREATE TABLE affairs_conflicts (
  id         TEXT PRIMARY KEY,
  run        TEXT NOT NULL,
  cell       TEXT NOT NULL,
  subject    TEXT NOT NULL,
  sealed     BYTEA NOT NULL,
  print      TEXT NOT NULL,
  by         TEXT NOT NULL,
  at         BIGINT NOT NULL,
  earlier_by TEXT NOT NULL,
  earlier_at BIGINT,
  kept       TEXT NOT NULL,
  settled_by TEXT NOT NULL,
  settled_at BIGINT
);
CREATE INDEX affairs_conflicts_run ON affairs_conflicts (run, id);
CREATE INDEX affairs_conflicts_subject ON affairs_conflicts (subject);
