namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class ExtraWorkTests : ExtraWorkContract
{
    private protected override WorkerClient Start() => TorchSharpWorker.Start();

    private protected override Task<WorkerClient> StartAndGreetAsync() => TorchSharpWorker.StartAndGreetAsync();
}
