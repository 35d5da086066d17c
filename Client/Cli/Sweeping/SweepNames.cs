using Layerbench.Core;

namespace Layerbench.Cli.Sweeping;

/// <summary>
/// Which sweep is meant: its id, or else its name, or else the beginning or the end of its id, e.g. of
/// <c>quickstart-1f3a9c20</c> also <c>quickstart</c>, <c>quick</c>, <c>1f3a</c> and <c>9c20</c>.
/// </summary>
internal static class SweepNames
{
    /// <returns>One where that is clear; several that it may be; none.</returns>
    public static IReadOnlyList<T> Meant<T>(
        string given,
        IReadOnlyCollection<T> all,
        Func<T, SweepId> id,
        Func<T, string> name
    )
    {
        Func<T, bool>[] ways =
        [
            s => id(s).Value == given,
            s => name(s) == given,
            s =>
                id(s).Value.StartsWith(given, StringComparison.Ordinal)
                || Hash(id(s)).StartsWith(given, StringComparison.Ordinal)
                || id(s).Value.EndsWith(given, StringComparison.Ordinal),
        ];
        return ways.Select(way => all.Where(way).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];
    }

    private static string Hash(SweepId id) => id.Value[(id.Value.LastIndexOf('-') + 1)..];
}
