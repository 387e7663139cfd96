-- At whom a ring rang, and when: `rung` of a ring says who, this says when as well.
CREATE TABLE notices_rung (
  ring   TEXT NOT NULL,
  step   BIGINT NOT NULL,
  person TEXT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (ring, step)
);
