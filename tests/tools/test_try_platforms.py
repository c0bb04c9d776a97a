"""tools/try_platforms: a table of every file's outcome, and a status that tells faults from refusals."""

import os
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools/try_platforms"
SIM = Path(os.environ.get("LOCKSTEP_BIN", ROOT / "build/release/bin")).resolve() / "lockstep-sim"

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">\n<platform version="4.1">'
CLUSTER = '<cluster id="c" prefix="n" suffix="" radical="0-3" speed="1Gf" bw="125MBps" lat="25us"/>'


class TryPlatforms(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def write(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        return path

    def run_tool(self, *words: object) -> subprocess.CompletedProcess:
        return subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True, check=False)

    @unittest.skipUnless(SIM.exists(), "the simulated world is not built")
    def test_a_folder(self) -> None:
        self.write("files/cluster.xml", f"{HEAD}{CLUSTER}</platform>")
        self.write("files/deployment.xml", f'{HEAD}<actor host="a" function="f"/></platform>')
        self.write("files/notes.txt", "no platform")
        done = self.run_tool(self.folder / "files", "--program", SIM, "--", "--network-model", "LV08")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        cluster, deployment, sums = done.stdout.splitlines()
        self.assertRegex(cluster, r"^cluster\.xml +finished +[0-9.e-]+ s$")
        self.assertRegex(deployment, r"^deployment\.xml +refused +lockstep-sim: --platform .*places actors")
        self.assertEqual(sums, "2 files: 1 finished, 1 refused")

    def stand_in(self, script: str) -> Path:
        path = self.write("program", f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def test_keys_take_the_place_of_its_own(self) -> None:
        self.write("files/any.xml", "")
        program = self.stand_in('echo "$*" >&2; exit 2')
        done = self.run_tool(self.folder / "files", "--program", program, "--", "--method", "by-arrival", "--workers=3")
        line = done.stdout.splitlines()[0]
        self.assertNotIn("sync-average", line)
        self.assertEqual((line.count("--method"), line.count("--workers"), line.count("--numerics none")), (1, 1, 1))

    def test_faults(self) -> None:
        self.write("files/any.xml", "")
        for script, patience, text in (("kill -9 $$", 60, "status -9"), ("exit 2", 60, "status 2"),
                                       ("echo one >&2; echo two >&2; exit 3", 60, "status 3: one | two"),
                                       ("exec sleep 600", 0.2, "no end within 0.2 s")):
            with self.subTest(script=script):
                done = self.run_tool(self.folder / "files", "--program", self.stand_in(script), "--patience", patience)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"any.xml  FAULT     {text}", done.stdout)

    def test_wrong_arguments(self) -> None:
        self.assertEqual(self.run_tool(self.folder / "nowhere").returncode, 2)
        self.assertEqual(self.run_tool(self.folder, "--program", self.folder / "nothing").returncode, 2)


if __name__ == "__main__":
    unittest.main()
