using System.Text.Json;
using Layerbench.Core.Results;

namespace Layerbench.Bench.Validity;

/// <summary>What one launch of one cell brought.</summary>
/// <param name="Seed">Of the campaign; with <paramref name="Run"/> it names a run, and no two runs share an order or a process.</param>
/// <param name="Cell">Its number in <see cref="CellKinds"/>.</param>
/// <param name="Launch">From 0.</param>
/// <param name="Hog">A program burned a CPU beside it.</param>
/// <param name="Rows">Each [variant, block, iterations, wall_ns, involuntary switches, pressure_us], interleaved.</param>
/// <param name="Sequential">Seconds of one iteration by block of the first pair's sides and of its baseline with extra work, each a cell of its own; null where this was left out.</param>
internal sealed record RawLaunch(
    ulong Seed,
    int Run,
    bool Deep,
    int Cell,
    int Launch,
    bool Hog,
    string Backend,
    IReadOnlyList<IReadOnlyList<long>> Rows,
    IReadOnlyList<IReadOnlyList<double>>? Sequential
)
{
    /// <summary>What a slower side has in extra work.</summary>
    public const double Extra = 0.03;

    public LaunchKey Key => new(Seed, Run, Deep, Cell, Launch);

    /// <summary>The cell in its run.</summary>
    public (RunKey Run, bool Deep, int Cell) Place => (new(Seed, Run, Hog), Deep, Cell);

    public string ToLine() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">It is none.</exception>
    public static RawLaunch FromLine(string line) =>
        JsonSerializer.Deserialize<RawLaunch>(line) is { Rows: not null, Backend: not null } launch
            ? launch
            : throw new JsonException("lacks rows or a backend");

    public static IReadOnlyList<long> Row(Sample sample) =>
        [
            sample.Variant,
            sample.Block,
            sample.Iterations,
            sample.WallNanoseconds,
            sample.InvoluntarySwitches,
            sample.PressureMicroseconds,
        ];

    /// <summary>The sample of a row, of a cell whose variants begin at <paramref name="first"/>.</summary>
    public static Sample Sample(IReadOnlyList<long> row, int first) =>
        new((int)row[0] - first, (int)row[1], 0, row[2], row[3], row[3], null, row[4], row[5]);
}

/// <summary>What makes a launch the same launch, so that a campaign can go on where it was.</summary>
internal readonly record struct LaunchKey(ulong Seed, int Run, bool Deep, int Cell, int Launch);

/// <summary>One sweep over the cells, under one load.</summary>
internal readonly record struct RunKey(ulong Seed, int Run, bool Hog);
