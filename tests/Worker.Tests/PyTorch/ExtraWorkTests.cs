namespace Layerbench.Worker.Tests.PyTorch;

public sealed class ExtraWorkTests : ExtraWorkContract
{
    private protected override WorkerClient Start() => PyTorchWorker.Start();

    private protected override Task<WorkerClient> StartAndGreetAsync() => PyTorchWorker.StartAndGreetAsync();
}
