using Layerbench.Core.Results;
using Layerbench.Engine.Stores;

namespace Layerbench.Engine.Tests.Stores;

/// <summary>The contract over SQLite.</summary>
public sealed class SqliteResultStoreTests : ResultStoreContract
{
    private readonly ScratchFolder folder = new();

    protected override Task<IResultStore> OpenAsync() =>
        Task.FromResult<IResultStore>(SqliteResultStore.Open(folder.File("layerbench.db")));

    protected override ValueTask DropAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
