using Layerbench.Engine.Devices;
using Layerbench.Engine.Tests.Stores;

namespace Layerbench.Engine.Tests.Devices;

/// <summary>A /proc and a /sys of a test's own.</summary>
internal sealed class FakeMachine : IDisposable
{
    private readonly ScratchFolder folder = new();

    public FakeMachine()
    {
        Write("proc/meminfo", "MemTotal:       1000000 kB\nMemFree:        1 kB\n");
        Write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Test CPU 9000\n");
        Write("proc/self/status", "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n");
    }

    public HostFiles Files => new(folder.File("proc"), folder.File("sys"));

    public FakeMachine Write(string path, string text)
    {
        var file = folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public void Dispose() => folder.Dispose();
}
