using System.Text.Json;

namespace Layerbench.Bench.Validity;

/// <summary>What one launch of one judged cell brought: seconds of one iteration, by variant, then by block.</summary>
/// <param name="Cell">From 0; its launches are numbered from 0 too.</param>
/// <param name="Interleaved">Variants in a random order within each block: the baseline, the same again, the same with 3% of extra work.</param>
/// <param name="Sequential">The same three one after the other, each a cell of its own; null where this was left out.</param>
internal sealed record RawLaunch(
    int Cell,
    int Launch,
    bool Hog,
    IReadOnlyList<IReadOnlyList<double>> Interleaved,
    IReadOnlyList<IReadOnlyList<double>>? Sequential
)
{
    public const int Baseline = 0;
    public const int Same = 1;
    public const int Slower = 2;

    /// <summary>What the last variant has in extra work.</summary>
    public const double Extra = 0.03;

    public string ToLine() => JsonSerializer.Serialize(this);

    /// <exception cref="InvalidDataException">A line is not one of these.</exception>
    public static IReadOnlyList<RawLaunch> Read(string path)
    {
        var launches = new List<RawLaunch>();
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                launches.Add(JsonSerializer.Deserialize<RawLaunch>(line)!);
            }
            catch (JsonException e)
            {
                throw new InvalidDataException(
                    $"{path}, line {launches.Count + 1}: is no launch of 'validity --save' ({e.Message})",
                    e
                );
            }
        }

        return launches;
    }
}
