-- What people and their programs did, chained: `hash` covers the row and the hash before it.
CREATE TABLE audit_entries (
  seq      BIGINT PRIMARY KEY,
  at       BIGINT NOT NULL,
  who      TEXT NOT NULL,
  action   TEXT NOT NULL,
  subject  TEXT NOT NULL,
  path     TEXT NOT NULL,
  cause    TEXT NOT NULL,
  viewed   BIGINT NOT NULL,
  body     TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash     TEXT NOT NULL
);
CREATE INDEX audit_entries_at ON audit_entries (at);
CREATE INDEX audit_entries_who ON audit_entries (who, seq);
CREATE INDEX audit_entries_subject ON audit_entries (subject, seq);
CREATE INDEX audit_entries_path ON audit_entries (path, seq);

-- The head of the chain, signed with the node's key: whoever rewrites the whole chain cannot rewrite these.
CREATE TABLE audit_anchors (
  seq       BIGINT PRIMARY KEY,
  at        BIGINT NOT NULL,
  hash      TEXT NOT NULL,
  signature TEXT NOT NULL
);

-- Where the chain begins now that older entries were removed: the last one of them.
CREATE TABLE audit_base (
  id        BIGINT PRIMARY KEY,
  seq       BIGINT NOT NULL,
  hash      TEXT NOT NULL,
  signature TEXT NOT NULL
);
