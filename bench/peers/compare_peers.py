#!/usr/bin/env python3
"""The same serial training by lockstep, numpy and PyTorch, in turn, each run its own process on one core.

Usage: bench/peers/compare_peers.py MNIST-FOLDER [--bin build/release/bin] [--repetitions 7] [--hidden 64] [--batch 100]
                                    [--epochs 5] [--lr 1]

The peers are those of the system's own python3 (Debian: python3-numpy, python3-torch, libopenblas0-serial, libblis4-serial), and
numpy runs with every BLAS that is there: with OpenBLAS also told to be of a processor with AVX-512, which it does not recognise by
itself on all that have it. A peer that is missing is left out.
"""

import argparse
import glob
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"


def training_of_lockstep(known):
    words = [str(pathlib.Path(known.bin) / "lockstep"), "real", "--method", "serial", "--hidden", str(known.hidden), "--batch",
             str(known.batch), "--epochs", str(known.epochs), "--lr", str(known.lr), "--data", f"mnist:{known.mnist}",
             "--evaluations", "1", "--format", "json"]
    printed = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    summary = json.loads(printed)["summary"]
    return summary["elapsed_s"], summary["test_accuracy"]


def training_of(script, environment, known):
    words = [PYTHON, HERE / script, known.mnist, str(known.hidden), str(known.batch), str(known.epochs), str(known.lr)]
    printed = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | environment).stdout
    return tuple(map(float, printed.split()))


def has_avx512():
    return " avx512vl " in pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii")


def candidates(known):
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    yield "lockstep", lambda: training_of_lockstep(known)
    for name in ("openblas", "blis"):
        for folder in glob.glob(f"/usr/lib/*/{name}-serial"):
            kinds = {"": {}} | ({", SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX"}} if name == "openblas" and has_avx512() else {})
            for kind, variables in kinds.items():
                environment = one_thread | variables | {"LD_LIBRARY_PATH": folder}
                yield f"numpy, {name}{kind}", lambda environment=environment: training_of("numpy_sgd.py", environment, known)
    yield "PyTorch", lambda: training_of("torch_sgd.py", one_thread, known)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mnist", metavar="MNIST-FOLDER")
    parser.add_argument("--bin", default=str(HERE.parents[1] / "build/release/bin"))
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=1)
    known = parser.parse_args()
    trainings = dict(candidates(known))
    times, accuracies = {}, {}
    for _ in range(known.repetitions):
        for name, training in list(trainings.items()):
            try:
                elapsed, accuracies[name] = training()
            except (OSError, subprocess.CalledProcessError) as problem:
                print(f"{name} is left out: {problem}", file=sys.stderr)
                del trainings[name]
                continue
            times.setdefault(name, []).append(elapsed)
    ours = times["lockstep"]
    print(f"784-{known.hidden}-10, batch {known.batch}, {known.epochs} epochs; medians of {known.repetitions}")
    print(f"{'':28}{'s':>8}{'from':>9}{'to':>8}{'accuracy':>10}  lockstep / it")
    for name, elapsed in times.items():
        print(f"{name:28}{statistics.median(elapsed):8.3f}{min(elapsed):9.3f}{max(elapsed):8.3f}{accuracies[name]:10.4f}"
              f"{statistics.median(ours) / statistics.median(elapsed):13.2f}  (of the shortest: {min(ours) / min(elapsed):.2f})")


if __name__ == "__main__":
    main()
