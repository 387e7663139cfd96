-- Plates, faces and persons that detections name: `attributes` holds what anybody may see, `sealed` all of it under the node's key.
-- guard: 0 not looked at yet (rows of before), 1 names nobody, 2 sealed, 3 what was sealed is gone by its retention.
ALTER TABLE readings_detections ADD COLUMN sealed BYTEA;
ALTER TABLE readings_detections ADD COLUMN guard BIGINT NOT NULL DEFAULT 0;
CREATE INDEX readings_detections_sealed ON readings_detections (arrived) WHERE guard = 2;
CREATE INDEX readings_detections_unguarded ON readings_detections (arrived) WHERE guard = 0;
