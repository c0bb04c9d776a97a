"""Runs that are killed at random moments and taken up until they end."""

import json
import os
import random
import re
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

from checkpointed import GOES_ON, OFTEN, Setting, checkpoints, newest, problems, remains, whole_with_checkpoints
from processes import LAUNCHER, processes_in, start, wait_for
from programs import FRONT, SECONDS, result_of

SEED_VARIABLE = "LOCKSTEP_KILLS_SEED"  # of all that is random here
PROGRAMS = {"sim": "lockstep-sim", "real": "lockstep-real"}
VICTIMS = {"sim": ("front end", "program"), "real": ("front end", "rank", "mpirun")}
ENDING_S = 20  # that processes may take to notice that others are gone


def seed(usual: int) -> int:
    return int(os.environ.get(SEED_VARIABLE, usual))


class Kill(NamedTuple):
    victim: str
    moment: str
    checkpoints: list[int]  # that there were afterwards
    has_hit: bool  # or the run had ended by itself


class Trial:
    """A setting in an empty folder of its own, whose name no other process has in its command line.

    Errors: AssertionError where something is not as it must be.
    """

    def __init__(self, folder: Path, setting: Setting, world: str, draw: random.Random):
        self.folder, self.setting, self.world, self.draw = folder, setting, world, draw
        self.kept = folder / f"kept-{folder.name}"
        self.kills: list[Kill] = []
        self.seconds = whole_with_checkpoints(setting, world).seconds
        record = ["--record", "run.order"] if setting.has_order else []
        self.words = [FRONT, world, *setting.words(world), "--checkpoint", self.kept.name, *OFTEN[world], "--out", "out", "--format", "json", *record]

    def run(self, victims: list[str]) -> None:
        """Kills one after the other, and has the run ended by itself at last."""
        for victim in victims:
            if self.attempt(victim):
                break
        else:
            assert self.attempt(None), "the run has not ended"
        self.check_end()

    def attempt(self, victim: str | None) -> bool:
        """Whether the run has come to its end."""
        before = checkpoints(self.kept)
        is_resumed = bool(before) and self.draw.random() < 0.5
        process = start([FRONT, "resume", self.kept.name] if is_resumed else self.words, self.folder)
        has_hit = False
        try:
            if victim is not None:
                has_hit = self.kill(process, victim)
            output, errors = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the run does not end: {processes_in(self.folder)}") from None
        finally:
            self.end(process)
        assert wait_for(lambda: not processes_in(self.folder), ENDING_S), f"left behind: {processes_in(self.folder)}"
        self.check_files()
        has_ended = process.returncode == 0
        allowed = [0] if not has_hit else [0, -signal.SIGKILL] if victim == "front end" else [0, 3]
        assert process.returncode in allowed, f"status {process.returncode}: {errors}"
        if has_ended:
            self.check_ending(before, output, errors)
        if victim is not None and has_hit:
            self.kills[-1] = self.kills[-1]._replace(checkpoints=checkpoints(self.kept))
        return has_ended

    def kill(self, process: subprocess.Popen, victim: str) -> bool:
        moment = self.wait_for_a_moment(process)

        def found() -> list[int]:
            if victim == "front end":
                return [process.pid]
            name = LAUNCHER if victim == "mpirun" else PROGRAMS[self.world]
            return sorted(number for number, program in processes_in(self.folder).items() if program == name)
        wait_for(lambda: found() or process.poll() is not None)
        numbers = found()
        has_hit = bool(numbers) and process.poll() is None
        if has_hit:
            try:
                os.kill(self.draw.choice(numbers), signal.SIGKILL)
            except ProcessLookupError:
                has_hit = False
        self.kills.append(Kill(victim, moment, [], has_hit))
        return has_hit

    def wait_for_a_moment(self, process: subprocess.Popen) -> str:
        """Any in a third of all cases, else one soon after a checkpoint. Returns which."""
        if self.draw.random() < 1 / 3:
            after_s, which = self.draw.uniform(0, self.seconds), "start"
        else:
            number = newest(self.kept) + self.draw.randint(1, 6)
            wait_for(lambda: newest(self.kept) >= number or process.poll() is not None, SECONDS)
            after_s, which = self.draw.uniform(0, 0.05), f"checkpoint {number}"
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            pass
        return f"{which} + {1000 * after_s:.0f} ms"

    def end(self, process: subprocess.Popen) -> None:
        """Nothing of ours is left where something has failed."""
        if process.poll() is None:
            process.kill()
            process.wait()
            for number in processes_in(self.folder):
                os.kill(number, signal.SIGKILL)
        for stream in (process.stdout, process.stderr):
            stream.close()

    def check_files(self) -> None:
        """What has its name is whole, whatever was killed."""
        for path in self.folder.rglob("*.json"):
            if not path.name.startswith("."):
                json.loads(path.read_text())
        assert len(checkpoints(self.kept)) <= 3, f"too many are kept: {checkpoints(self.kept)}"  # one of them just come

    def check_ending(self, before: list[int], output: str, errors: str) -> None:
        told = GOES_ON.findall(errors)
        assert len(told) == bool(before), f"with checkpoints {before} it says: {errors}"
        assert not re.search(r"warning: .*\.lockstep", errors), f"half a checkpoint was left: {errors}"
        for place, epochs, of in told:
            allowed = [f"{self.kept.name}/checkpoint-{number}.lockstep" for number in before]
            assert place in allowed and 0 < float(epochs) <= int(of), f"with checkpoints {before} it says: {errors}"
        assert output == (self.folder / "out/result.json").read_text(), "the result printed is not the one written"

    def check_end(self) -> None:
        found = json.loads((self.folder / "out/result.json").read_text())
        told = problems(self.setting, self.world, found)
        if left := remains(self.folder):
            told.append(f"left in the folder: {left}")
        if self.setting.has_order:
            told += self.check_order(found)
        assert not told, "; ".join(told)

    def check_order(self, found: dict) -> list[str]:
        """What was recorded across the interruptions is an order that a run in one go can have."""
        replayed = result_of([FRONT, self.world, *self.setting.words(self.world), "--replay", self.folder / "run.order"])
        digests = [result["summary"]["parameters_digest"] for result in (found, replayed)]
        return [] if digests[0] == digests[1] else [f"replayed in one go, it ends with {digests[1]} instead of {digests[0]}"]
