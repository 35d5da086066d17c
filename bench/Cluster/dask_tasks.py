"""No-op tasks through Dask distributed: wall time, and processor time of the scheduler, its workers and the client."""

import json
import os
import sys
import time


def noop(number):
    return number


def cpu_seconds(pid):
    """Of a process and all below it, from /proc."""
    total, ticks = 0.0, os.sysconf("SC_CLK_TCK")
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(entry) == pid or int(fields[1]) == pid:
            own = sum(int(field) for field in fields[11:13]) / ticks
            total += own
            if int(entry) != pid:
                total += cpu_seconds(int(entry)) - own
    return total


def main():
    import distributed

    tasks, workers = int(sys.argv[1]), int(sys.argv[2])
    cluster = distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster, distributed.Client(cluster) as client:
        client.gather(client.map(noop, range(-500, 0), pure=False))
        before, start = cpu_seconds(os.getpid()), time.perf_counter()
        client.gather(client.map(noop, range(tasks), pure=False))
        seconds = time.perf_counter() - start
        spent = cpu_seconds(os.getpid()) - before
    print(json.dumps({"version": distributed.__version__, "seconds": seconds, "cpu_seconds": spent}))


if __name__ == "__main__":
    main()
