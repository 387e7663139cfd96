CREATE TABLE accounts_phones (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  token    TEXT NOT NULL,
  bound_at BIGINT NOT NULL,
  account  TEXT NOT NULL,
  session  TEXT NOT NULL
);
CREATE UNIQUE INDEX accounts_phones_token ON accounts_phones (token);
CREATE TABLE accounts_pins (
  phone   TEXT NOT NULL,
  account TEXT NOT NULL,
  pin     TEXT NOT NULL,
  wrong   BIGINT NOT NULL,
  PRIMARY KEY (phone, account)
);
CREATE INDEX accounts_pins_account ON accounts_pins (account);
