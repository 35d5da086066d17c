using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class CatalogueTests : CatalogueContract
{
    private protected override Task<BackendInfo> DescribeAsync() =>
        WorkerDescription.ReadAsync(TorchSharpWorker.ProgramOrSkip());

    private protected override Task<WorkerClient> StartAndGreetAsync() => TorchSharpWorker.StartAndGreetAsync();

    private protected override bool MayLack(string reason, string dtype) =>
        reason.StartsWith("ffn.fused: TorchSharp has no", StringComparison.Ordinal)
        || (dtype == "bfloat16" && reason.Contains("BFloat16", StringComparison.Ordinal));
}
