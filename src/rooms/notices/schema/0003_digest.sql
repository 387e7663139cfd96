-- What waits for a receiver's hour; with `notice` it is in their inbox.
CREATE TABLE notices_digest (
  announcement TEXT NOT NULL,
  person       TEXT NOT NULL,
  path         TEXT NOT NULL,
  title        TEXT NOT NULL,
  text         TEXT NOT NULL,
  at           BIGINT NOT NULL,
  due          BIGINT NOT NULL,
  notice       TEXT NOT NULL,
  PRIMARY KEY (announcement, person)
);
CREATE INDEX notices_digest_due ON notices_digest (due, person) WHERE notice = '';
CREATE INDEX notices_digest_person ON notices_digest (person) WHERE notice = '';
CREATE INDEX notices_digest_path ON notices_digest (path);
CREATE INDEX notices_digest_at ON notices_digest (at);
-- Where somebody wishes another hour than the house's, or a word to the phone beside it.
CREATE TABLE notices_digest_hours (
  person TEXT PRIMARY KEY,
  hour   BIGINT NOT NULL,
  phone  BIGINT NOT NULL
);
