"""A worker that speaks the protocol and misbehaves on demand; standard library only.

Arguments say how it starts. A variant's parameter `behave` says what happens when its cell is measured, and `once`, a
path, makes it happen only while no file is there.
"""
import json
import os
import signal
import subprocess
import sys
import time


def say(type_, **fields):
    sys.stdout.write(json.dumps({"type": type_, **fields}) + "\n")
    sys.stdout.flush()


def describe():
    print(json.dumps({
        "backend": "fake", "protocol": 1, "dtypes": ["float32"],
        "variants": [{
            "name": "fake.one", "summary": "s", "equation": "y = x", "citation": "none", "axes": [], "constraints": [],
            "parameters": "0", "forward_flops": "1", "forward_bytes": "1", "equal_to": [],
        }],
        "passes": [{"name": "forward", "summary": "s", "axes": [], "flops_factor": "1", "memory_factor": "1"}],
    }))


def grandchild(**options):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], **options)
    sys.stderr.write(f"grandchild {child.pid}\n")
    sys.stderr.flush()


def misbehave(how, cell):
    """True: go on with the answer."""
    if how == "exit":
        sys.stderr.write("last words\n")
        sys.stderr.flush()
        os._exit(3)
    if how == "exit_zero":
        os._exit(0)
    if how == "sigkill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "hang":
        time.sleep(600)
    if how == "grandchild_then_sigkill":
        grandchild()
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "grandchild_of_own_session_then_hang":
        grandchild(start_new_session=True)
        time.sleep(600)
    if how == "garbage":
        sys.stdout.write("Segmentation fault (core dumped)\n")
        sys.stdout.flush()
        time.sleep(600)
    if how == "untyped":
        sys.stdout.write('{"cell": "x"}\n')
        sys.stdout.flush()
        time.sleep(600)
    if how == "unknown_type":
        say("surprise", cell=cell)
        time.sleep(600)
    if how == "half_line":
        sys.stdout.write('{"type": "measured", "ce')
        sys.stdout.flush()
        os._exit(0)
    if how == "huge_line":
        sys.stdout.write("x" * (17 * 1024 * 1024))
        sys.stdout.flush()
        time.sleep(600)
    if how == "close_stdout":
        os.close(1)
        time.sleep(600)
    if how == "other_cell":
        say("warmed", cell="another", seconds=0.1, blocks=1, steady=True, iterations=[1])
        time.sleep(600)
    if how == "out_of_turn":
        say("released", cell=cell)
        time.sleep(600)
    if how in ("unsupported", "incorrect", "oom", "error"):
        say("error", cell=cell, kind=how, message=f"told to be {how}")
        return False
    return True


def await_readings(folder):
    """Until the stand-in for libnvidia-ml in the folder has been read once more, whole."""
    def read():
        return os.path.getsize(os.path.join(folder, "reads"))
    target, deadline = read() + 2, time.monotonic() + 20
    while read() < target and time.monotonic() < deadline:
        time.sleep(0.001)


def measure_on_gpu(message, variants, folder):
    """Every block has a reading before and after it; during block 2 the GPU is hot, during block 4 its clock is low."""
    cell, orders = message["cell"], message["orders"]
    say("warmed", cell=cell, seconds=0.2, blocks=10, steady=True, iterations=[7] * variants)
    rows, states = [], {2: "hot", 4: "slow"}
    await_readings(folder)
    for block, order in enumerate(orders):
        begin = time.monotonic_ns()
        if block in states:
            state = os.path.join(folder, states[block])
            open(state, "w").close()
            await_readings(folder)
            os.remove(state)
            await_readings(folder)
        spent = time.monotonic_ns() - begin
        for position, variant in enumerate(order):
            start = begin if position == 0 else time.monotonic_ns()
            rows.append([variant, block, position, 7, max(spent, 1000), 900, -1, 0, -1, start])
            spent = 0
        await_readings(folder)
    say("samples", cell=cell, rows=rows)
    say("measured", cell=cell, seconds=0.5)


CURVES = {
    "curves": {"series": [None, {"loss": [[1, 0.75], [2, None], [3, 0.5]]}]},
    "too_few_curves": {"series": [None]},
}


def measure(message, variants, how):
    cell, orders = message["cell"], message["orders"]
    say("warmed", cell=cell, seconds=0.2, blocks=10, steady=True, iterations=[7] * variants)
    rows = []
    for block, order in enumerate(orders):
        for position, variant in enumerate(order):
            rows.append([variant, block, position, 7, 1000 + variant, 900, -1, 0, -1])
    half = len(rows) // 2
    say("samples", cell=cell, rows=rows[:half])
    say("samples", cell=cell, rows=rows[half + (1 if how == "short" else 0):])
    say("measured", cell=cell, seconds=0.5, **CURVES.get(how, {}))


