#!/usr/bin/env python3
"""Kills runs with checkpoints at random moments, and has them go on until they end; counts what goes wrong.

Usage: bench/endings/kill_and_resume.py [--kills 100] [--world sim real] [--only NUMBER ...]

Each trial is a run of a method in a world, by turns, of which one to three processes are killed one after the other: the front end, the
simulator or a rank, mpirun. Afterwards nobody may be left, and it must end as if nothing had happened (tests/cli/checkpointed.py). Printed is
a row for each trial, and how many there were of what. A seed is drawn and printed; LOCKSTEP_KILLS_SEED=SEED repeats the same trials, --only
some of them. LOCKSTEP_BIN is the folder of the programs, by default build/release/bin. Exit status 1 where anything has failed.
"""

import argparse
import collections
import itertools
import random
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Iterator

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/cli"))
from checkpointed import SETTINGS, Setting  # noqa: E402
from kills import SEED_VARIABLE, VICTIMS, Kill, Trial, seed  # noqa: E402
from programs import WORLDS  # noqa: E402

MOST_KILLS = 3  # in a trial


class Row:
    """What has become of a trial."""

    def __init__(self, number: int, setting: Setting, world: str, draw: random.Random):
        self.number, self.setting, self.world = number, setting, world
        self.kills: list[Kill] = []
        self.problem = ""
        first = VICTIMS[world][number // len(WORLDS) % len(VICTIMS[world])]
        victims = [first, *(draw.choice(VICTIMS[world]) for _ in range(draw.randrange(MOST_KILLS)))]
        with tempfile.TemporaryDirectory() as folder:
            try:
                trial = Trial(Path(folder), setting, world, draw)
                self.kills = trial.kills
                trial.run(victims)
            except AssertionError as problem:
                self.problem = str(problem) or "an assertion has failed"

    def line(self) -> str:
        told = "; ".join(f"{kill.victim}, {kill.moment}{'' if kill.has_hit else ', had ended'}" for kill in self.kills)
        return f"| {self.number} | {self.world} | {self.setting.name} | {told} | {' '.join(self.problem.split()) or 'as it must'} |"


def trials(worlds: list[str]) -> Iterator[tuple[int, Setting, str]]:
    """Number, setting and world of each, without end: all settings of all worlds, again and again."""
    return ((number, SETTINGS[number // len(worlds) % len(SETTINGS)], worlds[number % len(worlds)]) for number in itertools.count())


def summarise(rows: list[Row]) -> None:
    counts: dict[tuple[str, str], collections.Counter] = collections.defaultdict(collections.Counter)
    for row in rows:
        for kill in row.kills:
            counts[row.world, kill.victim]["tried"] += 1
            counts[row.world, kill.victim]["hit"] += kill.has_hit
            counts[row.world, kill.victim]["hit after a checkpoint"] += kill.has_hit and bool(kill.checkpoints)
        if row.kills:
            counts[row.world, row.kills[-1].victim]["failed"] += bool(row.problem)
    columns = ("tried", "hit", "hit after a checkpoint", "failed")
    print(f"\n| world | victim | {' | '.join(columns)} |\n|{'---|' * (2 + len(columns))}")
    for (world, victim), count in sorted(counts.items()):
        print(f"| {world} | {victim} | {' | '.join(str(count[column]) for column in columns)} |")
    failed = [row for row in rows if row.problem]
    names = len({(row.setting.name, row.world) for row in rows})
    print(f"\n{sum(kill.has_hit for row in rows for kill in row.kills)} kills in {len(rows)} trials of {names} settings; failed: "
          f"{', '.join(str(row.number) for row in failed) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="that hit; the last trial may bring a few more")
    parser.add_argument("--world", nargs="+", choices=WORLDS, default=WORLDS)
    parser.add_argument("--only", nargs="+", type=int, default=[], metavar="NUMBER", help="trials, by their numbers")
    options = parser.parse_args()
    used = seed(secrets.randbelow(10**9))
    print(f"{SEED_VARIABLE}={used}\n\n| trial | world | method | killed | ended |\n|---|---|---|---|---|", flush=True)
    rows: list[Row] = []
    for number, setting, world in trials(options.world):
        if options.only and number > max(options.only) or sum(kill.has_hit for row in rows for kill in row.kills) >= options.kills:
            break
        if not options.only or number in options.only:
            rows.append(Row(number, setting, world, random.Random(f"{used} {number}")))
            print(rows[-1].line(), flush=True)
    summarise(rows)
    sys.exit(any(row.problem for row in rows))


if __name__ == "__main__":
    main()
