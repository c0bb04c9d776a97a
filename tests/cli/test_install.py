"""cmake --install: programs that run where they are put, manual pages, completion."""

import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from programs import BIN, SMALL, WORLDS, ProgramTest, run  # noqa: E402

BUILD = BIN.parent


@unittest.skipUnless(shutil.which("cmake") and (BUILD / "CMakeCache.txt").exists(), "needs the build's folder")
class Install(ProgramTest):
    def test_a_prefix(self) -> None:
        done = run(["cmake", "--install", BUILD, "--prefix", self.folder])
        self.assertEqual(done.status, 0, done.errors)
        front = self.folder / "bin/lockstep"
        self.assertEqual(run([front, WORLDS[0], *SMALL]).status, 0)
        self.assertEqual(run([front, "man", "sim"]).output, (self.folder / "share/man/man1/lockstep-sim.1").read_text())
        for shell, file in (("bash", "bash-completion/completions/lockstep"), ("zsh", "zsh/site-functions/_lockstep")):
            self.assertEqual(run([front, "completion", shell]).output, (self.folder / "share" / file).read_text())


if __name__ == "__main__":
    unittest.main()
