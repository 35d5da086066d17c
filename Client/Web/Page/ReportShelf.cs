using System.Buffers.Text;
using System.Security.Cryptography;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Report.Data;
using Layerbench.Report.Page;
using Layerbench.Report.Words;
using Layerbench.SweepFiles;

namespace Layerbench.Web.Page;

/// <summary>
/// Reports that were asked for, each at an address of its own that nobody can guess: a browser opens an address without
/// a token, and a token must not stand in one.
/// </summary>
internal sealed class ReportShelf(ISweepEngine engine, TimeProvider time) : IDisposable
{
    /// <summary>How long a report can be opened.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private const int Most = 20;
    private const int NameBytes = 18;

    private readonly Lock gate = new();
    private readonly LinkedList<Shelved> reports = [];
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("layerbench-reports-");

    /// <summary>Makes one of what is in the store now.</summary>
    public async Task<Shelved> MakeAsync(SweepRecord sweep, CancellationToken cancellation)
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            var status = await engine.StatusAsync(sweep.Id, cancellation);
            var data = await ReportReader.ReadAsync(
                engine.Results,
                sweep,
                SweepFile.RuleOf(sweep.Spec),
                $"layerbench run {sweep.Name}.yaml",
                cancellation
            );
            var name = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NameBytes));
            var made = new Shelved(name, Path.Combine(folder.FullName, $"{name}.html"), time.GetUtcNow() + Kept);
            await using (var stream = File.Create(made.Path))
            {
                await ReportPage.WriteAsync(
                    stream,
                    data with
                    {
                        Standing = status is null ? null : StandingText.Of(status),
                    },
                    assets: null,
                    cancellation
                );
            }

            Put(made);
            return made;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Null: there is none, or it was kept long enough.</summary>
    public Shelved? Find(string name)
    {
        lock (gate)
        {
            var found = reports.FirstOrDefault(r => r.Name == name);
            return found is not null && time.GetUtcNow() < found.Until ? found : null;
        }
    }

    public void Dispose()
    {
        oneAtATime.Dispose();
        folder.Delete(recursive: true);
    }

    private void Put(Shelved made)
    {
        lock (gate)
        {
            reports.AddFirst(made);
            while (reports.Count > Most || reports.Last!.Value.Until <= time.GetUtcNow())
            {
                // Whoever reads it goes on reading.
                File.Delete(reports.Last!.Value.Path);
                reports.RemoveLast();
            }
        }
    }
}

/// <param name="Until">When it is taken away.</param>
internal sealed record Shelved(string Name, string Path, DateTimeOffset Until);
