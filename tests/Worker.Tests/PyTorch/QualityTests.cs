namespace Layerbench.Worker.Tests.PyTorch;

public sealed class QualityTests : QualityContract
{
    private protected override Task<WorkerClient> StartAndGreetAsync() => PyTorchWorker.StartAndGreetAsync();
}
