using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Report.Words;

namespace Layerbench.Report.Data;

/// <summary>What must be known to read a cell's numbers, in one line.</summary>
internal static class CellNotes
{
    /// <summary>Null where the numbers may be taken as they are.</summary>
    public static string? Of(CellResult cell, CellFindings findings)
    {
        var notes = string.Join(
            "; ",
            new[] { cell.Outcome.Explanation, findings.Problem }
                .Where(n => !string.IsNullOrEmpty(n))
                .Concat(findings.Estimate is { TimeLaunches: > 0 } estimate ? CellText.Notes(estimate) : [])
        );
        return notes.Length == 0 ? null : notes;
    }
}
