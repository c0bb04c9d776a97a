#!/usr/bin/env python3
"""tools/slurmcluster and packaging/slurm: jobs of a user who is not root, under a Slurm that is started for them and leaves nothing behind.

Without Slurm, munge or root only the arguments are tested, and the exit status is 77.
"""

import functools
import glob
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from test_netcluster import HAS_WORLDS, NOT_HERE, ROOT, SECONDS, processes, traces  # noqa: E402

TOOL = str(ROOT / "tools/slurmcluster")
TEMPLATES = ROOT / "packaging/slurm"
BIN = Path(os.environ.get("LOCKSTEP_BIN", ROOT / "build/release/bin"))
PROGRAMS = [BIN / f"lockstep{world}" for world in ("", "-sim", "-real")]
OF_MPICH = BIN / "lockstep-real-mpich"  # where MPICH is installed beside the other library
USER = "nobody"
SYNC = "--method sync-average --train-samples 600 --test-samples 100 --epochs 1"
SWEEP = "--method in-turn --numerics none --sweep workers=1..3 --sweep latency=10us,1ms"
PMIX = "--launcher srun --launcher-args --mpi=pmix"

needs_mpich = unittest.skipUnless(OF_MPICH.exists() and shutil.which("mpirun.mpich"), "MPICH is needed")
needs_worlds = unittest.skipUnless(HAS_WORLDS, "both worlds are needed")
needs_two_cores = unittest.skipUnless(len(os.sched_getaffinity(0)) > 1, "two ranks must not share a core")


