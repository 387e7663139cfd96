CREATE TABLE cases_kinds (
  code       TEXT NOT NULL,
  version    BIGINT NOT NULL,
  ready_made BIGINT NOT NULL,
  retired    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  by         TEXT NOT NULL,
  words      TEXT NOT NULL,
  PRIMARY KEY (code, version)
);

CREATE TABLE cases (
  id             TEXT PRIMARY KEY,
  number         TEXT NOT NULL,
  kind           TEXT NOT NULL,
  kind_version   BIGINT NOT NULL,
  title          TEXT NOT NULL,
  grade          TEXT NOT NULL,
  class          TEXT NOT NULL,
  state          TEXT NOT NULL,
  open           BIGINT NOT NULL,
  circle         TEXT NOT NULL,
  place          TEXT NOT NULL,
  path           TEXT NOT NULL,
  lon            DOUBLE PRECISION,
  lat            DOUBLE PRECISION,
  text           TEXT NOT NULL,
  files          TEXT NOT NULL,
  cause          TEXT NOT NULL,
  situation      TEXT NOT NULL,
  device         TEXT NOT NULL,
  rule           TEXT NOT NULL,
  outer_number   TEXT NOT NULL,
  drill          BIGINT NOT NULL,

  post           TEXT NOT NULL,
  organisation   TEXT NOT NULL,
  person         TEXT NOT NULL,
  unmanned       TEXT NOT NULL,
  holding        BIGINT NOT NULL,

  opened_at      BIGINT NOT NULL,
  due            BIGINT,
  accept_by      BIGINT,
  handle_by      BIGINT,
  verify_by      BIGINT,
  accepted_at    BIGINT,
  arrived_at     BIGINT,
  handled_at     BIGINT,
  verified_at    BIGINT,
  closed_at      BIGINT,
  deferred_until BIGINT,
  deferred_from  TEXT NOT NULL,
  late_since     BIGINT,
  supervised     BIGINT NOT NULL,
  ending         TEXT NOT NULL,
  reason         TEXT NOT NULL,
  merged_into    TEXT NOT NULL,
  reporters      BIGINT NOT NULL,
  urged          BIGINT NOT NULL,
  reopened       BIGINT NOT NULL,
  transferred    BIGINT NOT NULL,
  parts_open     BIGINT NOT NULL,
  calls_open     BIGINT NOT NULL,
  lines          BIGINT NOT NULL,
  score_sum      BIGINT NOT NULL,
  scores         BIGINT NOT NULL,
  solved         BIGINT,
  appeal         TEXT NOT NULL,
  seq            BIGINT NOT NULL,
  urgency        BIGINT NOT NULL
);
CREATE UNIQUE INDEX cases_number ON cases (number);
CREATE INDEX cases_outer ON cases (outer_number, id) WHERE outer_number <> '';
CREATE INDEX cases_place_kind ON cases (place, kind, id);
CREATE INDEX cases_path ON cases (path, id);
CREATE INDEX cases_state ON cases (state, id);
CREATE INDEX cases_kind ON cases (kind, id);
CREATE UNIQUE INDEX cases_seq ON cases (seq);
CREATE INDEX cases_open_id ON cases (id) WHERE open = 1;
CREATE INDEX cases_open_urgency ON cases (urgency, id) WHERE open = 1;
CREATE INDEX cases_open_person ON cases (person, urgency, id) WHERE open = 1;
CREATE INDEX cases_open_post ON cases (post, urgency, id) WHERE open = 1;
CREATE INDEX cases_open_circle ON cases (circle, urgency, id) WHERE open = 1;
CREATE INDEX cases_open_path ON cases (path, urgency, id) WHERE open = 1;

-- Words of the text as pairs of characters: neither engine finds Chinese words by itself.
-- engine sqlite
CREATE VIRTUAL TABLE cases_words USING fts5(terms, content = '', columnsize = 0, detail = none);
-- engine postgres
ALTER TABLE cases ADD COLUMN terms TEXT[];
CREATE INDEX cases_terms ON cases USING GIN (terms);
-- engine all

