"""What the tests of reports are about: runs, a sweep and a validation, small enough for seconds."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from programs import BIN, FRONT, HAS_REAL, HAS_REPORTS, run  # noqa: E402

TINY = ["--train-samples", 600, "--test-samples", 100, "--epochs", 3, "--hidden", 8, "--batch", 20, "--evaluations", 2]
TIMING = ["--numerics", "none", "--train-samples", 600, "--test-samples", 100, "--epochs", 1]
ATTACK = "</script><script>window.attacked = 1</script><img src=x onerror='window.attacked = 1'>"


def require_reports() -> None:
    """Ends the test as skipped where lockstep writes none."""
    if not HAS_REPORTS:
        print("skipped: lockstep was built without Chart.js (Debian: libjs-chart.js)", file=sys.stderr)
        sys.exit(77)


def must(words: list[object], cwd: Path) -> str:
    done = run(words, cwd=cwd)
    if done.status != 0:
        raise AssertionError(f"{words} ended with {done.status}: {done.errors}{done.output}")
    return done.output


def write_events(folder: Path, workers: int, steps: int, *words: object) -> None:
    must([BIN / "write_events", folder, workers, steps, *words], folder.parent)


def attacked(folder: Path) -> None:
    """Texts of the result become markup."""
    file = folder / "result.json"
    result = json.loads(file.read_text())
    result["provenance"]["host"] = ATTACK
    result["provenance"]["platform"] = ATTACK
    for worker in result["workers"]:
        worker["host"] = ATTACK
    file.write_text(json.dumps(result))


class Sources:
    """Folders below `root`: `by-arrival` (with events), `sync`, `real` where that world is built, `sweep`,
    `validation`, `comparison`, and one whose name and texts are markup."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.attack = root / "<script>window.attacked=1<img src=x onerror=window.attacked=1>"
        self.run("by-arrival", "--method", "by-arrival", "--workers", 4, "--target-accuracy", "0.3")
        write_events(root / "by-arrival", 4, 40)
        self.run("sync", "--method", "sync-average", "--workers", 2)
        self.run(self.attack.name, "--method", "in-turn", "--workers", 2)
        attacked(self.attack)
        must([FRONT, "sweep", *TIMING, "--sweep", "method=in-turn,sync-average,by-arrival", "--sweep", "workers=2,4",
              "--sweep", "latency=10us,10ms", "--replicates", 2, "--variability", "lognormal:0.5", "--out", "sweep"], root)
        must([FRONT, "validate", "--method", "sync-average", "--workers", 2, *TINY, "--measured", "sync",
              "--latency", "60us", "--time-tolerance", 1000, "--out", "validation"], root)
        must([FRONT, "compare", *TINY, "--methods", "serial,allreduce:2", "--out", "comparison"], root)
        self.runs = [root / "by-arrival", root / "sync", self.attack]
        if HAS_REAL:
            must([FRONT, "real", *TINY, "--method", "sync-average", "--workers", 2, "--out", "real"], root)
            self.runs.insert(2, root / "real")

    def run(self, name: str, *words: object) -> None:
        must([FRONT, "sim", *TINY, *words, "--out", name], self.root)

    def result(self, folder: Path) -> dict:
        return json.loads((folder / "result.json").read_text())

    def report(self, name: str, *words: object) -> Path:
        must([FRONT, "report", *words, "--out", name], self.root)
        return self.root / name
