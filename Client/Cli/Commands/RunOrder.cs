using Layerbench.SweepFiles;

namespace Layerbench.Cli.Commands;

/// <summary>What was asked of <c>run</c>.</summary>
internal sealed record RunOrder(
    string? File,
    string? Output,
    string? Resume,
    SweepRequest Request,
    string? Python,
    bool RerunFailed,
    bool Json,
    bool Quiet,
    bool Cluster,
    int? Metrics = null,
    int? Web = null
)
{
    /// <summary>As it was typed, for environment.json.</summary>
    public string CommandLine => string.Join(' ', Environment.GetCommandLineArgs().Skip(1));

    /// <param name="server">Whether one is named.</param>
    public RunOrder Checked(bool server)
    {
        List<string> wrong = [];
        if (File is null && Resume is null)
        {
            wrong.Add("run: no sweep is given; give a FILE, or --resume DIR to go on with a folder's");
        }

        if (Resume is not null && File is not null)
        {
            wrong.Add(
                $"--resume {Resume}: takes the sweep from the folder; leave out '{File}', or use --out {Resume} with it"
            );
        }

        if (Resume is not null && Output is not null)
        {
            wrong.Add($"--out {Output}: --resume goes on in {Resume}; leave out one of them");
        }

        if (Resume is not null && (Request.Set.Count > 0 || Request.Backend is not null))
        {
            wrong.Add(
                "--set and --backend: would make it another sweep, and --resume goes on with the folder's; leave them out"
            );
        }

        if (Json && Quiet)
        {
            wrong.Add("--json and --quiet: exclude each other; leave out one of them");
        }

        if (Cluster && LocalOnly().ToList() is { Count: > 0 } local)
        {
            wrong.Add($"{string.Join(", ", local)}: of runs on this machine; leave it out with --cluster");
        }

        if (server && !Cluster)
        {
            wrong.Add("--server: add --cluster to run it there, or leave it out to run it here");
        }

        return wrong.Count == 0 ? this : throw new BadInputException(wrong);
    }

    private IEnumerable<string> LocalOnly()
    {
        (string Name, bool Given)[] options =
        [
            ("--out", Output is not null),
            ("--resume", Resume is not null),
            ("--devices", Request.Devices is not null),
            ("--budget", Request.Budget is not null),
            ("--python", Python is not null),
            ("--rerun-failed", RerunFailed),
            ("--metrics", Metrics is not null),
            ("--web", Web is not null),
        ];
        return options.Where(o => o.Given).Select(o => o.Name);
    }
}
