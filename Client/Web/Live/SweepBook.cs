using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.SweepFiles;

namespace Layerbench.Web.Live;

/// <summary>
/// A sweep's finished cells, kept up with the store: of what has ended since, only that is read. A verdict depends on all
/// cells, so pictures are made anew, but never for more than a tenth of the time.
/// </summary>
internal sealed class SweepBook(SweepRecord sweep, IResultIndex results, TimeProvider time) : IDisposable
{
    /// <summary>Cells of a book at most, some 5 KB each; what is beyond is in the files and the report.</summary>
    public const int MostCells = 200_000;

    private const int RestPerWork = 10;
    private const int ReadTogether = 200;

    /// <summary>How long a first reading goes on before what there is of it is shown.</summary>
    private static readonly TimeSpan showEvery = TimeSpan.FromSeconds(1);

    private readonly AnalysisRule rule = SweepFile.RuleOf(sweep.Spec);
    private readonly IReadOnlyList<string> listed = SweepFile.ListedAxesOf(sweep.Spec);
    private readonly Dictionary<CellId, BookCell> cells = [];
    private readonly BookConditions conditions = new(sweep.Id, results);
    private readonly Dictionary<string, IReadOnlyList<string>> labels = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private volatile Known? known;
    private Task refreshing = Task.CompletedTask;

    /// <summary>What the sweep asks, in its author's words; null where it does not say.</summary>
    public string? Question { get; } = SweepFile.QuestionOf(sweep.Spec);

    /// <summary>What is known now, be it of a while ago; what has come since is read meanwhile.</summary>
    public SweepPicture Now(SweepStatus status)
    {
        if (!IsGood(status) && refreshing.IsCompleted)
        {
            lock (cells)
            {
                if (refreshing.IsCompleted)
                {
                    refreshing = Task.Run(() => QuietlyAsync(status));
                }
            }
        }

        return known?.Picture ?? SweepPicture.Empty;
    }

    /// <summary>What is known when all that the status tells of has been read, or was a moment ago.</summary>
    public async Task<SweepPicture> UpToDateAsync(SweepStatus status, CancellationToken cancellation)
    {
        if (!IsGood(status))
        {
            await oneAtATime.WaitAsync(cancellation);
            try
            {
                if (!IsGood(status))
                {
                    await ReadAsync(status, cancellation);
                }
            }
            finally
            {
                oneAtATime.Release();
            }
        }

        return known!.Picture;
    }

    public void Dispose()
    {
        closing.Cancel();
        closing.Dispose();
    }

    private bool IsGood(SweepStatus status) =>
        known is { IsWhole: true } k
        && (
            (k.Basis == Basis(status) && (k.Picture.Cells.Count > 0 || status.HasEnded))
            || (!status.HasEnded && time.GetElapsedTime(k.At) < Longer(showEvery, RestPerWork * k.Took))
        );

    /// <summary>A store that cannot be read now is asked again with the next request, which is told of it where it must be.</summary>
    private async Task QuietlyAsync(SweepStatus status)
    {
        try
        {
            await UpToDateAsync(status, closing.Token);
        }
        catch (Exception e)
            when (e is Engine.Stores.StoreException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody waits for it.
        }
    }

    private async Task ReadAsync(SweepStatus status, CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        var basis = Basis(status);
        var ends = new List<CellEnd>();
        await foreach (var end in results.CellEndsAsync(sweep.Id, cancellation))
        {
            if (ends.Count == MostCells)
            {
                break;
            }

            ends.Add(end);
        }

        var there = ends.ToDictionary(e => e.Id, e => e.FinishedAt);
        foreach (var id in cells.Keys.Where(id => !there.ContainsKey(id)).ToList())
        {
            cells.Remove(id);
        }

        var (shownAt, pause) = (time.GetTimestamp(), showEvery);
        var fresh = ends.Where(e => !cells.TryGetValue(e.Id, out var c) || c.Result.FinishedAt != e.FinishedAt);
        foreach (var some in fresh.Select(e => e.Id).Chunk(ReadTogether).ToList())
        {
            await foreach (var (cell, launches) in results.MeasuredAsync(sweep.Id, some, cancellation))
            {
                cells[cell.Id] = conditions.See(BookCell.Of(Shared(cell), launches, rule), launches);
            }

            if (known is not { IsWhole: true } && time.GetElapsedTime(shownAt) > pause)
            {
                var drawing = time.GetTimestamp();
                known = new Known(await PictureAsync(status, cancellation), basis, drawing, default, IsWhole: false);
                shownAt = time.GetTimestamp();
                pause = Longer(showEvery, RestPerWork * time.GetElapsedTime(drawing, shownAt));
            }
        }

        var picture = await PictureAsync(status, cancellation);
        known = new Known(picture, basis, time.GetTimestamp(), time.GetElapsedTime(since), IsWhole: true);
    }

    private async Task<SweepPicture> PictureAsync(SweepStatus status, CancellationToken cancellation) =>
        new(
            [.. cells.Values.OrderBy(c => c.Result.Index).ThenBy(c => c.Result.Id.Value, StringComparer.Ordinal)],
            await conditions.NowAsync(status.HasEnded, cancellation),
            rule,
            listed
        );

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>Most cells have the same variants: one list serves them.</summary>
    private CellResult Shared(CellResult cell)
    {
        var name = string.Join('\n', cell.Labels);
        if (!labels.TryGetValue(name, out var shared))
        {
            labels[name] = shared = cell.Labels;
        }

        return cell with
        {
            Labels = shared,
        };
    }

    /// <summary>What a picture rests on: a cell that is run again makes another of it.</summary>
    private static (long, DateTimeOffset?, string) Basis(SweepStatus status) =>
        (
            status.Finished,
            status.StartedAt,
            string.Join(
                ' ',
                status.Outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}")
            )
        );

    /// <param name="Took">To read and judge.</param>
    /// <param name="IsWhole">False: a first reading is still going on.</param>
    private sealed record Known(
        SweepPicture Picture,
        (long, DateTimeOffset?, string) Basis,
        long At,
        TimeSpan Took,
        bool IsWhole
    );
}
