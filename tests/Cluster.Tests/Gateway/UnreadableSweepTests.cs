using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orleans.Core.Internal;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>Sweeps that are in the store and that the cluster cannot go on with: that is said, and is no bug.</summary>
public sealed class UnreadableSweepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASweepWhoseTextThisVersionCannotPlanSaysSoWhateverIsAskedOfIt()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        using var gateway = await RunningGateway.StartAsync(cluster);
        using var client = new HttpClient { BaseAddress = new Uri($"{gateway.Address}/api/v1/") };
        var id = (await SubmitAsync(client, "simulated: 5")).GetProperty("id").GetString()!;
        await SpoilAsync(cluster, id);

        var status = (await JsonAsync(await client.GetAsync($"sweeps/{id}", Token))).GetProperty("status");
        var listed = (await JsonAsync(await client.GetAsync("sweeps", Token))).GetProperty("sweeps")[0];
        var page = await JsonAsync(await client.GetAsync("sweeps?after=nothing", Token));
        using var paused = await client.PostAsync($"sweeps/{id}/pause", content: null, Token);
        using var events = await client.GetAsync($"sweeps/{id}/events", Token);
        using var again = await client.PostAsJsonAsync("sweeps", new { text = "simulated: 5" }, Token);

        page.GetProperty("sweeps").GetArrayLength().ShouldBe(0, "nothing comes after what there is not");
        status.GetProperty("stage").GetString().ShouldBe("unreadable");
        var reason = status.GetProperty("reason").GetString()!;
        reason.ShouldStartWith("this version cannot plan it: ");
        listed.GetProperty("reason").GetString().ShouldBe(reason);
        foreach (var refused in (HttpResponseMessage[])[paused, events])
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict, gateway.Output);
            (await JsonAsync(refused)).GetProperty("detail").GetString().ShouldBe($"'{id}': {reason}");
        }

        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await JsonAsync(again)).GetProperty("detail").GetString()!.ShouldContain(reason);
    }

    [Fact]
    public async Task ATextThatDoesNotGoWithWhatIsStoredIsRejectedWithTheReason()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        using var gateway = await RunningGateway.StartAsync(cluster);
        using var client = new HttpClient { BaseAddress = new Uri($"{gateway.Address}/api/v1/") };
        using var valid = await client.PostAsJsonAsync("sweeps/validate", new { text = "simulated: 5" }, Token);
        var id = (await JsonAsync(valid)).GetProperty("good").GetProperty("id").GetString()!;
        await cluster.Sweep(id).Start(TestCluster.Record(id, 6), new SweepTerms(0, "local"));

        using var rejected = await client.PostAsJsonAsync("sweeps", new { text = "simulated: 5" }, Token);

        rejected.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, gateway.Output);
        (await JsonAsync(rejected))
            .GetProperty("detail")
            .GetString()!
            .ShouldContain($"Another sweep is stored as '{id}' already, with another text or seed");
    }

    /// <summary>As another version would have written it.</summary>
    private static async Task SpoilAsync(TestCluster cluster, string id)
    {
        await using (var store = new SqliteConnection($"Data Source={Path.Combine(cluster.Folder, "layerbench.db")}"))
        {
            await store.OpenAsync(Token);
            await using var spoil = store.CreateCommand();
            spoil.CommandText = "UPDATE sweeps SET spec = 'simulated: few' WHERE sweep = $sweep";
            spoil.Parameters.AddWithValue("$sweep", id);
            (await spoil.ExecuteNonQueryAsync(Token)).ShouldBe(1);
        }

        await cluster.Sweep(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
    }

    private static async Task<JsonElement> SubmitAsync(HttpClient client, string text)
    {
        using var submitted = await client.PostAsJsonAsync("sweeps", new { text }, Token);
        submitted.StatusCode.ShouldBe(HttpStatusCode.Created);
        return await JsonAsync(submitted);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
}
