#!/usr/bin/env python3
"""Samples a second of real sync-average with 2 workers against serial, in turn, each run its own process.

Usage: bench/real/real_speedup.py [--bin build/release/bin] [--repetitions 7] [lockstep options ...]
"""

import argparse
import json
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def samples_per_s(lockstep, options):
    printed = subprocess.run([lockstep, "real", *options, "--format", "json"], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(printed.stdout)["summary"]["samples_per_s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--repetitions", type=int, default=7)
    known, options = parser.parse_known_args()
    lockstep = str(pathlib.Path(known.bin) / "lockstep")
    options = options or ["--hidden", "64"]
    serial, ratio = [], []
    for _ in range(known.repetitions):
        serial.append(samples_per_s(lockstep, ["--method", "serial", *options]))
        ratio.append(samples_per_s(lockstep, ["--method", "sync-average", "--workers", "2", *options]) / serial[-1])
    print(f"options: {' '.join(options)}; medians of {known.repetitions}")
    print(f"serial                       {statistics.median(serial):10.0f} samples/s")
    print(f"sync-average, 2 workers / serial  {statistics.median(ratio):5.2f}  (from {min(ratio):.2f} to {max(ratio):.2f})")


if __name__ == "__main__":
    main()
