#!/usr/bin/env python3
"""Checks the architecture: who may include what, also in circles, what shared/ may not contain, how long a file may be.

Usage: tools/check_layers.py [--root DIR]
Prints `file:line: [rule] message` per violation. Exit status: 0 none (warnings aside), 1 some.
The rules are the tables below; ARCHITECTURE.md explains them. Change both in one commit.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Iterator, NamedTuple

sys.dont_write_bytecode = True
from cpp_source import line_of, mutable_variables, without_comments  # noqa: E402

# Layer -> layers that it may include besides itself. Folders: shared/LAYER, or LAYER for the last three.
LAYERS = {
    "base": (),
    "compression": ("base",),
    "events": ("base",),
    "model": ("base",),
    "data": ("model", "base"),
    "option": ("base",),
    "backend": ("base",),
    "comm": ("backend", "compression", "events", "base"),
    "exchange": ("comm", "backend", "compression", "option", "base"),
    "scenario": ("exchange", "comm", "data", "model", "option", "base"),
    "api": ("exchange", "comm", "backend", "compression", "events", "scenario", "option", "base"),
    "result": ("scenario", "exchange", "events", "data", "model", "option", "base"),
    "run": ("exchange", "comm", "backend", "result", "scenario", "data", "model", "compression", "events", "option", "base"),
    "calibration": ("run", "exchange", "comm", "backend", "result", "scenario", "data", "model", "compression", "option", "base"),
    "sim": ("api", "calibration", "events", "run", "exchange", "comm", "backend", "result", "scenario", "data", "model", "compression", "option", "base"),
    "real": ("api", "calibration", "events", "run", "exchange", "comm", "backend", "result", "scenario", "data", "model", "compression", "option", "base"),
    "study": ("result", "scenario", "exchange", "data", "events", "option", "base"),
}
ANYTHING_GOES = ("tests", "bench")  # no include rules there; lengths count

# Header (a pattern for the whole name) -> layers, or folders of them, that may include it. A third-party header without a row is refused.
THIRD_PARTY = {
    r"[a-z_]+": tuple(LAYERS),  # the standard library
    r"(sys/)?[a-z]+\.h": tuple(LAYERS),  # POSIX; the rows below go first
    r"fmt/.*": tuple(LAYERS),
    r"(Random123/.*|xxhash\.h)": ("base",),
    r"(Eigen|unsupported/Eigen)/.*": ("model", "compression", "study"),
    r"(dnnl|omp)\.h": ("model",),
    r"zlib\.h": ("data",),
    r"boost/program_options.*": ("scenario", "study"),
    r"boost/math/.*": ("base", "study"),
    r"boost/mp11/.*": ("exchange",),
    r"boost/property_tree/.*": ("sim",),
    r"nlohmann/.*": ("base", "scenario", "calibration", "result", "study"),
    r"mpi\.h": ("comm/mpi", "sim", "real/mpi"),
    r"(simgrid|smpi|xbt)/.*": ("sim",),
}


class Token(NamedTuple):
    rule: str
    pattern: str
    message: str
    in_strings: bool = False


# What no file below shared/ may contain outside comments.
FORBIDDEN = (
    Token("backend-name", r"(?i:simgrid|smpi)|OMPI_|Open ?MPI", "shared/ never names a backend", in_strings=True),
    Token("conditional", r"(?m)^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else)\b.*",
          "worlds are chosen at link time, not by the preprocessor"),
    Token("clock", r"\b(?:system|steady|high_resolution|utc)_clock\b|\b(?:clock_gettime|gettimeofday)\b",
          "the only clock in shared/ is comm::Transport::now_s"),
    Token("thread", r"\bstd::(?:this_thread|j?thread|async)\b|\bpthread_(?!sigmask)\w+",
          "a rank is one thread; the backend owns the host's threads"),
    Token("randomness", r"\bstd::(?:random_device|mt19937\w*|default_random_engine)\b|(?<![\w.>])s?rand(?=\s*\()",
          "all randomness comes from base::RandomStream"),
    Token("exit", r"\bMPI_Abort\b|(?<![\w.>])(?:_exit|_Exit|quick_exit|exit|abort)(?=\s*\()",
          "throw base::Error, or end the run through backend/"),
    Token("world-communicator", r"\bMPI_COMM_WORLD\b",
          "MPI_COMM_WORLD is duplicated once, in shared/comm/mpi/mpi_transport.cpp"),
)

# What no file of a layer may contain outside comments.
FORBIDDEN_EVERYWHERE = (
    Token("handler", r"\bsa_flags\s*=(?![^;]*\bSA_ONSTACK\b)[^;]*|\bstd::signal\(\s*\w+,\s*(?!SIG_(?:DFL|IGN)\b)\w+",
          "a handler of a signal has a stack of its own: SA_ONSTACK, see base/process/handlers_stack.hpp"),
)


class Allowance(NamedTuple):
    rule: str
    path: str  # a file, or a folder ending in /
    text: str  # a pattern for the whole of what was found there
    reason: str


ALLOWED = (
    Allowance("world-communicator", "shared/comm/mpi/mpi_transport.cpp", "MPI_COMM_WORLD", "the one place that duplicates it"),
    Allowance("conditional", "shared/base/vectorised.hpp", ".*", "what this compiler and this C library offer"),
    Allowance("backend-name", "shared/base/process/parallel_start.cpp", "OMPI_|Open MPI", "a launcher's variables, whatever world asks"),
    Allowance("backend-name", "shared/calibration/platform_xml.cpp", "simgrid", "the document type of platform files"),
    Allowance("backend-name", "shared/scenario/", "smpi|SMPI", "a value of --network-model, part of every configuration"),
)

WARN_LINES, FAIL_LINES = 300, 500
WARN_CONCEPTS = 15  # in a folder; a header and its source are one
CHECKED_FOLDERS = ("shared", "sim", "real", "study", "tests", "bench", "tools", "cmake")
CPP_SUFFIXES = (".cpp", ".hpp")
COUNTED_SUFFIXES = (*CPP_SUFFIXES, ".py", ".cmake", ".txt", "")


class Violation(NamedTuple):
    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.message}"


def layer_of(path: str) -> str | None:
    parts = path.split("/")
    name = parts[1] if parts[0] == "shared" and len(parts) > 2 else parts[0]
    return name if name in LAYERS else None


def check_includes(path: str, layer: str, source: str) -> Iterator[Violation]:
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)', source, re.MULTILINE):
        line, header = line_of(source, match.start(2)), match[2]
        if match[1] == '"':
            included = header.split("/")[0]
            if "/" not in header or included not in LAYERS:
                yield Violation(path, line, "include", f'"{header}" does not begin with a layer; write "{layer}/..."')
            elif included != layer and included not in LAYERS[layer]:
                allowed = ", ".join((layer, *LAYERS[layer]))
                yield Violation(path, line, "include", f'{layer} includes "{header}"; it may include {allowed}')
            continue
        rows = [layers for pattern, layers in reversed(THIRD_PARTY.items()) if re.fullmatch(pattern, header)]
        if not rows:
            yield Violation(path, line, "third-party", f"<{header}> has no row in THIRD_PARTY of tools/check_layers.py")
        elif not any(place == layer or path.removeprefix("shared/").startswith(place + "/") for place in rows[0]):
            yield Violation(path, line, "third-party", f"{layer} includes <{header}>; only {', '.join(rows[0])} may")


class Include(NamedTuple):
    path: str
    line: int
    included: str  # the pair of the header


def pair_of(path: str) -> str:
    """A header and its source are one."""
    return str(Path(path.removeprefix("shared/")).with_suffix(""))


def includes_between_pairs(root: Path, paths: list[str]) -> dict[str, list[Include]]:
    """Of each pair those of its two files; of pairs in these paths only."""
    includes: dict[str, list[Include]] = {pair_of(path): [] for path in paths}
    for path in paths:
        source = without_comments((root / path).read_text(encoding="utf-8"), keep_strings=True)
        for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', source, re.MULTILINE):
            included = pair_of(match[1])
            if included in includes and included != pair_of(path):
                includes[pair_of(path)].append(Include(path, line_of(source, match.start(1)), included))
    return includes


def reached_from(pair: str, includes: dict[str, list[Include]]) -> set[str]:
    reached: set[str] = set()
    ahead = [pair]
    while ahead:
        new = {include.included for include in includes[ahead.pop()]} - reached
        reached |= new
        ahead += new
    return reached


def check_circles(root: Path, paths: list[str]) -> Iterator[Violation]:
    """Two pairs that include each other, if only by way of others, are one concept or stand in the wrong order."""
    layered = [path for path in paths if path.endswith(CPP_SUFFIXES) and layer_of(path)]
    includes = includes_between_pairs(root, layered)
    reached = {pair: reached_from(pair, includes) for pair in includes}
    seen: set[str] = set()
    for pair in sorted(includes):
        circle = {other for other in reached[pair] if pair in reached[other]}
        if circle and pair not in seen:
            include = next(include for include in includes[pair] if include.included in circle)
            yield Violation(include.path, include.line, "circle", f"{', '.join(sorted(circle))} include each other")
        seen |= circle


def check_own_header(root: Path, path: str, source: str) -> Iterator[Violation]:
    """That a header compiles on its own is seen where its source includes it first."""
    header = Path(path).with_suffix(".hpp")
    if path.endswith(".hpp") or not (root / header).exists():
        return
    own = str(header).removeprefix("shared/")
    first = re.search(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)', source, re.MULTILINE)
    if first is None or first[1] != own:
        yield Violation(path, line_of(source, first.start(1)) if first else 1, "own-header", f'the first include is "{own}"')


def check_tokens(path: str, source: str, code: str, tokens: tuple[Token, ...]) -> Iterator[Violation]:
    for token in tokens:
        text = source if token.in_strings else code
        for match in re.finditer(token.pattern, text):
            found = match[0].strip()
            if not any(token.rule == allowed.rule and path.startswith(allowed.path)
                       and re.fullmatch(allowed.text, found)
                       for allowed in ALLOWED):
                yield Violation(path, line_of(text, match.start()), token.rule, f"`{found}`: {token.message}")


def check_shared(path: str, source: str, code: str) -> Iterator[Violation]:
    yield from check_tokens(path, source, code, FORBIDDEN)
    for offset in mutable_variables(code):
        yield Violation(path, line_of(code, offset), "mutable-global",
                        "simulated ranks share one process: a variable with static storage must be const")


def check_file(root: Path, path: str) -> Iterator[Violation]:
    text = (root / path).read_text(encoding="utf-8")
    if (lines := text.count("\n")) > FAIL_LINES:
        yield Violation(path, lines, "length", f"{lines} lines; the limit is {FAIL_LINES}: split it by concept")
    if not path.endswith(CPP_SUFFIXES):
        return
    if path.endswith(".hpp") and not re.search(r"^#pragma once$", text, re.MULTILINE):
        yield Violation(path, 1, "pragma-once", "a header begins with `#pragma once`")
    layer = layer_of(path)
    source = without_comments(text, keep_strings=True)
    code = without_comments(text, keep_strings=False)
    if layer:
        yield from check_tokens(path, source, code, FORBIDDEN_EVERYWHERE)
        yield from check_own_header(root, path, source)
        yield from check_includes(path, layer, source)
    elif path.split("/")[0] not in ANYTHING_GOES:
        yield Violation(path, 1, "layer", "this folder is no layer; add it to LAYERS in tools/check_layers.py")
    if path.startswith("shared/"):
        yield from check_shared(path, source, code)


def source_files(root: Path) -> list[str]:
    files = (file for folder in CHECKED_FOLDERS for file in (root / folder).rglob("*"))
    return sorted(str(file.relative_to(root)) for file in files
                  if file.is_file() and file.suffix in COUNTED_SUFFIXES and not {"__pycache__", "corpus"} & set(file.relative_to(root).parts))


def warnings(root: Path, paths: list[str]) -> Iterator[str]:
    for path in paths:
        if WARN_LINES < (lines := (root / path).read_text(encoding="utf-8").count("\n")) <= FAIL_LINES:
            yield f"{path}: warning: {lines} lines; aim at 60-200, {FAIL_LINES} fail"
    concepts = {Path(path).with_suffix("") for path in paths if path.endswith(CPP_SUFFIXES)}
    for folder, count in sorted(Counter(concept.parent for concept in concepts).items()):
        if count > WARN_CONCEPTS:
            yield f"{folder}: warning: {count} files, a pair counted once; above {WARN_CONCEPTS}, split the folder"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent, help="the project's root")
    root = parser.parse_args(arguments).root
    paths = source_files(root)
    for warning in warnings(root, paths):
        print(warning)
    violations = [violation for path in paths for violation in check_file(root, path)]
    violations += check_circles(root, paths)
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