def train(message, variants, how):
    """Every variant 100 steps; accuracy is its learning rate. Rungs are waited at."""
    cell, answers = message["cell"], []
    for place, variant in enumerate(variants):
        accuracy = variant["parameters"].get("learning_rate", 0.5)
        answer = {"status": "finished", "steps": 100, "seconds": 0.25,
                  "values": {"accuracy": accuracy, "loss": 0.5},
                  "series": {"accuracy": [[50, 0.25], [100, accuracy]]}}
        if how == "diverge":
            answer.update(status="diverged", steps=7, values={}, series={"accuracy": [[5, 0.5], [7, None]]})
        elif how == "no_metric":
            answer["values"] = {"accuracy": None}
        elif how == "bad_status":
            answer["status"] = "bored"
        elif how == "bad_point":
            answer["series"] = {"accuracy": [[1, 2, 3]]}
        for step in [33] if how == "other_rung" else message["rungs"]:
            say("progress", cell=cell, variant=place, step=step, values={"accuracy": accuracy, "loss": None})
            say("rung", cell=cell, variant=place, step=step, value=accuracy)
            decided = json.loads(sys.stdin.readline())
            assert (decided["type"], decided["cell"], decided["variant"]) == ("decide", cell, place), decided
            if how == "die_after_rung":
                os.kill(os.getpid(), signal.SIGKILL)
            if not decided["go"]:
                answer.update(status="pruned", steps=step)
                break
        answers.append(answer)
    say("trained", cell=cell, seconds=0.75, variants=answers[1:] if how == "too_few" else answers)


def environment():
    names = ("LD_PRELOAD", "MALLOC_MMAP_THRESHOLD_", "OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES")
    return {
        "allocator": os.environ.get("LD_PRELOAD", "none"),
        **({n: os.environ.get(n, "unset") for n in names} if "--echo" in sys.argv else {}),
        **({"cpus_seen": ",".join(map(str, sorted(os.sched_getaffinity(0))))} if "--echo" in sys.argv else {}),
        **({"random": str(time.time_ns())} if "--restless" in sys.argv else {}),
        **({"says": open(sys.argv[sys.argv.index("--says") + 1]).read()} if "--says" in sys.argv else {}),
    }


def main():
    if "--describe" in sys.argv:
        if "--cannot-describe" in sys.argv:
            sys.exit("ModuleNotFoundError: No module named 'torch'")
        describe()
        return
    if "--cannot-start" in sys.argv:
        sys.exit("ImportError: libtorch.so: cannot open shared object file")
    if "--silent" in sys.argv:
        time.sleep(600)
    if "--flood" in sys.argv:
        line = ("y" * 1023 + "\n").encode()
        for _ in range(100 * 1024):
            os.write(2, line)
        os.write(2, b"end of flood\n")
    if "--log" in sys.argv:
        with open(sys.argv[sys.argv.index("--log") + 1], "a") as log:
            log.write(f"start {os.getpid()}\n")
    variants, how, once = [], None, None
    for line in sys.stdin:
        message = json.loads(line)
        kind = message["type"]
        if kind == "hello":
            version = 99 if "--version" in sys.argv else 1
            say("hello", protocol=version, backend="fake", version="1.0", environment=environment())
        elif kind == "prepare":
            variants = message["variants"]
            parameters = variants[0]["parameters"]
            how, once = parameters.get("behave"), parameters.get("once")
            error = 1e-7 if message["gate"] else None
            facts = [{"label": v["label"], "parameter_count": 5, "forward_error": error} for v in variants]
            say("prepared", cell=message["cell"], gate_seconds=0.125 if message["gate"] else 0.0, variants=facts)
        elif kind in ("measure", "memory", "train"):
            strikes = how is not None and (once is None or not os.path.exists(once))
            if strikes and once is not None:
                open(once, "w").close()
            if strikes and not misbehave(how, message["cell"]):
                continue
            if kind == "train":
                train(message, variants, how if strikes else None)
            elif kind == "measure" and "--nvml" in sys.argv:
                measure_on_gpu(message, len(variants), sys.argv[sys.argv.index("--nvml") + 1])
            elif kind == "measure":
                measure(message, len(variants), how if strikes else None)
            else:
                say("memory", cell=message["cell"], peak_bytes=[4096] * len(variants), method="fake")
        elif kind == "canary":
            if "--canary" in sys.argv:
                how = sys.argv[sys.argv.index("--canary") + 1]
                if how == "tired":
                    rate = 4e9 if variants else 5e9
                elif not misbehave(how, None):
                    continue
            else:
                rate = 5e9
            say("canary", gemm_flops_per_second=rate, triad_bytes_per_second=1e10)
        elif kind == "release":
            say("released", cell=message["cell"])
        elif kind == "bye":
            if "--deaf-to-bye" in sys.argv:
                time.sleep(600)
            say("bye")
            return


if "--noread" in sys.argv:
    time.sleep(600)
main()
