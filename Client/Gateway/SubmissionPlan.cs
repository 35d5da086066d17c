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
    /// <summary>What its text says of the terms on which it shares the cluster.</summary>
    public ClusterSpec Cluster { get; init; } = new();

    private const int HashDigits = 8;
    private const string SimulatedName = "simulated";

    private static readonly JsonSerializerOptions quoting = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The plan, or everything that is wrong with the submission.</summary>
    public static (SubmissionPlan? Plan, SubmitAnswer.Rejected? Rejected) Make(
        SweepSubmission submission,
        FleetCatalog catalog,
        DateTimeOffset now
    )
    {
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

        return submission.Set.Count == 0
            ? new SubmissionPlan(record, cells)
            : throw new ArgumentException($"'{text}' takes no settings; leave out --set {submission.Set[0]}");
    }

    private static SubmitAnswer.Rejected Whole(IReadOnlyList<string> messages) =>
        new([.. messages.Select(m => new SpecError(SpecError.WholeFile, m, new Mark(1, 1)))], []);
}
