"""Where runs are started: launchers of other MPI libraries, several copies, cores that may not be used, and what mpirun says."""

import os
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from programs import (FRONT, REAL, SIM, SMALL, Done, ProgramTest, environment, is_open_mpi_5, mpirun, needs_real, needs_sim, result_of,  # noqa: E402
                      run)  # noqa: E402

LAUNCHERS = ("OMPI_", "PMI_", "PMIX_", "MPI_LOCAL", "SLURM_", "MV2_", "FLUX_")
SYNC = ["--method", "sync-average", *SMALL]
GENEROUS = ("OMPI_MCA_rmaps_base_oversubscribe", "PRTE_MCA_rmaps_default_mapping_policy")
NO_SLOTS = {key: value for key, value in environment().items() if key not in GENEROUS}
ONE_CPU = ["taskset", "--cpu-list", str(min(os.sched_getaffinity(0)))]
needs_taskset = unittest.skipUnless(shutil.which("taskset"), "needs taskset (Debian: util-linux)")


def started_by(**variables: str) -> dict[str, str]:
    """Our environment, in which a launcher has left these variables and no other any."""
    ours = {key: value for key, value in environment().items() if key.startswith("OMPI_ALLOW") or not key.startswith(LAUNCHERS)}
    return ours | variables


@needs_real
class ForeignLaunchers(ProgramTest):
    """What each process of theirs sees; Open MPI makes each a world of its own."""

    def test_refused_once(self) -> None:
        for variables, rank, evidence in [
            ({"PMI_SIZE": "2", "MPI_LOCALNRANKS": "2"}, "PMI_RANK", r"one of 2 .*\(PMI_SIZE=2\)"),
            ({"SLURM_JOB_ID": "7", "SLURM_NTASKS": "2", "SLURM_STEP_NUM_TASKS": "2"}, "SLURM_PROCID",
             r"one of 2 .*\(SLURM_STEP_NUM_TASKS=2\)"),
            ({"SLURM_NTASKS": "3"}, "SLURM_PROCID", r"one of 3 .*\(SLURM_NTASKS=3\)"),
            ({"FLUX_JOB_SIZE": "2"}, "FLUX_TASK_RANK", r"one of 2 .*\(FLUX_JOB_SIZE=2\)"),
        ]:
            with self.subTest(evidence=evidence):
                env = started_by(**variables, **{rank: "0"})
                self.assert_refused([REAL, *SYNC, "--out", "x"], f"started as {evidence}.* mpirun -n [23] lockstep-real", env=env)
                done = self.run_here([REAL, *SYNC, "--out", "x"], env=started_by(**variables, **{rank: "1"}))
                self.assertEqual(done, (2, "", ""))
        self.assertEqual(self.files(), [])

    def test_the_ranks_to_start_are_those_of_the_workers(self) -> None:
        env = started_by(PMIX_RANK="1")
        self.assert_refused([REAL, *SYNC, "--workers", "4"], r"started as one of several .*\(PMIX_RANK=1\).* mpirun -n 4 ", env=env)
        self.assert_refused([REAL, "--method", "by-arrival", "--workers", "4"], "mpirun -n 5 ", env=env)
        self.assert_refused([REAL, *SYNC], "mpirun -n N ", env=env)

    def test_not_refused(self) -> None:
        """Inside an allocation, and under Open MPI's own mpirun, wherever that runs."""
        batch = {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "8", "SLURM_PROCID": "0", "SLURM_LOCALID": "0"}
        hydra = {"PMI_SIZE": "4", "PMI_RANK": "3", "MPI_LOCALNRANKS": "4"}
        for variables in ({}, batch, {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "8"}):
            with self.subTest(variables=variables):
                done = self.run_here([REAL, *SMALL], env=started_by(**variables))
                self.assertEqual((done.status, done.errors), (0, ""))
        words = [*SYNC, "--workers", 2, "--format", "csv"]
        for variables in (batch, hydra):
            env = started_by(**variables) | {"OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_ras": "^slurm", "OMPI_MCA_plm": "rsh"}
            with self.subTest(variables=variables):
                self.assertEqual(self.run_here(mpirun(2, *words), env=env).status, 0)
        self.assertEqual(self.run_here(mpirun(1, *SMALL), env=started_by(**hydra)).status, 0)


