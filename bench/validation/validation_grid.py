#!/usr/bin/env python3
"""Validates the simulation on a grid of methods, models, networks and emulated processors.

Usage: bench/validation/validation_grid.py [--grid first|asynchronous|other-rates] [--out DIR] [--only REGEX] [--repeats R] [--budget TIME]
       [--data DATA] [--minutes M] [--csv FILE] [--page FILE]
Each case is `lockstep validate`, which calibrates before its runs; hosts are those of tools/netcluster (root). DIR keeps each case: the same
command goes on where it was interrupted, or where its --minutes were over, and takes no case twice. Half of the cases are held out by a
rule that was fixed before the first run (cases.py). When all cases are there, it prints what docs/validation.md quotes, and writes
the CSV and the page that show each case. Run it on a machine that does nothing else.
"""

import argparse
import csv
import json
import math
import re
import shlex
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True
from cases import GRIDS, KINDS, Case  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LOCKSTEP = str(ROOT / "build/release/bin/lockstep")
NETCLUSTER = str(ROOT / "tools/netcluster")
VERDICTS = (0, 1, 5)  # pass, fail, inconclusive


class Row(NamedTuple):
    """What a case came to; one line of the CSV."""

    group: str
    model: str
    method: str
    kind: str
    held_out: bool
    measured_s: float
    measured_least_s: float
    measured_most_s: float
    simulated_s: float
    simulated_least_s: float
    simulated_most_s: float
    error_percent: float
    staleness_measured: float | None
    staleness_simulated: float | None
    staleness_ks: float | None  # Kolmogorov-Smirnov distance of the distributions
    learnt: str
    verdict: str


def command(case: Case, options: argparse.Namespace, out: Path) -> list[str]:
    words = [LOCKSTEP, "validate", *case.arguments, "--budget", options.budget, "--repeats", str(options.repeats), "--out", str(out)]
    if case.bandwidth is None:
        return words
    return [NETCLUSTER, "run", "--hosts", str(case.hosts), "--bandwidth", case.bandwidth, "--", *words, "--launcher-args", "{}"]


def validation_of(case: Case, options: argparse.Namespace) -> dict | None:
    """Kept or made; None where it could not be made, which is told."""
    folder = options.out / re.sub(r"[^\w.-]+", "-", case.name)
    kept, asked = folder / "validation.json", folder / "command"
    words = shlex.join(command(case, options, folder))
    if kept.exists() and asked.read_text() != words:
        sys.exit(f"{folder}: was made by another command; name another --out, or remove it")
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        asked.write_text(words)
        done = subprocess.run(command(case, options, folder), cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode not in VERDICTS:
            print(f"{words}\nended with {done.returncode}: {done.stderr}", file=sys.stderr, flush=True)
            return None
    return json.loads(kept.read_text())


def largest_gap(measured: dict[str, float], simulated: dict[str, float]) -> float:
    """Kolmogorov-Smirnov: between the cumulative shares."""
    gap = ours = theirs = 0.0
    for staleness in sorted({int(text) for text in (*measured, *simulated)}):
        ours += measured.get(str(staleness), 0)
        theirs += simulated.get(str(staleness), 0)
        gap = max(gap, abs(ours - theirs))
    return gap


def row_of(case: Case, validation: dict) -> Row:
    figures = {figure["name"]: figure for figure in validation["figures"]}
    learnt = {"pass": "same bits", "fail": "OTHER BITS"}.get(validation["parameters"]["verdict"])
    if learnt is None:
        accuracy = figures["accuracy"]
        gap = accuracy["simulated"]["median"] - accuracy["measured"]["median"]
        learnt = f"{gap:+.4f}{'' if accuracy['verdict'] != 'fail' else ' FAIL'}"
    measured, simulated = figures["elapsed"]["measured"], figures["elapsed"]["simulated"]
    stale = figures["staleness"] if case.kind == KINDS[3] else None  # or it is fixed
    distributions = validation["staleness"]
    return Row(case.group, case.model, case.method, case.kind, case.held_out, measured["median"], measured["least"], measured["most"],
               simulated["median"], simulated["least"], simulated["most"], figures["elapsed"]["error_percent"],
               stale["measured"]["median"] if stale else None, stale["simulated"]["median"] if stale else None,
               largest_gap(distributions["measured"], distributions["simulated"]) if stale else None, learnt, validation["verdict"])


def line_of(row: Row) -> str:
    spread = 100 * (row.measured_most_s - row.measured_least_s) / row.measured_s
    staleness = "-"
    if row.staleness_measured is not None:
        staleness = f"{row.staleness_measured:.3g} / {row.staleness_simulated:.3g}, {row.staleness_ks:.2f}"
    return (f"| {row.group} | {row.model} | {row.method} | {milliseconds(row.measured_s)} | {spread:.1f} % | {milliseconds(row.simulated_s)} "
            f"| {row.error_percent:+.1f} % | {staleness} | {row.learnt} | {row.verdict} | {'yes' if row.held_out else ''} |")


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.4g} ms"


