namespace Layerbench.Engine.Stores.Postgres;

/// <summary>A silo that counts as active in a cluster's membership table.</summary>
/// <param name="Address">On which it listens for silos, with <paramref name="Port"/>.</param>
/// <param name="Generation">Tells it from earlier silos of the same address.</param>
/// <param name="Unseen">Since it last said that it is there, by the database's clock.</param>
/// <param name="GatewayPort">On which it listens for clients.</param>
/// <param name="Host">The name of its machine.</param>
public sealed record MembershipRow(
    string Address,
    int Port,
    int Generation,
    TimeSpan Unseen,
    int GatewayPort,
    string Host
);

/// <summary>
/// What a silo that is about to join has to know of those before it. A silo that was killed stays active in the table until
/// another declares it dead, and where all were killed at once there is no other.
/// </summary>
public sealed class MembershipRows : IAsyncDisposable
{
    /// <summary>Orleans' number for a dead silo, and for an active one.</summary>
    private const int Dead = 6;

    private const int Active = 3;

    private readonly PostgresConnections connections;
    private readonly string cluster;

    /// <param name="cluster">Orleans' cluster id.</param>
    public MembershipRows(PostgresAddress address, string cluster)
    {
        connections = new PostgresConnections(address, PostgresResultStore.Patience);
        this.cluster = cluster;
    }

    /// <exception cref="StoreException">The database cannot be read.</exception>
    public Task<List<MembershipRow>> ActiveAsync(CancellationToken cancellation = default) =>
        connections.AskAsync(
            (connection, _) =>
                connection
                    .Statement(
                        """
                        SELECT Address, Port, Generation, clock_timestamp() - SeenAt, ProxyPort, HostName
                        FROM OrleansMembershipTable
                        WHERE DeploymentId = $1 AND Status = $2 ORDER BY Address, Port, Generation
                        """,
                        cluster,
                        Active
                    )
                    .RowsAsync(r => new MembershipRow(
                        r.GetString(0),
                        r.GetInt32(1),
                        r.GetInt32(2),
                        r.GetTimeSpan(3),
                        r.GetInt32(4),
                        r.GetString(5)
                    )),
            cancellation
        );

    /// <summary>
    /// Declares those dead that have not been seen for so long; one that has meanwhile stays. A silo that is declared dead
    /// and lives stops when it reads so. Returns how many were.
    /// </summary>
    /// <exception cref="StoreException">The database cannot be written.</exception>
    public Task<int> DeclareDeadAsync(
        IReadOnlyCollection<MembershipRow> silos,
        TimeSpan unseen,
        CancellationToken cancellation = default
    ) =>
        connections.AskAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(token);
                // Orleans' own changes take their turn at this row as well.
                await connection
                    .Statement("SELECT FROM OrleansMembershipVersionTable WHERE DeploymentId = $1 FOR UPDATE", cluster)
                    .RunAsync();
                var dead = await connection
                    .Statement(
                        """
                        UPDATE OrleansMembershipTable m SET Status = $5
                        FROM unnest($2, $3, $4) AS s (address, port, generation)
                        WHERE m.DeploymentId = $1 AND m.Address = s.address AND m.Port = s.port
                          AND m.Generation = s.generation AND m.Status = $6 AND m.SeenAt <= clock_timestamp() - $7
                        """,
                        cluster,
                        silos.Select(s => s.Address).ToArray(),
                        silos.Select(s => s.Port).ToArray(),
                        silos.Select(s => s.Generation).ToArray(),
                        Dead,
                        Active,
                        unseen
                    )
                    .RunAsync();
                if (dead > 0)
                {
                    await connection
                        .Statement(
                            """
                            UPDATE OrleansMembershipVersionTable SET Version = Version + 1, ChangedAt = clock_timestamp()
                            WHERE DeploymentId = $1
                            """,
                            cluster
                        )
                        .RunAsync();
                }

                await transaction.CommitAsync(token);
                return dead;
            },
            cancellation
        );

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
