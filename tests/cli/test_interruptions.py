"""Signals to a run with --checkpoint: it finishes its step, keeps what it has, says how to go on; a second one ends it."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
import unittest

sys.dont_write_bytecode = True
from checkpointed import checkpoints, differences, newest  # noqa: E402
from interruptions import ENDLESS, LONG, InterruptionTest  # noqa: E402
from kills import PROGRAMS  # noqa: E402
from processes import processes_in, wait_for  # noqa: E402
from programs import FRONT, REAL, SECONDS, SIM, WORLDS, environment, mpirun, needs_real, needs_sim, result_of  # noqa: E402

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
TWO = ["--method", "sync-average", "--workers", 2]
# Its steps take about a second each.


class Interruptions(InterruptionTest):
    def check_partial_result(self, world: str) -> dict:
        result = self.result()
        self.assertEqual(result["summary"]["outcome"], "interrupted")
        self.assertFalse(any(worker["completed"] for worker in result["workers"]))
        self.assertIsNotNone(result["summary"]["test_accuracy"])
        self.assertGreater(result["summary"]["updates"], 0)
        self.assertEqual([path.name for path in self.folder.rglob("*") if path.name.startswith(".")], [])
        self.assertEqual(result["provenance"]["world"], {"sim": "simulated", "real": "real"}[world])
        return result

    def test_told_to_the_front_end(self) -> None:
        for world in WORLDS:
            for number in SIGNALS:
                with self.subTest(world=world, number=number):
                    self.clear()
                    done = self.interrupt([*self.words(world, *ENDLESS, *TWO), "--format", "json"], number)
                    self.assertEqual(json.loads(done.output), self.check_partial_result(world))
                    self.assertEqual(done.errors.count("\n"), 1, done.errors)

    def test_told_to_the_program(self) -> None:
        """Any rank will do."""
        for world in WORLDS:
            for number in SIGNALS:
                with self.subTest(world=world, number=number):
                    self.clear()
                    process = self.start(self.words(world, *ENDLESS, *TWO))
                    self.wait_for_checkpoints(process)
                    ranks = sorted(rank for rank, name in processes_in(self.folder).items() if name == PROGRAMS[world])
                    os.kill(ranks[-1], number)
                    self.assert_interrupted(self.done(process))
                    self.check_partial_result(world)

    @needs_sim
    def test_program_without_front_end(self) -> None:
        self.interrupt([SIM, *self.words("sim", *ENDLESS, *TWO)[2:]])
        self.check_partial_result("sim")

    @needs_real
    def test_mpirun_without_front_end(self) -> None:
        """Which passes on this signal; the others it takes as an order to end all ranks."""
        process = self.start(mpirun(2, *self.words("real", *ENDLESS, *TWO[:2])[2:]))
        self.wait_for_checkpoints(process)
        process.send_signal(signal.SIGUSR1)
        self.assert_interrupted(self.done(process))
        self.check_partial_result("real")

    @needs_real
    def test_single_process(self) -> None:
        self.interrupt([REAL, *self.words("real", *ENDLESS)[2:]])
        self.check_partial_result("real")

    def test_keys_of_a_terminal(self) -> None:
        """Whose processes all get the signal, once."""
        for world in WORLDS:
            with self.subTest(world=world):
                self.clear()
                try:
                    ours, theirs = pty.openpty()
                except OSError as problem:
                    self.skipTest(f"no terminal can be opened (is /dev/pts mounted?): {problem}")
                process = subprocess.Popen([str(word) for word in self.words(world, *ENDLESS, *TWO)], cwd=self.folder, env=environment(), text=True,
                                           stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                                           preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
                os.close(theirs)
                self.addCleanup(process.stdout.close)
                self.addCleanup(process.stderr.close)
                self.wait_for_checkpoints(process)
                os.write(ours, b"\x03")
                self.assert_interrupted(self.done(process))
                os.close(ours)
                self.check_partial_result(world)

    def test_interrupted_run_goes_on(self) -> None:
        """Again and again; what it ends with is what it would have ended with."""
        for world in WORLDS:
            with self.subTest(world=world):
                self.clear()
                words = self.words(world, *LONG, *TWO)
                for number in SIGNALS:
                    before = newest(self.kept)
                    done = self.interrupt(words if number != signal.SIGINT else [FRONT, "resume", "kept"], number)
                    if before >= 0:
                        self.assert_goes_on(done.errors, before)
                last = newest(self.kept)
                self.assert_goes_on(self.finish([FRONT, "resume", "kept"]).errors, last)
                self.assertEqual(differences(self.result(), result_of([FRONT, world, *LONG, *TWO])), [])
                self.assertEqual(checkpoints(self.kept), [])

    def test_before_the_first_checkpoint(self) -> None:
        """By the usual rule a short run has none; it writes one for the signal."""
        for world in WORLDS:
            with self.subTest(world=world):
                self.clear()
                process = self.start([*self.words(world, *ENDLESS, *TWO, every="auto"), "--progress", "always"])
                self.assertTrue(process.stderr.read(1))
                self.assertEqual(checkpoints(self.kept), [])
                process.terminate()
                self.assert_interrupted(self.done(process))
                self.assertEqual(len(checkpoints(self.kept)), 1)
                self.check_partial_result(world)

    @needs_sim
    def test_second_signal_ends_at_once(self) -> None:
        for numbers in ((signal.SIGTERM, signal.SIGTERM), (signal.SIGUSR1, signal.SIGINT)):
            pause_s = 2 if numbers[0] == numbers[1] else 0.1  # the same at once is one request
            with self.subTest(numbers=numbers):
                process = self.start(self.words("sim", *ENDLESS, *TWO))
                self.wait_for_checkpoints(process, 1)
                [program] = [number for number, name in processes_in(self.folder).items() if name == PROGRAMS["sim"]]
                os.kill(program, signal.SIGSTOP)  # a step that takes long
                time.sleep(0.1)
                before = checkpoints(self.kept)
                process.send_signal(numbers[0])
                time.sleep(pause_s)
                self.assertIsNone(process.poll(), "it has not finished its step")
                process.send_signal(numbers[1])
                time.sleep(0.1)
                os.kill(program, signal.SIGCONT)
                self.assertEqual(self.done(process).status, -numbers[1])
                self.assertEqual(checkpoints(self.kept), before)
                self.interrupt(self.words("sim", *ENDLESS, *TWO), more=1)  # nothing keeps it from going on

    @needs_sim
    def test_seen_however_far_a_checkpoint_is(self) -> None:
        """By workers that look ahead as well, of whom several do."""
        for method in ("ad-psgd", "by-arrival", "gossip"):
            with self.subTest(method=method):
                self.clear()
                process = self.start([*self.words("sim", *ENDLESS, "--method", method, "--workers", 4, every="1000000epochs"), "--progress", "always"])
                self.assertTrue(process.stderr.read(1))
                process.terminate()
                self.assert_interrupted(self.done(process))

    @needs_real
    def test_stopped_rank_ends_the_run_in_time(self) -> None:
        """Also where the others wait for it where they agree on whether to go on."""
        words = [*self.words("real", *ENDLESS, "--method", "sync-average", "--workers", 2, every="1epochs"), "--rank-timeout", "1s"]
        process = self.start(words)
        self.wait_for_checkpoints(process)
        ranks = sorted(rank for rank, name in processes_in(self.folder).items() if name == PROGRAMS["real"])
        os.kill(ranks[-1], signal.SIGSTOP)
        done = self.done(process)
        self.assertEqual(done.status, 3, done.errors)
        self.assertRegex(done.errors, "--rank-timeout")
        self.interrupt(words)

    @needs_real
    def test_second_signal_where_a_rank_does_not_answer(self) -> None:
        process = self.start(self.words("real", *ENDLESS, *TWO))
        self.wait_for_checkpoints(process)
        ranks = sorted(rank for rank, name in processes_in(self.folder).items() if name == PROGRAMS["real"])
        os.kill(ranks[-1], signal.SIGSTOP)
        process.terminate()
        self.assertFalse(wait_for(lambda: process.poll() is not None, 2))  # longer than signals are one request
        process.terminate()
        self.assertEqual(self.done(process).status, -signal.SIGTERM)

    def test_without_checkpoints_a_signal_ends(self) -> None:
        for world in WORLDS:
            for number in SIGNALS:
                with self.subTest(world=world, number=number):
                    process = self.start([FRONT, world, *ENDLESS, *TWO, "--progress", "always"])
                    self.assertTrue(process.stderr.read(1))
                    process.send_signal(number)
                    process.communicate(timeout=SECONDS)
                    self.assertEqual(process.returncode, -number)


if __name__ == "__main__":
    unittest.main()
