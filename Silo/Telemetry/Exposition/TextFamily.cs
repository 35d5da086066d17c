using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Layerbench.Telemetry.Exposition;

internal enum TextKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One metric with all its series.</summary>
internal sealed class TextFamily(string name, TextKind kind, string description)
{
    private readonly StringBuilder lines = new();

    /// <summary>Null: of a kind that the format has no way to write.</summary>
    public static TextKind? KindOf(MetricType type) =>
        type switch
        {
            MetricType.LongSum or MetricType.DoubleSum => TextKind.Counter,
            MetricType.LongGauge
            or MetricType.DoubleGauge
            or MetricType.LongSumNonMonotonic
            or MetricType.DoubleSumNonMonotonic => TextKind.Gauge,
            MetricType.Histogram => TextKind.Histogram,
            _ => null,
        };

    public void Add(Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point.Tags);
            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    Line("", labels, Number(point.GetSumLong()));
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    Line("", labels, Number(point.GetSumDouble()));
                    break;
                case MetricType.LongGauge:
                    Line("", labels, Number(point.GetGaugeLastValueLong()));
                    break;
                case MetricType.DoubleGauge:
                    Line("", labels, Number(point.GetGaugeLastValueDouble()));
                    break;
                default:
                    AddHistogram(point, labels);
                    break;
            }
        }
    }

    public override string ToString() => $"# HELP {name} {Escaped(description)}\n# TYPE {name} {Word(kind)}\n{lines}";

    private void AddHistogram(in MetricPoint point, string labels)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            var bound = $"le=\"{Number(bucket.ExplicitBound)}\"";
            Line("_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", Number(below));
        }

        Line("_sum", labels, Number(point.GetHistogramSum()));
        Line("_count", labels, Number(point.GetHistogramCount()));
    }

    private void Line(string suffix, string labels, string value)
    {
        lines.Append(name).Append(suffix);
        if (labels.Length > 0)
        {
            lines.Append('{').Append(labels).Append('}');
        }

        lines.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(ReadOnlyTagCollection tags)
    {
        var written = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var text = value switch
            {
                bool flag => flag ? "true" : "false",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };
            written.Append(written.Length == 0 ? "" : ",").Append(TextNames.Plain(key));
            written.Append("=\"").Append(Escaped(text).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return written.ToString();
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Word(TextKind kind) =>
        kind switch
        {
            TextKind.Counter => "counter",
            TextKind.Gauge => "gauge",
            _ => "histogram",
        };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString(CultureInfo.InvariantCulture);
}
