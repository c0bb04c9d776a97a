#!/usr/bin/env python3
"""The examples: the same parameters in both worlds, on any platform; traffic as predicted; times that follow the platform."""

import re
import unittest

from library_programs import WORLDS, digest, example


def figures(done) -> dict[str, tuple[int, int]]:
    """Messages and bytes, counted and by closed form."""
    found = re.findall(r"^(sent|by closed form) +(\d+) messages, (\d+) bytes$", done.output, re.MULTILINE)
    return {name: (int(messages), int(size)) for name, messages, size in found}


def seconds(done) -> float:
    """Of the whole run."""
    value, unit = re.search(r"^time +([\d.]+) (\S+)$", done.output, re.MULTILINE).groups()
    return float(value) * {"s": 1, "ms": 1e-3, "us": 1e-6}[unit]


def odd_even_mean(workers: int, averages: bool = True) -> float:
    """What examples/own_method ends with."""
    w = [10.0] * workers
    for step in range(1, 101):
        w = [x - 0.1 * (x - aim) / (1 + aim) for aim, x in enumerate(w)]
        for left in range(1 - step % 2, workers - 1, 2):
            if averages:
                w[left] = w[left + 1] = (w[left] + w[left + 1]) / 2
    return sum(w) / workers


class Examples(unittest.TestCase):
    def assert_ends_well(self, done) -> None:
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertLessEqual(max(map(len, done.output.splitlines())), 80, done.output)

    def test_own_training(self) -> None:
        for ranks in (1, 2, 3, 4):
            runs = [example("own_training", world, ranks) for world in WORLDS]
            speeds = ",".join(["5Gf", "1Gf", "2Gf", "3Gf"][:ranks])
            runs.append(example("own_training", "simulated", ranks, "--speeds", speeds, "--latency", "1ms", "--bandwidth=10Mbps"))
            for done in runs:
                self.assert_ends_well(done)
                self.assertEqual(digest(done), digest(runs[0]))
                self.assertEqual(figures(done)["sent"], figures(done)["by closed form"])
                self.assertGreater(int(re.search(r"(\d+) of 240 rows right", done.output)[1]), 180)
            if ranks > 1:
                self.assertGreater(seconds(runs[2]), 10 * seconds(runs[1]))

    def test_own_method(self) -> None:
        for ranks in (1, 2, 3, 4, 5):
            runs = [example("own_method", world, ranks) for world in WORLDS]
            for done in runs:
                self.assert_ends_well(done)
                self.assertEqual(digest(done), digest(runs[0]))
                sent = 100 // 2 * 2 * (ranks - 1)
                self.assertEqual(set(figures(done).values()), {(sent, sent * 4000)})
                mean = float(re.search(r"^mean parameter +(\S+)$", done.output, re.MULTILINE)[1])
                self.assertAlmostEqual(mean, odd_even_mean(ranks), delta=1e-3)
        self.assertGreater(abs(odd_even_mean(5) - odd_even_mean(5, averages=False)), 0.1)

    def test_waiting_for_a_slow_partner(self) -> None:
        even = example("own_method", "simulated", 2, "--speeds", "1Gf,1Gf")
        uneven = example("own_method", "simulated", 2, "--speeds", "1Gf,100Mf")
        shares = [re.findall(r"^ +\d+ +worker +.*$", done.output, re.MULTILINE) for done in (even, uneven)]
        waits = [[float(line.split("%")[2]) for line in lines] for lines in shares]
        self.assertLess(max(waits[0]), 5)
        self.assertGreater(waits[1][0], 50)
        self.assertLess(waits[1][1], 5)

    def test_timing_alone(self) -> None:
        done = example("own_method", "simulated", 64, "--numerics", "none", "--values", "25000000", "--speed", "10Tf")
        self.assert_ends_well(done)
        self.assertIn("parameters      none", done.output)
        self.assertIn("and 48 more", done.output)
        done = example("own_training", "simulated", 4, "--numerics", "none")
        self.assert_ends_well(done)
        self.assertIn("parameters      none", done.output)
        self.assertNotIn("rows right", done.output)

    def test_help(self) -> None:
        for world, has_latency in zip(WORLDS, (False, True)):
            done = example("own_training", world, 1, "--help")
            self.assert_is_help(done.output, has_latency)

    def assert_is_help(self, text: str, has_latency: bool) -> None:
        self.assertRegex(text, r"^own_training \[--key value \.\.\.\]: logistic regression")
        self.assertIn("--table FILE", text)
        self.assertEqual("--latency TIME" in text, has_latency)
        for key in ("--epochs", "--memory", "--data-cache"):
            self.assertNotIn(key, text)


if __name__ == "__main__":
    unittest.main()
