"""The executables under test, how to run them, and what every refusal of bad input has in common."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Iterable, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("LOCKSTEP_BIN", ROOT / "build/release/bin")).resolve()
FRONT, SIM, REAL = (str(BIN / name) for name in ("lockstep", "lockstep-sim", "lockstep-real"))
HAS_SIM = Path(SIM).exists()
HAS_REAL = Path(REAL).exists() and shutil.which("mpirun") is not None
WORLDS = ["sim"] * HAS_SIM + ["real"] * HAS_REAL
# Where Chart.js was not found when it was built, it says so before it looks at the folder.
HAS_REPORTS = Path(FRONT).exists() and subprocess.run([FRONT, "report", "no-such-folder"], capture_output=True, check=False).returncode != 3

needs_sim = unittest.skipUnless(HAS_SIM, "the simulated world is not built")
needs_real = unittest.skipUnless(HAS_REAL, "the real world is not built")
needs_reports = unittest.skipUnless(HAS_REPORTS, "lockstep was built without Chart.js (Debian: libjs-chart.js)")

BLOCK = re.compile(r"^-{40,}\n.*?^-{40,}\n", re.MULTILINE | re.DOTALL)  # what mpirun says of ranks that fail
# Of an Open MPI 5 whose ranks have ended before it was told.
UNREACHED = re.compile(r"^\[[^\]\n]*\] PMIX ERROR: PMIX_ERR_UNREACH in file .*\n\n?", re.MULTILINE)
SECONDS = 300
SMALL = ["--train-samples", "600", "--test-samples", "100", "--epochs", "2"]


class Done(NamedTuple):
    status: int
    output: str
    errors: str


def environment(**changes: str) -> dict[str, str]:
    """Ours, where mpirun started by a test itself works as root and with more ranks than cores."""
    return os.environ | {
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",  # of Open MPI 4; of 5:
        "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
        "OMPI_MCA_btl_tcp_disable_family": "6",  # Open MPI 5 complains where ranks of a host have several addresses
        "OMPI_MCA_odls_base_sigkill_timeout": "0",  # or mpirun waits a second after each run that is refused
    } | changes


def run(words: Iterable[object], cwd: str | Path | None = None, env: dict[str, str] | None = None) -> Done:
    words = list(words)
    env = environment() if env is None else env
    if words[0] == "mpirun":
        env = env | {"OMPI_MCA_orte_execute_quiet": "1"}  # as --quiet, which Open MPI 5 does not know
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=env,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
    errors = done.stderr
    if words[0] == "mpirun":
        errors = UNREACHED.sub("", BLOCK.sub("", errors)).replace("\0", "")  # which Open MPI 5 says where it is told to say nothing
    return Done(done.returncode, done.stdout, errors)


def is_open_mpi_5() -> bool:
    return re.search(r"\(Open MPI\) [5-9]", run(["mpirun", "--version"]).output) is not None


def mpirun(ranks: int, *words: object) -> list[object]:
    return ["mpirun", "-n", ranks, "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1", REAL, *words]


def result_of(words: Iterable[object]) -> dict:
    """The result that a run prints as JSON."""
    words = [*words, "--format", "json"]
    done = run(words)
    if done.status != 0:
        raise AssertionError(f"{words} ended with {done.status}: {done.errors}")
    return json.loads(done.output)


def in_one_line(text: str) -> str:
    """Sentences that were broken into lines, put together again."""
    return " ".join(text.split())


class ProgramTest(unittest.TestCase):
    """Has an empty folder, `self.folder`, in which programs run."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run_here(self, words: Iterable[object], **options) -> Done:
        return run(words, cwd=self.folder, **options)

    def assert_refused(self, words: Iterable[object], *patterns: str, **options) -> None:
        """Bad input: exit status 2, one line on stderr in which every pattern is found, nothing else anywhere."""
        before = self.files()
        done = self.run_here(words, **options)
        self.assertEqual((done.status, done.output), (2, ""), done.errors)
        self.assertEqual(done.errors.count("\n"), 1, done.errors)
        self.assertRegex(done.errors, r"^lockstep(-sim|-real)?: ")
        for pattern in patterns:
            self.assertRegex(done.errors, pattern)
        self.assertEqual(self.files(), before)


def option_entry(help_text: str, key: str) -> str:
    """The part of a help text that is about one key, unwrapped; empty where there is none."""
    found = re.search(rf"^  --{re.escape(key)} .*?(?=^  --|^$|\Z)", help_text, re.MULTILINE | re.DOTALL)
    return " ".join(found[0].split()) if found else ""
