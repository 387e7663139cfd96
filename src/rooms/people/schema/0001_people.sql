-- A person. What tells who it is stands sealed under a key of its own, bound to table, row and column; `key` is that
-- key, wrapped by the node's. Erasing a person is forgetting `key`: the row stays as a skeleton for what points to it.
-- The *_ix columns are blind indices (the first 64 bits of a keyed hash of the normal form). `born` is the year alone.
CREATE TABLE people_persons (
  id               TEXT PRIMARY KEY,
  state            TEXT NOT NULL,
  path             TEXT NOT NULL,
  key              BYTEA,
  name             BYTEA,
  phone            BYTEA,
  identity         BYTEA,
  birth            BYTEA,
  sex              BYTEA,
  remarks          BYTEA,
  name_ix          BIGINT,
  phone_ix         BIGINT,
  phone_tail_ix    BIGINT,
  identity_ix      BIGINT,
  identity_tail_ix BIGINT,
  born             BIGINT,
  source           TEXT NOT NULL,
  made_at          BIGINT NOT NULL,
  confirmed_at     BIGINT NOT NULL,
  confirmed_by     TEXT NOT NULL
);
CREATE INDEX people_persons_path ON people_persons (path, id);
CREATE INDEX people_persons_name ON people_persons (name_ix) WHERE name_ix IS NOT NULL;
CREATE INDEX people_persons_phone ON people_persons (phone_ix) WHERE phone_ix IS NOT NULL;
CREATE INDEX people_persons_phone_tail ON people_persons (phone_tail_ix) WHERE phone_tail_ix IS NOT NULL;
CREATE INDEX people_persons_identity ON people_persons (identity_ix) WHERE identity_ix IS NOT NULL;
CREATE INDEX people_persons_identity_tail ON people_persons (identity_tail_ix) WHERE identity_tail_ix IS NOT NULL;

-- A household and its code (一户一码): the code itself sealed with the node's key, its blind index for looking up.
CREATE TABLE people_households (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  place        TEXT NOT NULL,
  path         TEXT NOT NULL,
  code         BYTEA NOT NULL,
  code_ix      BIGINT NOT NULL,
  code_at      BIGINT NOT NULL,
  made_at      BIGINT NOT NULL,
  closed_at    BIGINT,
  confirmed_at BIGINT NOT NULL,
  confirmed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX people_households_code ON people_households (code_ix);
CREATE INDEX people_households_path ON people_households (path, id);
CREATE INDEX people_households_place ON people_households (place);

CREATE TABLE people_residencies (
  id        TEXT PRIMARY KEY,
  person    TEXT NOT NULL,
  household TEXT NOT NULL,
  role      TEXT NOT NULL,
  since     BIGINT NOT NULL,
  until     BIGINT
);
CREATE INDEX people_residencies_person ON people_residencies (person);
CREATE INDEX people_residencies_household ON people_residencies (household);

-- Somebody who acts for somebody else: a daughter for her father. `scope` is a JSON list of what for.
CREATE TABLE people_helpers (
  id      TEXT PRIMARY KEY,
  person  TEXT NOT NULL,
  helper  TEXT NOT NULL,
  scope   TEXT NOT NULL,
  since   BIGINT NOT NULL,
  until   BIGINT,
  how     TEXT NOT NULL,
  made_by TEXT NOT NULL
);
CREATE INDEX people_helpers_person ON people_helpers (person);
CREATE INDEX people_helpers_helper ON people_helpers (helper);

CREATE TABLE people_organisations (
  id    TEXT PRIMARY KEY,
  kind  TEXT NOT NULL,
  name  TEXT NOT NULL,
  place TEXT NOT NULL,
  path  TEXT NOT NULL,
  above TEXT NOT NULL,
  phone TEXT NOT NULL
);
CREATE INDEX people_organisations_path ON people_organisations (path, id);

CREATE TABLE people_tag_kinds (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  sensitive BIGINT NOT NULL
);
INSERT INTO people_tag_kinds (id, name, sensitive) VALUES
  ('living-alone', '独居老人', 0),
  ('very-old', '高龄老人', 0),
  ('disabled', '残障', 1),
  ('needs-care', '失能或半失能', 1),
  ('pregnant', '孕产妇', 1),
  ('low-income', '低保或困难', 1),
  ('left-behind-child', '留守儿童', 1),
  ('special-care', '重点关怀', 1),
  ('party-member', '党员', 1),
  ('veteran', '退役军人', 0),
  ('volunteer', '志愿者', 0),
  ('stair-leader', '楼道长', 0),
  ('new-citizen', '新居民', 0);

CREATE TABLE people_tags (
  person  TEXT NOT NULL,
  tag     TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  PRIMARY KEY (person, tag)
);
CREATE INDEX people_tags_tag ON people_tags (tag, person);

-- Given and withdrawn per purpose; the past stays, so that both can be shown.
CREATE TABLE people_consents (
  id           TEXT PRIMARY KEY,
  person       TEXT NOT NULL,
  purpose      TEXT NOT NULL,
  given_at     BIGINT NOT NULL,
  given_how    TEXT NOT NULL,
  given_by     TEXT NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_how TEXT NOT NULL,
  withdrawn_by TEXT NOT NULL
);
CREATE INDEX people_consents_person ON people_consents (person, purpose);
