"""tests/architecture/check_symbols.py on a library made here. Usage: test_check_symbols.py [COMPILER]"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).with_name("check_symbols.py")
COMPILER = sys.argv.pop(1) if len(sys.argv) > 1 else "c++"

CONSTANT = """
    #include <array>
    #include <string_view>
    #include <vector>
    namespace lockstep::base {
    constexpr std::array<std::string_view, 2> names{{"a", "b"}};
    const std::string_view* first() { return names.data(); }
    const std::vector<int>& table() { static const std::vector<int> filled{1, 2, 3}; return filled; }
    struct Shape { virtual ~Shape(); }; Shape::~Shape() {}
    void fail() { throw 3; }
"""
MUTABLE = """
    int counter;
    namespace { int hidden = 3; }
    int next() { static int calls; thread_local int own = 0; return ++calls + ++own + ++hidden; }
    inline std::vector<int> cache;
    std::size_t cached() { return cache.size(); }
"""


def check(source: str) -> tuple[int, str]:
    """Exit status and output for a static library of this source."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "libsample.a")
        Path(folder, "sample.cpp").write_text(source, encoding="utf-8")
        subprocess.run([COMPILER, "-std=c++20", "-O1", "-c", "sample.cpp"], cwd=folder, check=True)
        subprocess.run(["ar", "rcs", library, "sample.o"], cwd=folder, check=True)
        run = subprocess.run([sys.executable, SCRIPT, library], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout


class CheckSymbols(unittest.TestCase):
    def test_constants_pass(self) -> None:
        status, output = check(CONSTANT + "}")
        self.assertEqual(status, 0, output)

    def test_variables_are_named(self) -> None:
        status, output = check(CONSTANT + MUTABLE + "}")
        self.assertEqual(status, 1)
        for name in ("base::counter", "(anonymous namespace)::hidden", "next()::calls", "next()::own", "base::cache"):
            self.assertIn(f"{name} in ", output)
        self.assertEqual(len(output.splitlines()), 5, output)

    def test_nothing_to_check(self) -> None:
        self.assertEqual(check("")[0], 2)


if __name__ == "__main__":
    unittest.main()
