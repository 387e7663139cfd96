-- What somebody is writing for the catalogue and has not published yet: one draft a kind.
CREATE TABLE cases_kind_drafts (
  code  TEXT PRIMARY KEY,
  base  BIGINT NOT NULL,
  at    BIGINT NOT NULL,
  by    TEXT NOT NULL,
  words TEXT NOT NULL
);
