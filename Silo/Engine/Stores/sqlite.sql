-- The results store, version 2 (PRAGMA user_version, and meta for other databases). See docs/results.md.
--
-- Times of day are microseconds since 1970-01-01 UTC (_us), durations are nanoseconds (_ns), sizes are bytes.
-- A truth is 0 or 1. A seed is the 64 bits of an unsigned number, so a large one reads as a negative.
-- point, labels, facts and entries are JSON. Estimates and verdicts are derived, never stored.

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
INSERT INTO meta (name, value) VALUES ('schema_version', '2');

CREATE TABLE sweeps (
  sweep_id INTEGER PRIMARY KEY,
  sweep TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  seed BIGINT NOT NULL,
  created_us BIGINT NOT NULL,
  product_version TEXT NOT NULL
);

CREATE TABLE fingerprints (
  fingerprint_id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE,
  entries TEXT NOT NULL
);

-- A cell has a row from its first launch, or from its end if it has none. Until it ends only its name is known.
CREATE TABLE cells (
  cell_id INTEGER PRIMARY KEY,
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  cell TEXT NOT NULL,
  cell_index BIGINT,
  point TEXT,
  labels TEXT,
  baseline TEXT,
  outcome TEXT,
  reason TEXT,
  device TEXT,
  finished_us BIGINT,
  UNIQUE (sweep_id, cell),
  CHECK (outcome IS NULL OR (cell_index IS NOT NULL AND point IS NOT NULL AND labels IS NOT NULL
    AND baseline IS NOT NULL AND finished_us IS NOT NULL))
);
CREATE INDEX cells_finished ON cells (sweep_id, cell_index, cell_id, outcome) WHERE outcome IS NOT NULL;

-- kind: 0 time, 1 memory, 2 quality.
CREATE TABLE launches (
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
-- A launch lands exactly once; one that is set aside keeps its number without standing in the way of the next.
CREATE UNIQUE INDEX launches_kept ON launches (cell_id, kind, number) WHERE superseded = 0;
CREATE INDEX launches_aside ON launches (cell_id, kind, number) WHERE superseded = 1;

-- wall_ns, cpu_ns and device_ns are for all iterations; -1 in the counters stands for unknown.
CREATE TABLE samples (
  launch_id BIGINT NOT NULL REFERENCES launches (launch_id),
  block INTEGER NOT NULL,
  variant INTEGER NOT NULL,
  position INTEGER NOT NULL,
  iterations BIGINT NOT NULL,
  wall_ns BIGINT NOT NULL,
  cpu_ns BIGINT NOT NULL,
  device_ns BIGINT,
  involuntary_switches BIGINT NOT NULL,
  pressure_us BIGINT NOT NULL,
  accepted SMALLINT NOT NULL CHECK (accepted IN (0, 1)),
  reason TEXT,
  PRIMARY KEY (launch_id, block, variant)
) WITHOUT ROWID;

CREATE TABLE memory (
  launch_id BIGINT NOT NULL REFERENCES launches (launch_id),
  variant INTEGER NOT NULL,
  peak_bytes BIGINT NOT NULL,
  method TEXT NOT NULL,
  PRIMARY KEY (launch_id, variant)
) WITHOUT ROWID;

-- forgiven: the cell was reopened since, so this one no longer counts against it.
CREATE TABLE incidents (
  incident_id INTEGER PRIMARY KEY,
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  cell TEXT,
  at_us BIGINT NOT NULL,
  device TEXT NOT NULL,
  cause TEXT NOT NULL,
  message TEXT NOT NULL,
  stderr_tail TEXT NOT NULL,
  forgiven SMALLINT NOT NULL DEFAULT 0 CHECK (forgiven IN (0, 1))
);
CREATE INDEX incidents_of_cell ON incidents (sweep_id, cell);
