using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Engine.Workers;
using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;

namespace Layerbench.LocalCluster.Monitoring;

/// <summary>The cluster's own Prometheus: its configuration, the product's rules, its data.</summary>
internal sealed class PrometheusFolder(string path)
{
    private const string Program = "prometheus";

    /// <summary>Where distributions' packages and this build's rules come from.</summary>
    private const string RulesPrefix = "rules/";

    private string Configuration => Path.Combine(path, "prometheus.yaml");

    private string Targets => Path.Combine(path, "targets.json");

    /// <exception cref="BadInputException">It is not installed.</exception>
    public static string Require() =>
        Programs.Find(Program)
        ?? throw new BadInputException(
            "--prometheus: the program 'prometheus' is not on PATH; install it (Debian, Ubuntu: apt-get install "
                + "--no-install-recommends prometheus), or leave the option out: docs/operations.md says how to scrape with your own"
        );

    /// <summary>Starts it on loopback; it finds silos and gateway in a file that <see cref="Aim"/> writes.</summary>
    public ProcessMark Start(string program, int port, string log)
    {
        var rules = Path.Combine(path, "rules");
        Directory.CreateDirectory(rules);
        foreach (var (name, text) in Rules())
        {
            File.WriteAllText(Path.Combine(rules, name), text);
        }

        File.WriteAllText(
            Configuration,
            $"""
            global:
              scrape_interval: 5s
              evaluation_interval: 5s
            rule_files:
              - {rules}/*.yaml
            scrape_configs:
              - job_name: layerbench
                honor_labels: true
                file_sd_configs:
                  - files: [{Targets}]
                    refresh_interval: 5s

            """
        );
        return Detached.Start(
            [
                program,
                $"--config.file={Configuration}",
                $"--storage.tsdb.path={Path.Combine(path, "data")}",
                string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal),
            log
        );
    }

    /// <summary>Says who is scraped; it may run meanwhile.</summary>
    public void Aim(ClusterRecord record)
    {
        Directory.CreateDirectory(path);
        var targets = new[]
        {
            Target("layerbench-silo", record.Silos.Select(s => (s.Address, s.Ports.Http))),
            Target("layerbench-gateway", [("127.0.0.1", record.Port)]),
        };
        File.WriteAllText(Targets, JsonSerializer.Serialize(targets));
    }

    private static object Target(string job, IEnumerable<(string Host, int Port)> addresses) =>
        new
        {
            targets = addresses.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Host}:{a.Port}")),
            labels = new { job },
        };

    private static IEnumerable<(string Name, string Text)> Rules()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(RulesPrefix, StringComparison.Ordinal))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                yield return (name[RulesPrefix.Length..], reader.ReadToEnd());
            }
        }
    }
}
