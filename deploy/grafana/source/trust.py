"""Whether the figures can be believed."""

from panels import BAD, GOOD, bars, dashboard, lines, row, stat, steps, variable
from quantiles import RATE

S = '{sweep=~"$sweep", node=~"$node"}'
BY_SWEEP = '{sweep=~"$sweep"}'

DASHBOARD = dashboard(
    "layerbench-trust",
    "Trust",
    "Controls, noise, what was set aside: whether a sweep's figures can be believed.",
    [
        variable("sweep", "Sweep", "label_values(layerbench_control_false_positive_ratio, sweep)", "Which sweeps are shown."),
        variable("node", "Node", 'label_values(layerbench_noise_ratio{sweep=~"$sweep"}, node)', "Which nodes are shown."),
    ],
    [
        row("Controls"),
        stat(
            "False positives",
            "percentunit",
            f"max(layerbench_control_false_positive_ratio{S})",
            "Share of the controls in which identical code was called different, on the worst node. 5% is the bound. "
            "With few controls a single one is a large share: the table of the sweep has the interval.",
            thresholds=steps(0.02, 0.05),
            size=(8, 4),
            more={"min": 0},
        ),
        stat(
            "Power",
            "percentunit",
            f"min(layerbench_control_power_ratio{S})",
            "Share of the controls with 3% of extra work in which that was found, on the worst node.",
            thresholds={
                "mode": "absolute",
                "steps": [{"value": None, "color": "red"}, {"value": 0.8, "color": "orange"}, {"value": 0.95, "color": "green"}],
            },
            size=(8, 4),
            more={"min": 0, "max": 1},
        ),
        stat(
            "Noise",
            "percentunit",
            f"max(layerbench_noise_ratio{S})",
            "Spread of a cell's time from launch to launch, on the worst node. Noise costs launches before it costs truth.",
            thresholds=steps(0.05, 0.2),
            size=(8, 4),
            more={"min": 0},
        ),
        lines(
            "False positives by node",
            "percentunit",
            [(f"max by (sweep, node) (layerbench_control_false_positive_ratio{S})", "{{sweep}} {{node}}")],
            "Identical code called different. One node far above the others has trouble of its own.",
            thresholds=steps(0.05, 0.1),
            more={"min": 0},
        ),
        lines(
            "Power by node",
            "percentunit",
            [(f"min by (sweep, node) (layerbench_control_power_ratio{S})", "{{sweep}} {{node}}")],
            "3% of extra work found.",
            more={"min": 0, "max": 1},
        ),
        row("Noise"),
        lines(
            "Noise by node",
            "percentunit",
            [(f"max by (sweep, node) (layerbench_noise_ratio{S})", "{{sweep}} {{node}}")],
            "Spread from launch to launch. A step is a machine that changed: another user, a governor, heat.",
            more={"min": 0},
        ),
        lines(
            "Noise against an hour before",
            "none",
            [
                (
                    f"max by (sweep, node) (layerbench_noise_ratio{S})"
                    f" / (max by (sweep, node) (layerbench_noise_ratio{S} offset 1h) > 0)"
                    f" or max by (sweep, node) (layerbench_noise_ratio{S}) * 0 + 1",
                    "{{sweep}} {{node}}",
                )
            ],
            "1 is a machine that is as it was; also 1 where nothing was measured an hour ago.",
            more={"min": 0},
        ),
        lines(
            "Drift of canaries",
            "none",
            [(f"max by (sweep, node) (layerbench_canary_drift_ratio{S})", "{{sweep}} {{node}}")],
            "The same work, timed again and again: its rate over that of the time before, where it was furthest from 1 in all of the sweep. "
            "By more than 5% either way the device was not the same at both. Below 1 it became slower.",
            thresholds={
                "mode": "absolute",
                "steps": [
                    {"value": None, "color": BAD},
                    {"value": 0.9524, "color": GOOD},
                    {"value": 1.05, "color": BAD},
                ],
            },
            size=(24, 8),
            more={"decimals": 3},
        ),
        row("Set aside"),
        lines(
            "Blocks set aside",
            "percentunit",
            [(f"max by (sweep, node, reason) (layerbench_excluded_ratio{S})", "{{sweep}} {{node}} {{reason}}")],
            "On outside evidence alone: something else had the CPU (`preempted`), waited for it (`cpu_pressure`), or the GPU was slowed down "
            "(`gpu_slowed`). The sum over the reasons is what stands under the sweep's table; above 10% look at the machine.",
            thresholds=steps(0.1, 0.3),
            more={"min": 0},
        ),
        bars(
            "Cells without a verdict",
            "percentunit",
            f'sum by (sweep, outcome) (layerbench_cells_finished_total{{sweep=~"$sweep", outcome!="completed"}})'
            f" / on (sweep) group_left () (sum by (sweep) (layerbench_cells_finished_total{BY_SWEEP}) > 0)"
            f" or sum by (sweep) (layerbench_cells_finished_total{BY_SWEEP}) * 0",
            "Of the cells that ended: skipped with a reason, incorrect, unconverged, failed or poisoned. "
            "What is left out of an answer can bias it.",
            "{{sweep}} {{outcome}}",
            more={"min": 0, "max": 1},
        ),
        lines(
            "Inconclusive",
            "percentunit",
            [
                (
                    f'(sum by (sweep) (layerbench_verdicts{{sweep=~"$sweep", verdict="inconclusive"}})'
                    f" or sum by (sweep) (layerbench_verdicts{BY_SWEEP}) * 0)"
                    f" / (sum by (sweep) (layerbench_verdicts{BY_SWEEP}) > 0)",
                    "{{sweep}}",
                )
            ],
            "Share of the comparisons that are not decided (yet).",
            more={"min": 0, "max": 1},
        ),
        lines(
            "Slowed down",
            "percentunit",
            [(f'sum by (node, device) (rate(layerbench_gpu_throttle_seconds_total{{node=~"$node"}}[{RATE}]))', "{{node}} {{device}}")],
            "Share of the time that NVML says a GPU was slowed down; blocks measured meanwhile are set aside.",
            thresholds=steps(0.01, 0.1),
            more={"min": 0},
        ),
        lines(
            "Results refused",
            "cpm",
            [(f"60 * sum by (reason) (rate(layerbench_results_rejected_total[{RATE}]))", "{{reason}}")],
            "Told under a lease that was over, or told before. Neither is in any answer.",
            more={"min": 0},
        ),
    ],
)
