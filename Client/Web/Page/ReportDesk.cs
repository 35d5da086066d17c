using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Report.Data;
using Layerbench.SweepFiles;

namespace Layerbench.Web.Page;

/// <summary>
/// Reads what a report shows. Nothing is kept, so that every server over one store can answer for any other; and one is
/// read at a time, as reading takes every core there is.
/// </summary>
internal sealed class ReportDesk(ISweepEngine engine) : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    public async Task<ReportData> ReadAsync(SweepRecord sweep, CancellationToken cancellation)
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            return await ReportReader.ReadAsync(
                engine.Results,
                sweep,
                SweepFile.RuleOf(sweep.Spec),
                $"layerbench run {sweep.Name}.yaml",
                cancellation
            );
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();
}
