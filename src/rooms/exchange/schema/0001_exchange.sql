CREATE TABLE exchange_orders (
  number      TEXT PRIMARY KEY,
  case_id     TEXT NOT NULL,
  path        TEXT NOT NULL,
  -- Of what the hotline said last: the same words again are no news.
  digest      TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  reply       TEXT NOT NULL,
  replied_at  BIGINT,
  replied_by  TEXT NOT NULL
);
CREATE INDEX exchange_orders_case ON exchange_orders (case_id);
CREATE INDEX exchange_orders_path ON exchange_orders (path, number);
