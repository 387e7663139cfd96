ALTER TABLE rosters_checks ADD COLUMN found TEXT NOT NULL DEFAULT '';
ALTER TABLE rosters_tasks ADD COLUMN missed TEXT NOT NULL DEFAULT '';
CREATE INDEX rosters_tasks_until ON rosters_tasks (until);
