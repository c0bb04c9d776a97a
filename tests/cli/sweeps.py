"""What the tests of `lockstep sweep` share: small sweeps, and reading what they leave."""

import csv
import io
from pathlib import Path

from programs import FRONT, Done, ProgramTest, needs_sim

TIMING = ["--numerics", "none", "--train-samples", "600", "--test-samples", "100", "--epochs", "1"]
TINY = ["--train-samples", "200", "--test-samples", "50", "--epochs", "1", "--batch", "20"]
PAIRS = ["--sweep", "method+workers=serial+1|in-turn+2|sync-average+3"]
TEN = [*TIMING, "--method", "in-turn", "--sweep", "workers=1..5", "--sweep", "latency=10us,1ms", "--out", "results"]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but those of the data cache."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.is_file() and path.relative_to(folder).parts[0] != "data"}


@needs_sim
class SweepTest(ProgramTest):
    """Sweeps run in `self.folder`."""

    def sweep(self, *words: object, status: int = 0) -> Done:
        done = self.run_here([FRONT, "sweep", *words])
        self.assertEqual(done.status, status, done.errors)
        return done

    def rows(self, folder: str = "results") -> list[dict[str, str]]:
        return table(self.folder / folder / "sweep.csv")

    def points(self, folder: str = "results") -> list[dict[str, str]]:
        return table(self.folder / folder / "summary.csv")
