using System.Globalization;
using Layerbench.LocalCluster.Records;

namespace Layerbench.LocalCluster;

/// <summary>Asks silos and gateways whether they are ready.</summary>
internal sealed class ClusterHealth : IDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public Task<bool> SiloAsync(SiloRecord silo, CancellationToken cancellation) =>
        IsGoodAsync(silo.Address, silo.Ports.Http, "/health/ready", cancellation);

    public Task<bool> GatewayAsync(int port, CancellationToken cancellation) =>
        IsGoodAsync("127.0.0.1", port, "/health", cancellation);

    public Task<bool> PrometheusAsync(int port, CancellationToken cancellation) =>
        IsGoodAsync("127.0.0.1", port, "/-/ready", cancellation);

    public void Dispose() => http.Dispose();

    private async Task<bool> IsGoodAsync(string host, int port, string path, CancellationToken cancellation)
    {
        try
        {
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}{path}"));
            using var answer = await http.GetAsync(address, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // nobody listens yet
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false; // it hangs
        }
    }
}
