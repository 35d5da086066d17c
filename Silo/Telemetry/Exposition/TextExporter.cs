using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Layerbench.Telemetry.Exposition;

/// <summary>Writes what the SDK has aggregated, when it is asked.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class TextExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock one = new();
    private string text = "";

    public Func<int, bool>? Collect { get; set; }

    /// <summary>All metrics as they are now.</summary>
    public string Scrape()
    {
        lock (one)
        {
            Collect?.Invoke(Timeout.Infinite);
            return text;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        // Instruments of one name on several meters are one family, which stands in one place.
        var families = new SortedDictionary<string, TextFamily>(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            if (TextFamily.KindOf(metric.MetricType) is { } kind)
            {
                var name = TextNames.Of(metric.Name, metric.Unit, kind);
                if (!families.TryGetValue(name, out var family))
                {
                    families[name] = family = new TextFamily(name, kind, metric.Description);
                }

                family.Add(metric);
            }
        }

        text = string.Concat(families.Values.Select(f => f.ToString()));
        return ExportResult.Success;
    }
}
