#!/usr/bin/env python3
"""Programs that start MPI, or the simulation, themselves; and one without a world."""

import os
import re
import unittest

from library_programs import PROGRAMS, ROOT, SHARED_CORES, WORLDS, digest, in_world, program, run


class Programs(unittest.TestCase):
    def test_over_a_given_communicator(self) -> None:
        done = run(["mpirun", "-n", 4, "--bind-to", "none", PROGRAMS / "own_mpi"])
        self.assertEqual((done.status, done.errors), (0, ""))
        lines = sorted(done.output.splitlines())
        self.assertEqual([re.sub(r"[0-9a-f]{32}$", "", line) for line in lines],
                         [f"world rank {rank}, round {round}: 20 updates heard, " for rank in (0, 1) for round in (0, 1)])
        self.assertEqual(len({line.split()[-1] for line in lines}), 1)

    def test_a_platform_of_its_own(self) -> None:
        done = run([PROGRAMS / "own_platform"])
        self.assertEqual((done.status, done.output, done.errors), (0, "1.002 s\nhandler kept\n"
                         "simulate: one simulation a process, and there has been one\n", ""))

    def test_without_a_world(self) -> None:
        done = run([PROGRAMS / "no_world"])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertRegex(done.output, r"^4\.0, \d+\.\d+\.\d+\n$")

    def test_ranks_that_share_cores_are_warned(self) -> None:
        ranks = len(os.sched_getaffinity(0)) + 1
        done = run(["mpirun", "-n", ranks, "--bind-to", "none", PROGRAMS / "quick_start/mean"])
        self.assertEqual(done.status, 0)
        self.assertRegex(done.errors, rf"\A{SHARED_CORES}\Z")

    def test_the_quick_start(self) -> None:
        folder = PROGRAMS / "quick_start"
        runs = [in_world(world, folder / "mean", folder / "mean_simulated", 3) for world in WORLDS]
        page = (ROOT / "docs/library.md").read_text(encoding="utf-8")
        for done in runs:
            self.assertEqual((done.status, done.errors), (0, ""))
            self.assertIn(f"parameters      {digest(done)}\n", page)
            self.assertTrue(done.output.endswith("\nthe mean is 1.000\n"), done.output)
        done = in_world("simulated", folder, folder / "mean_simulated", 3, "--numerics", "none")
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertIn("parameters      none", done.output)

    def test_the_page(self) -> None:
        for world in ("real", "simulated"):
            done = program("page", world, 3)
            self.assertEqual((done.status, done.errors), (0, ""), world)


if __name__ == "__main__":
    unittest.main()
