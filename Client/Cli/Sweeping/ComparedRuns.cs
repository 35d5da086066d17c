using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Sweeping;

/// <summary>One variant of one cell that two runs have.</summary>
/// <param name="Judgement">Null across environments, where only the ratio is told.</param>
internal sealed record Change(CellResult Cell, string Label, Interval Ratio, Judgement? Judgement);

/// <summary>Two runs, joined by their cells' content.</summary>
/// <param name="OnlyBefore">Measured cells that only the first has.</param>
internal sealed record ComparedRuns(
    string Before,
    string After,
    VerdictRule Rule,
    bool AcrossEnvironments,
    IReadOnlyList<Change> Changes,
    long OnlyBefore,
    long OnlyAfter
)
{
    /// <summary>What two runs are compared for, or what changes no time: the code's commit, and the seed.</summary>
    private static readonly string[] Varied = ["git_commit", "product_version", "seed"];

    /// <exception cref="BadInputException">
    /// There is no store, the runs share no cell that was measured, their environments differ and that was not asked for,
    /// or a store has launches that no cell can have.
    /// </exception>
    public static async Task<ComparedRuns> ReadAsync(
        string before,
        string after,
        VerdictRule rule,
        bool crossEnvironment,
        CancellationToken cancellation
    )
    {
        await using var storeA = OutputFolder.OpenForReading(before);
        await using var storeB = OutputFolder.OpenForReading(after);
        var sweepA = StoredSweeps.Choose(before, await storeA.SweepsAsync(cancellation), wanted: null).Id;
        var sweepB = StoredSweeps.Choose(after, await storeB.SweepsAsync(cancellation), wanted: null).Id;
        var inB = new HashSet<CellId>();
        await foreach (var cell in storeB.CellsAsync(sweepB, cancellation))
        {
            if (Controls.KindOf(cell.Labels) == ControlKind.None)
            {
                inB.Add(cell.Id);
            }
        }

        var environments = new Dictionary<FingerprintId, IReadOnlyDictionary<string, string>>();
        foreach (
            var fingerprint in (await storeA.FingerprintsAsync(sweepA, cancellation)).Concat(
                await storeB.FingerprintsAsync(sweepB, cancellation)
            )
        )
        {
            environments[fingerprint.Id] = fingerprint.Entries;
        }

        var found = new List<(CellResult Cell, Comparison Comparison)>();
        var (onlyA, joined) = (0L, 0L);
        var across = false;
        await foreach (var cell in storeA.CellsAsync(sweepA, cancellation))
        {
            if (Controls.KindOf(cell.Labels) != ControlKind.None)
            {
                continue;
            }

            var a = await TimedAsync(storeA, sweepA, cell.Id, cancellation);
            var b = inB.Remove(cell.Id) ? await TimedAsync(storeB, sweepB, cell.Id, cancellation) : [];
            if (a.Count == 0 || b.Count == 0)
            {
                onlyA += a.Count == 0 ? 0 : 1;
                continue;
            }

            joined++;
            if (!Alike(environments[a[0].Fingerprint], environments[b[0].Fingerprint]))
            {
                across = crossEnvironment
                    ? true
                    : throw Unlike(before, after, cell, a[0].Fingerprint, b[0].Fingerprint);
            }

            found.AddRange(Compare(cell, a, b).Select(c => (cell, c)));
        }

        if (joined == 0)
        {
            throw new BadInputException(
                $"'{before}' and '{after}' have no measured cell in common; compare two runs of one sweep file"
            );
        }

        var judged = Verdicts.Over([.. found.Select(f => f.Comparison.Evidence)], rule);
        return new ComparedRuns(
            before,
            after,
            rule,
            across,
            [
                .. found.Zip(
                    judged,
                    (f, j) => new Change(f.Cell, f.Comparison.Label, f.Comparison.Evidence.Ratio, across ? null : j)
                ),
            ],
            onlyA,
            inB.Count
        );
    }

    private static bool Alike(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        Entries(a).SequenceEqual(Entries(b));

    private static IEnumerable<KeyValuePair<string, string>> Entries(IReadOnlyDictionary<string, string> entries) =>
        entries.Where(e => !Varied.Contains(e.Key, StringComparer.Ordinal)).OrderBy(e => e.Key, StringComparer.Ordinal);

    private static IReadOnlyList<Comparison> Compare(
        CellResult cell,
        IReadOnlyList<LaunchRecord> before,
        IReadOnlyList<LaunchRecord> after
    )
    {
        try
        {
            return RunComparison.Of(cell.Labels, before, after, exclusions: true);
        }
        catch (BadEvidenceException e)
        {
            throw new BadInputException($"cell {cell.Id}: {e.Message}", e);
        }
    }

    private static async Task<IReadOnlyList<LaunchRecord>> TimedAsync(
        SqliteResultStore store,
        SweepId sweep,
        CellId cell,
        CancellationToken cancellation
    ) => [.. (await store.LaunchesAsync(sweep, cell, cancellation)).Where(l => l.Kind == LaunchKind.Time)];

    private static BadInputException Unlike(
        string before,
        string after,
        CellResult cell,
        FingerprintId a,
        FingerprintId b
    ) =>
        new(
            $"cell {cell.Id} was measured under environment {a} in '{before}' and {b} in '{after}', which are never judged "
                + "against each other; see their environment.json, or give --cross-env for ratios without verdicts"
        );
}
