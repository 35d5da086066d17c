using System.Globalization;

namespace Layerbench.Core.Scheduling;

/// <summary>Which devices a sweep is measured on. What is not said is not asked.</summary>
/// <param name="Kinds"><c>cpu</c>, <c>cuda</c>, <c>simulated</c>; empty: any.</param>
/// <param name="Model">Part of the model's name, in any case, e.g. <c>H100</c>.</param>
/// <param name="MinimumMemoryBytes">Least memory.</param>
public sealed record DeviceSelector(IReadOnlyList<string> Kinds, string? Model = null, long MinimumMemoryBytes = 0)
{
    private const string Form =
        "write kind=cpu|cuda|simulated, model=TEXT and memory=SIZE, e.g. kind=cuda,model=H100,memory=40GiB";

    /// <summary>What may be a kind.</summary>
    public static IReadOnlyList<string> KnownKinds { get; } = ["cpu", "cuda", "simulated"];

    private static readonly (string Suffix, int Shift)[] units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];

    public static DeviceSelector Any { get; } = new([]);

    /// <summary>From <c>kind=cuda,model=H100,memory=40GiB</c>; a kind may be given several times.</summary>
    /// <exception cref="BadInputException">Everything that is wrong with the text.</exception>
    public static DeviceSelector Parse(string text) =>
        Read(text) switch
        {
            ({ } selector, _) => selector,
            (null, var problems) => throw new BadInputException([.. problems.Select(p => $"device selector: {p}")]),
        };

    /// <summary>As <see cref="Parse"/>; or everything that is wrong with the text.</summary>
    public static (DeviceSelector? Selector, IReadOnlyList<string> Problems) Read(string text)
    {
        var kinds = new List<string>();
        string? model = null;
        var memory = 0L;
        var wrong = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            switch (part.Split('=', 2, StringSplitOptions.TrimEntries))
            {
                case ["kind", var kind] when KnownKinds.Contains(kind, StringComparer.Ordinal):
                    kinds.Add(kind);
                    break;
                case ["model", { Length: > 0 } name]:
                    model = name;
                    break;
                case ["memory", var size] when Bytes(size) is { } bytes:
                    memory = bytes;
                    break;
                default:
                    wrong.Add($"'{part}' selects nothing; {Form}");
                    break;
            }
        }

        return wrong.Count == 0 ? (new(kinds, model, memory), []) : (null, wrong);
    }

    /// <summary>The kinds that a sweep file's device patterns name: <c>cuda:0</c> and <c>cuda:*</c> ask for <c>cuda</c>, <c>auto</c> for any.</summary>
    public static DeviceSelector OfPatterns(IReadOnlyList<string> patterns)
    {
        var kinds = patterns.Select(p => p.Trim().Split(':')[0]).Distinct(StringComparer.Ordinal).ToList();
        return kinds.Contains("auto", StringComparer.Ordinal) ? Any : new(kinds);
    }

    /// <summary>Why the device is not meant, or null where it is.</summary>
    public string? Refusal(DeviceInfo device) =>
        Kinds.Count > 0 && !Kinds.Contains(device.Kind, StringComparer.Ordinal)
            ? $"the sweep wants devices of kind {string.Join(" or ", Kinds)}, it is {device.Kind}"
        : Model is not null && !device.Model.Contains(Model, StringComparison.OrdinalIgnoreCase)
            ? $"the sweep wants a model with '{Model}' in its name, it is '{device.Model}'"
        : device.MemoryBytes < MinimumMemoryBytes
            ? $"the sweep wants {FitReason.Size(MinimumMemoryBytes)} of memory, it has {FitReason.Size(device.MemoryBytes)}"
        : null;

    private static long? Bytes(string text)
    {
        var (suffix, shift) = units.FirstOrDefault(u => text.EndsWith(u.Suffix, StringComparison.OrdinalIgnoreCase));
        var number = suffix is null ? text : text[..^suffix.Length];
        return
            double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size)
            && size > 0
            && size * (1L << shift) < long.MaxValue
            ? (long)(size * (1L << shift))
            : null;
    }
}
