using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Remote;

/// <summary>Hands a sweep file in.</summary>
internal static class Submitting
{
    /// <exception cref="BadInputException">The file cannot be read, or the server refuses: every error, with its line.</exception>
    /// <param name="submission">What is asked for beside the file's text.</param>
    public static async Task<SweepStatus> SubmitAsync(
        RemoteServer server,
        string file,
        SweepSubmission submission,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var text = SweepFile.ReadText(file, out var error) ?? throw new BadInputException(error!.Format(file));
        // By their content: the nodes' own copies are run, and must be the same.
        var plugIns = PlugIns.OfFile(file, submission.Set).Setting;
        var (status, isNew) = await server.SubmitAsync(
            submission with
            {
                Text = text,
                Set = plugIns is null ? submission.Set : [.. submission.Set, plugIns],
            },
            file,
            cancellation
        );
        await terminal.Error.WriteLineAsync(
            isNew
                ? $"submitted: {Units.Count(status.Cells, "cell")}"
                : $"there already, submitted by '{status.User}': {StatusView.Line(status)}"
        );
        return status;
    }
}
