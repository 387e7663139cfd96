-- What a wall screen counts: open cases by place, circle and state, and the days on which cases began and ended.
CREATE INDEX cases_board ON cases (path, circle, state, late_since, urgency, drill, open) WHERE open = 1;
CREATE INDEX cases_opened ON cases (opened_at, circle, drill, path);
CREATE INDEX cases_closed ON cases (closed_at, circle, drill, path) WHERE closed_at IS NOT NULL;
