CREATE TABLE evaluations (
  id          TEXT PRIMARY KEY,
  case_id     TEXT NOT NULL,
  path        TEXT NOT NULL,
  by          TEXT NOT NULL,
  round       BIGINT NOT NULL,
  reporter    BIGINT NOT NULL,
  person      TEXT NOT NULL,
  channel     TEXT NOT NULL,
  asked_at    BIGINT NOT NULL,
  until       BIGINT,
  answered_at BIGINT,
  score       BIGINT,
  solved      BIGINT,
  text        TEXT NOT NULL,
  account     TEXT NOT NULL,
  on_behalf   BIGINT NOT NULL,
  reopened    BIGINT NOT NULL,
  cause       TEXT NOT NULL
);
CREATE UNIQUE INDEX evaluations_once ON evaluations (case_id, round, by, reporter);
CREATE INDEX evaluations_path ON evaluations (path, id);
CREATE INDEX evaluations_person ON evaluations (person, id) WHERE person <> '';
CREATE INDEX evaluations_open ON evaluations (channel, id) WHERE answered_at IS NULL;
