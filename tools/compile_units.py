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

    @property
    def output(self) -> str:
        return self.arguments[self.arguments.index("-o") + 1]

    def instead(self, *options: str) -> list[str]:
        """The same command with these options in place of its output and of ninja's list of dependencies."""
        words = iter(self.arguments)
        kept = []
        for word in words:
            if word in ("-o", "-MT", "-MF"):
                next(words)
            elif word != "-MD":
                kept.append(word)
        return [*kept, *options]

    def entry(self) -> dict[str, object]:
        return {"file": self.file, "directory": self.directory, "arguments": self.arguments}


def sources_of(file: Path) -> list[str]:
    if file.parent.name != "Unity":
        return [str(file)]
    return re.findall(r'^#include "(.+)"$', file.read_text(encoding="utf-8"), re.MULTILINE)


def is_ours(source: str) -> bool:
    return Path(source).is_relative_to(ROOT) and Path(source).relative_to(ROOT).parts[0] in FOLDERS


def all_units(build: Path) -> list[Unit]:
    """Of every compile command."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    return [Unit(command["file"], command["directory"], shlex.split(command["command"]),
                 sources_of(Path(command["file"]))) for command in commands]


def units(build: Path) -> list[Unit]:
    """Of the sources in FOLDERS, each source in one unit."""
    found: list[Unit] = []
    seen: set[str] = set()
    for unit in all_units(build):
        unit.sources = [source for source in unit.sources if is_ours(source)]
        if not set(unit.sources) <= seen:
            seen.update(unit.sources)
            found.append(unit)
    return found
