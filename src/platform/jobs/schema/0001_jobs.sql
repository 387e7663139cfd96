CREATE TABLE jobs (
  kind    TEXT NOT NULL,
  name    TEXT NOT NULL,
  due     BIGINT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (kind, name)
);
CREATE INDEX jobs_due ON jobs (due);
