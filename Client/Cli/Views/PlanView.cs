using System.Globalization;
using Layerbench.Cli.Planning;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>A plan, for reading before an hour is spent.</summary>
internal static class PlanView
{
    /// <summary>Values of one axis that are written out.</summary>
    private const int MostValues = 12;

    public static IRenderable Draw(SweepSpec spec, PlanSummary plan, IReadOnlyList<DeviceInfo> devices)
    {
        var about = plan.IsSampled ? "about " : "";
        List<IRenderable> rows =
        [
            new Text(
                $"{spec.Name}: {about}{Units.Count(plan.Cells, "cell")} of {string.Join(", ", spec.Variants.Select(v => v.Label))}"
                    + (spec.Variants.Count > 1 ? $" (ratios to {spec.Baseline})" : "")
            ),
        ];
        if (spec.Question is { } question)
        {
            rows.Add(new Text(question));
        }

        rows.Add(new Text(""));
        var width = spec.Axes.Max(a => a.Name.Length);
        rows.AddRange(spec.Axes.Select(axis => new Text($"  {axis.Name.PadRight(width)}  {Values(axis)}")));
        rows.Add(new Text(""));
        rows.AddRange(Lines(spec, plan, devices).Concat(MatchText.Lines(spec, plan.Matches)).Select(l => new Text(l)));
        if (plan.First.Count > 0)
        {
            rows.Add(Table(spec, plan));
            if (plan.Cells > plan.First.Count)
            {
                rows.Add(new Text($"these are the first {Units.Count(plan.First.Count)}; --cells N shows more"));
            }
        }

        if (plan.Skipped > 0)
        {
            rows.Add(new Text($"{about}{Units.Count(plan.Skipped, "cell")} will be skipped:"));
            rows.AddRange(
                plan.FirstSkipped.Select(c => new Text(
                    $"  {PointText.Of(Varying(spec), c.Cell.Point.Find)}: {c.Skipped}"
                ))
            );
            if (plan.Skipped > plan.FirstSkipped.Count)
            {
                rows.Add(new Text($"  … and {about}{Units.Count(plan.Skipped - plan.FirstSkipped.Count)} more"));
            }
        }

        return new Rows(rows);
    }

    /// <summary>The axes that tell points apart: those listed with more than one value.</summary>
    public static IReadOnlyList<string> Varying(SweepSpec spec) =>
        [.. spec.Axes.OfType<AxisSpec.Listed>().Where(a => a.Values.Count > 1).Select(a => a.Name)];

    private static IEnumerable<string> Lines(SweepSpec spec, PlanSummary plan, IReadOnlyList<DeviceInfo> devices)
    {
        var measure = spec.Measure;
        if (plan.IsSampled)
        {
            yield return $"estimated from {Units.Count(plan.LookedAt)} of {Units.Count(plan.Points)} points";
        }
        else if (plan.Points > plan.Cells)
        {
            var merged = spec.Conditions.Count == 0 && Varying(spec).Contains("pass", StringComparer.Ordinal);
            yield return merged
                ? $"{Units.Count(plan.Cells)} of {Units.Count(plan.Points)} points differ: each pass has the axes that it takes"
                : $"conditions keep {Units.Count(plan.Cells)} of {Units.Count(plan.Points)} points";
        }

        if (plan.Cells - plan.Skipped > plan.TrainedCells || plan.TrainedCells == 0)
        {
            yield return Launches(measure);
        }

        if (plan.TrainedCells > 0)
        {
            yield return Trainings(measure, plan);
        }

        if (plan.Controls > 0)
        {
            yield return $"of the cells, {Units.Count(plan.Controls, "control")}: the baseline against itself, some with extra work";
        }

        foreach (var device in devices)
        {
            yield return $"on {device.Id}: {DevicesView.Line(device)}";
        }

        if (plan.Cells == plan.Skipped)
        {
            yield return "nothing to run";
            yield break;
        }

        if (plan.TrainedCells < plan.Cells - plan.Skipped)
        {
            yield return $"one block: {Range(plan.Flops, Units.Flops)}, {Range(plan.Bytes, Units.Bytes)} moved at least, {Range(plan.PeakBytes, Units.Bytes)} live at most";
        }

        var timed = plan.TotalFlops > 0 ? $"{Units.Flops(plan.TotalFlops)} timed at least, " : "";
        yield return $"in all: {timed}{Units.Count(plan.CellLaunches)} cell launches in about {Units.Count(plan.Processes)} worker processes";
        var step = DeviceRates.For(devices[0].Kind).StepOverheadSeconds;
        var ground =
            plan.TrainedCells == 0
                ? "from FLOPs and bytes alone"
                : $"from FLOPs, bytes and {Units.Seconds(step)} a training step; a training that solves its task ends sooner";
        yield return $"expected time: about {Units.Duration(plan.Expected)} (an order of magnitude, {ground})";
        if (measure.SweepBudget is { } budget)
        {
            yield return budget < plan.Expected
                ? $"budget: {Units.Duration(budget)}, less than is expected; what is not begun or not ended then is left for the next run"
                : $"budget: {Units.Duration(budget)}; what is left of it after every cell's first look goes where verdicts are nearest";
        }
    }

