-- The fence of the lane on PostgreSQL: whoever gets the advisory lock opens the next epoch, and each batch
-- writes its number there, so that a COMMIT without an answer is resolved by reading it.
CREATE TABLE lane_fence (
  epoch BIGINT PRIMARY KEY,
  batch BIGINT NOT NULL
);
