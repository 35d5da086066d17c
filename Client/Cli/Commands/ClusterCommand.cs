using System.CommandLine;
using Layerbench.Cli.Cluster;
using Layerbench.Cli.Doctor;
using Layerbench.LocalCluster;
using Layerbench.LocalCluster.Records;

namespace Layerbench.Cli.Commands;

/// <summary>A cluster on this machine: PostgreSQL, silos and a gateway, to try one or to use all of a machine's devices.</summary>
internal static class ClusterCommand
{
    public static Command Create(Terminal terminal, TimeProvider time) =>
        new DocumentedCommand(
            "cluster",
            "Run a cluster on this machine: PostgreSQL, silos and a gateway.",
            "layerbench cluster up --silos 3",
            "layerbench cluster status",
            "layerbench cluster down"
        )
        {
            Up(terminal, time),
            Status(terminal, time),
            Down(terminal, time),
        };

    private static DocumentedCommand Up(Terminal terminal, TimeProvider time)
    {
        var silos = Number(
            "--silos",
            $"How many silos; {ClusterPlan.UsualSilos} if not given. They share the machine's devices out.",
            1,
            ClusterPlan.MostSilos
        );
        var postgres = new Option<string?>("--postgres")
        {
            Description = "A PostgreSQL that runs already, in place of one of the cluster's own.",
            HelpName = "CONNECTION",
        };
        var port = Number("--port", $"Of the gateway, on loopback; {ClusterPlan.UsualPort} if not given.", 1, 65535);
        var prometheus = new Option<bool>("--prometheus")
        {
            Description = "Start a Prometheus too, with the product's rules, that scrapes silos and gateway.",
        };
        var prometheusPort = Number(
            "--prometheus-port",
            $"Of that, on loopback, and asks for it; {ClusterPlan.UsualPrometheusPort} if not given.",
            1,
            65535
        );
        var simulated = Number("--simulated", "So many simulated devices a silo, in place of real ones.", 1, 1000);
        var folder = Folder();
        var command = new DocumentedCommand(
            "up",
            "Start a cluster on this machine, or what is missing of it.",
            "layerbench cluster up --silos 3",
            "layerbench cluster up --simulated 4 --port 8090",
            "layerbench cluster up --prometheus",
            "layerbench cluster up --postgres 'Host=db;Username=bench;Database=bench'"
        )
        {
            silos,
            postgres,
            port,
            simulated,
            prometheus,
            prometheusPort,
            folder,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var signals = new EarlyStop(cancellation);
                var place = new ClusterFolder(parsed.GetValue(folder)!);
                var start = new ClusterStart(place, Programs(), Say(terminal), time);
                try
                {
                    var record = await start.UpAsync(
                        new ClusterPlan
                        {
                            Silos = parsed.GetValue(silos),
                            Postgres = parsed.GetValue(postgres),
                            Port = parsed.GetValue(port),
                            Simulated = parsed.GetValue(simulated),
                            Prometheus = parsed.GetValue(prometheus),
                            PrometheusPort = parsed.GetValue(prometheusPort),
                        },
                        signals.Stop
                    );
                    await terminal.Output.WriteAsync(OwnName.In(ClusterText.Ready(record, place)));
                    return ExitCode.Done;
                }
                catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
                {
                    Say(terminal)("stopped; what had been started is stopped again");
                    return ExitCode.Interrupted;
                }
            }
        );
        return command;
    }

    private static DocumentedCommand Status(Terminal terminal, TimeProvider time)
    {
        var folder = Folder();
        var command = new DocumentedCommand(
            "status",
            "Say what of the cluster on this machine is up; exit code 3 where not all is.",
            "layerbench cluster status"
        )
        {
            folder,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var place = new ClusterFolder(parsed.GetValue(folder)!);
                RequireCluster(place);
                using var parts = new ClusterParts(place, Programs(), time);
                var found = await PartStatus.AllAsync(parts, cancellation);
                terminal.Write(ClusterText.Table(found));
                var options = parsed.GetResult(folder) is { Implicit: false }
                    ? $" --dir {parsed.GetValue(folder)}"
                    : "";
                await terminal.Output.WriteAsync(OwnName.In(ClusterText.Remedy(found, options)));
                return found.All(p => p.State == PartState.Ready) ? ExitCode.Done : ExitCode.SomeCellsFailed;
            }
        );
        return command;
    }

    private static DocumentedCommand Down(Terminal terminal, TimeProvider time)
    {
        var wipe = new Option<bool>("--wipe") { Description = "Remove the folder too: results, logs, all of it." };
        var folder = Folder();
        var command = new DocumentedCommand(
            "down",
            "Stop the cluster on this machine; its results stay for the next 'up'.",
            "layerbench cluster down",
            "layerbench cluster down --wipe"
        )
        {
            wipe,
            folder,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var place = new ClusterFolder(parsed.GetValue(folder)!);
                RequireCluster(place);
                var wiped = parsed.GetValue(wipe);
                await new ClusterStop(place, Programs(), Say(terminal), time).DownAsync(wiped, cancellation);
                await terminal.Output.WriteLineAsync(
                    wiped
                        ? $"the cluster is down, and {place.Path} is removed"
                        : $"the cluster is down; its results stay in {place.Path}"
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static ClusterPrograms Programs() =>
        ClusterPrograms.Require(AppContext.BaseDirectory, Edition.Missing(typeof(ClusterCommand).Assembly));

    private static void RequireCluster(ClusterFolder place)
    {
        if (place.Read() is null)
        {
            throw new BadInputException(
                $"'{place.Path}' has no cluster; start one with 'layerbench cluster up', or name its folder with --dir"
            );
        }
    }

    private static Action<string> Say(Terminal terminal) => line => terminal.Error.WriteLine($"cluster: {line}");

    private static Option<string> Folder() =>
        new("--dir")
        {
            Description = "The cluster's folder: its database, logs, and what is running.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ClusterFolder.Usual,
        };

    private static Option<int?> Number(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is { } given && (given < least || given > most))
            {
                result.AddError($"{name}: {given} is not from {least} to {most}");
            }
        });
        return option;
    }
}
