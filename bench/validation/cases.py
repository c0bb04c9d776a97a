"""The cases of the validation grids: what is validated, on which ranks and links. See validation_grid.py."""

import re
import zlib
from typing import Iterable, Iterator, NamedTuple

MODELS = {"softmax": [], "784-30-10": ["--hidden", "30"], "784-512-10": ["--hidden", "512"]}
COLLECTIVES = ("tree", "ring", "recursive-doubling", "rabenseifner", "flat", "library")
TWO_WORKERS = {
    **{f"sync-average {name}": ["--method", "sync-average", "--collective", name] for name in COLLECTIVES},
    "local-sgd": ["--method", "local-sgd", "--period", "5"],
    "in-turn": ["--method", "in-turn"],
    "gossip": ["--method", "gossip"],
    "easgd": ["--method", "easgd", "--period", "4"],
}
NOT_ACROSS_HOSTS = ("recursive-doubling", "rabenseifner", "flat")  # with two ranks they are like the others
SERVED = {  # one worker and the server: two ranks
    "by-arrival": ["--method", "by-arrival"],
    "bounded-staleness": ["--method", "bounded-staleness"],
    "easgd, server": ["--method", "easgd", "--server", "dedicated", "--period", "4"],
}
EMULATED = {
    "sync-average tree": TWO_WORKERS["sync-average tree"],
    "sync-average ring": TWO_WORKERS["sync-average ring"],
    "local-sgd": TWO_WORKERS["local-sgd"],
    "in-turn": TWO_WORKERS["in-turn"],
    "by-arrival": SERVED["by-arrival"],
    "bounded-staleness": SERVED["bounded-staleness"],
    "easgd, server": SERVED["easgd, server"],
    "gossip": TWO_WORKERS["gossip"],
}
BY_TIMING = {
    "by-arrival": SERVED["by-arrival"],
    "bounded-staleness": SERVED["bounded-staleness"],
    "softsync": ["--method", "softsync"],
    "dc-asgd": ["--method", "dc-asgd"],
    "easgd, server": SERVED["easgd, server"],
    "ad-psgd": ["--method", "ad-psgd"],
    "backup-workers": ["--method", "backup-workers", "--backup", "1"],
}
SYNCHRONOUS = {
    "allreduce ring": ["--method", "allreduce", "--collective", "ring"],
    "allreduce, 4 buckets": ["--method", "allreduce", "--collective", "ring", "--buckets", "4"],
    "allreduce, power-sgd": ["--method", "allreduce", "--compression", "power-sgd"],
    "allreduce, fp16": ["--method", "allreduce", "--compression", "fp16"],
    "sync-average tree": TWO_WORKERS["sync-average tree"],
    "sync-average rabenseifner": TWO_WORKERS["sync-average rabenseifner"],
    "local-sgd": TWO_WORKERS["local-sgd"],
    "diloco": ["--method", "diloco", "--period", "5"],
    "gossip": TWO_WORKERS["gossip"],
    "in-turn": TWO_WORKERS["in-turn"],
}
KINDS = ("synchronous", "asynchronous, in turn", "asynchronous, one worker and a server", "asynchronous, by timing")


class Case(NamedTuple):
    """One `lockstep validate`."""

    group: str
    model: str
    method: str
    arguments: list[str]
    kind: str
    held_out: bool
    bandwidth: str | None = None  # of tools/netcluster; None: this machine alone
    hosts: int = 2  # there
    change: str | None = None  # of an intervention: what is --against

    @property
    def name(self) -> str:
        return f"{self.group} {self.model} {self.method}{f', {self.change}' if self.change else ''}"


def training(data: str, samples: int, epochs: int = 2) -> list[str]:
    return ["--data", data, "--train-samples", str(samples), "--test-samples", "1000", "--epochs", str(epochs)]


def kind_of(method: str, workers: int) -> str:
    if method == "in-turn":
        return KINDS[1]
    if method not in BY_TIMING:
        return KINDS[0]
    return KINDS[2] if workers == 1 else KINDS[3]


class Group(NamedTuple):
    """Cases on the same ranks."""

    name: str
    model: str
    arguments: list[str]
    methods: dict[str, list[str]]
    workers: int
    bandwidth: str | None = None


