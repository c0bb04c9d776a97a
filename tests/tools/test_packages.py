"""cpack -G DEB: what the packages hold and need. tools/try_packages installs them in an empty root."""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD = Path(sys.argv.pop())


def output(*words: object) -> str:
    return subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


@unittest.skipUnless(shutil.which("dpkg-shlibdeps") and (BUILD / "bin/lockstep-sim").exists() and (BUILD / "bin/lockstep-real").exists(),
                     "needs Debian's dpkg-dev and the programs of both worlds")
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        output("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", holder.name)
        cls.packages = {file.name.partition("_")[0]: file for file in Path(holder.name).glob("*.deb")}

    def files(self, package: str) -> set[str]:
        return set(re.findall(r" \./(\S*[^/\s])$", output("dpkg-deb", "--contents", self.packages[package]), re.MULTILINE))

    def depends(self, package: str) -> set[str]:
        listed = output("dpkg-deb", "--field", self.packages[package], "Depends")
        return {re.sub(r"[\d.]*(t64)?( \(.*)?$", "", name) for name in listed.strip().split(", ")}

    def test_two_packages(self) -> None:
        self.assertEqual(set(self.packages), {"lockstep", "lockstep-dev"})
        for file in self.packages.values():
            self.assertRegex(file.name, r"^[a-z-]+_\d+\.\d+\.\d+_[a-z0-9]+\.deb$")

    def test_programs(self) -> None:
        files = self.files("lockstep")
        self.assertLess({"usr/bin/lockstep", "usr/bin/lockstep-sim", "usr/bin/lockstep-real", "usr/share/man/man1/lockstep.1",
                         "usr/share/bash-completion/completions/lockstep", "usr/share/zsh/site-functions/_lockstep",
                         "usr/share/doc/lockstep/copyright"}, files)
        self.assertFalse([file for file in files if re.search(r"\.(hpp|a|o|cmake)$", file)])
        self.assertLess({"libc", "libsimgrid", "libopenmpi", "openmpi-bin"}, self.depends("lockstep"))

    def test_development(self) -> None:
        files = self.files("lockstep-dev")
        self.assertLess({"usr/include/lockstep/lockstep.hpp", "usr/share/doc/lockstep-dev/copyright",
                         "usr/share/lockstep/examples/own_training/own_training.cpp"}, files)
        self.assertTrue(any(file.endswith("cmake/lockstep/lockstepConfig.cmake") for file in files))
        self.assertFalse(files & self.files("lockstep"))
        self.assertLess({"libsimgrid-dev", "libopenmpi-dev", "libfmt-dev"}, self.depends("lockstep-dev"))
        self.assertEqual("libdnnl-dev" in self.depends("lockstep-dev"), "libdnnl" in self.depends("lockstep"))


if __name__ == "__main__":
    unittest.main()
