using System.Security.Cryptography;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;

namespace Layerbench.SweepFiles;

/// <summary>
/// A sweep that is ready to be planned: its spec, and the text and name by which a store knows it. The one way from a
/// sweep file to a plan, for the command, a gateway and a cluster's silos.
/// </summary>
/// <param name="Spec">With this run's devices and budget.</param>
/// <param name="Text">Without them: what is kept, so that they may differ from run to run.</param>
public sealed record LoadedSweep(SweepSpec Spec, SweepId Id, string Text)
{
    private const int HashDigits = 8;

    /// <param name="plugIns">Setting that pins the sweep's plug-ins by their content, or null where it has none.</param>
    /// <exception cref="BadInputException">Everything that is wrong with the file and the settings.</exception>
    public static LoadedSweep FromFile(
        string path,
        SweepRequest request,
        VariantCatalog catalog,
        string? plugIns = null
    ) => Pinned(path, settings => SweepFile.Load(path, settings, catalog), request, catalog, plugIns);

    /// <summary>From a sweep file's text, e.g. as it was sent to a server.</summary>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="BadInputException">Everything that is wrong with the text and the settings.</exception>
    public static LoadedSweep FromText(string name, string text, SweepRequest request, VariantCatalog catalog) =>
        Pinned(name, settings => SweepFile.Parse(text, settings, catalog), request, catalog, plugIns: null);

    /// <summary>From what a store has kept.</summary>
    /// <exception cref="BadInputException">The catalogue at hand lacks what the sweep needs, or the settings are wrong.</exception>
    public static LoadedSweep FromRecord(SweepRecord record, SweepRequest request, VariantCatalog catalog) =>
        new(ThisRuns($"{record.Id}", record.Spec, request, catalog), record.Id, record.Spec);

    /// <summary>Under the same name with another text: what was asked for, and what a pilot chose.</summary>
    public LoadedSweep As(string text, SweepRequest request, VariantCatalog catalog) =>
        new(ThisRuns($"{Id}", text, request, catalog), Id, text);

    public SweepRecord ToRecord(DateTimeOffset now, string productVersion) =>
        new(Id, Spec.Name, Text, Spec.Seed, now, productVersion);

    /// <summary>What can be said where real variants are unknown because their backends are not there.</summary>
    public static IEnumerable<string> Hint(IReadOnlyList<SpecError> errors, VariantCatalog catalog) =>
        catalog.Backends.All(b => b.Backend == VariantCatalog.Simulated)
        && errors.Any(e => e.Path.StartsWith("variants", StringComparison.Ordinal) || e.Path == "backend")
            ?
            [
                "no backend but the simulated one is usable here, so real variants are unknown; `layerbench doctor` says what is missing",
            ]
            : [];

    private static LoadedSweep Pinned(
        string name,
        Func<IReadOnlyList<string>, SweepFileResult> read,
        SweepRequest request,
        VariantCatalog catalog,
        string? plugIns
    )
    {
        var sweep = Checked(name, read(request.OfTheSweep), request, catalog);
        // "auto" is settled once: another backend the next day is another sweep, not a continuation of this one.
        var backends = (AxisSpec.Listed)sweep.Spec.Axes.First(a => a.Name == "backend");
        var settled = $"backend=[{string.Join(", ", backends.Values)}]";
        // So are plug-ins: another content is another sweep.
        string[] pins = plugIns is not null ? [settled, plugIns] : [settled];
        var pinned = Checked(name, read([.. request.OfTheSweep, .. pins]), request, catalog);
        return new LoadedSweep(
            ThisRuns(name, pinned.Text, request, catalog),
            new SweepId($"{pinned.Spec.Name}-{Hash(pinned.Text)}"),
            pinned.Text
        );
    }

    private static SweepSpec ThisRuns(string name, string text, SweepRequest request, VariantCatalog catalog) =>
        Checked(name, SweepFile.Parse(text, request.OfThisRun, catalog), request, catalog).Spec;

    private static (SweepSpec Spec, string Text) Checked(
        string name,
        SweepFileResult file,
        SweepRequest request,
        VariantCatalog catalog
    ) =>
        file is { IsValid: true, Result.Spec: { } spec, EffectiveText: { } text }
            ? (spec, text)
            : throw new BadInputException(
                [.. file.Result.Errors.Select(e => request.Named(e) ?? e.Format(name))],
                notes: [.. Hint(file.Result.Errors, catalog)]
            );

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];
}
