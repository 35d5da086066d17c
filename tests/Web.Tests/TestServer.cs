using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Access;
using Layerbench.Core.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Layerbench.Web.Tests;

/// <summary>The REST server on a real Kestrel and a free port, over a <see cref="ServedEngine"/>.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public static readonly SubmitLimits Limits = new() { SpecBytes = 4096 };

    private readonly string? tokenFolder;
    private WebApplication app;

    private TestServer(ServedEngine engine, WebApplication app, string? tokenFolder)
    {
        (Engine, this.app, this.tokenFolder) = (engine, app, tokenFolder);
        Address = app.Urls.Single();
    }

    public ServedEngine Engine { get; }
    public string Address { get; }
    public IServiceProvider Services => app.Services;
    public string TokenFile => Path.Combine(tokenFolder!, "tokens");

    /// <summary>Without tokens: whoever asks is an admin.</summary>
    public static async Task<TestServer> StartAsync()
    {
        var engine = new ServedEngine();
        return new TestServer(engine, await ListenAsync(engine, "", "http://127.0.0.1:0"), tokenFolder: null);
    }

    /// <param name="lines">Of its token file.</param>
    public static async Task<TestServer> StartAsync(params TokenEntry[] lines)
    {
        var folder = Directory.CreateTempSubdirectory("layerbench-tokens-").FullName;
        var path = Path.Combine(folder, "tokens");
        await File.WriteAllLinesAsync(path, lines.Select(l => l.ToString()));
        var engine = new ServedEngine();
        return new TestServer(engine, await ListenAsync(engine, path, "http://127.0.0.1:0"), folder);
    }

    /// <summary>Another server over the same engine, with the same tokens.</summary>
    public Task<WebApplication> BesideAsync() =>
        ListenAsync(Engine, tokenFolder is null ? "" : TokenFile, "http://127.0.0.1:0");

    /// <summary>Ends the server with all its connections, and starts another in its place, over the same engine.</summary>
    public async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        await app.StopAsync();
        await app.DisposeAsync();
        if (meanwhile is not null)
        {
            await meanwhile();
        }

        app = await ListenAsync(Engine, "", Address);
    }

    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(Address) };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public async Task<SweepStatus> SubmitAsync(string text)
    {
        using var client = Client();
        using var response = await client.PostAsJsonAsync("/api/v1/sweeps", new { text });
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return await ReadAsync<SweepStatus>(response);
    }

    public async Task<SweepId> SubmitAsync(string text, HttpClient client)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/sweeps", new { text });
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return (await ReadAsync<SweepStatus>(response)).Id;
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(), CoreJson.Options)!;

    /// <summary>The words of a problem.</summary>
    public static async Task<string> DetailAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return (await ReadAsync<JsonElement>(response)).GetProperty("detail").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await Engine.DisposeAsync();
        if (tokenFolder is not null)
        {
            Directory.Delete(tokenFolder, recursive: true);
        }
    }

    private static async Task<WebApplication> ListenAsync(ServedEngine engine, string tokens, string url)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton<ISweepEngine>(engine);
        builder.Services.AddWebApi(new WebSettings { Tokens = tokens, Limits = Limits });
        var built = builder.Build();
        built.MapWebApi();
        await built.StartAsync();
        return built;
    }
}
