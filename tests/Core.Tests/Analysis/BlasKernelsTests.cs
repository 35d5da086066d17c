using Layerbench.Core.Analysis;

namespace Layerbench.Core.Tests.Analysis;

public class BlasKernelsTests
{
    [Theory]
    [InlineData("Prescott", "avx512f", "OPENBLAS_CORETYPE=SkylakeX")]
    [InlineData("Haswell", "avx512f", "OPENBLAS_CORETYPE=SkylakeX")]
    [InlineData("Nehalem", "avx2", "OPENBLAS_CORETYPE=Haswell")]
    [InlineData("Nehalem", "avx", "OPENBLAS_CORETYPE=Sandybridge")]
    public void KernelsOlderThanTheProcessorAreNamedWithTheVariableThatMendsIt(
        string kernels,
        string vectors,
        string variable
    )
    {
        var problem = BlasKernels.Problem(Entries(kernels, vectors)).ShouldNotBeNull();

        problem.Variable.ShouldBe(variable);
        problem.Said.ShouldContain($"kernels for {kernels} on a processor with {vectors}");
    }

    [Theory]
    [InlineData("SkylakeX", "avx512f")]
    [InlineData("Sapphirerapids", "avx512f")]
    [InlineData("Zen", "avx2")]
    [InlineData("haswell", "avx2")]
    [InlineData("Prescott", "sse2")]
    [InlineData("neoversen1", "unknown")]
    public void KernelsThatUseTheProcessorAreNoProblem(string kernels, string vectors) =>
        BlasKernels.Problem(Entries(kernels, vectors)).ShouldBeNull();

    [Fact]
    public void OfAnotherLibraryNothingIsSaid() =>
        BlasKernels
            .Problem(new Dictionary<string, string>(StringComparer.Ordinal) { [BlasKernels.VectorsEntry] = "avx512f" })
            .ShouldBeNull();

    private static Dictionary<string, string> Entries(string kernels, string vectors) =>
        new(StringComparer.Ordinal) { [BlasKernels.Entry] = kernels, [BlasKernels.VectorsEntry] = vectors };
}
