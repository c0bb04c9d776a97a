#!/usr/bin/env python3
"""scenarios/equal-speed: equal speed is a need of rotation and averaging, not of training by arrival."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import ROOT, SIM, needs_sim, result_of  # noqa: E402

SCENARIO = ROOT / "scenarios/equal-speed/scenario.ini"
SLOW = 3


def run_with(method: str, factor: float, latency: str = "100us", numerics: str = "none") -> dict:
    return result_of([SIM, SCENARIO, "--method", method, "--latency", latency, "--numerics", numerics, "--lr", 0.05,
                      "--straggler", f"worker={SLOW},factor={factor}"])


def elapsed_s(method: str, factor: float, latency: str = "100us") -> float:
    return run_with(method, factor, latency)["summary"]["elapsed_s"]


@needs_sim
class EqualSpeed(unittest.TestCase):
    def test_the_slowest_paces_rotation_and_averaging(self) -> None:
        for method in ("in-turn", "sync-average"):
            with self.subTest(method=method):
                ratio = elapsed_s(method, 16) / elapsed_s(method, 1)
                self.assertGreater(ratio, 10)
                self.assertLess(ratio, 16.5)

    def test_by_arrival_loses_little_more_than_the_slow_workers_capacity(self) -> None:
        self.assertLess(elapsed_s("by-arrival", 16) / elapsed_s("by-arrival", 1), 1.25)

    def test_the_slow_workers_share_falls_as_its_staleness_grows(self) -> None:
        shares = {}
        for factor in (1, 4, 16):
            result = run_with("by-arrival", factor)
            slow = result["workers"][SLOW]
            shares[factor] = slow["update_share"]
            with self.subTest(factor=factor):
                self.assertAlmostEqual((slow["mean_staleness"] + 1) * slow["update_share"], 1, delta=0.1)
                self.assertAlmostEqual(result["summary"]["mean_staleness"], 7, delta=0.1)
        self.assertAlmostEqual(shares[1], 1 / 8, delta=0.01)
        self.assertLess(shares[4], shares[1] / 2.5)
        self.assertLess(shares[16], shares[1] / 8)

    def test_the_token_wins_with_equal_workers_on_a_fast_network_only(self) -> None:
        for factor, latency, faster in ((1, "100us", "in-turn"), (1, "1ms", "by-arrival"), (2, "100us", "by-arrival")):
            with self.subTest(factor=factor, latency=latency):
                times = {method: elapsed_s(method, factor, latency) for method in ("in-turn", "by-arrival")}
                self.assertEqual(min(times, key=times.get), faster)

    def test_accuracy_does_not_depend_on_the_slow_worker(self) -> None:
        accuracy = [run_with("by-arrival", factor, numerics="real")["summary"]["test_accuracy"]
                    for factor in (1, 16)]
        self.assertAlmostEqual(accuracy[0], accuracy[1], delta=0.03)
        self.assertGreater(min(accuracy), 0.78)


if __name__ == "__main__":
    unittest.main()
