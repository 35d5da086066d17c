using System.CommandLine;
using Layerbench.Cli.Views;
using Layerbench.Engine.Devices;

namespace Layerbench.Cli.Commands;

/// <summary>Lists what can be measured on.</summary>
internal static class DevicesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new DocumentedCommand(
            "devices",
            "List the devices of this machine, as `devices:` and --devices name them.",
            "layerbench devices",
            "layerbench run sweep.yaml --devices cpu:0-3,cpu:4-7"
        );
        command.SetAction(_ => terminal.Write(DevicesView.Draw(DeviceDiscovery.OfThisMachine().Find())));
        return command;
    }
}
