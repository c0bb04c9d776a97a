#!/usr/bin/env python3
"""Which models and worker counts 1 Gbit/s serves: break-even bandwidths against the closed form."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import FRONT, ROOT, SIM, needs_sim, result_of  # noqa: E402

SCENARIO = str(ROOT / "scenarios/is-1-gbit-enough/scenario.ini")
LATENCY = 50e-6  # s
GBIT = 1.25e8  # B/s
SMALL_MODELS = {"softmax": "", "784-512-10": "512"}
PARAMETERS = {"resnet-50": 25_557_032, "bert-base": 110_000_000}


def closed_form_Bps(collective: str, workers: int, bytes_: float, step_s: float) -> float:
    doublings = workers.bit_length() - 1
    hops, vectors = {"ring": (2 * (workers - 1), 2 * (workers - 1) / workers), "tree": (2 * doublings,) * 2}[collective]
    return vectors * bytes_ / ((workers - 1) * step_s - hops * LATENCY)


def break_even(*options: object) -> dict:
    return result_of([FRONT, "break-even", SCENARIO, *options])


@needs_sim
class OneGigabit(unittest.TestCase):
    def test_large_models_follow_the_closed_form(self) -> None:
        for model, collective, workers in (("resnet-50", "ring", 2), ("resnet-50", "ring", 16), ("bert-base", "tree", 2)):
            with self.subTest(model=model, collective=collective, workers=workers):
                found = break_even("--model", model, "--collective", collective, "--workers", workers)
                expected = closed_form_Bps(collective, workers, 4 * PARAMETERS[model],
                                           found["at_low"]["against_s"] * 32)
                self.assertAlmostEqual(found["break_even"] / expected, 1, delta=1e-3)
                self.assertGreater(found["break_even"], GBIT)

    def test_enough_for_the_small_models(self) -> None:
        for name, hidden in SMALL_MODELS.items():
            for collective in ("ring", "tree"):
                with self.subTest(model=name, collective=collective):
                    found = break_even("--model", "fully-connected", "--hidden", hidden, "--speed", "5Gf", "--batch", 100,
                                       "--train-samples", 400, "--workers", 2, "--collective", collective)
                    self.assertLess(found["break_even"], GBIT)

    def test_resnet_50_needs_21_workers_at_1_gbit(self) -> None:
        def samples_per_s(workers: int) -> float:
            method = "serial" if workers == 1 else "sync-average"
            return result_of([SIM, SCENARIO, "--method", method, "--workers", workers, "--train-samples", 64 * workers,
                              "--bandwidth", "1Gbps"])["summary"]["samples_per_s"]
        self.assertLess(samples_per_s(20), samples_per_s(1))
        self.assertGreater(samples_per_s(21), samples_per_s(1))


if __name__ == "__main__":
    unittest.main()
