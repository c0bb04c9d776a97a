"""tools/make_tarball and what it packs: refusals, and the part of Boost that it takes. tools/try_tarball tries the whole."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARBALL = ROOT / "packaging/tarball"
SECONDS = 120


def run(*words: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                          check=False, **options)


class Tarball(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory(prefix="a folder, ä ")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def test_words(self) -> None:
        for tool in ("make_tarball", "try_tarball"):
            self.assertIn("Exit status: 0", run(ROOT / "tools" / tool, "--help").stdout)
            done = run(ROOT / "tools" / tool, "--fast")
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1))
            self.assertIn("given '--fast'; allowed: ", done.stderr)

    def test_headers_of_boost(self) -> None:
        self.write("source/a.hpp", "#include <boost/one.hpp>\n#include <vector>\n")
        self.write("include/boost/one.hpp", '#if 0\n# include <boost/two/a.hpp>\n#endif\n#include "three.hpp"\n')
        self.write("include/boost/two/a.hpp", "#define WHICH <boost/four.hpp>\n#include WHICH\n")
        for name in ("two/detail/b.hpp", "three.hpp", "four.hpp", "five.hpp"):
            self.write(f"include/boost/{name}", "")
        done = run(TARBALL / "boost_headers.py", self.folder / "include", self.folder / "source")
        self.assertEqual(done.stdout.split(), [f"boost/{name}.hpp" for name in ("four", "one", "three", "two/a", "two/detail/b")])

    def build_real(self, *tools: str) -> subprocess.CompletedProcess:
        """On a machine with no other tools than these."""
        (self.folder / "bin").mkdir(exist_ok=True)
        shutil.copy(TARBALL / "build-real", self.folder)
        for tool in ("bash", "dirname", "mkdir", "grep", "tail", "nproc", *tools):
            link = self.folder / "path" / tool
            link.parent.mkdir(exist_ok=True)
            if not link.exists():
                link.symlink_to(shutil.which(tool) or "/bin/false")
        return run(self.folder / "path/bash", self.folder / "build-real", env=os.environ | {"PATH": str(self.folder / "path")})

    def assert_message(self, done: subprocess.CompletedProcess, message: str) -> None:
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertRegex(done.stderr, rf"(?m)\A(.*\n)*build-real: {message}.*\n\Z")

    def test_what_the_site_lacks(self) -> None:
        self.assert_message(self.build_real(), "cmake is not on PATH")
        self.assert_message(self.build_real("cmake"), "neither ninja nor make is on PATH")
        self.assert_message(self.build_real("cmake", "make"), "cmake could not configure it; all that was said is in .*/build/log")


if __name__ == "__main__":
    unittest.main()
