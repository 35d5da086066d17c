namespace Layerbench.Worker.Tests.PyTorch;

public sealed class EpochTests : EpochContract
{
    private protected override Task<WorkerClient> StartAndGreetAsync() => PyTorchWorker.StartAndGreetAsync();
}
