-- Codes of the desk with which a login gets into a phone; `code` is a hash.
CREATE TABLE accounts_bind_codes (
  account    TEXT PRIMARY KEY,
  code       TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX accounts_bind_codes_code ON accounts_bind_codes (code);
