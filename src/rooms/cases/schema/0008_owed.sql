-- Calls and sub-orders that wait for somebody: the queue of those who hold the case not, and owe a part of it.
ALTER TABLE cases_called ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases_parts ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;
UPDATE cases_called SET waits = 1 WHERE in_at IS NULL AND case_id IN (SELECT id FROM cases WHERE open = 1);
UPDATE cases_parts SET waits = 1 WHERE done_at IS NULL AND case_id IN (SELECT id FROM cases WHERE open = 1);
CREATE INDEX cases_called_waits ON cases_called (organisation, report_in_by, case_id) WHERE waits = 1;
CREATE INDEX cases_called_waits_person ON cases_called (person, report_in_by, case_id) WHERE waits = 1;
CREATE INDEX cases_parts_waits ON cases_parts (post, due, case_id) WHERE waits = 1;
CREATE INDEX cases_parts_waits_person ON cases_parts (person, due, case_id) WHERE waits = 1;
-- Open cases of one kind, newest first: what a further report may be the same as.
CREATE INDEX cases_open_kind ON cases (kind, opened_at, path) WHERE open = 1;
