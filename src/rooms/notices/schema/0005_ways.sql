-- By which way somebody wishes to hear, beside the page: one row for each sort of notice; none: the page alone.
CREATE TABLE notices_ways (
  person TEXT NOT NULL,
  class  TEXT NOT NULL,
  way    TEXT NOT NULL,
  PRIMARY KEY (person, class)
);
