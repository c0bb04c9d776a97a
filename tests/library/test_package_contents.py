#!/usr/bin/env python3
"""What the package contains, and what it does not do to those who use it."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from library_programs import PACKAGE, ROOT, run

PREFIX = PACKAGE / "prefix"


class Package(unittest.TestCase):
    def test_headers_find_each_other(self) -> None:
        headers = {str(path.relative_to(PREFIX / "include")): path.read_text() for path in (PREFIX / "include").rglob("*.hpp")}
        self.assertIn("lockstep/lockstep.hpp", headers)
        for name, text in headers.items():
            self.assertNotRegex(text, r'#include "', name)
            for included in re.findall(r"#include <(lockstep/[^>]+)>", text):
                self.assertIn(included, headers, name)

    def test_the_page_and_examples_are_there(self) -> None:
        for file in ("doc/lockstep/library.md", "lockstep/examples/own_training/points.csv", "lockstep/examples/own_method/odd_even.hpp"):
            self.assertTrue((PREFIX / "share" / file).is_file(), file)

    def test_no_function_of_mpi_is_defined(self) -> None:
        archives = [*PREFIX.rglob("*.a"), *PREFIX.rglob("*.o")]
        self.assertGreater(len(archives), 10)
        symbols = subprocess.run(["nm", "--defined-only", *map(str, archives)], capture_output=True, text=True, check=True).stdout
        self.assertIsNone(re.search(r" [TW] P?MPI_\w+", symbols))

    def test_no_flags_leak(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "p.cpp").touch()
            self.configure("find_package(lockstep REQUIRED COMPONENTS simulated real)\n"
                           + "".join(f"add_library(p_{world} p.cpp)\ntarget_link_libraries(p_{world} lockstep::{world})\n"
                                     for world in ("lockstep", "no_world", "simulated", "real")), folder)
            commands = json.loads(Path(folder, "build/compile_commands.json").read_text(encoding="utf-8"))
        self.assertEqual(len(commands), 4)
        for command in commands:
            flags = [word for word in command["command"].split() if word.startswith("-")]
            for flag in flags:
                self.assertRegex(flag, r"^(-std=\S+|-isystem|-DFMT_SHARED|-DBOOST_ALL_NO_LIB|-pthread|-o|-c)$")
            self.assertNotIn(str(ROOT / "shared"), command["command"])

    def test_archives_do_not_tell_where_they_were_built(self) -> None:
        for archive in PREFIX.rglob("*.a"):
            self.assertNotIn(str(ROOT / "shared").encode(), archive.read_bytes(), archive)

    def configure(self, request: str, folder: str = "") -> str:
        """What CMake says of a project with this find_package."""
        if not folder:
            with tempfile.TemporaryDirectory() as temporary:
                return self.configure(request, temporary)
        Path(folder, "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\n{request}\n")
        done = run(["cmake", "-S", folder, "-B", f"{folder}/build", f"-DCMAKE_PREFIX_PATH={PREFIX}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"])
        return " ".join((done.output + done.errors).split())

    def test_what_is_missing_is_said(self) -> None:
        self.assertIn("only simulated and real", self.configure("find_package(lockstep REQUIRED COMPONENTS imaginary)"))
        self.assertIn("its simulated world needs SimGrid (Debian: libsimgrid-dev), which was not found",
                      self.configure("set(CMAKE_DISABLE_FIND_PACKAGE_SimGrid ON)\nfind_package(lockstep REQUIRED COMPONENTS simulated)"))
        self.assertIn("no_world is there", self.configure(
            "set(CMAKE_DISABLE_FIND_PACKAGE_SimGrid ON)\nfind_package(lockstep)\n"
            "if(TARGET lockstep::no_world AND NOT TARGET lockstep::simulated)\nmessage(\"no_world is there\")\nendif()"))
        self.assertIn("compatible with requested version \"9.0\"", self.configure("find_package(lockstep 9.0 REQUIRED)"))


if __name__ == "__main__":
    unittest.main()
