"""Options that are wrong, on the command line and in files: one message, exit status 2, nothing written."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
from programs import (FRONT, HAS_SIM, REAL, SIM, SMALL, WORLDS, ProgramTest, environment, is_open_mpi_5, mpirun, needs_real,  # noqa: E402
                      needs_sim)  # noqa: E402

# What is given, and what the message must say.
OPTIONS = [
    (["--wrokers", "2"], "--wrokers: unknown option; did you mean --workers"),
    (["--no-such-thing", "2"], "--no-such-thing: unknown option"),
    (["--batch", "5", "--batch", "6"], "--batch: given twice"),
    (["--batch=5", "--batch", "5"], "--batch: given twice"),
    (["--batch"], "--batch: the value is missing"),
    (["--batch", "--lr", "1"], "--batch: the value is missing"),
    (["--batch", "ten"], "--batch: given 'ten'; allowed: a whole number"),
    (["--batch", "0"], "--batch: given '0'; allowed: a whole number from 1"),
    (["--batch", "-5"], "--batch: given '-5'"),
    (["--batch", "1.5"], "--batch: given '1.5'"),
    (["--batch", ""], "--batch: given ''"),
    (["--=5"], "--: the key is missing"),
    (["--" + "k" * 100000, "1"], r"--k{120}\.\.\.: unknown option; --help lists all$"),
    (["--activation", "k" * 100000], r"--activation: given 'k{120}\.\.\.'; allowed: sigmoid, tanh, relu"),
    (["/dev/zero"], "/dev/zero: given 'a device or pipe without end'; allowed: a file of at most 16777216 bytes"),
    (["--batch", "99999999999999999999"], "--batch: given '99999999999999999999'"),
    (["--epochs", "0"], "--epochs: given '0'; allowed: a whole number from 1"),
    (["--lr", "fast"], "--lr: given 'fast'; allowed: a number above 0"),
    (["--lr", "0"], "--lr: given '0'"),
    (["--lr", "nan"], "--lr: given 'nan'"),
    (["--lr", "inf"], "--lr: given 'inf'"),
    (["--lr-decay", "1.5"], "--lr-decay: given '1.5'; allowed: .* at most 1"),
    (["--seed", "-1"], "--seed: given '-1'"),
    (["--hidden", "30,"], "--hidden: given '30,'"),
    (["--hidden", "30,0"], "--hidden: given '30,0'"),
    (["--activation", "softplus"], "--activation: given 'softplus'; allowed: sigmoid, tanh, relu"),
    (["--format", "xml"], "--format: given 'xml'; allowed: table, json, csv"),
    (["--latency", "50"], "--latency: given '50'.*unit is missing"),
    (["--latency", "50parsecs"], "--latency: given '50parsecs'; allowed: .* one of ns, us, ms"),
    (["--latency", "-1us"], "--latency: given '-1us'"),
    (["--bandwidth", "1000"], "--bandwidth: given '1000'.*unit is missing"),
    (["--bandwidth", "0Gbps"], "--bandwidth: given '0Gbps'"),
    (["--speed", "5GHz"], "--speed: given '5GHz'; allowed: .* one of f, kf, Mf"),
    (["--memory", "16"], "--memory: given '16'.*unit is missing"),
    (["--data", "cifar"], "--data: given 'cifar'; allowed: digits, mnist:DIR"),
    (["--data", "mnist:"], "--data: given 'mnist:'"),
    (["--train-samples", "0"], "--train-samples: given '0'"),
    (["--train-samples", "2000000"], "--train-samples: given '2000000'; allowed: 1 to 1000000"),
    (["--train-samples", "50", "--batch", "51"], "--batch: given '51'; allowed: 1 to 50"),
    (["one.ini", "two.ini"], "scenario file: given 'one.ini two.ini'"),
    (["missing.ini"], "missing.ini: given 'No such file"),
    (["."], r"\.: given 'a folder'"),
]
# The same for programs of one run, which take --method and --workers.
RUN_OPTIONS = [
    (["--workers", "0"], "--workers: given '0'; allowed: a whole number from 1"),
    (["--workers", "2"], "--workers: given '2'; allowed: 1 with --method serial"),
    (["--method", "sync"], "--method: given 'sync'; allowed: serial, allreduce, sync-average"),
    (["--method", "in-turn", "--workers", "2", "--collective", "ring"], "--collective: .*only with --method allreduce, sync-average"),
    (["--update", "delta"], "--update: .*applies only"),
    (["--method", "in-turn", "--workers", "2", "--beta", "0.5"], "--beta: .*only with --update mix"),
    (["--method", "sync-average", "--workers", "4", "--train-samples", "40", "--batch", "11"],
     "--batch: given '11'; allowed: 1 to 10, what each of 4 workers has"),
    (["--method", "sync-average", "--workers", "4", "--train-samples", "3"], "--workers: given '4'; allowed: 1 to 3"),
]
TABLE_OPTIONS = [
    (["--workers", "2"], "--workers: not with lockstep table"),
    (["--method", "serial"], "--method: not with lockstep table"),
    (["--table-rows", "serial,synch-average:2"], "--table-rows: given 'synch-average:2'.*did you mean sync-average"),
    (["--table-rows", "serial:2"], "--table-rows: given 'serial:2'; allowed: serial"),
    (["--table-rows", "in-turn:0"], "--table-rows: given 'in-turn:0'"),
    (["--table-rows", "in-turn:4-2"], "--table-rows: given 'in-turn:4-2'"),
    (["--table-rows", "in-turn:2-"], "--table-rows: given 'in-turn:2-'"),
    (["--table-rows", "in-turn:2,in-turn:1-3"], "in-turn-2 is there already"),
    (["--table-rows", ""], "--table-rows: given ''"),
    (["--table-rows", "serial", "--collective", "ring"], "--collective: it applies only with --method allreduce, sync-average"),
    (["--beside-report", "perhaps"], "--beside-report: given 'perhaps'; allowed: yes, no"),
    (["--speeds", "5Gf,5Gf"], "--speeds: given '(2 speeds|5Gf,5Gf)'"),
    (["--train-samples", "40", "--batch", "11"], "--batch: given '11'; allowed: 1 to 10, what each of 4 workers has"),
]


def run_programs() -> list[list[object]]:
    return [[FRONT, world] for world in WORLDS] + [[SIM]] * HAS_SIM


def tables() -> list[list[object]]:
    return [[FRONT, "table", "--world", world] for world in WORLDS]


# Well-formed, but of a platform to simulate.
PLATFORM_OPTIONS = [
    (["--platform", "missing.xml"], "--platform: missing.xml: given 'No such file"),
    (["--method", "sync-average", "--workers", "2", "--speeds", "5Gf"], "--speeds: given '1 speeds'.*which is 2"),
]


class BadOptions(ProgramTest):
    def check(self, programs: list[list[object]], cases: list[tuple[list[str], str]]) -> None:
        for program in programs:
            for given, pattern in cases:
                with self.subTest(program=program, given=given):
                    self.assert_refused([*program, *given], pattern)

    def test_every_program(self) -> None:
        self.write("one.ini", "batch = 5\n")
        self.write("two.ini", "batch = 5\n")
        self.check(run_programs() + tables(), OPTIONS)

    def test_control_characters_stay_off_the_terminal(self) -> None:
        for program in run_programs() + tables():
            done = self.run_here([*program, "--method", "a\x1b[31mb\x07"])
            self.assertEqual((done.status, done.output), (2, ""))
            self.assertIn(r"--method: given 'a\x1b[31mb\x07'", done.errors)

    def test_single_runs(self) -> None:
        self.check(run_programs(), RUN_OPTIONS)

    @needs_sim
    def test_simulated_platforms(self) -> None:
        self.check([[FRONT, "sim"], [SIM]], PLATFORM_OPTIONS)

    @needs_real
    def test_a_platform_to_simulate_is_not_for_the_real_world(self) -> None:
        for program in [[FRONT, "real"], [FRONT, "table", "--world", "real"]]:
            for given in ("--latency=1ms", "--platform=missing.xml", "--speed=1Gf", "--threads=2"):
                with self.subTest(program=program, given=given):
                    self.assert_refused([*program, given], f"{given.split('=')[0]}: given .*only in the simulated world")

    def test_tables(self) -> None:
        self.check(tables(), TABLE_OPTIONS)

    def test_unknown_world(self) -> None:
        self.assert_refused([FRONT, "table", "--world", "moon"], "--world: given 'moon'; allowed: sim, real")

    def test_timing_only_is_for_the_simulated_world(self) -> None:
        for program in [[FRONT, "real"], [FRONT, "table", "--world", "real"]]:
            self.assert_refused([*program, "--numerics", "none"], "--numerics: given 'none'; allowed: real")

    def test_launcher_arguments(self) -> None:
        for words in ("--report-to 'x", "$(())", "$[]", "$(true)"):
            self.assert_refused([FRONT, "real", "--launcher-args", words], "--launcher-args: given .*quotes")
        for given in ("-n", "--n", "-np", "--np", "-c", "--c"):
            for program in [[FRONT, "real"], [FRONT, "table", "--world", "real"]]:
                with self.subTest(program=program, given=given):
                    self.assert_refused([*program, "--launcher-args", f"--bind-to core {given} 3"],
                                        f"--launcher-args: given '{given}'.*follows from --workers")
        self.assert_refused([FRONT, "sim", "--launcher-args", "x"], "--launcher-args: unknown option")
        self.assert_refused([FRONT, "table", "--launcher-args", "x"], "--launcher-args: it applies only with --world real")


class BadFiles(ProgramTest):
    CASES = [
        ("batch = 5\nwrokers = 2\n", r"bad.ini:2: wrokers: unknown option; did you mean workers\?"),
        ("table-row = serial\n", r"bad.ini:1: table-row: unknown option; did you mean table-rows\?"),
        ("batch = 5\n\n# again\nbatch = 5\n", "bad.ini:4: batch: given twice, first in line 1"),
        ("batch = many\n", "bad.ini:1: batch: given 'many'"),
        ("latency = 5\n", "bad.ini:1: latency: given '5'.*unit is missing"),
        ("[run]\nbatch = 5\n", "bad.ini:1: given .*section"),
        ("batch\n", "bad.ini:1: given 'batch'.*the = is missing"),
        ("= 5\n", "bad.ini:1: given .*the key is missing"),
        ("platform = p.xml\nlatency = 1ms\n", "bad.ini: latency: .*not with --platform"),
        ("batch = 5\x00\n", r"bad.ini:1: batch: given '5\\x00'; allowed: a whole number"),
        ("\x1b[2J\x1b]0;owned\x07key = 1\n", r"bad.ini:1: \\x1b\[2J\\x1b]0;owned\\x07key: unknown option"),
        ("k" * 200000 + " = 1\n", r"bad.ini:1: k{120}\.\.\.: unknown option; --help lists all$"),
        ("batch = " + "k" * 200000 + "\n", r"bad.ini:1: batch: given 'k{120}\.\.\.'; allowed: a whole number"),
        ("train-samples = 50\nbatch = 51\n", "bad.ini: batch: given '51'; allowed: 1 to "),
        ("target-loss = 0.5\ntarget-accuracy = 0.9\n", "bad.ini: target-loss: given '0.5'; allowed: one target a run"),
        (" " * (1 << 24) + "batch = 5\n", "bad.ini: given '16777226 bytes'; allowed: a file of at most 16777216 bytes"),
    ]

    def test_every_program(self) -> None:
        for content, pattern in self.CASES:
            self.write("bad.ini", content)
            for program in run_programs() + tables():
                with self.subTest(program=program, content=content):
                    self.assert_refused([*program, "bad.ini"], pattern)

    def test_the_command_line_does_not_excuse_the_file(self) -> None:
        self.write("bad.ini", "batch = many\n")
        self.assert_refused([FRONT, "sim", "bad.ini", "--batch", "5"], "bad.ini:1: batch: given 'many'")


class BadCommands(ProgramTest):
    def test_commands(self) -> None:
        for words, pattern in [
            ([], "the command is missing; allowed: sim, real, resume, table"),
            (["tabel"], r"command: given 'tabel'.*did you mean table\?"),
            (["--workers", "2"], "command: given '--workers'"),
            (["help", "tabel"], r"command: given 'tabel'.*did you mean table\?"),
            (["help", "sim", "real"], "lockstep help: given 'real'"),
        ]:
            with self.subTest(words=words):
                self.assert_refused([FRONT, *words], pattern)


PLATFORM = '''<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1"><zone id="lab" routing="Full"><host id="a" speed="1Gf"/></zone></platform>
'''


@needs_sim
class GeneratedStar(ProgramTest):
    def test_what_a_platform_file_decides(self) -> None:
        self.write("p.xml", PLATFORM)
        for given in ("--speed=1Gf", "--speeds=1Gf", "--cores=2", "--latency=1us", "--bandwidth=1Gbps"):
            self.assert_refused([FRONT, "sim", "--platform", "p.xml", given], f"{given.split('=')[0]}: .*not with --platform")

    def test_memory_is_not_in_a_platform_file(self) -> None:
        self.write("p.xml", PLATFORM)
        def share(memory: str) -> float:
            done = self.run_here([FRONT, "sim", *SMALL, "--platform", "p.xml", "--memory", memory, "--format", "json"])
            self.assertEqual(done.status, 0, done.errors)
            return json.loads(done.output)["summary"]["memory_percent"]
        self.assertAlmostEqual(share("1GiB"), 4 * share("4GiB"))


@needs_real
class RealLaunch(ProgramTest):
    def test_mpirun_is_missing(self) -> None:
        for program in [[FRONT, "real"], [FRONT, "table", "--world", "real"]]:
            with self.subTest(program=program):
                self.assert_refused(program, "mpirun is not on PATH.*install that of the MPI library", env=environment(PATH="/nowhere"))

    def test_wrong_number_of_ranks(self) -> None:
        in_turn = ["--method", "in-turn", "--server", "dedicated"]
        for ranks, words, pattern in [
            (2, ["--method", "sync-average", "--workers", "3"], "started 2 ranks; needed: 3 .*use mpirun -n 3"),
            (2, ["--method", "serial"], "started 2 ranks; needed: 1|--workers: given '2'; allowed: 1"),
            (2, [*in_turn, "--workers", "2"], r"started 2 ranks; needed: 3 \(2 workers and a server\)"),
            (1, in_turn, "started 1 ranks; needed: 2"),
        ]:
            with self.subTest(ranks=ranks, words=words):
                self.assert_refused(mpirun(ranks, *words), pattern)

    def test_options_under_mpirun(self) -> None:
        for given, pattern in [OPTIONS[0], OPTIONS[2], OPTIONS[6], OPTIONS[7], OPTIONS[23]]:
            for ranks in (1, 2):
                with self.subTest(ranks=ranks, given=given):
                    self.assert_refused(mpirun(ranks, *given), pattern)

    def test_mpirun_refuses(self) -> None:
        """It starts no rank, and the front end says so in one line, with a command that tells more."""
        words = ["--method", "sync-average", "--workers", 3, *SMALL, "--launcher-args"]
        generous = ("OMPI_MCA_rmaps_base_oversubscribe", "PRTE_MCA_rmaps_default_mapping_policy")
        env = {key: value for key, value in environment().items() if key not in generous}
        for given, pattern in [("--nooversubscribe --host localhost:1", r"status \d+: There are not enough slots.*; "),
                               ("--no-such-option", r"status \d+: .*(unknown|unrecognized) option .*--no-such-option.*; ")]:
            with self.subTest(given=given):
                done = self.run_here([FRONT, "real", *words, given], env=env)
                self.assertEqual((done.status, done.output), (3, ""), done.errors)
                self.assertRegex(done.errors, rf"\Alockstep: mpirun ended with {pattern}.* run .*mpirun -n 3 .*\n\Z")
                done = self.run_here(["sh", "-c", done.errors.split(" run ", 1)[1]], env=env)
                self.assertNotEqual(done.status, 0)
                said = done.errors + done.output if is_open_mpi_5() else done.errors
                self.assertRegex(said, "not enough slots|(unknown|unrecognized) option")

    def test_alone_without_mpirun(self) -> None:
        self.assert_refused([REAL, "--method", "sync-average", "--workers", "2"], "started 1 ranks; needed: 2")


if __name__ == "__main__":
    unittest.main()
