#!/usr/bin/env python3
"""Validates the simulation on a grid of methods, models, networks and emulated processors.

Usage: bench/validation/validation_grid.py [--only REGEX] [--repeats R] [--budget TIME] [--data DATA] [--out DIR]
Each case is `lockstep validate`, which calibrates before each of its runs; hosts are those of tools/netcluster (root).
Held out is every second case that was not looked at while the model of time was made. Prints a table in Markdown and the
medians that docs/validation.md quotes; DIR keeps each case. Run it on a machine that does nothing else.
"""

import argparse
import json
import math
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
LOCKSTEP = str(ROOT / "build/release/bin/lockstep")
NETCLUSTER = str(ROOT / "tools/netcluster")

MODELS = {"softmax": [], "784-30-10": ["--hidden", "30"], "784-512-10": ["--hidden", "512"]}
# While the model of time was made.
LOOKED_AT = re.compile(r"2 cores 784-30-10|2 hosts, (1gbit|unlimited) 784-\d+-10 (gossip|sync-average (ring|tree))")
# Held out at first; their errors led to a mend of the calibration, after which they were run again.
MENDED = re.compile(r"\d emulated, .* in-turn")
COLLECTIVES = ("tree", "ring", "recursive-doubling", "rabenseifner", "flat", "library")
TWO_WORKERS = {
    **{f"sync-average {name}": ["--method", "sync-average", "--collective", name] for name in COLLECTIVES},
    "local-sgd": ["--method", "local-sgd", "--period", "5"],
    "in-turn": ["--method", "in-turn"],
    "gossip": ["--method", "gossip"],
    "easgd": ["--method", "easgd", "--period", "4"],
}
NOT_ACROSS_HOSTS = ("recursive-doubling", "rabenseifner", "flat")  # with two ranks they are like the others
SERVED = {  # one worker and the server: two ranks
    "by-arrival": ["--method", "by-arrival"],
    "bounded-staleness": ["--method", "bounded-staleness"],
    "easgd, server": ["--method", "easgd", "--server", "dedicated", "--period", "4"],
}
EMULATED = {
    "sync-average tree": TWO_WORKERS["sync-average tree"],
    "sync-average ring": TWO_WORKERS["sync-average ring"],
    "local-sgd": TWO_WORKERS["local-sgd"],
    "in-turn": TWO_WORKERS["in-turn"],
    "by-arrival": SERVED["by-arrival"],
    "bounded-staleness": SERVED["bounded-staleness"],
    "easgd, server": SERVED["easgd, server"],
    "gossip": TWO_WORKERS["gossip"],
}


class Group(NamedTuple):
    """Cases on the same ranks."""

    name: str
    model: str
    arguments: list[str]
    methods: dict[str, list[str]]
    workers: int
    bandwidth: str | None = None  # of tools/netcluster; None: this machine alone


def groups(data: str) -> Iterator[Group]:
    def training(samples: int, epochs: int = 2) -> list[str]:
        return ["--data", data, "--train-samples", str(samples), "--test-samples", "1000", "--epochs", str(epochs)]

    for model, hidden in MODELS.items():
        samples, epochs = {"softmax": (60000, 10), "784-30-10": (60000, 5), "784-512-10": (20000, 2)}[model]
        arguments = [*hidden, *training(samples, epochs)]
        yield Group("serial", model, arguments, {"serial": ["--method", "serial"]}, 1)
        yield Group("2 cores", model, arguments, TWO_WORKERS, 2)
        yield Group("2 cores, server", model, arguments, SERVED, 1)
    for bandwidth, samples in (("unlimited", 20000), ("1gbit", 10000), ("100mbit", 4000)):
        for model, hidden in MODELS.items():
            if model == "784-512-10":
                samples = {"unlimited": 10000, "1gbit": 4000, "100mbit": 1000}[bandwidth]
            name = f"2 hosts, {bandwidth}"
            methods = {key: value for key, value in TWO_WORKERS.items() if key.split()[-1] not in NOT_ACROSS_HOSTS}
            yield Group(name, model, [*hidden, *training(samples)], methods, 2, bandwidth)
            yield Group(f"{name}, server", model, [*hidden, *training(samples)], SERVED, 1, bandwidth)
    for workers in (4, 8):
        for speeds in ("equal", "one 4x slower"):
            slow = [] if speeds == "equal" else ["--speeds", ",".join(["1"] * (workers - 1) + ["0.25"])]
            arguments = ["--hidden", "30", "--emulate-speed", "500Mf", *slow, *training(1500 * workers)]
            yield Group(f"{workers} emulated, {speeds}", "784-30-10", arguments, EMULATED, workers)


def command(group: Group, words: list[str]) -> list[str]:
    if group.bandwidth is None:
        return [LOCKSTEP, *words]
    return [NETCLUSTER, "run", "--hosts", "2", "--bandwidth", group.bandwidth, "--", LOCKSTEP, *words,
            "--launcher-args", "{}"]


