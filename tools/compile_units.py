"""What the compiler was told for each of the project's sources, whether they are compiled each alone or several together."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("shared", "sim", "real", "study")


@dataclass
class Unit:
    """What one compile command reads: a source, or several that are compiled together."""

    file: str
    directory: str
    arguments: list[str]
    sources: list[str]

    def of(self, source: str) -> "Unit":
        """The same command for one source alone."""
        return Unit(source, self.directory, [source if word == self.file else word for word in self.arguments], [source])

    def only_syntax(self) -> list[str]:
        """Reports what the compiler finds, and writes nothing."""
        output = self.arguments.index("-o")
        return [*self.arguments[:output], *self.arguments[output + 2:], "-fsyntax-only"]

    def entry(self) -> dict[str, object]:
        return {"file": self.file, "directory": self.directory, "arguments": self.arguments}


def sources_of(file: Path) -> list[str]:
    if file.parent.name != "Unity":
        return [str(file)]
    return re.findall(r'^#include "(.+)"$', file.read_text(encoding="utf-8"), re.MULTILINE)


def is_ours(source: str) -> bool:
    return Path(source).is_relative_to(ROOT) and Path(source).relative_to(ROOT).parts[0] in FOLDERS


def units(build: Path) -> list[Unit]:
    """Of the sources in FOLDERS, each source in one unit."""
    found: list[Unit] = []
    seen: set[str] = set()
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        sources = [source for source in sources_of(Path(entry["file"])) if is_ours(source)]
        if set(sources) <= seen:
            continue
        seen.update(sources)
        arguments = [word for word in shlex.split(entry["command"]) if Path(word).name != "ccache"]
        found.append(Unit(entry["file"], entry["directory"], arguments, sources))
    return found
