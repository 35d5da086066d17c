using System.Text.Json;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Engine.Simulated;

namespace Layerbench.Engine.Workers;

/// <summary>A backend, and how it is started or why it cannot be.</summary>
/// <param name="Command">Null: it is in this process (simulated), or cannot be used.</param>
/// <param name="Info">Its own description; null where it cannot be used.</param>
/// <param name="Problem">Why it cannot be used; null where it can.</param>
/// <param name="Repair">The line that would make it usable; null where it can be used.</param>
public sealed record BackendStatus(
    string Name,
    WorkerCommand? Command,
    BackendInfo? Info,
    string? Problem,
    string? Repair
)
{
    public bool IsUsable => Info is not null;

    /// <summary>What the worker itself said of what it was given, a plug-in that does not load; null where it said nothing.</summary>
    public string? Said { get; init; }
}

/// <summary>Where workers are looked for.</summary>
/// <param name="BaseFolder">The folder of the running program; workers are installed beside it in <c>workers/</c>.</param>
/// <param name="Python">From --python; null: LAYERBENCH_PYTHON, else the usual names.</param>
/// <param name="ExtraVariants">Files and folders of variants, as LAYERBENCH_EXTRA_VARIANTS; null: what that says.</param>
public sealed record WorkerSearch(string BaseFolder, string? Python = null, string? ExtraVariants = null)
{
    public static WorkerSearch Default { get; } = new(AppContext.BaseDirectory);
}

/// <summary>The backends of this installation, as each describes itself.</summary>
public sealed class WorkerCatalog
{
    private static readonly TimeSpan DescribeDeadline = TimeSpan.FromSeconds(10);

    public WorkerCatalog(IReadOnlyList<BackendStatus> backends)
    {
        Backends = backends;
        Variants = new VariantCatalog([.. backends.Select(b => b.Info).OfType<BackendInfo>()]);
    }

    /// <summary>All that are known of, usable or not; <c>doctor</c> prints them.</summary>
    public IReadOnlyList<BackendStatus> Backends { get; }

    /// <summary>What the usable ones can run.</summary>
    public VariantCatalog Variants { get; }

    public BackendStatus? Find(string backend) =>
        Backends.FirstOrDefault(b => string.Equals(b.Name, backend, StringComparison.Ordinal));

    /// <summary>Looks for the workers and asks each for its description. A worker that fails to describe itself is reported, not thrown.</summary>
    public static async Task<WorkerCatalog> DiscoverAsync(WorkerSearch search, CancellationToken cancellation = default)
    {
        var found = await Task.WhenAll(TorchSharpAsync(search, cancellation), PyTorchAsync(search, cancellation))
            .ConfigureAwait(false);
        var simulated = SimulatedBackend.Describe([.. found.Select(b => b.Info).OfType<BackendInfo>()]);
        return new WorkerCatalog([.. found, new BackendStatus(SimulatedBackend.Name, null, simulated, null, null)]);
    }

    private static async Task<BackendStatus> PyTorchAsync(WorkerSearch search, CancellationToken cancellation)
    {
        const string name = "pytorch";
        if (WorkerFiles.PyTorch(search.BaseFolder) is not { } script)
        {
            return new BackendStatus(
                name,
                null,
                null,
                "worker.py is neither installed beside the program nor in the repository",
                "install layerbench again with its folder workers/"
            );
        }

        var python = await PythonSearch.Default(search.Python).FindAsync(cancellation).ConfigureAwait(false);
        return python.Program is null
            ? new BackendStatus(
                name,
                null,
                null,
                $"no Python with torch: {python.Problem}",
                "apt-get install --no-install-recommends python3-torch libopenblas0-pthread; or set LAYERBENCH_PYTHON to a Python that has torch"
            )
            : await DescribeAsync(
                    name,
                    With(search.ExtraVariants, new(python.Program, [script])),
                    "run the command with --describe by hand to see more",
                    DescribeDeadline,
                    cancellation
                )
                .ConfigureAwait(false);
    }

    // Through env, so that whoever runs the command by hand, as it is printed, gets the same worker.
    private static WorkerCommand With(string? extraVariants, WorkerCommand command) =>
        extraVariants is null
            ? command
            : new(
                Programs.Find("env") ?? "env",
                [$"LAYERBENCH_EXTRA_VARIANTS={extraVariants}", command.Program, .. command.Arguments]
            );

    private static Task<BackendStatus> TorchSharpAsync(WorkerSearch search, CancellationToken cancellation)
    {
        const string name = "torchsharp";
        const string repair = "restore from a feed that has TorchSharp and build again; see docs/editions.md";
        return WorkerFiles.TorchSharp(search.BaseFolder) is { } command
            ? DescribeAsync(name, With(search.ExtraVariants, command), repair, DescribeDeadline, cancellation)
            : Task.FromResult(new BackendStatus(name, null, null, "Layerbench.Worker is not installed", repair));
    }

    internal static async Task<BackendStatus> DescribeAsync(
        string name,
        WorkerCommand command,
        string repair,
        TimeSpan deadline,
        CancellationToken cancellation
    )
    {
        var run = await ShortProcess
            .RunAsync(command with { Arguments = [.. command.Arguments, "--describe"] }, deadline, cancellation)
            .ConfigureAwait(false);
        if (run.ExitCode != 0)
        {
            // 2 is a worker's own word for bad input: its last line says what is wrong with it.
            var said = run.ExitCode == 2 && run.StderrSuffix.Length > 0 ? run.StderrSuffix[2..] : null;
            return Unusable($"'{command} --describe' {run.Problem}{run.StderrSuffix}") with { Said = said };
        }

        BackendInfo? info;
        try
        {
            info = JsonSerializer.Deserialize<BackendInfo>(run.Output, ProtocolJson.Options);
        }
        catch (JsonException e)
        {
            return Unusable($"'{command} --describe' wrote {run.OutputExcerpt}, which is no description ({e.Message})");
        }

        return info switch
        {
            null or { Backend: null } or { Variants: null } or { Passes: null } or { Dtypes: null } => Unusable(
                $"'{command} --describe' left out backend, variants, passes or dtypes"
            ),
            { Protocol: not ProtocolVersion.Current } => Unusable(
                $"'{command}' speaks protocol {info.Protocol}, this build {ProtocolVersion.Current}"
            ),
            _ when !string.Equals(info.Backend, name, StringComparison.Ordinal) => Unusable(
                $"'{command}' says it is '{info.Backend}'"
            ),
            _ => new BackendStatus(name, command, info, null, null),
        };

        BackendStatus Unusable(string problem) => new(name, command, null, problem, repair);
    }
}
