"""lockstep man: pages that man formats without warnings and that hold every key."""

import re
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ProgramTest, environment, run  # noqa: E402


class Manual(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.assertEqual(self.run_here([FRONT, "man", "--out", "man1"]).status, 0)
        self.pages = sorted((self.folder / "man1").iterdir())

    def formatted(self, name: str) -> str:
        done = self.run_here(["groff", "-man", "-ww", "-Tascii", "-P-cbou", f"man1/{name}"])
        self.assertEqual((done.status, done.errors), (0, ""), name)
        return done.output

    def test_a_page_for_each_command(self) -> None:
        commands = re.findall(r"(?m)^  ([a-z-]+) +\S", run([FRONT, "--help"]).output)
        self.assertEqual([page.name for page in self.pages], sorted(["lockstep.1", *(f"lockstep-{name}.1" for name in commands)]))
        self.assertEqual(run([FRONT, "man", "sweep"]).output, (self.folder / "man1/lockstep-sweep.1").read_text())
        self.assertEqual(run([FRONT, "man"]).output, (self.folder / "man1/lockstep.1").read_text())

    @unittest.skipUnless(shutil.which("groff"), "needs groff")
    def test_no_warnings_and_every_key(self) -> None:
        for page in self.pages:
            text = " ".join(self.formatted(page.name).split())
            self.assertIn("EXIT STATUS", text)
            if page.name == "lockstep.1":
                continue
            for key in re.findall(r"(?m)^  (--[a-z-]+)", run([FRONT, "help", page.stem.removeprefix("lockstep-")]).output):
                self.assertIn(f" {key} ", text, page.name)
        self.assertIn("--format FORMAT chrome: trace events for a viewer", " ".join(self.formatted("lockstep-trace.1").split()))

    @unittest.skipUnless(shutil.which("man"), "needs man")
    def test_man_itself(self) -> None:
        for page in self.pages:
            done = self.run_here(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
                                 env=environment(LC_ALL="C.UTF-8", MANROFFSEQ=""))
            self.assertEqual((done.status, done.errors), (0, ""), page.name)

    def test_refusals(self) -> None:
        self.assert_refused([FRONT, "man", "swep"], "given 'swep'; allowed: sim, ", "did you mean sweep")
        self.assert_refused([FRONT, "man", "sim", "--out", "x"], "given 'sim'")


if __name__ == "__main__":
    unittest.main()
