"""Runs with checkpoints that are interrupted by a signal."""

import json
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Iterable

from checkpointed import GOES_ON, INTERRUPTED, newest
from processes import kill_all, processes_in, start, wait_for
from programs import FRONT, SECONDS, Done, ProgramTest

SHARED_CORES = re.compile(r"^lockstep-real: warning: \d+ ranks share .*\n", re.MULTILINE)  # on machines with fewer cores than ranks
WIPED = re.compile("[^\n]*[\r\n]\x1b\\[K")  # progress
ENDLESS = ["--train-samples", 600, "--test-samples", 100, "--epochs", 1000000]
LONG = ["--train-samples", 1200, "--test-samples", 200, "--batch", 10, "--hidden", 20, "--lr", 0.1, "--epochs", 80]


def with_others(words: Iterable[object], *others: object) -> list[object]:
    """The same keys but for these, which take the place of those that are there."""
    kept, rest = [], iter(words)
    for word in rest:
        if word in others and str(word).startswith("--"):
            next(rest)
        else:
            kept.append(word)
    return [*kept, *others]


class InterruptionTest(ProgramTest):
    """Checkpoints are in `kept`, results in `out`, both in the test's own folder."""

    @property
    def kept(self) -> Path:
        return self.folder / "kept"

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(lambda: kill_all(processes_in(self.folder)))

    def clear(self) -> None:
        for name in ("kept", "out"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def words(self, world: str, *words: object, every: str = "2epochs") -> list[object]:
        return [FRONT, world, *words, "--checkpoint", "kept", "--checkpoint-every", every, "--out", "out"]

    def start(self, words: Iterable[object]) -> subprocess.Popen:
        process = start(words, self.folder)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def wait_for_checkpoints(self, process: subprocess.Popen, more: int = 2) -> None:
        number = newest(self.kept) + more
        wait_for(lambda: newest(self.kept) >= number or process.poll() is not None, SECONDS)
        if process.poll() is not None:
            self.fail(f"ended with {process.returncode} before it was interrupted: {process.communicate()[1]}")

    def done(self, process: subprocess.Popen) -> Done:
        """How it has ended; nobody may be left."""
        output, errors = process.communicate(timeout=SECONDS)
        self.assertTrue(wait_for(lambda: not processes_in(self.folder)), f"left behind: {processes_in(self.folder)}")
        return Done(process.returncode, output, SHARED_CORES.sub("", WIPED.sub("", errors)))

    def interrupt(self, words: Iterable[object], number: int = signal.SIGTERM, more: int = 2) -> Done:
        """Once there are that many checkpoints more."""
        process = self.start(words)
        self.wait_for_checkpoints(process, more)
        process.send_signal(number)
        done = self.done(process)
        self.assert_interrupted(done)
        return done

    def assert_interrupted(self, done: Done, folder: str = "kept") -> None:
        self.assertEqual(done.status, 4, done.errors)
        [(epochs, of, told)] = INTERRUPTED.findall(done.errors)
        self.assertTrue(0 <= float(epochs) <= int(of), done.errors)
        self.assertEqual(told, folder)

    def assert_goes_on(self, errors: str, number: int) -> float:
        """From that checkpoint, and says so once. Returns the epochs that were done."""
        [(place, epochs, of)] = GOES_ON.findall(errors)
        self.assertEqual(place, f"kept/checkpoint-{number}.lockstep")
        self.assertTrue(0 < float(epochs) <= int(of), errors)
        return float(epochs)

    def finish(self, words: Iterable[object]) -> Done:
        done = self.run_here(words)
        self.assertEqual(done.status, 0, done.errors)
        return done

    def result(self) -> dict:
        return json.loads((self.folder / "out/result.json").read_text())

    def contents(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}
