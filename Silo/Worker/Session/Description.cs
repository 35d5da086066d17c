using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Passes;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Session;

/// <summary>The answer to <c>--describe</c>; made without loading libtorch.</summary>
internal static class Description
{
    public const string Backend = "torchsharp";

    public static BackendInfo Read() =>
        new(
            Backend,
            ProtocolVersion.Current,
            [.. VariantRegistry.All.Select(v => v.Info)],
            [.. Pass.All.Select(p => p.Info)],
            Dtypes.Names
        );
}
