-- Points, routes and plans that are used no more: rounds that were gone keep their names.
ALTER TABLE rosters_points ADD COLUMN gone BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rosters_routes ADD COLUMN gone BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rosters_plans ADD COLUMN gone BIGINT NOT NULL DEFAULT 0;
