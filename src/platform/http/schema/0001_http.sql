-- The first answer to a POST with an Idempotency-Key, sealed with the node's key, for 24 hours.
CREATE TABLE http_answers (
  name    TEXT PRIMARY KEY,
  request TEXT NOT NULL,
  at      BIGINT NOT NULL,
  answer  BYTEA NOT NULL
);
CREATE INDEX http_answers_at ON http_answers (at);
