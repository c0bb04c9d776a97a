#!/usr/bin/env python3
"""What `--events full` costs a run, against the same run without.

Usage: bench/events/event_cost.py [--bin build/release/bin] [--repetitions 20] [--world real sim] [lockstep options ...]

Real runs are compared by the time that they measure themselves (elapsed_s), simulated ones by their wall time. Each repetition is a
pair of runs, in turn the one or the other first. Printed are the median of the pairs' ratios, a 95 % interval of that median, by ranks
(binomial), and the ratio of the two shortest runs; and the load of the machine before and after, which should be that of these runs.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORD_BYTES = 64
DEFAULT = ["--method", "sync-average", "--workers", "2", "--hidden", "64", "--epochs", "30"]


def run(lockstep, world, options, events):
    """Seconds of one run, and how many bytes of events it has left."""
    with tempfile.TemporaryDirectory() as folder:
        words = [lockstep, world, *options, "--events", events, "--out", folder, "--format", "json"]
        result = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)
        size = sum(path.stat().st_size for path in pathlib.Path(folder).glob("events/*"))
        seconds = result["summary"]["elapsed_s"] if world == "real" else result["provenance"]["wall_s"]
        return seconds, size


def median_interval(values):
    """Order statistics that hold the median with at least 95 %, or all values where there are too few."""
    values, count = sorted(values), len(values)
    below, outside = 0, 0.0
    while below < count // 2:
        outside += math.comb(count, below) / 2**count
        if 2 * outside > 0.05:
            break
        below += 1
    low = max(below - 1, 0)
    return values[low], values[count - 1 - low]


def measure(lockstep, world, options, repetitions):
    """Seconds of all runs by what they record, and the bytes of events of one."""
    times, written = {"none": [], "full": []}, 0
    for repetition in range(repetitions):
        for events in ("none", "full") if repetition % 2 == 0 else ("full", "none"):
            seconds, size = run(lockstep, world, options, events)
            times[events].append(seconds)
            written = max(written, size)
    return times, written


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--world", nargs="+", choices=["real", "sim"], default=["real", "sim"])
    known, options = parser.parse_known_args()
    lockstep = str(pathlib.Path(known.bin) / "lockstep")
    options = options or DEFAULT
    print(f"options: {' '.join(options)}; {known.repetitions} pairs")
    before = os.getloadavg()[0]
    for world in known.world:
        times, size = measure(lockstep, world, options, known.repetitions)
        ratios = [full / none for none, full in zip(times["none"], times["full"])]
        low, high = median_interval(ratios)
        print(f"{world:4}: full / none {statistics.median(ratios):.4f} (95 %: {low:.4f} to {high:.4f}), shortest "
              f"{min(times['full']) / min(times['none']):.4f}; none takes {statistics.median(times['none']):.3f} s, "
              f"{size // RECORD_BYTES} events")
    print(f"load of the machine: {before:.2f} before, {os.getloadavg()[0]:.2f} after")


if __name__ == "__main__":
    main()
