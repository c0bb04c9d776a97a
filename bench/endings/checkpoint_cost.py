#!/usr/bin/env python3
"""What --checkpoint costs a run at its default, against the same run without; at most 1 % is the aim.

Usage: bench/endings/checkpoint_cost.py [--bin build/release/bin] [--pairs 5] [--seconds 150] [--every auto] [--world real sim] [lockstep options ...]

Each pair is of two runs, in turn the one or the other first; epochs are as many as take about --seconds. By default a checkpoint is written each
minute, so that shorter runs tell what being ready for one costs. Printed are medians of wall times and of the pairs' ratios, and
the smallest and largest; and the load of the machine before and after, which should be that of these runs.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT = ["--method", "sync-average", "--workers", "2", "--hidden", "512", "--train-samples", "10000", "--test-samples", "100"]
AIM = 1.01
FEW_EPOCHS = 5


def wall_s(lockstep, world, options, every=None):
    """Of one run, which writes checkpoints as often as that; None: never."""
    with tempfile.TemporaryDirectory() as folder:
        checkpoints = [] if every is None else ["--checkpoint", str(pathlib.Path(folder) / "kept"), "--checkpoint-every", every]
        words = [lockstep, world, *options, *checkpoints, "--format", "json"]
        return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)["provenance"]["wall_s"]


def epochs_for(lockstep, world, options, seconds):
    """So many take about so long; loading the data is not in it."""
    few, more = (wall_s(lockstep, world, [*options, "--epochs", str(epochs)]) for epochs in (FEW_EPOCHS, 3 * FEW_EPOCHS))
    return max(1, round(seconds * 2 * FEW_EPOCHS / max(more - few, 1e-3)))


def measure(lockstep, world, options, pairs, every):
    without, with_checkpoints = [], []
    for pair in range(pairs):
        for kind in (None, every) if pair % 2 == 0 else (every, None):
            (without if kind is None else with_checkpoints).append(wall_s(lockstep, world, options, kind))
    return without, with_checkpoints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--every", default="auto")
    parser.add_argument("--world", nargs="+", choices=["real", "sim"], default=["real", "sim"])
    known, options = parser.parse_known_args()
    lockstep = str(pathlib.Path(known.bin) / "lockstep")
    options = options or DEFAULT
    print(f"options: {' '.join(options)}; checkpoints {known.every}; {known.pairs} pairs")
    before = os.getloadavg()[0]
    for world in known.world:
        epochs = epochs_for(lockstep, world, options, known.seconds)
        without, with_checkpoints = measure(lockstep, world, [*options, "--epochs", str(epochs)], known.pairs, known.every)
        ratios = [ours / theirs for ours, theirs in zip(with_checkpoints, without)]
        print(f"{world:4}: with / without {statistics.median(ratios):.4f} (from {min(ratios):.4f} to {max(ratios):.4f}; the aim is at most {AIM}), "
              f"of the shortest runs {min(with_checkpoints) / min(without):.4f}; {epochs} epochs take {statistics.median(without):.1f} s, with checkpoints "
              f"{statistics.median(with_checkpoints):.1f} s", flush=True)
    print(f"load of the machine: {before:.2f} before, {os.getloadavg()[0]:.2f} after")


if __name__ == "__main__":
    main()
