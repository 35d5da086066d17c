using System.Globalization;
using Layerbench.Core.Analysis;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>Sweeps on a server: all of them as a table, one with all that is known of it.</summary>
internal static class StatusView
{
    public static IRenderable Draw(IReadOnlyList<SweepStatus> sweeps)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in (string[])["sweep", "user", "priority", "state", "cells", "failed", "left", "submitted"])
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        foreach (var sweep in sweeps)
        {
            table.AddRow(
                new Text(sweep.Id.Value),
                new Text(sweep.User),
                new Text(sweep.Priority.ToString(CultureInfo.InvariantCulture)),
                new Text(Name(sweep.Stage)),
                new Text($"{Units.Count(sweep.Finished)} of {Units.Count(sweep.Cells)}"),
                new Text(Units.Count(sweep.Failures)),
                new Text(sweep.Eta is { } eta && !sweep.HasEnded ? $"about {Units.Duration(eta)}" : ""),
                new Text(Local(sweep.CreatedAt))
            );
        }

        return table;
    }

    public static IEnumerable<string> Lines(SweepDetails details)
    {
        var status = details.Status;
        yield return $"{status.Id}: {Line(status)}";
        yield return $"submitted by '{status.User}' at {Local(status.CreatedAt)}, priority {status.Priority.ToString(CultureInfo.InvariantCulture)}";
        if (status.Outcomes.Count > 0)
        {
            yield return string.Join(
                ", ",
                status
                    .Outcomes.Where(o => o.Value > 0)
                    .OrderBy(o => o.Key, StringComparer.Ordinal)
                    .Select(o => $"{o.Key} {Units.Count(o.Value)}")
            );
        }

        var soFar = status.Stage == SweepStage.Finished ? "" : " so far";
        foreach (var (label, counts) in details.Verdicts.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            yield return $"{label}{soFar}: {Counted(counts)}";
        }

        if (details.IncidentCount > 0)
        {
            yield return $"{Units.Count(details.IncidentCount, "incident")}, the latest first:";
            foreach (var incident in details.Incidents)
            {
                yield return $"  {RunPicture.IncidentLine(incident)}";
                foreach (var line in incident.StderrTail.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(5))
                {
                    yield return $"    {line.TrimEnd()}";
                }
            }
        }
    }

    /// <summary><c>running, 12 of 96 cells done, 4 in flight, about 2 min left</c></summary>
    public static string Line(SweepStatus status)
    {
        var flight = status.InFlight == 0 ? "" : $", {Units.Count(status.InFlight)} in flight";
        var left = status is { Eta: { } eta, HasEnded: false } ? $", about {Units.Duration(eta)} left" : "";
        var reason = status.Reason is null ? "" : $": {OwnName.In(status.Reason)}";
        return $"{Name(status.Stage)}, {Units.Count(status.Finished)} of {Units.Count(status.Cells, "cell")} done{flight}{left}{reason}";
    }

    private static string Counted(VerdictCounts counts) =>
        $"{Units.Count(counts.Faster)} faster, {Units.Count(counts.Slower)} slower, {Units.Count(counts.Equivalent)} equivalent, {Units.Count(counts.Inconclusive)} inconclusive";

    private static string Name(SweepStage stage) => stage.ToString().ToLowerInvariant();

    private static string Local(DateTimeOffset at) =>
        at.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
