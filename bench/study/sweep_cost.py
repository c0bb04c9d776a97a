#!/usr/bin/env python3
"""What `lockstep sweep` costs: how busy it keeps the cores, and what a run costs beside its work.

Usage: bench/study/sweep_cost.py [--bin build/release/bin] [--points 100] [--repetitions 3] [lockstep options ...]

Runs, each in a new folder, as often as --repetitions says, in turn:
  whole      a sweep of that many points on all cores, by default one epoch of softmax regression on 8 workers;
             its first runs also decode or draw the data
  one step   a sweep of that many points, one after the other, that train a single step on 8 samples
  timing     the same without arithmetic
Medians are printed, and the smallest and largest.
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT = ["--method", "sync-average", "--workers", "8", "--epochs", "1"]
ONE_STEP = ["--method", "sync-average", "--workers", "8", "--epochs", "1", "--batch", "1", "--train-samples", "8",
            "--test-samples", "8", "--jobs", "1"]


def processor_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def sweep(lockstep, points, options):
    """Wall and processor time of a sweep over `points` latencies."""
    with tempfile.TemporaryDirectory() as folder:
        words = [lockstep, "sweep", "--sweep", f"latency=10us..10ms:log:{points}", *options, "--out", folder, "--format", "csv"]
        began, used = time.monotonic(), processor_s()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - began, processor_s() - used


def spread(values):
    return f"{statistics.median(values):8.1f}  ({min(values):.1f} to {max(values):.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--repetitions", type=int, default=3)
    known, options = parser.parse_known_args()
    lockstep = str(pathlib.Path(known.bin) / "lockstep")
    cores = len(os.sched_getaffinity(0))
    whole, one_step, timing = [], [], []
    for _ in range(known.repetitions):
        whole.append(sweep(lockstep, known.points, [*DEFAULT, *options]))
        one_step.append(sweep(lockstep, known.points, ONE_STEP))
        timing.append(sweep(lockstep, known.points, [*ONE_STEP, "--numerics", "none"]))
    print(f"{known.points} points, {cores} cores, medians of {known.repetitions}; options: {' '.join([*DEFAULT, *options])}")
    print(f"whole: CPU use           {spread([100 * used / wall / cores for wall, used in whole])} % of all cores")
    print(f"whole: wall a point      {spread([1e3 * wall / known.points for wall, _ in whole])} ms")
    print(f"one step: wall a point   {spread([1e3 * wall / known.points for wall, _ in one_step])} ms, one after the other")
    print(f"timing: wall a point     {spread([1e3 * wall / known.points for wall, _ in timing])} ms, one after the other")


if __name__ == "__main__":
    main()
