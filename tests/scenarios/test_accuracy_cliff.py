#!/usr/bin/env python3
"""scenarios/accuracy-cliff: staleness times learning rate has a limit, and the learning rate over c stays below it."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import ROOT, SIM, needs_sim, result_of  # noqa: E402

SCENARIO = ROOT / "scenarios/accuracy-cliff/scenario.ini"
SEEDS = (1, 2, 3)


def accuracy(*options: object) -> float:
    """Mean over the seeds, on drawn digits."""
    runs = [result_of([SIM, SCENARIO, *options, "--seed", seed])["summary"] for seed in SEEDS]
    return sum(run["test_accuracy"] for run in runs) / len(runs)


@needs_sim
class AccuracyCliff(unittest.TestCase):
    def test_many_workers_learn_nothing_where_few_do(self) -> None:
        self.assertGreater(accuracy("--method", "in-turn", "--workers", 2), 0.75)
        for method in ("in-turn", "by-arrival"):
            with self.subTest(method=method):
                self.assertLess(accuracy("--method", method, "--workers", 16), 0.25)

    def test_the_learning_rate_over_c_is_as_good_as_serial_training_with_it(self) -> None:
        many = accuracy("--method", "in-turn", "--workers", 16, "--lr", 0.25 / 16)
        self.assertGreater(many, 0.45)
        self.assertAlmostEqual(many, accuracy("--lr", 0.25 / 16), delta=0.12)

    def test_the_same_workers_learn_where_most_are_dead(self) -> None:
        dead = [f"--failure=worker={worker},at=0s" for worker in range(1, 16)]
        self.assertGreater(accuracy("--method", "by-arrival", "--workers", 16, *dead), 0.6)

    def test_latency_changes_no_bit(self) -> None:
        digests = {result_of([SIM, SCENARIO, "--method", "in-turn", "--workers", 16, "--latency", latency,
                              "--train-samples", 3200])["summary"]["parameters_digest"] for latency in ("0s", "10ms")}
        self.assertEqual(len(digests), 1)


if __name__ == "__main__":
    unittest.main()
