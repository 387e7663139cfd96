CREATE INDEX cases_appeal ON cases (appeal, id) WHERE appeal <> '';
