-- Of which place a message is, so that whoever answers for the place sees whether it left. What was queued before, and what goes
-- to other systems, is the whole node's.
ALTER TABLE notices_messages ADD COLUMN path TEXT NOT NULL DEFAULT '/';
CREATE INDEX notices_messages_path ON notices_messages (path, id);
