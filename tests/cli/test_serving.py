"""Runs that one process forks for: the same to the byte as those started one by one, and gone with who asked for them."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SECONDS, SIM, SMALL, ProgramTest, environment, needs_sim, run  # noqa: E402
from served_runs import Server, catches, children_of  # noqa: E402

STOPS = ["--method", "sync-average", "--workers", "3", "--failure", "worker=1,at=1ms", "--numerics", "none"]
COMMAND_LINES = [
    ["--help"],
    ["--version"],
    [*SMALL, "--method", "in-turn", "--workers", "3", "--format", "json"],
    [*SMALL, "--method", "in-turn", "--workers", "3", "--seed", "2", "--format", "csv"],
    [*SMALL, "--method", "gossip", "--workers", "4", "--threads", "2", "--progress", "always", "--format", "json"],
    [*SMALL, "--method", "gossip", "--workers", "4", "--threads", "2", "--format", "json"],
    [*SMALL, "--method", "local-sgd", "--workers", "2", "--lr", "1e30", "--format", "json"],
    ["--numerics", "none", "--method", "allreduce", "--workers", "8", "--format", "json"],
    ["--numerics", "none", "--method", "sync-average", "--workers", "2", "--platform", ROOT / "platforms/two_sites.xml", "--format", "json"],
    [*STOPS, "--format", "json"],
    [*SMALL, "--method", "by-arrival", "--workers", "3", "--events", "full", "--out", "run", "--record", "order.json"],
    [*SMALL, "--method", "by-arrival", "--workers", "3", "--replay", "order.json", "--format", "json"],
    ["--batch", "1000000"],
    ["--workers", "0"],
    ["--unknown", "1"],
    ["--data", "mnist:nowhere"],
    ["--data", "mnist:nowhere"],
    ["--platform", "nowhere.xml"],
    ["nowhere.ini"],
    ["--out", "/proc/nowhere/run", *SMALL],
]
VARYING = re.compile(r'"(started_utc|wall_s)": [^\n]*|"(wall_s|started_utc)",[^\n]*|\r.*\033\[K|Wall time[^\n]*')


def steady(text: str) -> str:
    """Without what no two runs have in common."""
    return VARYING.sub("", text)


@needs_sim
class Served(ProgramTest):
    def test_to_the_byte(self) -> None:
        (self.folder / "served").mkdir()
        (self.folder / "alone").mkdir()
        server = Server(self.folder / "served")
        self.addCleanup(server.end)
        for words in COMMAND_LINES:
            with self.subTest(words=words):
                served = server.run(words)
                alone = run([SIM, *words], cwd=self.folder / "alone")
                self.assertEqual(served.status, alone.status)
                self.assertEqual(steady(served.errors), steady(alone.errors))
                self.assertEqual(steady(served.output), steady(alone.output))
        files = {folder: {path.relative_to(self.folder / folder): steady(path.read_bytes().decode("latin-1"))
                          for path in (self.folder / folder).rglob("*") if path.is_file()} for folder in ("served", "alone")}
        self.assertEqual(files["served"], files["alone"])
        self.assertGreater(len(files["served"]), 3)

    def test_only_for_the_front_end(self) -> None:
        self.assert_refused([SIM, "serve"], "serve: only for lockstep")


@needs_sim
class Ends(ProgramTest):
    def start(self, epochs: str, jobs: int, ended: int) -> subprocess.Popen:
        """A sweep over epochs when so many of its runs have ended; the others go on for ever."""
        self.alive, inherited = os.pipe()  # which closes only when every process that has it is gone
        self.addCleanup(os.close, self.alive)
        process = subprocess.Popen([FRONT, "sweep", "--train-samples", "600", "--test-samples", "100", "--sweep", f"epochs={epochs}",
                                    "--jobs", str(jobs), "--out", "results", "--progress", "always"], cwd=self.folder,
                                   env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   pass_fds=[inherited])
        os.close(inherited)

        def end() -> None:
            process.kill()
            process.communicate()
        self.addCleanup(end)
        shown = b""
        while f"{ended} of {epochs.count(',') + 1} runs".encode() not in shown:
            part = os.read(process.stderr.fileno(), 1000)
            self.assertTrue(part, shown)
            shown += part
        return process

    def assert_all_gone(self) -> None:
        ready, _, _ = select.select([self.alive], [], [], SECONDS)
        self.assertEqual(ready and os.read(self.alive, 1), b"")

    def test_killed_front_end(self) -> None:
        process = self.start("1,999999,2,1000000", 4, 2)
        self.assertEqual(len(children_of(process.pid)), 3)
        process.kill()
        self.assert_all_gone()

    def test_killed_runs(self) -> None:
        process = self.start("1,999999,2,1000000", 4, 2)
        killed, crashing = children_of(process.pid)[1:]
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + SECONDS
        while not catches(crashing, signal.SIGSEGV):  # it may have begun just now
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        os.kill(crashing, signal.SIGSEGV)
        output, errors = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 3)
        self.assertRegex(errors, rb"lockstep: point 2: lockstep-sim ended by signal 9 \(Killed\)\n"
                                 rb"lockstep: point 4: .* crashed \(SEGV\).*\n\Z")
        self.assertIn(b"4 points", output)

    def test_killed_server(self) -> None:
        """It is missing for the third run, or for the fourth."""
        process = self.start("1,999998,999999,1000000", 2, 1)
        os.kill(children_of(process.pid)[0], signal.SIGKILL)
        for child in children_of(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        output, errors = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, output), (3, b""))
        self.assertRegex(errors, rb"(?<=\033\[K)lockstep: lockstep-sim, which starts the runs, ended by signal 9 \(Killed\)\n\Z")
        self.assert_all_gone()


if __name__ == "__main__":
    unittest.main()
