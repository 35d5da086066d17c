using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Metrics.Sweeps;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Surveys;

/// <summary>
/// Keeps up what the results of this process' sweeps say, for those who watch. It takes a hundredth of the time of one
/// CPU at most, so what it says of a sweep whose cells end fast may lag behind.
/// </summary>
/// <param name="ruleOf">How a sweep is judged; null: nothing of it is measured.</param>
public sealed partial class SweepSurveyor(
    IResultReader store,
    SweepBoard board,
    Func<SweepRecord, AnalysisRule?> ruleOf,
    TimeProvider time,
    ILogger<SweepSurveyor> logger
)
{
    private const int RestPerWork = 100;

    private static readonly TimeSpan least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan most = TimeSpan.FromMinutes(1);

    private readonly Dictionary<SweepMeter, RunningSurvey?> surveys = [];

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var since = time.GetTimestamp();
            await PassAsync(stop).ConfigureAwait(false);
            var rest = RestPerWork * time.GetElapsedTime(since);
            rest =
                rest < least ? least
                : rest > most ? most
                : rest;
            await Task.Delay(rest, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads everything there is; for a run that has ended.</summary>
    public async Task FinishAsync(CancellationToken cancellation = default)
    {
        while (await PassAsync(cancellation).ConfigureAwait(false)) { }
    }

    /// <returns>Whether there is more to read.</returns>
    private async Task<bool> PassAsync(CancellationToken stop)
    {
        var shown = board.Sweeps;
        foreach (var gone in surveys.Keys.Except(shown).ToList())
        {
            surveys.Remove(gone);
        }

        var more = false;
        foreach (var meter in shown)
        {
            try
            {
                more |= await SurveyAsync(meter, stop).ConfigureAwait(false);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                // The store may be away for a while; figures for those who watch are not worth more than another try.
                LogFailed(error, meter.Sweep);
                surveys.Remove(meter);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return more;
    }

    private async Task<bool> SurveyAsync(SweepMeter meter, CancellationToken stop)
    {
        if (!surveys.TryGetValue(meter, out var survey))
        {
            var record = await store.SweepAsync(meter.Sweep, stop).ConfigureAwait(false);
            survey = record is not null && ruleOf(record) is { } rule ? new RunningSurvey(store, meter, rule) : null;
            surveys[meter] = survey;
        }

        return survey is not null && await survey.GoOnAsync(stop).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Warning, "What the results of sweep {Sweep} say so far could not be read")]
    private partial void LogFailed(Exception error, SweepId sweep);
}
