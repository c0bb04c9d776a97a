#!/usr/bin/env python3
"""Elapsed time of real runs that are tested often against those that are tested once an epoch, in turn.

A rank's copies of the parameters are left out of its elapsed time. What others wait for it meanwhile is not, and is what this shows
where workers meet.

Usage: bench/real/copying_cost.py [--bin build/release/bin] [--pairs 15] [--tests 100] [lockstep options ...]
"""

import argparse
import json
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
USUAL = ["--hidden", "512", "--epochs", "1", "--train-samples", "60000", "--test-samples", "100"]
METHODS = [["--method", "serial"], ["--method", "sync-average", "--workers", "2"], ["--method", "local-sgd", "--workers", "2"]]


def run(lockstep, options):
    printed = subprocess.run([lockstep, "real", *options, "--format", "json"], check=True, stdout=subprocess.PIPE, text=True)
    result = json.loads(printed.stdout)
    return result["summary"]["elapsed_s"], max(worker["copying_s"] for worker in result["workers"])


def compare(lockstep, options, pairs, tests):
    few, often, copying = [], [], []
    for _ in range(pairs):
        few.append(run(lockstep, [*options, "--evaluations", "1"])[0])
        elapsed, copied = run(lockstep, [*options, "--evaluations", str(tests)])
        often.append(elapsed)
        copying.append(copied)
    ratios = sorted(a / b for a, b in zip(often, few))
    print(f"\n{' '.join(options)}; {pairs} pairs")
    print(f"once an epoch          {statistics.median(few):8.3f} s")
    print(f"{tests} times an epoch     {statistics.median(often):8.3f} s, and {statistics.median(copying):.4f} s of copies apart")
    print(f"ratio: median {statistics.median(ratios):.4f} (from {ratios[0]:.3f} to {ratios[-1]:.3f}), of the shortest runs {min(often) / min(few):.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--tests", type=int, default=100)
    known, options = parser.parse_known_args()
    for method in METHODS if not options else [[]]:
        compare(str(pathlib.Path(known.bin) / "lockstep"), [*method, *(options or USUAL)], known.pairs, known.tests)


if __name__ == "__main__":
    main()
