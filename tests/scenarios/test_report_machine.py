#!/usr/bin/env python3
"""Two of the report's times, fitted, predict four of the other five within 6 %; sync-average 4 stays out."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import FRONT, ROOT, SIM, needs_sim, result_of  # noqa: E402

SCENARIO = str(ROOT / "scenarios/report-machine/scenario.ini")
REPORT_S = {("sync-average", 3): 9.5284, ("sync-average", 4): 9.7092, ("in-turn", 2): 7.5638, ("in-turn", 3): 6.4041,
            ("in-turn", 4): 5.9964}


def fitted(key: str, *options: object) -> float:
    return result_of([FRONT, "break-even", SCENARIO, "--vary", key, "--tolerance", "1e-6", *options])["break_even"]


def elapsed_s(method: str, workers: int, *options: object) -> float:
    return result_of([SIM, SCENARIO, "--method", method, "--workers", workers, *options])["summary"]["elapsed_s"]


def errors() -> dict:
    return {row: elapsed_s(*row) / time_s - 1 for row, time_s in REPORT_S.items()}


@needs_sim
class ReportMachine(unittest.TestCase):
    def test_the_file_holds_the_fit(self) -> None:
        speed = fitted("speed", "--between", "100Mf..100Gf", "--against", "9.0821s")
        overhead_s = fitted("message-overhead", "--method", "sync-average", "--workers", 2, "--between", "0us..10ms",
                            "--against", "10.8651s")
        self.assertAlmostEqual(speed / 1.042391e9, 1, delta=2e-6)
        self.assertAlmostEqual(overhead_s / 1.048172e-3, 1, delta=2e-6)

    def test_predictions(self) -> None:
        of = errors()
        unexplained = of.pop(("sync-average", 4))
        self.assertLess(max(map(abs, of.values())), 0.06)
        self.assertLess(unexplained, -0.10)

    def test_flat_fits_worse_than_a_tree(self) -> None:
        for workers in (3, 4):
            flat, tree = (abs(elapsed_s("sync-average", workers, "--collective", name) / REPORT_S["sync-average", workers] - 1)
                          for name in ("flat", "tree"))
            self.assertGreater(flat, tree + 0.05)

    def test_rounds_are_whole_overheads(self) -> None:
        """6 and 8 overheads with a tree of 3 and 4; flat has p + 2, for whoever is served early starts early."""
        def overheads(workers: int, collective: str) -> float:
            rounds = 3000 // workers
            without_s, with_s = (elapsed_s("sync-average", workers, "--collective", collective, "--message-overhead", time)
                                 for time in ("0s", "1ms"))
            return (with_s - without_s) / rounds / 1e-3
        for workers, collective, expected in ((3, "tree", 6), (4, "tree", 8), (3, "flat", 5), (4, "flat", 6)):
            with self.subTest(workers=workers, collective=collective):
                self.assertAlmostEqual(overheads(workers, collective), expected, delta=0.02)


if __name__ == "__main__":
    unittest.main()
