using Layerbench.Core.Analysis;
using Layerbench.Core.Sweeps;

namespace Layerbench.Engine.Launches;

/// <summary>How a cell is estimated while it is measured: as the results are analysed, so that it ends at the width that is reported of it.</summary>
public static class CellEstimates
{
    public static CellEstimating By(MeasureSpec measure)
    {
        var rule = AnalysisRule.Of(measure);
        return (cell, launches) =>
            CellAnalysis.Of([.. cell.Variants.Select(v => v.Label)], cell.Baseline, launches, rule).Estimate;
    }
}
