using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Sweeping;

/// <summary>What one variant learnt in two runs, in the same group of trainings.</summary>
internal sealed record LearntTwice(GroupFindings Group, VariantFindings Before, VariantFindings After);

/// <summary>Gathers the trainings of cells that two runs have in common. They are described; nothing is judged.</summary>
internal sealed class ComparedTrainings
{
    private readonly QualityAnalysis before = new();
    private readonly QualityAnalysis after = new();

    /// <summary>Cells that were trained in both runs.</summary>
    public long Cells { get; private set; }

    /// <summary>Whether both runs trained the cell's variants; cells of which one did not are none of its business.</summary>
    public bool See(CellResult cell, IReadOnlyList<LaunchRecord> a, IReadOnlyList<LaunchRecord> b)
    {
        if (!AreTrainings(a) || !AreTrainings(b))
        {
            return false;
        }

        Cells++;
        before.See(cell, a);
        after.See(cell, b);
        return true;
    }

    public IReadOnlyList<LearntTwice> Conclude()
    {
        var others = after.Conclude().Groups.ToDictionary(g => g.Id);
        return
        [
            .. before
                .Conclude()
                .Groups.SelectMany(group =>
                    group.Variants.SelectMany(variant =>
                        others[group.Id].Of(variant.Label) is { } other
                            ? [new LearntTwice(group, variant, other)]
                            : Array.Empty<LearntTwice>()
                    )
                ),
        ];
    }

    private static bool AreTrainings(IReadOnlyList<LaunchRecord> launches) => launches.Any(l => l.Trainings.Count > 0);
}
