using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis.Backends;

/// <summary>One variant's time in two cells that differ in their backend alone. Described, never judged.</summary>
/// <param name="From">The cell of the backend that comes first in the plan.</param>
/// <param name="To">The cell of the other.</param>
/// <param name="Ratio">To ÷ From, with the 95% interval of independent launches; (0, ∞) where there are too few for one.</param>
public sealed record BackendRatio(CellResult From, CellResult To, string Label, Interval Ratio)
{
    public string FromBackend => BackendAnalysis.BackendOf(From);
    public string ToBackend => BackendAnalysis.BackendOf(To);
}

/// <summary>
/// The canaries of two backends against each other, as times (To ÷ From), on devices that both ran on: what the machine
/// did between them and what their own libraries differ by, together. Where the libraries are the same, it is the machine.
/// </summary>
/// <param name="Gemm">Of the product of matrices, with the 95% interval of independent launches.</param>
/// <param name="Triad">NaN where memory was short for it.</param>
public sealed record BackendCanaries(string From, string To, Interval Gemm, Interval Triad)
{
    /// <summary>Neither moved by more than a canary may.</summary>
    public bool IsSteady => !IsMuch(Gemm.Value) && !IsMuch(Triad.Value);

    private static bool IsMuch(double ratio) => DriftSummary.Away(ratio) > 1 + DriftSummary.Much;
}

/// <summary>What a sweep over several backends says of them; empty in any other sweep.</summary>
public sealed class BackendReport
{
    private readonly Dictionary<(long Index, string Label), BackendRatio> byCell;

    internal BackendReport(
        IReadOnlyList<BackendRatio> ratios,
        IReadOnlyList<BackendCanaries> canaries,
        int alone,
        int unlike,
        bool tooMany
    )
    {
        Ratios = ratios;
        Canaries = canaries;
        Alone = alone;
        Unlike = unlike;
        TooMany = tooMany;
        byCell = ratios.ToDictionary(r => (r.To.Index, r.Label));
    }

    /// <summary>By place in the plan, then in the order of the cell's variants.</summary>
    public IReadOnlyList<BackendRatio> Ratios { get; }

    /// <summary>Of each pair of backends that has ratios, where both took canaries.</summary>
    public IReadOnlyList<BackendCanaries> Canaries { get; }

    /// <summary>Measured cells whose point was measured in no other backend.</summary>
    public int Alone { get; }

    /// <summary>Pairs of a variant that are no pair: another number of parameters (matched apart), or another clock.</summary>
    public int Unlike { get; }

    /// <summary>The sweep has more cells than are paired, and none was.</summary>
    public bool TooMany { get; }

    /// <summary>Null where the cell is no pair's second.</summary>
    public BackendRatio? Of(CellResult cell, string label) => byCell.GetValueOrDefault((cell.Index, label));
}
