"""Standard output, standard error and files that do not take what is written: every command ends with status 3 and says so, never
by a signal and never as a success; and a reader that has seen enough ends it without a word."""

import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from programs import (FRONT, HAS_REAL, HAS_REPORTS, HAS_SIM, REAL, SECONDS, SIM, SMALL, WORLDS, Done, ProgramTest, environment,  # noqa: E402
                      needs_real, needs_sim, run)  # noqa: E402

TIMING = ["--numerics", "none", *SMALL]
SYNC = ["--method", "sync-average", "--workers", 2]
TEXTS = [[FRONT, *words] for words in (["--help"], ["help", "table"], ["--version"], ["man"], ["man", "sweep"],
                                       ["completion", "bash"], ["completion", "zsh"], ["trace", "--help"], ["show", "--version"])]
TEXTS += [[program, option] for program in [SIM] * HAS_SIM + [REAL] * HAS_REAL for option in ("--help", "--version")]


def with_streams(redirection: str, words: list[object], cwd: Path) -> Done:
    """Run by a shell that redirects."""
    return run(["sh", "-c", f'exec "$@" {redirection}', "sh", *words], cwd=cwd)


class StreamsTest(ProgramTest):
    def commands(self) -> list[list[object]]:
        """One of each kind that ends in a success and writes to stdout; what they read is made here."""
        commands = [*TEXTS, *([FRONT, world, *SMALL, "--format", "csv"] for world in WORLDS)]
        if HAS_REAL:
            commands += [[REAL, *SMALL], [FRONT, "table", "--world", "real", *SMALL, "--table-rows", "serial"]]
        if not HAS_SIM:
            return commands
        for words in ([SIM, *SMALL, *SYNC, "--events", "full", "--out", "run"],
                      [FRONT, "sweep", *TIMING, *SYNC, "--sweep", "latency=1us,1ms", "--out", "swept"]):
            self.assertEqual(self.run_here(words).status, 0)
        return commands + [[SIM, *TIMING]] + [[FRONT, *words] for words in (
            ["table", *TIMING, "--table-rows", "serial"],
            ["sweep", *TIMING, *SYNC, "--sweep", "latency=1us,1ms", "--out", "swept"],
            ["compare", *TIMING, "--workers", 2, "--methods", "sync-average"],
            ["break-even", *TIMING, *SYNC, "--vary", "latency", "--between", "1us..1s", "--against", "serial"],
            ["sim", *TIMING, *SYNC, "--straggler", "worker=0,factor=2", "--without-straggler"],
            *([["report", "run", "--out", "report.html"]] if HAS_REPORTS else []), ["report", "--diff", "run", "run"],
            ["show", "run"], ["trace", "run"], ["trace", "run", "--format", "csv"],
            ["plot", "run", "--figure", "loss", "--script"])]


