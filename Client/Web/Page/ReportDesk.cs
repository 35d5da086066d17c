using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Report.Data;
using Layerbench.Report.Words;
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
            var status = await engine.StatusAsync(sweep.Id, cancellation);
            var data = await ReportReader.ReadAsync(
                engine.Results,
                sweep,
                SweepFile.RuleOf(sweep.Spec),
                $"layerbench run {sweep.Name}.yaml",
                cancellation
            );
            return data with { Standing = status is null ? null : StandingText.Of(status) };
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();
}
