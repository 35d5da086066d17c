using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class LearningTests : LearningContract
{
    private protected override Task<WorkerClient> StartAndGreetAsync() => TorchSharpWorker.StartAndGreetAsync();

    private protected override Task<BackendInfo> DescribeAsync() =>
        WorkerDescription.ReadAsync(TorchSharpWorker.ProgramOrSkip());
}
