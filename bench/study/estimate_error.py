#!/usr/bin/env python3
"""How far `--estimate` is from what runs then take: wall time measured / estimated.

Usage: bench/study/estimate_error.py [--bin build/release/bin] [--repetitions 3] [lockstep options ...]

Runs each of a few commands with --estimate and without, in turn; the options are added to those that train. Wall time
is from outside, so that the start of the program counts. Medians are printed, and the smallest and largest.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMING = ["--numerics", "none"]
TRAINING = [
    ["sim", "--method", "sync-average", "--workers", "4", "--epochs", "20"],
    ["sim", "--method", "by-arrival", "--workers", "8", "--hidden", "64", "--epochs", "10", "--evaluations", "4"],
    ["sim", "--method", "local-sgd", "--workers", "4", "--hidden", "128", "--epochs", "5"],
    ["sim", "--method", "gossip", "--workers", "16", "--epochs", "5"],
    ["real", "--method", "sync-average", "--workers", "2", "--hidden", "128", "--epochs", "20"],
    ["real", "--method", "in-turn", "--workers", "2", "--epochs", "20"],
]
OTHERS = [
    ["sim", *TIMING, "--method", "allreduce", "--workers", "64", "--collective", "ring", "--epochs", "5"],
    ["sim", *TIMING, "--method", "by-arrival", "--workers", "32", "--epochs", "20"],
    ["sim", "--method", "allreduce", "--workers", "16", "--model", "resnet-50", "--batch", "32", "--train-samples", "51200",
     "--epochs", "1", "--collective", "ring"],
    ["sweep", *TIMING, "--method", "sync-average", "--workers", "8", "--epochs", "1", "--sweep", "latency=10us..10ms:log:200"],
]


def wall_s(words):
    began = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def estimated_s(words):
    done = subprocess.run([*words, "--estimate", "--format", "json"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)["wall_s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--repetitions", type=int, default=3)
    known, options = parser.parse_known_args()
    lockstep = str(pathlib.Path(known.bin) / "lockstep")
    for words in [*([*words, *options] for words in TRAINING), *OTHERS]:
        ratios = []
        for _ in range(known.repetitions):
            expected_s = estimated_s([lockstep, *words])
            with tempfile.TemporaryDirectory() as folder:
                out = ["--out", folder] if words[0] == "sweep" else []
                ratios.append(wall_s([lockstep, *words, *out]) / expected_s)
        print(f"{statistics.median(ratios):5.2f}  ({min(ratios):.2f} to {max(ratios):.2f})  of {expected_s:6.2f} s: {' '.join(words)}")


if __name__ == "__main__":
    main()
