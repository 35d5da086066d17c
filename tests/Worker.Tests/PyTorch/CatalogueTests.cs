using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class CatalogueTests : CatalogueContract
{
    private protected override Task<BackendInfo> DescribeAsync() =>
        WorkerDescription.ReadAsync(PyTorchWorker.PythonOrSkip(), PyTorchWorker.Script);

    private protected override Task<WorkerClient> StartAndGreetAsync() => PyTorchWorker.StartAndGreetAsync();

    private protected override bool MayLack(string reason, string dtype) =>
        dtype == "bfloat16" && reason.StartsWith("no Fourier transform in bfloat16", StringComparison.Ordinal);
}
