#!/usr/bin/env python3
"""Runs the ```python and ```r blocks of the pages about files, in a folder that holds such files.

A block must end well and print something. It is skipped where its language or one of its packages is not installed
(Debian: python3-pandas for the system's Python, r-base-core, r-cran-jsonlite).
"""

import csv
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))
from programs import FRONT, SMALL, WORLDS, run  # noqa: E402

PAGES = {"history": "run", "result": "run", "timeline": "run", "updates": "run", "sweep": "sweep",
         "validation": "validation"}  # page: folder of its files
PYTHON = next((path for path in ("/usr/bin/python3", sys.executable) if Path(path).exists()), sys.executable)
R = shutil.which("Rscript")
SECONDS = 120


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / f"docs/formats/{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)


def works(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True, timeout=SECONDS, check=False).returncode == 0


class Snippets(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        in_turn = [*SMALL, "--method", "in-turn", "--workers", "2"]
        cls.make(WORLDS[0], *in_turn, "--events", "full", "--out", cls.folder / "run")
        cls.make("trace", cls.folder / "run", "--format", "csv", "--out", cls.folder / "run/timeline.csv")
        if "sim" in WORLDS:
            cls.make("validate", *in_turn, "--measured", cls.folder / "run", "--out", cls.folder / "validation")
            cls.make("sweep", *SMALL, "--numerics", "none", "--method", "in-turn", "--sweep", "workers=2,3", "--replicates", "2",
                     "--variability", "lognormal:0.1", "--out", cls.folder / "sweep")

    @staticmethod
    def make(*words: object) -> None:
        done = run([FRONT, *words])
        assert done.status == 0, done.errors

    def assert_runs(self, page: str, words: list[str]) -> str:
        done = subprocess.run(words, cwd=self.folder / PAGES[page], env=os.environ | {"LC_ALL": "C.UTF-8"},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, 0, f"{page}: {done.stderr}")
        self.assertTrue(done.stdout.strip(), page)
        return done.stdout

    def pages(self) -> list[str]:
        return [page for page, folder in PAGES.items() if (self.folder / folder).exists()]

    def test_every_page_has_both(self) -> None:
        for page in PAGES:
            for language in ("python", "r"):
                self.assertEqual(len(blocks(page, language)), 1, f"{page}: {language}")
                self.assertLessEqual(blocks(page, language)[0].count("\n"), 10)

    def assert_step_times(self, printed: str) -> None:
        """A mean of each rank's steps, as in the file."""
        with (self.folder / "run/timeline.csv").open(encoding="utf-8") as file:
            steps = [row for row in csv.DictReader(file) if row["kind"] == "compute" and row["phase"] == "training"]
        for rank in ("0", "1"):
            mean = statistics.fmean(float(row["end_s"]) - float(row["begin_s"]) for row in steps if row["rank"] == rank)
            self.assertTrue(any(abs(float(number) / mean - 1) < 1e-3 for number in re.findall(r"\d\.\d+(?:e-\d+)?", printed)),
                            f"rank {rank}: {mean} is not in {printed}")

    @unittest.skipUnless(works([PYTHON, "-c", "import pandas"]), "needs Debian's python3-pandas")
    def test_python(self) -> None:
        printed = {page: self.assert_runs(page, [PYTHON, "-c", blocks(page, "python")[0]]) for page in self.pages()}
        self.assertRegex(printed["history"], r"best accuracy 0\.\d+ after")
        self.assert_step_times(printed["timeline"])

    @unittest.skipUnless(R, "needs Debian's r-base-core")
    def test_r(self) -> None:
        for page in self.pages():
            block = blocks(page, "r")[0]
            if "jsonlite" in block and not works([R, "-e", "library(jsonlite)"]):
                self.skipTest("needs Debian's r-cran-jsonlite")
            printed = self.assert_runs(page, [R, "--vanilla", "-e", block])
            if page == "timeline":
                self.assert_step_times(printed)


if __name__ == "__main__":
    unittest.main()
