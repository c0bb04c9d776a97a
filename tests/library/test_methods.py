#!/usr/bin/env python3
"""Every method through the library: the same parameters in both worlds where timing decides nothing, traffic as predicted."""

import unittest

from library_programs import WORLDS, program

# With how few workers a method's defaults are refused.
REFUSED = {("backup-workers", 2)}


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
                    self.check_method([run[method] for run in runs], (method, ranks) in REFUSED)

    def check_method(self, runs: list[list[str]], is_refused: bool) -> None:
        self.assertEqual({run[0] == "refused" for run in runs}, {is_refused})
        if is_refused:
            return
        for kind, digest, sent, predicted, value in runs:
            self.assertEqual(len(digest), 32)
            self.assertTrue(0.2 < float(value) < 1.5, value)
            self.assertEqual(sent, predicted)
            self.assertNotEqual(sent, "0/0")
        if runs[0][0] == "fixed":
            self.assertEqual(len({run[1] for run in runs}), 1)


if __name__ == "__main__":
    unittest.main()
