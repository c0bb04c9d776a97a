#!/usr/bin/env python3
"""Sums up validated cases as classes that a run's scenario and calibration tell: for the program, and for docs/trust.md.

Usage: bench/validation/error_classes.py [--data DIR] [--page FILE] [--check]
Reads the files validation-GRID.csv of validation_grid.py in DIR (docs/data), as many as are there. Writes DIR/error-classes.csv, which is
compiled into lockstep-sim, and in the page (docs/trust.md) what stands between `<!-- error_classes.py: NAME -->` and `<!-- end -->`. With
--check it writes nothing. Exit status: 1 where --check finds that a file is not what would be written, or the page has not each mark once; 2
where DIR has no cases, or such as cases.py does not know.
"""

import argparse
import csv
import io
import re
import sys
from pathlib import Path
from typing import Iterable, NamedTuple

sys.dont_write_bytecode = True
import error_tables  # noqa: E402
from cases import GRIDS, KINDS, Case  # noqa: E402
from error_tables import Change, Validated  # noqa: E402
from summaries import tail_of, upwards  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CLASSES = "error-classes.csv"
GRIDS_OF_TIMES = ("first", "asynchronous", "other-rates")
BORDER_BPS = 200e6  # between slow and fast links of a network, at a rate that no grid has
FEWEST = 10  # cases of which nine in ten can be told


class ErrorClass(NamedTuple):
    """A line of the CSV (docs/trust.md says what each column is). Texts, so that they are written as they are."""

    kind: str
    processors: str
    link: str
    from_bps: str
    until_bps: str
    least_workers: int
    most_workers: int
    least_bytes: int
    most_bytes: int
    methods: str
    cases: int
    median_percent: str
    nine_in_ten_percent: str
    worst_percent: str
    held_out: int
    held_out_median_percent: str
    held_out_nine_in_ten_percent: str
    held_out_worst_percent: str


def value_of(words: list[str], key: str) -> str | None:
    return words[words.index(key) + 1] if key in words else None


def rate_of(bandwidth: str) -> float:
    """`40mbit`, as tools/netcluster takes it, in bits a second."""
    number, prefix = re.fullmatch(r"(\d+)([kmg])bit", bandwidth).groups()
    return int(number) * {"k": 1e3, "m": 1e6, "g": 1e9}[prefix]


def model_bytes(model: str) -> int:
    layers = [784, 10] if model == "softmax" else [int(size) for size in model.split("-")]
    return 4 * sum((inputs + 1) * outputs for inputs, outputs in zip(layers, layers[1:]))


def link_of(case: Case) -> str:
    if value_of(case.arguments, "--method") == "serial":
        return "none"
    return {None: "one machine", "unlimited": "unlimited"}.get(case.bandwidth, "network")


def kind_of(case: Case) -> str:
    if value_of(case.arguments, "--collective") == "library":
        return "library collective"
    return "by timing" if case.kind == KINDS[3] else "fixed order"


def method_of(case: Case) -> str:
    """With what of its options makes other messages, as sim/trust/expected_error.cpp says it of a run."""
    code, buckets = value_of(case.arguments, "--compression"), value_of(case.arguments, "--buckets")
    return f"{value_of(case.arguments, '--method')}{f' with {code}' if code else ''}{' in buckets' if buckets else ''}"


def validated(case: Case, row: dict[str, str]) -> Validated:
    link = link_of(case)
    return Validated(kind_of(case), "emulated" if "--emulate-speed" in case.arguments else "cores", link,
                     rate_of(case.bandwidth) if link == "network" else 0.0, int(value_of(case.arguments, "--workers")), case.model,
                     model_bytes(case.model), method_of(case), case.method, row["held_out"] == "True", abs(float(row["error_percent"])))


def rows_of(file: Path, grid: str) -> list[tuple[Case, dict[str, str]]]:
    """Each line with its case."""
    known = {(case.group, case.model, case.method, case.change or ""): case for case in GRIDS[grid]("")}
    rows = []
    for row in csv.DictReader(file.read_text().splitlines()):
        case = known.get((row["group"], row["model"], row["method"], row.get("change", "")))
        if case is None:
            print(f"{file}: {row['group']} {row['model']} {row['method']}: cases.py has no such case in {grid}", file=sys.stderr)
            sys.exit(2)
        rows.append((case, row))
    return rows


