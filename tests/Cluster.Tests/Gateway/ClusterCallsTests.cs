using Layerbench.Core.Engines;
using Layerbench.Gateway;

namespace Layerbench.Cluster.Tests.Gateway;

public sealed class ClusterCallsTests
{
    private readonly ClusterConnection connection = new();

    public ClusterCallsTests() => connection.Participate(new ReachedAtOnce());

    [Fact]
    public async Task ACallThatASiloGaveUpIsMadeAgain()
    {
        var calls = new ClusterCalls(connection, TimeSpan.FromMinutes(2), TimeProvider.System);
        var asked = 0;

        var answer = await calls.AskAsync(
            () => ++asked < 3 ? Task.FromCanceled<int>(new CancellationToken(canceled: true)) : Task.FromResult(asked),
            CancellationToken.None
        );

        answer.ShouldBe(3);
    }

    [Fact]
    public async Task OneThatIsGivenUpAgainAndAgainIsSaidWhenPatienceEnds()
    {
        var calls = new ClusterCalls(connection, TimeSpan.FromSeconds(1), TimeProvider.System);

        var said = await Should.ThrowAsync<EngineUnavailableException>(() =>
            calls.AskAsync(() => Task.FromCanceled<int>(new CancellationToken(canceled: true)), CancellationToken.None)
        );

        said.Message.ShouldStartWith("the cluster did not answer within 1 s; ");
    }

    [Fact]
    public async Task ARequestThatIsCancelledAsksNoMore()
    {
        var calls = new ClusterCalls(connection, TimeSpan.FromMinutes(2), TimeProvider.System);
        using var request = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            calls.AskAsync(
                async () =>
                {
                    await request.CancelAsync();
                    return await Task.FromCanceled<int>(request.Token);
                },
                request.Token
            )
        );
    }

    private sealed class ReachedAtOnce : IClusterClientLifecycle
    {
        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            observer.OnStart(CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
            return new CancellationTokenSource();
        }
    }
}