    private static string Launches(MeasureSpec measure)
    {
        var launches =
            measure.Launches is null ? AutoLaunches(measure)
            : measure.Launches == 1 ? $"1 launch ({CellText.QuickLook})"
            : string.Create(CultureInfo.InvariantCulture, $"{measure.Launches} launches");
        var memory =
            measure.MemoryLaunches == 0
                ? "memory is not measured"
                : $"{Units.Count(measure.MemoryLaunches)} for memory";
        return $"each cell: {launches} of {Units.Count(measure.Blocks, "block")}, {memory}";
    }

    private static string Trainings(MeasureSpec measure, PlanSummary plan)
    {
        var prune = measure.Prune is { } p
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", of which about {100 * p.Keep:0.#}% go on at each of {Units.Count(p.Rungs, "rung")}"
            )
            : "";
        return $"{Units.Count(plan.TrainedCells, "cell")} of quality: {Units.Count(plan.Trainings, "training")}{prune}, {Units.Flops(plan.TrainingFlops)} at most";
    }

    private static string AutoLaunches(MeasureSpec measure)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{measure.LeastLaunches} to {measure.MaximumLaunches} launches, until the ratio is known to ±{100 * measure.TargetHalfWidth:0.##}%; what follows is for {measure.LeastLaunches},"
        );
    }

    private static Table Table(SweepSpec spec, PlanSummary plan)
    {
        var varying = Varying(spec);
        var matched = plan.Matches;
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var axis in varying)
        {
            table.AddColumn(new TableColumn(Markup.Escape(axis)).RightAligned().NoWrap());
        }

        string[] headers = ["FLOPs of a block", "bytes", "live memory", "per launch"];
        foreach (var header in matched.Select(m => $"{m.Label} {m.Axis}").Concat(headers))
        {
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        }

        var controls = plan.First.Any(c => c.Cell.Control != ControlKind.None);
        if (controls)
        {
            table.AddColumn(new TableColumn("control").NoWrap());
        }

        foreach (var cell in plan.First)
        {
            table.AddRow(
                varying
                    .Select(axis => PointText.Value(axis, cell.Cell.Point.Find(axis)))
                    .Concat(matched.Select(m => MatchText.Of(cell.Matches.FirstOrDefault(c => c.Label == m.Label))))
                    .Concat([
                        Units.Flops(cell.Cost.Flops),
                        Units.Bytes(cell.Cost.Bytes),
                        Units.Bytes(cell.Cost.PeakBytes),
                        cell.Skipped is null ? Units.Seconds(cell.LaunchSeconds) : "skipped",
                    ])
                    .Concat(controls ? [Control(cell.Cell.Control)] : [])
                    .Select(text => new Text(text))
            );
        }

        return table;
    }

    private static string Control(ControlKind kind) =>
        kind switch
        {
            ControlKind.None => "",
            ControlKind.Same => Controls.SameLabel,
            ControlKind.Slower => Controls.SlowerLabel,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Values(AxisSpec axis) =>
        axis switch
        {
            AxisSpec.Listed listed when listed.Values.Count > MostValues =>
                $"{string.Join(", ", listed.Values.Take(MostValues - 1).Select(v => PointText.Value(listed.Name, v)))}, … {PointText.Value(listed.Name, listed.Values[^1])} ({Units.Count(listed.Values.Count)} values)",
            AxisSpec.Listed listed => string.Join(", ", listed.Values.Select(v => PointText.Value(listed.Name, v))),
            AxisSpec.Derived derived => $"= {derived.Expression.Text}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Range(Span span, Func<double, string> unit)
    {
        var (low, high) = (unit(span.Low), unit(span.High));
        return string.Equals(low, high, StringComparison.Ordinal) ? low : $"{low} to {high}";
    }
}
