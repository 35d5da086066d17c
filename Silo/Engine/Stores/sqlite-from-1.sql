-- From version 1 to 2: launches may be of kind 2 (quality). The table is made anew, because SQLite cannot change a CHECK
-- (https://www.sqlite.org/lang_altertable.html#otheralter); rows of other tables go on naming it.
CREATE TABLE launches_2 (
  launch_id INTEGER PRIMARY KEY,
  cell_id BIGINT NOT NULL REFERENCES cells (cell_id),
  kind SMALLINT NOT NULL CHECK (kind IN (0, 1, 2)),
  number INTEGER NOT NULL,
  superseded SMALLINT NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1)),
  attempt INTEGER NOT NULL,
  fingerprint_id BIGINT NOT NULL REFERENCES fingerprints (fingerprint_id),
  device TEXT NOT NULL,
  started_us BIGINT NOT NULL,
  position INTEGER NOT NULL,
  seed BIGINT NOT NULL,
  process_start_ns BIGINT NOT NULL,
  gate_ns BIGINT NOT NULL,
  warm_up_ns BIGINT NOT NULL,
  measure_ns BIGINT NOT NULL,
  steady SMALLINT NOT NULL CHECK (steady IN (0, 1)),
  facts TEXT NOT NULL
);
INSERT INTO launches_2 SELECT * FROM launches;
DROP TABLE launches;
ALTER TABLE launches_2 RENAME TO launches;
-- A launch lands exactly once; one that is set aside keeps its number without standing in the way of the next.
CREATE UNIQUE INDEX launches_kept ON launches (cell_id, kind, number) WHERE superseded = 0;
CREATE INDEX launches_aside ON launches (cell_id, kind, number) WHERE superseded = 1;
UPDATE meta SET value = '2' WHERE name = 'schema_version';
