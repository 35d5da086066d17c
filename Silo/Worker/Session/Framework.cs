using Layerbench.Worker.Devices;
using Layerbench.Worker.Fingerprint;

namespace Layerbench.Worker.Session;

/// <summary>libtorch did not load; the message says what to install.</summary>
internal sealed class FrameworkException(string message, Exception cause) : Exception(message, cause);

internal static class Framework
{
    /// <summary>Loads libtorch, sets its threads and opens the device.</summary>
    /// <exception cref="FrameworkException">The native libraries are not there or do not compute.</exception>
    public static ComputeDevice Load(string device, int threads, IReadOnlyDictionary<string, bool> flags)
    {
        if (threads < 1)
        {
            throw new ArgumentException($"threads: {threads} is too few; give at least 1.");
        }

        if (flags.Keys.FirstOrDefault(f => !ComputeDevice.KnownFlags.Contains(f)) is { } unknown)
        {
            throw new ArgumentException(
                $"flags: '{unknown}' is unknown; give {string.Join(", ", ComputeDevice.KnownFlags)}."
            );
        }

        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(threads);
            // Once set, or once used, this cannot change in a process; a second hello finds it set.
            if (torch.get_num_interop_threads() != 1)
            {
                torch.set_num_interop_threads(1);
            }

            RequireThatItComputes();
            MappedLibraries.Read().BindBlasThreads(threads);
        }
        catch (Exception e)
            when (e
                    is TypeInitializationException
                        or DllNotFoundException
                        or EntryPointNotFoundException
                        or BadImageFormatException
                        or NotSupportedException
            )
        {
            throw new FrameworkException(
                $"libtorch did not load: {(e.InnerException ?? e).Message.Split('\n')[0].Trim()} Install the native libraries: build "
                    + "the worker with the package TorchSharp-cpu, or with -p:LayerbenchCuda=true and an NVIDIA driver for a GPU, "
                    + "and see that libLibTorchSharp.so and libtorch are found (ldd on it names what is missing).",
                e
            );
        }

        var opened = ComputeDevice.Open(device);
        opened.Apply(flags);
        return opened;
    }

    /// <summary>
    /// A load that failed can be marked as done (dotnet/TorchSharp#1545): only a result shows that the libraries are there.
    /// </summary>
    private static void RequireThatItComputes()
    {
        using var scope = torch.NewDisposeScope();
        var product = torch.ones([2, 3], torch.ScalarType.Float32).matmul(torch.ones([3, 2], torch.ScalarType.Float32));
        if (product.sum().item<float>() is var sum and not 12f)
        {
            throw new NotSupportedException($"a product of two matrices of ones sums to {sum} and not to 12.");
        }
    }
}
