using System.Text.Json;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Session;
using Layerbench.Worker.Variants;

// --describe prints what this worker can run; without arguments it speaks the protocol (docs/protocol.md).
if (args is ["--describe"])
{
    try
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(Description.Read(), ProtocolJson.Options));
        return 0;
    }
    catch (PlugInException e)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
}

if (args.Length > 0)
{
    Console.Error.WriteLine($"'{args[0]}' is unknown; give --describe, or nothing to speak the protocol.");
    return 2;
}

using var channel = ProtocolChannel.Open();
return new WorkerSession(channel).Run();