@unittest.skipUnless(Path("/dev/full").exists(), "there is no /dev/full")
class Unwritable(StreamsTest):
    def test_stdout(self) -> None:
        for words in self.commands():
            for redirection, reason in ((">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")):
                with self.subTest(words=words, redirection=redirection):
                    done = with_streams(redirection, words, self.folder)
                    self.assertEqual((done.status, done.errors.count("\n")), (3, 1), done.errors)
                    self.assertRegex(done.errors, rf"\Alockstep(-sim|-real)?: stdout: cannot write: {reason}\n\Z")

    def test_stderr(self) -> None:
        """A warning that was lost is no success; a refusal keeps its status; who says nothing loses nothing."""
        # Long enough for a line of progress.
        long = ["--train-samples", 600, "--test-samples", 100, "--epochs", 2500]
        for redirection in ("2>/dev/full", "2>&-"):
            for world in WORLDS:
                done = with_streams(redirection, [FRONT, world, *long, "--progress", "always", "--out", "shown"], self.folder)
                with self.subTest(redirection=redirection, world=world):
                    self.assertEqual(done.status, 3)
                    self.assertIn("accuracy", done.output)
                    self.assertEqual(with_streams(redirection, [FRONT, world, *SMALL], self.folder).status, 0)
            for words in ([FRONT, "nonsense"], [FRONT, WORLDS[0], "--lr", 0], *([[SIM, "--lr", 0]] * HAS_SIM),
                          *([[REAL, "--lr", 0]] * HAS_REAL), [FRONT, "show", "nowhere"]):
                with self.subTest(redirection=redirection, words=words):
                    self.assertEqual(with_streams(redirection, words, self.folder).status, 2)

    def test_both(self) -> None:
        for redirection in (">/dev/full 2>&1", ">&- 2>&-", "<&- >&- 2>&-"):
            for words in ([FRONT, "--help"], *([FRONT, world, *SMALL] for world in WORLDS)):
                with self.subTest(redirection=redirection, words=words):
                    self.assertEqual(with_streams(redirection, words, self.folder), (3, "", ""))

    @needs_sim
    def test_no_file_takes_the_number_of_a_closed_stream(self) -> None:
        words = [SIM, *SMALL, "--method", "in-turn", "--workers", 2, "--events", "full", "--record", "order", "--paje", "trace"]
        self.assertEqual(self.run_here([*words, "--out", "whole"]).status, 0)
        kept = {name: (self.folder / name).read_bytes() for name in ("order", "trace", "whole/events/rank-1.events")}
        self.assertEqual(with_streams("<&- >&- 2>&-", [*words, "--out", "whole"], self.folder).status, 3)
        for name, content in kept.items():
            self.assertEqual((self.folder / name).read_bytes(), content, name)


class NobodyReads(StreamsTest):
    def end_of(self, words: list[object], **options) -> tuple[int, bytes]:
        """How it ends where its stdout is a pipe that nobody reads."""
        source, target = os.pipe()
        os.close(source)
        process = subprocess.Popen([str(word) for word in words], cwd=self.folder, env=environment(), stdin=subprocess.DEVNULL,
                                   stdout=target, stderr=subprocess.PIPE, **options)
        os.close(target)
        _, errors = process.communicate(timeout=SECONDS)
        return process.returncode, errors

    def test_quiet_end(self) -> None:
        for words in self.commands():
            if words[0] == REAL and "--version" not in words:
                continue  # ends in order, together with the other ranks
            if words[0] != REAL:
                with self.subTest(words=words):
                    self.assertEqual(self.end_of(words), (-signal.SIGPIPE, b""))

    def test_files_are_written_before(self) -> None:
        for world in WORLDS:
            self.end_of([FRONT, world, *SMALL, "--out", world])
            self.assertTrue((self.folder / world / "result.json").exists())

    def test_an_ignored_signal_stays_ignored(self) -> None:
        ignore = {"preexec_fn": lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN), "restore_signals": False}
        for words in ([FRONT, "--help"], *([FRONT, world, *SMALL] for world in WORLDS)):
            with self.subTest(words=words):
                status, errors = self.end_of(words, **ignore)
                self.assertEqual(status, 3)
                self.assertRegex(errors.decode(), "stdout: cannot write: Broken pipe\n")


