using System.Net;
using System.Net.Sockets;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>The images' health check, against a real server.</summary>
public class HealthScriptTests
{
    [Theory]
    [InlineData(HttpStatusCode.OK, true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    [InlineData(HttpStatusCode.Unauthorized, false)]
    public async Task APathThatIsAnsweredWith200IsHealthy(HttpStatusCode status, bool healthy)
    {
        var port = FreePort();
        using var server = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        server.Start();
        var serving = AnswerOnceAsync(server, status);

        var said = await HealthAsync($"{port}", "/health/live");

        (said.ExitCode == 0).ShouldBe(healthy, said.Error);
        (await serving).ShouldBe("/health/live");
    }

    [Fact]
    public async Task WithoutAPathAnOpenPortIsEnough()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        (await HealthAsync($"{((IPEndPoint)listener.LocalEndpoint).Port}")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task APortThatNobodyHasIsNotHealthy() =>
        (await HealthAsync($"{FreePort()}", "/health/live")).ExitCode.ShouldNotBe(0);

    private static Task<Said> HealthAsync(params string[] arguments) =>
        Tool.RunAsync(
            Tool.Need("bash", "apt-get install bash"),
            [Repository.At("deploy", "images", "health"), "127.0.0.1", .. arguments]
        );

    private static async Task<string> AnswerOnceAsync(HttpListener server, HttpStatusCode status)
    {
        var context = await server.GetContextAsync();
        context.Response.StatusCode = (int)status;
        context.Response.Close();
        return context.Request.Url!.AbsolutePath;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
