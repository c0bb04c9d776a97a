#!/usr/bin/env python3
"""Every method through the library: the same parameters in both worlds where timing decides nothing, traffic as predicted."""

import unittest

from library_programs import WORLDS, program

# Whose traffic has no closed form: it depends on who was in time.
UNPREDICTED: set[str] = set()


class Methods(unittest.TestCase):
    def lines(self, world: str, ranks: int, *words: object) -> dict[str, list[str]]:
        done = program("methods", world, ranks, *words)
        self.assertEqual((done.status, done.errors), (0, ""))
        return {line.split()[0]: line.split()[1:] for line in done.output.splitlines()}

    def test_every_method(self) -> None:
        for ranks in (2, 4):
            runs = [self.lines(world, ranks) for world in WORLDS]
            runs.append(self.lines("simulated", ranks, "--latency", "1ms", "--speeds", ",".join(["1Gf", "3Gf"] * (ranks // 2))))
            self.assertEqual(len({tuple(run) for run in runs}), 1)
            self.assertGreaterEqual(len(runs[0]), 16)
            for method in runs[0]:
                with self.subTest(method=method, ranks=ranks):
                    self.check_method(method, [run[method] for run in runs])

    def check_method(self, method: str, runs: list[list[str]]) -> None:
        if runs[0][0] == "refused":
            return
        for kind, digest, sent, predicted, value in runs:
            self.assertEqual(len(digest), 32)
            self.assertTrue(0.2 < float(value) < 1.5, value)
            if predicted != "0/0" and method not in UNPREDICTED:
                self.assertEqual(sent, predicted)
        if runs[0][0] == "fixed":
            self.assertEqual(len({run[1] for run in runs}), 1)


if __name__ == "__main__":
    unittest.main()
