"""Runs that write checkpoints: every method, small enough to be run, interrupted and taken up; what must be left in the end."""

import functools
import re
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from fingerprints import fingerprint
from methods import METHODS
from programs import FRONT, result_of

SAMPLES, BATCH = 1200, 10  # which 1, 2 and 4 workers divide
EPOCHS = {"sim": 60, "real": 100}  # about half a second of wall time
WORKERS = {"sim": 4, "real": 2}
TRAINING = ["--train-samples", SAMPLES, "--test-samples", 200, "--batch", BATCH, "--hidden", 20, "--activation", "relu"]
RATE = ["--lr", 0.1]
OFTEN = {"sim": ["--checkpoint-every", "3epochs"], "real": ["--checkpoint-every", "5epochs"]}
UNEVEN = ["--variability", "lognormal:0.5"]  # or simulated workers arrive at the same moments, in an order that rounding decides
LEARNT = 0.6  # the least share of the test set; guessing has 0.1
CHECKPOINT = re.compile(r"checkpoint-(\d+)\.lockstep")
GOES_ON = re.compile(r"lockstep-(?:sim|real): goes on from (\S+): ([\d.]+) of (\d+) epochs, .*$", re.MULTILINE)
INTERRUPTED = re.compile(r"lockstep-(?:sim|real): interrupted after ([\d.]+) of (\d+) epochs; go on with: lockstep resume (\S+)$", re.MULTILINE)

TIMED = ("by-arrival", "bounded-staleness", "dc-asgd", "softsync", "backup-workers", "ad-psgd")
# Where an interruption makes groups smaller, or has a passive worker answer all that has been asked, no run in one go has the order.
WITHOUT_ORDER = ("softsync", "ad-psgd")
DETERMINISTIC_VARIANTS = {
    "serial, nesterov": ["serial", "--optimiser", "nesterov", "--lr", 0.03],
    "allreduce, momentum": ["allreduce", "--optimiser", "momentum", "--lr", 0.03],
    "allreduce, top-k": ["allreduce", "--compression", "top-k", "--top-k", 0.05],
    "allreduce, qsgd": ["allreduce", "--compression", "qsgd", "--levels", 16],
    "allreduce, sign": ["allreduce", "--compression", "sign", "--lr", 0.002],
    "allreduce, power-sgd": ["allreduce", "--compression", "power-sgd", "--optimiser", "momentum", "--lr", 0.03],
    "allreduce, bf16": ["allreduce", "--compression", "bf16", "--collective", "ring"],
    "allreduce, buckets": ["allreduce", "--buckets", 2, "--collective", "ring"],
    "sync-average, momentum": ["sync-average", "--optimiser", "momentum", "--lr", 0.03],
    "local-sgd, nesterov": ["local-sgd", "--period", 7, "--optimiser", "nesterov", "--lr", 0.03],
    "diloco, momentum": ["diloco", "--period", 7, "--outer-optimiser", "momentum", "--outer-momentum", 0.5],
    "gossip, adapt-then-combine": ["gossip", "--gossip-order", "adapt-then-combine"],
    "in-turn, server": ["in-turn", "--server", "dedicated"],
    "in-turn, mix": ["in-turn", "--update", "mix"],
    "easgd, momentum": ["easgd", "--period", 7, "--optimiser", "momentum", "--lr", 0.03],
    "bounded-staleness, in lockstep": ["bounded-staleness", "--staleness-bound", 0],
    "bounded-staleness, in lockstep, top-k": ["bounded-staleness", "--staleness-bound", 0, "--compression", "top-k", "--top-k", 0.05],
}
TIMED_VARIANTS = {
    "by-arrival, several steps": ["by-arrival", "--push-every", 2, "--pull-every", 4],
    "by-arrival, two servers": ["by-arrival", "--servers", 2],
    "bounded-staleness, top-k": ["bounded-staleness", "--staleness-bound", 1, "--compression", "top-k", "--top-k", 0.05],
    "dc-asgd, adaptive": ["dc-asgd", "--compensation-rule", "adaptive", "--compression", "qsgd", "--levels", 16],
    "easgd, server": ["easgd", "--server", "dedicated", "--period", 4, "--optimiser", "momentum", "--lr", 0.03],
    "softsync, in two parts": ["softsync", "--splitting", 2],
}


