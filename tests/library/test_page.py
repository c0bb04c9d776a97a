#!/usr/bin/env python3
"""The C++ and CMake of docs/library.md is that of the examples and of programs that tests build, apart from white space."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [path for folder in ("examples", "tests/library/programs") for path in (ROOT / folder).rglob("*")
           if path.suffix in (".cpp", ".hpp", ".txt")]


def solid(text: str) -> str:
    return "".join(text.split())


class Page(unittest.TestCase):
    def test_snippets(self) -> None:
        page = (ROOT / "docs/library.md").read_text(encoding="utf-8")
        blocks = re.findall(r"(?ms)^```(?:cpp|cmake)\n(.*?)^```$", page)
        self.assertGreater(len(blocks), 8)
        sources = [solid(path.read_text(encoding="utf-8")) for path in SOURCES]
        for block in blocks:
            self.assertTrue(any(solid(block) in source for source in sources), block)


if __name__ == "__main__":
    unittest.main()
