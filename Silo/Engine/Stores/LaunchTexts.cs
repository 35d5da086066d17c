using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores;

/// <summary>What of a launch is kept as text.</summary>
/// <param name="Facts">Its <see cref="LaunchRecord.Variants"/>.</param>
/// <param name="Trainings">Values and series of each of its <see cref="LaunchRecord.Trainings"/>.</param>
internal sealed record LaunchTexts(string Facts, IReadOnlyList<(string Values, string Series)> Trainings)
{
    public static LaunchTexts Of(LaunchRecord launch) =>
        new(
            StoreText.Facts(launch.Variants),
            [.. launch.Trainings.Select(t => (StoreText.Values(t.Values), StoreText.Series(t.Series)))]
        );
}
