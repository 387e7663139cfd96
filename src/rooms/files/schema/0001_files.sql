-- What lies on disk, once per content: `content` is a keyed hash of the bytes and the name of the file there.
CREATE TABLE files_contents (
  content TEXT PRIMARY KEY,
  bytes   BIGINT NOT NULL,
  uploads BIGINT NOT NULL
);

-- One upload. `keep_until` is null while something holds it.
CREATE TABLE files_files (
  id         TEXT PRIMARY KEY,
  content    TEXT NOT NULL,
  type       TEXT NOT NULL,
  bytes      BIGINT NOT NULL,
  width      BIGINT NOT NULL,
  height     BIGINT NOT NULL,
  digest     TEXT NOT NULL,
  made_by    TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  keep_until BIGINT
);
CREATE INDEX files_files_content ON files_files (content);
CREATE INDEX files_files_made_by ON files_files (made_by, made_at);
CREATE INDEX files_files_keep ON files_files (keep_until) WHERE keep_until IS NOT NULL;

-- What holds a file, and which right at which place opens it; `person` sees it as the one whom it concerns.
CREATE TABLE files_uses (
  file       TEXT NOT NULL,
  owner_kind TEXT NOT NULL,
  owner      TEXT NOT NULL,
  path       TEXT NOT NULL,
  needs      TEXT NOT NULL,
  person     TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  PRIMARY KEY (file, owner_kind, owner)
);
CREATE INDEX files_uses_owner ON files_uses (owner_kind, owner);
CREATE INDEX files_uses_path ON files_uses (path);

-- Contents whose last upload went; their bytes are removed from disk by the job.
CREATE TABLE files_gone (
  content TEXT PRIMARY KEY
);
