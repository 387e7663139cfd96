CREATE INDEX actions_release ON actions (release);