def slurmcluster(*words: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run([TOOL, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                          check=False, **options)


def namespaces(cluster: str) -> set[str]:
    """What processes in the cluster's network namespaces have for /proc/ID/ns/net."""
    return {f"net:[{Path(file).stat().st_ino}]" for file in glob.glob(f"/run/netns/{cluster}-*")}


def inhabitants(spaces: set[str]) -> list[str]:
    found = []
    for link in glob.glob("/proc/[0-9]*/ns/net"):
        try:
            if os.readlink(link) in spaces:
                found.append(Path(link).parents[1].joinpath("cmdline").read_text())
        except OSError:  # it has ended meanwhile
            continue
    return found


class Arguments(unittest.TestCase):
    def test_one_message_and_status_2(self) -> None:
        for words, pattern in [
            ([], "the command is missing; allowed: run"),
            (["up"], "given 'up'; allowed: run"),
            (["inside", "1"], "given 'inside'; allowed: run"),
            (["run"], "run: the command is missing"),
            (["run", "--hosts", "2"], "run: the command is missing"),
            (["run", "--hosts"], "--hosts: the value is missing"),
            (["run", "--hosts", "0", "--", "true"], "--hosts: given '0'; allowed: 1 to 99"),
            (["run", "--hosts", "100", "--", "true"], "--hosts: given '100'"),
            (["run", "--cores", "none", "--", "true"], "--cores: given 'none'; allowed: 1 to 999"),
            (["run", "--user", "no such", "--", "true"], "--user: given 'no such'; allowed: a user of this machine"),
            (["run", "true"], "given 'true'; allowed: --hosts"),
        ]:
            with self.subTest(words=words):
                done = slurmcluster(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertRegex(done.stderr, f"^slurmcluster: {pattern}")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give up being root")
    def test_not_possible_is_not_a_failure(self) -> None:
        with tempfile.TemporaryDirectory() as folder:  # since the user may not look into root's home
            os.chmod(folder, 0o755)
            copy = shutil.copy(TOOL, folder)
            done = subprocess.run([copy, "run", "--", "true"], capture_output=True, text=True, check=False, user=65534, cwd="/")
        self.assertEqual(done.returncode, NOT_HERE)
        self.assertRegex(done.stderr, r"\Aslurmcluster: (network namespaces need root; run it as root|\w+ is not installed .*)\n\Z")


class Shell:
    """A shell of USER on the login host of a cluster of four nodes, in a $HOME where all hosts find the programs and templates."""

    def __init__(self) -> None:
        self.tool = subprocess.Popen([TOOL, "run", "--user", USER, "--", "bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, text=True, bufsize=1)
        self.cluster = self.answer('echo "$LOCKSTEP_CLUSTER"')
        self.home = Path("/tmp") / self.cluster / "home"
        for folder, files in (("bin", PROGRAMS), ("slurm", TEMPLATES.glob("*.sbatch"))):
            self.home.joinpath(folder).mkdir()
            for file in files:
                if file.exists():
                    shutil.copy(file, self.home / folder)
        # The nodes share this machine's cores, so that ranks must not spin while they wait.
        self.answer('cd; PATH=$PWD/bin:$PATH; export OMPI_MCA_mpi_yield_when_idle=1; echo')

    def answer(self, command: str) -> str:
        """The line that the command prints."""
        try:
            self.tool.stdin.write(f"{command}\n")
        except BrokenPipeError:
            pass
        line = self.tool.stdout.readline()
        if not line:
            raise AssertionError(f"the cluster has gone: {self.tool.stderr.read()}")
        return line.strip()

    def run(self, command: str) -> str:
        """What the command prints; it must succeed."""
        status = self.answer(f"timeout {SECONDS} bash -c {shlex.quote(command)} < /dev/null > stdout 2> stderr; echo $?")
        output, errors = (self.home.joinpath(name).read_text() for name in ("stdout", "stderr"))
        if status != "0":
            raise AssertionError(f"{command} ended with {status}: {output}{errors}")
        return output

    def wait_for(self, *jobs: str) -> list[dict[str, str]]:
        """What Slurm says of each job and task of an array when they have ended."""
        every = ",".join(jobs)
        self.run(f'while [[ $(squeue --noheader --jobs {every}) ]]; do sleep 0.1; done')
        lines = "".join(self.run(f"scontrol --oneliner show job {job}") for job in jobs).splitlines()
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]

    def close(self) -> None:
        self.tool.stdin.close()
        self.tool.wait(timeout=SECONDS)
        self.tool.stdout.close()
        self.tool.stderr.close()


@functools.cache
def why_not_here() -> str:
    done = slurmcluster("run", "--hosts", 1, "--", "true")
    if done.returncode not in (0, NOT_HERE):
        raise AssertionError(done.stderr)
    return done.stderr.strip() if done.returncode == NOT_HERE else ""


class NeedsSlurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        if why_not_here():
            raise unittest.SkipTest(why_not_here())


class NothingIsLeft(NeedsSlurm):
    def setUp(self) -> None:
        self.before = traces()

    def start(self, *words: str) -> tuple[subprocess.Popen, set[str]]:
        """A cluster whose command has printed its name, with its namespaces."""
        tool = subprocess.Popen([TOOL, "run", "--hosts", "2", "--user", USER, "--", *words], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(tool.stdout.close)
        self.addCleanup(tool.stdin.close)
        spaces = namespaces(tool.stdout.readline().strip())
        self.assertEqual(len(spaces), 3)
        return tool, spaces

    def assert_nothing(self, spaces: set[str]) -> None:
        self.assertEqual(inhabitants(spaces), [])
        self.assertEqual(traces(), self.before)

    def test_with_jobs_that_still_run(self) -> None:
        tool, spaces = self.start("sh", "-c", """cd && sbatch --quiet --nodes 2 --wrap 'srun sh -c "touch $PWD/\\$SLURM_PROCID; sleep 1000"'
                                                 until [ -e 0 ] && [ -e 1 ]; do sleep 0.1; done; echo "$LOCKSTEP_CLUSTER"; read -r line; exit 7""")
        self.assertEqual(sum("sleep\0" in inhabitant for inhabitant in inhabitants(spaces)), 2)
        tool.stdin.close()
        self.assertEqual(tool.wait(timeout=SECONDS), 7)
        self.assert_nothing(spaces)

    def test_interrupted(self) -> None:
        tool, spaces = self.start("sh", "-c", 'echo "$LOCKSTEP_CLUSTER"; sleep 1000')
        tool.send_signal(signal.SIGINT)
        self.assertEqual(tool.wait(timeout=SECONDS), 128 + signal.SIGINT)
        self.assert_nothing(spaces)


class Jobs(NeedsSlurm):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.before = traces()
        cls.shell = Shell()

    @classmethod
    def tearDownClass(cls) -> None:
        spaces = namespaces(cls.shell.cluster)
        cls.shell.close()
        if inhabitants(spaces) or traces() != cls.before:
            raise AssertionError(f"left behind: {inhabitants(spaces)}, {traces()}, but before {cls.before}")

    def result(self, command: str) -> dict:
        return json.loads(self.shell.run(f"{command} --format json"))

    def digest(self, workers: int) -> str:
        """Of the same run, simulated."""
        return self.result(f"lockstep sim {SYNC} --workers {workers}")["summary"]["parameters_digest"]

    def submit(self, words: str) -> str:
        return self.shell.run(f"sbatch --parsable {words}").strip()

    def assert_completed(self, *jobs: str, tasks: int = 1) -> None:
        ends = self.shell.wait_for(*jobs)
        self.assertEqual(len(ends), tasks * len(jobs))
        for end in ends:
            self.assertEqual((end["JobState"], end["ExitCode"]), ("COMPLETED", "0:0"), self.shell.home.joinpath(end["StdOut"]).read_text())
            self.assertRegex(end["UserId"], rf"^{USER}\(")

    def test_four_hosts(self) -> None:
        lines = self.shell.run("srun --nodes 4 sh -c 'echo $(hostname) $(id -un)'").split("\n")
        self.assertEqual(sorted(lines), ["", *(f"{self.shell.cluster}-{host} {USER}" for host in range(1, 5))])

    def test_home_is_shared_and_tmp_is_not(self) -> None:
        self.shell.run("touch ~/everywhere /tmp/here /dev/shm/here; srun sh -c 'cd && ls everywhere && ! ls /tmp/here && ! ls /dev/shm/here'")

    @needs_worlds
    def test_parameters_are_those_of_a_simulation(self) -> None:
        digest = self.digest(workers=4)
        for launcher, version in (("", "Open MPI"), (PMIX, "slurm")):
            with self.subTest(launcher=launcher):
                result = self.result(f"salloc --quiet --nodes 4 lockstep real {SYNC} {launcher}")
                self.assertEqual(result["summary"]["parameters_digest"], digest)
                self.assertEqual([worker["host"] for worker in result["workers"]], [f"{self.shell.cluster}-{host}" for host in range(1, 5)])
                self.assertIn(version, result["provenance"]["launcher"])

    @needs_worlds
    @needs_mpich
    def test_parameters_of_mpich(self) -> None:
        self.shell.run("mkdir mpich && cp bin/lockstep mpich")
        shutil.copy(OF_MPICH, self.shell.home / "mpich/lockstep-real")
        for launcher in ("--launcher srun --launcher-args --mpi=pmi2", "--launcher mpirun.mpich"):
            with self.subTest(launcher=launcher):
                result = self.result(f"salloc --quiet --nodes 2 mpich/lockstep real {SYNC} {launcher}")
                self.assertEqual(result["summary"]["parameters_digest"], self.digest(workers=2))
                self.assertEqual(len({worker["host"] for worker in result["workers"]}), 2)

    @needs_worlds
    def test_run_template(self) -> None:
        jobs = [self.submit(f"--nodes 2 --export ALL,LAUNCHER={launcher} slurm/run.sbatch {SYNC}") for launcher in ("mpirun", "srun")]
        jobs.append(self.submit(f"--nodes 2 slurm/run.sbatch {SYNC} --workers 1"))
        self.assert_completed(*jobs)
        for job, workers, launcher in zip(jobs, (2, 2, 1), ("Open MPI", "slurm", "slurm")):
            result = json.loads(self.shell.home.joinpath(f"run-{job}/result.json").read_text())
            self.assertEqual(result["summary"]["parameters_digest"], self.digest(workers))
            self.assertEqual(len({worker["host"] for worker in result["workers"]}), workers)
            self.assertIn(launcher, result["provenance"]["launcher"])

    @needs_worlds
    @needs_two_cores
    def test_validate_template(self) -> None:
        small = f"{SYNC} --repeats 1 --budget 1s --time-tolerance"
        jobs = [self.submit(f"--export ALL,LAUNCHER={launcher} slurm/validate.sbatch {small} {tolerance}")
                for launcher, tolerance in (("srun", "1000000"), ("mpirun", "1000000"))]
        self.assert_completed(*jobs)
        for job in jobs:
            validation = json.loads(self.shell.home.joinpath(f"validation-{job}/validation.json").read_text())
            self.assertIn("PASS", self.shell.home.joinpath(f"lockstep-validate-{job}.out").read_text())
            self.assertEqual(validation["verdict"], "pass")

    @needs_worlds
    @needs_two_cores
    def test_a_failed_validation_is_a_failed_job(self) -> None:
        job = self.submit(f"slurm/validate.sbatch {SYNC} --repeats 1 --speed 1Mf")  # nothing is calibrated
        self.assertEqual([(end["JobState"], end["ExitCode"]) for end in self.shell.wait_for(job)], [("FAILED", "1:0")])
        self.assertIn("FAIL: ", self.shell.home.joinpath(f"lockstep-validate-{job}.out").read_text())

    @needs_worlds
    def test_sweep_template(self) -> None:
        """Its parts are together the sweep made in one."""
        words = f"--cpus-per-task 1 slurm/sweep-array.sbatch {SWEEP}"
        first = self.submit(f"--array 1-3 {words}")
        second = self.submit(f"--dependency afterany:{first} --array 0 {words}")
        self.assert_completed(first, tasks=3)
        self.assert_completed(second)
        self.shell.run(f"lockstep sweep {SWEEP} --out whole")
        for file in ("sweep.csv", "summary.csv"):
            self.assertEqual(self.shell.home.joinpath("sweep", file).read_bytes(), self.shell.home.joinpath("whole", file).read_bytes())
        part = self.shell.home / "sweep/shards/2"
        before = {file.name: file.stat().st_mtime_ns for file in part.glob("runs/*")}
        self.assertEqual(len(before), 2)
        self.assert_completed(self.submit(f"--export ALL,SHARDS=3 --array 2 {words}"))
        self.assertEqual({file.name: file.stat().st_mtime_ns for file in part.glob("runs/*")}, before)
        shutil.rmtree(part)
        job = self.submit(f"--array 0 {words}")
        self.assertEqual([(end["JobState"], end["ExitCode"]) for end in self.shell.wait_for(job)], [("FAILED", "2:0")])

    @needs_worlds
    def test_what_would_not_end_or_not_be_found_is_refused(self) -> None:
        said = self.shell.run(f"! timeout 30 salloc --quiet --nodes 2 srun --mpi=pmix lockstep real {SYNC} 2>&1")
        self.assertEqual(said.count("lockstep: started as one of 2 (SLURM_STEP_NUM_TASKS=2), each of which would start ranks"), 1, said)
        said = self.shell.run(f"! salloc --quiet --nodes 2 lockstep real {SYNC} --workers 3 2>&1")
        self.assertIn("lockstep: --workers: given '3 ranks, servers included'; allowed: at most 2, the tasks of Slurm's job", said)
        said = self.shell.run(f"! salloc --quiet --nodes 2 lockstep validate {SYNC} --repeats 1 --budget 1s {PMIX} 2>&1")  # on the login node
        self.assertIn("calibration-1.json: it was written on the first rank's host, and is not seen here", said)

    @needs_worlds
    def test_cancelled(self) -> None:
        endless = f"--epochs 1000000 --train-samples {os.getpid()}"
        for launcher in ("mpirun", "srun"):
            with self.subTest(launcher=launcher):
                job = self.submit(f"--nodes 2 --export ALL,LAUNCHER={launcher} slurm/run.sbatch --method sync-average {endless}")
                until = time.monotonic() + SECONDS
                while len(processes(f"lockstep-real --method sync-average {endless}")) < 2 and time.monotonic() < until:
                    time.sleep(0.05)
                self.shell.run(f"scancel {job}")
                self.assertEqual([end["JobState"] for end in self.shell.wait_for(job)], ["CANCELLED"])
                until = time.monotonic() + 20  # Open MPI 5's mpirun, of several hosts, may need to be told twice
                while processes(endless) and time.monotonic() < until:
                    time.sleep(0.05)
                self.assertEqual(processes(endless), [])
                self.assertFalse(self.shell.home.joinpath(f"run-{job}/result.json").exists())


class Page(unittest.TestCase):
    def test_shows_the_templates(self) -> None:
        page = (ROOT / "docs/clusters.md").read_text(encoding="utf-8")
        shown = re.findall(r"(?ms)^```bash\n(#!/bin/bash\n.*?)^```$", page)
        self.assertEqual(sorted(shown), sorted(file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.sbatch")))


if __name__ == "__main__":
    outcome = unittest.main(exit=False).result
    if not outcome.wasSuccessful():
        sys.exit(1)
    if why_not_here():
        print(why_not_here())
        sys.exit(NOT_HERE)
