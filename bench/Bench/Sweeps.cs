using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Bench;

internal static class Sweeps
{
    public static (SweepPlan Plan, SweepSpec Spec, string Text) Load(string yaml, VariantCatalog catalog)
    {
        var file = SweepFile.Parse(yaml, [], catalog);
        if (file.Result.Spec is not { } spec || file.EffectiveText is not { } text)
        {
            throw new InvalidOperationException(string.Join('\n', file.Result.Errors.Select(e => e.Format("bench"))));
        }

        return (SweepPlan.Create(spec, catalog), spec, text);
    }
}
