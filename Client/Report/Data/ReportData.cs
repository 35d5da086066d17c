using Layerbench.Core;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Words;

namespace Layerbench.Report.Data;

/// <summary>Everything that a report shows, read once; a page, Markdown and pictures are made of it.</summary>
public sealed record ReportData
{
    /// <summary>What stands on top: the sweep's name, or which runs are compared.</summary>
    public required string Title { get; init; }

    /// <summary>What the sweep asks, in its author's words; null where it does not say.</summary>
    public string? Question { get; init; }

    /// <summary>The sweep's id; of a comparison both runs'.</summary>
    public required string Sweep { get; init; }

    /// <summary>Two runs, cell by cell: ratios are B ÷ A, and there are no times of one.</summary>
    public bool IsComparison { get; init; }

    /// <summary>That the sweep is not finished, and how far it is; null of one that is.</summary>
    public string? Standing { get; init; }

    /// <summary>A sentence for each question, with its numbers.</summary>
    public required IReadOnlyList<string> Answers { get; init; }

    public required IReadOnlyList<TrustItem> Trust { get; init; }

    /// <summary>What of that makes the numbers worse than they could be: read with the answer, before all else.</summary>
    public IReadOnlyList<TrustItem> Warnings => [.. Trust.Where(t => t.Name == TrustText.Environment)];

    /// <summary>The rest of that.</summary>
    public IReadOnlyList<TrustItem> Grounds => [.. Trust.Where(t => t.Name != TrustText.Environment)];

    /// <summary>Axes of all cells, in the sweep's order, with their values over all cells.</summary>
    public required IReadOnlyList<ReportAxis> Axes { get; init; }

    /// <summary>Variants' labels, those of controls too, in the order in which they were seen.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>By place in the plan, at most <see cref="ReportReader.MostCells"/>.</summary>
    public required IReadOnlyList<ReportCell> Cells { get; init; }

    /// <summary>All that there are.</summary>
    public required long CellCount { get; init; }

    /// <summary>How much of each launch is in <see cref="Cells"/>.</summary>
    public SampleDetail Detail { get; init; }

    public required VerdictRule Rule { get; init; }
    public IReadOnlyList<Crossover> Crossovers { get; init; } = [];
    public IReadOnlyDictionary<FingerprintId, DevicePeak> Peaks { get; init; } =
        new Dictionary<FingerprintId, DevicePeak>();
    public IReadOnlyList<CanaryRecord> Canaries { get; init; } = [];
    public IReadOnlyList<GroupFindings> Quality { get; init; } = [];
    public IReadOnlyList<ReportEnvironment> Environments { get; init; } = [];

    /// <summary>The sweep files' texts, overrides applied: one, or those of two runs where they differ.</summary>
    public IReadOnlyList<ReportSpec> Specs { get; init; } = [];

    /// <summary>What two runs learnt, beside the cells that they timed; null where they trained none alike.</summary>
    public ReportTable? Learnt { get; init; }

    /// <summary>Who has what is left out here.</summary>
    public string WhoHasAll => IsComparison ? "`layerbench compare` prints" : "results.csv has";

    /// <summary>What to type for the same again.</summary>
    public required string Command { get; init; }

    public required string ProductVersion { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Axes by which cells are told apart.</summary>
    public IReadOnlyList<string> Varying => [.. Axes.Where(a => a.Varies).Select(a => a.Name)];
}

/// <param name="Runs">Of two runs those that have it: A, B, A and B; empty of one run.</param>
public sealed record ReportEnvironment(Fingerprint Fingerprint, string Runs = "")
{
    /// <summary>Those of two runs, each once.</summary>
    public static IReadOnlyList<ReportEnvironment> Of(
        IReadOnlyList<Fingerprint> before,
        IReadOnlyList<Fingerprint> after
    ) =>
        [
            .. before
                .Concat(after)
                .DistinctBy(f => f.Id)
                .Select(f => new ReportEnvironment(
                    f,
                    !after.Any(other => other.Id == f.Id) ? "A"
                        : before.Any(other => other.Id == f.Id) ? "A and B"
                        : "B"
                )),
        ];
}

/// <param name="Runs">As of <see cref="ReportEnvironment"/>.</param>
public sealed record ReportSpec(string Text, string Runs = "")
{
    /// <summary>Those of two runs, once where they are the same.</summary>
    public static IReadOnlyList<ReportSpec> Of(string before, string after) =>
        before == after ? [new(before, "A and B")] : [new(before, "A"), new(after, "B")];
}

/// <summary>A table that is read as it stands.</summary>
/// <param name="About">What must be known to read it.</param>
public sealed record ReportTable(
    string Title,
    string About,
    IReadOnlyList<string> Headers,
    IReadOnlyList<IReadOnlyList<string>> Rows
);

/// <param name="Values">Each once; numbers ascending, others in the order in which they were seen.</param>
/// <param name="Varies">Over cells that are no controls.</param>
/// <param name="Listed">The sweep gives it values, and does not compute it from other axes.</param>
public sealed record ReportAxis(string Name, IReadOnlyList<AxisValue> Values, bool Varies, bool Listed);

/// <summary>One finished cell.</summary>
/// <param name="Rows">One per variant, in the cell's order.</param>
/// <param name="Launches">Those of time, by number; none where nothing was timed.</param>
public sealed record ReportCell(IReadOnlyList<ResultRow> Rows, IReadOnlyList<LaunchDigest> Launches)
{
    /// <summary>What must be known to read its numbers; null where nothing must.</summary>
    public string? Note { get; init; }

    /// <summary>What variants have learnt in timed passes, by place in the cell; the first launch's.</summary>
    public IReadOnlyList<VariantCurves> Curves { get; init; } = [];
}
