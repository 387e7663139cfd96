-- Whose figures a call counts in: of a post its organisation at that hour. NULL: called before this was kept.
ALTER TABLE cases_called ADD COLUMN answers_for TEXT;
-- What was left of the running deadline when the case was put off, in milliseconds of the kind's own hours.
ALTER TABLE cases ADD COLUMN deferred_left BIGINT;
