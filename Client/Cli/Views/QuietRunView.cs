namespace Layerbench.Cli.Views;

/// <summary><c>--quiet</c>: nothing but errors, which are not a view's.</summary>
internal sealed class QuietRunView : IRunView
{
    public void See(EngineEvent e) { }

    public void Say(string line) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
