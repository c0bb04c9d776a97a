#!/usr/bin/env python3
"""What looking at a large run costs: `lockstep trace`, `show` and `plot` on a million events.

Usage: bench/study/trace_cost.py [--bin build/release/bin] [--ranks 100] [--rounds 1700] [--repetitions 3]

A ring in which each rank computes, sends to the next and waits for the one before; about six events a rank and round.
Beside each time stands that of a plain copy of the bytes written. Medians are printed, and the smallest and largest.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/cli"))
from event_files import ring, write_events  # noqa: E402

RUN = ["sim", "--train-samples", "600", "--test-samples", "100", "--epochs", "2", "--out"]


def seconds(words, out):
    with open(out, "wb") as file:
        began = time.monotonic()
        subprocess.run(words, check=True, stdout=file)
        return time.monotonic() - began


def copied_s(path):
    content = path.read_bytes()
    began = time.monotonic()
    pathlib.Path(f"{path}.copy").write_bytes(content)
    return time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"))
    parser.add_argument("--ranks", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=1700)
    parser.add_argument("--repetitions", type=int, default=3)
    known = parser.parse_args()
    lockstep = str(pathlib.Path(known.bin) / "lockstep")
    with tempfile.TemporaryDirectory() as holder:
        folder = pathlib.Path(holder)
        run, out = folder / "run", folder / "out"
        subprocess.run([lockstep, *RUN, run], check=True, stdout=subprocess.DEVNULL)
        events = ring(known.ranks, known.rounds)
        write_events(run, events)
        print(f"{sum(map(len, events))} events of {known.ranks} ranks, medians of {known.repetitions}")
        for what, words in {"trace": ["trace", run], "trace --format csv": ["trace", run, "--format", "csv"],
                            "show": ["show", run], "plot --script": ["plot", run, "--figure", "timeline", "--script"]}.items():
            taken = [seconds([lockstep, *words], out) for _ in range(known.repetitions)]
            print(f"{what:<20} {statistics.median(taken):6.2f} s  ({min(taken):.2f} to {max(taken):.2f}), "
                  f"{out.stat().st_size / 1e6:.1f} MB, copied in {copied_s(out):.2f} s")


if __name__ == "__main__":
    main()
