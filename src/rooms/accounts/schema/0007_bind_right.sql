-- Codes for phones have a right of their own. Roles that people wrote and that held accounts.write keep what they could do.
UPDATE accounts_roles SET rights = replace(rights, '"accounts.write"', '"accounts.write","accounts.bind"')
WHERE rights LIKE '%"accounts.write"%' AND rights NOT LIKE '%"accounts.bind"%';
