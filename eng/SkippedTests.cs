// Compiled into a test project whose package family the feed lacks, in place of its own code: reports every test of the
// project as skipped, under its own name. The sources come along as resources; their tests are found by their attributes.
using System.Reflection;
using System.Text.RegularExpressions;

namespace Layerbench.Editions;

public sealed partial class SkippedTests
{
    public static TheoryData<int> Names
    {
        get
        {
            var assembly = typeof(SkippedTests).Assembly;
            var family = assembly
                .GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "MissingFeature")
                .Value;
            var rows = new TheoryData<int>();
            foreach (var source in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(source)!);
                foreach (var name in TestsOf(text.ReadToEnd()))
                {
                    rows.Add(
                        new TheoryDataRow<int>(rows.Count + 1)
                        {
                            TestDisplayName = name,
                            Skip =
                                $"this build is without {family}: the package feed lacks it, or this system cannot load it (docs/editions.md)",
                        }
                    );
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LackTheirPackages(int skipped) => Assert.Fail($"Test {skipped} is listed as skipped.");

    private static IEnumerable<string> TestsOf(string source) =>
        from Match test in TestMethod().Matches(source)
        let owner = TypeName().Matches(source[..test.Index]).LastOrDefault()
        select $"{owner?.Groups["name"].Value}.{test.Groups["name"].Value}";

    // An attribute, then whatever stands before the method's name: other attributes, modifiers, the type.
    [GeneratedRegex(
        @"^\s*\[(?:Fact|Theory)\b[^;{]*?\bpublic\s[^;{(]*?\b(?<name>\w+)\(",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"\bclass (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TypeName();
}
