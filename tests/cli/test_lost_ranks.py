"""Real runs that lose a rank: what the one that has v knew is left as a result, marked as such, and nothing where none has it."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from processes import kill_all, processes_in, rank_of, start, wait_for  # noqa: E402
from programs import FRONT, HAS_REAL, HAS_REPORTS, SECONDS, Done, ProgramTest, is_open_mpi_5, needs_real  # noqa: E402

# Steps of some hundredths of a second, in which ranks sleep; an epoch of each worker has four.
SLEEPY = ["--train-samples", 400, "--test-samples", 100, "--batch", 50, "--lr", 0.5, "--emulate-speed", "100Mf", "--epochs", 100000]
SHORT = ["--train-samples", 400, "--test-samples", 100, "--epochs", 1]
BY_ARRIVAL = ["--method", "by-arrival", "--workers", 2]  # and rank 2, the server
SYNC = ["--method", "sync-average", "--workers", 2]
USUAL = {"OMPI_MCA_odls_base_sigkill_timeout": "1"}  # what Open MPI does by itself: other tests do not wait for that


@needs_real
@unittest.skipIf(HAS_REAL and is_open_mpi_5(), "Open MPI 5 kills all ranks at once, and nothing is left")
class LostRanks(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(lambda: kill_all(processes_in(self.folder)))

    @property
    def result_file(self) -> Path:
        return self.folder / "run/result.json"

    def begin(self, *words: object, epoch: int = 3, launcher: dict[str, str] | None = None) -> subprocess.Popen:
        """A run that has come to an epoch."""
        process = start([FRONT, "real", *words, "--progress", "always"], self.folder, **(USUAL if launcher is None else launcher))
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        told = ""
        while not any(int(number) >= epoch for number in re.findall(r"epoch (\d+)/", told)):
            piece = os.read(process.stderr.fileno(), 65536).decode()
            self.assertTrue(piece, f"it ended before: {told}")
            told += piece
        return process

    def send(self, number: int, rank: int) -> None:
        """A signal to a rank."""
        [process] = [process for process, name in processes_in(self.folder).items() if name == "lockstep-real" and rank_of(process) == rank]
        os.kill(process, number)

    def done(self, process: subprocess.Popen) -> Done:
        output, errors = process.communicate(timeout=SECONDS)
        self.assertTrue(wait_for(lambda: not processes_in(self.folder)), f"left behind: {processes_in(self.folder)}")
        return Done(process.returncode, output, errors)

    def lose(self, rank: int, *words: object) -> Done:
        process = self.begin(*SLEEPY, *words)
        self.send(signal.SIGKILL, rank)
        done = self.done(process)
        self.assertEqual((done.status, done.output), (3, ""), done.errors)
        self.assertRegex(done.errors, rf"lockstep: mpirun ended with status \d+: .*process rank {rank} with PID \d+ on node \S+ exited on signal 9 \(Killed\)")
        return done

    def assert_partial(self, cause: str) -> dict:
        result = json.loads(self.result_file.read_text())
        self.assertEqual(result["summary"]["outcome"], "aborted")
        self.assertRegex(result["provenance"]["abort_cause"], cause)
        self.assertFalse(any(worker["completed"] for worker in result["workers"]))
        self.assertGreater(result["summary"]["updates"], 0)
        self.assertEqual(result["summary"]["updates"], sum(worker["updates"] for worker in result["workers"]))
        for name in ("messages", "compute_share", "cpu_percent", "memory_bytes", "predicted_bytes"):
            self.assertIsNone(result["summary"][name], name)
        history = result["history"]
        self.assertGreaterEqual(len(history), 3)
        self.assertEqual(history[0]["epoch"], 0)
        self.assertIsNotNone(history[-1]["test_accuracy"])
        self.assertEqual(history[-1]["test_accuracy"], result["summary"]["test_accuracy"])
        self.assertTrue(all(row["samples"] == 50 * row["updates"] for row in history))
        with open(self.folder / "run/history.csv", encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.DictReader(file))), len(history))
        with open(self.folder / "run/updates.csv", encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.DictReader(file))), result["summary"]["updates"])
        self.assertEqual([path.name for path in self.folder.rglob("*.tmp")], [])
        return result

    def assert_shown(self, cause: str) -> None:
        show = self.run_here([FRONT, "show", "run"])
        self.assertEqual((show.status, show.errors), (0, ""))
        self.assertRegex(show.output, rf"outcome +aborted +{cause}")
        if HAS_REPORTS:
            report = self.run_here([FRONT, "report", "run", "--out", "page.html"])
            self.assertEqual((report.status, report.errors), (0, ""))
            self.assertRegex((self.folder / "page.html").read_text(), rf"The run was aborted: {cause}")
        refused = self.run_here([FRONT, "validate", *SHORT, "--measured", "run", "--out", "v"])
        self.assertEqual(refused.status, 2, refused.errors)

    def test_worker_of_a_server(self) -> None:
        done = self.lose(1, *BY_ARRIVAL, "--out", "run")
        self.assertRegex(done.errors, r"; what it had come to is in run/result\.json\n\Z")
        result = self.assert_partial(r"\Arank 1 on \S+ has ended\Z")
        self.assertEqual([worker["is_server"] for worker in result["workers"]], [False, False, True])
        self.assertIsNone(result["workers"][0]["elapsed_s"])
        self.assertGreater(result["workers"][2]["elapsed_s"], 0)
        self.assertEqual(result["history"][-1]["updates"], result["summary"]["updates"])
        self.assert_shown(r"rank 1 on \S+ has ended")

    def test_worker_of_equal_ones(self) -> None:
        done = self.lose(1, *SYNC, "--out", "run")
        self.assertRegex(done.errors, r"; what it had come to is in run/result\.json\n\Z")
        first, second = self.assert_partial(r"\Arank 1 on \S+ has ended\Z")["workers"]
        self.assertGreater(first["elapsed_s"], 0)
        self.assertIsNone(first["wait_s"])
        self.assertIsNone(second["elapsed_s"])
        self.assertLessEqual(first["updates"] - second["updates"], 1)
        self.assert_shown(r"rank 1 on \S+ has ended")

    def test_the_folder_is_free(self) -> None:
        self.lose(1, *SYNC, "--out", "run")
        again = self.run_here([FRONT, "real", *SHORT, *SYNC, "--out", "run"])
        self.assertEqual(again.status, 0, again.errors)
        self.assertEqual(json.loads(self.result_file.read_text())["summary"]["outcome"], "finished")
        self.assertEqual(sorted(path.name for path in (self.folder / "run").iterdir()), ["history.csv", "result.json", "updates.csv"])

    def test_the_rank_that_has_v(self) -> None:
        """Nobody knows what it knew; an earlier result stays, and is not taken for this run's."""
        self.assertEqual(self.run_here([FRONT, "real", *SHORT, *SYNC, "--out", "run"]).status, 0)
        before = self.result_file.read_bytes()
        for rank, method in ((0, SYNC), (2, BY_ARRIVAL)):
            with self.subTest(rank=rank):
                self.assertNotIn("what it had come to", self.lose(rank, *method, "--out", "run").errors)
                self.assertEqual(self.result_file.read_bytes(), before)

    def test_a_rank_that_does_not_go_on(self) -> None:
        process = self.begin(*SLEEPY, *SYNC, "--rank-timeout", "1s", "--out", "run")
        self.send(signal.SIGSTOP, 1)
        done = self.done(process)
        self.assertEqual((done.status, done.output), (3, ""), done.errors)
        self.assertRegex(done.errors, r"lockstep-real: rank 0 has waited 1 s for rank 1 on \S+ \(--rank-timeout\)")
        self.assertRegex(done.errors, r"lockstep: what it had come to is in run/result\.json\n\Z")
        self.assert_partial(r"\Arank 0 has waited 1 s for rank 1 on \S+ \(--rank-timeout\)")

    def test_with_checkpoints_it_goes_on_from_the_last(self) -> None:
        process = self.begin(*SLEEPY, *SYNC, "--out", "run", "--checkpoint", "kept", "--checkpoint-every", "1epochs")
        self.assertTrue(wait_for(lambda: list((self.folder / "kept").glob("checkpoint-*.lockstep"))))
        self.send(signal.SIGKILL, 1)
        done = self.done(process)
        self.assertEqual(done.status, 3, done.errors)
        self.assertRegex(done.errors, r"exited on signal 9 \(Killed\).*; go on with: lockstep resume kept\n\Z")
        self.assertFalse(self.result_file.exists())

    def test_a_request_to_end_leaves_nothing(self) -> None:
        process = self.begin(*SLEEPY, *BY_ARRIVAL, "--out", "run")
        process.terminate()
        self.assertEqual(self.done(process).status, -signal.SIGTERM)
        self.assertFalse(self.result_file.exists())

    def test_killed_while_it_writes(self) -> None:
        """By a launcher without patience: whatever there is is whole, and the next run removes the rest."""
        for _ in range(3):
            process = self.begin(*SLEEPY, *BY_ARRIVAL, "--out", "run", launcher={"OMPI_MCA_odls_base_sigkill_timeout": "0"})
            self.send(signal.SIGKILL, 1)
            self.assertEqual(self.done(process).status, 3)
            if self.result_file.exists():
                self.assert_partial(" ended")
        self.assertEqual(self.run_here([FRONT, "real", *SHORT, *SYNC, "--out", "run"]).status, 0)
        self.assertEqual([path.name for path in self.folder.rglob("*") if path.name.startswith(".")], [])


if __name__ == "__main__":
    unittest.main()
