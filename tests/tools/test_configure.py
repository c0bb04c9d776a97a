"""What cmake says where something is missing: a line for each part that is switched off, with the package that has it."""

import platform
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Iterable

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300


def without(*packages: str) -> list[str]:
    return [f"-DCMAKE_DISABLE_FIND_PACKAGE_{package}=ON" for package in packages]


class Configure(unittest.TestCase):
    def configure(self, *words: str) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            return subprocess.run(["cmake", "-S", ROOT, "-B", folder, *words], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=SECONDS, check=False)

    def without_what_is_missing_here(self, text: str, wanted: Iterable[str]) -> list[str]:
        """The lines that cmake does not say of this machine anyway, and those of the parts that are wanted."""
        anyway = set(self.configure().stderr.splitlines())
        return [line for line in text.splitlines() if line not in anyway or line.startswith(tuple(f"Switched off: {part}" for part in wanted))]

    def test_a_line_for_each_part(self) -> None:
        done = self.configure(*without("SimGrid", "MPI", "OpenMP"), "-DCMAKE_IGNORE_PATH=/usr/share/javascript/chart.js")
        self.assertEqual(done.returncode, 0, done.stderr)
        parts = {"matrix products by oneDNN": "libdnnl-dev", "reports as HTML": "libjs-chart.js", "the simulated world": "libsimgrid-dev",
                 "the real world": "libopenmpi-dev, openmpi-bin"}
        if platform.machine() != "x86_64":
            del parts["matrix products by oneDNN"]  # which nobody asks for there
        *lines, last = self.without_what_is_missing_here(done.stderr, parts)
        self.assertEqual(last, "Switched off: the tests of programs; neither world is built.")
        self.assertEqual(len(lines), len(parts), done.stderr)
        for line, (part, package) in zip(lines, parts.items(), strict=True):
            self.assertRegex(line, rf"^Switched off: {part}.*; .* was not found \(Debian: {package}[);]")
        self.assertNotIn("Could NOT", done.stdout)

    def test_catch2(self) -> None:
        done = self.configure(*without("Catch2"))
        lines = self.without_what_is_missing_here(done.stderr, ["the tests"])
        self.assertEqual((done.returncode, lines), (0, ["Switched off: the tests; Catch2 2.13 or 3 was not found (Debian: catch2)."]))

    def test_python(self) -> None:
        done = self.configure(*without("Python3"), "-DLOCKSTEP_BENCH=OFF")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Switched off: the check of layers, and the tests; Python 3.11 was not found (Debian: python3).\n", done.stderr)

    def test_what_everything_needs(self) -> None:
        done = self.configure(*without("fmt", "ZLIB"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Not found: zlib (Debian: zlib1g-dev), fmt (Debian: libfmt-dev).", " ".join(done.stderr.split()))

    def test_a_file_that_is_none(self) -> None:
        done = self.configure("-DCHART_JS_FILE=/nowhere/chart.min.js")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("CHART_JS_FILE: given '/nowhere/chart.min.js', which is no file", done.stderr)


if __name__ == "__main__":
    unittest.main()
