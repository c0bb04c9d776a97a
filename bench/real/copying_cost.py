#!/usr/bin/env python3
"""Elapsed time of real runs that are tested often against those that are tested once an epoch, in turn.

Copies of the parameters are left out of the elapsed time; what remains of them is what this shows.

Usage: bench/real/copying_cost.py [--bin build/release/bin] [--repetitions 15] [--tests 100] [lockstep options ...]
"""

import argparse
import json
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(lockstep, options):
    printed = subprocess.run([lockstep, "real", *options, "--format", "json"], check=True, stdout=subprocess.PIPE, text=True)
    result = json.loads(printed.stdout)
    return result["summary"]["elapsed_s"], max(worker["copying_s"] for worker in result["workers"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--repetitions", type=int, default=15)
    parser.add_argument("--tests", type=int, default=100)
    known, options = parser.parse_known_args()
    lockstep = str(pathlib.Path(known.bin) / "lockstep")
    options = options or ["--hidden", "512", "--epochs", "1", "--train-samples", "30000", "--test-samples", "100"]
    few, often, copying = [], [], []
    for _ in range(known.repetitions):
        few.append(run(lockstep, [*options, "--evaluations", "1"])[0])
        elapsed, copied = run(lockstep, [*options, "--evaluations", str(known.tests)])
        often.append(elapsed)
        copying.append(copied)
    ratios = sorted(a / b for a, b in zip(often, few))
    print(f"options: {' '.join(options)}; {known.repetitions} pairs")
    print(f"once an epoch          {statistics.median(few):8.3f} s")
    print(f"{known.tests} times an epoch     {statistics.median(often):8.3f} s, and {statistics.median(copying):.3f} s of copies apart")
    print(f"ratio: median {statistics.median(ratios):.4f} (from {ratios[0]:.3f} to {ratios[-1]:.3f}), of the shortest runs {min(often) / min(few):.4f}")


if __name__ == "__main__":
    main()
