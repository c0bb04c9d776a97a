"""The tables of docs/trust.md. See error_classes.py."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Iterable, NamedTuple

from cases import Case
from summaries import upwards

if TYPE_CHECKING:
    from error_classes import ErrorClass

median = statistics.median
KINDS = {"fixed order": "whose order is fixed beforehand", "by timing": "whose order timing decides", "library collective": "that sum by the MPI library"}
PROCESSORS = {"emulated": "emulated processors", "cores": "cores as they are"}
LINKS = {"unlimited": "no limit, one machine", "one machine": "shared memory", "none": "no messages"}


class Validated(NamedTuple):
    """A case by what a run can be like it, and how far off its time was."""

    kind: str
    processors: str
    link: str
    rate_bps: float  # of a network, else 0
    workers: int
    model: str
    model_bytes: int
    method: str
    name: str  # the method as cases.py has it
    held_out: bool
    error_percent: float  # absolute


class Change(NamedTuple):
    """What a change carried out in both worlds came to."""

    change: str
    method: str
    measured_percent: float  # of the time that it changes
    error_percent: float | None  # None: no difference that there could be an error of

    @classmethod
    def of(cls, case: Case, row: dict[str, str]) -> Change:
        has_none = row["is_none"] == "True" or row["error_percent"] == ""
        percent = 100 * float(row["difference_measured_s"]) / float(row["measured_s"])
        return cls(case.change or "", case.method, percent, None if has_none else abs(float(row["error_percent"])))


def rate(bps: float) -> str:
    return f"{bps / 1e9:g} Gbit/s" if bps >= 1e9 else f"{bps / 1e6:g} Mbit/s"


def between(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"


def in_bytes(size: int) -> str:
    return f"{size / 1024:.3g} KiB" if size < 1 << 20 else f"{size / (1 << 20):.3g} MiB"


def percents(errors: list[float]) -> str:
    """Median, worst and number; of a single one itself."""
    if len(errors) == 1:
        return f"{errors[0]:.1f} %"
    return f"{median(errors):.1f} %, {upwards(max(errors))} % ({len(errors)})"


def table(heads: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    head, *lines = (f"| {' | '.join(str(cell) for cell in line)} |" for line in (heads, *rows))
    return "\n".join([head, "|---" * len(heads) + "|", *lines])


def sources(files: dict[str, int]) -> str:
    return "From " + ", ".join(f"[{name}](data/{name}) ({count} cases)" for name, count in files.items()) + "."


def classes(rows: list[ErrorClass]) -> str:
    lines = []
    for row in rows:
        link = LINKS.get(row.link) or between(rate(float(row.from_bps)), rate(float(row.until_bps)))
        held_out = f"{row.held_out}: {row.held_out_nine_in_ten_percent} %" if row.held_out_nine_in_ten_percent else f"{row.held_out}"
        lines.append((row.kind, PROCESSORS[row.processors], link, between(str(row.least_workers), str(row.most_workers)),
                      between(in_bytes(row.least_bytes), in_bytes(row.most_bytes)), row.cases, f"{row.median_percent} %",
                      f"{row.nine_in_ten_percent} %", f"{row.worst_percent} %", held_out))
    heads = ("order", "processors", "links", "workers", "model", "cases", "median error", "9 in 10 within", "worst", "held out: 9 in 10 within")
    return table(heads, lines)


def column_of(case: Validated) -> tuple[float, str]:
    """Sorts by rate; what is no network comes last."""
    return (case.rate_bps, rate(case.rate_bps)) if case.link == "network" else (float("inf"), LINKS[case.link])


def of_kind(cases: list[Validated]) -> str:
    columns = sorted({column_of(case) for case in cases})
    rows: dict[tuple[str, str, str], list[Validated]] = {}
    for case in cases:
        rows.setdefault((case.name, case.processors, f"{case.model}, {in_bytes(case.model_bytes)}"), []).append(case)
    lines = []
    for (name, processors, size), group in rows.items():
        cells = [[case.error_percent for case in group if column_of(case) == column] for column in columns]
        lines.append((name, PROCESSORS[processors], size, *(percents(cell) if cell else "-" for cell in cells)))
    return table(("method", "processors", "model", *(title for _, title in columns)), lines)


def methods(cases: list[Validated]) -> str:
    """A table for each kind of order."""
    parts = []
    for kind, title in KINDS.items():
        if group := [case for case in cases if case.kind == kind]:
            parts.append(f"Methods {title}:\n\n{of_kind(group)}")
    return "\n\n".join(parts)


def changes(rows: list[Change]) -> str:
    if not rows:
        return "No such grid has been run."
    groups: dict[str, list[Change]] = {}
    for row in rows:
        groups.setdefault(row.change, []).append(row)
    lines = []
    for change, group in groups.items():
        errors = [row.error_percent for row in group if row.error_percent is not None]
        sizes = sorted(row.measured_percent for row in group)
        lines.append((f"`{change}`", ", ".join(dict.fromkeys(row.method for row in group)), between(f"{sizes[0]:+.0f} %", f"{sizes[-1]:+.0f} %"),
                      percents(errors) if errors else "-", len(group) - len(errors) or "-"))
    errors = [row.error_percent for row in rows if row.error_percent is not None]
    total = ("all", "", "", percents(errors) if errors else "-", len(rows) - len(errors) or "-")
    return table(("change", "methods", "what it changed of the time", "error of that: median, worst (cases)", "no difference"), [*lines, total])