class Setting(NamedTuple):
    """What is run, in either world."""

    name: str
    method: tuple[object, ...]  # and its options
    is_deterministic: bool

    @property
    def has_order(self) -> bool:
        """Whether its order of arrival can be recorded across an interruption, and replayed."""
        return not self.is_deterministic and self.method[0] not in WITHOUT_ORDER

    def workers(self, world: str) -> int:
        return 1 if self.method[0] == "serial" else WORKERS[world]

    def words(self, world: str) -> list[object]:
        uneven = UNEVEN if world == "sim" and not self.is_deterministic else []
        rate = [] if "--lr" in self.method else RATE
        return ["--method", *self.method, "--workers", self.workers(world), *TRAINING, *rate, "--epochs", EPOCHS[world], *uneven]

    def steps(self, world: str) -> tuple[int, int]:
        """Of all workers, the fewest and the most that a finished run can have taken."""
        most = EPOCHS[world] * SAMPLES // BATCH
        spared = most // self.workers(world) if self.method[0] == "backup-workers" else 0  # rounds end without the last ones
        return most - spared, most


PLAIN = [Setting(name, (name, *options), name not in TIMED) for name, options in METHODS.items()]
VARIANTS = [Setting(name, tuple(words), is_deterministic)
            for variants, is_deterministic in ((DETERMINISTIC_VARIANTS, True), (TIMED_VARIANTS, False)) for name, words in variants.items()]
SETTINGS = PLAIN + VARIANTS
NAMED = {setting.name: setting for setting in SETTINGS}


class Whole(NamedTuple):
    result: dict
    seconds: float  # of wall time


@functools.cache
def whole(setting: Setting, world: str) -> Whole:
    """That setting in one go, without checkpoints."""
    began = time.monotonic()
    result = result_of([FRONT, world, *setting.words(world)])
    return Whole(result, time.monotonic() - began)


@functools.cache
def whole_with_checkpoints(setting: Setting, world: str) -> Whole:
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        result = result_of([FRONT, world, *setting.words(world), "--checkpoint", Path(folder) / "kept", *OFTEN[world]])
        return Whole(result, time.monotonic() - began)


def checkpoints(folder: Path) -> list[int]:
    """The numbers of those in the folder, which may be missing."""
    try:
        return sorted(int(found[1]) for path in folder.iterdir() if (found := CHECKPOINT.fullmatch(path.name)))
    except FileNotFoundError:
        return []


def newest(folder: Path) -> int:
    return max(checkpoints(folder), default=-1)


def problems(setting: Setting, world: str, found: dict) -> list[str]:
    """In what a finished run differs from what it must be."""
    told = []
    outcome = found["summary"]["outcome"]
    if outcome != "finished" or not all(worker["completed"] for worker in found["workers"]):
        told.append(f"the outcome is {outcome}, completed are {[worker['completed'] for worker in found['workers']]}")
    fewest, most = setting.steps(world)
    steps = [worker["steps"] for worker in found["workers"]]
    if not fewest <= sum(steps) <= most:
        told.append(f"steps are {steps}, not {fewest} to {most} together")
    if setting.is_deterministic:
        told += differences(found, whole(setting, world).result)
    elif not found["summary"]["test_accuracy"] >= LEARNT:
        told.append(f"an accuracy of {found['summary']['test_accuracy']}")
    if world == "sim":
        told += other_time(found, whole_with_checkpoints(setting, world).result)
    return told


def differences(found: dict, expected: dict) -> list[str]:
    """Between runs that must have learnt the same, whenever."""
    told = []
    for what, of in (("digest", lambda result: fingerprint(result)[0]),
                     ("history", lambda result: fingerprint(result)[1]),
                     ("updates", lambda result: result["summary"]["updates"]),
                     ("steps", lambda result: [worker["steps"] for worker in result["workers"]])):
        if of(found) != of(expected):
            told.append(f"another {what}: {of(found)} instead of {of(expected)}")
    return told


def other_time(found: dict, expected: dict) -> list[str]:
    """Between simulated runs that have written the same checkpoints."""
    ours, theirs = (result["summary"]["elapsed_s"] for result in (found, expected))
    return [] if abs(ours - theirs) <= 1e-9 * theirs else [f"it took {ours!r} s instead of {theirs!r} s"]


def remains(folder: Path) -> list[str]:
    """What no finished run may leave anywhere in the folder: checkpoints, files that are not complete, locks."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.name.startswith(".") or CHECKPOINT.fullmatch(path.name))
