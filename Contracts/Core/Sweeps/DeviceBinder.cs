using System.Globalization;

namespace Layerbench.Core.Sweeps;

/// <summary><c>devices</c>: patterns, of which no two may mean the same device or share a CPU.</summary>
internal static class DeviceBinder
{
    public const int MostCpus = 4096;
    private const string Forms = "auto, cpu, cpu:0-3, cpu:0,2, cuda, cuda:0, cuda:*, simulated, simulated:4";

    public static IReadOnlyList<string> Read(SpecMap map, SpecErrors errors)
    {
        var node = map.Find("devices");
        IReadOnlyList<SpecNode> items = node switch
        {
            null => [],
            SpecNode.Sequence list => list.Items,
            _ => [node],
        };
        if (node is SpecNode.Sequence { Items.Count: 0 })
        {
            errors.Add("devices", "has no values; give at least one, or auto", node.Mark);
        }

        var found = new List<DevicePattern>();
        for (var i = 0; i < items.Count; i++)
        {
            var path = node is SpecNode.Sequence ? $"devices[{i}]" : "devices";
            var pattern = items[i] is SpecNode.Scalar scalar ? DevicePattern.Read(scalar.Text) : null;
            if (pattern is null)
            {
                errors.Add(path, $"{SpecText.Describe(items[i])} is no device; give one of {Forms}", items[i].Mark);
                continue;
            }

            if (found.Find(f => f.Overlaps(pattern)) is { } other)
            {
                errors.Add(path, $"'{pattern.Text}' {other.Conflict(pattern)}; remove one of them", items[i].Mark);
                continue;
            }

            found.Add(pattern);
        }

        return node is null ? ["auto"] : [.. found.Select(f => f.Text)];
    }

    /// <param name="Members">CPU or GPU numbers; null: all of the kind.</param>
    private sealed record DevicePattern(string Text, string Kind, IReadOnlySet<int>? Members)
    {
        public static DevicePattern? Read(string text)
        {
            var parts = text.Split(':', 2);
            var kind = parts[0];
            if (kind is not ("auto" or "cpu" or "cuda" or "simulated") || (kind == "auto" && parts.Length > 1))
            {
                return null;
            }

            if (parts.Length == 1 || (kind == "cuda" && parts[1] == "*"))
            {
                return new(text, kind, null);
            }

            return kind switch
            {
                "cpu" => Cpus(parts[1]) is { } cpus ? new(text, kind, cpus) : null,
                "cuda" => Number(parts[1], 0) is { } gpu ? new(text, kind, new HashSet<int> { gpu }) : null,
                // A number of devices, not the number of one.
                _ => Number(parts[1], 1) is not null ? new(text, kind, null) : null,
            };
        }

        public bool Overlaps(DevicePattern other) =>
            Kind == "auto"
            || other.Kind == "auto"
            || (Kind == other.Kind && (Members is null || other.Members is null || Members.Overlaps(other.Members)));

        public string Conflict(DevicePattern other)
        {
            if (Kind == "auto" || other.Kind == "auto")
            {
                return "stands beside another device, but auto means all of them";
            }

            if (Members is null || other.Members is null)
            {
                return $"overlaps with '{Text}'";
            }

            var shared = Members.Intersect(other.Members).Order().Select(n => $"{n}");
            return $"shares {(Kind == "cpu" ? "CPU" : "GPU")} {string.Join(", ", shared)} with '{Text}'";
        }

        private static HashSet<int>? Cpus(string text)
        {
            var cpus = new HashSet<int>();
            foreach (var part in text.Split(','))
            {
                var ends = part.Split('-');
                if (
                    ends.Length > 2
                    || Number(ends[0], 0) is not { } first
                    || Number(ends[^1], 0) is not { } last
                    || last < first
                )
                {
                    return null;
                }

                cpus.UnionWith(Enumerable.Range(first, last - first + 1));
            }

            return cpus;
        }

        private static int? Number(string text, int least) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n < MostCpus
                ? n
                : null;
    }
}
