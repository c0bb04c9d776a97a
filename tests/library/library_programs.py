"""The programs that were built upon the installed package, and how to run them in both worlds."""

import os
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))
from programs import Done, run  # noqa: E402

PACKAGE = Path(os.environ.get("LOCKSTEP_PACKAGE", ROOT / "build/release/package"))
PROGRAMS = PACKAGE / "build"
WORLDS = ("real", "simulated")
# What is none of a test's business: how many cores there are, and mpirun's own haste when it ends ranks.
MPIRUN_ENDS = r"\[warn\] Epoll [^\n]*\n"
SHARED_CORES = r"\w+: warning: \d+ ranks share (?:the \d+ cores|one core) of \S+: the times measured mean nothing\n"


def in_world(world: str, real: Path, simulated: Path, ranks: int, *words: object, cwd: Path | None = None) -> Done:
    if world == "simulated":
        return run([simulated, "--ranks", ranks, *words], cwd=cwd)
    launcher = ["mpirun", "-n", ranks, "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1"]
    done = run([*launcher, real, *words], cwd=cwd)
    return done._replace(errors=re.sub(f"(?m)^({SHARED_CORES}|{MPIRUN_ENDS})", "", done.errors))


def program(name: str, world: str, ranks: int, *words: object) -> Done:
    """One of tests/library/programs."""
    return in_world(world, PROGRAMS / f"{name}_real", PROGRAMS / f"{name}_simulated", ranks, *words)


def example(name: str, world: str, ranks: int, *words: object) -> Done:
    """One of examples/, started where its files are."""
    folder = PROGRAMS / name
    return in_world(world, folder / name, folder / f"{name}_simulated", ranks, *words, cwd=ROOT / "examples" / name)


def digest(done: Done) -> str:
    """Of the parameters, in what lockstep::to_text has made."""
    found = re.search(r"^parameters +([0-9a-f]{32})$", done.output, re.MULTILINE)
    assert found, (done.status, done.output, done.errors)
    return found[1]
