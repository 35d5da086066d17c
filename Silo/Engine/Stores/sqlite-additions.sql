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
