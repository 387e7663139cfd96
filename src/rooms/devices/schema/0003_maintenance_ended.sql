-- A window that somebody ended before its time: when, and who. Earlier than its beginning: it was withdrawn.
ALTER TABLE devices_maintenance ADD COLUMN ended_at BIGINT;
ALTER TABLE devices_maintenance ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';
