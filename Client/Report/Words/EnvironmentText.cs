using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Report.Words;

/// <summary>What must be said of where a sweep was measured.</summary>
public static class EnvironmentText
{
    /// <summary>What of the environment makes the numbers worse than they could be.</summary>
    public static IEnumerable<string> Warnings(IReadOnlyList<Fingerprint> fingerprints)
    {
        if (fingerprints.Any(f => Has(f, "allocator", "glibc")))
        {
            yield return "warning: measured with glibc's memory allocator, which can distort CPU times about threefold; "
                + "`layerbench doctor` says what to install";
        }

        foreach (
            var problem in fingerprints.Select(f => BlasKernels.Problem(f.Entries)).OfType<BlasProblem>().Distinct()
        )
        {
            yield return $"warning: {problem.Said}; set {problem.Variable} and measure again into another folder (--out), or read these ratios as that library's";
        }

        if (fingerprints.Any(f => Has(f, "backend", "simulated")))
        {
            yield return "warning: simulated: these numbers were computed, nothing was measured";
        }

        if (fingerprints.Any(f => Has(f, "device_shared", "true")))
        {
            yield return "warning: CPU sets of one machine were measured side by side; they share caches and memory bandwidth";
        }
    }

    public static IEnumerable<TrustItem> Concerns(IReadOnlyList<Fingerprint> fingerprints) =>
        Warnings(fingerprints)
            .Select(w => new TrustItem(
                TrustText.Environment,
                TrustText.Sentence(w.Replace("warning: ", "", StringComparison.Ordinal)),
                Concern: true
            ));

    private static bool Has(Fingerprint fingerprint, string key, string value) =>
        fingerprint.Entries.TryGetValue(key, out var found) && string.Equals(found, value, StringComparison.Ordinal);
}
