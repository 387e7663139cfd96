-- The newest entry, signed with the node's key at once: a cut end of the chain shows before the next anchor.
CREATE TABLE audit_head (
  id        BIGINT PRIMARY KEY,
  seq       BIGINT NOT NULL,
  hash      TEXT NOT NULL,
  signature TEXT NOT NULL
);
