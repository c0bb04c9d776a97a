#!/usr/bin/env python3
"""Simulated times are those of SimGrid 3.32, whichever SimGrid this is: all topologies, models and troubles.

engine_versions.txt holds a run a line: elapsed_s messages bytes energy_J | options. It was printed on Debian 12 by
`tests/agreement/test_engine_versions.py --print`, which prints it anew, for a change of what runs do.
"""

import math
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
from programs import ROOT, SIM, needs_sim, result_of  # noqa: E402

RUNS = HERE / "engine_versions.txt"
ALL = ["--numerics", "none", "--epochs", 1, "--train-samples", 2000, "--test-samples", 100]
PROFILE = "0 1\n0.002 0.5\n0.004 1\nLOOPAFTER 0.003\n"


def figures(options: str, profile: Path) -> list[float]:
    """Of the run with these options, in which PLATFORMS and PROFILE stand for files."""
    words = [word.replace("PLATFORMS", str(ROOT / "platforms")).replace("PROFILE", str(profile)) for word in options.split()]
    summary = result_of([SIM, *words, *ALL])["summary"]
    return [summary[key] or 0 for key in ("elapsed_s", "messages", "bytes", "energy_J")]


def all_figures() -> dict[str, tuple[list[float], list[float]]]:
    """Expected and found, by options."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile.txt"
        profile.write_text(PROFILE)
        found = {}
        for line in RUNS.read_text().splitlines():
            expected, _, options = line.partition(" | ")
            found[options] = [float(word) for word in expected.split()], figures(options, profile)
        return found


@needs_sim
class EngineVersions(unittest.TestCase):
    def test_simulated_times_hang_on_no_version(self) -> None:
        runs = all_figures()
        self.assertGreater(len(runs), 50)
        for options, (expected, found) in runs.items():
            with self.subTest(options):
                self.assertEqual(found[1:3], expected[1:3])
                for one, other in zip(found, expected):
                    self.assertTrue(math.isclose(one, other, rel_tol=1e-12), f"{found} for {expected}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        for options, (_, found) in all_figures().items():
            print(*(repr(figure) for figure in found), "|", options)
    else:
        unittest.main()
