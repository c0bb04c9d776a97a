#!/usr/bin/env python3
"""Where resnet-50 stops to scale: collectives and a server against their closed forms."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import ROOT, SIM, needs_sim, result_of  # noqa: E402

FOLDER = ROOT / "scenarios/scaling-to-1024"
VECTOR = 4 * 25_557_032  # bytes
STEP_S = 6 * 4.089e9 * 32 / 1e13
LATENCY = 5e-6
BANDWIDTHS = {"10Gbps": 1.25e9, "100Gbps": 1.25e10}


def summary(file: str, *options: object) -> dict:
    return result_of([SIM, FOLDER / file, *options])["summary"]


def averaging_s(collective: str, workers: int, bandwidth_Bps: float) -> float:
    doublings, share = workers.bit_length() - 1, (workers - 1) / workers
    hops, vectors = {"tree": (2 * doublings, 2 * doublings), "recursive-doubling": (doublings, doublings),
                     "rabenseifner": (2 * doublings, 2 * share), "ring": (2 * (workers - 1), 2 * share)}[collective]
    return hops * LATENCY + vectors * VECTOR / bandwidth_Bps


@needs_sim
class Scaling(unittest.TestCase):
    def test_weak_scaling_is_the_closed_form(self) -> None:
        for collective, workers in (("tree", 16), ("recursive-doubling", 64), ("rabenseifner", 256), ("ring", 16)):
            for bandwidth, bandwidth_Bps in BANDWIDTHS.items():
                with self.subTest(collective=collective, bandwidth=bandwidth):
                    found = summary("scenario.ini", "--collective", collective, "--workers", workers,
                                    "--train-samples", 32 * workers, "--bandwidth", bandwidth)
                    expected_s = STEP_S + averaging_s(collective, workers, bandwidth_Bps)
                    self.assertAlmostEqual(found["elapsed_s"] / expected_s, 1, delta=2e-3)

    def test_strong_scaling_turns_back_with_a_tree(self) -> None:
        def samples_per_s(collective: str, workers: int) -> float:
            return summary("strong.ini", "--workers", workers, "--batch", 8192 // workers, "--train-samples", 8192,
                           "--collective", collective, "--bandwidth", "10Gbps")["samples_per_s"]
        self.assertGreater(samples_per_s("tree", 64), samples_per_s("tree", 256))
        self.assertLess(samples_per_s("rabenseifner", 64), samples_per_s("rabenseifner", 256))

    def test_a_server_saturates_at_its_link(self) -> None:
        limit = 32 * BANDWIDTHS["100Gbps"] / VECTOR
        def samples_per_s(variability: str) -> float:
            return summary("by-arrival.ini", "--workers", 64, "--train-samples", 64 * 32 * 10, "--bandwidth", "100Gbps",
                           "--variability", variability)["samples_per_s"]
        convoy, mixed = samples_per_s("none"), samples_per_s("shifted-exponential:1")
        self.assertTrue(0.45 * limit < convoy < 0.65 * limit, convoy / limit)
        self.assertTrue(0.85 * limit < mixed <= limit, mixed / limit)


if __name__ == "__main__":
    unittest.main()
