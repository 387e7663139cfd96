-- Whether the newest words of the device came without a time: its clock is then the node's own, and never runs back with it.
ALTER TABLE rules_memory ADD COLUMN by_arrival BIGINT NOT NULL DEFAULT 0;
