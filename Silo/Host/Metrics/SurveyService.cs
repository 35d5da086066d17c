using Layerbench.Core.Results;
using Layerbench.Engine.Surveys;
using Layerbench.Metrics.Sweeps;
using Layerbench.SweepFiles;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Layerbench.Silo.Metrics;

/// <summary>Keeps up what is shown of the results of the sweeps that this silo coordinates.</summary>
internal sealed class SurveyService(
    IResultStore store,
    SweepBoard board,
    TimeProvider time,
    ILogger<SweepSurveyor> logger
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new SweepSurveyor(
            store,
            board,
            // Cells that only wait have nothing to say.
            sweep => SimulatedSweep.Read(sweep) is null ? SweepFile.RuleOf(sweep.Spec) : null,
            time,
            logger
        ).RunAsync(stoppingToken);
}
