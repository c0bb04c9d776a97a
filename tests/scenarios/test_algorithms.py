#!/usr/bin/env python3
"""scenarios/algorithms: what a slow network and a slow worker do to each family of methods."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import SIM, needs_sim, result_of  # noqa: E402

PLATFORMS = {
    "fast": ["--bandwidth", "10Gbps", "--latency", "10us"],
    "slow network": ["--bandwidth", "100Mbps", "--latency", "1ms"],
    "straggler": ["--bandwidth", "1Gbps", "--latency", "50us", "--straggler", "worker=3,factor=4"],
    "no straggler": ["--bandwidth", "1Gbps", "--latency", "50us"],
}


def summary(platform: str, method: str, *words: object) -> dict:
    """Of one epoch of 784-30-10, timing only."""
    return result_of([SIM, "--method", method, "--workers", 8, "--hidden", 30, "--train-samples", 16000, "--epochs", 1,
                      "--numerics", "none", *PLATFORMS[platform], *words])["summary"]


def slowdown(platform: str, than: str, method: str, *words: object) -> float:
    return summary(platform, method, *words)["elapsed_s"] / summary(than, method, *words)["elapsed_s"]


@needs_sim
class Algorithms(unittest.TestCase):
    def test_a_slow_network_costs_those_who_send_every_step(self) -> None:
        every_step = slowdown("slow network", "fast", "allreduce")
        self.assertGreater(every_step, 10)
        self.assertLess(slowdown("slow network", "fast", "local-sgd", "--period", 10), every_step / 3)
        self.assertLess(slowdown("slow network", "fast", "allreduce", "--compression", "top-k"), every_step / 3)

    def test_bytes_are_what_periods_and_codes_say(self) -> None:
        whole = summary("fast", "allreduce")["bytes"]
        self.assertEqual(summary("fast", "local-sgd", "--period", 10)["bytes"] * 10, whole)
        self.assertLess(summary("fast", "allreduce", "--compression", "top-k")["bytes"], whole / 10)
        self.assertEqual(summary("fast", "allreduce", "--compression", "bf16")["bytes"] * 2, whole)

    def test_a_slow_worker_costs_those_who_meet(self) -> None:
        for method in ("allreduce", "local-sgd", "gossip"):
            with self.subTest(method=method):
                self.assertGreater(slowdown("straggler", "no straggler", method), 1.5)
        for method, words in (("by-arrival", []), ("bounded-staleness", ["--staleness-bound", "none"]),
                              ("backup-workers", []), ("easgd", ["--server", "dedicated"])):
            with self.subTest(method=method):
                self.assertLess(slowdown("straggler", "no straggler", method, *words), 1.35)

    def test_bounded_staleness_lies_between(self) -> None:
        times = [summary("straggler", "bounded-staleness", "--staleness-bound", bound)["elapsed_s"]
                 for bound in (0, 3, "none")]
        self.assertEqual(times, sorted(times, reverse=True))


if __name__ == "__main__":
    unittest.main()
