using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

public class DeviceSelectorTests
{
    private static readonly DeviceInfo H100 = new(
        new DeviceId("cuda:0"),
        "cuda",
        "NVIDIA H100 80GB HBM3",
        [],
        80L << 30
    );

    [Fact]
    public void ReadsKindModelAndMemory()
    {
        var selector = DeviceSelector.Parse("kind=cuda, kind=cpu,model=H100,memory=1.5GiB");

        selector.Kinds.ShouldBe(["cuda", "cpu"]);
        selector.Model.ShouldBe("H100");
        selector.MinimumMemoryBytes.ShouldBe(3L << 29);
    }

    [Fact]
    public void NamesEverythingThatIsWrongAtOnce() =>
        Should
            .Throw<BadInputException>(() => DeviceSelector.Parse("kind=gpu,memory=much,H100"))
            .Messages.ShouldBe([Wrong("kind=gpu"), Wrong("memory=much"), Wrong("H100")]);

    [Theory]
    [InlineData("kind=cuda,model=h100,memory=80GiB", null)]
    [InlineData("kind=cpu,kind=simulated", "the sweep wants devices of kind cpu or simulated, it is cuda")]
    [InlineData("model=A100", "the sweep wants a model with 'A100' in its name, it is 'NVIDIA H100 80GB HBM3'")]
    [InlineData("memory=81GiB", "the sweep wants 81.0 GiB of memory, it has 80.0 GiB")]
    public void SaysWhyADeviceIsNotMeant(string selector, string? refusal) =>
        DeviceSelector.Parse(selector).Refusal(H100).ShouldBe(refusal);

    [Fact]
    public void ASweepFilesPatternsAskForTheirKinds()
    {
        DeviceSelector.OfPatterns(["auto"]).Kinds.ShouldBeEmpty();
        DeviceSelector.OfPatterns(["cuda:0", "cuda:1", "cpu:0-3"]).Kinds.ShouldBe(["cuda", "cpu"]);
    }

    private static string Wrong(string part) =>
        $"device selector: '{part}' selects nothing; write kind=cpu|cuda|simulated, model=TEXT and memory=SIZE, e.g. "
        + "kind=cuda,model=H100,memory=40GiB";
}
