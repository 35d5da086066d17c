-- What Orleans 10 keeps in PostgreSQL: who is in the cluster, the state of grains, reminders. Orleans reads its statements
-- from OrleansQuery by key, gives parameters by name (@DeploymentId) and reads results by column name, so names here are
-- its own; tables and statements are this product's. What a statement has done it says as a number, 0 for nothing.
--
-- Times that silos write are by their own clocks. SeenAt is by the database's clock, which is one for all.

CREATE TABLE OrleansQuery (
  QueryKey TEXT NOT NULL PRIMARY KEY,
  QueryText TEXT NOT NULL
);

-- Each change of a cluster's membership takes the next version; one that was decided on an older version is refused.
CREATE TABLE OrleansMembershipVersionTable (
  DeploymentId TEXT NOT NULL PRIMARY KEY,
  Version INTEGER NOT NULL DEFAULT 0,
  ChangedAt TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

-- Status: 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead.
CREATE TABLE OrleansMembershipTable (
  DeploymentId TEXT NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
  Address TEXT NOT NULL,
  Port INTEGER NOT NULL,
  Generation INTEGER NOT NULL,
  SiloName TEXT NOT NULL,
  HostName TEXT NOT NULL,
  Status INTEGER NOT NULL,
  ProxyPort INTEGER,
  SuspectTimes TEXT,
  StartTime TIMESTAMPTZ(3) NOT NULL,
  IAmAliveTime TIMESTAMPTZ(3) NOT NULL,
  SeenAt TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $$
  WITH added AS (
    INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId)
    ON CONFLICT (DeploymentId) DO NOTHING RETURNING 1)
  SELECT COUNT(*)::INTEGER FROM added
$$),
-- The version's row is what two writers wait for each other at: the second finds the version gone by.
('InsertMembershipKey', $$
  WITH turn AS (
    UPDATE OrleansMembershipVersionTable SET Version = Version + 1, ChangedAt = clock_timestamp()
    WHERE DeploymentId = @DeploymentId AND Version = @Version
      AND NOT EXISTS (
        SELECT FROM OrleansMembershipTable
        WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
    RETURNING DeploymentId),
  added AS (
    INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort,
      StartTime, IAmAliveTime)
    SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime,
      @IAmAliveTime
    FROM turn RETURNING 1)
  SELECT COUNT(*)::INTEGER FROM added
$$),
('UpdateMembershipKey', $$
  WITH turn AS (
    UPDATE OrleansMembershipVersionTable SET Version = Version + 1, ChangedAt = clock_timestamp()
    WHERE DeploymentId = @DeploymentId AND Version = @Version
      AND EXISTS (
        SELECT FROM OrleansMembershipTable
        WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
    RETURNING DeploymentId),
  changed AS (
    UPDATE OrleansMembershipTable m
    SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
    FROM turn
    WHERE m.DeploymentId = turn.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
    RETURNING 1)
  SELECT COUNT(*)::INTEGER FROM changed
$$),
('UpdateIAmAlivetimeKey', $$
  UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime, SeenAt = clock_timestamp()
  WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
$$),
-- A row always, also where there is no silo: Orleans reads the version from it.
('MembershipReadRowKey', $$
  SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
    m.StartTime, m.IAmAliveTime, v.Version
  FROM OrleansMembershipVersionTable v
  LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
    AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
  WHERE v.DeploymentId = @DeploymentId
$$),
('MembershipReadAllKey', $$
  SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
    m.StartTime, m.IAmAliveTime, v.Version
  FROM OrleansMembershipVersionTable v
  LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
  WHERE v.DeploymentId = @DeploymentId
$$),
('DeleteMembershipTableEntriesKey', $$
  WITH gone AS (DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId)
  DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId
$$),
('GatewaysQueryKey', $$
  SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable
  WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0
$$),
('CleanupDefunctSiloEntriesKey', $$
  DELETE FROM OrleansMembershipTable
  WHERE DeploymentId = @DeploymentId AND Status <> 3 AND IAmAliveTime < @IAmAliveTime
$$);

-- The state of grains. A grain is named by the hashes of its id and type, its number and its text; PayloadBinary is NULL
-- once the state was cleared, and the version goes on counting.
CREATE TABLE OrleansStorage (
  GrainIdHash INTEGER NOT NULL,
  GrainTypeHash INTEGER NOT NULL,
  GrainIdN0 BIGINT NOT NULL,
  GrainIdN1 BIGINT NOT NULL,
  GrainTypeString TEXT NOT NULL,
  GrainIdExtensionString TEXT NOT NULL DEFAULT '',
  ServiceId TEXT NOT NULL,
  PayloadBinary BYTEA,
  ModifiedOn TIMESTAMPTZ NOT NULL,
  Version INTEGER NOT NULL,
  PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', $$
  SELECT PayloadBinary, Version FROM OrleansStorage
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0
    AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
    AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString::TEXT, '') AND ServiceId = @ServiceId
$$),
-- No row: the state is of another version than the writer read, and Orleans tells it so.
('WriteToStorageKey', $$
  WITH changed AS (
    UPDATE OrleansStorage
    SET PayloadBinary = @PayloadBinary, ModifiedOn = clock_timestamp(), Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0
      AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
      AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString::TEXT, '') AND ServiceId = @ServiceId
      AND Version = @GrainStateVersion::INTEGER
    RETURNING Version),
  added AS (
    INSERT INTO OrleansStorage (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString,
      GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString,
      COALESCE(@GrainIdExtensionString::TEXT, ''), @ServiceId, @PayloadBinary, clock_timestamp(), 1
    WHERE @GrainStateVersion::INTEGER IS NULL
    ON CONFLICT DO NOTHING
    RETURNING Version)
  SELECT Version AS NewGrainStateVersion FROM changed UNION ALL SELECT Version FROM added
$$),
('ClearStorageKey', $$
  UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = clock_timestamp(), Version = Version + 1
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0
    AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
    AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString::TEXT, '') AND ServiceId = @ServiceId
    AND Version = @GrainStateVersion::INTEGER
  RETURNING Version AS NewGrainStateVersion
