#!/usr/bin/env python3
"""Joules are a fixed amount of work and idle hosts for the time that the run takes."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import ROOT, SIM, FRONT, needs_sim, result_of  # noqa: E402

SCENARIO = str(ROOT / "scenarios/energy/scenario.ini")
IDLE_W, BUSY_W = 100, 200
ROWS = (("serial", 1), ("sync-average", 2), ("sync-average", 4), ("in-turn", 2), ("by-arrival", 2))


def summary(method: str, workers: int, *options: object) -> dict:
    return result_of([SIM, SCENARIO, "--method", method, "--workers", workers, *options])["summary"]


@needs_sim
class Energy(unittest.TestCase):
    def test_hosts_are_work_and_idle_time(self) -> None:
        for method, workers in ROWS[:4]:
            with self.subTest(method=method, workers=workers):
                run = summary(method, workers, "--numerics", "none")
                expected_J = workers * (IDLE_W * run["elapsed_s"] + (BUSY_W - IDLE_W) * run["compute_s"])
                self.assertAlmostEqual(run["host_energy_J"] / expected_J, 1, delta=1e-3)

    def test_no_more_workers_are_greener_for_the_same_samples(self) -> None:
        serial_J = summary("serial", 1, "--numerics", "none")["energy_J"]
        for bandwidth in ("10Gbps", "100Mbps"):
            for method, workers in ROWS[1:]:
                with self.subTest(method=method, bandwidth=bandwidth):
                    run = summary(method, workers, "--numerics", "none", "--bandwidth", bandwidth)
                    self.assertGreater(run["energy_J"], serial_J)

    def test_serial_needs_least_until_the_target(self) -> None:
        needs = {row: summary(*row, "--bandwidth", "10Gbps")["energy_to_target_J"] for row in ROWS}
        self.assertEqual(min(needs, key=needs.get), ("serial", 1))

    def test_a_straggler_is_paid_mostly_by_those_that_wait(self) -> None:
        run = result_of([FRONT, "sim", SCENARIO, "--method", "sync-average", "--workers", 4, "--bandwidth", "10Gbps",
                         "--straggler", "worker=3,factor=4", "--numerics", "none", "--without-straggler"])
        step_s = 6.3114e-4 * 150
        later_s = run["cost"]["elapsed_s"]["difference"]
        self.assertAlmostEqual(later_s / (3 * step_s), 1, delta=0.02)
        expected_J = 4 * IDLE_W * later_s + (BUSY_W - IDLE_W) * 3 * step_s + 4 * 2 * 2 * later_s
        self.assertAlmostEqual(run["cost"]["energy_J"]["difference"] / expected_J, 1, delta=0.01)


if __name__ == "__main__":
    unittest.main()
