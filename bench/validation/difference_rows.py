"""What a change carried out in both worlds comes to, as a line of a CSV file and of a table. See validation_grid.py."""

from typing import NamedTuple

from cases import Case
from summaries import errors_head, errors_line, milliseconds, verdicts_line


class Row(NamedTuple):
    """What an intervention came to; one line of the CSV."""

    group: str
    model: str
    method: str
    change: str
    held_out: bool
    measured_s: float  # of the side as given
    simulated_s: float
    difference_measured_s: float
    difference_measured_low_s: float
    difference_measured_high_s: float
    difference_simulated_s: float
    difference_simulated_low_s: float
    difference_simulated_high_s: float
    error_percent: float | None
    is_none: bool
    learnt: str
    verdict: str


def row_of(case: Case, validation: dict) -> Row:
    elapsed = next(figure for figure in validation["figures"] if figure["name"] == "elapsed")
    against = validation["against"]
    measured, simulated = against["measured"], against["simulated"]
    bits = (validation["parameters"]["verdict"], against["parameters"]["verdict"])
    learnt = "OTHER BITS" if "fail" in bits else "same bits" if "pass" in bits else ""
    return Row(case.group, case.model, case.method, case.change or "", case.held_out, elapsed["measured"]["median"], elapsed["simulated"]["median"],
               measured["median"], measured["interval_low"], measured["interval_high"],
               simulated["median"], simulated["interval_low"], simulated["interval_high"],
               against["error_percent"], against["is_none"], learnt, validation["verdict"])


def signed(seconds: float) -> str:
    return ("+" if seconds >= 0 else "") + milliseconds(seconds)


def between(low: float, high: float) -> str:
    return f"{1000 * low:+.4g} to {1000 * high:+.4g}"


def line_of(row: Row) -> str:
    error = "none" if row.is_none or row.error_percent is None else f"{row.error_percent:+.1f} %"
    return (f"| {row.group} | {row.method} | {row.change} | {milliseconds(row.measured_s)} "
            f"| {signed(row.difference_measured_s)} ({between(row.difference_measured_low_s, row.difference_measured_high_s)}) "
            f"| {signed(row.difference_simulated_s)} ({between(row.difference_simulated_low_s, row.difference_simulated_high_s)}) "
            f"| {error} | {row.learnt} | {row.verdict} | {'yes' if row.held_out else ''} |")


LEGEND = ("*measured*: the median time of the runs as given. *difference*: what the change added to it, the median of pairs and its interval. *error*: of the simulated "
          "difference, or none where there is no difference to be off by. *learnt*: whether the parameters are equal to the bit on both sides, where that is judged on either.")
HEAD = ("| group | method | change | measured | difference, measured | difference, simulated | error | learnt | verdict | held out |\n"
        "|---|---|---|---|---|---|---|---|---|---|")


def summary_of(rows: list[Row]) -> str:
    text = errors_head("the difference")
    for held_out in (False, True):
        errors = [abs(row.error_percent) for row in rows if row.held_out == held_out and not row.is_none and row.error_percent is not None]
        text += errors_line("held out" if held_out else "seen", errors)
    none = [f"{row.group} {row.method}, {row.change}" for row in rows if row.is_none]
    return f"{text}\nNo difference in either world: {'; '.join(none) or 'never'}.\n\n{verdicts_line([row.verdict for row in rows])}"
