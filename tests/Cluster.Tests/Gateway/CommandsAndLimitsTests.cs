using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>What may be done to a sweep of a cluster, and how many may go on.</summary>
public sealed class CommandsAndLimitsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommandsThatChangeSomethingAreOfferedAndASweepBegunAgainCountsAsOneMore()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        using var gateway = await RunningGateway.StartAsync(
            cluster,
            arguments: ["--Layerbench:Limits:SweepsPerUser=1"]
        );
        using var client = new HttpClient { BaseAddress = new Uri($"{gateway.Address}/api/v1/") };
        var first = await IdAsync(await SubmitAsync(client, 5));

        (await CommandsAsync(client, first)).ShouldBe(["pause", "cancel"]);
        await CommandAsync(client, first, "pause");
        (await CommandsAsync(client, first)).ShouldBe(["resume", "cancel"]);
        await CommandAsync(client, first, "cancel");
        (await CommandsAsync(client, first)).ShouldBeEmpty();

        var second = await IdAsync(await SubmitAsync(client, 6));
        using var again = await SubmitAsync(client, 5);
        again.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, await again.Content.ReadAsStringAsync(Token));
        await CommandAsync(client, second, "cancel");
        (await IdAsync(await SubmitAsync(client, 5))).ShouldBe(first);
    }

    private static Task<HttpResponseMessage> SubmitAsync(HttpClient client, int cells) =>
        client.PostAsJsonAsync("sweeps", new { text = $"simulated: {cells}" }, Token);

    private static async Task<string> IdAsync(HttpResponseMessage submitted)
    {
        using (submitted)
        {
            var text = await submitted.Content.ReadAsStringAsync(Token);
            submitted.IsSuccessStatusCode.ShouldBeTrue(text);
            return JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
        }
    }

    private static async Task CommandAsync(HttpClient client, string sweep, string command)
    {
        using var answer = await client.PostAsync($"sweeps/{sweep}/{command}", content: null, Token);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task<IEnumerable<string?>> CommandsAsync(HttpClient client, string sweep)
    {
        var overview = await client.GetFromJsonAsync<JsonElement>($"sweeps/{sweep}/overview", Token);
        return overview.GetProperty("commands").EnumerateArray().Select(c => c.GetString());
    }
}