@needs_sim
class Copies(ProgramTest):
    """A simulation is one process: each copy does all of it, which is right, but seldom what was meant."""

    def test_a_warning_from_the_first(self) -> None:
        for words in ([SIM, *SMALL], [FRONT, "sim", *SMALL], [FRONT, "table", *SMALL, "--table-rows", "serial"],
                      [FRONT, "sweep", *SMALL, "--sweep", "lr=0.1", "--out", "swept"]):
            with self.subTest(words=words):
                done = self.run_here(words, env=started_by(PMI_SIZE="4", PMI_RANK="0"))
                self.assertEqual(done.status, 0, done.errors)
                self.assertRegex(done.errors, r"\Alockstep(-sim)?: warning: started as one of 4 \(PMI_SIZE=4\): .*\n\Z")
                done = self.run_here(words, env=started_by(PMI_SIZE="4", PMI_RANK="3"))
                self.assertEqual((done.status, done.errors), (0, ""))

    @needs_real
    def test_under_mpirun(self) -> None:
        words = mpirun(3, *SMALL, "--format", "csv")
        done = self.run_here([SIM if word == REAL else word for word in words])
        self.assertEqual(done.status, 0, done.errors)
        self.assertEqual(done.errors.count("started as one of 3 (OMPI_COMM_WORLD_SIZE=3)"), 1)
        self.assertEqual(done.output.count("finished"), 3)


