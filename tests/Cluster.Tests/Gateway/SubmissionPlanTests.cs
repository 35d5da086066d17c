using Layerbench.Core.Engines;
using Layerbench.Gateway;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>What a submission is told before anything of it is kept.</summary>
public sealed class SubmissionPlanTests
{
    private static readonly string one = new('1', 64);
    private static readonly string two = new('2', 64);

    [Fact]
    public void PlugInsThatNoSingleNodeHasAllOfAreRefusedAtOnce()
    {
        Refusal([
                [one],
                [two],
            ])
            .ShouldBe(
                "plugins: no single node has all of 'a.py', 'b.py', only some each; have the operator put each file on every "
                    + "node and name it in the silos' setting PlugIns"
            );
        Refusal([
                [one],
            ])
            .ShouldBe(
                $"plugins: no node has 'b.py' of SHA-256 {two}; have the operator put that file on every node and name it in "
                    + "the silos' setting PlugIns"
            );
        // What is wrong beside them is told when they are there.
        Refusal([
                [two, one],
                [two],
            ])
            .ShouldNotContain("plugins:");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("ä")]
    public void ANameThatNoAddressCouldHaveIsRefusedOfSimulatedCellsToo(string name)
    {
        var (plan, rejected) = SubmissionPlan.Make(
            new SweepSubmission("simulated: 5", [], name),
            new FleetCatalog("0.1.0", []),
            "0.1.0",
            DateTimeOffset.UnixEpoch
        );

        plan.ShouldBeNull();
        rejected!
            .Errors.Single()
            .Message.ShouldBe($"name: '{name}' is no name; use 1 to 64 of A-Z a-z 0-9 . _ -, e.g. 'my-sweep'");
    }

    private static string Refusal(IReadOnlyList<IReadOnlyList<string>> nodes)
    {
        var text = $$"""
            name: mine
            plugins: [{file: a.py, sha256: "{{one}}"}, {file: b.py, sha256: "{{two}}"}]
            variants: [mix.nowhere]
            axes: {batch: 1}
            """;
        var (plan, rejected) = SubmissionPlan.Make(
            new SweepSubmission(text, []),
            new FleetCatalog("0.1.0", []) { PlugIns = nodes },
            "0.1.0",
            DateTimeOffset.UnixEpoch
        );
        plan.ShouldBeNull();
        return string.Join('\n', rejected!.Errors.Select(e => e.Message));
    }
}