def class_of(cases: list[Validated], has_slower: bool, has_faster: bool) -> ErrorClass:
    """Of cases that are alike; a network's rates go up or down to the border where there are cases beyond it."""
    first = cases[0]
    errors = [case.error_percent for case in cases]
    held_out = [case.error_percent for case in cases if case.held_out]
    rates = [case.rate_bps for case in cases]
    is_network = first.link == "network"
    from_bps = BORDER_BPS if has_slower else min(rates)
    until_bps = BORDER_BPS if has_faster else max(rates)
    return ErrorClass(
        first.kind, first.processors, first.link, f"{from_bps:.0f}" if is_network else "", f"{until_bps:.0f}" if is_network else "",
        min(case.workers for case in cases), max(case.workers for case in cases),
        min(case.model_bytes for case in cases), max(case.model_bytes for case in cases),
        ";".join(sorted({case.method for case in cases})), len(cases), *figures(errors),
        len(held_out), *(figures(held_out) if len(held_out) >= FEWEST else ("", "", "")))


def figures(errors: list[float]) -> tuple[str, str, str]:
    """Median, what nine in ten do not exceed, worst; the last two rounded up, so that they are true."""
    return f"{error_tables.median(errors):.1f}", upwards(tail_of(errors)), upwards(max(errors))


def classes_of(cases: Iterable[Validated]) -> list[ErrorClass]:
    """In the order of their conditions, and of rates."""
    groups: dict[tuple[str, str, str], dict[bool, list[Validated]]] = {}
    for case in cases:
        by_speed = groups.setdefault((case.kind, case.processors, case.link), {})
        by_speed.setdefault(case.rate_bps >= BORDER_BPS, []).append(case)
    return [class_of(group, is_fast and False in by_speed, not is_fast and True in by_speed)
            for _, by_speed in sorted(groups.items()) for is_fast, group in sorted(by_speed.items())]


def csv_text(classes: list[ErrorClass]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(ErrorClass._fields)
    writer.writerows(classes)
    return stream.getvalue()


def page_with(text: str, parts: dict[str, str]) -> str:
    """The page with each part between its marks."""
    for name, part in parts.items():
        mark = rf"(<!-- error_classes\.py: {name} -->\n).*?(<!-- end -->)"
        text, count = re.subn(mark, lambda found, part=part: f"{found[1]}\n{part}\n\n{found[2]}", text, flags=re.DOTALL)
        if count != 1:
            sys.exit(f"the page has the marks of {name} {count} times")
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "docs/data")
    parser.add_argument("--page", type=Path, default=ROOT / "docs/trust.md")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    files = {grid: options.data / f"validation-{grid}.csv" for grid in (*GRIDS_OF_TIMES, "interventions")}
    rows = {grid: rows_of(file, grid) for grid, file in files.items() if file.exists()}
    cases = [validated(case, row) for grid in GRIDS_OF_TIMES for case, row in rows.get(grid, [])]
    if not cases:
        print(f"{options.data}: it has no cases: no validation-GRID.csv of {', '.join(GRIDS_OF_TIMES)}", file=sys.stderr)
        return 2
    changes = [Change.of(case, row) for case, row in rows.get("interventions", [])]
    classes = classes_of(cases)
    parts = {"sources": error_tables.sources({files[grid].name: len(rows[grid]) for grid in rows}),
             "classes": error_tables.classes(classes), "methods": error_tables.methods(cases), "changes": error_tables.changes(changes)}
    written = {options.data / CLASSES: csv_text(classes), options.page: page_with(options.page.read_text(), parts)}
    others = [file for file, text in written.items() if not file.exists() or file.read_text() != text]
    for file in others:
        if options.check:
            print(f"{file}: it is not what the cases give; run bench/validation/error_classes.py")
        else:
            file.write_text(written[file])
            print(f"written: {file}")
    return 1 if options.check and others else 0


if __name__ == "__main__":
    sys.exit(main())
