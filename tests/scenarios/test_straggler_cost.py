#!/usr/bin/env python3
"""scenarios/straggler-cost: what stragglers cost, against closed forms and an independent recurrence."""

import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import ROOT, SIM, needs_sim, result_of  # noqa: E402

SCENARIO = ROOT / "scenarios/straggler-cost/scenario.ini"
IDEAL = ("--bandwidth", "1000Gbps", "--latency", "0s")
WORKERS = 8
ROUNDS = 125
STEP_S = 3_155_700 / 1e9  # of a batch of 100: forward, loss, backward, update


def elapsed_s(method: str, *options: object) -> float:
    return result_of([SIM, SCENARIO, "--method", method, *IDEAL, *options])["summary"]["elapsed_s"]


def mean_of_maximum(probability: float, factor: float) -> float:
    return 1 + (factor - 1) * (1 - (1 - probability) ** WORKERS)


def rotation(probability: float, factor: float, rounds: int = 20_000) -> float:
    """Time of a round in steps: a turn ends after the one before it and after the worker's own step."""
    draw = random.Random(1)
    own, turn = [0.0] * WORKERS, 0.0
    for _ in range(rounds):
        for worker in range(WORKERS):
            turn = max(turn, own[worker] + (factor if draw.random() < probability else 1))
            own[worker] = turn
    return turn / rounds


@needs_sim
class StragglerCost(unittest.TestCase):
    def test_for_good(self) -> None:
        for factor in (2, 8):
            options = ("--variability", "none", "--straggler", f"worker=3,factor={factor}")
            for method in ("in-turn", "sync-average"):
                with self.subTest(method=method, factor=factor):
                    self.assertAlmostEqual(elapsed_s(method, *options) / (ROUNDS * factor * STEP_S), 1, delta=0.02)
            with self.subTest(method="by-arrival", factor=factor):
                closed_form_s = WORKERS * ROUNDS * STEP_S / (WORKERS - 1 + 1 / factor)
                self.assertAlmostEqual(elapsed_s("by-arrival", *options) / closed_form_s, 1, delta=0.05)

    def test_for_a_while(self) -> None:
        lost_s = 0.1 * (1 - 1 / 8)
        for method, cost_s in (("in-turn", lost_s), ("sync-average", lost_s), ("by-arrival", lost_s / WORKERS)):
            with self.subTest(method=method):
                with_s = elapsed_s(method, "--straggler", "worker=3,factor=8,from=100ms,to=200ms")
                self.assertAlmostEqual(with_s - elapsed_s(method), cost_s, delta=0.006)

    def test_at_random(self) -> None:
        times = {method: sum(elapsed_s(method, "--variability", "two-point:0.05,8", "--seed", seed)
                             for seed in range(1, 9)) / 8 / ROUNDS / STEP_S
                 for method in ("in-turn", "sync-average", "by-arrival")}
        self.assertAlmostEqual(times["sync-average"] / mean_of_maximum(0.05, 8), 1, delta=0.1)
        self.assertAlmostEqual(times["in-turn"] / rotation(0.05, 8), 1, delta=0.1)
        self.assertAlmostEqual(times["by-arrival"] / 1.35, 1, delta=0.06)
        self.assertLess(times["in-turn"], times["sync-average"])


if __name__ == "__main__":
    unittest.main()
