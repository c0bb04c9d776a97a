#!/usr/bin/env python3
"""Validates the simulation on a grid of methods, models, networks and emulated processors.

Usage: bench/validation/validation_grid.py [--grid first|asynchronous|other-rates|interventions] [--out DIR] [--only REGEX] [--repeats R] [--budget TIME]
       [--data DATA] [--minutes M] [--csv FILE] [--page FILE]
Each case is `lockstep validate`, which calibrates before its runs; hosts are those of tools/netcluster (root). DIR keeps each case: the same
command goes on where it was interrupted, or where its --minutes were over, and takes no case twice. Half of the cases are held out by a
rule that was fixed before the first run (cases.py). In the end it prints what docs/validation.md quotes of the cases that are there, and writes
the CSV and the page that show each of them. Run it on a machine that does nothing else.
"""

import argparse
import csv
import json
import math
import re
import shlex
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from types import ModuleType

sys.dont_write_bytecode = True
import difference_rows  # noqa: E402
import time_rows  # noqa: E402
from cases import GRIDS, Case, order_of  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LOCKSTEP = str(ROOT / "build/release/bin/lockstep")
NETCLUSTER = str(ROOT / "tools/netcluster")
VERDICTS = (0, 1, 5)  # pass, fail, inconclusive


def command(case: Case, options: argparse.Namespace, out: Path) -> list[str]:
    runs = ["--repeats", str(options.repeats)] if case.change is None else ["--against", case.change, "--pairs", str(options.repeats)]
    words = [LOCKSTEP, "validate", *case.arguments, "--budget", options.budget, *runs, "--out", str(out)]
    if case.bandwidth is None:
        return words
    return [NETCLUSTER, "run", "--hosts", str(case.hosts), "--bandwidth", case.bandwidth, "--", *words, "--launcher-args", "{}"]


def validation_of(case: Case, options: argparse.Namespace, until_s: float) -> dict | None:
    """Kept or made; None where it could not be made, which is told, or it is too late to begin."""
    folder = options.out / re.sub(r"[^\w.-]+", "-", case.name)
    kept, asked = folder / "validation.json", folder / "command"
    words = shlex.join(command(case, options, folder))
    if kept.exists() and asked.read_text() != words:
        sys.exit(f"{folder}: was made by another command; name another --out, or remove it")
    if not kept.exists():
        if time.monotonic() >= until_s:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        asked.write_text(words)
        done = subprocess.run(command(case, options, folder), cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode not in VERDICTS:
            print(f"{words}\nended with {done.returncode}: {done.stderr}", file=sys.stderr, flush=True)
            return None
    return json.loads(kept.read_text())


def write_csv(rows: list, file: Path) -> None:
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(rows[0]._fields)
        for row in rows:
            writer.writerow([f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row])


def write_page(rows: list, kind: ModuleType, options: argparse.Namespace) -> None:
    words = f"bench/validation/validation_grid.py --grid {options.grid} --repeats {options.repeats} --budget {options.budget}"
    text = (f"# The {options.grid} grid, case by case\n\nWritten by `{words}` on {date.today()}; [validation.md](validation.md) says on what machine and what it "
            f"means. {kind.LEGEND}\n\n")
    options.page.write_text(text + kind.HEAD + "\n" + "\n".join(kind.line_of(row) for row in rows) + "\n\n" + kind.summary_of(rows) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grid", choices=list(GRIDS), default="first")
    parser.add_argument("--only", default="", help="cases whose `group model method` matches")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--budget", default="20s", help="of a case's calibrations together")
    parser.add_argument("--data", default="mnist:../shared/mnist")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no case after so many")
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    cases = [case for case in GRIDS[options.grid](options.data) if re.search(options.only, case.name)]
    until_s = time.monotonic() + 60 * options.minutes
    kind = difference_rows if options.grid == "interventions" else time_rows
    print(kind.HEAD, flush=True)
    rows = {}
    for case in sorted(cases, key=order_of):  # so that those of a part are like all
        if validation := validation_of(case, options, until_s):
            rows[case.name] = kind.row_of(case, validation)
            print(kind.line_of(rows[case.name]), flush=True)
    there = [rows[case.name] for case in cases if case.name in rows]
    if not there:
        sys.exit(f"none of {len(cases)} cases is there; nothing is written")
    print("\n" + kind.summary_of(there))
    if options.csv:
        write_csv(there, options.csv)
    if options.page:
        write_page(there, kind, options)
    if len(there) < len(cases):
        sys.exit(f"{len(cases) - len(there)} of {len(cases)} cases are missing; the same command goes on with them")


if __name__ == "__main__":
    main()
