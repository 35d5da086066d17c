using Layerbench.Cli.Serving;
using Layerbench.Core;
using Layerbench.Core.Access;

namespace Layerbench.Web.Tests.Live;

/// <summary>What is asked of a server without a browser.</summary>
internal static class ServerWords
{
    public static async Task OrderAsync(this PageServer server, SweepId sweep, SweepCommand command) =>
        (
            await server.Sweeps.CommandAsync(sweep, command, new Caller("local", Role.Admin))
        ).ShouldBeOfType<CommandAnswer.Done>();

    public static Task ReachesAsync(this PageServer server, SweepId sweep, SweepStage stage) =>
        Wait.UntilAsync(async () => (await server.Sweeps.StatusAsync(sweep))?.Stage == stage);
}
