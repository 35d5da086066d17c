namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class EpochTests : EpochContract
{
    private protected override Task<WorkerClient> StartAndGreetAsync() => TorchSharpWorker.StartAndGreetAsync();
}
