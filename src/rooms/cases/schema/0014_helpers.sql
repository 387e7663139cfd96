-- Whether a registered helper said it for them, and not staff: a daughter is not somebody of the desk. 0 for what was reported before.
ALTER TABLE cases_reporters ADD COLUMN by_helper BIGINT NOT NULL DEFAULT 0;
