using Layerbench.Core.Results;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Tests.Shared;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>The contract over PostgreSQL.</summary>
public sealed class PostgresResultStoreTests : ResultStoreContract
{
    private string? database;

    protected override async Task<IResultStore> OpenAsync()
    {
        database ??= await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        return await PostgresResultStore.OpenAsync(PostgresAddress.Parse(database), cancellation: Token);
    }

    protected override ValueTask DropAsync() => ValueTask.CompletedTask;
}
