-- A code on its way to a phone. `number` is a blind index, `code` a keyed hash: neither can be read back.
CREATE TABLE accounts_codes (
  number     TEXT PRIMARY KEY,
  code       TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  tries      BIGINT NOT NULL
);
CREATE INDEX accounts_codes_expiry ON accounts_codes (expires_at);
-- How often something was asked within an hour, by a hash of a number or of an address.
CREATE TABLE accounts_asks (
  subject TEXT PRIMARY KEY,
  asked   BIGINT NOT NULL,
  since   BIGINT NOT NULL
);
CREATE INDEX accounts_asks_since ON accounts_asks (since);
-- Which WeChat user a login is, as a blind index of the openid.
CREATE TABLE accounts_wechat (
  account  TEXT PRIMARY KEY,
  openid   TEXT NOT NULL,
  bound_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_wechat_openid ON accounts_wechat (openid);
