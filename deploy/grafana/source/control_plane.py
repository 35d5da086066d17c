"""What gives out the work and takes the results."""

from panels import dashboard, lines, row, stat, steps, table
from quantiles import RATE, p50_p99, quantile

UP = 'up{job=~"layerbench-(silo|gateway)"}'
OURS = '{job=~"layerbench-(silo|gateway)"}'

DASHBOARD = dashboard(
    "layerbench-control-plane",
    "Control plane",
    "Dispatching, committing, recovering; silos and gateways themselves.",
    [],
    [
        row("Now"),
        stat(
            "Silos",
            "short",
            'sum(up{job="layerbench-silo"})',
            "That answer a scrape.",
            thresholds={"mode": "absolute", "steps": [{"value": None, "color": "red"}, {"value": 1, "color": "green"}]},
        ),
        stat(
            "Dispatch p99",
            "s",
            "layerbench:dispatch_latency_seconds:p99_5m",
            "From a device's asking until it has a slice, of the last 5 minutes.",
            thresholds=steps(0.1, 1),
        ),
        stat(
            "Commit p99",
            "s",
            "layerbench:commit_duration_seconds:p99_5m",
            "One transaction of the results store, of the last 5 minutes; an alert above 100 ms.",
            thresholds=steps(0.05, 0.1),
        ),
        stat(
            "Duplicates",
            "percentunit",
            "layerbench:results_duplicate:ratio10m or vector(0)",
            "Results of the last 10 minutes that were there already.",
            thresholds=steps(0.01, 0.05),
        ),
        row("Work out"),
        lines(
            "Dispatch latency",
            "s",
            [
                ("layerbench:dispatch_latency_seconds:p50_5m", "p50"),
                ("layerbench:dispatch_latency_seconds:p99_5m", "p99"),
            ],
            "From a device's asking until it has a slice.",
        ),
        lines(
            "Waiting in the queue",
            "s",
            p50_p99("queue_wait_seconds"),
            "From when a slice could have been given out until a device asked for it; long with more work than devices.",
        ),
        lines(
            "Leases expired",
            "cpm",
            [(f"60 * sum by (cause) (rate(layerbench_leases_expired_total[{RATE}]))", "{{cause}}")],
            "Per minute, by cause. Their cells are given out again.",
            more={"min": 0},
        ),
        lines(
            "Recovery",
            "s",
            [(quantile(0.99, "recovery_duration_seconds", ("kind",)), "{{kind}} p99")],
            "From when the loss of a worker, a silo or a sweep's coordinator was noticed until its cells were given out again.",
        ),
        row("Results in"),
        lines(
            "Results accepted",
            "cps",
            [(f"sum by (sweep) (rate(layerbench_results_accepted_total[{RATE}]))", "{{sweep}}")],
            "Launches per second, each once.",
        ),
        lines(
            "Results refused",
            "cps",
            [(f"sum by (reason) (rate(layerbench_results_rejected_total[{RATE}]))", "{{reason}}")],
            "Stale leases are usual after a loss. Duplicates that rise are told more often than they need be: an alert.",
            more={"min": 0},
        ),
        lines(
            "Commit duration",
            "s",
            p50_p99("commit_duration_seconds"),
            "One transaction of the results store. The lines are the warning and the alert.",
            thresholds=steps(0.05, 0.1),
        ),
        lines(
            "Commit batch",
            "short",
            p50_p99("commit_batch_size"),
            "Writes that share a transaction. Large batches and long commits together are a store that cannot keep up.",
        ),
        row("Processes"),
        lines(
            "Answering",
            "short",
            [(f"sum by (job) ({UP})", "{{job}}")],
            "Silos and gateways that answer a scrape.",
            more={"min": 0},
        ),
        table(
            "Versions",
            "short",
            "count by (job, version, commit, edition) (layerbench_build_info)",
            "How many processes run which version; two versions at once are an upgrade in progress.",
            {"job": "What", "version": "Version", "commit": "Commit", "edition": "Edition", "Value": "Processes"},
        ),
        lines(
            "Memory",
            "bytes",
            [(f"max by (job, instance) (dotnet_process_memory_working_set_bytes{OURS})", "{{job}} {{instance}}")],
            "Resident, of silos and gateways; workers are processes of their own and are not in it.",
        ),
        lines(
            "CPU",
            "percentunit",
            [(f"sum by (job, instance) (rate(dotnet_process_cpu_time_seconds_total{OURS}[{RATE}]))", "{{job}} {{instance}}")],
            "CPUs in use by silos and gateways themselves: what scheduling costs the machines that measure.",
        ),
        lines(
            "Garbage collection",
            "percentunit",
            [(f"sum by (job, instance) (rate(dotnet_gc_pause_time_seconds_total{OURS}[{RATE}]))", "{{job}} {{instance}}")],
            "Share of the time that a process stood still for it.",
        ),
        lines(
            "Thread pool's queue",
            "short",
            [(f"max by (job, instance) (dotnet_thread_pool_queue_length_total{OURS})", "{{job}} {{instance}}")],
            "Work that waits for a thread. Probes between silos wait with it, so a long queue looks like a dead silo.",
        ),
    ],
)
