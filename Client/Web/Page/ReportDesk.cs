using Layerbench.Core;
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
            var standing = await StandingAsync(sweep.Id, cancellation);
            var data = await ReportReader.ReadAsync(
                engine.Results,
                sweep,
                SweepFile.RuleOf(sweep.Spec),
                AgainText.Of(sweep),
                cancellation
            );
            return data with { Standing = standing };
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>What is stored can be read though the engine does not answer.</summary>
    private async Task<string?> StandingAsync(SweepId sweep, CancellationToken cancellation)
    {
        try
        {
            return await engine.StatusAsync(sweep, cancellation) is { } status ? StandingText.Of(status) : null;
        }
        catch (EngineUnavailableException)
        {
            return StandingText.Unknown;
        }
    }

    public void Dispose() => oneAtATime.Dispose();
}
