"""What rows of both kinds are summed up with. See validation_grid.py."""

import math
import statistics
from typing import Iterable


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.4g} ms"


def tail_of(values: Iterable[float]) -> float:
    """The 90th percentile: a further value that is like them does not exceed the k-th of n with probability k / (n + 1). Of fewer than nine the largest."""
    values = sorted(values)
    return values[min(math.ceil(0.9 * (len(values) + 1)), len(values)) - 1]


def upwards(percent: float) -> str:
    """With one decimal, never less than it is."""
    return f"{math.ceil(10 * percent - 1e-9) / 10:.1f}"


def errors_line(title: str, errors: list[float]) -> str:
    """Of absolute errors in per cent; nothing for none."""
    if not errors:
        return ""
    return (f"| {title} | {len(errors)} | {statistics.median(errors):.1f} % | {tail_of(errors):.1f} % | {max(errors):.1f} % "
            f"| {sum(error > 15 for error in errors)} |\n")


def errors_head(what: str) -> str:
    return f"| cases | number | median error of {what} | 90th percentile | worst | above 15 % |\n|---|---|---|---|---|---|\n"


def verdicts_line(verdicts: list[str]) -> str:
    return "Verdicts: " + ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in sorted(set(verdicts))) + "."
