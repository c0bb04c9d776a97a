"""Progress of long work: rate and time left in one line on a terminal, which is gone in the end."""

import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
from programs import (FRONT, SECONDS, SMALL, WORLDS, ProgramTest, environment, needs_real,  # noqa: E402
                      needs_sim, run)
from terminal import shown_on_terminal  # noqa: E402

WIPE = "\r\033[K"
SWEEP = ["sweep", *SMALL, "--numerics", "none", "--method", "in-turn", "--workers", "2", "--sweep", "latency=1us,2us,3us",
         "--jobs", "1", "--out", "sweep"]
TABLE = ["table", *SMALL, "--world", WORLDS[0], "--table-rows", "serial,in-turn:2,in-turn:3"]


def lines(shown: str) -> list[str]:
    return [line for line in shown.split(WIPE) if line]


class Terminal(ProgramTest):
    def shown(self, words: list[object], columns: int, **variables: str) -> str:
        """What goes to stderr where that is a terminal of that width."""
        status, text = shown_on_terminal(words, "stderr", columns, self.folder, environment(**variables))
        self.assertEqual(status, 0)
        return text

    def assert_one_line_that_goes(self, shown: str, columns: int) -> None:
        self.assertTrue(shown.startswith(WIPE) and shown.endswith(WIPE), shown)
        self.assertNotIn("\n", shown)
        self.assertLess(max(map(len, lines(shown))), columns)

    @needs_sim
    def test_sweep(self) -> None:
        shown = self.shown([FRONT, *SWEEP], 80)
        self.assert_one_line_that_goes(shown, 80)
        self.assertEqual(lines(shown)[0], "0 of 3 runs")
        self.assertRegex(lines(shown)[1], r"^1 of 3 runs, \S+ runs/(s|min|h), \d+ (?:s|min) left$")
        self.assertRegex(lines(shown)[-1], r"^3 of 3 runs, \S+ runs/(s|min|h)")

    def test_table(self) -> None:
        shown = self.shown([FRONT, *TABLE], 80)
        self.assert_one_line_that_goes(shown, 80)
        self.assertEqual(lines(shown)[0], "0 of 3 rows done")
        self.assertRegex(lines(shown)[2], r"^2 of 3 rows done, \S+ rows/(s|min|h), \d+ (?:s|min) left$")

    def test_narrow_windows(self) -> None:
        shown = self.shown([FRONT, *TABLE], 30)
        self.assert_one_line_that_goes(shown, 30)
        self.assertRegex(lines(shown)[2], r"^2 of 3 rows done, \d+ (?:s|min) left$")

    def test_no_colour_is_used(self) -> None:
        self.assertNotRegex(self.shown([FRONT, *TABLE], 80, NO_COLOR=""), r"\033\[[\d;]*m")

    @needs_real
    def test_calibration(self) -> None:
        words = [FRONT, "calibrate", *SMALL, "--method", "sync-average", "--workers", "2", "--hidden", "8", "--budget", "1s",
                 "--largest-message", "64KiB", "--folder", self.folder / "platforms"]
        shown = self.shown(words, 80)
        self.assert_one_line_that_goes(shown, 80)
        self.assertEqual(re.findall(r"measuring (steps|messages, pair 1 of 1), \d+ (?:s|min) left", shown)[0],
                         "messages, pair 1 of 1")
        self.assertIn("measuring steps, ", shown)

    @needs_real
    def test_the_width_reaches_programs_under_mpirun(self) -> None:
        words = [FRONT, "real", "--train-samples", "600", "--test-samples", "10", "--epochs", "1000000"]
        _, shown = shown_on_terminal(words, "stderr", 40, self.folder, environment(),
                                     enough=lambda text: text.count(WIPE.encode()) >= 3)
        first = lines(shown)[0]
        self.assertRegex(first, r"^epoch \d+/1000000.* left$")
        self.assertLess(len(first), 40)

    @needs_sim
    @needs_real
    def test_validation(self) -> None:
        (self.folder / "platforms").mkdir()
        words = [FRONT, "validate", *SMALL, "--method", "sync-average", "--workers", "2", "--repeats", "1", "--budget", "1s",
                 "--time-tolerance", "1000000"]
        shown = self.shown(words, 80)
        self.assert_one_line_that_goes(shown, 80)
        self.assertEqual(lines(shown)[0], "0 of 3 calibrations and runs done")
        self.assertRegex(shown, r"1 of 3 calibrations and runs done, \S+ calibrations and runs/(s|min), \d+ (?:s|min) left")


class NoTerminal(ProgramTest):
    def test_nothing(self) -> None:
        self.assertEqual(run([FRONT, *TABLE]).errors, "")

    def test_always(self) -> None:
        done = subprocess.run([FRONT, *TABLE, "--progress", "always"], env=environment(COLUMNS="30"), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS, check=True)
        shown = done.stderr.decode()
        self.assertTrue(shown.endswith(WIPE))
        self.assertRegex(lines(shown)[2], r"^2 of 3 rows done, \d+ (?:s|min) left$")


if __name__ == "__main__":
    unittest.main()