@needs_real
class MpirunSays(ProgramTest):
    """Why it started nothing is the reason that the user reads."""

    def assert_reason(self, launcher_args: str, pattern: str, *words: object) -> None:
        # Of several ranks that fail alike, mpirun sometimes loses the text on its way to it (and says "Data unpack").
        for _ in range(8):
            done = self.run_here([FRONT, "real", *SYNC, "--workers", 2, *words, "--launcher-args", launcher_args], env=NO_SLOTS)
            if not any(trace in done.errors for trace in ("ORTE_ERROR_LOG", "Primary job", "It looks like MPI_INIT failed", "prterun detected that")):
                break
        self.assertEqual((done.status, done.output), (3, ""), done.errors)
        last = done.errors.splitlines()[-1]
        self.assertRegex(last, rf"\Alockstep: mpirun ended with status \d+: {pattern}.*; to see all that it says, run .*mpirun -n 2 ")
        if not words:
            self.assertEqual(done.errors.count("\n"), 1, done.errors)

    def test_reasons(self) -> None:
        self.write("one", "localhost slots=1\n")
        self.assert_reason("--hostfile one", "There are not enough slots available")
        self.assert_reason("--hostfile one", "There are not enough slots available", "--progress", "always")
        self.assert_reason("--mca pml nosuch", "A requested component was not found.* Framework: pml Component: nosuch")
        if is_open_mpi_5():
            self.assert_reason("--hostfile none", r"PRTE was unable to open the hostfile: \S*/none")
            self.assert_reason("--no-such-option", "An unrecognized option was included on the mpirun command line: Option: --no-such-option")
            self.assert_reason("--wdir /no/such", "prterun was unable to launch ")  # and a wrong reason, its own
        else:
            self.assert_reason("--hostfile none", "Open RTE was unable to open the hostfile: none")
            self.assert_reason("--no-such-option", '.*mpirun: Error: unknown option "--no-such-option"')
            self.assert_reason("--wdir /no/such", "mpirun was unable to launch .* Working directory: /no/such")

    def test_files_start_no_program(self) -> None:
        """Nor set a variable by which one is started."""
        mark = self.folder / "started"
        for key, value in (("launcher-args", f'sh -c "touch {mark}"'), ("launcher-args", f"sh -x touch {mark}"), ("launcher", "./sh"),
                           ("launcher-args", f"--host ${{LD_PRELOAD:={mark}}}"), ("launcher-args", f"--host $(touch {mark})")):
            self.write("exec.ini", f"method = serial\n{key} = {value}\n")
            for command in (["real"], ["table", "--world", "real", "--table-rows", "serial:1"], ["calibrate", "--name", "x"], ["validate"]):
                with self.subTest(value=value, command=command):
                    done = self.run_here([FRONT, *command, "exec.ini", "--train-samples", 10, "--batch", 10])
                    self.assertEqual((done.status, done.output), (2, ""), done.errors)
                    self.assertRegex(done.errors, rf"\Alockstep: exec\.ini: {key}: given .*give (another )?--{key} on the command line\n\Z")
        self.assertFalse(mark.exists())

    def test_every_command_says_so(self) -> None:
        self.write("one", "localhost slots=1\n")
        for words in (["table", "--world", "real", "--table-rows", "sync-average:2"], ["calibrate", "--workers", 2, "--name", "x"]):
            with self.subTest(words=words):
                done = self.run_here([FRONT, *words, *SMALL[:2], "--launcher-args", "--hostfile one"], env=NO_SLOTS)
                self.assertEqual(done.status, 3, done.errors)
                self.assertRegex(done.errors, r"\Alockstep: .*There are not enough slots available.*\n\Z")

    def test_one_that_is_not_open_mpi(self) -> None:
        self.write("bin/mpirun", "#!/bin/sh\necho '[mpiexec@vm] match_arg (args.c:163): unrecognized argument mca' >&2\nexit 255\n").chmod(0o755)
        done = self.run_here([FRONT, "real", *SMALL], env=environment(PATH=f"{self.folder}/bin:/usr/bin:/bin"))
        self.assertEqual(done.status, 3)
        self.assertRegex(done.errors, "unrecognized argument mca; .*/mpirun is Hydra's: that of the MPI library that lockstep was built with must come first on PATH; ")

    def test_copies_of_the_front_end(self) -> None:
        """Each would start ranks; under srun all would wait for ever."""
        for words in (["real", *SYNC, "--workers", 2], ["calibrate", *SMALL[:2], "--name", "x"], ["validate", *SYNC, "--workers", 2],
                      ["table", "--world", "real", *SMALL]):
            with self.subTest(words=words):
                env = started_by(SLURM_JOB_ID="7", SLURM_STEP_NUM_TASKS="4", SLURM_PROCID="0")
                self.assert_refused([FRONT, *words], r"started as one of 4 \(SLURM_STEP_NUM_TASKS=4\), each of which would start ranks", env=env)
                self.assertEqual(self.run_here([FRONT, *words], env=env | {"SLURM_PROCID": "3"}), (2, "", ""))

    def test_inside_another(self) -> None:
        words = mpirun(1, "real", *SMALL)
        done = self.run_here([FRONT if word == REAL else word for word in words])
        if is_open_mpi_5():  # which does
            self.assertEqual((done.status, done.errors), (0, ""))
            return
        self.assertEqual((done.status, done.output), (3, ""))
        self.assertRegex(done.errors, r"\A\s*lockstep: mpirun ended with status 1: mpirun does not support recursive calls; ")

    def test_a_rank_that_is_killed(self) -> None:
        self.write("victim", "#!/bin/sh\nkill -9 $$\n").chmod(0o755)
        done = self.run_here([FRONT, "real", *SMALL, "--launcher-args", self.folder / "victim"])
        self.assertEqual(done.status, 3)
        # mpirun sometimes loses what it says of that; then it is read from the status.
        self.assertRegex(done.errors, r"\Alockstep: mpirun ended with status 137: "
                                      rf"({'prterun' if is_open_mpi_5() else 'mpirun'} noticed that process rank 0|a process that it started ended by signal 9).*\(Killed\)")


