"""lockstep completion: what bash and zsh offer. The part for zsh is skipped where it is not installed."""

import re
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SECONDS, ProgramTest, run  # noqa: E402

COMPLETE = """
source ./completion
words=("$@")
COMP_WORDS=("${words[@]}")
COMP_CWORD=$((${#words[@]} - 1))
_lockstep
printf '%s\\n' "${COMPREPLY[@]}"
"""


class Bash(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.assertEqual(self.run_here([FRONT, "completion", "bash", "--out", "completion"]).status, 0)
        for name in ("scenario.ini", "a file.ini"):
            self.write(name, "")
        (self.folder / "run").mkdir()

    def offers(self, *words: str) -> list[str]:
        """For the last of the words behind `lockstep`."""
        done = self.run_here(["bash", "--norc", "-u", "-c", COMPLETE, "bash", "lockstep", *words])
        self.assertEqual((done.status, done.errors), (0, ""))
        return done.output.split("\n")[:-1] if done.output != "\n" else []

    def test_registered(self) -> None:
        done = self.run_here(["bash", "--norc", "-c", "source ./completion; complete -p lockstep"])
        self.assertEqual(done.output, "complete -F _lockstep lockstep\n")

    def test_commands(self) -> None:
        overview = run([FRONT, "--help"]).output
        commands = re.findall(r"(?m)^  ([a-z-]+) +\S", overview)
        self.assertIn("validate", commands)
        self.assertEqual(set(self.offers("")), {*commands, "help", "--help", "--version"})
        self.assertEqual(self.offers("val"), ["validate"])
        self.assertEqual(set(self.offers("help", "")), set(commands))
        self.assertEqual(self.offers("man", "tab"), ["table"])

    def test_keys_are_those_of_the_help(self) -> None:
        for command in self.offers("man", ""):
            keys = set(re.findall(r"(?m)^  (--[a-z-]+)", run([FRONT, "help", command]).output)) - {"--version"}
            if command == "resume":  # those of runs too, whose defaults would mean nothing there
                keys |= set(self.offers("real", "--")) - {"--estimate"}
            self.assertGreater(len(keys), 1, command)
            self.assertEqual(set(self.offers(command, "--")), keys, command)

    def test_values(self) -> None:
        self.assertEqual(self.offers("sim", "--format", ""), ["table", "json", "csv"])
        self.assertEqual(self.offers("trace", "--format", ""), ["chrome", "csv"])
        self.assertEqual(self.offers("sim", "--method", "in-"), ["in-turn"])
        self.assertEqual(self.offers("sim", "--method", "=", "in-"), ["in-turn"])  # as the shell splits --method=in-
        self.assertEqual(self.offers("sim", "--progress", "="), ["auto", "always", "never"])
        self.assertEqual(self.offers("table", "--world", "r"), ["real"])
        self.assertEqual(self.offers("sim", "--lr", ""), [])
        self.assertEqual(self.offers("completion", ""), ["bash", "zsh"])

    def test_files(self) -> None:
        self.assertEqual(self.offers("sim", "--record", "sc"), ["scenario.ini"])
        self.assertEqual(self.offers("sim", "--out", ""), ["run"])
        self.assertEqual(self.offers("sim", "a"), ["a file.ini"])
        self.assertEqual(self.offers("show", ""), ["run"])
        self.assertEqual(self.offers("resume", ""), ["run"])
        self.assertEqual(self.offers("plot", "run", "--script", ""), ["run"])  # behind a key without a value


@unittest.skipUnless(shutil.which("zsh"), "needs zsh")
class Zsh(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.assertEqual(self.run_here([FRONT, "completion", "zsh", "--out", "_lockstep"]).status, 0)

    def test_syntax(self) -> None:
        done = self.run_here(["zsh", "-n", "_lockstep"])
        self.assertEqual((done.status, done.errors), (0, ""))

    def offers(self, *words: str) -> str:
        """What the function hands to zsh's completion, whose own functions print their arguments here."""
        script = """
_describe() { local name=$@[-1]; print -rl -- "${(P@)name}" }
_files() { print -r files "$@" }
_message() { : }
compadd() { print -rl -- "$@" }
compset() { : }
words=("$@"); CURRENT=$#words; PREFIX=$words[CURRENT]
emulate zsh -c 'source ./_lockstep'
"""
        done = subprocess.run(["zsh", "-f", "-c", script, "zsh", "lockstep", *words], cwd=self.folder, capture_output=True,
                              text=True, timeout=SECONDS, check=False)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_offers(self) -> None:
        self.assertIn("trace:what a run", self.offers(""))
        self.assertIn("--method:", self.offers("sim", "--"))
        self.assertIn("--without-straggler:", self.offers("sim", "--"))
        self.assertIn("--method:", self.offers("resume", "--"))
        self.assertNotIn("--method:", self.offers("trace", "--"))
        self.assertEqual(self.offers("trace", "--format", ""), "--\nchrome\ncsv\n")
        self.assertEqual(self.offers("sim", "--format", ""), "--\ntable\njson\ncsv\n")
        self.assertEqual(self.offers("sim", "--out", ""), "files -/\n")
        self.assertEqual(self.offers("show", "run", "--partial", ""), "files -/\n")


class Refusals(ProgramTest):
    def test_shells(self) -> None:
        self.assert_refused([FRONT, "completion"], "the shell is missing")
        self.assert_refused([FRONT, "completion", "fish"], "given 'fish'; allowed: bash, zsh")


if __name__ == "__main__":
    unittest.main()
