namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class QualityTests : QualityContract
{
    private protected override Task<WorkerClient> StartAndGreetAsync() => TorchSharpWorker.StartAndGreetAsync();
}
