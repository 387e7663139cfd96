-- How often a bad verdict has reopened the case; reopenings by the desk or by the device are no verdicts.
ALTER TABLE cases ADD COLUMN contested BIGINT NOT NULL DEFAULT 0;
