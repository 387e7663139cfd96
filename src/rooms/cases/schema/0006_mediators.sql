-- Who is to decide on an appeal, and by when; deferrals that wait for the circle above are found as quickly.
ALTER TABLE cases ADD COLUMN appeal_circle TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN appeal_by BIGINT;
CREATE INDEX cases_deferral_asked ON cases (id) WHERE open = 1 AND deferred_until IS NOT NULL AND state <> 'deferred';
CREATE INDEX cases_appeal_asked ON cases (id) WHERE appeal = 'asked';
