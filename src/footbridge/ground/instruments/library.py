"""Definitions by name and edition for work without a database: those that come with Footbridge, and files of one's own."""

from __future__ import annotations

import re
from importlib.resources import files as packaged_files
from pathlib import Path

from ruamel.yaml import YAML

from footbridge.engines import scoring

from . import files

_HEAD = re.compile(r"^(id|edition):\s*(?:\"([^\"]*)\"|'([^']*)'|([^#\n]*?))\s*(?:#.*)?$", re.MULTILINE)


class LibraryTrouble(Exception):
    """A file of one's own is no definition. `problems` are its sentences, one a line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class Library:
    """Finds a definition by instrument and edition; reads a file only when it is asked for."""

    def __init__(self, own: Path | None = None) -> None:
        """`own`: a folder of definition files. One with the id and edition of a packaged one stands in its place.
        Raises LibraryTrouble when a file there is wrong."""
        self._texts: dict[tuple[str, str], str] = {}
        self._built: dict[tuple[str, str], scoring.Definition] = {}
        # Answers as they were written, already understood: by definition, then by item and what stood there.
        self.heard: dict[tuple[str, str], dict[tuple[str, str | int], scoring.Answer]] = {}
        for file in (packaged_files(__package__) / "definitions").iterdir():
            if file.name.endswith(".yaml"):
                text = file.read_text(encoding="utf-8")
                self._texts[_name(text)] = text
        if own is not None:
            self._read(own)

    def _read(self, own: Path) -> None:
        found = sorted(path for path in own.iterdir() if path.suffix in (".yaml", ".yml"))
        if not found:
            raise LibraryTrouble([f"{own}: there is no .yaml file here"])
        problems: list[str] = []
        for path in found:
            read = files.read(path.read_bytes())
            problems += [f"{path}: {one}" for one in read.problems]
            if not read.problems:
                definition = read.definition
                self._built[definition.id, definition.edition] = definition
        if problems:
            raise LibraryTrouble(problems)

    def editions(self, instrument: str) -> list[str]:
        return sorted({edition for name, edition in (*self._texts, *self._built) if name == instrument})

    @property
    def instruments(self) -> list[str]:
        return sorted({name for name, _ in (*self._texts, *self._built)})

    def get(self, instrument: str, edition: str) -> scoring.Definition | None:
        key = (instrument, edition)
        if key not in self._built and key in self._texts:
            self._built[key] = scoring.definition(YAML(typ="safe").load(self._texts[key]))
        return self._built.get(key)


def _name(text: str) -> tuple[str, str]:
    """Id and edition from the head of a packaged file, without reading the rest of it."""
    said = {
        found[1]: next((part for part in found.groups()[1:] if part is not None), "") for found in _HEAD.finditer(text)
    }
    return said["id"], said["edition"]
