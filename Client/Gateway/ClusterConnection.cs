namespace Layerbench.Gateway;

/// <summary>Whether the client has reached the cluster since it was started: before that it knows no grain, and calls of any kind fail in ways of their own.</summary>
internal sealed class ClusterConnection : ILifecycleParticipant<IClusterClientLifecycle>
{
    private volatile bool isUp;

    public bool IsUp => isUp;

    public void Participate(IClusterClientLifecycle lifecycle) =>
        lifecycle.Subscribe(
            nameof(ClusterConnection),
            ServiceLifecycleStage.Active,
            _ =>
            {
                isUp = true;
                return Task.CompletedTask;
            }
        );
}
