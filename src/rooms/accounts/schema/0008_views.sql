-- Views that somebody keeps of the lists of the pages, one row a list. Sealed to its row: a search may hold a name.
CREATE TABLE accounts_views (
  account TEXT NOT NULL,
  list    TEXT NOT NULL,
  sealed  BYTEA NOT NULL,
  kept_at BIGINT NOT NULL,
  PRIMARY KEY (account, list)
);
