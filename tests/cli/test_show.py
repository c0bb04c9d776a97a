"""lockstep show: figures of the result, narrow windows, colour on terminals alone."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
from event_files import ring, write_events  # noqa: E402
from programs import FRONT, SMALL, WORLDS, ProgramTest, environment  # noqa: E402
from terminal import shown_on_terminal  # noqa: E402


class Show(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        done = self.run_here([FRONT, WORLDS[0], *SMALL, "--method", "in-turn", "--workers", "2", "--out", "run"])
        self.assertEqual(done.status, 0, done.errors)
        self.result = json.loads((self.folder / "run/result.json").read_text())

    def show(self, *words: object, **variables: str) -> str:
        done = self.run_here([FRONT, "show", "run", *words], env=environment(**{"LC_ALL": "C", **variables}))
        self.assertEqual((done.status, done.errors), (0, ""))
        return done.output

    def on_terminal(self, columns: int, **variables: str) -> str:
        """What it writes to a terminal of that width."""
        env = {key: value for key, value in environment().items() if key != "NO_COLOR"}
        status, text = shown_on_terminal([FRONT, "show", "run"], "stdout", columns, self.folder,
                                         env | {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | variables)
        self.assertEqual(status, 0)
        return text

    def test_figures(self) -> None:
        text = self.show()
        history = [row for row in self.result["history"] if row["worker"] is None]
        summary = self.result["summary"]
        self.assertRegex(text, r"^run: in-turn, 2 workers, ")
        self.assertIn(f" {history[0]['test_loss']:.4f} -> {history[-1]['test_loss']:.4f}\n", text)
        self.assertIn(f" {history[0]['test_accuracy']:.4f} -> {history[-1]['test_accuracy']:.4f}\n", text)
        self.assertIn(summary["parameters_digest"], text)
        self.assertRegex(text, r"\ntime +\S+ \S+, (simulated, uncalibrated|measured)\n")
        for worker in self.result["workers"]:
            self.assertRegex(text, rf"(?m)^{worker['rank']}  [#~.-]+ +{100 * worker['compute_s'] / worker['elapsed_s']:.1f} % ")
        self.assertNotIn("Timeline", text)

    def test_timeline(self) -> None:
        write_events(self.folder / "run", ring(2, 10))
        self.assertRegex(self.show(COLUMNS="60"), r"Timeline\n +0 +[\d.]+ ms\n0  [#~.-]+\n1  [#~.-]+\n")

    def test_ascii_unless_the_locale_is_utf8(self) -> None:
        self.assertTrue(self.show(LC_ALL="C").isascii())
        self.assertIn("█", self.show(LC_ALL="C.UTF-8"))
        self.assertIn("█", self.show(LC_ALL="", LC_CTYPE="", LANG="de_DE.utf8"))

    def test_narrow_windows(self) -> None:
        write_events(self.folder / "run", ring(2, 10))
        for columns in (40, 60, 100):
            self.assertLessEqual(max(map(len, self.show(COLUMNS=str(columns)).splitlines())), columns)
        self.assertLessEqual(max(map(len, self.on_terminal(45, NO_COLOR="1").splitlines())), 45)

    def test_colour_on_terminals_alone(self) -> None:
        self.assertNotIn("\033", self.show(TERM="xterm"))
        self.assertIn("\033[34m", self.on_terminal(80))
        self.assertNotIn("\033", self.on_terminal(80, NO_COLOR="1"))
        self.assertNotIn("\033", self.on_terminal(80, TERM="dumb"))

    def test_what_is_usable(self) -> None:
        write_events(self.folder / "run", ring(2, 10))
        self.write("run/result.json", "{")
        self.assert_refused([FRONT, "show", "run"], "run/result.json", "usable: events", "--partial")
        done = self.run_here([FRONT, "show", "run", "--partial"])
        self.assertEqual(done.status, 0)
        self.assertIn("result.json", done.errors)
        self.assertIn("Timeline", done.output)

    def test_results_of_someone_else(self) -> None:
        """What they say is neither believed nor repeated: no depth, length or control character of theirs."""
        self.write("run/result.json", '{"a":' * 200000)
        self.assert_refused([FRONT, "show", "run"], r"run/result\.json: not a result of lockstep: lists and objects are within each other")
        for field, value, said in (("elapsed_s", [[1] * 1000], "a list"), ("elapsed_s", -1, r"-1\.0"), ("samples_computed", 1.5, r"1\.5"),
                                   ("elapsed_s", "k" * 1000, r'"k{120}\.\.\."')):
            self.write("run/result.json", json.dumps({**self.result, "summary": {**self.result["summary"], field: value}}))
            self.assert_refused([FRONT, "show", "run"], rf"run/result\.json: .*summary\.{field}: given {said}; allowed: a")

    def test_times_that_are_not_known(self) -> None:
        self.result["workers"][0]["elapsed_s"] = None
        self.write("run/result.json", json.dumps(self.result))
        text = self.show()
        self.assertLess(len(text), 5000)
        self.assertRegex(text, r"(?m)^1  [#~.-]+ ")

    def test_control_characters_of_a_result(self) -> None:
        self.result["provenance"]["data_description"] = "digits\x1b]0;owned\x07"
        self.write("run/result.json", json.dumps(self.result))
        self.assertIn("digits\\x1b]0;owned\\x07\n", self.show())

    def test_a_header_that_promises_more_than_there_is(self) -> None:
        line = "lockstep-events-1 rank=0 ranks={0} workers={0} world=simulated start_s=0\n"
        for ranks, lines, pattern in ((100000, 2, r"rank-0\.events: it is of 100000 ranks, and of 1 there are events"),
                                      (1000, 6, "and 995 more event files are missing\n")):
            self.write("run/events/rank-0.events", line.format(ranks))
            done = self.run_here([FRONT, "show", "run", "--partial"])
            self.assertEqual((done.status, done.errors.count("\n")), (0, lines), done.errors)
            self.assertRegex(done.errors, pattern)


if __name__ == "__main__":
    unittest.main()
