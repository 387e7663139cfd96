-- Deadlines that outside systems (12345) set for their cases.
CREATE TABLE cases_outside (
  case_id TEXT PRIMARY KEY,
  due     BIGINT NOT NULL
);
