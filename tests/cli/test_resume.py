"""lockstep resume: what is no folder of checkpoints, and words that are none of its own."""

import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ProgramTest  # noqa: E402


class Refusals(ProgramTest):
    def test_folders(self) -> None:
        for words in ([], [""], ["--out", "run"], ["--launcher", "none", "saved"]):
            with self.subTest(words=words):
                self.assert_refused([FRONT, "resume", *words], "the folder of checkpoints is missing.*lockstep resume DIR")
        self.assert_refused([FRONT, "resume", "saved"], "lockstep resume: given 'saved'; allowed: a folder")
        (self.folder / "saved").mkdir()
        self.assert_refused([FRONT, "resume", "saved"],
                            "saved holds no checkpoint: no run has written one there, or the one that did has ended")


if __name__ == "__main__":
    unittest.main()