CREATE TABLE cases_situations (
  situation  TEXT PRIMARY KEY,
  case_id    TEXT NOT NULL,
  device     TEXT NOT NULL,
  rule       TEXT NOT NULL,
  at         BIGINT NOT NULL,
  cleared_at BIGINT
);
CREATE INDEX cases_situations_case ON cases_situations (case_id);
CREATE INDEX cases_situations_device ON cases_situations (device, rule, at);

CREATE TABLE cases_numbers (
  day  TEXT PRIMARY KEY,
  last BIGINT NOT NULL
);

CREATE TABLE cases_diary (
  case_id   TEXT NOT NULL,
  n         BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  code      TEXT NOT NULL,
  words     TEXT NOT NULL,
  by        TEXT NOT NULL,
  person    TEXT NOT NULL,
  on_behalf BIGINT NOT NULL,
  note      TEXT NOT NULL,
  files     TEXT NOT NULL,
  cause     TEXT NOT NULL,
  PRIMARY KEY (case_id, n)
);

CREATE TABLE cases_reporters (
  case_id   TEXT NOT NULL,
  n         BIGINT NOT NULL,
  person    TEXT NOT NULL,
  channel   TEXT NOT NULL,
  account   TEXT NOT NULL,
  on_behalf BIGINT NOT NULL,
  anonymous BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  text      TEXT NOT NULL,
  files     TEXT NOT NULL,
  PRIMARY KEY (case_id, n)
);
CREATE INDEX cases_reporters_person ON cases_reporters (person, case_id) WHERE person <> '';
CREATE INDEX cases_reporters_account ON cases_reporters (account, case_id);

CREATE TABLE cases_holdings (
  case_id      TEXT NOT NULL,
  n            BIGINT NOT NULL,
  circle       TEXT NOT NULL,
  post         TEXT NOT NULL,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  why          TEXT NOT NULL,
  since        BIGINT NOT NULL,
  until        BIGINT,
  accept_by    BIGINT,
  accepted_at  BIGINT,
  handle_by    BIGINT,
  handled_at   BIGINT,
  PRIMARY KEY (case_id, n)
);
CREATE INDEX cases_holdings_organisation ON cases_holdings (organisation, since);
CREATE INDEX cases_holdings_post ON cases_holdings (post, since);
CREATE INDEX cases_holdings_since ON cases_holdings (since);

CREATE TABLE cases_doers (
  case_id TEXT NOT NULL,
  who     TEXT NOT NULL,
  PRIMARY KEY (case_id, who)
);

CREATE TABLE cases_called (
  case_id      TEXT NOT NULL,
  organisation TEXT NOT NULL,
  whistle      TEXT NOT NULL,
  person       TEXT NOT NULL,
  called_at    BIGINT NOT NULL,
  report_in_by BIGINT NOT NULL,
  in_at        BIGINT,
  by           TEXT NOT NULL,
  late         BIGINT NOT NULL,
  PRIMARY KEY (case_id, organisation)
);
CREATE INDEX cases_called_organisation ON cases_called (organisation, called_at);

CREATE TABLE cases_parts (
  case_id      TEXT NOT NULL,
  n            BIGINT NOT NULL,
  post         TEXT NOT NULL,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  task         TEXT NOT NULL,
  due          BIGINT NOT NULL,
  late         BIGINT NOT NULL,
  done_at      BIGINT,
  by           TEXT NOT NULL,
  note         TEXT NOT NULL,
  PRIMARY KEY (case_id, n)
);
CREATE INDEX cases_parts_post ON cases_parts (post, due) WHERE done_at IS NULL;

CREATE TABLE cases_checks (
  case_id TEXT NOT NULL,
  n       BIGINT NOT NULL,
  words   TEXT NOT NULL,
  post    TEXT NOT NULL,
  at      BIGINT,
  by      TEXT NOT NULL,
  note    TEXT NOT NULL,
  PRIMARY KEY (case_id, n)
);
