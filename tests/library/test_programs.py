#!/usr/bin/env python3
"""Programs that start MPI, or the simulation, themselves; and one without a world."""

import re
import unittest

from library_programs import PROGRAMS, program, run


class Programs(unittest.TestCase):
    def test_over_a_given_communicator(self) -> None:
        done = run(["mpirun", "--quiet", "-n", 4, "--bind-to", "none", PROGRAMS / "own_mpi"])
        self.assertEqual((done.status, done.errors), (0, ""))
        lines = sorted(done.output.splitlines())
        self.assertEqual([re.sub(r"[0-9a-f]{32}$", "", line) for line in lines],
                         [f"world rank {rank}, round {round}: 20 updates heard, " for rank in (0, 1) for round in (0, 1)])
        self.assertEqual(len({line.split()[-1] for line in lines}), 1)

    def test_a_platform_of_its_own(self) -> None:
        done = run([PROGRAMS / "own_platform"])
        self.assertEqual((done.status, done.output, done.errors), (0, "1.002 s\n", ""))

    def test_without_a_world(self) -> None:
        done = run([PROGRAMS / "no_world"])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertRegex(done.output, r"^4\.0, \d+\.\d+\.\d+\n$")

    def test_the_page(self) -> None:
        for world in ("real", "simulated"):
            done = program("page", world, 3)
            self.assertEqual((done.status, done.errors), (0, ""), world)


if __name__ == "__main__":
    unittest.main()