@needs_real
class Allocations(ProgramTest):
    """What a batch system gives decides, not this machine's cores. The launcher is one that tells what it was asked."""

    def setUp(self) -> None:
        super().setUp()
        self.write("bin/mpirun", "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'mpirun (Open MPI) 9.9'; exit; fi\n"
                                 f"echo \"$*\" >> {self.folder}/asked\nexit 1\n").chmod(0o755)

    def env(self, **variables: str) -> dict[str, str]:
        return started_by(**variables, PATH=f"{self.folder}/bin:/usr/bin:/bin")

    def asked(self, *words: object, **variables: str) -> str:
        """The command line of the first real run."""
        done = self.run_here([FRONT, *words], env=self.env(**variables))
        self.assertEqual(done.status, 3, done.errors)
        lines = (self.folder / "asked").read_text().splitlines()
        (self.folder / "asked").unlink()
        return lines[0]

    def test_ranks_come_from_it(self) -> None:
        four = {"SLURM_JOB_ID": "7", "SLURM_TASKS_PER_NODE": "2(x2)"}
        for words, expected in [
            (["real", *SYNC, "--workers", 2], r"-n 2 .*--map-by ppr:1:node .*--workers 2"),
            (["real", *SYNC, "--workers", 4], r"-n 4 (?!.*--map-by)"),
            (["real", *SYNC], r"-n 4 .*--workers=4"),
            (["real", "--method", "by-arrival", *SMALL], r"-n 4 .*--workers=3"),
            (["real", *SMALL], r"-n 1 (?!.*--workers)"),
            (["calibrate", *SMALL[:2], "--name", "x"], r"-n 4 .*--workers=4"),
            (["validate", *SYNC, "--speed", "1Gf", "--repeats", 1], r"-n 4 .*--workers=4"),
        ]:
            with self.subTest(words=words):
                asked = self.asked(*words, **four)
                self.assertRegex(asked, expected)
                self.assertNotIn("--oversubscribe", asked)
        self.assertIn("--oversubscribe", self.asked("real", *SYNC, "--workers", 5, "--launcher-args", "--oversubscribe", **four))
        self.write("nodes", "a\na\nb\nb\n")
        self.assertRegex(self.asked("real", *SYNC, PBS_JOBID="7", PBS_NODEFILE="nodes"), "-n 4 .*--hostfile nodes ")
        # Whoever names hosts knows better.
        self.assertRegex(self.asked("real", *SYNC, "--workers", 5, "--launcher-args", "--host a:9", **four), r"-n 5 (?!.*--map-by)")

    def test_more_ranks_are_refused(self) -> None:
        env = self.env(SLURM_JOB_ID="7", SLURM_TASKS_PER_NODE="2(x2)")
        for command in ("real", "validate", "calibrate"):
            words = [command, *SYNC] if command != "calibrate" else [command, *SMALL[:2], "--name", "x"]
            self.assert_refused([FRONT, *words, "--workers", 5], r"--workers: given '5 ranks, servers included'; allowed: at most 4, the tasks "
                                r"of Slurm's job 7 \(SLURM_TASKS_PER_NODE=2\(x2\)\); ", env=env)
        self.assertFalse((self.folder / "asked").exists())
        self.assert_refused([FRONT, "real", *SYNC], "SLURM_TASKS_PER_NODE: given 'two'",
                            env=self.env(SLURM_JOB_ID="7", SLURM_TASKS_PER_NODE="two"))


@needs_taskset
class Cores(ProgramTest):
    """Those that may be used, not those that there are."""

    @needs_real
    def test_ranks_that_share_a_core(self) -> None:
        words = [FRONT, "real", *SYNC, "--workers", 2, "--format", "json"]
        done = self.run_here([*ONE_CPU, *words], env=NO_SLOTS)
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("2 ranks share one core of", done.errors)
        self.assertIn('"oversubscribed": true', done.output)
        refused = [*ONE_CPU, FRONT, "calibrate", "--workers", 2, *SMALL[:2], "--name", "x"]
        self.assert_refused(refused, "2 ranks on .*; allowed: at most 1, one for each core")

    @needs_real
    def test_ranks_that_are_bound_to_a_core_each(self) -> None:
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("needs two cores")
        words = ["core" if word == "none" else word for word in mpirun(2, *SYNC, "--format", "json")]
        done = self.run_here(words)
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertIn('"oversubscribed": false', done.output)

    @needs_sim
    def test_threads_of_a_simulation(self) -> None:
        """On one core there is none but the simulation's own; a result does not depend on them."""
        one = run([*ONE_CPU, SIM, *SYNC, "--workers", 2, "--format", "json"])
        self.assertEqual(one.status, 0, one.errors)
        self.assertIn(result_of([SIM, *SYNC, "--workers", 2])["summary"]["parameters_digest"], one.output)


if __name__ == "__main__":
    unittest.main()
