"""Processes that are under way: which there are, what becomes of them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from programs import HAS_REAL, environment, is_open_mpi_5

LAUNCHER = "prterun" if HAS_REAL and is_open_mpi_5() else "mpirun"  # which that of Open MPI 5 becomes


def command_lines() -> dict[int, list[str]]:
    """Of all processes. Zombies have none."""
    found = {}
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/cmdline", encoding="utf-8", errors="replace") as file:
                words = file.read().split("\0")
            found[int(entry)] = words
        except (OSError, ValueError):
            continue
    return found


def processes_of(mark: str) -> dict[int, str]:
    """Those with the word in their command line: number and program."""
    return {number: os.path.basename(words[0]) for number, words in command_lines().items() if mark in words}


def works_in(number: int, folder: Path) -> bool:
    try:
        return (os.readlink(f"/proc/{number}/cwd") + "/").startswith(f"{folder.resolve()}/")
    except OSError:
        return False


def processes_in(folder: Path) -> dict[int, str]:
    """Those that work in the folder, whose name no other has, or have that name in their command line."""
    return {number: os.path.basename(words[0]) for number, words in command_lines().items()
            if words[0] and (any(folder.name in word for word in words) or works_in(number, folder))}


def kill_all(numbers: Iterable[int]) -> None:
    """Those that are still there."""
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def wait_for(what: Callable[[], object], seconds: float = 20) -> object:
    until = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def rank_of(number: int) -> int | None:
    """Of a process that Open MPI has started."""
    try:
        with open(f"/proc/{number}/environ", encoding="utf-8", errors="replace") as file:
            variables = dict(line.split("=", 1) for line in file.read().split("\0") if "=" in line)
    except OSError:
        return None
    return int(variables["PMIX_RANK"]) if "PMIX_RANK" in variables else None


def start(words: Iterable[object], folder: Path, **changes: str) -> subprocess.Popen:
    """In the folder, as the first process of a session; with changes of its environment."""
    return subprocess.Popen([str(word) for word in words], cwd=folder, env=environment(**changes), text=True, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
