-- How often a rule was wrong is read from the index alone.
CREATE INDEX situations_marks ON situations (rule, silenced, drill, false_alarm);
