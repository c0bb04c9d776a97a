"""Interrupting the front end ends its children too, and looks to the caller like any interrupted program."""

import contextlib
import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest
from typing import IO

sys.dont_write_bytecode = True
from processes import kill_all, processes_in, start  # noqa: E402
from programs import FRONT, SECONDS, WORLDS, ProgramTest, environment, needs_real, needs_sim  # noqa: E402

ENDLESS = ["--epochs", "1000000", "--train-samples", "600", "--progress", "always"]


class Signals(ProgramTest):
    def interrupt(self, words: list[str], number: int, whole_group: bool) -> None:
        """Waits until the run is under way. Its pipes close only when every process that has them is gone."""
        process = subprocess.Popen(words, cwd=self.folder, env=environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGKILL))
        self.assertTrue(process.stderr.read(1))
        if whole_group:  # as a terminal does
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        output, _ = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, output), (-number, b""))
        self.assertEqual(self.files(), [])

    def test_single_runs(self) -> None:
        for world in WORLDS:
            for number in (signal.SIGINT, signal.SIGTERM):
                for whole_group in (False, True):
                    with self.subTest(world=world, number=number, whole_group=whole_group):
                        self.interrupt([FRONT, world, *ENDLESS], number, whole_group)

    def test_tables(self) -> None:
        for world in WORLDS:
            with self.subTest(world=world):
                self.interrupt([FRONT, "table", "--world", world, "--out", "results", *ENDLESS], signal.SIGINT, False)

    @needs_sim
    def test_while_nobody_reads_the_result(self) -> None:
        """What waits for a reader can be ended."""
        for out in ([], ["--out", "results"]):
            process = subprocess.Popen([FRONT, "compare", "--methods", "serial,allreduce", "--workers", "2", "--train-samples", "600",
                                        "--epochs", "3", "--format", "json", *out], cwd=self.folder, env=environment(),
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.addCleanup(process.stdout.close)
            self.addCleanup(lambda process=process: process.poll() is None and process.kill())
            fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
            until = time.monotonic() + SECONDS
            full = 4096
            while self.waiting_bytes(process.stdout) < full and process.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            self.assertIsNone(process.poll(), "the result has fitted into the pipe")
            process.terminate()
            self.assertEqual(process.wait(20), -signal.SIGTERM)

    @staticmethod
    def waiting_bytes(pipe: IO[bytes]) -> int:
        return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]

    def test_nohup(self) -> None:
        """An ignored signal stays ignored."""
        words = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", FRONT, WORLDS[0], *ENDLESS]
        process = subprocess.Popen(words, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGKILL))
        self.assertTrue(process.stderr.read(1))
        process.send_signal(signal.SIGHUP)
        self.assertTrue(process.stderr.read(1000))
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, -signal.SIGTERM)

    @needs_real
    def test_a_storm(self) -> None:
        """A rank handles each SIGURG (its launcher may have ended). The stack pointer of a product's kernels is not for handlers."""
        words = ["real", "--method", "sync-average", "--workers", 2, "--train-samples", 6000, "--batch", 10, "--hidden", 100, "--epochs", 8, "--format", "json"]
        process = start([FRONT, *words], self.folder)
        self.addCleanup(lambda: kill_all(processes_in(self.folder)))
        sent = 0
        while process.poll() is None:
            ranks = [number for number, name in processes_in(self.folder).items() if name == "lockstep-real"]
            with contextlib.suppress(ProcessLookupError):
                for _ in range(1000):
                    for rank in ranks:
                        os.kill(rank, signal.SIGURG)
                        sent += 1
        output, errors = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 0, errors)
        self.assertGreater(sent, 10000)
        stormy, calm = (json.loads(text)["history"] for text in (output, self.run_here([FRONT, *words]).output))
        self.assertEqual(*([row["test_loss"] for row in rows] for rows in (stormy, calm)))


if __name__ == "__main__":
    unittest.main()
