"""A definition file that somebody wrote: read, checked, and every problem named by its line.

No database is needed: `footbridge instruments check` runs on a bare machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from footbridge.engines import scoring
from footbridge.engines.scoring.proofreading import Path, Problem, proofread

MAX_BYTES = 400_000  # the longest packaged definition has about 20,000
MAX_VALUES = 100_000


@dataclass(frozen=True)
class Trouble:
    """One problem of a file. `line` counts from 1; 0 where no line can be named."""

    line: int
    place: str
    sentence: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.place}: {self.sentence}" if self.place else f"{where}{self.sentence}"


@dataclass(frozen=True)
class ReadFile:
    """What a file says (`parsed`, plain data) and what is wrong with it, in the order of its lines."""

    parsed: dict[str, Any]
    problems: tuple[Trouble, ...]

    @property
    def definition(self) -> scoring.Definition:
        """The engine's form of it. Only for a file without problems."""
        return scoring.definition(self.parsed)


def read(content: bytes | str) -> ReadFile:
    """Read the YAML text of one definition. Never raises for what is in it."""
    if len(content) > MAX_BYTES:
        return _refused(0, f"The file is too long ({len(content) // 1000} KB; {MAX_BYTES // 1000} KB at most).")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        return _refused(0, "This is not a text file. Save it as plain text (UTF-8).")
    try:
        loaded = YAML().load(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        return _refused(mark.line + 1 if mark else 0, f"cannot be read as YAML: {wrong.problem or wrong.context}")
    except (YAMLError, ValueError, RecursionError) as wrong:
        return _refused(0, f"cannot be read as YAML: {str(wrong).splitlines()[0] if str(wrong) else type(wrong).__name__}")
    if loaded is None:
        return _refused(0, "The file is empty.")
    if _is_endless(loaded):
        return _refused(0, "Its shortcuts (*name) stand for too much. Write it out.")
    try:
        parsed = json.loads(json.dumps(loaded, default=str))
    except (TypeError, RecursionError):
        return _refused(0, "A name before “:” must be a word or a number.")
    problems = [_trouble(problem, loaded) for problem in proofread(parsed)]
    return ReadFile(parsed if isinstance(parsed, dict) else {}, tuple(sorted(problems, key=lambda one: one.line)))


def _is_endless(loaded: Any) -> bool:
    """Whether the file means more than anybody wrote: shortcuts of shortcuts, or one that contains itself."""
    count, waiting = 0, [loaded]
    while waiting:
        here = waiting.pop()
        count += 1
        if count > MAX_VALUES:
            return True
        if isinstance(here, Mapping):
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
    return False


def _refused(line: int, sentence: str) -> ReadFile:
    return ReadFile({}, (Trouble(line, "", sentence),))


def _trouble(problem: Problem, loaded: Any) -> Trouble:
    return Trouble(_line(problem.path, loaded), problem.place, problem.sentence)


def _line(path: Path, loaded: Any) -> int:
    """The line of the deepest part of the path that is in the file."""
    line, here = 1, loaded
    for part in path:
        marks = getattr(here, "lc", None)
        if marks is None:
            break
        try:
            if isinstance(here, Mapping):
                key = next(key for key in here if str(key) == str(part))
                line, here = marks.key(key)[0] + 1, here[key]
            else:
                line, here = marks.item(part)[0] + 1, here[part]
        except (StopIteration, KeyError, IndexError, TypeError):
            break
    return line
