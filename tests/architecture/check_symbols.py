#!/usr/bin/env python3
"""Checks that object code from shared/ holds no writable variables: simulated ranks share one process.

Usage: check_symbols.py LIBRARY.a...
The second line of defence after tools/check_layers.py, which reads sources: this one sees what the compiler made of
them. A function's own `static const` that is filled on first use has a guard and passes: that it is const is for the
source check to see. Prints `library(member): symbol in section` per variable. Exit status: 0 none, 1 some, 2 nothing
to check.
"""

import re
import subprocess
import sys

WRITABLE = re.compile(r"\.t?(data|bss)\b|\*COM\*")
READ_ONLY_ONCE_LINKED = re.compile(r"\.data\.rel\.ro\b")
OURS = re.compile(r"lockstep::|\(anonymous namespace\)|[^:]*$")
GUARD = "guard variable for "
IN_A_FUNCTION = re.compile(GUARD + r".*\)(\[.*\])?( const)?::(?<!\(anonymous namespace\)::)")
BY_THE_COMPILER = re.compile(r"DW\.ref\.|\.L|_GLOBAL_|" + GUARD)


def writable_variables(library: str) -> tuple[int, list[str]]:
    """The number of symbols that `library` defines, and a line for each writable variable."""
    listing = subprocess.run(["nm", "--demangle", "--defined-only", "--format=sysv", library],
                             capture_output=True, text=True, check=True).stdout
    member, symbols = "", []
    for line in listing.splitlines():
        if heading := re.fullmatch(r"Symbols from .*\[(.*)\]:", line):
            member = heading[1]
            continue
        columns = [column.strip() for column in line.rsplit("|", 6)]
        if len(columns) == 7 and columns[6]:
            symbols.append((member, columns[0], columns[6]))
    guarded = {name.removeprefix(GUARD) for _, name, _ in symbols if IN_A_FUNCTION.match(name)}
    return len(symbols), [
        f"{library.rpartition('/')[2]}({member}): {name} in {section}"
        for member, name, section in symbols
        if WRITABLE.match(section) and not READ_ONLY_ONCE_LINKED.match(section)
        and OURS.match(name) and not BY_THE_COMPILER.match(name) and name not in guarded]


def main() -> int:
    total = 0
    found = []
    for library in sys.argv[1:]:
        symbols, variables = writable_variables(library)
        total += symbols
        found += variables
    if not total:
        print("no symbols: nothing was checked")
        return 2
    print("\n".join(found) or f"no writable variables among {total} symbols of {len(sys.argv) - 1} libraries")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
