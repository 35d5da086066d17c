using System.Globalization;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>The gateway's program, which has reached its cluster.</summary>
internal sealed record RunningGateway(SiloProcess Process, int Port) : IDisposable
{
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");
    public string Output => Process.Output;

    /// <summary>Over silos of one machine: the first of a cluster, and another.</summary>
    /// <param name="port">On which it listens; null: any that is free.</param>
    public static Task<RunningGateway> StartAsync(
        TestCluster cluster,
        int? otherSilo = null,
        int? port = null,
        IReadOnlyList<string>? arguments = null
    ) =>
        StartAsync(
            [
                $"--Layerbench:Data={cluster.Folder}",
                $"--Layerbench:ClusterId={cluster.ClusterId}",
                $"--Layerbench:Silos:0=127.0.0.1:{cluster.GatewayPort}",
                .. otherSilo is { } other ? [$"--Layerbench:Silos:1=127.0.0.1:{other}"] : (string[])[],
                .. arguments ?? [],
            ],
            port ?? TestCluster.FreePort()
        );

    public static async Task<RunningGateway> StartAsync(IReadOnlyList<string> arguments, int port)
    {
        var process = SiloProcess.StartGateway([$"--urls=http://127.0.0.1:{port}", .. arguments]);
        var gateway = new RunningGateway(process, port);
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Address) };
        try
        {
            await Wait.UntilAsync(() => AnswersAsync(client, "/health"), () => process.Output);
            return gateway;
        }
        catch
        {
            gateway.Dispose();
            throw;
        }
    }

    public static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            return (await client.GetAsync(path)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => Process.Dispose();
}
