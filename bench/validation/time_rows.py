"""What a validation of times comes to, as a line of a CSV file and of a table. See validation_grid.py."""

import statistics
from typing import NamedTuple

from cases import KINDS, Case
from summaries import errors_head, errors_line, milliseconds, verdicts_line


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


LEGEND = ("*measured*, *simulated*: medians. *spread*: from the quickest measured run to the slowest, of the median. *error*: (simulated - measured) "
          "/ measured. *staleness*: mean, measured / simulated, and the Kolmogorov-Smirnov distance of its distributions, where timing decides it. *learnt*: "
          "whether the parameters are equal to the bit, or where timing or the MPI library decides them, simulated less measured accuracy.")
HEAD = ("| group | model | method | measured | spread | simulated | error | staleness, KS | learnt | verdict | held out |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|")


def summary_of(rows: list[Row]) -> str:
    text = errors_head("time")
    for kind in KINDS:
        for held_out in (False, True):
            errors = [abs(row.error_percent) for row in rows if row.kind == kind and row.held_out == held_out]
            text += errors_line(f"{kind}, {'held out' if held_out else 'seen'}", errors)
    for held_out in (False, True):
        gaps = [row.staleness_ks for row in rows if row.staleness_ks is not None and row.held_out == held_out]
        if gaps:
            text += (f"\nStaleness, {'held out' if held_out else 'seen'}, {len(gaps)} cases: Kolmogorov-Smirnov distance {statistics.median(gaps):.3f} in the "
                     f"median, {max(gaps):.3f} at worst, above 0.1 in {sum(gap > 0.1 for gap in gaps)}.\n")
    bad = [f"{row.group} {row.model} {row.method}" for row in rows if "OTHER" in row.learnt or "FAIL" in row.learnt]
    return f"{text}\n{verdicts_line([row.verdict for row in rows])}\n\nLearnt differently: {'; '.join(bad) or 'none'}."
