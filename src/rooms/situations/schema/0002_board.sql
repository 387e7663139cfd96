-- What a wall screen counts: situations by the day on which they began. Serves whatever situations_began served.
CREATE INDEX situations_day ON situations (began_at, severity, silenced, drill, path);
DROP INDEX situations_began;
