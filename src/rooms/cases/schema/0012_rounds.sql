-- How each round of work ended for whoever handled it: the last verdict, what people scored, how often it was opened again.
ALTER TABLE cases_holdings ADD COLUMN solved BIGINT;
ALTER TABLE cases_holdings ADD COLUMN score_sum BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases_holdings ADD COLUMN scores BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases_holdings ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;
-- What was said before this was kept is known of the case alone: it stays with whoever handled it last.
UPDATE cases_holdings SET (solved, score_sum, scores) =
  (SELECT c.solved, c.score_sum, c.scores FROM cases c WHERE c.id = cases_holdings.case_id)
WHERE handled_at IS NOT NULL
  AND n = (SELECT MAX(l.n) FROM cases_holdings l WHERE l.case_id = cases_holdings.case_id AND l.handled_at IS NOT NULL)
  AND case_id IN (SELECT c.id FROM cases c WHERE c.solved IS NOT NULL OR c.scores > 0);
-- Who had it before it was opened again is known: it was theirs.
UPDATE cases_holdings SET reopened =
  (SELECT COUNT(*) FROM cases_holdings r WHERE r.case_id = cases_holdings.case_id AND r.why = 'reopen' AND cases_holdings.n =
    (SELECT MAX(l.n) FROM cases_holdings l WHERE l.case_id = r.case_id AND l.n < r.n AND l.handled_at IS NOT NULL))
WHERE handled_at IS NOT NULL AND case_id IN (SELECT c.id FROM cases c WHERE c.reopened > 0);
-- Nothing that was said is lost where somebody had handled it.
CREATE TABLE cases_rounds_filled (lost BIGINT NOT NULL CHECK (lost = 0));
INSERT INTO cases_rounds_filled (lost)
SELECT COUNT(*) FROM cases c WHERE (c.solved IS NOT NULL OR c.scores > 0)
  AND EXISTS (SELECT 1 FROM cases_holdings h WHERE h.case_id = c.id AND h.handled_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM cases_holdings h WHERE h.case_id = c.id AND h.scores = c.scores AND h.score_sum = c.score_sum
                  AND COALESCE(h.solved, -1) = COALESCE(c.solved, -1));
DROP TABLE cases_rounds_filled;
