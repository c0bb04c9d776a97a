#!/usr/bin/env python3
"""The report's experiment: what MNIST must reach, and when its first conclusion holds.

The break-even latency of synchronous averaging is found by bisection on simulated runs and compared with the closed form
that scenarios/report/README.md states.
"""

import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import ROOT, SIM, needs_sim, result_of  # noqa: E402

MNIST = Path(os.environ.get("LOCKSTEP_MNIST", ROOT / "../shared/mnist"))
SCENARIO = str(ROOT / "scenarios/report/scenario.ini")

SPEED = 5e9  # flop/s
BANDWIDTH = 1.25e8  # B/s
PARAMETERS = 7850
ENVELOPE = 16  # bytes that SMPI adds to every message
STEP_FLOPS = 3_155_700  # of a batch of 100: forward, loss, backward, update
ROUNDS = {2: 2, 3: 4, 4: 4}  # messages one after the other in a binomial reduce and broadcast


def simulated(*options: object) -> dict:
    return result_of([SIM, SCENARIO, *options])["summary"]


def elapsed_s(workers: int, latency_s: float) -> float:
    method = "serial" if workers == 1 else "sync-average"
    return simulated("--method", method, "--workers", workers, "--latency", f"{latency_s!r}s", "--numerics", "none",
                     "--epochs", 1, "--train-samples", 12_000)["elapsed_s"]


def break_even_s(workers: int) -> float:
    """The latency at which averaging over `workers` takes as long as serial training, by the closed forms."""
    step_s = STEP_FLOPS / SPEED
    message_s = (4 * PARAMETERS + ENVELOPE) / BANDWIDTH
    additions = ROUNDS[workers] // 2 + 1  # in the reduction, and the division by the number of workers
    arithmetic_s = additions * PARAMETERS / SPEED
    return ((workers - 1) * step_s - arithmetic_s) / ROUNDS[workers] - message_s


@needs_sim
class FirstConclusion(unittest.TestCase):
    def test_synchronous_is_slower_at_a_millisecond_and_faster_without_latency(self) -> None:
        serial_s = elapsed_s(1, 0)
        for workers in (2, 3, 4):
            with self.subTest(workers=workers):
                self.assertGreater(elapsed_s(workers, 1e-3), serial_s)
                self.assertLess(elapsed_s(workers, 0), serial_s)

    def test_break_even_is_where_the_closed_form_says(self) -> None:
        serial_s = elapsed_s(1, 0)
        for workers in (2, 3, 4):
            with self.subTest(workers=workers):
                low_s, high_s = 0.0, 1e-3
                for _ in range(30):
                    middle_s = (low_s + high_s) / 2
                    if elapsed_s(workers, middle_s) < serial_s:
                        low_s = middle_s
                    else:
                        high_s = middle_s
                self.assertAlmostEqual(low_s, break_even_s(workers), delta=1e-9)

    def test_the_scenario_states_these_numbers(self) -> None:
        page = (ROOT / "scenarios/report/README.md").read_text()
        for workers in (2, 3, 4):
            self.assertIn(f"{break_even_s(workers) * 1e6:.1f} us", page)


@needs_sim
@unittest.skipUnless(MNIST.is_dir(), f"MNIST is not in {MNIST}")
class Mnist(unittest.TestCase):
    def accuracy(self, *options: object) -> float:
        return simulated("--data", f"mnist:{MNIST}", *options)["test_accuracy"]

    def test_softmax_regression(self) -> None:
        self.assertGreaterEqual(self.accuracy(), 0.915)

    def test_one_hidden_layer(self) -> None:
        self.assertGreaterEqual(self.accuracy("--hidden", 30), 0.945)

    def test_which_rows_hang_on_last_bits(self) -> None:
        """A learning rate that differs in its last bit leaves all rows alone but the last two."""
        def moved(seed: int, method: str, workers: int) -> float:
            words = ["--data", f"mnist:{MNIST}", "--seed", seed, "--method", method, "--workers", workers]
            return abs(simulated(*words, "--lr", "1.0000001")["test_loss"] - simulated(*words)["test_loss"])

        for row in (("serial", 1), ("sync-average", 2), ("sync-average", 4), ("in-turn", 2)):
            with self.subTest(row=row):
                self.assertLess(moved(1, *row), 1e-4)
        self.assertGreater(max(moved(seed, "in-turn", 4) for seed in (1, 2, 3)), 1e-3)


if __name__ == "__main__":
    unittest.main()
