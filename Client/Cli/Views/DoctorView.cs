using System.Text.Encodings.Web;
using System.Text.Json;
using Layerbench.Cli.Doctor;
using Layerbench.Core.Protocol;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>The doctor's report for people and for programs.</summary>
internal static class DoctorView
{
    private static readonly JsonSerializerOptions Indented = new(ProtocolJson.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IRenderable Draw(DoctorReport report)
    {
        var width = report.Sections.SelectMany(s => s.Findings).Max(f => f.Name.Length);
        List<IRenderable> rows =
        [
            new Markup($"[bold]layerbench {Markup.Escape(report.Version)}[/], {Markup.Escape(report.Edition)} edition"),
        ];
        foreach (var (title, findings) in report.Sections.Where(s => s.Findings.Count > 0))
        {
            rows.Add(new Text(""));
            rows.Add(new Markup($"[bold]{title}[/]"));
            foreach (var finding in findings)
            {
                rows.Add(
                    new Markup(
                        $"  {Mark(finding.Health)} {Markup.Escape(finding.Name.PadRight(width))}  {Markup.Escape(finding.Said)}"
                    )
                );
                if (finding.Fix is { } fix)
                {
                    rows.Add(new Markup($"    {new string(' ', width)}  [bold]fix:[/] {Markup.Escape(fix)}"));
                }
            }
        }

        return new Rows(rows);
    }

    public static string Json(DoctorReport report) =>
        JsonSerializer.Serialize(
            new
            {
                report.Version,
                report.Edition,
                Features = report.Features.Select(Shape),
                Backends = report.Backends.Select(Shape),
                Devices = report.Devices.Select(Shape),
                Machine = report.Machine.Select(Shape),
            },
            Indented
        );

    private static object Shape(Finding f) =>
        new
        {
            f.Name,
            Health = JsonNamingPolicy.SnakeCaseLower.ConvertName(f.Health.ToString()),
            f.Said,
            f.Fix,
        };

    private static string Mark(Health health) =>
        health switch
        {
            Health.Good => "[green]✓[/]",
            Health.Worse => "[yellow]![/]",
            Health.Missing => "[red]✗[/]",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
