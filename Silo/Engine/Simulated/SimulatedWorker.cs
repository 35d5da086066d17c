using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Simulated;

/// <summary>A worker that answers as the protocol says, from a cost model and seeded noise, in virtual time.</summary>
internal sealed class SimulatedWorker : IWorker
{
    /// <summary>From process to hello, as TorchSharp's.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(0.5);

    /// <summary>Seconds until it happens, and then either a reply or the worker's end; neither: it hangs.</summary>
    private readonly record struct Step(TimeSpan After, Reply? Reply, string? Cause = null, string? Message = null);

    private readonly WorkerStart start;
    private readonly CostModel costs;
    private readonly VirtualClock clock;
    private readonly Queue<Step> steps = new();
    private SimulatedCost[] variants = [];
    private Request.Prepare? prepared;
    private SimulatedTraining? training;
    private bool left;

    public SimulatedWorker(WorkerStart start, CostModel costs, VirtualClock clock)
    {
        this.start = start;
        this.costs = costs;
        this.clock = clock;
        clock.Join();
    }

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public string StderrTail => "";

    public void Send(Request request)
    {
        switch (request)
        {
            case Request.Hello hello:
                Reply(
                    Start,
                    new Reply.Hello(
                        ProtocolVersion.Current,
                        SimulatedBackend.Name,
                        "1",
                        new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["cost_model"] = SimulatedBackend.FlopsPerSecond.ToString(CultureInfo.InvariantCulture),
                            ["simulated_threads"] = hello.Threads.ToString(CultureInfo.InvariantCulture),
                        }
                    )
                );
                break;
            case Request.Prepare prepare:
                Prepare(prepare);
                break;
            case Request.Measure measure:
                Measure(measure);
                break;
            case Request.Train train:
                Train(train);
                break;
            case Request.Decide decide:
                training!.Decide(decide.Go);
                Advance();
                break;
            case Request.MeasureMemory memory:
                Reply(
                    TimeSpan.FromMilliseconds(1),
                    new Reply.Memory(memory.Cell, Array.ConvertAll(variants, v => (long)v.PeakBytes), "simulated")
                );
                break;
            case Request.MeasurePeaks:
                // In no time: what a simulated sweep is to take is its cells' cost.
                Reply(TimeSpan.Zero, new Reply.Peaks(SimulatedBackend.FlopsPerSecond, null));
                break;
            case Request.Release release:
                Reply(TimeSpan.Zero, new Reply.Released(release.Cell));
                break;
            case Request.Bye:
                Reply(TimeSpan.Zero, new Reply.Bye());
                break;
            case Request.Output output:
                Trouble(output.Cell, "unsupported", "a simulated worker has no outputs");
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public async ValueTask<Reply> ReceiveAsync(TimeSpan deadline, CancellationToken kill)
    {
        kill.ThrowIfCancellationRequested();
        var answers = steps.TryDequeue(out var step) && (step.Reply ?? (object?)step.Cause) is not null;
        if (!answers || step.After > deadline)
        {
            await clock.SleepAsync(deadline).ConfigureAwait(false);
            kill.ThrowIfCancellationRequested();
            throw new WorkerLostException(
                LossCause.Timeout,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the worker did not answer within {deadline.TotalSeconds:0.###} s and was killed"
                ),
                ""
            );
        }

        await clock.SleepAsync(step.After).ConfigureAwait(false);
        return step.Reply ?? throw new WorkerLostException(step.Cause!, $"the worker {step.Message}", "");
    }

    public ValueTask DisposeAsync()
    {
        if (!left)
        {
            left = true;
            clock.Leave();
        }

        return ValueTask.CompletedTask;
    }

    private void Reply(TimeSpan after, Reply reply) => steps.Enqueue(new Step(after, reply));

    private void Trouble(string cell, string kind, string message) =>
        Reply(TimeSpan.Zero, new Reply.Trouble(cell, null, kind, message));

    private void Prepare(Request.Prepare prepare)
    {
        prepared = prepare;
        variants = [.. prepare.Variants.Select((v, place) => costs.Of(v, prepare.Pass).With(v.ExtraWork).After(place))];
        switch (Fault(prepare.Cell))
        {
            case "unsupported":
                Trouble(prepare.Cell, "unsupported", "a simulated refusal");
                break;
            case "incorrect":
                Trouble(prepare.Cell, "incorrect", "a simulated wrong output");
                break;
            default:
                Reply(TimeSpan.Zero, new Reply.Prepared(prepare.Cell, 0, Facts(prepare)));
                break;
        }
    }

    private static PreparedFacts[] Facts(Request.Prepare prepare)
    {
        double? error = prepare.Gate ? 0 : null;
        double? tolerance = prepare.Gate ? 1e-5 : null;
        return [.. prepare.Variants.Select(v => new PreparedFacts(v.Label, 0, error, null, tolerance))];
    }

    private string Fault(string cell)
    {
        foreach (var variant in variants)
        {
            if (variant.Fault != "none" && SeededRandom.For(start.Seed, "fault", cell).NextDouble() < variant.FaultRate)
            {
                return variant.Fault;
            }
        }

        return "none";
    }

    private void Train(Request.Train train)
    {
        if (Strikes(train.Cell))
        {
            return;
        }

        training = new SimulatedTraining(
            prepared!,
            train,
            costs.MetricOf(prepared!.Pass),
            [.. prepared.Variants.Zip(variants, (v, cost) => CostModel.StepSeconds(v, cost))]
        );
        Advance();
    }

    private void Advance()
    {
        foreach (var (seconds, reply) in training!.Advance())
        {
            Reply(TimeSpan.FromSeconds(seconds), reply);
        }
    }

    /// <summary>Whether something goes wrong in place of an answer.</summary>
    private bool Strikes(string cell)
    {
        switch (Fault(cell))
        {
            case "crash":
                steps.Enqueue(new Step(TimeSpan.Zero, null, LossCause.WorkerLost, ExitWords.Of(128 + 9)));
                return true;
            case "hang":
                steps.Enqueue(default);
                return true;
            case "garbage":
                steps.Enqueue(
                    new Step(
                        TimeSpan.Zero,
                        null,
                        LossCause.Protocol,
                        "wrote a line that is no message: simulated garbage"
                    )
                );
                return true;
            case "oom":
                Trouble(cell, "oom", "simulated: out of memory");
                return true;
            case "error":
                Trouble(cell, "error", "simulated: an error");
                return true;
            default:
                return false;
        }
    }

    private void Measure(Request.Measure measure)
    {
        if (Strikes(measure.Cell))
        {
            return;
        }

        var random = SeededRandom.For(start.Seed, "noise", measure.Cell);
        var seconds = Array.ConvertAll(variants, v => v.Seconds * Lognormal(random, v.LaunchNoise));
        var iterations = Array.ConvertAll(seconds, s => Iterations(s, measure.MinimumSampleNanoseconds));
        Reply(
            TimeSpan.FromSeconds(measure.WarmUpMinimumSeconds),
            new Reply.Warmed(measure.Cell, measure.WarmUpMinimumSeconds, 1, Steady: true, iterations)
        );

        var rows = new List<IReadOnlyList<long>>(measure.Orders.Count * variants.Length);
        long total = 0;
        for (var block = 0; block < measure.Orders.Count; block++)
        {
            var blockOrder = measure.Orders[block];
            for (var position = 0; position < blockOrder.Count; position++)
            {
                var v = blockOrder[position];
                var wall = (long)Math.Round(seconds[v] * iterations[v] * 1e9 * Lognormal(random, variants[v].Noise));
                wall = Math.Max(wall, 1);
                total += wall;
                long[] row = [v, block, position, iterations[v], wall, wall, -1, 0, 0];
                rows.Add(row);
            }
        }

        Reply(new TimeSpan(total / 100), new Reply.Samples(measure.Cell, rows));
        Reply(TimeSpan.Zero, new Reply.Measured(measure.Cell, total / 1e9));
    }

    /// <summary>As docs/protocol.md; what takes no time runs once.</summary>
    private static long Iterations(double seconds, long minimumNanoseconds) =>
        seconds <= 0 ? 1 : Math.Max(1, (long)Math.Ceiling(minimumNanoseconds / Math.Max(1, Math.Round(seconds * 1e9))));

    private static double Lognormal(SeededRandom random, double sigma) =>
        sigma == 0 ? 1 : Math.Exp(sigma * random.NextNormal());
}
