"""Finds the commands that a Markdown page shows in its ```console blocks.

In a block, a line beginning with `$ ` is a command, which a backslash at its end continues on the next line;
`# exits N` before a command declares its exit status; `# tests add ARGS` at its end gives arguments that make it smaller
where it is tested; everything else is output.
"""

import re
from typing import Iterator, NamedTuple


class Command(NamedTuple):
    line: int  # in the page, from 1
    text: str
    status: int = 0


def console_blocks(page: str) -> Iterator[list[tuple[int, str]]]:
    """The numbered lines of each ```console block, without the indentation that the block has in a list."""
    block, indent = None, ""
    for number, line in enumerate(page.splitlines(), start=1):
        if block is None:
            if opening := re.fullmatch(r"(\s*)```console\s*", line):
                block, indent = [], opening[1]
        elif line.strip() == "```":
            yield block
            block = None
        else:
            block.append((number, line.removeprefix(indent)))
    if block is not None:
        raise ValueError("a ```console block is not closed")


def reduced(text: str) -> str:
    """The command with the arguments after `# tests add`, which replace earlier ones of the same keys."""
    command, _, arguments = text.partition(" # tests add ")
    command = command.rstrip()
    for key in set(re.findall(r"--[\w-]+", arguments)):
        command = re.sub(rf""" {key}[ =]("[^"]*"|'[^']*'|\S+)""", "", command)
    return f"{command} {arguments}".rstrip()


def commands(page: str) -> Iterator[Command]:
    for block in console_blocks(page):
        status = 0
        lines = iter(block)
        for number, line in lines:
            if declaration := re.fullmatch(r"# exits (\d+)", line.strip()):
                status = int(declaration[1])
            elif line.startswith("$ "):
                text = line.removeprefix("$ ")
                while text.endswith("\\"):
                    _, continuation = next(lines, (0, None))
                    if continuation is None:
                        raise ValueError(f"line {number}: the command's last line ends with a backslash")
                    text = text.removesuffix("\\") + continuation.removeprefix("> ").lstrip()
                yield Command(number, reduced(text), status)
                status = 0