@needs_sim
class Traces(ProgramTest):
    """SimGrid's own trace, which it writes without looking."""
    WORDS = [SIM, *SMALL, *SYNC, "--paje"]

    def test_a_full_device(self) -> None:
        for program in ([SIM], [FRONT, "sim"]):
            done = self.run_here([*program, *self.WORDS[1:], "/dev/full"])
            self.assertEqual((done.status, done.output), (3, ""), done.errors)
            self.assertRegex(done.errors, r"\Alockstep-sim: /dev/full: cannot write: No space left on device\n\Z")

    def test_a_disk_with_room_for_a_part(self) -> None:
        """A limit on the size of files stands for the end of a disk."""
        whole = self.run_here([*self.WORDS, "trace"])
        self.assertEqual(whole.status, 0, whole.errors)
        size = (self.folder / "trace").stat().st_size
        content = (self.folder / "trace").read_bytes()
        self.assertTrue(content.endswith(b"\n"))
        for room in (0, 4096, size // 2 // 512 * 512):
            limited = ["sh", "-c", f'trap "" XFSZ; ulimit -f {room // 512}; exec "$@"', "sh", *self.WORDS]
            for name in ("trace", "new"):
                done = self.run_here([*limited, name])
                with self.subTest(room=room, name=name):
                    self.assertEqual((done.status, done.output), (3, ""), done.errors)
                    self.assertRegex(done.errors, rf"\Alockstep-sim: {name}: cannot write: File too large\n\Z")
                    self.assertEqual(self.files(), ["trace"])
        self.assertEqual((self.folder / "trace").read_bytes(), content)

    def test_where_nothing_can_be_written(self) -> None:
        self.assertEqual(self.run_here([*self.WORDS, "/proc/version"]).status, 3 if os.geteuid() == 0 else 2)
        self.write("kept", "text").chmod(0o444)
        if os.geteuid() != 0:
            self.assert_refused([*self.WORDS, "kept"], "--paje: given 'kept'; allowed: a file that may be written; Permission denied")

    def test_a_refused_run_leaves_no_trace(self) -> None:
        self.write("p.xml", '<?xml version="1.0"?><platform version="4.1"><zone id="z" routing="Full"><host id="a" speed="1Gf"/></zone></platform>')
        done = self.run_here([*self.WORDS, "trace", "--platform", "p.xml"])
        self.assertEqual(done.status, 2, done.errors)
        self.assertEqual(self.files(), ["p.xml"])


class FilesCutShort(ProgramTest):
    """Every file that a command writes, where it does not fit: nothing stays of it, and nothing is a success."""

    def limited(self, room: int, words: list[object]) -> Done:
        return self.run_here(["sh", "-c", f'trap "" XFSZ; ulimit -f {room // 512}; exec "$@"', "sh", *words])

    @needs_sim
    def test_files_of_runs(self) -> None:
        run_words = [SIM, *SMALL, "--method", "by-arrival", "--workers", 3]
        self.assertEqual(self.run_here([*run_words, "--events", "full", "--out", "run"]).status, 0)
        before = self.files()
        for words in ([*run_words, "--record", "order"], [*run_words, "--out", "new"], [*run_words, "--out", "run"],
                      [FRONT, "trace", "run", "--out", "t.json"], [FRONT, "trace", "run", "--format", "csv", "--out", "t.csv"],
                      [FRONT, "report", "run", "--out", "r.html"], [FRONT, "completion", "bash", "--out", "c"],
                      [FRONT, "plot", "run", "--figure", "loss", "--out", "figure.svg"]):
            done = self.limited(512, words)
            with self.subTest(words=words):
                self.assertEqual((done.status, done.output), (3, ""), done.errors)
                self.assertEqual([name for name in self.files() if name != "new"], before)

    @needs_sim
    def test_timing_only_runs_without_room_in_tmp(self) -> None:
        """Where SMPI keeps a file that all buffers share; it would end with a backtrace."""
        done = self.limited(4096, [SIM, *TIMING])
        self.assertEqual((done.status, done.output), (3, ""), done.errors)
        self.assertRegex(done.errors, r"\Alockstep-sim: /tmp: no room for the 1 MiB .*: File too large\n\Z")

    @needs_real
    def test_records_of_real_runs(self) -> None:
        # Of less room Open MPI 5's mpirun itself dies, or waits for ever.
        done = self.limited(16384, [FRONT, "real", *SMALL[:4], "--method", "by-arrival", "--workers", 3, "--record", "order",
                                    "--batch", 5, "--epochs", 30])
        self.assertEqual((done.status, done.output, self.files()), (3, "", []), done.errors)


if __name__ == "__main__":
    unittest.main()
