-- Whoever reported without being in the register is asked by account.
CREATE INDEX evaluations_account ON evaluations (account, id) WHERE person = '';
