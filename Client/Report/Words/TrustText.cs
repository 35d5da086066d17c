using System.Globalization;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Report.Words;

/// <summary>One thing that says how far an answer can be trusted.</summary>
/// <param name="Name">What it is of: <c>controls</c>, <c>noise</c>, …</param>
/// <param name="Concern">It takes something away from the answer, and should be read before it is used.</param>
public sealed record TrustItem(string Name, string Text, bool Concern);

/// <summary>What trust in an answer rests on.</summary>
/// <param name="Outcomes">Cells by <see cref="Outcome.Name"/>.</param>
/// <param name="Drift">Null without canaries.</param>
/// <param name="Impossible">Rows that are faster than their device can be.</param>
/// <param name="Trained">Trainings were done, of which nothing is judged.</param>
public sealed record TrustGrounds(
    AnalysisSummary Summary,
    VerdictRule Rule,
    Noise Noise,
    IReadOnlyDictionary<string, long> Outcomes,
    DriftSummary? Drift,
    long Impossible,
    IReadOnlyList<Fingerprint> Environments,
    bool Trained = false
);

/// <summary>How far an answer can be trusted, in sentences.</summary>
public static class TrustText
{
    /// <summary>The name of what is said of where a sweep was measured.</summary>
    public const string Environment = "environment";

    private static readonly string[] WithoutResult = ["incorrect", "failed", "poisoned", "skipped"];

    public static IReadOnlyList<TrustItem> Items(TrustGrounds grounds)
    {
        var summary = grounds.Summary;
        List<TrustItem> items = [];
        // Where everything was trained nothing was timed, and there is nothing to say of times.
        if (summary.Measured > 0)
        {
            items.Add(Controls(summary, grounds.Rule));
            items.Add(Rule(grounds.Rule));
            Add(items, Noise(grounds.Noise));
            Add(items, Unconverged(summary));
            Add(items, Excluded(summary.Excluded));
            items.Add(Drift(grounds.Drift));
        }

        if (grounds.Trained)
        {
            items.Add(new("learnt", $"No test is made; {LearntText.Claim}.", Concern: false));
        }

        Add(items, Outcomes(grounds.Outcomes));
        if (summary.Problems > 0)
        {
            items.Add(
                new(
                    "evidence",
                    $"{Units.Count(summary.Problems, "cell")} with launches that say nothing; their rows say why.",
                    Concern: true
                )
            );
        }

        if (grounds.Impossible > 0)
        {
            items.Add(
                new(
                    "roofline",
                    $"{Units.Count(grounds.Impossible, "row")} faster than the device was measured to be able to; the time or the count of FLOPs is wrong.",
                    Concern: true
                )
            );
        }

        items.AddRange(EnvironmentText.Concerns(grounds.Environments));
        return items;
    }

    internal static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";

    private static TrustItem Controls(AnalysisSummary summary, VerdictRule rule)
    {
        var (same, slower) = (summary.FalsePositives, summary.Power);
        List<string> unreached = [.. ReachText.Controls(summary.Reach, rule.Margin)];
        if (same.Total + slower.Total + unreached.Count == 0)
        {
            return new("controls", "There are none, so nothing is known of how often this run errs.", Concern: true);
        }

        List<string> parts = [];
        if (same.Total > 0)
        {
            parts.Add($"identical code was called different in {Of(same)}");
        }

        if (slower.Total > 0)
        {
            parts.Add($"known extra work was found in {Of(slower)}");
        }

        parts.AddRange(unreached);
        return new(
            "controls",
            Sentence(string.Join("; ", parts)),
            Concern: same.Total + slower.Total == 0
                || (same.Total > 0 && same.Low > rule.FalseDiscoveryRate)
                || (slower.Total > 0 && slower.High < 1)
        );
    }

    private static TrustItem Rule(VerdictRule rule) =>
        new(
            "rule",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Differences within ±{100 * rule.Margin:0.###}% do not count; false discovery rate {100 * rule.FalseDiscoveryRate:0.###}% over all cells (Benjamini–Yekutieli)."
            ),
            Concern: false
        );

    private static TrustItem? Noise(Noise noise) =>
        noise.Bounded + noise.Unbounded == 0 ? null
        : noise.Bounded == 0 ? new("noise", "No ratio has an interval: that takes 6 launches.", Concern: true)
        : new(
            "noise",
            $"95% intervals of the ratios are {Width(noise.Median)} at the median, {Width(noise.Greatest)} at the widest"
                + (noise.Unbounded == 0 ? "." : $"; {Units.Count(noise.Unbounded)} without one."),
            Concern: noise.Unbounded > 0
        );

    /// <summary>Half an interval's width: in percent, or as a factor where percent would say nothing any more.</summary>
    private static string Width(double half) =>
        half < 1
            ? string.Create(CultureInfo.InvariantCulture, $"±{100 * half:0.##}%")
            : string.Create(CultureInfo.InvariantCulture, $"a factor of {1 + half:0.#} either way");

    private static TrustItem? Unconverged(AnalysisSummary summary)
    {
        List<string> parts = [];
        if (summary.Unconverged > 0)
        {
            parts.Add(
                $"{Units.Count(summary.Unconverged)} of {Units.Count(summary.Cells, "cell")} ended before their interval was as narrow as asked"
            );
        }

        if (summary.Unsteady > 0)
        {
            var cells = parts.Count == 0 ? Units.Count(summary.Unsteady, "cell") : Units.Count(summary.Unsteady);
            parts.Add($"{cells} had a warm-up that ended with a slope left");
        }

        return parts.Count == 0
            ? new("converged", "Every cell reached the precision that was asked for.", Concern: false)
            : new("converged", $"{string.Join("; ", parts)}.", Concern: true);
    }

    private static TrustItem? Excluded(Proportion excluded) =>
        excluded.Total == 0
            ? null
            : new(
                "excluded",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{100 * excluded.Value:0.##}% of blocks ({Units.Count(excluded.Count)} of {Units.Count(excluded.Total)}) set aside, on outside evidence alone."
                ),
                Concern: excluded.Value > 0.1
            );

    private static TrustItem Drift(DriftSummary? drift) =>
        drift is not { } d
            ? new("drift", "No canaries were taken, so nothing is known of how steady the machine was.", Concern: true)
            : new("drift", Sentence(VerdictText.Drift(d)), d.IsMuch);

    private static TrustItem? Outcomes(IReadOnlyDictionary<string, long> outcomes)
    {
        var without = WithoutResult
            .Where(name => outcomes.GetValueOrDefault(name) > 0)
            .Select(name => $"{Units.Count(outcomes[name])} {name}")
            .ToList();
        return without.Count == 0
            ? null
            : new(
                "outcomes",
                $"Cells without a result: {string.Join(", ", without)}; the table says why.",
                Concern: true
            );
    }

    private static void Add(List<TrustItem> items, TrustItem? item)
    {
        if (item is not null)
        {
            items.Add(item);
        }
    }

    private static string Of(Proportion share) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{share.Count} of {share.Total} [{100 * share.Low:0.#}%, {100 * share.High:0.#}%]"
        );
}