def groups(data: str) -> Iterator[Group]:
    for model, hidden in MODELS.items():
        samples, epochs = {"softmax": (60000, 10), "784-30-10": (60000, 5), "784-512-10": (20000, 2)}[model]
        arguments = [*hidden, *training(data, samples, epochs)]
        yield Group("serial", model, arguments, {"serial": ["--method", "serial"]}, 1)
        yield Group("2 cores", model, arguments, TWO_WORKERS, 2)
        yield Group("2 cores, server", model, arguments, SERVED, 1)
    for bandwidth, samples in (("unlimited", 20000), ("1gbit", 10000), ("100mbit", 4000)):
        for model, hidden in MODELS.items():
            if model == "784-512-10":
                samples = {"unlimited": 10000, "1gbit": 4000, "100mbit": 1000}[bandwidth]
            name = f"2 hosts, {bandwidth}"
            methods = {key: value for key, value in TWO_WORKERS.items() if key.split()[-1] not in NOT_ACROSS_HOSTS}
            yield Group(name, model, [*hidden, *training(data, samples)], methods, 2, bandwidth)
            yield Group(f"{name}, server", model, [*hidden, *training(data, samples)], SERVED, 1, bandwidth)
    for workers in (4, 8):
        for speeds in ("equal", "one 4x slower"):
            slow = [] if speeds == "equal" else ["--speeds", ",".join(["1"] * (workers - 1) + ["0.25"])]
            arguments = ["--hidden", "30", "--emulate-speed", "500Mf", *slow, *training(data, 1500 * workers)]
            yield Group(f"{workers} emulated, {speeds}", "784-30-10", arguments, EMULATED, workers)


# While the model of time was made.
LOOKED_AT = re.compile(r"2 cores 784-30-10|2 hosts, (1gbit|unlimited) 784-\d+-10 (gossip|sync-average (ring|tree))")
# Held out at first; their errors led to a mend of the calibration, after which they were run again.
MENDED = re.compile(r"\d emulated, .* in-turn")


def first_grid(data: str) -> Iterator[Case]:
    """Models, collectives and links; every second case that was not looked at meanwhile is held out."""
    unseen = 0
    for group in groups(data):
        for method, words in group.methods.items():
            name = f"{group.name} {group.model} {method}"
            is_unseen = LOOKED_AT.match(name) is None
            unseen += is_unseen
            yield Case(group.name, group.model, method, [*words, "--workers", str(group.workers), *group.arguments],
                       kind_of(method, group.workers), is_unseen and unseen % 2 == 0 and not MENDED.match(name), group.bandwidth)


def order_of(case: Case) -> int:
    """That has nothing to do with what the case is."""
    return zlib.crc32(case.name.encode())


def half_held_out(cases: Iterable[Case]) -> list[Case]:
    """Fixed before the first run: of each method every second case, in the order of a digest of their names."""
    cases = list(cases)
    held_out = set()
    for method in {case.method for case in cases}:
        held_out.update(case.name for case in sorted((case for case in cases if case.method == method), key=order_of)[::2])
    return [case._replace(held_out=case.name in held_out) for case in cases]


BATCH = 20
STEP_S = 0.024  # of so many of 784-30-10 on the processors emulated here
EMULATED_SPEED = "75Mf"
BYTES_OF_MODEL = 4 * (784 * 30 + 30 + 30 * 10 + 10)
SPEEDS = {
    "equal": [1.0] * 8,
    "scattered": [1, 0.9, 0.8, 0.7, 0.95, 0.85, 0.75, 0.65],
    "one 4x slower": [0.25] + [1.0] * 7,
}
RATES = {"40mbit": 40e6, "100mbit": 100e6, "300mbit": 300e6, "1gbit": 1e9, "unlimited": 1e11}


def samples_for(seconds: float, workers: int, rate_bps: float) -> int:
    """So many take about so long where each update passes a link of the server, or workers are what limits."""
    update_s = max(8 * BYTES_OF_MODEL / rate_bps, STEP_S / workers)
    return BATCH * max(4 * workers, round(seconds / update_s))


def emulated(workers: int, speeds: str, rate: str, data: str, seconds: float) -> list[str]:
    share = ",".join(f"{speed:g}" for speed in SPEEDS[speeds][:workers])
    return ["--workers", str(workers), "--batch", str(BATCH), "--hidden", "30", "--emulate-speed", EMULATED_SPEED, "--speeds", share,
            *training(data, samples_for(seconds, workers, RATES[rate]), 1)]


