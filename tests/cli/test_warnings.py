"""A run with --checkpoint is warned before it is ended: what the front end tells its child, and makes of how that ends.

The child is a program in place of a launcher or of ours, which notes what it hears.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from programs import FRONT, SECONDS, ProgramTest, environment  # noqa: E402

LINE = "lockstep-real: interrupted\n"
REPORT = "samples a second\n"  # by which the front end knows that a rank has reported
HEARING = f"""#!{sys.executable}
import os, signal, sys, time

def note(word):
    with open(os.environ["NOTES"], "a") as file:
        file.write(word + chr(10))

if "--version" in sys.argv:
    sys.exit()
HEARD = [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT]
signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
note("own group" if os.getpgrp() == os.getpid() else "group of others")
while True:
    number = signal.sigwait(HEARD)
    note(number.name)
    if number in (signal.SIGTSTP, signal.SIGCONT):
        continue
    if number == signal.SIGUSR1 and os.environ["WARNED"] == "deaf":
        continue
    if number != signal.SIGUSR1:
        sys.exit(1)
    time.sleep(float(os.environ["TAKES"]))
    status = int(os.environ["WARNED"])
    if status in (0, 4):
        sys.stdout.write({REPORT!r})
    if status == 4:
        sys.stderr.write({LINE!r})
    sys.exit(status)
"""
WAYS = {"sim": ["sim"], "launcher": ["real", "--launcher", "./launcher"], "alone": ["real", "--launcher", "none"]}
REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)


@unittest.skipUnless(Path(FRONT).exists(), "the front end is not built")
class Warnings(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        shutil.copy(FRONT, self.folder / "lockstep")
        for name in ("lockstep-sim", "lockstep-real", "launcher"):
            self.write(name, HEARING).chmod(0o755)

    def start(self, way: str, warned: str, takes: float = 0, checkpoint: bool = True) -> subprocess.Popen:
        """A run whose child ends with the status `warned` so many seconds after it was warned, or then goes on where it is `deaf`."""
        self.notes = self.folder / f"notes-{time.monotonic_ns()}"
        words = ["./lockstep", *WAYS[way], *["--checkpoint", "saved"] * checkpoint]
        process = subprocess.Popen(words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=environment(NOTES=str(self.notes), WARNED=warned, TAKES=str(takes)), start_new_session=True)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.wait_for_notes(1)
        return process

    def heard(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def wait_for_notes(self, count: int) -> None:
        until = time.monotonic() + SECONDS
        while len(self.heard()) < count and time.monotonic() < until:
            time.sleep(0.02)
        self.assertGreaterEqual(len(self.heard()), count)

    def expect(self, process: subprocess.Popen, status: int, output: str, errors: str, *heard: str) -> None:
        said = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, *said), (status, output, errors))
        self.assertEqual(self.heard(), list(heard))

    def test_a_run_that_ends_by_itself(self) -> None:
        for way in WAYS:
            for request in REQUESTS:
                for whole_group in (False, True):
                    with self.subTest(way=way, request=request, whole_group=whole_group):
                        process = self.start(way, "4")
                        os.killpg(process.pid, request) if whole_group else process.send_signal(request)
                        self.expect(process, 4, REPORT, LINE, "own group", "SIGUSR1")

    def test_one_request_that_is_made_twice(self) -> None:
        """As `timeout` does, of a process and of its group."""
        process = self.start("launcher", "4", takes=0.2)
        process.send_signal(signal.SIGTERM)
        os.killpg(process.pid, signal.SIGTERM)
        self.expect(process, 4, REPORT, LINE, "own group", "SIGUSR1")

    def test_a_second_request(self) -> None:
        for way in WAYS:
            with self.subTest(way=way):
                process = self.start(way, "deaf")
                process.send_signal(signal.SIGUSR1)
                self.wait_for_notes(2)
                process.send_signal(signal.SIGINT)
                self.expect(process, -signal.SIGINT, "", "", "own group", "SIGUSR1", "SIGTERM")

    def test_a_warned_run_has_time(self) -> None:
        """One that is to end at once is asked again after 5 s."""
        process = self.start("launcher", "4", takes=6)
        process.send_signal(signal.SIGTERM)
        self.expect(process, 4, REPORT, LINE, "own group", "SIGUSR1")

    def test_other_ends(self) -> None:
        process = self.start("launcher", "0")  # it was just done
        process.send_signal(signal.SIGTERM)
        self.expect(process, 0, REPORT, "", "own group", "SIGUSR1")
        process = self.start("launcher", "138")  # a rank that was not yet ready for it
        process.send_signal(signal.SIGTERM)
        self.expect(process, -signal.SIGTERM, "", "", "own group", "SIGUSR1")
        process = self.start("launcher", "7")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 3)
        self.assertRegex(errors, r"\Alockstep: launcher ended with status 7; .*\n\Z")

    def test_hangup(self) -> None:
        """It ends a run at once."""
        process = self.start("launcher", "4")
        process.send_signal(signal.SIGHUP)
        self.expect(process, -signal.SIGHUP, "", "", "own group", "SIGHUP")

    def test_without_checkpoints(self) -> None:
        process = self.start("launcher", "4", checkpoint=False)
        process.send_signal(signal.SIGTERM)
        self.expect(process, -signal.SIGTERM, "", "", "group of others", "SIGTERM")
        process = self.start("launcher", "4", checkpoint=False)
        process.send_signal(signal.SIGUSR1)
        process.communicate(timeout=SECONDS)  # its pipes are the launcher's too
        self.assertEqual(process.returncode, -signal.SIGUSR1)
        self.wait_for_notes(2)
        self.assertEqual(self.heard(), ["group of others", "SIGTERM"])

    def test_killed_front_end(self) -> None:
        process = self.start("launcher", "4")
        process.kill()
        process.communicate(timeout=SECONDS)
        self.wait_for_notes(2)
        self.assertEqual(self.heard(), ["own group", "SIGTERM"])

    def test_a_stopped_front_end(self) -> None:
        """As by Ctrl-Z."""
        process = self.start("launcher", "4")
        os.killpg(process.pid, signal.SIGTSTP)
        self.wait_for_notes(2)
        until = time.monotonic() + SECONDS
        while self.state_of(process.pid) != "T" and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual(self.state_of(process.pid), "T")
        os.killpg(process.pid, signal.SIGCONT)
        self.wait_for_notes(3)
        process.send_signal(signal.SIGINT)
        self.expect(process, 4, REPORT, LINE, "own group", "SIGTSTP", "SIGCONT", "SIGUSR1")

    @staticmethod
    def state_of(pid: int) -> str:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]


if __name__ == "__main__":
    unittest.main()
