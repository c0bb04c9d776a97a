#!/usr/bin/env python3
"""Where averaging becomes faster than serial training: the closed form that the page states."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import FRONT, ROOT, needs_sim, result_of  # noqa: E402

SCENARIO = str(ROOT / "scenarios/communication-overhead/scenario.ini")
PAGE = ROOT / "scenarios/communication-overhead/README.md"
SPEED = 5e9  # flop/s
BANDWIDTH = 1.25e8  # B/s
ENVELOPE = 16  # bytes that SMPI adds to every message
PARAMETERS = {"": 7850, "30": 23860, "512": 407050}
LEVELS = {2: 1, 3: 2, 4: 2, 8: 3, 16: 4}  # of the tree


def latency_s(hidden: str, workers: int, step_s: float) -> float:
    """At which a round takes as long as `workers` serial steps; the additions and the division are counted."""
    parameters, levels = PARAMETERS[hidden], LEVELS[workers]
    arithmetic_s = (levels + 1) * parameters / SPEED
    return ((workers - 1) * step_s - arithmetic_s) / (2 * levels) - (4 * parameters + ENVELOPE) / BANDWIDTH


def break_even(*options: object) -> dict:
    return result_of([FRONT, "break-even", SCENARIO, "--method", "sync-average", "--against", "serial",
                      "--measure", "time-per-sample", *options])


@needs_sim
class CommunicationOverhead(unittest.TestCase):
    def test_break_even_latency_is_the_closed_form(self) -> None:
        for hidden, workers in (("", 2), ("", 3), ("", 4), ("", 16), ("30", 3), ("512", 4)):
            with self.subTest(hidden=hidden, workers=workers):
                found = break_even("--hidden", hidden, "--workers", workers, "--vary", "latency",
                                   "--between", "0s..100ms")
                step_s = found["at_low"]["against_s"] * 100
                self.assertAlmostEqual(found["break_even"] / latency_s(hidden, workers, step_s), 1, delta=1e-3)

    def test_bandwidth_is_of_no_use_above_a_latency(self) -> None:
        bandwidths = ["--workers", 2, "--vary", "bandwidth", "--between", "10Mbps..10000Gbps"]
        self.assertIsNotNone(break_even(*bandwidths, "--latency", "300us")["break_even"])
        self.assertIsNone(break_even(*bandwidths, "--latency", "330us")["break_even"])

    def test_the_page_states_the_closed_form(self) -> None:
        page = PAGE.read_text()
        for workers in (2, 3, 4):
            self.assertIn(f"{latency_s('', workers, 6.3114e-4) * 1e6:.1f} us", page)


if __name__ == "__main__":
    unittest.main()
