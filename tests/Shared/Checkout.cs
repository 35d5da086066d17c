namespace Layerbench.Tests.Shared;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Checkout
{
    public static string Path { get; } = Find();

    public static string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(System.IO.Path.Combine(at.FullName, "Orchestrator.sln")))
        {
            at = at.Parent ?? throw new InvalidOperationException("The repository was not found.");
        }

        return at.FullName;
    }
}
