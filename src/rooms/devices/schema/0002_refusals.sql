-- What of a device was not taken, or not as it was said: one row a device, day and reason.
CREATE TABLE devices_refusals (
  device   BIGINT NOT NULL,
  day      BIGINT NOT NULL,
  reason   TEXT NOT NULL,
  times    BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  sample   TEXT NOT NULL,
  PRIMARY KEY (device, day, reason)
);
CREATE INDEX devices_refusals_day ON devices_refusals (day);
