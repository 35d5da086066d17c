using System.Collections.Concurrent;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Tests.Shared;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>A test with a database of its own.</summary>
public abstract class PostgresTest : IAsyncLifetime
{
    private readonly ConcurrentBag<PostgresResultStore> opened = [];

    private protected PostgresServer Server { get; private set; } = null!;

    /// <summary>The connection string of an empty database.</summary>
    private protected string Database { get; private set; } = "";

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>True: the test stops the server, which then is its alone.</summary>
    private protected virtual bool StopsServer => false;

    public async ValueTask InitializeAsync()
    {
        Server = StopsServer ? await PostgresServer.StartAsync() : await PostgresServer.SharedAsync();
        Database = await Server.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened)
        {
            await store.DisposeAsync();
        }

        if (StopsServer && Server is not null)
        {
            await Server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>As a process of its own would open it; closed with the test.</summary>
    private protected async Task<PostgresResultStore> OpenAsync(
        string? connectionString = null,
        TimeSpan? patience = null
    )
    {
        var store = await PostgresResultStore.OpenAsync(
            PostgresAddress.Parse(connectionString ?? Database),
            patience,
            Token
        );
        opened.Add(store);
        return store;
    }

    private protected async Task<object?> AskAsync(string sql) => await PostgresServer.AskAsync(Database, sql);
}
