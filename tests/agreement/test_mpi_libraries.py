"""MPICH's real world beside Open MPI's: the same parameters, its launcher found out, and neither started by the other's."""

import os
import shutil
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import FRONT, REAL, SIM, SMALL, Done, ProgramTest, needs_real, result_of  # noqa: E402

MPICH = Path(REAL).with_name("lockstep-real-mpich")
HYDRA = next((found for name in ("mpirun.mpich", "mpiexec.mpich", "mpiexec.hydra") if (found := shutil.which(name))), None)
OPEN_MPI = next((found for name in ("mpirun.openmpi", "mpirun") if (found := shutil.which(name))), None)
SYNC = ["--method", "sync-average", "--workers", "3"]
METHODS = [
    SYNC, [*SYNC, "--collective", "rabenseifner"], [*SYNC, "--collective", "recursive-doubling"],
    ["--method", "allreduce", "--workers", "3", "--collective", "ring", "--buckets", "3", "--hidden", "10"],
    ["--method", "allreduce", "--workers", "3", "--compression", "top-k", "--top-k", "0.05"],
    ["--method", "allreduce", "--workers", "3", "--compression", "power-sgd", "--hidden", "10", "--collective", "ring"],
    ["--method", "allreduce", "--workers", "3", "--compression", "fp16", "--collective", "ring"],
    ["--method", "local-sgd", "--workers", "3", "--period", "3"],
    ["--method", "slowmo", "--workers", "3", "--period", "3"],
    ["--method", "diloco", "--workers", "3", "--period", "3"],
    ["--method", "hierarchical", "--workers", "4", "--groups", "2", "--group-period", "2", "--period", "4"],
    ["--method", "easgd", "--workers", "2", "--period", "3"],
    ["--method", "gossip", "--workers", "4", "--graph", "ring"],
    ["--method", "in-turn", "--workers", "3"],
    ["--method", "in-turn", "--workers", "2", "--server", "dedicated"],
    ["--method", "by-arrival", "--workers", "1"],
]


@needs_real
@unittest.skipUnless(HYDRA and OPEN_MPI, "needs the mpirun of MPICH beside that of Open MPI (Debian: mpich)")
class MpiLibraries(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.front = self.folder / "bin/lockstep"
        self.front.parent.mkdir()
        shutil.copy(FRONT, self.front)
        os.symlink(SIM, self.folder / "bin/lockstep-sim")
        os.symlink(MPICH, self.folder / "bin/lockstep-real")

    def under_hydra(self, *words: object) -> Done:
        return self.run_here([self.front, *words, "--launcher", HYDRA])

    def test_equal_parameters(self) -> None:
        for words in METHODS:
            with self.subTest(words=words):
                ours = result_of([FRONT, "real", *SMALL, *words])
                theirs = result_of([self.front, "real", *SMALL, *words, "--launcher", HYDRA])
                for key in ("parameters_digest", "test_loss", "messages", "bytes"):
                    self.assertEqual(ours["summary"][key], theirs["summary"][key], key)
                self.assertRegex(theirs["provenance"]["backend"], r"\AMPICH \d+(\.\d+)+\S*\Z")
                self.assertRegex(theirs["provenance"]["launcher"], r"\Ampirun \(Hydra\) \d+(\.\d+)+")
                self.assertRegex(ours["provenance"]["backend"], r"\AOpen MPI v\d")

    def test_a_recorded_order_is_replayed_by_the_other(self) -> None:
        words = [*SMALL, "--method", "by-arrival", "--workers", "2"]
        recorded = result_of([self.front, "real", *words, "--record", self.folder / "order", "--launcher", HYDRA])
        replayed = result_of([FRONT, "real", *words, "--replay", self.folder / "order"])
        self.assertEqual(recorded["summary"]["parameters_digest"], replayed["summary"]["parameters_digest"])

    def test_calibration(self) -> None:
        done = self.under_hydra("calibrate", "--workers", 2, *SMALL, "--folder", ".", "--name", "x", "--budget", "1s", "--emulate-speed", "100Mf")
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("MPICH", (self.folder / "x.json").read_text())

    def test_refusals_are_one_line(self) -> None:
        """The rank that says why is not ended by the others, nor does Hydra add to it."""
        done = self.under_hydra("real", "--method", "sync-average", "--workers", 2, *SMALL, "--out", "/proc/x")
        self.assertEqual((done.status, done.output, done.errors.count("\n")), (3, "", 1), done.errors)
        self.assertRegex(done.errors, r"\Alockstep-real: /proc/x: cannot write")

    def test_a_rank_that_is_killed(self) -> None:
        self.write("victim", "#!/bin/sh\nkill -9 $$\n").chmod(0o755)
        done = self.run_here([self.front, "real", *SMALL, "--launcher", HYDRA, "--launcher-args", self.folder / "victim"])
        self.assertEqual((done.status, done.output), (3, ""))
        self.assertRegex(done.errors, r"\Alockstep: mpirun\S* ended .*\n\Z")

    def test_started_by_the_other(self) -> None:
        done = self.run_here([self.front, "real", *SYNC, *SMALL, "--launcher", OPEN_MPI])
        self.assertEqual((done.status, done.output), (2, ""), done.errors)
        self.assertRegex(done.errors, r"\Alockstep(-real)?: started as one of 3 by a launcher that is not MPICH \S+'s "
                                      r"\(OMPI_COMM_WORLD_SIZE=3\).*the mpirun of MPICH \S+: mpirun -n 3 lockstep-real.*\n\Z")
        done = self.run_here([FRONT, "real", *SYNC, *SMALL, "--launcher", HYDRA])
        self.assertEqual((done.status, done.output), (2, ""), done.errors)
        words_of_open_mpi_5 = r"(No PMIx server was reachable, .*\n.*\n)*"
        self.assertRegex(done.errors, rf"\A{words_of_open_mpi_5}lockstep(-real)?: started as one of 3 by a launcher that is not "
                                      r"Open MPI \S+'s \(.*\).*\n\Z")


if __name__ == "__main__":
    unittest.main()
