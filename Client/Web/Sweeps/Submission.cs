using System.Globalization;
using System.Text;
using Layerbench.Core.Engines;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Layerbench.Web.Sweeps;

/// <summary>What can be said of a submission before any engine is asked.</summary>
internal static class Submission
{
    /// <summary>A text as JSON is longer than itself, at most sixfold.</summary>
    private const int EscapedPerByte = 6;

    private const int OtherBytes = 1 << 16;

    /// <summary>Each is read, and put into the text's tree, by itself.</summary>
    private const int MostSettings = 1000;

    /// <summary>Bytes of a request's body, at most.</summary>
    public static long MostBodyBytes(SubmitLimits limits) => ((long)limits.SpecBytes * EscapedPerByte) + OtherBytes;

    /// <summary>The submission as engines get it, with its name among the settings; or what is wrong with it.</summary>
    public static (SweepSubmission Sweep, ProblemHttpResult? Problem) Checked(
        SweepSubmission given,
        SubmitLimits limits
    )
    {
        // A key that the body lacks is null, whatever the type says.
        var sweep = given with
        {
            Set = given.Set ?? [],
            Devices = Whole(given.Devices),
        };
        if (Shape(sweep).ToList() is { Count: > 0 } wrong)
        {
            return (sweep, Problem.Of(StatusCodes.Status400BadRequest, string.Join('\n', wrong)));
        }

        var bytes = Encoding.UTF8.GetByteCount(sweep.Text) + sweep.Set.Sum(Encoding.UTF8.GetByteCount);
        if (bytes > limits.SpecBytes)
        {
            return (
                sweep,
                Problem.Of(
                    StatusCodes.Status413PayloadTooLarge,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the sweep has {bytes} bytes, and this server takes {limits.SpecBytes} at most (Limits:SpecBytes); "
                    ) + "use range, log_range or random in place of long lists"
                )
            );
        }

        return limits.PlugIns || SweepFile.PlugInsOf(sweep.Text, sweep.Set).Count == 0
            ? (sweep, null)
            : (sweep, Problem.Rejected(PlugIns(sweep.Text)));
    }

    private static IEnumerable<string> Shape(SweepSubmission sweep)
    {
        if (string.IsNullOrWhiteSpace(sweep.Text))
        {
            yield return "text: is missing; give the sweep file's text";
        }

        if (sweep.Set.Any(s => s is null))
        {
            yield return "set: has an item that is null; give texts like \"axes.batch=8,16\"";
        }

        if (sweep.Set.Count > MostSettings)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"set: has {sweep.Set.Count} settings, and {MostSettings} at most are taken; write them into the text"
            );
        }

        if (sweep.Name is { } name && (name.Length == 0 || name.Contains('\n', StringComparison.Ordinal)))
        {
            yield return "name: is empty or has several lines; give a name, or leave it out for the sweep's own";
        }

        if (sweep.Priority is < -SweepSubmission.HighestPriority or > SweepSubmission.HighestPriority)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"priority: {sweep.Priority} is not from -{SweepSubmission.HighestPriority} to {SweepSubmission.HighestPriority}"
            );
        }

        if (sweep.MaximumDevices is < 1)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"maximum_devices: {sweep.MaximumDevices} is below 1; give a number from 1, or leave it out"
            );
        }

        foreach (var kind in sweep.Devices?.Kinds.Where(k => !DeviceSelector.KnownKinds.Contains(k)) ?? [])
        {
            yield return $"devices.kinds: '{kind}' is none of {string.Join(", ", DeviceSelector.KnownKinds)}";
        }

        if (sweep.Failures is { } failures && (failures.Cells is < 1 || failures.Share is not (null or (> 0 and <= 1))))
        {
            yield return "failures: cells is below 1, or share is not over 0 to 1; give e.g. {\"cells\": 20} or {\"share\": 0.05}";
        }
    }

    private static DeviceSelector? Whole(DeviceSelector? given) =>
        given is null ? null : given with { Kinds = given.Kinds ?? [] };

    private static SubmitAnswer.Rejected PlugIns(string text)
    {
        const string key = "plugins";
        var mark = SweepYaml.Read(text, out _) is SpecNode.Mapping sweep
            ? sweep.Entries.FirstOrDefault(e => e.Key.Text == key).Key?.Mark
            : null;
        return new(
            [
                new(
                    key,
                    "names code of a user's own, which this server's operator does not allow (Limits:PlugIns); "
                        + "ask for it, or leave these variants out",
                    mark ?? new Mark(0, 0)
                ),
            ],
            []
        );
    }
}
