"""tools/new_exchange: what it starts is known everywhere and compiles; what it cannot start it leaves alone."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from compile_units import units  # noqa: E402

TOOL = ROOT / "tools/new_exchange"
BUILD = Path(sys.argv.pop(1)) if len(sys.argv) > 1 else ROOT / "build/release"


class NewExchange(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        for part in ("shared", "tests/contract", "docs", "tools"):
            shutil.copytree(ROOT / part, self.root / part)

    def run_tool(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([TOOL, *words, "--root", self.root], capture_output=True, text=True, check=False)

    def contents(self) -> dict:
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def test_every_place_knows_the_name(self) -> None:
        before = self.contents()
        done = self.run_tool("synchronous", "slow-momentum")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        changed = [path for path, text in self.contents().items() if before.get(path) != text]
        self.assertEqual(len(changed), 9)
        for path in changed:
            self.assertRegex(path.read_text(), r"slow.momentum|SlowMomentum", path)
        again = self.run_tool("synchronous", "slow-momentum")
        self.assertEqual(again.returncode, 2)
        self.assertIn("there is a method of that name", again.stderr)

    def test_what_it_makes_compiles(self) -> None:
        self.assertEqual(self.run_tool("synchronous", "slow-momentum").returncode, 0)
        unit = next(unit for unit in units(BUILD) if str(ROOT / "shared/exchange/catalogue.cpp") in unit.sources)
        for file in ("exchange/catalogue.cpp", "exchange/synchronous/slow_momentum.cpp"):
            alone = unit.of(str(ROOT / "shared" / file))
            words = [word.replace(f"{ROOT}/shared", f"{self.root}/shared") for word in alone.instead("-fsyntax-only")]
            done = subprocess.run(words, cwd=alone.directory, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_bad_names_change_nothing(self) -> None:
        before = self.contents()
        for words in (["synchronous", "Slow"], ["synchronous", "slow_momentum"], ["elsewhere", "slow"], ["server", "easgd"],
                      ["server"]):
            done = self.run_tool(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertNotEqual(done.stderr, "")
        self.assertEqual(self.contents(), before)


if __name__ == "__main__":
    unittest.main()
