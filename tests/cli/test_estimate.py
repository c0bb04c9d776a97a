"""`--estimate` tells, without a run, what the run then says of itself; and long work is announced."""

import json
import os
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
from methods import METHODS, words_of  # noqa: E402
from programs import FRONT, ROOT, SMALL, WORLDS, ProgramTest, environment, needs_real, needs_sim, result_of, run  # noqa: E402

COUNTED = {"messages": "predicted_messages", "bytes": "predicted_bytes", "memory_bytes": "memory_bytes"}
LONG = ["--train-samples", "600", "--test-samples", "100", "--epochs", "1000000"]


class Estimates(ProgramTest):
    def estimate(self, *words: object) -> dict:
        done = self.run_here([FRONT, *words, "--estimate", "--format", "json"])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertEqual(self.files(), [])
        return json.loads(done.output)

    def check(self, words: list[object], fields: tuple[str, ...]) -> None:
        estimate = self.estimate(*words)
        result = result_of([FRONT, *words])
        for field in fields:
            self.assertEqual(estimate[field], result["summary"][COUNTED[field]], field)
        self.assertEqual(estimate["steps"], sum(worker["steps"] for worker in result["workers"]))
        self.assertGreater(estimate["wall_s"], 0)

    @needs_sim
    def test_of_simulated_runs(self) -> None:
        """Of several epochs, and of so many samples that only some are rehearsed."""
        for method in METHODS:
            for words in (SMALL, ["--numerics", "none", "--train-samples", "800000", "--epochs", "2"]):
                with self.subTest(method=method, words=words):
                    self.check(["sim", *words, *words_of(method)], tuple(COUNTED))

    @needs_sim
    def test_a_rehearsal_leaves_nothing(self) -> None:
        self.estimate("sim", *SMALL, "--method", "by-arrival", "--workers", 2, "--record", "order", "--events", "full", "--out", "run",
                      "--paje", "trace")
        self.estimate("sweep", *SMALL, "--sweep", "latency=1us,1ms", "--out", "sweep")

    @needs_real
    def test_of_real_runs(self) -> None:
        for method in ("sync-average", "in-turn"):
            with self.subTest(method=method):
                self.check(["real", *SMALL, "--method", method, "--workers", 2], ("messages", "bytes"))

    @needs_real
    def test_emulated_processors_do_not_sleep_meanwhile(self) -> None:
        """The run lasts as long as the worker with most to do, by its operations and speed: some minutes."""
        for words, workers, slowest_flops in ((["--method", "serial"], 1, 1e6),
                                              (["--method", "sync-average", "--workers", 2, "--speeds", "1,0.25"], 2, 0.25e6)):
            with self.subTest(words=words):
                began_s = time.monotonic()
                estimate = self.estimate("real", *SMALL, *words, "--emulate-speed", "1Mf")
                took_s = time.monotonic() - began_s
                emulated_s = estimate["flops"] / workers / slowest_flops
                self.assertAlmostEqual(estimate["wall_s"] / emulated_s, 1, delta=0.1)
                self.assertLess(took_s, emulated_s / 2)

    @needs_sim
    def test_of_several_runs(self) -> None:
        single = [self.estimate("sim", *SMALL, "--method", "in-turn", "--workers", workers) for workers in (1, 2, 3)]
        for words in (["sweep", "--method", "in-turn", "--sweep", "workers=1..3", "--jobs", 3], ["table", "--table-rows", "in-turn:1-3"],
                      ["compare", "--methods", "in-turn:1,in-turn:2,in-turn:3"]):
            with self.subTest(words=words):
                several = self.estimate(*words, *SMALL)
                self.assertEqual((several["runs"], several["rehearsed"]), (3, 3))
                for field in ("steps", "messages", "bytes", "flops"):
                    self.assertEqual(several[field], sum(run_of[field] for run_of in single))
                self.assertEqual(several["memory_bytes"], max(run_of["memory_bytes"] for run_of in single))

    @needs_sim
    def test_of_more_runs_than_are_rehearsed(self) -> None:
        words = ["--numerics", "none", "--method", "in-turn", "--workers", 2, "--epochs", 1, "--train-samples", 600]
        several = self.estimate("sweep", *words, "--sweep", "latency=1us..1ms:log:50", "--jobs", 2)
        self.assertEqual((several["runs"], several["rehearsed"], several["at_once"]), (50, 32, 2))
        self.assertEqual(several["messages"], 50 * self.estimate("sim", *words)["messages"])

    @needs_sim
    def test_formats(self) -> None:
        words = [FRONT, "sim", *SMALL, "--method", "sync-average", "--workers", "2", "--estimate"]
        text = run(words).output
        self.assertEqual([line.split("  ")[0] for line in text.splitlines()], ["Steps", "Arithmetic", "Messages", "Bytes", "Memory", "Wall time"])
        header, row = run([*words, "--format", "csv"]).output.splitlines()
        keys = list(json.loads(run([*words, "--format", "json"]).output))[1:]
        self.assertEqual((header.split(","), len(row.split(","))), (keys, len(keys)))
        page = (ROOT / "docs/formats/estimate.md").read_text()
        for key in keys:
            self.assertIn(f"| `{key}` |", page)

    def test_refusals(self) -> None:
        for world in WORLDS:
            self.assert_refused([FRONT, world, "--estimate", "--batch", "1000000"], "--batch: given '1000000'")
            self.assert_refused([FRONT, world, "--estimate=5"], "--estimate: given '5'; allowed: no value")
        self.assert_refused([FRONT, "break-even", "--estimate"], "--estimate: unknown option")


class Announcements(ProgramTest):
    def test_long_work_is_announced(self) -> None:
        for words in ([world, *LONG] for world in WORLDS):
            with self.subTest(words=words):
                process = subprocess.Popen([FRONT, *words, "--progress", "always"], cwd=self.folder, env=environment(),
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                self.addCleanup(process.communicate)
                self.addCleanup(process.terminate)
                shown = b""
                while b"\n" not in shown:
                    part = os.read(process.stderr.fileno(), 1000)
                    self.assertTrue(part, shown)
                    shown += part
                self.assertRegex(shown, rb"\r\033\[Kwarning: this will take about \d+(\.\d)? (s|min|h)\n")


if __name__ == "__main__":
    unittest.main()
