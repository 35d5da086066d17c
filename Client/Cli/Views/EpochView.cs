using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Views;

/// <summary>Epochs as <c>%timeit</c> tells them, beside our interval; it is fed cell by cell and keeps only what it will show.</summary>
/// <param name="maximumCells">Cells shown.</param>
internal sealed class EpochView(int maximumCells)
{
    private readonly List<(
        CellResult Cell,
        CellFindings Findings,
        IReadOnlyList<(LoopTimes Times, string Loss)> Epochs
    )> kept = [];
    private readonly AxisUse axes = new();

    /// <summary>Looks at cells of epochs, controls apart; others are none of its business.</summary>
    public void See(CellResult cell, CellFindings findings, IReadOnlyList<LaunchRecord> launches)
    {
        if (findings.Control != ControlKind.None || !Epochs.Are(cell))
        {
            return;
        }

        axes.See(cell.Point);
        if (kept.Count < maximumCells && LoopTimes.Of(cell.Labels, launches) is { Count: > 0 } times)
        {
            kept.Add((cell, findings, [.. times.Select(t => (t, Loss(cell, launches, t)))]));
        }
    }

    public IEnumerable<string> Lines()
    {
        if (kept.Count > 0)
        {
            yield return "epochs as %timeit prints them (wall clock, all runs of a launch), then ours (median over launches with its 95% interval):";
        }

        foreach (var (cell, findings, epochs) in kept)
        {
            foreach (var (time, loss) in epochs)
            {
                yield return $"  {Place(cell)}{time.Label}, {Launch(time)}: {TimeitText.Of(time)}{Ours(findings, time.Label)}{loss}";
            }
        }
    }

    private string Place(CellResult cell) =>
        axes.Varying.Count == 0 ? "" : $"{PointText.Of(axes.Varying, cell.Point)} ";

    private static string Launch(LoopTimes time) =>
        time.Launches > LoopTimes.FewLaunches
            ? string.Create(CultureInfo.InvariantCulture, $"median launch ({time.Launch + 1} of {time.Launches})")
            : string.Create(CultureInfo.InvariantCulture, $"launch {time.Launch + 1}");

    /// <summary>The ends of the launch's curve; nothing where it has none.</summary>
    private static string Loss(CellResult cell, IReadOnlyList<LaunchRecord> launches, LoopTimes time) =>
        Epochs.Curves(cell.Labels.ToList().IndexOf(time.Label), launches, time) is { } curves
        && curves.TryGetValue("loss", out var loss)
        && loss.Count > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; loss {loss[0].Y:0.0000} in epoch {loss[0].X:0}, {loss[^1].Y:0.0000} in epoch {loss[^1].X:0}"
            )
            : "";

    private static string Ours(CellFindings findings, string label) =>
        findings.Estimate?.Variants.FirstOrDefault(v => v.Label == label) is { Seconds.Launches: > 0 } variant
            ? $"; {Units.Seconds(variant.Seconds)}"
            : "";
}
