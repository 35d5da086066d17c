using System.Globalization;
using System.Text.Json;

namespace Layerbench.Engine.Workers;

/// <summary>A Python that has torch, or why there is none.</summary>
/// <param name="Program">The interpreter itself (not a shim that starts it); null where none has torch.</param>
/// <param name="Problem">What was tried, in words; null where one was found.</param>
internal sealed record PythonFound(string? Program, string? Problem);

/// <summary>
/// Finds a Python that can import torch, without importing it: <c>importlib.util.find_spec</c> only looks. A good
/// answer is kept under the cache folder, by path and time of change, as long as torch's own file is still there.
/// </summary>
internal sealed class PythonSearch(IReadOnlyList<string> candidates, string cacheFolder)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private const string Look =
        "import importlib.util, json, sys; s = importlib.util.find_spec('torch'); "
        + "print(json.dumps({'executable': sys.executable, 'torch': s.origin if s else None}))";

    private sealed record Answer(string Executable, string? Torch);

    /// <param name="chosen">From --python; else LAYERBENCH_PYTHON; else the usual names are tried in turn.</param>
    public static PythonSearch Default(string? chosen)
    {
        chosen ??= Environment.GetEnvironmentVariable("LAYERBENCH_PYTHON");
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new PythonSearch(
            chosen is { Length: > 0 } ? [chosen] : ["python3", "/usr/bin/python3", "python"],
            Path.Combine(cache, "layerbench")
        );
    }

    public async Task<PythonFound> FindAsync(CancellationToken cancellation)
    {
        var tried = new List<string>();
        foreach (var candidate in candidates)
        {
            if (Programs.Find(candidate) is not { } path)
            {
                tried.Add($"'{candidate}' is not there or cannot be executed");
                continue;
            }

            var (answer, problem) = await LookAsync(path, cancellation).ConfigureAwait(false);
            if (answer?.Torch is not null)
            {
                return new PythonFound(answer.Executable, null);
            }

            tried.Add(problem ?? $"{path} has no torch");
        }

        return new PythonFound(null, string.Join("; ", tried.Distinct(StringComparer.Ordinal)));
    }

    private async Task<(Answer? Answer, string? Problem)> LookAsync(string path, CancellationToken cancellation)
    {
        var cached = CacheFile(path);
        if (Read(cached) is { Torch: { } torch } known && File.Exists(known.Executable) && File.Exists(torch))
        {
            return (known, null);
        }

        var run = await ShortProcess
            .RunAsync(new WorkerCommand(path, ["-c", Look]), Deadline, cancellation)
            .ConfigureAwait(false);
        if (run.ExitCode != 0)
        {
            return (null, $"{path} {run.Problem}{run.StderrSuffix}");
        }

        try
        {
            var answer = JsonSerializer.Deserialize<Answer>(run.Output, Json);
            if (answer?.Torch is not null)
            {
                Keep(cached, run.Output);
            }

            return (answer, null);
        }
        catch (JsonException)
        {
            return (null, $"{path} is no Python: it answered {run.OutputExcerpt}");
        }
    }

    private static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    private string CacheFile(string path)
    {
        var changed = File.GetLastWriteTimeUtc(path).Ticks;
        var key = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path}\n{changed}"))
            )
        );
        return Path.Combine(cacheFolder, $"python-{key[..16]}.json");
    }

    private static Answer? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Answer>(File.ReadAllText(file), Json) : null;
        }
        catch (JsonException)
        {
            return null; // half written, or of another version: ask again
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Keep(string file, string text)
    {
        try
        {
            Directory.CreateDirectory(cacheFolder);
            File.WriteAllText(file, text);
        }
        catch (IOException)
        {
            // A cache that cannot be written costs 50 ms next time.
        }
        catch (UnauthorizedAccessException)
        {
            // As above.
        }
    }
}