HEAD = ("| group | model | method | measured | spread | simulated | error | staleness, KS | learnt | verdict | held out |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|")


def tail_of(values: list[float]) -> float:
    """The 90th percentile: the least value that nine tenths of them do not exceed."""
    return sorted(values)[max(math.ceil(0.9 * len(values)), 1) - 1]


def summary_of(rows: list[Row]) -> str:
    lines = ["| cases | number | median error of time | 90th percentile | worst | above 15 % |", "|---|---|---|---|---|---|"]
    for kind in KINDS:
        for held_out in (False, True):
            errors = [abs(row.error_percent) for row in rows if row.kind == kind and row.held_out == held_out]
            if errors:
                lines.append(f"| {kind}, {'held out' if held_out else 'seen'} | {len(errors)} | {statistics.median(errors):.1f} % "
                             f"| {tail_of(errors):.1f} % | {max(errors):.1f} % | {sum(error > 15 for error in errors)} |")
    for held_out in (False, True):
        gaps = [row.staleness_ks for row in rows if row.staleness_ks is not None and row.held_out == held_out]
        if gaps:
            lines.append(f"\nStaleness, {'held out' if held_out else 'seen'}, {len(gaps)} cases: Kolmogorov-Smirnov distance {statistics.median(gaps):.3f} in the "
                         f"median, {max(gaps):.3f} at worst, above 0.1 in {sum(gap > 0.1 for gap in gaps)}.")
    verdicts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in sorted({row.verdict for row in rows})}
    lines.append("\nVerdicts: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()) + ".")
    bad = [f"{row.group} {row.model} {row.method}" for row in rows if "OTHER" in row.learnt or "FAIL" in row.learnt]
    lines.append(f"\nLearnt differently: {'; '.join(bad) or 'none'}.")
    return "\n".join(lines)


def write_csv(rows: list[Row], file: Path) -> None:
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(Row._fields)
        for row in rows:
            writer.writerow([f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row])


def write_page(rows: list[Row], options: argparse.Namespace) -> None:
    words = f"bench/validation/validation_grid.py --grid {options.grid} --repeats {options.repeats} --budget {options.budget}"
    text = (f"# The {options.grid} grid, case by case\n\nWritten by `{words}` on {date.today()}; [validation.md](validation.md) says on what machine and what it "
            "means. *measured*, *simulated*: medians. *spread*: from the quickest measured run to the slowest, of the median. *error*: (simulated - measured) "
            "/ measured. *staleness*: mean, measured / simulated, and the Kolmogorov-Smirnov distance of its distributions, where timing decides it. *learnt*: "
            "whether the parameters are equal to the bit, or where timing or the MPI library decides them, simulated less measured accuracy.\n\n")
    options.page.write_text(text + HEAD + "\n" + "\n".join(line_of(row) for row in rows) + "\n\n" + summary_of(rows) + "\n")


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
    print(HEAD, flush=True)
    rows = []
    for number, case in enumerate(cases):
        if time.monotonic() > until_s:
            sys.exit(f"{len(cases) - number} of {len(cases)} cases are left; the same command goes on with them")
        if validation := validation_of(case, options):
            rows.append(row_of(case, validation))
            print(line_of(rows[-1]), flush=True)
    print("\n" + summary_of(rows))
    if options.csv:
        write_csv(rows, options.csv)
    if options.page:
        write_page(rows, options)
    if len(rows) < len(cases):
        sys.exit(f"{len(cases) - len(rows)} of {len(cases)} cases could not be run")


if __name__ == "__main__":
    main()
