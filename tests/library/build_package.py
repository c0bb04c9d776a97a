#!/usr/bin/env python3
"""Installs the library of a build to FOLDER/prefix, and builds programs upon it in FOLDER/build.

Usage: build_package.py BUILD FOLDER
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    build, folder = map(Path, sys.argv[1:])
    prefix = folder / "prefix"
    examples = prefix / "share/lockstep/examples"
    shutil.rmtree(prefix, ignore_errors=True)
    for command in (
        ["cmake", "--install", build, "--component", "development", "--prefix", prefix],
        ["cmake", "-S", ROOT / "tests/library/programs", "-B", folder / "build", "-G", "Ninja", f"-DEXAMPLES={examples}",
         f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror"],
        ["cmake", "--build", folder / "build", "--parallel", "2"],
    ):
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
