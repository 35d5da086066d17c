using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores;

/// <summary>What of a launch is kept as text.</summary>
/// <param name="Facts">Its <see cref="LaunchRecord.Variants"/>.</param>
/// <param name="Trainings">Values and series of each of its <see cref="LaunchRecord.Trainings"/>.</param>
/// <param name="Curves">Series of each of its <see cref="LaunchRecord.Curves"/>.</param>
internal sealed record LaunchTexts(
    string Facts,
    IReadOnlyList<(string Values, string Series)> Trainings,
    IReadOnlyList<string> Curves
)
{
    public static LaunchTexts Of(LaunchRecord launch) =>
        new(
            StoreText.Facts(launch.Variants),
            [.. launch.Trainings.Select(t => (StoreText.Values(t.Values), StoreText.Series(t.Series)))],
            [.. launch.Curves.Select(c => StoreText.Series(c.Series))]
        );
}
