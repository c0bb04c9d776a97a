"""Which commands are found on a page, and what becomes of them."""

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
import test_documented_commands  # noqa: E402
from documented_commands import Command, commands  # noqa: E402

PAGE = """\
# A page

    $ indented code is no console block

```console
$ first --option 1
its output
$ second \\
      --wrapped 2 \\
>     --twice 3
# exits 2
$ third --size 100 --list "1 2" --out x  # tests add --size 1 --list 1
$ fourth
```

```sh
$ not this one
```

1. In a list:
   ```console
   $ fifth
   ```
"""


def run_page(page: str) -> tuple[int, str]:
    """Exit status and output of the script for this page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.md")
        path.write_text(page, encoding="utf-8")
        arguments = mock.patch.object(sys, "argv", ["test_documented_commands.py", str(path)])
        with arguments, contextlib.redirect_stdout(io.StringIO()) as printed:
            status = test_documented_commands.main()
        return status, printed.getvalue()


def console(*lines: str) -> str:
    return "\n".join(["```console", *lines, "```", ""])


class Extraction(unittest.TestCase):
    def test_commands(self) -> None:
        self.assertEqual(list(commands(PAGE)), [
            Command(6, "first --option 1"),
            Command(8, "second --wrapped 2 --twice 3"),
            Command(12, "third --out x --size 1 --list 1", 2),
            Command(13, "fourth"),
            Command(22, "fifth"),
        ])

    def test_malformed_pages(self) -> None:
        with self.assertRaisesRegex(ValueError, "not closed"):
            list(commands("```console\n$ true\n"))
        with self.assertRaisesRegex(ValueError, "line 2: .*backslash"):
            list(commands(console("$ true \\")))


class Execution(unittest.TestCase):
    def test_exit_status(self) -> None:
        self.assertEqual(run_page(console("$ true", "# exits 2", "$ exit 2"))[0], 0)
        status, output = run_page(console("$ echo seen; exit 3"))
        self.assertEqual(status, 1)
        self.assertIn("page.md:2: $ echo seen; exit 3\n    FAILED: exit status 3, the page promises 0\nseen", output)
        self.assertEqual(run_page(console("# exits 2", "$ true"))[0], 1)
        self.assertEqual(run_page(console("$ false | cat"))[0], 1)

    def test_runs_from_the_root_with_a_temporary_folder(self) -> None:
        before = set(os.listdir(test_documented_commands.ROOT))
        status, output = run_page(console("$ test -f CMakePresets.json && touch $TMPDIR/result && test -f $TMPDIR/result"))
        self.assertEqual(status, 0, output)
        self.assertEqual(set(os.listdir(test_documented_commands.ROOT)), before)

    def test_executed_elsewhere(self) -> None:
        status, output = run_page(console("$ tools/check --fast", "$ git clone https://example.org/lockstep"))
        self.assertEqual(status, 0)
        self.assertEqual(output.count("skipped ("), 2, output)

    def test_data_that_is_missing(self) -> None:
        page = console("$ ls ../shared/mnist")
        with mock.patch.object(test_documented_commands, "MNIST_FOLDER", "nowhere/mnist"):
            self.assertRegex(run_page(page)[1], r"skipped \(nowhere/mnist is not there\)")
        with mock.patch.object(test_documented_commands, "MNIST_FOLDER", "tests/docs"):
            self.assertRegex(run_page(page)[1], r"\n    ok")


if __name__ == "__main__":
    unittest.main()
