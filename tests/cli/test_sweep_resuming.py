"""`lockstep sweep`: interrupted and resumed, on any number of jobs, it leaves the same bytes."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SECONDS, environment  # noqa: E402
from sweeps import PAIRS, TEN, TIMING, TINY, SweepTest, contents  # noqa: E402


class Resuming(SweepTest):
    words = [*TINY, *PAIRS, "--sweep", "latency=10us..1ms:log:2", "--replicates", "2"]

    def start(self, *words: object) -> subprocess.Popen:
        process = subprocess.Popen([FRONT, "sweep", *map(str, words)], cwd=self.folder, env=environment(),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   start_new_session=True)

        def end() -> None:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stderr.close()
        self.addCleanup(end)
        return process

    def test_the_number_of_jobs_changes_nothing(self) -> None:
        for jobs in (1, 4):
            self.sweep(*self.words, "--sweep", "topology=star,torus", "--sweep", "topology-shape=2x2|1x1", "--jobs", jobs, "--out", f"jobs-{jobs}", status=3)
        self.assertEqual(contents(self.folder / "jobs-1"), contents(self.folder / "jobs-4"))
        self.assertGreater(sum(row["outcome"] == "failed" for row in self.rows("jobs-1")), 0)

    def test_killed_at_any_moment(self) -> None:
        began = time.monotonic()
        self.sweep(*self.words, "--jobs", 2, "--out", "whole")
        whole_s = time.monotonic() - began
        expected = contents(self.folder / "whole")
        moments = random.Random(7)
        for trial in range(3):
            for _ in range(2):
                process = self.start(*self.words, "--jobs", 2, "--out", f"killed-{trial}")
                try:
                    process.wait(timeout=moments.uniform(0.05, 0.9) * whole_s)
                except subprocess.TimeoutExpired:
                    process.kill()
                process.wait()
            # What a process leaves that is killed while it writes.
            (self.folder / f"killed-{trial}/runs").mkdir(parents=True, exist_ok=True)
            for name in ("runs/.0a.json.0123abcd-77-0.tmp", ".sweep.csv.0123abcd-77-0.tmp"):
                self.write(f"killed-{trial}/{name}", "half")
            self.sweep(*self.words, "--out", f"killed-{trial}")
            with self.subTest(trial=trial):
                self.assertEqual(contents(self.folder / f"killed-{trial}"), expected)

    def test_finished_runs_are_not_made_again(self) -> None:
        self.sweep(*TEN)
        results = self.folder / "results"
        before = contents(results)
        times = {path: path.stat().st_mtime_ns for path in (results / "runs").iterdir()}
        damaged, missing = sorted(times)[:2]
        damaged.write_text("{")
        missing.unlink()
        done = self.sweep(*TEN)
        self.assertRegex(done.errors, rf"\Alockstep: warning: results/runs/{damaged.name}: not a result of lockstep: .*; the run is made again\n\Z")
        self.assertEqual(contents(results), before)
        for path, changed_ns in times.items():
            if path not in (damaged, missing):
                self.assertEqual(path.stat().st_mtime_ns, changed_ns)

    def test_the_result_of_another_run_is_not_taken(self) -> None:
        words = [*TIMING, "--method", "in-turn", "--sweep", "latency=10us,100ms", "--out", "results"]
        self.sweep(*words)
        before = contents(self.folder / "results")
        one, other = sorted((self.folder / "results/runs").glob("*.json"))
        latencies = {path: json.loads(path.read_text())["config"]["latency"] for path in (one, other)}
        shutil.copyfile(one, other)
        done = self.sweep(*words)
        self.assertEqual(done.errors, f"lockstep: warning: results/runs/{other.name}: config.latency: given '{latencies[one]}'; "
                                      f"allowed: '{latencies[other]}', as in the run of that name; it is of another run; the run is made again\n")
        self.assertEqual(contents(self.folder / "results"), before)
        self.assertEqual(self.sweep(*words).errors, "")

    def test_the_events_of_another_run_are_not_taken(self) -> None:
        words = [*TINY, "--method", "in-turn", "--sweep", "workers=1,2", "--events", "full", "--out", "results"]
        self.sweep(*words)
        before = {name: content for name, content in contents(self.folder / "results").items() if name.endswith(".events")}
        one, other = sorted(path for path in (self.folder / "results/runs").iterdir() if path.is_dir())
        shutil.rmtree(other)
        shutil.copytree(one, other)
        self.assertIn(f"results/runs/{other.name}/result.json: config.workers: given", self.sweep(*words).errors)
        self.assertEqual({name: content for name, content in contents(self.folder / "results").items() if name.endswith(".events")}, before)
        self.assertEqual(self.sweep(*words).errors, "")

    def test_a_result_counts_however_it_was_made(self) -> None:
        words = [*TINY, *PAIRS, "--out", "results"]
        self.sweep(*words, "--threads", 2, "--jobs", 1)
        times = {path: path.stat().st_mtime_ns for path in (self.folder / "results/runs").iterdir()}
        self.assertEqual(self.sweep(*words, "--threads", 1, "--data-cache", "elsewhere", "--format", "csv").errors, "")
        self.assertEqual({path: path.stat().st_mtime_ns for path in times}, times)

    def test_an_edited_platform_is_another_run(self) -> None:
        self.write("profile.txt", "0 1\n")
        words = [*TIMING, "--speed-profile", "worker=0,file=profile.txt", "--sweep", "lr=1", "--out", "results"]
        self.sweep(*words)
        [before] = self.rows()
        self.write("profile.txt", "0 0.5\n")
        self.sweep(*words)
        [after] = self.rows()
        self.assertAlmostEqual(float(after["compute_s"]) / float(before["compute_s"]), 2)

    def test_an_interrupted_sweep_keeps_what_is_finished(self) -> None:
        endless = ["--train-samples", "200", "--test-samples", "50", "--batch", "20", "--sweep", "epochs=1,1000000", "--jobs",
                   "1", "--out", "results", "--progress", "always"]
        process = self.start(*endless)
        shown = b""
        while b"1 of 2 runs" not in shown:
            part = os.read(process.stderr.fileno(), 1000)
            self.assertTrue(part, shown)
            shown += part
        self.assert_refused([FRONT, "sweep", *TEN], "--out: given 'results'; allowed: a folder that no other command is using")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=SECONDS), -signal.SIGTERM)
        self.assertEqual(len(list((self.folder / "results/runs").glob("*.json"))), 1)
        self.assertFalse((self.folder / "results/sweep.csv").exists())
        self.sweep(*TEN)


if __name__ == "__main__":
    unittest.main()
