-- The results store in PostgreSQL, version 1 of schema "layerbench". The tables and their meaning are those of
-- sqlite.sql and sqlite-additions.sql; see docs/results.md.
--
-- Times of day are microseconds since 1970-01-01 UTC (_us), durations are nanoseconds (_ns), sizes are bytes.
-- A truth is 0 or 1. A seed is the 64 bits of an unsigned number, so a large one reads as a negative.
-- point, labels, facts, entries, "values" and series are JSON. Estimates and verdicts are derived, never stored.
-- Names are compared byte by byte, as SQLite does.

CREATE TABLE sweeps (
  sweep_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sweep TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  seed BIGINT NOT NULL,
  created_us BIGINT NOT NULL,
  product_version TEXT NOT NULL
);

-- The latest epoch of a sweep that was coordinated by several, one after the other; none: it never was. A row of its own,
-- so that it can be held against a new epoch without holding up anything else of the sweep.
CREATE TABLE epochs (
  sweep_id BIGINT NOT NULL PRIMARY KEY REFERENCES sweeps (sweep_id),
  epoch BIGINT NOT NULL
);

CREATE TABLE fingerprints (
  fingerprint_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint TEXT COLLATE "C" NOT NULL UNIQUE,
  entries TEXT NOT NULL
);

-- A cell has a row from its first launch, or from its end if it has none. Until it ends only its name is known.
CREATE TABLE cells (
  cell_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  cell TEXT COLLATE "C" NOT NULL,
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
  launch_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
);

CREATE TABLE memory (
  launch_id BIGINT NOT NULL REFERENCES launches (launch_id),
  variant INTEGER NOT NULL,
  peak_bytes BIGINT NOT NULL,
  method TEXT NOT NULL,
  PRIMARY KEY (launch_id, variant)
);

-- What each variant of a quality launch had learnt. status: finished, solved, pruned, diverged.
CREATE TABLE trainings (
  launch_id BIGINT NOT NULL REFERENCES launches (launch_id),
  variant INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('finished', 'solved', 'pruned', 'diverged')),
  metric TEXT NOT NULL,
  guess DOUBLE PRECISION,
  steps BIGINT NOT NULL,
  duration_ns BIGINT NOT NULL,
  "values" TEXT NOT NULL,
  series TEXT NOT NULL,
  PRIMARY KEY (launch_id, variant)
);

-- What a variant's timed passes had learnt on the way, where its pass tells. series: as in trainings.
CREATE TABLE curves (
  launch_id BIGINT NOT NULL REFERENCES launches (launch_id),
  variant INTEGER NOT NULL,
  series TEXT NOT NULL,
  PRIMARY KEY (launch_id, variant)
);

-- What a device could do at the ends of a time launch, which device and launch_us name. place: 0 first, 1 last.
CREATE TABLE canaries (
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  device TEXT COLLATE "C" NOT NULL,
  launch_us BIGINT NOT NULL,
  place SMALLINT NOT NULL CHECK (place IN (0, 1)),
  fingerprint_id BIGINT NOT NULL REFERENCES fingerprints (fingerprint_id),
  at_us BIGINT NOT NULL,
  gemm_flops_per_second DOUBLE PRECISION NOT NULL,
  triad_bytes_per_second DOUBLE PRECISION,
  PRIMARY KEY (sweep_id, launch_us, device, place)
);

-- Which trainings went on at which rung, in the order in which they arrived. value: NULL where it was no number.
CREATE TABLE rungs (
  rung_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  group_id TEXT NOT NULL,
  label TEXT NOT NULL,
  cell TEXT COLLATE "C" NOT NULL,
  step BIGINT NOT NULL,
  value DOUBLE PRECISION,
  go SMALLINT NOT NULL CHECK (go IN (0, 1)),
  UNIQUE (sweep_id, cell, label, step)
);

-- forgiven: the cell was reopened since, so this one no longer counts against it.
CREATE TABLE incidents (
  incident_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  cell TEXT COLLATE "C",
  at_us BIGINT NOT NULL,
  device TEXT NOT NULL,
  cause TEXT NOT NULL,
  message TEXT NOT NULL,
  stderr_tail TEXT NOT NULL,
  forgiven SMALLINT NOT NULL DEFAULT 0 CHECK (forgiven IN (0, 1))
);
CREATE INDEX incidents_of_cell ON incidents (sweep_id, cell);

-- One row for every store that is open, with the number of its last transaction: one whose commit was not heard of
-- because the connection broke is recognised by it and not made again. Filled to a tenth, so that a row is updated in its
-- own page.
CREATE TABLE writers (
  writer UUID NOT NULL PRIMARY KEY,
  transaction BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 10);
