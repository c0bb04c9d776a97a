"""tools/fuzz refuses what is no request, and what replays the corpus sees where a reader and its inputs do not fit."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests/fuzz/corpus"
REPLAY = Path(os.environ.get("LOCKSTEP_BIN", ROOT / "build/release/bin")) / "replay_corpus"


def run(*words: object) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False)


class Fuzz(unittest.TestCase):
    def test_refusals(self) -> None:
        for words, said in ((["soon"], "given 'soon'; allowed: a number of seconds"), (["0"], "given '0'"), (["-1"], "given '-1'"),
                            (["1", "no_reader"], "given 'no_reader'; allowed: allocation, "), (["1", ""], "given ''; allowed: ")):
            done = run(ROOT / "tools/fuzz", *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(said, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_dictionaries_are_of_readers(self) -> None:
        for dictionary in (ROOT / "tests/fuzz/dictionaries").iterdir():
            self.assertTrue((CORPUS / dictionary.name).is_dir(), dictionary)


class Replay(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.corpus = Path(holder.name) / "corpus"
        shutil.copytree(CORPUS, self.corpus)

    def test_usage(self) -> None:
        self.assertEqual(run(REPLAY).returncode, 2)

    def test_a_reader_without_inputs(self) -> None:
        shutil.rmtree(self.corpus / "idx")
        done = run(REPLAY, self.corpus)
        self.assertEqual(done.returncode, 1)
        self.assertIn("idx: it has no input\n", done.stdout)

    def test_inputs_without_a_reader(self) -> None:
        (self.corpus / "hearsay").mkdir()
        done = run(REPLAY, self.corpus)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/hearsay: it is named as no reader\n", done.stdout)


if __name__ == "__main__":
    unittest.main()
