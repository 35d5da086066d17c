using System.Runtime.CompilerServices;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Remote;

/// <summary>
/// A sweep's results behind a server, so that what is shown of them is made by the same code as on one machine. Cells come
/// one at a time, with their launches.
/// </summary>
internal sealed class RemoteResults(RemoteServer server, SweepId id) : IResultReader
{
    private const int CopiedTogether = 1 << 14;

    private readonly string root = $"sweeps/{RemoteServer.Escaped(id)}";
    private MeasuredSweep? measured;

    /// <summary>The sweep as the server's store has it.</summary>
    /// <exception cref="BadInputException">The server refuses, or has no such sweep.</exception>
    public async Task<SweepRecord> RecordAsync(CancellationToken cancellation) =>
        (await MeasuredAsync(cancellation)).Sweep;

    /// <summary>Likewise; null: the server's store has no sweep of this id.</summary>
    public async Task<SweepRecord?> FindAsync(CancellationToken cancellation) =>
        (measured ??= await server.FindAsync<MeasuredSweep>($"{root}/measured", cancellation))?.Sweep;

    public async Task<IReadOnlyList<SweepRecord>> SweepsAsync(CancellationToken cancellation = default) =>
        [await RecordAsync(cancellation)];

    public async Task<SweepRecord?> SweepAsync(SweepId sweep, CancellationToken cancellation = default) =>
        sweep == id ? await RecordAsync(cancellation) : null;

    public async IAsyncEnumerable<CellResult> CellsAsync(
        SweepId sweep,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await foreach (var cell in MeasuredAsync(sweep, cancellation))
        {
            yield return cell.Cell;
        }
    }

    public async IAsyncEnumerable<MeasuredCell> MeasuredAsync(
        SweepId sweep,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        using var response = await server.OpenAsync($"{root}/cells", cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var lines = JsonSerializer.DeserializeAsyncEnumerable<MeasuredCell>(
            body,
            topLevelValues: true,
            CoreJson.Options,
            cancellation
        );
        await using var cells = lines.GetAsyncEnumerator(cancellation);
        while (await server.PartAsync(cells.MoveNextAsync))
        {
            yield return cells.Current!;
        }
    }

    public Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(
        SweepId sweep,
        CellId cell,
        CancellationToken cancellation = default
    ) =>
        server.GetAsync<IReadOnlyList<LaunchRecord>>(
            $"{root}/cells/{Uri.EscapeDataString(cell.Value)}/launches",
            cancellation
        );

    public async Task<IReadOnlyList<RungDecision>> RungsAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) => (await MeasuredAsync(cancellation)).Rungs;

    public async Task<IReadOnlyList<CanaryRecord>> CanariesAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) => (await MeasuredAsync(cancellation)).Canaries;

    public async Task<long> LaunchCountAsync(SweepId sweep, CancellationToken cancellation = default) =>
        (await MeasuredAsync(cancellation)).Launches;

    public async Task<IReadOnlyList<Fingerprint>> FingerprintsAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) => (await MeasuredAsync(cancellation)).Fingerprints;

    public Task<IReadOnlyList<Incident>> IncidentsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        server.GetAsync<IReadOnlyList<Incident>>($"{root}/incidents", cancellation);

    public async Task<IReadOnlyDictionary<string, long>> CountsAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) => (await MeasuredAsync(cancellation)).Outcomes;

    /// <summary>Copies <c>results.csv</c> or <c>results.jsonl</c> as the server writes it.</summary>
    public async Task CopyAsync(string name, TextWriter output, CancellationToken cancellation)
    {
        using var response = await server.OpenAsync($"{root}/{name}", cancellation);
        using var text = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var buffer = new char[CopiedTogether];
        int read;
        while ((read = await server.PartAsync(() => text.ReadAsync(buffer.AsMemory(), cancellation))) > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private async Task<MeasuredSweep> MeasuredAsync(CancellationToken cancellation) =>
        measured ??= await server.GetAsync<MeasuredSweep>($"{root}/measured", cancellation);
}
