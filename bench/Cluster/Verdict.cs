using System.Globalization;
using Layerbench.Harness;

namespace Layerbench.Bench.Clusters;

/// <summary>Prints what a sweep's results came to.</summary>
internal static class Verdict
{
    public static bool Print(params IReadOnlyList<ResultCheck> checks)
    {
        Machine.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"of {checks.Sum(c => c.Cells):N0} cells: lost, accepted twice"
            ),
            $"{checks.Sum(c => c.Lost)}, {checks.Sum(c => c.Double)} (asked: 0, 0)"
        );
        Machine.Line("launches that no process says it ran", $"{checks.Sum(c => c.Unexplained)} (asked: 0)");
        Machine.Line(
            "cells begun again",
            string.Create(CultureInfo.InvariantCulture, $"{checks.Sum(c => c.Wasted):N0}")
        );
        if (checks.Any(c => c.Unwell > 0))
        {
            Machine.Line("cells that ended otherwise than completed", $"{checks.Sum(c => c.Unwell)}");
        }

        return checks.All(c => c.IsGood);
    }
}
