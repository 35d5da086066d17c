using System.Text;
using Layerbench.Core.Analysis;
using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.SweepFiles;

/// <summary>A sweep file, read.</summary>
/// <param name="Result">The spec, or everything that is wrong.</param>
/// <param name="EffectiveText">
/// The file with its overrides, as YAML without comments: what the store keeps, and what a sweep's id hashes. Reading
/// it against the same catalogue gives the same spec. Null where the file has no readable tree.
/// </param>
public sealed record SweepFileResult(SpecResult Result, string? EffectiveText)
{
    public bool IsValid => Result.IsValid;
}

/// <summary>From a path, or a text, to a spec.</summary>
public static class SweepFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="overrides"><c>path=value</c> settings; see <see cref="SweepOverrides"/>.</param>
    public static SweepFileResult Load(string path, IReadOnlyList<string> overrides, VariantCatalog catalog)
    {
        var text = ReadText(path, out var error);
        return text is null
            ? new(new(null, [error ?? throw new System.Diagnostics.UnreachableException()]), null)
            : Parse(text, overrides, catalog);
    }

    /// <param name="text">YAML, e.g. the text that a store has kept.</param>
    public static SweepFileResult Parse(string text, IReadOnlyList<string> overrides, VariantCatalog catalog)
    {
        var tree = SweepYaml.Read(text, out var syntax);
        if (tree is null)
        {
            return new(new(null, syntax), null);
        }

        tree = SweepOverrides.Apply(tree, overrides, out var settings);
        var bound = SweepBinder.Bind(tree, catalog);
        var result = settings.Count == 0 ? bound : new(null, [.. bound.Errors, .. settings]);
        return new(result, SweepYamlWriter.Write(tree));
    }

    /// <summary>How a sweep was measured, from the text that a store has kept, whether or not its variants are here.</summary>
    public static MeasureSpec MeasureOf(string text) =>
        SweepYaml.Read(text, out _) is { } tree ? SweepBinder.MeasureOf(tree) : new();

    /// <summary>The rule that a sweep was measured for, likewise.</summary>
    public static AnalysisRule RuleOf(string text) =>
        AnalysisRule.Of(MeasureOf(text)) with
        {
            Headlines = HeadlinesOf(text),
            ControlEffect = SweepYaml.Read(text, out _) is { } tree
                ? SweepBinder.ControlsOf(tree).Effect
                : new ControlSpec().Effect,
        };

    /// <summary>The plug-ins of a file with these settings; none where it cannot be read, which loading it reports.</summary>
    public static IReadOnlyList<PlugIn> PlugInsOfFile(string path, IReadOnlyList<string> overrides) =>
        ReadText(path, out _) is { } text ? PlugInsOf(text, overrides) : [];

    /// <summary>The plug-ins of a text.</summary>
    public static IReadOnlyList<PlugIn> PlugInsOf(string text, IReadOnlyList<string> overrides) =>
        SweepYaml.Read(text, out _) is { } tree
            ? SweepBinder.PlugInsOf(SweepOverrides.Apply(tree, overrides, out _))
            : [];

    /// <summary>The comparisons that a sweep names, likewise.</summary>
    public static IReadOnlyList<HeadlineSpec> HeadlinesOf(string text) =>
        SweepYaml.Read(text, out _) is { } tree ? SweepBinder.HeadlinesOf(tree) : [];

    /// <summary>What the sweep asks, likewise; null where it does not say.</summary>
    public static string? QuestionOf(string text) =>
        SweepYaml.Read(text, out _) is { } tree ? SweepBinder.QuestionOf(tree) : null;

    /// <summary>The axes to which the sweep gives values, from the text that a store has kept.</summary>
    public static IReadOnlyList<string> ListedAxesOf(string text) =>
        SweepYaml.Read(text, out _) is { } tree ? SweepBinder.ListedAxesOf(tree) : [];

    /// <summary>Of these, those with more than one value, by which a cell is told from others.</summary>
    public static IReadOnlyList<string> VaryingAxesOf(string text) =>
        SweepYaml.Read(text, out _) is { } tree ? SweepBinder.VaryingAxesOf(tree) : [];

    /// <summary>The same sweep with what a pilot chose for its <c>match</c>, from the text that is to be kept.</summary>
    public static string WithChosen(string text, IReadOnlyList<MatchChoice> chosen) =>
        SweepYamlWriter.Write(
            PilotChoices.Put(
                SweepYaml.Read(text, out _) ?? throw new ArgumentException("The text is no sweep.", nameof(text)),
                chosen
            )
        );

    /// <summary>The whole text, or one error: no such file, a folder, not readable, too large, not UTF-8.</summary>
    public static string? ReadText(string path, out SpecError? error)
    {
        if (Directory.Exists(path))
        {
            error = Whole("is a folder; name a sweep file in it");
            return null;
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            // From its length alone: what is too large is not read. A pipe has none, so reading is bounded as well.
            var bytes = file.CanSeek && file.Length > SweepYaml.MaximumBytes ? null : Bounded(file);
            if (bytes is null)
            {
                error = Whole(
                    $"is larger than {SweepYaml.MaximumBytes} bytes, the most that is read; split it, or use range, "
                        + "log_range or random in place of long lists"
                );
                return null;
            }

            return Decode(bytes, out error);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error = Whole("does not exist; check the path, or write one with 'layerbench init'");
        }
        catch (UnauthorizedAccessException)
        {
            error = Whole("cannot be read: permission denied; give this user the right to read it");
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ArgumentException)
        {
            error = Whole($"cannot be read: {e.Message}");
        }

        return null;
    }

    private static byte[]? Bounded(FileStream file)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[65536];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            bytes.Write(buffer.AsSpan(0, read));
            if (bytes.Length > SweepYaml.MaximumBytes)
            {
                return null;
            }
        }

        return bytes.ToArray();
    }

    private static string? Decode(byte[] bytes, out SpecError? error)
    {
        error = null;
        try
        {
            var text = Utf8.GetString(bytes);
            return text.StartsWith('\ufeff') ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes.AsSpan(0, Math.Clamp(e.Index, 0, bytes.Length));
            var line = before.Count((byte)'\n') + 1;
            var column = before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1;
            error = new(SpecError.WholeFile, "is not UTF-8 here; save it as UTF-8 text", new(line, column));
            return null;
        }
    }

    private static SpecError Whole(string message) => new(SpecError.WholeFile, message, new(1, 1));
}
