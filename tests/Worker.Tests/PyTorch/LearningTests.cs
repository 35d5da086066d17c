using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class LearningTests : LearningContract
{
    private protected override Task<WorkerClient> StartAndGreetAsync() => PyTorchWorker.StartAndGreetAsync();

    private protected override Task<BackendInfo> DescribeAsync() =>
        WorkerDescription.ReadAsync(PyTorchWorker.PythonOrSkip(), PyTorchWorker.Script);
}
