-- Version 2: what the rows of a launch refer to is checked once a statement, and not row by row. A foreign key makes a
-- statement of its own of every row, which locks the row that it finds: a third of what a cell cost the database, to find
-- each time what the same transaction had made or locked a moment before.
--
-- As a foreign key they refuse rows that refer to nothing, and to delete what is referred to. Sweeps and fingerprints, which
-- other transactions refer to as well, are locked against that, once a statement. Cells and launches need no lock: a
-- launch's cell is locked by who adds the launch (LockedCells), and what belongs to a launch is added by who adds the
-- launch. Keys do not change: they are GENERATED ALWAYS.

ALTER TABLE cells DROP CONSTRAINT cells_sweep_id_fkey;
ALTER TABLE launches DROP CONSTRAINT launches_cell_id_fkey, DROP CONSTRAINT launches_fingerprint_id_fkey;
ALTER TABLE samples DROP CONSTRAINT samples_launch_id_fkey;
ALTER TABLE memory DROP CONSTRAINT memory_launch_id_fkey;
ALTER TABLE trainings DROP CONSTRAINT trainings_launch_id_fkey;
ALTER TABLE curves DROP CONSTRAINT curves_launch_id_fkey;

CREATE FUNCTION check_added_cells() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT COUNT(DISTINCT sweep_id) FROM added) <> (SELECT COUNT(*) FROM (
    SELECT FROM sweeps WHERE sweep_id IN (SELECT sweep_id FROM added) FOR KEY SHARE OF sweeps) held)
  THEN
    RAISE foreign_key_violation USING MESSAGE = 'a cell refers to a sweep that is not there';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cells_added AFTER INSERT ON cells REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION check_added_cells();

CREATE FUNCTION check_added_launches() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM cells c WHERE c.cell_id = a.cell_id)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'a launch refers to a cell that is not there';
  END IF;
  IF (SELECT COUNT(DISTINCT fingerprint_id) FROM added) <> (SELECT COUNT(*) FROM (
    SELECT FROM fingerprints WHERE fingerprint_id IN (SELECT fingerprint_id FROM added) FOR KEY SHARE OF fingerprints) held)
  THEN
    RAISE foreign_key_violation USING MESSAGE = 'a launch refers to a fingerprint that is not there';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER launches_added AFTER INSERT ON launches REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION check_added_launches();

-- Of samples, memory, trainings and curves.
CREATE FUNCTION check_added_of_launch() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT launch_id FROM added) a
    WHERE NOT EXISTS (SELECT FROM launches l WHERE l.launch_id = a.launch_id))
  THEN
    RAISE foreign_key_violation USING MESSAGE = format('a row of %s refers to a launch that is not there', TG_TABLE_NAME);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER samples_added AFTER INSERT ON samples REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION check_added_of_launch();
CREATE TRIGGER memory_added AFTER INSERT ON memory REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION check_added_of_launch();
CREATE TRIGGER trainings_added AFTER INSERT ON trainings REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION check_added_of_launch();
CREATE TRIGGER curves_added AFTER INSERT ON curves REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION check_added_of_launch();

CREATE FUNCTION check_deleted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  is_referred_to BOOLEAN;
BEGIN
  IF TG_TABLE_NAME = 'sweeps' THEN
    is_referred_to := EXISTS (SELECT FROM deleted d JOIN cells c ON c.sweep_id = d.sweep_id);
  ELSIF TG_TABLE_NAME = 'fingerprints' THEN
    is_referred_to := EXISTS (SELECT FROM deleted d JOIN launches l ON l.fingerprint_id = d.fingerprint_id);
  ELSIF TG_TABLE_NAME = 'cells' THEN
    is_referred_to := EXISTS (SELECT FROM deleted d JOIN launches l ON l.cell_id = d.cell_id);
  ELSE
    is_referred_to := EXISTS (SELECT FROM deleted d JOIN samples x ON x.launch_id = d.launch_id)
      OR EXISTS (SELECT FROM deleted d JOIN memory x ON x.launch_id = d.launch_id)
      OR EXISTS (SELECT FROM deleted d JOIN trainings x ON x.launch_id = d.launch_id)
      OR EXISTS (SELECT FROM deleted d JOIN curves x ON x.launch_id = d.launch_id);
  END IF;
  IF is_referred_to THEN
    RAISE foreign_key_violation USING MESSAGE = format('rows of %s are referred to; delete what refers to them first', TG_TABLE_NAME);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sweeps_deleted AFTER DELETE ON sweeps REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION check_deleted();
CREATE TRIGGER fingerprints_deleted AFTER DELETE ON fingerprints REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION check_deleted();
CREATE TRIGGER cells_deleted AFTER DELETE ON cells REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION check_deleted();
CREATE TRIGGER launches_deleted AFTER DELETE ON launches REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION check_deleted();
