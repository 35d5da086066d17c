"""Nodes and devices: what they do, what they wait for, what they draw."""

from panels import dashboard, lines, link, row, stat, steps, table, variable
from quantiles import RATE

N = '{node=~"$node"}'
D = '{node=~"$node", device=~"$device"}'
BUSY = f"sum by (node, device) (rate(layerbench_device_seconds_total{D}[{RATE}]))"
GPU = [link("This device alone", "layerbench-fleet", node="node", device="device")]

# DCGM names a machine and a GPU's UUID, neither of which a silo in a pod has as its node. One of the devices that have a UUID is
# taken, because for a while a silo that was started again has it under two names.
UTILISATION = (
    'avg by (node, device) (label_replace(DCGM_FI_DEV_GPU_UTIL, "uuid", "$1", "UUID", "(.+)")'
    f" * on (uuid) group_left (node, device) topk by (uuid) (1, layerbench_gpu_info{D}))"
)

DASHBOARD = dashboard(
    "layerbench-fleet",
    "Fleet",
    "Devices of all nodes: at work, idle and why, wasted time, power and clocks.",
    [
        variable("node", "Node", "label_values(layerbench_devices, node)", "Which nodes are shown."),
        variable("device", "Device", 'label_values(layerbench_device_seconds_total{node=~"$node"}, device)', "Which devices of them."),
    ],
    [
        row("Devices"),
        stat(
            "Busy",
            "short",
            f'sum(max by (node, kind) (layerbench_devices{{node=~"$node", state="busy"}}))',
            "Devices that run a slice now.",
        ),
        stat(
            "Idle",
            "short",
            f'sum(max by (node, kind) (layerbench_devices{{node=~"$node", state="idle"}}))',
            "Devices that wait; why stands below.",
        ),
        stat(
            "Draining",
            "short",
            f'sum(max by (node, kind) (layerbench_devices{{node=~"$node", state="draining"}}))',
            "Devices of nodes that end what they run and take no more.",
        ),
        stat(
            "Lost",
            "short",
            f'sum(max by (node, kind) (layerbench_devices{{node=~"$node", state="lost"}}))',
            "Devices of nodes that are not heard of; an alert after three leases.",
            thresholds=steps(1, 1),
        ),
        lines(
            "Devices by state",
            "short",
            [(f"sum by (state) (max by (node, kind, state) (layerbench_devices{N}))", "{{state}}")],
            "Over all kinds and nodes that are chosen.",
            stacked=True,
        ),
        table(
            "Nodes",
            "short",
            f"max by (node, kind, state) (layerbench_devices{N}) > 0",
            "Devices of each node by kind and state. A click shows the node alone.",
            {"node": "Node", "kind": "Kind", "state": "State", "Value": "Devices"},
            links=[
                {
                    "title": "This node alone",
                    "url": "/d/layerbench-fleet?${__url_time_range}&var-datasource=${datasource}&var-node=${__data.fields.Node}",
                    "targetBlank": False,
                }
            ],
        ),
        row("Use"),
        lines(
            "Time at work",
            "percentunit",
            [(BUSY, "{{node}} {{device}}")],
            "Share of the time that a device ran a slice.",
            links=GPU,
            more={"min": 0, "max": 1},
        ),
        lines(
            "Idle by reason",
            "percentunit",
            [(f"sum by (reason) (rate(layerbench_device_idle_seconds_total{D}[{RATE}]))", "{{reason}}")],
            "Devices' worth of idle time. `no_work`, `draining` and `paused` are as they should be, `not_selected`, `limit` and `other_device` as the sweeps want it; anything else while cells wait is a loss.",
            stacked=True,
            more={"min": 0},
        ),
        lines(
            "Idle while cells wait",
            "percentunit",
            [(f"node:layerbench_idle_with_work:ratio10m{N}", "{{node}}")],
            "Of all device time of the last 10 minutes; an alert above 1%.",
            thresholds=steps(0.01, 0.05),
            more={"min": 0},
        ),
        lines(
            "Wasted time",
            "percentunit",
            [(f"node:layerbench_wasted:ratio1h{N}", "{{node}}")],
            "Device time of the last hour whose result was not taken: launches that were cut off, leases that ran out.",
            thresholds=steps(0.02, 0.1),
            more={"min": 0},
        ),
        lines(
            "Share of the fleet by sweep",
            "percentunit",
            [
                (
                    f"sum by (sweep) (rate(layerbench_cells_finished_total[{RATE}]))"
                    f" / on () group_left () (sum(rate(layerbench_cells_finished_total[{RATE}])) > 0)",
                    "{{sweep}}",
                )
            ],
            "Cells that ended, by sweep. Cells of two sweeps need not cost the same.",
            stacked=True,
            more={"min": 0, "max": 1},
        ),
        lines(
            "Share per user",
            "percentunit",
            [("max by (user) (layerbench_user_share_ratio)", "{{user}}")],
            "Of the device time of late, of which half is forgotten every 10 minutes: by this the next free device is given out. "
            "Beyond 20 users the rest are `other`.",
            stacked=True,
            more={"min": 0, "max": 1},
        ),
        lines(
            "Devices by user",
            "short",
            [("max by (user) (layerbench_user_devices)", "{{user}}")],
            "Devices that work for each user's sweeps now; of equal priority all should have about as many.",
            stacked=True,
            more={"min": 0},
        ),
        lines(
            "Workers lost and leases expired",
            "cpm",
            [
                (f"60 * sum by (cause) (rate(layerbench_workers_lost_total[{RATE}]))", "worker {{cause}}"),
                (f"60 * sum by (cause) (rate(layerbench_leases_expired_total[{RATE}]))", "lease {{cause}}"),
            ],
            "Per minute, by cause.",
            links=[link("The control plane", "layerbench-control-plane")],
        ),
        row("GPUs"),
        lines(
            "Power",
            "watt",
            [(f"max by (node, device) (layerbench_gpu_power_watts{D})", "{{node}} {{device}}")],
            "What NVML says the board draws.",
            links=GPU,
        ),
        lines(
            "Clock",
            "hertz",
            [(f"max by (node, device) (layerbench_gpu_clock_hertz{D})", "{{node}} {{device}}")],
            "Of the multiprocessors. A clock that falls during a sweep is a device that is slowed down.",
            links=GPU,
        ),
        lines(
            "Memory",
            "bytes",
            [(f"max by (node, device) (layerbench_gpu_memory_used_bytes{D})", "{{node}} {{device}}")],
            "In use on the device, by whomever.",
            links=GPU,
        ),
        lines(
            "Slowed down",
            "percentunit",
            [(f"sum by (node, device) (rate(layerbench_gpu_throttle_seconds_total{D}[{RATE}]))", "{{node}} {{device}}")],
            "Share of the time that NVML says the device was slowed down; blocks measured meanwhile are set aside.",
            thresholds=steps(0.01, 0.1),
            links=GPU,
            more={"min": 0},
        ),
        lines(
            "Utilisation (DCGM)",
            "percent",
            [(UTILISATION, "{{node}} {{device}}")],
            "Of the fleet's GPUs, from NVIDIA's DCGM exporter where it is deployed, which knows them by their UUID; empty elsewhere.",
            links=GPU,
            more={"min": 0, "max": 100},
            size=(24, 8),
        ),
    ],
)
