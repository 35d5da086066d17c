using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

/// <summary>From the text of a sweep to its plan.</summary>
internal static class Bound
{
    public static SweepSpec Spec(string text, VariantCatalog? catalog = null)
    {
        var result = SweepFile.Parse(text, [], catalog ?? CatalogFixture.Create()).Result;
        result.Errors.Select(e => e.Format("f")).ShouldBeEmpty();
        return result.Spec.ShouldNotBeNull();
    }

    /// <summary>The plan's points alone, unless its controls are asked for.</summary>
    public static SweepPlan Plan(string text, VariantCatalog? catalog = null, bool controls = false)
    {
        var spec = Spec(text, catalog);
        return SweepPlan.Create(
            controls ? spec : spec with { Controls = ControlSpec.None },
            catalog ?? CatalogFixture.Create()
        );
    }

    public static string[] Errors(string text, VariantCatalog? catalog = null) =>
        [.. SweepFile.Parse(text, [], catalog ?? CatalogFixture.Create()).Result.Errors.Select(e => e.Format("f"))];

    public static Cell[] Cells(SweepPlan plan) =>
        [.. Enumerable.Range(0, (int)plan.Size).Select(i => plan.At(i)).OfType<Cell>()];

    /// <summary>These axes of each cell, e.g. <c>1/64</c>.</summary>
    public static string[] Points(SweepPlan plan, params string[] axes) =>
        [.. Cells(plan).Select(c => string.Join('/', axes.Select(a => c.Point[a].Canonical)))];
}
