"""Whatever is killed: nobody is left behind, no folder stays locked, and who can still speak says what happened."""

import json
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from processes import LAUNCHER, processes_of, rank_of, start, wait_for  # noqa: E402
from programs import FRONT, REAL, SECONDS, SIM, WORLDS, ProgramTest, is_open_mpi_5, mpirun, needs_real  # noqa: E402

ENDLESS = ["--epochs", "1000000", "--train-samples", "600"]
LONG = ["--train-samples", "2000", "--test-samples", "100", "--epochs=60", "--workers", "2", "--method", "sync-average"]
DRAW = random.Random(20261130)


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class Endings(ProgramTest):
    def start(self, words: list[object], **changes: str) -> subprocess.Popen:
        process = start(words, self.folder, **changes)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def mark(self) -> str:
        """A seed that no other process has, by which those of a run are known."""
        mark = str(secrets.randbelow(10**15) + 10**9)
        self.addCleanup(lambda: [os.kill(number, signal.SIGKILL) for number in processes_of(mark)])
        return mark

    def running(self, mark: str, program: str, count: int = 1) -> list[int]:
        def those() -> list[int]:
            found = sorted(number for number, name in processes_of(mark).items() if name == program)
            return found if len(found) >= count else []
        found = wait_for(those)
        self.assertTrue(found, f"{program} was not started")
        return found

    def expect_nobody(self, mark: str) -> None:
        self.assertTrue(wait_for(lambda: not processes_of(mark)), f"left behind: {processes_of(mark)}")

    def test_killed_front_end(self) -> None:
        for world, program in (("sim", SIM), ("real", REAL)):
            if world not in WORLDS:
                continue
            with self.subTest(world=world):
                mark = self.mark()
                front = self.start([FRONT, world, *ENDLESS, "--workers", 2, "--method", "sync-average", "--seed", mark])
                self.running(mark, os.path.basename(program), 1 if world == "sim" else 2)
                front.kill()
                self.expect_nobody(mark)

    def test_killed_sweep(self) -> None:
        """Its runs end with it; resumed at once, it leaves what it would have left."""
        words = [FRONT, "sweep", *LONG, "--jobs", 2, "--sweep", "lr=0.1,0.2,0.3,0.4", "--format", "csv"]
        whole = self.run_here([*words, "--seed", 1, "--out", "whole"])
        self.assertEqual(whole.status, 0, whole.errors)
        for attempt in range(4):
            sweep = self.start([*words, "--seed", 1, "--out", f"part-{attempt}"])
            wait_for(lambda name=f"part-{attempt}": (self.folder / name / "runs").exists())
            time.sleep(DRAW.uniform(0, 0.4))
            sweep.kill()
            again = self.run_here([*words, "--seed", 1, "--out", f"part-{attempt}"])
            self.assertEqual((again.status, again.output), (0, whole.output), again.errors)
            self.assertEqual(self.contents(f"part-{attempt}"), self.contents("whole"))

    def contents(self, folder: str) -> dict[str, bytes]:
        """Of all but the kept data."""
        root = self.folder / folder
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*"))
                if path.is_file() and path.relative_to(root).parts[0] != "data"}

    @needs_real
    def test_killed_mpirun(self) -> None:
        mark = self.mark()
        launcher = self.start(mpirun(2, *ENDLESS, "--method", "sync-average", "--seed", mark))
        self.running(mark, "lockstep-real", 2)
        launcher.kill()
        self.expect_nobody(mark)

    @needs_real
    def test_killed_launcher_that_nobody_hears_of(self) -> None:
        """Open MPI's ranks notice by themselves; others must not be left either, but one that a shell has started goes on."""
        for variables, ends in (("PALS_RANKID=0", True), ("", False)):
            mark = self.mark()
            shell = self.start(["sh", "-c", f'{variables} "$@" & wait', "sh", REAL, *ENDLESS, "--seed", mark, "--out", mark, "--events", "full"])
            wait_for(lambda where=mark: size_of(self.folder / where / "events/rank-0.events") > 0)
            rank, = self.running(mark, "lockstep-real")
            shell.kill()
            shell.wait(SECONDS)
            if ends:
                self.expect_nobody(mark)
            else:
                self.assertFalse(wait_for(lambda rank=rank, mark=mark: rank not in processes_of(mark), 1))

    @needs_real
    def test_killed_mpirun_of_a_front_end(self) -> None:
        mark = self.mark()
        front = self.start([FRONT, "real", *ENDLESS, "--workers", 2, "--method", "sync-average", "--seed", mark])
        self.running(mark, "lockstep-real", 2)
        os.kill(self.running(mark, LAUNCHER)[0], signal.SIGKILL)
        _, errors = front.communicate(timeout=SECONDS)
        self.assertEqual(front.returncode, 3, errors)
        self.assertRegex(errors, r"\Alockstep: mpirun ended by signal 9 \(Killed\)")
        self.expect_nobody(mark)

    @needs_real
    def test_killed_rank(self) -> None:
        """It is named, with its host and the signal."""
        mark = self.mark()
        front = self.start([FRONT, "real", *ENDLESS, "--workers", 2, "--method", "sync-average", "--seed", mark,
                            "--out", "run", "--events", "full"], OMPI_MCA_odls_base_sigkill_timeout="1")
        [victim] = [number for number in self.running(mark, "lockstep-real", 2) if rank_of(number) == 1]
        wait_for(lambda: all(size_of(self.folder / f"run/events/rank-{rank}.events") > 0 for rank in (0, 1)))
        time.sleep(DRAW.uniform(0, 0.5))
        os.kill(victim, signal.SIGKILL)
        _, errors = front.communicate(timeout=SECONDS)
        self.assertEqual(front.returncode, 3, errors)
        self.assertRegex(errors, r"\Alockstep: mpirun ended with status \d+: .*process rank 1 with PID \d+ on node \S+ exited on signal 9 \(Killed\)")
        self.expect_nobody(mark)
        if is_open_mpi_5():  # kills all at once
            self.assertEqual(self.run_here([FRONT, "show", "run", "--partial"]).status, 0)
            return
        self.assertRegex(errors, r"; what it had come to is in run/result\.json\n\Z")
        show = self.run_here([FRONT, "show", "run"])
        self.assertEqual(show.status, 0, show.errors)
        self.assertRegex(show.errors, r"\Alockstep: warning: run/events/rank-1\.events: .*\n\Z")
        self.assertRegex(show.output, r"outcome +aborted +rank 1 on \S+ has ended\n")
        self.assertIn("Timeline", show.output)

    @needs_real
    def test_stopped_rank(self) -> None:
        """One that goes on in time changes nothing; for one that does not nobody waits for ever."""
        mark = self.mark()
        words = [FRONT, "real", *(word.replace("=60", "=400") for word in LONG), "--seed", mark, "--format", "json"]
        undisturbed = self.run_here(words)
        self.assertEqual(undisturbed.status, 0, undisturbed.errors)
        for timeout, goes_on in (("1h", True), ("1s", False)):
            front = self.start([*words, "--rank-timeout", timeout, "--out", timeout, "--events", "full"])
            stopped = self.running(mark, "lockstep-real", 2)[1]
            self.assertTrue(wait_for(lambda where=timeout: (self.folder / where / "events/rank-1.events").exists()))
            os.kill(stopped, signal.SIGSTOP)
            if goes_on:
                time.sleep(2)
                os.kill(stopped, signal.SIGCONT)
            output, errors = front.communicate(timeout=SECONDS)
            if goes_on:
                self.assertEqual((front.returncode, errors), (0, ""))
                self.assertEqual(*(json.loads(text)["summary"]["parameters_digest"] for text in (output, undisturbed.output)))
            else:
                self.assertEqual((front.returncode, output), (3, ""))
                self.assertRegex(errors, r"lockstep-real: rank [01] has waited 1 s for rank [01] on \S+ \(--rank-timeout\)")
            self.expect_nobody(mark)

    @needs_real
    def test_launcher_that_does_not_hear_well(self) -> None:
        self.write("stubborn", "#!/bin/sh\n[ $1 = --version ] && exit\ntrap 'deaf=no$deaf; [ $deaf = nono ] && exit 1' TERM\n"
                               "while :; do sleep 0.05; done\n").chmod(0o755)
        front = self.start([FRONT, "real", *LONG, "--launcher", "./stubborn"])
        wait_for(lambda: processes_of("./stubborn"))
        time.sleep(0.5)
        began = time.monotonic()
        front.terminate()
        front.communicate(timeout=SECONDS)
        self.assertEqual(front.returncode, -signal.SIGTERM)
        self.assertTrue(4 < time.monotonic() - began < 15)  # it was told again, after a while, not killed

    def test_one_folder_for_two(self) -> None:
        for world in WORLDS:
            with self.subTest(world=world):
                mark = self.mark()
                first = self.start([FRONT, world, *ENDLESS, "--seed", mark, "--out", world])
                wait_for(lambda where=world: (self.folder / where / ".lock").exists())
                self.assert_refused([FRONT, world, *LONG[:4], "--out", world],
                                    rf"--out: given '{world}'; allowed: a folder that no other command is using")
                show = self.run_here([FRONT, "show", world])
                self.assertRegex(show.errors, "what was to fill it has not ended yet")
                first.kill()
                self.expect_nobody(mark)
                self.assertTrue(wait_for(lambda where=world: "what was to fill it did not end" in self.run_here([FRONT, "show", where]).errors))
                self.assertEqual(self.run_here([FRONT, world, *LONG[:4], "--out", world]).status, 0)
                self.assertFalse((self.folder / world / ".lock").exists())

    def test_fewer_threads_than_asked_for(self) -> None:
        """Where the system gives no more, a run does with those, or says what it lacks; it does not wait for them."""
        words = [FRONT, "sim", "--method", "allreduce", "--workers", 4, "--train-samples", 400, "--batch", 10, "--epochs", 1]
        usual = self.run_here([*words, "--format", "csv"])
        for limit in ("-v 500000", "-v 300000"):
            done = self.run_here(["sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *words, "--threads", 64, "--format", "csv"])
            self.assertIn(done.status, (0, 3), done.errors)
            if done.status == 0:
                self.assertEqual(re.sub(r"[\d.]+$", "", done.output), re.sub(r"[\d.]+$", "", usual.output))
            else:
                self.assertRegex(done.errors.splitlines()[-1], r"(?i)\Alockstep(-sim)?: .*(memory|thread|stack)")  # after what the allocator says


if __name__ == "__main__":
    unittest.main()
