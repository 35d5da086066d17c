using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class VariantWorkTests
{
    private static readonly PassInfo Training = new("training_step", "", [], "3", "4");

    [Fact]
    public void FlopsAndBytesAreTheForwardPassesTimesThePasss() =>
        VariantWork
            .Of(Variant("4*batch*d_model", "8*d_model"), Training, Values(("batch", 2), ("d_model", 10)))
            .ShouldBe(new VariantWork(240, 240));

    [Theory]
    [InlineData("4*nothing")]
    [InlineData("1/(batch-2)")]
    [InlineData("4*")]
    public void AFormulaThatGivesNoNumberGivesNone(string flops) =>
        VariantWork.Of(Variant(flops, "1"), Training, Values(("batch", 2))).ShouldBeNull();

    private static VariantInfo Variant(string flops, string bytes) =>
        new("fake.one", "", "", "", [], [], "0", flops, bytes, []);

    private static Func<string, AxisValue?> Values(params (string Name, long Value)[] values) =>
        name => values.Any(v => v.Name == name) ? AxisValue.Of(values.First(v => v.Name == name).Value) : null;
}
