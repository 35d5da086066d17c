using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Gateway;

/// <summary>A submission, checked against what the fleet's nodes have.</summary>
/// <param name="Cells">Of its plan; where conditions exclude too many points to be counted, an upper bound.</param>
internal sealed record SubmissionPlan(SweepRecord Record, long Cells)
{
    private const int HashDigits = 8;
    private const string SimulatedName = "simulated";

    private static readonly JsonSerializerOptions quoting = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What its text says of the terms on which it shares the cluster.</summary>
    public ClusterSpec Cluster { get; init; } = new();

    /// <summary>The plan, or everything that is wrong with the submission.</summary>
    /// <param name="version">The gateway's.</param>
    public static (SubmissionPlan? Plan, SubmitAnswer.Rejected? Rejected) Make(
        SweepSubmission submission,
        FleetCatalog catalog,
        string version,
        DateTimeOffset now
    )
    {
        if (!string.Equals(version, catalog.Version, StringComparison.Ordinal))
        {
            return (
                null,
                Whole([
                    $"this gateway is layerbench {version}, and most devices of the fleet are of {catalog.Version}: it might plan "
                        + "other cells than they do; use a gateway of that version, or wait until all nodes are upgraded",
                ])
            );
        }

        try
        {
            if (Simulated(submission, catalog.Version, now) is { } simulated)
            {
                return (simulated, null);
            }
        }
        catch (ArgumentException wrong)
        {
            return (null, Whole([wrong.Message]));
        }

        // A text in double quotes is the same in JSON and YAML.
        string[] name = submission.Name is { } given ? [$"name={JsonSerializer.Serialize(given, quoting)}"] : [];
        IReadOnlyList<string> settings = [.. submission.Set, .. name];
        var variants = catalog.Variants;
        // First, or their variants would be said to be unknown.
        if (Lacking(SweepFile.PlugInsOf(submission.Text, settings), catalog) is { Count: > 0 } lacking)
        {
            return (null, Whole(lacking));
        }

        var file = SweepFile.Parse(submission.Text, settings, variants);
        if (!file.IsValid)
        {
            return (
                null,
                new SubmitAnswer.Rejected(file.Result.Errors, [.. LoadedSweep.Hint(file.Result.Errors, variants)])
            );
        }

        var sweep = LoadedSweep.FromText("sweep", submission.Text, new SweepRequest(settings), variants);
        if (ClusterSweep.Refusals(sweep.Spec) is { Count: > 0 } refusals)
        {
            return (null, Whole(refusals));
        }

        var plan = SweepPlan.Create(sweep.Spec, variants);
        return (
            new SubmissionPlan(sweep.ToRecord(now, catalog.Version), plan.Count ?? plan.Size)
            {
                Cluster = sweep.Spec.Cluster,
            },
            null
        );
    }

    /// <summary>What is to be done so that some node has all of these.</summary>
    private static IReadOnlyList<string> Lacking(IReadOnlyList<PlugIn> plugIns, FleetCatalog catalog)
    {
        const string repair = "on every node and name it in the silos' setting PlugIns";
        IReadOnlyList<PlugIn> hashed = [.. plugIns.Where(p => p.Sha256 is not null)];
        IReadOnlyList<string> lacking =
        [
            .. hashed
                .Where(p => !catalog.PlugIns.Any(has => Has(has, p)))
                .Select(p =>
                    $"plugins: no node has '{p.File}' of SHA-256 {p.Sha256}; have the operator put that file {repair}"
                ),
        ];
        if (lacking.Count > 0 || hashed.Count == 0 || catalog.PlugIns.Any(has => hashed.All(p => Has(has, p))))
        {
            return lacking;
        }

        var files = string.Join(", ", hashed.Select(p => $"'{p.File}'"));
        return
        [
            $"plugins: no single node has all of {files}, only some each; have the operator put each file {repair}",
        ];
    }

    private static bool Has(IReadOnlyList<string> node, PlugIn plugIn) =>
        node.Contains(plugIn.Sha256, StringComparer.Ordinal);

    /// <summary><c>simulated: N</c>; null: it is a sweep file.</summary>
    private static SubmissionPlan? Simulated(SweepSubmission submission, string version, DateTimeOffset now)
    {
        var text = submission.Text.Trim();
        var name = submission.Name ?? SimulatedName;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];
        var record = new SweepRecord(new SweepId($"{name}-{hash}"), name, text, Seed: 1, now, version);
        if (SimulatedSweep.Cells(record) is not { } cells)
        {
            return null;
        }

        return submission.Set.Count > 0
                ? throw new ArgumentException($"'{text}' takes no settings; leave out --set {submission.Set[0]}")
            : SweepBinder.IsName(name) ? new SubmissionPlan(record, cells)
            : throw new ArgumentException($"name: '{name}' is no name; {SweepBinder.NameRule}");
    }

    /// <summary>What is wrong is at no one place of the text.</summary>
    public static SubmitAnswer.Rejected Whole(IReadOnlyList<string> messages) =>
        new([.. messages.Select(m => new SpecError(SpecError.WholeFile, m, new Mark(1, 1)))], []);
}
