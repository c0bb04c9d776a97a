#!/usr/bin/env python3
"""Prints the headers of Boost that sources need, one a line, as paths below FOLDER: a small part of all.

Usage: boost_headers.py FOLDER SOURCES...   FOLDER holds boost/; SOURCES are folders of C++
Every include is followed, whatever its condition: another compiler takes other branches. Where a header includes what a macro names,
all that stand beside it are taken too, and so is whatever looks like a header's name.
"""

import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
NAME = re.compile(r"[<\"](boost/[\w/.]+)[>\"]")
INCLUDE_BY_MACRO = re.compile(r"^\s*#\s*include\s*[A-Za-z_]", re.MULTILINE)


def beside(header: Path) -> Path:
    """The folder of what it may mean; of one in boost/ itself the folder of its name."""
    return header.parent if len(header.parts) > 2 else header.with_suffix("")


def headers(root: Path, sources: list[Path]) -> set[Path]:
    found: set[Path] = set()
    files = [file for source in sources for file in source.rglob("*.[ch]pp")]
    to_do = [Path(name) for file in files for name in INCLUDE.findall(file.read_text(encoding="utf-8"))]
    while to_do:
        header = to_do.pop()
        if header in found or header.parts[0] != "boost" or not (root / header).is_file():
            continue
        found.add(header)
        text = (root / header).read_text(encoding="utf-8", errors="replace")
        to_do += [Path(name) for name in NAME.findall(text)] + [header.parent / name for name in INCLUDE.findall(text)]
        if INCLUDE_BY_MACRO.search(text):
            to_do += [file.relative_to(root) for file in (root / beside(header)).rglob("*.[hi]pp")]
    return found


def main() -> int:
    if len(sys.argv) < 3:
        print("boost_headers.py: give a folder and sources", file=sys.stderr)
        return 2
    for header in sorted(headers(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])):
        print(header)
    return 0


if __name__ == "__main__":
    sys.exit(main())