def asynchronous(data: str) -> Iterator[Case]:
    """All methods that timing decides, 2 to 8 workers, three kinds of speeds; rates are dealt so that each meets all of them."""
    for i, (method, words) in enumerate(BY_TIMING.items()):
        for j, workers in enumerate((2, 4, 8)):
            if method == "backup-workers" and workers == 2:
                workers = 3
            for k, speeds in enumerate(SPEEDS):
                rate = list(RATES)[(i + 2 * j + k) % len(RATES)]
                group = f"{workers} emulated, {speeds}, {rate}"
                yield Case(group, "784-30-10", method, [*words, *emulated(workers, speeds, rate, data, 1.5)],
                           KINDS[3], False, rate, min(workers + 1, 9))


def other_rates(data: str) -> Iterator[Case]:
    """Methods that timing does not decide, at rates that nobody has used while the model of time was made."""
    for rate_bps, rate in ((70e6, "70mbit"), (250e6, "250mbit"), (600e6, "600mbit")):
        for workers in (2, 4):
            for method, words in SYNCHRONOUS.items():
                rounds = max(20, round(1.5 / (STEP_S + 16 * BYTES_OF_MODEL / rate_bps)))
                arguments = ["--workers", str(workers), "--batch", str(BATCH), "--hidden", "30", "--emulate-speed", EMULATED_SPEED,
                             *training(data, BATCH * workers * rounds, 1)]
                group = f"{workers} emulated, {rate}"
                yield Case(group, "784-30-10", method, [*words, *arguments], kind_of(method, workers), False, rate, workers)


class Intervention(NamedTuple):
    """A change, and what is changed by it."""

    change: str
    methods: tuple[str, ...]
    workers: int = 4
    arguments: tuple[str, ...] = ()


INTERVENTIONS = (
    Intervention("straggler=worker=1,factor=4", ("sync-average tree", "allreduce ring", "local-sgd", "gossip", "in-turn", "by-arrival", "bounded-staleness",
                                                 "softsync", "dc-asgd", "easgd, server", "ad-psgd")),
    Intervention("pause=worker=1,every=500ms,for=200ms", ("sync-average tree", "by-arrival")),
    Intervention("workers=8;speeds=", ("sync-average tree", "allreduce ring", "local-sgd", "by-arrival")),
    Intervention("batch=40", ("sync-average tree", "by-arrival", "ad-psgd")),
    Intervention("hidden=100", ("sync-average tree", "by-arrival")),
    Intervention("method=local-sgd;period=8", ("sync-average tree", "by-arrival")),
    Intervention("method=by-arrival", ("sync-average tree", "bounded-staleness", "in-turn")),
    Intervention("method=ad-psgd", ("gossip", "by-arrival")),
    Intervention("method=backup-workers;backup=1", ("sync-average tree",), arguments=("--straggler", "worker=1,factor=4")),
    Intervention("period=16", ("local-sgd", "diloco", "easgd, server")),
    Intervention("collective=ring", ("sync-average tree",)),
    Intervention("collective=flat", ("sync-average tree",)),
    Intervention("buckets=4", ("allreduce ring",)),
    Intervention("compression=fp16", ("allreduce ring",)),
    Intervention("compression=power-sgd", ("allreduce ring",)),
    Intervention("staleness-bound=1", ("bounded-staleness",), arguments=("--straggler", "worker=1,factor=2")),
    Intervention("speeds=1,0.9,0.8,0.7", ("by-arrival",)),
)


def interventions(data: str) -> Iterator[Case]:
    """Forty; rates are dealt in their order."""
    number = 0
    for change, methods, workers, arguments in INTERVENTIONS:
        for method in methods:
            rate = list(RATES)[number % len(RATES)]
            number += 1
            words = [*{**SYNCHRONOUS, **BY_TIMING}[method], *emulated(workers, "equal", rate, data, 1.2), *arguments]
            hosts = 9 if "workers=8" in change else workers + 1
            yield Case(f"{workers} emulated, {rate}", "784-30-10", method, words, kind_of(method, workers), False, rate, hosts, change)


GRIDS = {
    "first": first_grid,
    "asynchronous": lambda data: half_held_out(asynchronous(data)),
    "other-rates": lambda data: half_held_out(other_rates(data)),
    "interventions": lambda data: half_held_out(interventions(data)),
}
