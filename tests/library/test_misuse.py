#!/usr/bin/env python3
"""What users of the library do wrong ends in one line that names the call, in both worlds, and in no hang."""

import tempfile
import unittest
from pathlib import Path

from library_programs import WORLDS, example, program

# Case: ranks, exit status, what all ranks say together (None: which rank is first depends on timing), pattern.
CASES = {
    "lengths": (3, 2, r"^misuse: train: the length of the start vector on rank 1: given '5'; allowed: 4, as on rank 0; "),
    "starts": (2, 2, r"^misuse: train: the start vector \(its digest\) on rank 1: given "),
    "periods": (2, 2, r"^misuse: train: --period on rank 1: given '3'; allowed: 2, as on rank 0"),
    "servers": (3, 2, r"^misuse: train: communicator: given '3 ranks'; allowed: at least 4 with by-arrival, which has 3 servers"),
    "alone": (2, 2, r"^misuse: train: --workers: given '2'; allowed: 1 with --method serial"),
    "period": (2, 2, r"^misuse: train: --period: given '0'; allowed: a whole number from 1 "),
    "slow-momentum": (2, 2, r"^misuse: train: --slow-momentum: given '1.5'; allowed: "),
    "momentum": (2, 2, r"^misuse: train: --momentum: given '2'; allowed: "),
    "optimiser": (2, 2, r"^misuse: train: --optimiser: given 'nesterov'; allowed: sgd or momentum with --method gossip"),
    "no-steps": (1, 2, r"^misuse: train: LocalTraining::steps: given '0'; allowed: at least 1"),
    "blocks": (1, 2, r"^misuse: train: LocalTraining::blocks: given 'blocks of 3 values'; allowed: as many values as the start"),
    "too-long": (1, 2, r"^misuse: train: start: given '536870912 values'; allowed: from 1 to 2\^29 - 1 = 536870911"),
    "rates": (2, 2, r"^misuse: train: LocalTraining::learning_rate\(0\) on rank 1: given '0.25'; allowed: 0.5, as on rank 0"),
    "matrices": (2, 2, r"^misuse: train: LocalTraining::blocks \(their digest\) on rank 1: given "),
    "told-nothing": (2, 2, r"^misuse: train: telling reported no parameters after 5 steps$"),
    "told-before": (2, 2, r"^misuse: train: telling reported no parameters after 5 steps$"),
    "told-shares": (2, 2, r"^misuse: train: parameters that telling reported after 5 steps: given 'those of 1 workers'; allowed: those of all 2$"),
    "told-parts": (2, 2, r"^misuse: train: parameters that telling reported after 5 steps: given '2 values'; allowed: all 4$"),
    "told-beyond": (1, 2, r"^misuse: rank 0: train: parameters that telling reported: given '4 values from 1 on'; allowed: a part of the 4 "),
    "left-over": (3, 2, r"^misuse: train: telling: messages from rank 0 to rank 1: given '2 sent, 0 received'; allowed: as many received as sent$"),
    "shadows": (1, 2, r"^misuse: Program::options: given 'latency'; allowed: keys that are not taken"),
    "twice": (1, 2, r"^misuse: Program::options: given 'case'; allowed: keys that are not taken"),
    "nan": (3, 2, r"^misuse: rank 1: train: parameters of step 3: given 'nan at index 2'; allowed: finite numbers"),
    "nan-gradient": (3, 2, r"^misuse: rank 1: train: gradient of step 3: given 'nan at index 2'; allowed: finite numbers"),
    "nan-asynchronous": (2, 2, r"^misuse: rank 0: train: parameters of step 3: given 'nan at index 2'"),
    "nan-bounded": (3, 2, r"^misuse: rank 1: train: gradient of step 3: given 'nan at index 2'; allowed: finite numbers"),
    "throws": (3, 3, r"^misuse: rank 1: boom$"),
    # Each rank throws by itself; one at least is heard before all have been ended.
    "rate": (1, 2, r"^misuse: rank 0: train: LocalTraining::learning_rate\(0\): given 'nan'; allowed: a finite number"),
    "collective": (1, 2, r"^misuse: rank 0: collective: given 'rign'; allowed: tree, ring, "),
    "schedule": (1, 2, r"^misuse: rank 0: GradientTraining: Schedule::decay: given 'nan'; allowed: a finite number from 0 on"),
    "peer": (1, 2, r"^misuse: rank 0: Communicator: given 'rank 1'; allowed: a rank from 0 to 0$"),
    "requests": (1, 2, r"^misuse: rank 0: Communicator::wait_any: given 'no active request'; allowed: at least 1"),
    "no-requests": (1, 2, r"^misuse: rank 0: Communicator::wait_any: given 'no active request'; allowed: at least 1"),
    "top-k": (1, 2, r"^misuse: rank 0: TopK: given '0'; allowed: a fraction above 0 and at most 1"),
    "qsgd": (1, 2, r"^misuse: rank 0: Qsgd: given '0 levels'; allowed: 1 to 65536"),
    "low-rank": (1, 2, r"^misuse: rank 0: FactorLayout: given 'rank 0'; allowed: at least 1"),
    "number": (1, 2, r"^misuse: rank 0: --case: given 'number'; allowed: a number"),
    "scratch": (1, 2, r"^misuse: rank 0: allreduce_ring: scratch: given '3 values'; allowed: at least as many as the vector has, 4"),
    "group": (1, 2, r"^misuse: rank 0: Group: given 'first 0, stride 1, size 99'; allowed: at least one of the 1 ranks"),
    "undeclared": (1, 2, r"^misuse: rank 0: Rank::text: the program has no option 'size'"),
    "text": (1, 2, r"^misuse: rank 0: --case: given 'text'; allowed: a whole number"),
}


