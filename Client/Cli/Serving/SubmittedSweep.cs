using System.Text.Json;
using Layerbench.Cli.Sweeping;
using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Serving;

/// <summary>A submission that this machine can run.</summary>
internal sealed record SubmittedSweep(LoadedSweep Sweep, SweepPlan Plan)
{
    /// <summary>Where conditions exclude too many points to be counted, a bound.</summary>
    public long Cells => Plan.Count ?? Plan.Size;

    /// <summary>The sweep, or everything that is wrong with it.</summary>
    public static (SubmittedSweep? Sweep, SubmitAnswer.Rejected? Rejected) Read(
        SweepSubmission submission,
        Workplace place
    )
    {
        var catalog = place.Catalog.Variants;
        // A text in double quotes is the same in JSON and YAML.
        string[] name = submission.Name is { } given ? [$"name={JsonSerializer.Serialize(given)}"] : [];
        IReadOnlyList<string> settings = [.. submission.Set, .. name];
        var file = SweepFile.Parse(submission.Text, settings, catalog);
        if (!file.IsValid)
        {
            return (
                null,
                new SubmitAnswer.Rejected(file.Result.Errors, [.. LoadedSweep.Hint(file.Result.Errors, catalog)])
            );
        }

        try
        {
            var sweep = LoadedSweep.FromText("sweep", submission.Text, new SweepRequest(settings), catalog);
            _ = place.DevicesOf(sweep.Spec);
            var plan = SweepPlan.Create(sweep.Spec, catalog);
            return sweep.Spec.Match is { NeedsPilot: true } && new MatchPilot(plan).Problem is { } problem
                ? Wrong([problem])
                : (new SubmittedSweep(sweep, plan), null);
        }
        catch (BadInputException wrong)
        {
            return Wrong(wrong.Messages);
        }
    }

    private static (SubmittedSweep?, SubmitAnswer.Rejected) Wrong(IReadOnlyList<string> messages) =>
        (
            null,
            new SubmitAnswer.Rejected(
                [.. messages.Select(m => new SpecError(SpecError.WholeFile, m, new Mark(1, 1)))],
                []
            )
        );
}
