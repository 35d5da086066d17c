using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Shipping;

/// <summary>What a release says, from the changelog.</summary>
public sealed class ReleaseNotesTests
{
    private const string Changelog = """
        # Changelog

        ## Unreleased

        ### Added
        - Something new.

        ## [1.2.0] - 2026-11-22

        ### Fixed
        - One thing.

        - Another.

        ## 1.1.0
        - Old.

        ## 1.0.0

        """;

    [Theory]
    [InlineData("1.2.0", "### Fixed\n- One thing.\n\n- Another.\n")]
    [InlineData("v1.1.0", "- Old.\n")]
    [InlineData("1.3.0", "### Added\n- Something new.\n")]
    public async Task TheyAreTheVersionsSectionOrElseWhatIsUnreleased(string version, string notes) =>
        (await RunAsync(Changelog, version)).ShouldSucceed().Output.ShouldBe(notes);

    [Theory]
    [InlineData("soon", "'soon' is no version; give one as in 0.1.0 or v0.1.0")]
    [InlineData("2.0.0", "CHANGELOG.md says nothing of 2.0.0; write what changed below '## 2.0.0' or '## Unreleased'")]
    public async Task WhatHasNoneIsRefusedInWords(string version, string words)
    {
        var said = await RunAsync("# Changelog\n", version);

        said.ExitCode.ShouldBe(2);
        said.Error.ShouldBe($"eng/release-notes: {words}\n");
    }

    private static async Task<Said> RunAsync(string changelog, string version)
    {
        using var scratch = new ScratchFolder();
        var path = Path.Combine(scratch.Path, "CHANGELOG.md");
        await File.WriteAllTextAsync(path, changelog, TestContext.Current.CancellationToken);
        return await Tool.RunAsync(
            Repository.At("eng", "release-notes"),
            [version],
            environment: new Dictionary<string, string> { ["CHANGELOG"] = path }
        );
    }
}
