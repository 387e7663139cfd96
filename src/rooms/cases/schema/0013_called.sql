-- What a bureau reads: the cases that it was called to, has a part of, holds or held, found without a look at all the others.
CREATE INDEX cases_person ON cases (person, id) WHERE person <> '';
CREATE INDEX cases_called_person ON cases_called (person, case_id) WHERE person <> '';
CREATE INDEX cases_parts_person ON cases_parts (person, case_id) WHERE person <> '';
CREATE INDEX cases_parts_of_post ON cases_parts (post, case_id);
-- The same as before, with the case in them, so that nobody turns from the index to the row for it.
DROP INDEX cases_called_organisation;
DROP INDEX cases_holdings_organisation;
DROP INDEX cases_holdings_post;
CREATE INDEX cases_called_organisation ON cases_called (organisation, called_at, case_id);
CREATE INDEX cases_holdings_organisation ON cases_holdings (organisation, since, case_id);
CREATE INDEX cases_holdings_post ON cases_holdings (post, since, case_id);
