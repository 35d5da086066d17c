using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Polly;
using Polly.Retry;

namespace Layerbench.Cli.Remote;

/// <summary>
/// A cluster's REST (docs/rest.md). Everything asked of it may be asked twice, submitting and commands too, so what is lost
/// on the way is asked again a few times. What the server refuses is a <see cref="BadInputException"/> with its words.
/// </summary>
internal sealed partial class RemoteServer : IDisposable
{
    private const int Attempts = 3;

    /// <summary>Until the answer begins.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    /// <summary>For what can be done without; a gateway itself says sooner that its cluster does not answer.</summary>
    private static readonly TimeSpan atOnce = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan longestRetryAfter = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;
    private readonly ServerTrust trust;
    private readonly ResiliencePipeline<HttpResponseMessage> pipeline;

    /// <param name="token">Null: the server asks for none.</param>
    /// <param name="trust">Null: as the system does.</param>
    public RemoteServer(Uri address, string? token, TimeProvider time, ServerTrust? trust = null)
    {
        Time = time;
        this.trust = trust ?? ServerTrust.OfSystem;
        var root = address.AbsoluteUri.TrimEnd('/') + "/api/v1/";
        http = new HttpClient(this.trust.Handler()) { BaseAddress = new Uri(root), Timeout = Timeout.InfiniteTimeSpan };
        Address = address.AbsoluteUri.TrimEnd('/');
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        pipeline = Pipeline(time);
    }

    /// <summary>Without a slash at its end.</summary>
    public string Address { get; }

    public TimeProvider Time { get; }

    /// <returns>The sweep, and whether it was not there before.</returns>
    /// <param name="file">What errors of the text are of.</param>
    public async Task<(SweepStatus Status, bool IsNew)> SubmitAsync(
        SweepSubmission submission,
        string file,
        CancellationToken cancellation
    )
    {
        using var response = await SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Post, "sweeps")
                {
                    Content = JsonContent.Create(submission, options: CoreJson.Options),
                },
            file,
            cancellation
        );
        return (await ReadAsync<SweepStatus>(response, cancellation), response.StatusCode == HttpStatusCode.Created);
    }

    public Task<SweepPage> ListAsync(SweepId? after, CancellationToken cancellation) =>
        GetAsync<SweepPage>(
            after is { } last ? $"sweeps?limit=100&after={Escaped(last)}" : "sweeps?limit=100",
            cancellation
        );

    public Task<SweepDetails> StatusAsync(SweepId sweep, CancellationToken cancellation) =>
        GetAsync<SweepDetails>($"sweeps/{Escaped(sweep)}", cancellation);

    /// <summary>How far the sweep is, asked once; null: the cluster does not answer.</summary>
    public async Task<SweepStatus?> StatusNowAsync(SweepId sweep, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"sweeps/{Escaped(sweep)}");
            using var response = await SendOnceAsync(request, cancellation).WaitAsync(atOnce, Time, cancellation);
            return response.IsSuccessStatusCode ? (await ReadAsync<SweepDetails>(response, cancellation)).Status : null;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Null: it is not there.</summary>
    public async Task<T?> FindAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        using var response = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellation);
        return response.StatusCode == HttpStatusCode.NotFound ? null
            : response.IsSuccessStatusCode ? await ReadAsync<T>(response, cancellation)
            : throw await ServerProblem.ReadAsync(response, sweepFile: null, cancellation);
    }

    public async Task<SweepStatus> CommandAsync(SweepId sweep, SweepCommand command, CancellationToken cancellation)
    {
        var path = $"sweeps/{Escaped(sweep)}/{command.ToString().ToLowerInvariant()}";
        using var response = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, path),
            sweepFile: null,
            cancellation
        );
        return await ReadAsync<SweepStatus>(response, cancellation);
    }

    public Task<IReadOnlyList<FleetNode>> NodesAsync(CancellationToken cancellation) =>
        GetAsync<IReadOnlyList<FleetNode>>("nodes", cancellation);

    public Task<IReadOnlyList<UserShare>> UsersAsync(CancellationToken cancellation) =>
        GetAsync<IReadOnlyList<UserShare>>("users", cancellation);

    public async Task DrainAsync(string node, bool drain, CancellationToken cancellation)
    {
        var body = drain ? """{"draining": true}""" : """{"draining": false}""";
        using var _ = await SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Put, $"nodes/{Uri.EscapeDataString(node)}")
                {
                    Content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json),
                },
            sweepFile: null,
            cancellation
        );
    }

    /// <summary>What has been measured of a sweep, as if its store were here.</summary>
    public RemoteResults Results(SweepId sweep) => new(this, sweep);

    /// <summary>What happens to a sweep.</summary>
    public RemoteEvents Events(SweepId sweep) => new(this, sweep);

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var response = await OpenAsync(path, cancellation);
        return await ReadAsync<T>(response, cancellation);
    }

    /// <summary>An answer that is read as it comes.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), sweepFile: null, cancellation);

    /// <summary>One request without another try: whoever follows events has tries of its own.</summary>
    public Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);

    public void Dispose() => http.Dispose();

    public static string Escaped(SweepId sweep) => Uri.EscapeDataString(sweep.Value);

    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> request,
        string? sweepFile,
        CancellationToken cancellation
    )
    {
        var response = await AskAsync(request, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ServerProblem.ReadAsync(response, sweepFile, cancellation);
        }
    }

    /// <summary>Whatever it answers.</summary>
    private async Task<HttpResponseMessage> AskAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        try
        {
            return await pipeline.ExecuteAsync(
                async token =>
                {
                    using var sent = request();
                    return await http.SendAsync(sent, HttpCompletionOption.ResponseHeadersRead, token)
                        .WaitAsync(patience, Time, token);
                },
                cancellation
            );
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            throw Unreachable(e);
        }
    }

    public BadInputException Unreachable(Exception? why) =>
        trust.Refusal(why) is { } refusal
            ? new($"{Address}: {refusal}", why)
            : new(
                $"{Address}: no answer{(why is null ? "" : $" ({why.Message})")}; check the address, and that the gateway runs there",
                why
            );

    /// <summary>A part of an answer that is read as it comes.</summary>
    /// <exception cref="BadInputException">The connection broke off.</exception>
    public async Task<T> PartAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(e);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            return await JsonSerializer.DeserializeAsync<T>(body, CoreJson.Options, cancellation)
                ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{Address}: answered what this version does not understand ({e.Message}); use the server's version of layerbench",
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(e);
        }
    }

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                        .Handle<HttpRequestException>(e => !ServerTrust.IsLasting(e))
                        .HandleResult(r =>
                            r.StatusCode
                                is HttpStatusCode.BadGateway
                                    or HttpStatusCode.ServiceUnavailable
                                    or HttpStatusCode.GatewayTimeout
                        ),
                    MaxRetryAttempts = Attempts,
                    Delay = TimeSpan.FromMilliseconds(300),
                    BackoffType = DelayBackoffType.Exponential,
                    DelayGenerator = retry => ValueTask.FromResult(RetryAfter(retry.Outcome.Result)),
                    OnRetry = retry =>
                    {
                        retry.Outcome.Result?.Dispose();
                        return default;
                    },
                }
            )
            .Build();

    /// <summary>What the server asks for; null: the usual.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage? response) =>
        response?.Headers.RetryAfter?.Delta is { } asked
            ? (asked < longestRetryAfter ? asked : longestRetryAfter)
            : null;
}
