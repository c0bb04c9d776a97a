#!/usr/bin/env python3
"""Builds a preset in a fresh folder, without a compiler cache: objects, seconds, the dearest compilations and the dearest headers.

Usage: build_cost.py [--preset NAME] [--jobs N] [TARGET...]
Without TARGET everything is built; what tools/demo builds is `lockstep lockstep-sim lockstep-real`. A header's lines are those that
the preprocessor reads because a file of ours includes it, its own includes with it, summed over all compilations.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.append(str(ROOT / "tools"))
from compile_units import Unit, all_units  # noqa: E402

MARKER = re.compile(r'# \d+ "([^"]+)"')
SHOWN = 10


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(*words: object) -> None:
    done = subprocess.run([str(word) for word in words], cwd=ROOT, env=os.environ | {"CCACHE_DISABLE": "1"}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\nbuild_cost.py: exit status {done.returncode}")


def compilations(build: Path) -> dict[str, float]:
    """Seconds of each object that ninja made; elapsed ones."""
    lines = [line.split("\t") for line in (build / ".ninja_log").read_text(encoding="utf-8").splitlines()[1:]]
    return {line[3]: (int(line[1]) - int(line[0])) / 1000 for line in lines if line[3].endswith(".o")}


def preprocessed(unit: Unit) -> str:
    return subprocess.run(unit.instead("-E"), cwd=unit.directory, capture_output=True, text=True, check=True).stdout


def headers_of(text: str) -> Counter[str]:
    """Lines of preprocessed text by the header of others that a file of ours includes; our own under ``."""
    lines: Counter[str] = Counter()
    header = ""
    for line in text.splitlines():
        if not (marker := MARKER.match(line)):
            lines[header] += line != ""
        elif Path(marker[1]).is_relative_to(ROOT):
            header = ""
        else:
            header = header or marker[1]
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("targets", nargs="*", default=["all"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder)
        run("cmake", "--preset", options.preset, "-B", build)
        start_s, start_cpu_s = time.monotonic(), cpu_s()
        run("cmake", "--build", build, "--parallel", options.jobs, "--target", *options.targets)
        elapsed_s, used_s = time.monotonic() - start_s, cpu_s() - start_cpu_s
        objects = compilations(build)
        print(f"{len(objects)} objects, {elapsed_s:.0f} s ({options.jobs} at a time), {used_s:.0f} s of processor time")
        print("\nSeconds  Object")
        for name, seconds in Counter(objects).most_common(SHOWN):
            print(f"{seconds:7.1f}  {name}")
        lines: Counter[str] = Counter()
        objects_of: Counter[str] = Counter()
        for unit in all_units(build):
            if unit.output in objects:
                found = headers_of(preprocessed(unit))
                lines += found
                objects_of += Counter(found.keys())
    total = lines.total()
    print(f"\n  Lines   Share  Objects  Header (all read {total} lines, {lines.pop('')} of them ours)")
    for header, count in lines.most_common(SHOWN):
        print(f"{count:7}  {100 * count / total:4.1f} %  {objects_of[header]:7}  {header}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
