"""What the tests of `lockstep validate` share: small scenarios, references, and reading verdicts."""

import json
import os
from pathlib import Path
from typing import Callable

from programs import FRONT, SIM, Done, ProgramTest

SMALL = ["--train-samples", "1200", "--test-samples", "200", "--epochs", "3", "--hidden", "16", "--batch", "50"]
SYNC = [*SMALL, "--method", "sync-average", "--workers", "2", "--lr", "0.5"]
ASYNC = [*SMALL, "--method", "by-arrival", "--workers", "3", "--lr", "0.1"]
CORES = len(os.sched_getaffinity(0))


class ValidateTest(ProgramTest):
    def reference(self, name: str, *words: object) -> Path:
        done = self.run_here([SIM, *words, "--out", name])
        self.assertEqual(done.status, 0, done.errors)
        return self.folder / name / "result.json"

    def altered(self, name: str, source: Path, change: Callable[[dict], None]) -> None:
        """A result like that of another file, with something changed."""
        result = json.loads(source.read_text())
        change(result)
        self.write(f"{name}/result.json", json.dumps(result))

    def timed(self, name: str, source: Path, factor: float) -> None:
        """A result like that of another file, of a run that took so many times as long."""
        def take_longer(result: dict) -> None:
            result["summary"]["elapsed_s"] *= factor
            for row in result["history"]:
                row["elapsed_s"] *= factor
        self.altered(name, source, take_longer)

    def validate(self, *words: object, status: int = 0) -> Done:
        done = self.run_here([FRONT, "validate", *words])
        self.assertEqual(done.status, status, done.errors + done.output)
        self.assertEqual(done.errors, "")
        return done

    def json(self, *words: object, status: int = 0) -> dict:
        return json.loads(self.validate(*words, "--format", "json", status=status).output)
