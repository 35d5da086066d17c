using Layerbench.Deploy.Tests.Shipping;
using Layerbench.Deploy.Tests.Tools;

[assembly: AssemblyFixture(typeof(InstalledCommand))]

namespace Layerbench.Deploy.Tests.Shipping;

/// <summary>The command as its users get it: packed as a .NET tool of what was built, and installed from the package.</summary>
public sealed class InstalledCommand : IDisposable
{
    private readonly ScratchFolder scratch = new();
    private readonly Lazy<Task<string>> installed;

    public InstalledCommand() => installed = new(InstallAsync);

    /// <summary>The folder that <c>layerbench</c> is in.</summary>
    public Task<string> FolderAsync() => installed.Value;

    public void Dispose() => scratch.Dispose();

    private async Task<string> InstallAsync()
    {
        var packages = Path.Combine(scratch.Path, "packages");
        var folder = Path.Combine(scratch.Path, "bin");
        // The configuration that these tests were built in, and with them the command.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        (
            await Tool.RunAsync(
                "dotnet",
                ["pack", "Client/Cli", "-c", configuration, "-o", packages, "--no-build", "--nologo"]
            )
        ).ShouldSucceed();
        // A cache of its own: the user's may have another package of this version.
        var cache = new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(scratch.Path, "cache") };
        (
            await Tool.RunAsync(
                "dotnet",
                ["tool", "install", "layerbench", "--source", packages, "--tool-path", folder],
                scratch.Path,
                cache
            )
        ).ShouldSucceed();
        return folder;
    }
}
