"""One sweep: how far, how long still, what came out, what failed."""

from panels import bars, dashboard, lines, link, row, stat, steps, table, variable
from quantiles import RATE, p50_p99, quantile

S = '{sweep=~"$sweep"}'
STARTED = f"min_over_time(timestamp(layerbench_sweep_progress_ratio{S})[7d:1m])"
ELAPSED = f"time() - min by (sweep) ({STARTED})"

DASHBOARD = dashboard(
    "layerbench-sweep",
    "Sweep",
    "Progress, answers and failures of a sweep.",
    [variable("sweep", "Sweep", "label_values(layerbench_sweep_progress_ratio, sweep)", "Which sweeps are shown.")],
    [
        row("Progress"),
        stat(
            "Progress",
            "percentunit",
            f"max by (sweep) (layerbench_sweep_progress_ratio{S})",
            "Share of the plan that is decided: cells that ended, and points that are none.",
            "{{sweep}}",
            more={"min": 0, "max": 1},
        ),
        stat(
            "Time left",
            "s",
            f"max by (sweep) (layerbench_sweep_eta_seconds{S})",
            "Expected by the costs that finished cells have taught, on the devices that work now.",
            "{{sweep}}",
        ),
        stat(
            "Elapsed ÷ lower bound",
            "none",
            f"({ELAPSED}) / max by (sweep) (layerbench_sweep_makespan_lower_bound_seconds{S})",
            "Time since the sweep was first seen (at most 7 days) over the least that its cells could take on these devices. "
            "A finished sweep near 1 wasted nothing.",
            "{{sweep}}",
            more={"decimals": 2},
        ),
        stat(
            "Failure budget used",
            "percentunit",
            f"sweep:layerbench_failure_budget_used:ratio{S}",
            "Of the sweep's own budget, which stops it at 100%; of a tenth of the cells that ended, from the tenth on, where it has none. "
            "At 100% an alert.",
            "{{sweep}}",
            thresholds=steps(0.5, 1),
            more={"min": 0},
        ),
        lines(
            "Progress over time",
            "percentunit",
            [(f"max by (sweep) (layerbench_sweep_progress_ratio{S})", "{{sweep}}")],
            "A line that flattens while devices are busy is a sweep whose cells take longer than was expected.",
            more={"min": 0, "max": 1},
        ),
        lines(
            "Elapsed and left against the lower bound",
            "s",
            [
                (ELAPSED, "{{sweep}} elapsed"),
                (f"max by (sweep) (layerbench_sweep_eta_seconds{S})", "{{sweep}} left"),
                (f"max by (sweep) (layerbench_sweep_makespan_lower_bound_seconds{S})", "{{sweep}} lower bound"),
            ],
            "Elapsed grows as the clock goes; left should fall as fast. Elapsed may not pass the lower bound by much.",
        ),
        row("Cells"),
        lines(
            "Cells by state",
            "short",
            [(f"max by (sweep, state) (layerbench_cells{S})", "{{sweep}} {{state}}")],
            "Every cell of the plan, by what it is now.",
            stacked=True,
        ),
        lines(
            "Cells that ended",
            "cpm",
            [(f"60 * sum by (sweep, outcome) (rate(layerbench_cells_finished_total{S}[{RATE}]))", "{{sweep}} {{outcome}}")],
            "Per minute, by outcome.",
            stacked=True,
        ),
        lines(
            "Attempts by cause",
            "cpm",
            [(f"60 * sum by (sweep, cause) (rate(layerbench_attempts_total{S}[{RATE}]))", "{{sweep}} {{cause}}")],
            "Slices begun per minute. All but `first` are repetitions, each with its reason.",
        ),
        lines(
            "Failed cells",
            "percentunit",
            [
                (f"sweep:layerbench_cells_failed:ratio{S}", "{{sweep}}"),
                (f"sweep:layerbench_failure_budget_used:ratio{S}", "{{sweep}} of its budget"),
            ],
            "Incorrect, failed and poisoned cells of those that ended, and how much of the failure budget they are.",
            more={"min": 0},
        ),
        row("Answers"),
        bars(
            "Verdicts",
            "short",
            f"max by (sweep, variant, verdict) (layerbench_verdicts{S})",
            "Cells in which the variant is faster, slower or equivalent to the baseline, or in which that is not decided yet.",
            "{{variant}} {{verdict}}",
        ),
        bars(
            "Time ÷ baseline",
            "none",
            f"max by (sweep, variant) (layerbench_relative_time_ratio{S})",
            "Median over the cells. It says nothing of any one of them: look at the report for the map.",
            "{{variant}}",
            more={"decimals": 2},
        ),
        bars(
            "Share of the roofline",
            "percentunit",
            f"max by (sweep, variant) (layerbench_roofline_ratio{S})",
            "Median over the cells of the speed reached over what the device's measured peaks allow. "
            "Above 110% is impossible, so something is measured wrongly.",
            "{{variant}}",
            thresholds=steps(1.1),
            more={"min": 0, "max": 1.2},
        ),
        table(
            "Nodes of this sweep",
            "percentunit",
            f"max by (sweep, node) (layerbench_noise_ratio{S})",
            "Spread from launch to launch on each node that measured for the sweep. A click shows the node.",
            {"sweep": "Sweep", "node": "Node", "Value": "Noise"},
            links=[
                {
                    "title": "Devices of this node",
                    "url": "/d/layerbench-fleet?${__url_time_range}&var-datasource=${datasource}&var-node=${__data.fields.Node}",
                    "targetBlank": False,
                }
            ],
        ),
        row("Time"),
        lines(
            "Phases of a cell",
            "s",
            p50_p99("cell_duration_seconds", ("phase",)),
            "Start of the worker, correctness gate, warm-up, measuring, reporting; all sweeps together. "
            "Much beside measuring is overhead.",
            links=[link("The control plane", "layerbench-control-plane")],
        ),
        lines(
            "Waiting in the queue",
            "s",
            p50_p99("queue_wait_seconds"),
            "From when a slice could have been given out until a device got it; all sweeps together.",
        ),
        lines(
            "Expected against real time",
            "none",
            [(quantile(0.9, "cost_model_error_ratio", ("variant",)), "{{variant}} p90")],
            "Error of the costs that slices are ordered by: the larger of expected and real over the smaller, less 1. Large errors make the end of a sweep uneven.",
            size=(24, 8),
        ),
    ],
)