class Misuse(unittest.TestCase):
    def test_cases(self) -> None:
        for world in WORLDS:
            for case, (ranks, status, pattern) in CASES.items():
                with self.subTest(case=case, world=world):
                    done = program("misuse", world, ranks, "--case", case)
                    self.assertEqual((done.status, done.output), (status, ""), done.errors)
                    self.assertEqual(done.errors.count("\n"), 1, done.errors)
                    self.assertRegex(done.errors.rstrip(), pattern)

    def test_unequal_lengths_end_also_unchecked(self) -> None:
        for world in WORLDS:
            done = program("misuse", world, 3, "--case", "lengths-unchecked")
            self.assertNotEqual(done.status, 0, world)
            self.assertRegex(done.errors, r"^misuse: (rank \d: )?\S")

    def test_too_many_ranks(self) -> None:
        if int(Path("/proc/sys/vm/max_map_count").read_text(encoding="utf-8")) < 2 * 65536:
            done = example("own_training", "simulated", 65536)
            self.assertEqual(done.status, 2)
            self.assertRegex(done.errors, r"^own_training: --ranks: given '65536'; allowed: at most \d+ simulated on this machine")

    def test_tables(self) -> None:
        for content, expected in {"x,class\n1,0\n\n2,1\n\n": None,
                                  "": " has no rows", "x,class\n": " has no rows",
                                  "x,class\n1,0\n1,2,0\n": ":3: not as many columns as in the first row",
                                  "x,class\n1,0\n,1\n": ":3: '' is no number",
                                  "x,class\n1,zero\n": ":2: 'zero' is no number"}.items():
            with self.subTest(content=content), tempfile.TemporaryDirectory() as folder:
                table = Path(folder, "table.csv")
                table.write_text(content, encoding="utf-8")
                done = example("own_training", "simulated", 1, "--table", table)
                errors = f"own_training: rank 0: --table: {table}{expected}\n" if expected else ""
                self.assertEqual((done.status, done.errors), (2 if expected else 0, errors))

    def test_command_lines(self) -> None:
        refused = {
            ("real", "--latency", "5us"): r"^own_training: --latency: describes a simulated platform, and this is a real run$",
            ("real", "--ranks", "3"): r"^own_training: --ranks: unknown option",
            ("real", "--speeds", "2,1"): r"^own_training: --speeds: given '2'; allowed: multiples of at most 1 in the real world",
            ("real", "--straggler", "worker=0,factor=2"): r"^own_training: --straggler: given .*; allowed: with --emulate-speed ",
            ("simulated", "--memory", "1GB"): r"^own_training: --memory: has no effect on a program of its own; leave it out$",
            ("simulated", "--emulate-speed", "1Gf"): r"^own_training: --emulate-speed: unknown option",
            ("simulated", "--latncy", "5us"): r"^own_training: --latncy: unknown option; did you mean --latency\?$",
            ("simulated", "--epochs", "5"): r"^own_training: --epochs: unknown option",
            ("simulated", "--speeds", "1Gf,2Gf,3Gf"): r"^own_training: --speeds: given '3 speeds'; allowed: one for each of the 2 ranks",
            ("simulated", "--server-speed", "1Gf"): r"^own_training: --server-speed: given '1Gf', but it applies only ",
            ("simulated", "--latency", "-1s"): r"^own_training: --latency: given '-1s'; allowed: ",
            ("simulated", "--table"): r"^own_training: --table: the value is missing; write --table VALUE$",
            ("simulated", "--platform", "missing.xml"): r"^own_training: --platform: .*missing\.xml",
        }
        for (world, *words), pattern in refused.items():
            with self.subTest(words=words):
                done = example("own_training", world, 2, *words)
                self.assertEqual((done.status, done.output), (2, ""), done.errors)
                self.assertEqual(done.errors.count("\n"), 1, done.errors)
                self.assertRegex(done.errors.rstrip(), pattern)
        done = example("own_training", "simulated", 2, "--failure", "worker=1,at=1ms")
        self.assertEqual((done.status, done.errors),
                         (3, "own_training: the simulation came to a standstill: a processor has stopped for good\n"))
        done = example("own_training", "simulated", 2, "--rate", "-1")
        self.assertEqual(done.status, 2)
        self.assertRegex(done.errors, r"^own_training: rank 0: GradientTraining: Schedule::learning_rate: given '-1'; allowed: ")
        done = example("own_training", "simulated", 2, "--table", "missing.csv")
        self.assertEqual((done.status, done.errors), (2, "own_training: rank 0: --table: cannot read missing.csv\n"))


if __name__ == "__main__":
    unittest.main()
