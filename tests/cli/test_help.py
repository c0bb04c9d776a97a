"""Help texts and versions: every option with its default, every command."""

import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, HAS_REAL, HAS_SIM, REAL, SIM, SMALL, WORLDS, option_entry, result_of, run  # noqa: E402

COMMANDS = ("sim", "real", "table", "sweep", "validate")
SEEING = ("resume", "fit", "show", "trace", "plot", "completion", "man")
OWN_KEYS = {
    "sim": {"platform-seeds": "5"},
    "real": {"launcher-args": "nothing"},
    "table": {"world": "sim", "table-rows": "serial,sync-average:2-4,in-turn:2-4", "beside-report": "no",
              "launcher-args": "nothing"},
    "sweep": {"sweep": "nothing", "replicates": "1", "jobs": "0", "shard": "nothing", "merge": "nothing"},
    "validate": {"repeats": "5", "measured": "nothing", "time-tolerance": "nothing", "against": "nothing",
                 "pairs": "5", "measured-against": "nothing", "difference-tolerance": "10", "launcher-args": "nothing"},
}
CHANGED_HERE = {"format": "table", "train-samples": "all", "test-samples": "all", "epochs": "5"}


class Help(unittest.TestCase):
    def assert_shows(self, text: str, defaults: dict[str, str]) -> None:
        for key, default in defaults.items():
            with self.subTest(key=key):
                self.assertIn(f"default: {default or 'nothing'}]", option_entry(text, key))

    def test_every_option_with_its_default(self) -> None:
        defaults = result_of([FRONT, WORLDS[0], *SMALL])["config"] | CHANGED_HERE
        self.assertGreater(len(defaults), 25)
        programs = [[FRONT, command] for command in COMMANDS] + [[SIM]] * HAS_SIM + [[REAL]] * HAS_REAL
        for program in programs:
            done = run([*program, "--help"])
            self.assertEqual((done.status, done.errors), (0, ""), program)
            self.assertLessEqual(max(map(len, done.output.splitlines())), 100)
            self.assert_shows(done.output, defaults | OWN_KEYS.get(program[-1], {}))

    def test_ways_to_ask(self) -> None:
        for command in COMMANDS:
            texts = {run(words).output for words in ([FRONT, command, "--help"], [FRONT, command, "-h"],
                                                     [FRONT, "help", command], [FRONT, command, "--batch", "5", "--help"])}
            self.assertEqual(len(texts), 1, command)
            self.assertTrue(texts.pop().startswith(f"lockstep {command} "))

    def test_commands_without_a_scenario(self) -> None:
        for command in SEEING:
            texts = {run(words).output for words in ([FRONT, command, "--help"], [FRONT, command, "-h"],
                                                     [FRONT, "help", command])}
            self.assertEqual(len(texts), 1, command)
            text = texts.pop()
            self.assertTrue(text.startswith(f"lockstep {command} "))
            self.assertNotIn("SCENARIO.ini", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 100)
        self.assertIn("[chrome, csv; default: chrome]", option_entry(run([FRONT, "help", "trace"]).output, "format"))

    def test_overview(self) -> None:
        texts = {run([FRONT, word]).output for word in ("help", "--help", "-h")}
        self.assertEqual(len(texts), 1)
        for command in COMMANDS + SEEING:
            self.assertRegex(next(iter(texts)), rf"(?m)^  {command} +\w")

    def test_version(self) -> None:
        for words in ([FRONT, "--version"], [FRONT, "sim", "--version"], [FRONT, "table", "--version"],
                      *[[SIM, "--version"]] * HAS_SIM, *[[REAL, "--version"]] * HAS_REAL):
            done = run(words)
            self.assertEqual(done.status, 0)
            self.assertRegex(done.output, r"^lockstep(-sim|-real)? \d+\.\d+\.\d+ \(\S+\)\n$")


if __name__ == "__main__":
    unittest.main()
