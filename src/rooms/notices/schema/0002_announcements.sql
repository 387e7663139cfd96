CREATE TABLE notices_announcements (
  id           TEXT PRIMARY KEY,
  title        TEXT NOT NULL,
  text         TEXT NOT NULL,
  urgency      TEXT NOT NULL,
  state        TEXT NOT NULL,
  audience     TEXT NOT NULL,
  -- The place's path, and the audience as it was when it was allowed: ids, years and tags.
  path         TEXT NOT NULL,
  born_from    BIGINT,
  born_to      BIGINT,
  expected     BIGINT NOT NULL,
  reached      BIGINT NOT NULL,
  called       BIGINT NOT NULL,
  cursor       TEXT NOT NULL,
  by           TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  made_at      BIGINT NOT NULL,
  send_at      BIGINT NOT NULL,
  sent_at      BIGINT
);
CREATE INDEX notices_announcements_path ON notices_announcements (path, id);
CREATE INDEX notices_about ON notices (about, id) WHERE about <> '';

CREATE TABLE notices_reached (
  announcement TEXT NOT NULL,
  household    TEXT NOT NULL,
  PRIMARY KEY (announcement, household)
);

CREATE TABLE notices_templates (
  id    TEXT PRIMARY KEY,
  name  TEXT NOT NULL,
  title TEXT NOT NULL,
  text  TEXT NOT NULL
);
