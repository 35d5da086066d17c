using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;
using Npgsql;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

/// <summary>A child that does not outlive its test.</summary>
internal sealed class RunningChild(Process process) : IDisposable
{
    public Process Process { get; } = process;

    public void Dispose()
    {
        Process.Kill(entireProcessTree: true);
        Process.Dispose();
    }
}

/// <summary>
/// This test program, started again to do one thing and be killed at it. All of it runs on the first thread: a module
/// initializer that has not ended holds up every other thread that needs this module.
/// </summary>
internal static class StoreChild
{
    private const string Variable = "LAYERBENCH_TEST_STORE_CHILD";

    /// <summary>Cells of one batch that the writer writes.</summary>
    public const int BatchCells = 3;

    /// <summary>Starts it; what it does is <c>write</c>, <c>fill</c>, <c>hold</c>, <c>read</c> or <c>migrate</c>, to the path given.</summary>
    /// <param name="shell">Runs in its place, in a mount namespace of its own, and may start it with <c>"$CHILD"</c>.</param>
    public static RunningChild Start(string job, string path, string? shell = null)
    {
        var program = Path.ChangeExtension(typeof(StoreChild).Assembly.Location, null);
        var start = shell is null
            ? new ProcessStartInfo(program)
            : new ProcessStartInfo("unshare", ["--mount", "sh", "-c", shell]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment[Variable] = $"{job} {path}";
        start.Environment["CHILD"] = program;
        start.Environment["OUT"] = path;
        return new RunningChild(Process.Start(start)!);
    }

    [ModuleInitializer]
    internal static void RunWhereAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ', 2) is not [var job, var path])
        {
            return;
        }

        try
        {
            switch (job)
            {
                case "write":
                    Write(path);
                    break;
                case "fill":
                    Fill(path);
                    break;
                case "hold":
                    using (new Holding(path))
                    {
                        Console.WriteLine("held");
                        Console.ReadLine();
                    }

                    break;
                case "read":
                    Read(path);
                    break;
                case "migrate":
                    Migrate(path);
                    break;
                default:
                    throw new ArgumentException($"'{job}' is no job.", nameof(job));
            }
        }
        catch (StoreException error)
        {
            Console.WriteLine($"{error.Problem}: {error.Message}");
        }

        Environment.Exit(0);
    }

    /// <summary>Writes batches for ever, several at once, and prints each batch's first cell once it is acknowledged.</summary>
    private static void Write(string path)
    {
        var store = SqliteResultStore.Open(path);
        store.SaveSweepAsync(Sweep()).GetAwaiter().GetResult();
        var waiting = new Queue<(int First, Task<AcceptResult> Written)>();
        for (var first = 0; ; first += BatchCells)
        {
            var launches = Enumerable.Range(first, BatchCells).Select(n => Launch(n)).ToArray();
            waiting.Enqueue((first, store.AcceptAsync(Batch(launches))));
            if (waiting.Count == 8)
            {
                var (acknowledged, written) = waiting.Dequeue();
                written.GetAwaiter().GetResult();
                Console.WriteLine(acknowledged.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Writes launch after launch until the store throws, and says how many it acknowledged.</summary>
    private static void Fill(string path)
    {
        var acknowledged = 0;
        using var holding = new Holding(path);
        var store = holding.Folder.Store;
        try
        {
            store.SaveSweepAsync(Sweep()).GetAwaiter().GetResult();
            while (true)
            {
                store.AcceptAsync(Batch(Launch(acknowledged))).GetAwaiter().GetResult();
                acknowledged++;
            }
        }
        finally
        {
            var kept = store.ProgressAsync(Sweep().Id, [.. Enumerable.Range(0, acknowledged + 1).Select(Cell)]);
            Console.WriteLine($"acknowledged {acknowledged}, kept {kept.GetAwaiter().GetResult().Count}");
        }
    }

    private static void Read(string path)
    {
        var store = OutputFolder.OpenForReading(path);
        Console.WriteLine($"{store.SweepsAsync().GetAwaiter().GetResult().Count} sweep");
    }

    /// <summary>Prints the version of the schema that it found.</summary>
    private static void Migrate(string connectionString)
    {
        var address = PostgresAddress.Parse(connectionString);
        using var connection = new NpgsqlConnection(address.ConnectionString);
        connection.Open();
        var found = PostgresSchema.ApplyAsync(connection, address, CancellationToken.None);
        Console.WriteLine(found.GetAwaiter().GetResult().ToString(CultureInfo.InvariantCulture));
    }

    private sealed class Holding(string path) : IDisposable
    {
        public OutputFolder Folder { get; } = OutputFolder.Open(path, TimeProvider.System);

        public void Dispose() => Folder.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