def run(words: list[str], allowed: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        sys.exit(f"{shlex.join(words)}\nended with {done.returncode}: {done.stderr}")


def validate(group: Group, method: list[str], options: argparse.Namespace, out: Path) -> dict:
    run(command(group, ["validate", *method, "--workers", str(group.workers), *group.arguments, "--budget", options.budget,
                        "--repeats", str(options.repeats), "--out", str(out)]), allowed=(0, 1, 5))
    return json.loads((out / "validation.json").read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose `group model method` matches")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--budget", default="20s", help="of a case's calibrations together")
    parser.add_argument("--data", default="mnist:../shared/mnist")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--resume", action="store_true", help="take cases that --out has, whatever they were run with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        rows = measure(options, options.out or Path(temporary))
    summarise(rows)


class Row(NamedTuple):
    case: str
    held_out: bool
    kind: str
    elapsed: dict
    staleness: dict | None
    learnt: str


def measure(options: argparse.Namespace, out: Path) -> list[Row]:
    print("| group | model | method | measured | spread | simulated | error | staleness | learnt | held out |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    rows, unseen = [], 0
    for group in groups(options.data):
        for name, method in group.methods.items():
            case = f"{group.name} {group.model} {name}"
            is_unseen = LOOKED_AT.match(case) is None
            unseen += is_unseen
            if not re.search(options.only, case):
                continue
            folder = out / re.sub(r"[^\w.-]+", "-", case)
            kept = folder / "validation.json"
            validation = json.loads(kept.read_text()) if options.resume and kept.exists() else validate(group, method, options, folder)
            held_out = is_unseen and unseen % 2 == 0 and not MENDED.match(case)
            rows.append(row_of(case, held_out, kind_of(group, name), validation))
            print(line_of(group, name, rows[-1]), flush=True)
    return rows


KINDS = ("synchronous", "asynchronous, in turn", "asynchronous, one worker and a server", "asynchronous, by timing")


def kind_of(group: Group, method: str) -> str:
    if method == "in-turn":
        return "asynchronous, in turn"
    if method not in SERVED:
        return "synchronous"
    return "asynchronous, one worker and a server" if group.workers == 1 else "asynchronous, by timing"


def row_of(case: str, held_out: bool, kind: str, validation: dict) -> Row:
    figures = {figure["name"]: figure for figure in validation["figures"]}
    parameters = validation["parameters"]["verdict"]
    learnt = {"pass": "same bits", "fail": "other bits"}.get(parameters)
    if learnt is None:
        accuracy = figures["accuracy"]
        gap = accuracy["simulated"]["median"] - accuracy["measured"]["median"]
        learnt = f"{gap:+.4f}{'' if accuracy['verdict'] != 'fail' else ' FAIL'}"
    staleness = figures.get("staleness") if kind == "asynchronous, by timing" else None  # or it is fixed
    return Row(case, held_out, kind, figures["elapsed"], staleness, learnt)


def line_of(group: Group, method: str, row: Row) -> str:
    measured, simulated = row.elapsed["measured"], row.elapsed["simulated"]
    spread = 100 * (measured["most"] - measured["least"]) / measured["median"]
    staleness = "-"
    if row.staleness:
        staleness = (f"{row.staleness['measured']['median']:.3g} / {row.staleness['simulated']['median']:.3g} "
                     f"({row.staleness['error_percent']:+.1f} %)")
    return (f"| {group.name} | {group.model} | {method} | {milliseconds(measured['median'])} | {spread:.1f} % "
            f"| {milliseconds(simulated['median'])} | {row.elapsed['error_percent']:+.1f} % | {staleness} "
            f"| {row.learnt} | {'yes' if row.held_out else ''} |")


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.4g} ms"


def summarise(rows: list[Row]) -> None:
    print("\n| cases | number | median error of time | 90th percentile | worst | above 15 % |\n|---|---|---|---|---|---|")
    for kind in KINDS:
        for held_out in (False, True):
            errors = sorted(abs(row.elapsed["error_percent"]) for row in rows
                            if row.kind == kind and row.held_out == held_out)
            if errors:
                name = f"{kind}, {'held out' if held_out else 'seen'}"
                tail = errors[min(len(errors) - 1, math.ceil(0.9 * len(errors)) - 1)]
                print(f"| {name} | {len(errors)} | {statistics.median(errors):.1f} % | {tail:.1f} % | {errors[-1]:.1f} % "
                      f"| {sum(error > 15 for error in errors)} |")
    stale = [abs(row.staleness["error_percent"]) for row in rows if row.staleness]
    if stale:
        print(f"\nStaleness, {len(stale)} cases: median error {statistics.median(stale):.1f} %, worst {max(stale):.1f} %, "
              f"{sum(error > 5 for error in stale)} above 5 %.")
    bad = [row.case for row in rows if "other" in row.learnt or "FAIL" in row.learnt]
    far = [row.case for row in rows if abs(row.elapsed["error_percent"]) > 15]
    print(f"\nAbove 15 %: {', '.join(far) or 'none'}.")
    print(f"\nLearnt differently: {', '.join(bad) or 'none'}.")


if __name__ == "__main__":
    main()
