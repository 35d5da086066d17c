using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Sweeping;

/// <summary>One variant of one cell that two runs have.</summary>
/// <param name="Pairs">Pairs of launches that were taken in turn, on which it then rests; 0: the two runs.</param>
/// <param name="Judgement">Null across environments, where only the ratio is told.</param>
internal sealed record Change(CellResult Cell, string Label, Interval Ratio, int Pairs, Judgement? Judgement);

/// <summary>Two runs, joined by their cells' content.</summary>
/// <param name="Drift">The furthest that any comparison was held against; null where every cell rests on pairs.</param>
/// <param name="OnlyBefore">Measured cells that only the first has.</param>
internal sealed record ComparedRuns(
    VerdictRule Rule,
    bool AcrossEnvironments,
    IReadOnlyList<Change> Changes,
    RunDrift? Drift,
    long OnlyBefore,
    long OnlyAfter
)
{
    /// <summary>What variants learnt in the cells that both runs trained.</summary>
    public IReadOnlyList<LearntTwice> Learnt { get; init; } = [];

    /// <summary>How many these cells are.</summary>
    public long TrainedCells { get; init; }

    /// <summary>
    /// What two runs can resolve that were not interleaved; a single run's margin of 2% is for ratios within launches.
    /// </summary>
    public const double UsualMargin = 0.05;

    /// <summary>What two runs are compared for, or what changes no time: the code, and the seed.</summary>
    private static readonly string[] Varied =
    [
        "git_commit",
        "product_version",
        "extra_variants",
        "extra_variants_code",
        "seed",
    ];

    /// <summary>Cells of which some variant is neither known to be slower, nor to be equivalent or faster.</summary>
    public IReadOnlyCollection<CellId> Inconclusive =>
        [.. Changes.Where(c => c.Judgement?.Verdict == Verdict.Inconclusive).Select(c => c.Cell.Id).Distinct()];

    /// <exception cref="BadInputException">
    /// The runs share no cell that was measured, their environments differ and that was not asked for, or a store has
    /// launches that no cell can have.
    /// </exception>
    public static async Task<ComparedRuns> ReadAsync(
        RunStore before,
        RunStore after,
        VerdictRule rule,
        bool crossEnvironment,
        CancellationToken cancellation
    )
    {
        var inB = new HashSet<CellId>();
        await foreach (var cell in after.CellsAsync(cancellation))
        {
            inB.Add(cell.Id);
        }

        await using var pairs = crossEnvironment ? null : PairedLaunches.OpenForReading(before, after);
        var trainings = new ComparedTrainings();
        var found = new List<(CellResult Cell, Comparison Comparison, int Pairs)>();
        var drifts = new Dictionary<DeviceId, DeviceDrift>();
        RunDrift? furthest = null;
        var (onlyA, joined) = (0L, 0L);
        var across = false;
        await foreach (var cell in before.CellsAsync(cancellation))
        {
            var allA = await before.LaunchesAsync(cell.Id, cancellation);
            var allB = inB.Remove(cell.Id) ? await after.LaunchesAsync(cell.Id, cancellation) : [];
            if (trainings.See(cell, allA, allB))
            {
                continue;
            }

            var (a, b) = (Timed(allA), Timed(allB));
            if (a.Count == 0 || b.Count == 0)
            {
                onlyA += a.Count == 0 && allA.All(l => l.Trainings.Count == 0) ? 0 : 1;
                continue;
            }

            joined++;
            if (!Alike(before.Environment(a[0]).Entries, after.Environment(b[0]).Entries))
            {
                across = crossEnvironment
                    ? true
                    : throw Unlike(before.Folder, after.Folder, cell, a[0].Fingerprint, b[0].Fingerprint);
            }

            var (pairedA, pairedB) = pairs is null ? ([], []) : await pairs.OfAsync(before, after, cell, cancellation);
            var paired = Math.Min(pairedA.Count, pairedB.Count);
            found.AddRange(
                Guarded(
                        cell,
                        () =>
                            paired >= Looks.At[0]
                                ? RunComparison.OfPairs(cell.Labels, pairedA, pairedB, exclusions: true)
                                : RunComparison.Of(cell.Labels, a, b, exclusions: true, label => Drift(a, label))
                    )
                    .Select(c => (cell, c, paired >= Looks.At[0] ? paired : 0))
            );
        }

        if (joined + trainings.Cells == 0)
        {
            throw new BadInputException(
                $"'{before.Folder}' and '{after.Folder}' have no measured cell in common; compare two runs of one sweep file"
            );
        }

        var judged = Verdicts.Over([.. found.Select(f => f.Comparison.Evidence)], rule);
        return new ComparedRuns(
            rule,
            across,
            [
                .. found.Zip(
                    judged,
                    (f, j) =>
                        new Change(f.Cell, f.Comparison.Label, f.Comparison.Evidence.Ratio, f.Pairs, across ? null : j)
                ),
            ],
            furthest,
            onlyA,
            inB.Count
        )
        {
            Learnt = trainings.Conclude(),
            TrainedCells = trainings.Cells,
        };

        RunDrift Drift(IReadOnlyList<LaunchRecord> launches, string label)
        {
            var device = launches[0].Device;
            if (!drifts.TryGetValue(device, out var moved))
            {
                drifts[device] = moved = DeviceDrift.Between(before.Canaries(device), after.Canaries(device));
            }

            var work = launches.SelectMany(l => l.Variants).FirstOrDefault(v => v.Label == label);
            var drift = moved.Of(work?.Flops, work?.Bytes);
            furthest = furthest is { } known
                ? new(Math.Max(known.Seen, drift.Seen), Math.Max(known.Most, drift.Most))
                : drift;
            return drift;
        }
    }

    private static IReadOnlyList<LaunchRecord> Timed(IReadOnlyList<LaunchRecord> launches) =>
        [.. launches.Where(l => l.Kind == LaunchKind.Time)];

    private static bool Alike(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        Entries(a).SequenceEqual(Entries(b));

    private static IEnumerable<KeyValuePair<string, string>> Entries(IReadOnlyDictionary<string, string> entries) =>
        entries.Where(e => !Varied.Contains(e.Key, StringComparer.Ordinal)).OrderBy(e => e.Key, StringComparer.Ordinal);

    private static IReadOnlyList<Comparison> Guarded(CellResult cell, Func<IReadOnlyList<Comparison>> compare)
    {
        try
        {
            return compare();
        }
        catch (BadEvidenceException e)
        {
            throw new BadInputException($"cell {cell.Id}: {e.Message}", e);
        }
    }

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
