CREATE TABLE notices (
  id        TEXT PRIMARY KEY,
  class     TEXT NOT NULL,
  person    TEXT NOT NULL,
  post      TEXT NOT NULL,
  path      TEXT NOT NULL,
  title     TEXT NOT NULL,
  text      TEXT NOT NULL,
  case_id   TEXT NOT NULL,
  about     TEXT NOT NULL,
  channel   TEXT NOT NULL,
  urgent    BIGINT NOT NULL,
  drill     BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  told_at   BIGINT,
  told_by   TEXT NOT NULL,
  told_note TEXT NOT NULL,
  sender    TEXT NOT NULL,
  cause     TEXT NOT NULL
);
CREATE INDEX notices_person ON notices (person, id) WHERE person <> '';
CREATE INDEX notices_post ON notices (post, id) WHERE post <> '';
CREATE INDEX notices_to_tell ON notices (path, id) WHERE channel <> 'app' AND told_at IS NULL;
CREATE INDEX notices_path ON notices (path, id);
CREATE INDEX notices_case ON notices (case_id, id) WHERE case_id <> '';
CREATE TABLE notices_receipts (
  notice TEXT NOT NULL,
  reader TEXT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (notice, reader)
);
CREATE TABLE notices_rings (
  id       TEXT PRIMARY KEY,
  case_id  TEXT NOT NULL,
  path     TEXT NOT NULL,
  purpose  TEXT NOT NULL,
  post     TEXT NOT NULL,
  person   TEXT NOT NULL,
  step     BIGINT NOT NULL,
  each     BIGINT NOT NULL,
  state    TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  until    BIGINT NOT NULL,
  ended_at BIGINT,
  by       TEXT NOT NULL,
  rung     TEXT NOT NULL,
  drill    BIGINT NOT NULL,
  cause    TEXT NOT NULL
);
CREATE INDEX notices_rings_case ON notices_rings (case_id, id);
CREATE INDEX notices_rings_path ON notices_rings (path, id);
CREATE TABLE notices_messages (
  id       TEXT PRIMARY KEY,
  channel  TEXT NOT NULL,
  recipient TEXT NOT NULL,
  body     TEXT NOT NULL,
  dedupe   TEXT NOT NULL,
  state    TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  due      BIGINT NOT NULL,
  ended_at BIGINT,
  error    TEXT NOT NULL,
  cause    TEXT NOT NULL
);
CREATE INDEX notices_messages_due ON notices_messages (due, id) WHERE state = 'queued';
CREATE INDEX notices_messages_state ON notices_messages (state, id);
CREATE UNIQUE INDEX notices_messages_once ON notices_messages (channel, recipient, dedupe) WHERE dedupe <> '';
CREATE TABLE notices_log (
  message TEXT NOT NULL,
  n       BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  sent    BIGINT NOT NULL,
  detail  TEXT NOT NULL,
  PRIMARY KEY (message, n)
);
CREATE TABLE notices_webhooks (
  id     TEXT PRIMARY KEY,
  url    TEXT NOT NULL,
  topics TEXT NOT NULL,
  path   TEXT NOT NULL,
  secret BYTEA NOT NULL,
  paused BIGINT NOT NULL
);