$$),
('DeleteStorageKey', $$
  DELETE FROM OrleansStorage
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0
    AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
    AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString::TEXT, '') AND ServiceId = @ServiceId
    AND Version = @GrainStateVersion::INTEGER
  RETURNING Version + 1 AS NewGrainStateVersion
$$);

-- Period is in milliseconds. GrainHash is an unsigned number's 32 bits; silos share the ring of hashes among them.
CREATE TABLE OrleansRemindersTable (
  ServiceId TEXT NOT NULL,
  GrainId TEXT NOT NULL,
  ReminderName TEXT NOT NULL,
  StartTime TIMESTAMPTZ(3) NOT NULL,
  Period BIGINT NOT NULL,
  GrainHash INTEGER NOT NULL,
  Version INTEGER NOT NULL,
  PRIMARY KEY (ServiceId, GrainId, ReminderName)
);
CREATE INDEX reminders_of_ring ON OrleansRemindersTable (ServiceId, GrainHash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', $$
  INSERT INTO OrleansRemindersTable AS r (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
  VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
  ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
  SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = r.Version + 1
  RETURNING Version
$$),
('ReadReminderRowKey', $$
  SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
  WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName
$$),
('ReadReminderRowsKey', $$
  SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
  WHERE ServiceId = @ServiceId AND GrainId = @GrainId
$$),
-- A stretch of the ring, its first hash excluded; the second form is for one that passes the ring's end.
('ReadRangeRows1Key', $$
  SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
  WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash
$$),
('ReadRangeRows2Key', $$
  SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
  WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)
$$),
('DeleteReminderRowKey', $$
  WITH gone AS (
    DELETE FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version
    RETURNING 1)
  SELECT COUNT(*)::INTEGER FROM gone
$$),
('DeleteReminderRowsKey', $$
  DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId
$$);
