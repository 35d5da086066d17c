namespace Layerbench.Cli.Views;

/// <summary>Shows a run while it goes on. <see cref="See"/> may be called from any thread.</summary>
internal interface IRunView : IAsyncDisposable
{
    void See(EngineEvent e);

    /// <summary>A word from the command itself, e.g. that it has been asked to stop.</summary>
    void Say(string line);
}
