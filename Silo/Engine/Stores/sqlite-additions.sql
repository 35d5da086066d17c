-- Tables that came after version 1 was first written, and that an older build of that version does without: made where
-- they are missing, whenever a store is opened to be written.

-- What a device could do at the ends of a time launch, which device and launch_us name. place: 0 first, 1 last.
CREATE TABLE IF NOT EXISTS canaries (
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  device TEXT NOT NULL,
  launch_us BIGINT NOT NULL,
  place SMALLINT NOT NULL CHECK (place IN (0, 1)),
  fingerprint_id BIGINT NOT NULL REFERENCES fingerprints (fingerprint_id),
  at_us BIGINT NOT NULL,
  gemm_flops_per_second DOUBLE PRECISION NOT NULL,
  triad_bytes_per_second DOUBLE PRECISION,
  PRIMARY KEY (sweep_id, launch_us, device, place)
);

-- What each variant of a quality launch had learnt. status: finished, solved, pruned, diverged. "values" and series are
-- JSON: finite numbers by name, curves as [[x, y], ...] by name.
CREATE TABLE IF NOT EXISTS trainings (
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
) WITHOUT ROWID;

-- What a variant's timed passes had learnt on the way, where its pass tells. series: as in trainings.
CREATE TABLE IF NOT EXISTS curves (
  launch_id BIGINT NOT NULL REFERENCES launches (launch_id),
  variant INTEGER NOT NULL,
  series TEXT NOT NULL,
  PRIMARY KEY (launch_id, variant)
) WITHOUT ROWID;

-- Which trainings went on at which rung, in the order in which they arrived. value: NULL where it was no number.
CREATE TABLE IF NOT EXISTS rungs (
  rung_id INTEGER PRIMARY KEY,
  sweep_id BIGINT NOT NULL REFERENCES sweeps (sweep_id),
  group_id TEXT NOT NULL,
  label TEXT NOT NULL,
  cell TEXT NOT NULL,
  step BIGINT NOT NULL,
  value DOUBLE PRECISION,
  go SMALLINT NOT NULL CHECK (go IN (0, 1)),
  UNIQUE (sweep_id, cell, label, step)
);

-- The latest epoch of a sweep that was coordinated by several, one after the other; none: it never was.
CREATE TABLE IF NOT EXISTS epochs (
  sweep_id BIGINT NOT NULL PRIMARY KEY REFERENCES sweeps (sweep_id),
  epoch BIGINT NOT NULL
);
