using System.Diagnostics;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Gate;
using Layerbench.Worker.Learning;

namespace Layerbench.Worker.Session;

/// <summary>The exchange of a quality pass: each variant's run in turn, its progress, and the engine's word at a rung.</summary>
/// <param name="read">The next request; waits for it.</param>
internal sealed class CellTraining(Action<Reply> send, Func<Request> read)
{
    /// <exception cref="ArgumentException">A rung is no step.</exception>
    /// <exception cref="ProtocolException">Something else than the decision came at a rung.</exception>
    public Reply.Trained Run(Request.Train request, IReadOnlyList<GatedVariant> variants)
    {
        var rungs = request.Rungs ?? [];
        if (rungs.Any(step => step < 1))
        {
            throw new ArgumentException(
                $"rungs: {string.Join(", ", rungs)} are no steps; give integers of at least 1."
            );
        }

        var start = Stopwatch.GetTimestamp();
        var learnt = new List<TrainedVariant>();
        for (var place = 0; place < variants.Count; place++)
        {
            learnt.Add(Run(variants[place], new(request.Cell, place, rungs, send, read)));
        }

        return new(request.Cell, Stopwatch.GetElapsedTime(start).TotalSeconds, learnt);
    }

    private static TrainedVariant Run(GatedVariant variant, EngineLine line)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            return ((QualityWorkload)variant.Workload).Study(line);
        }
        catch (Exception e) when (e is not ProtocolException)
        {
            throw new VariantException(variant.Label, e);
        }
    }

    /// <summary>To the engine and back, for the variant in one place.</summary>
    private sealed class EngineLine(
        string cell,
        int place,
        IReadOnlyList<long> rungs,
        Action<Reply> send,
        Func<Request> read
    ) : ILearningLine
    {
        public bool IsRung(long step) => rungs.Contains(step);

        public void Tell(long step, IReadOnlyDictionary<string, double?> values) =>
            send(new Reply.Progress(cell, place, step, values));

        public bool Decide(long step, double value)
        {
            send(new Reply.Rung(cell, place, step, value));
            return read() is Request.Decide decide && decide.Cell == cell && decide.Variant == place
                ? decide.Go
                : throw new ProtocolException($"A rung of {cell}, variant {place}, waits for its decide.", null);
        }
    }
}
