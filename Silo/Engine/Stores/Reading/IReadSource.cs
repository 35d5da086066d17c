using System.Data.Common;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>The little in which reading differs between databases.</summary>
internal interface IReadSource
{
    /// <summary>How many cells one statement asks for at once.</summary>
    int CellsAtOnce { get; }

    /// <summary>What follows a column that is to be one of the parameter <c>@cells</c>, an array of texts.</summary>
    string AmongCells { get; }

    /// <summary>
    /// What follows FROM: as <c>c</c>, rows of <c>cells</c> of the sweep <c>@sweep</c> whose names are in <c>@cells</c>, each
    /// looked up by its name, whatever a planner thinks of the table.
    /// </summary>
    string CellsByName { get; }

    /// <summary>Reads on a connection of its own; may do so again from the start where that can help.</summary>
    /// <exception cref="StoreException">The database cannot be read.</exception>
    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation);

    /// <summary>As <see cref="ReadAsync"/>, by statements that find every row by its key.</summary>
    Task<T> ReadByKeyAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) =>
        ReadAsync(read, cancellation);

    /// <summary>Several statements see one state of the database.</summary>
    Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>False in a store that was last written before there was this table.</summary>
    Task<bool> HasTableAsync(DbConnection connection, string table, CancellationToken cancellation);

    /// <param name="what">Of what it is; null where that is not known.</param>
    StoreException NoValue(string? what, Exception error);
}
