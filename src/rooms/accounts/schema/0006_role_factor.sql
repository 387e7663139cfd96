-- A role may demand that whoever holds it logs in with a second factor.
ALTER TABLE accounts_roles ADD COLUMN second_factor BIGINT NOT NULL DEFAULT 0;
