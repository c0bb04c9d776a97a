#!/usr/bin/env python3
"""Runs the commands that a page of the documentation shows: they must exit as the page says.

Usage: test_documented_commands.py PAGE.md...
Commands run from the project's root. $TMPDIR is a folder that is removed afterwards.
"""

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from documented_commands import Command, commands  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SECONDS_PER_COMMAND = 600

# Commands that begin so are not run here, with the reason.
EXECUTED_ELSEWHERE = {
    "git clone": "needs the network; CI starts from a clone",
    "cd lockstep": "follows git clone",
    "tools/demo": "CI runs it",
    "tools/check": "this test is part of it",
    "tools/fuzz": "tools/check runs it",
    "ctest": "this test is part of it",
    "cmake": "tools/check configures and builds",
    "tools/fetch_mnist": "downloads; tested against a local server",
    "sudo apt": "changes the machine; tools/try_packages installs the packages in an empty root",
    "lockstep": "needs the package installed; tools/try_packages runs it there",
    "tools/try_packages": "needs root, debootstrap and the network",
    "tools/make_tarball": "builds everything again; tools/try_tarball tries it",
    "tools/try_tarball": "needs root, debootstrap and the network",
    "tools/in_root": "needs root, debootstrap and the network",
}

CLUSTERS = ("tools/netcluster", "tools/slurmcluster")
MNIST = "../shared/mnist"  # as the pages write it
MNIST_FOLDER = os.environ.get("LOCKSTEP_MNIST", MNIST)


def why_not_here(command: Command) -> str | None:
    for beginning, reason in EXECUTED_ELSEWHERE.items():
        if command.text == beginning or command.text.startswith(f"{beginning} "):
            return reason
    if MNIST in command.text and not (ROOT / MNIST_FOLDER).is_dir():
        return f"{MNIST_FOLDER} is not there"
    if "lockstep report " in command.text and not has_reports():
        return "lockstep was built without Chart.js (Debian: libjs-chart.js)"
    return next((why_no_cluster(tool) for tool in CLUSTERS if command.text.startswith(tool)), None)


@functools.cache
def has_reports() -> bool:
    """Where it has none, it says so before it looks at the folder."""
    front = ROOT / "build/release/bin/lockstep"
    return front.exists() and subprocess.run([front, "report", "no-such-folder"], capture_output=True, check=False).returncode != 3


@functools.cache
def why_no_cluster(tool: str) -> str | None:
    done = subprocess.run([tool, "run", "--", "true"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode == 77 else None


def environment(temporary: str) -> dict[str, str]:
    """Ours, with mpirun as patient as CI machines need it: as root, and with more ranks than cores."""
    return os.environ | {
        "TMPDIR": temporary,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
    }


def run(command: Command) -> str | None:
    """What is wrong with the command, or nothing."""
    text = command.text.replace(MNIST, MNIST_FOLDER)
    with tempfile.TemporaryDirectory() as temporary:
        try:
            done = subprocess.run(["bash", "-o", "pipefail", "-c", text], cwd=ROOT, env=environment(temporary),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, timeout=SECONDS_PER_COMMAND, check=False)
        except subprocess.TimeoutExpired:
            return f"still running after {SECONDS_PER_COMMAND} s"
    if done.returncode == command.status:
        return None
    return f"exit status {done.returncode}, the page promises {command.status}\n{done.stdout.rstrip()}"


def main() -> int:
    failures = 0
    for page in map(Path, sys.argv[1:]):
        for command in commands(page.read_text(encoding="utf-8")):
            reason = why_not_here(command)
            problem = None if reason else run(command)
            failures += problem is not None
            verdict = f"skipped ({reason})" if reason else f"FAILED: {problem}" if problem else "ok"
            print(f"{page}:{command.line}: $ {command.text}\n    {verdict}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
