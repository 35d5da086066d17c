using System.Diagnostics;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Devices;

/// <summary>
/// A stand-in for libnvidia-ml with two GPUs, compiled from C. In its folder a file <c>hot</c> makes them slow down for
/// heat, a file <c>slow</c> makes their clocks low for no reason; <c>reads</c> grows by a byte with each reading.
/// </summary>
internal static class FakeNvml
{
    public static string Compile(ScratchFolder folder)
    {
        var compiler = Programs.Find("cc") ?? Programs.Find("gcc");
        Assert.SkipWhen(compiler is null, "there is no C compiler here to build a stand-in for libnvidia-ml with");
        var source = folder.File("nvml.c");
        var library = folder.File("libnvidia-ml.so.1");
        File.WriteAllText(folder.File("reads"), "");
        File.WriteAllText(source, Source);
        using var process = Process.Start(
            compiler!,
            ["-shared", "-fPIC", $"-DFOLDER=\"{folder.Path}\"", "-o", library, source]
        );
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return library;
    }

    private const string Source = """
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>
        typedef struct { unsigned long long total, free, used; } memory_t;
        int nvmlInit_v2(void) { return 0; }
        int nvmlShutdown(void) { return 0; }
        int nvmlDeviceGetCount_v2(unsigned *n) { *n = 2; return 0; }
        int nvmlSystemGetDriverVersion(char *s, unsigned n) { snprintf(s, n, "570.1"); return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **d) { *d = (void *)(long)(i + 1); return 0; }
        int nvmlDeviceGetHandleByUUID(const char *u, void **d) {
          if (strncmp(u, "GPU-", 4) || u[4] < '0' || u[4] > '1' || strcmp(u + 5, "111")) return 6;
          *d = (void *)(long)(u[4] - '0' + 1);
          return 0;
        }
        int nvmlDeviceGetName(void *d, char *s, unsigned n) { snprintf(s, n, "Fake GPU %ld", (long)d - 1); return 0; }
        int nvmlDeviceGetUUID(void *d, char *s, unsigned n) { snprintf(s, n, "GPU-%ld111", (long)d - 1); return 0; }
        int nvmlDeviceGetMemoryInfo(void *d, memory_t *m) { m->total = 85899345920ull; m->used = 1073741824ull; m->free = m->total - m->used; return 0; }
        static int hot, slow; /* as of the clock, which is read first, so that a reading is of one state */
        int nvmlDeviceGetClockInfo(void *d, int which, unsigned *mhz) {
          if (which != 1) return 2;
          slow = access(FOLDER "/slow", F_OK) == 0;
          hot = access(FOLDER "/hot", F_OK) == 0;
          *mhz = slow ? 1700 : hot ? 1200 : 1980;
          return 0;
        }
        int nvmlDeviceGetCurrentClocksThrottleReasons(void *d, unsigned long long *r) {
          *r = hot ? 0x48 : 0x4;
          return 0;
        }
        int nvmlDeviceGetTemperature(void *d, int sensor, unsigned *c) { *c = hot ? 91 : 60; return 0; }
        int nvmlDeviceGetPowerUsage(void *d, unsigned *mw) {
          *mw = 412300;
          FILE *reads = fopen(FOLDER "/reads", "a");
          fputc('x', reads);
          fclose(reads);
          return 0;
        }
        """;
}
