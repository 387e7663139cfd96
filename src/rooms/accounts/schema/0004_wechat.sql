-- Beside the index by which a login is found: the openid itself, sealed, to which the official account writes. Who was bound
-- before is written to after the next login.
ALTER TABLE accounts_wechat ADD COLUMN sealed BYTEA;
