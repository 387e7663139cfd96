-- What waits for a post or lies with a person, wherever in the house: the queue of those who look after many places.
CREATE INDEX cases_open_mine ON cases (post, person, urgency, id) WHERE open = 1;
