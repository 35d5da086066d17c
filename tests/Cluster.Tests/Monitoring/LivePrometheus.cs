using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Monitoring;

/// <summary>A Prometheus that scrapes every second, with the product's rules.</summary>
internal sealed partial class LivePrometheus : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-prometheus-").FullName;
    private readonly HttpClient client;
    private readonly Process process;
    private readonly DateTimeOffset begun = TimeProvider.System.GetUtcNow();

    private LivePrometheus(string program, int port, IReadOnlyList<int> silos, int gateway)
    {
        WriteRules(text => text);
        File.WriteAllText(
            Path.Combine(folder, "prometheus.yaml"),
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: ["{{folder}}/rules/*.yaml"]
            scrape_configs:
              - job_name: layerbench-silo
                honor_labels: true
                static_configs: [{ targets: [{{string.Join(", ", silos.Select(p => $"\"127.0.0.1:{p}\""))}}] }]
              - job_name: layerbench-gateway
                honor_labels: true
                static_configs: [{ targets: ["127.0.0.1:{{gateway}}"] }]

            """
        );
        process = Process.Start(
            new ProcessStartInfo(
                program,
                [
                    $"--config.file={folder}/prometheus.yaml",
                    $"--storage.tsdb.path={folder}/data",
                    $"--web.listen-address=127.0.0.1:{port}",
                    "--web.enable-lifecycle",
                    "--log.level=error",
                ]
            )
        )!;
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static async Task<LivePrometheus> StartAsync(int port, IReadOnlyList<int> silos, int gateway)
    {
        var made = new LivePrometheus(MonitoringTool.Need("prometheus"), port, silos, gateway);
        await Wait.UntilAsync(() => Gateway.RunningGateway.AnswersAsync(made.client, "/-/ready"));
        return made;
    }

    /// <summary>
    /// From now on alerts wait for a second only, and look back for two seconds where they looked back for a minute; what
    /// they compare, and with what, stays.
    /// </summary>
    public async Task ShortenAlertsAsync()
    {
        WriteRules(text =>
        {
            text = Pause().Replace(text, "for: 1s");
            text = Window()
                .Replace(
                    text,
                    w =>
                    {
                        var seconds = 2 * int.Parse(w.Groups["minutes"].Value, CultureInfo.InvariantCulture);
                        return string.Create(CultureInfo.InvariantCulture, $"{w.Groups["before"].Value}{seconds}s");
                    }
                );
            return text.Replace("+ 1800", "+ 60", StringComparison.Ordinal); // the half hour of LayerbenchEtaSlipped
        });
        (await client.PostAsync("/-/reload", content: null)).EnsureSuccessStatusCode();
    }

    /// <summary>Whether it had a number at any second since this was started.</summary>
    public async Task<bool> HasShownAsync(string expression)
    {
        var series = await AskAsync(
            "/api/v1/query_range",
            ("query", expression),
            ("start", Seconds(begun)),
            ("end", Seconds(TimeProvider.System.GetUtcNow())),
            ("step", "1")
        );
        return series.Any(s => s!["values"]!.AsArray().Any(v => v![1]!.GetValue<string>() != "NaN"));
    }

    /// <summary>Alerts that are firing now.</summary>
    public async Task<IReadOnlyList<string>> FiringAsync() =>
        [
            .. (await AskAsync("/api/v1/query", ("query", "ALERTS{alertstate=\"firing\"}")))
                .Select(s => s!["metric"]!["alertname"]!.GetValue<string>())
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    public Task<bool> IsFiringAsync(string alert) => AnyAsync($"ALERTS{{alertstate=\"firing\",alertname=\"{alert}\"}}");

    public Task<bool> IsFiringAsync(string alert, string label, string value) =>
        AnyAsync($"ALERTS{{alertstate=\"firing\",alertname=\"{alert}\",{label}=\"{value}\"}}");

    /// <summary>Whose series these are now.</summary>
    public async Task<IReadOnlyList<string>> InstancesAsync(string expression) =>
        [
            .. (await AskAsync("/api/v1/query", ("query", expression))).Select(s =>
                s!["metric"]!["instance"]!.GetValue<string>()
            ),
        ];

    public void Dispose()
    {
        client.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> AnyAsync(string expression) =>
        (await AskAsync("/api/v1/query", ("query", expression))).Count > 0;

    private async Task<JsonArray> AskAsync(string path, params (string Key, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Key, f.Value)));
        using var answer = await client.PostAsync(path, content);
        var said = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{form[0].Value}\n{said}");
        return JsonNode.Parse(said)!["data"]!["result"]!.AsArray();
    }

    private void WriteRules(Func<string, string> change)
    {
        var to = Directory.CreateDirectory(Path.Combine(folder, "rules")).FullName;
        foreach (var file in Directory.GetFiles(Checkout.File("deploy", "prometheus", "rules"), "*.yaml"))
        {
            // Recorded as often as they are scraped.
            var text = change(File.ReadAllText(file))
                .Replace("interval: 15s", "interval: 1s", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(to, Path.GetFileName(file)), text);
        }
    }

    private static string Seconds(DateTimeOffset at) =>
        (at.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bfor: \d+m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pause();

    [GeneratedRegex(
        @"(?<before>\[|offset )(?<minutes>\d+)m\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Window();
}
