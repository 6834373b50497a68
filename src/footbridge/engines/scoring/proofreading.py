"""A definition read before it is built: every problem with the place it stands at and the mend.

`loading.definition` says what does not fit together; this says first what is not even of the right kind, so that somebody
who writes their own instrument never meets a message of the programming language. `Problem.path` leads to the place:
("items", 2, "choices"). It finds the line in a file and the field in a form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from footbridge.engines.scoring.definition import Fill, LicenceClass, Method, Rounding
from footbridge.engines.scoring.loading import _FIELDS, DefinitionError, definition

Path = tuple[str | int, ...]

# What the tables can hold; a longer code would be cut.
CODE_CHARS, ITEM_CHARS, NAME_CHARS = 40, 20, 160
MARKS = ("V", "V2", "K", "U")
SEVERITIES = ("high", "same_day", "session")


@dataclass(frozen=True, slots=True)
class Problem:
    path: Path
    sentence: str

    @property
    def place(self) -> str:
        """The path as people read it: items, entry 3, choices."""
        parts = [f"entry {part + 1}" if isinstance(part, int) else str(part) for part in self.path]
        return ", ".join(parts) or "the file"

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


def proofread(parsed: object) -> tuple[Problem, ...]:
    """Every problem of a parsed definition; nothing when it can be loaded."""
    if not isinstance(parsed, Mapping):
        return (Problem((), "write it as fields: id, edition, name, licence, items"),)
    found = list(_FILE((), parsed))
    if found:
        return tuple(found)
    try:
        definition(parsed)
    except DefinitionError as error:
        return tuple(_placed(sentence, parsed) for sentence in error.problems)
    return ()


# ------------------------------------------------------------------ kinds of value

Check = Callable[[Path, Any], Iterator[Problem]]


def _text(most: int = 4000, *, shape: str = "", like: str = "") -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            yield Problem(path, "write words here")
            return
        words = str(value)
        if len(words) > most:
            yield Problem(path, f"is too long: {len(words)} characters, {most} at most")
        elif shape and words and not re.fullmatch(shape, words):
            yield Problem(path, f"{words!r} cannot be used here: write it like {like}")

    return check


def _number(path: Path, value: Any) -> Iterator[Problem]:
    try:
        fine = not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except ArithmeticError:
        fine = False
    if not fine:
        yield Problem(path, f"{value!r} is not a number; write one like 10 or 4.5")


def _whole(path: Path, value: Any) -> Iterator[Problem]:
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", str(value)):
        yield Problem(path, f"{value!r} is not a whole number; write one like 14")


def _flag(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(path, f"{value!r}: write true or false")


def _anything(path: Path, value: Any) -> Iterator[Problem]:
    yield from ()


def _one_of(*allowed: str) -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        if str(value) not in allowed:
            near = get_close_matches(str(value), allowed, 1)
            yield Problem(path, f"{value!r} is not one of {', '.join(allowed)}" + (f"; {near[0]}?" if near else ""))

    return check


def _list(of: Check, *, least: int = 0) -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            yield Problem(path, "write a list: one entry a line, each beginning with -")
            return
        if len(value) < least:
            yield Problem(path, "is empty; write at least one")
        for number, entry in enumerate(value):
            yield from of((*path, number), entry)

    return check


def _map(of: Check) -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(path, "write it as names with something after each: name: …")
            return
        for key, entry in value.items():
            yield from of((*path, str(key)), entry)

    return check


def _record(fields: Mapping[str, Check], *, required: str = "", named: str = "") -> Check:
    """A mapping with known fields. `named` takes the names the loader knows too, so that the two never disagree."""

    def check(path: Path, value: Any) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(path, f"write it as fields: {', '.join(fields)}")
            return
        known = list(dict.fromkeys((*fields, *_FIELDS.get(named, "").split())))
        for key, entry in value.items():
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                mend = f"; did you mean {near[0]!r}?" if near else f" (fields: {', '.join(known)})"
                yield Problem((*path, str(key)), f"{key!r} is not a field here{mend}")
            elif entry is not None and str(key) in fields:
                yield from fields[str(key)]((*path, str(key)), entry)
        for name in required.split():
            if value.get(name) in (None, "", [], {}):
                yield Problem((*path, name), "is missing")

    return check


_CODE = _text(CODE_CHARS, shape=r"[A-Za-z0-9][A-Za-z0-9_.-]*", like="mood_check")
_ID = _text(CODE_CHARS, shape=r"[a-z][a-z0-9_]*", like="mood_check")
_ITEM = _text(ITEM_CHARS, shape=r"[A-Za-z0-9][A-Za-z0-9_.-]*", like="1 or sleep")
_WORDS = _text()
_NAME = _text(NAME_CHARS)
_CODES = _list(_ITEM, least=1)
_ANSWERS = _list(_text(CODE_CHARS), least=1)
_CHOICE = _record({"code": _CODE, "points": _number, "loinc": _text(20)}, required="code")
_MISSING = _record(
    {
        "max_gaps": _whole,
        "how": _one_of(*(f.value for f in Fill)),
        "rounding": _one_of(*(r.value for r in Rounding)),
        "source": _WORDS,
    }
)
_BAND = _record({"code": _CODE, "label": _text(60), "from": _number, "above": _number}, required="code label")
_TEXT = _record(
    {
        "title": _NAME,
        "instruction": _WORDS,
        "items": _map(_WORDS),
        "choices": _map(_map(_text(400))),
        "hints": _map(_WORDS),
        "groups": _map(_WORDS),
        "source": _WORDS,
        "verified_by": _WORDS,
        "verified_on": _text(40),
        "attested": _record(dict.fromkeys(("owner", "basis", "by", "on"), _WORDS), required="owner basis by on"),
    },
    required="title",
    named="texts",
)
_FILE = _record(
    {
        "id": _ID,
        "edition": _text(CODE_CHARS),
        "name": _NAME,
        "measures": _WORDS,
        "window_days": _whole,
        "min_repeat_days": _whole,
        "modes": _list(_one_of("self", "interview", "clinician")),
        "loinc": _text(20),
        "licence": _record(
            {
                "class": _one_of(*(c.value for c in LicenceClass)),
                "owner": _WORDS,
                "basis": _WORDS,
                "url": _text(400),
                "attribution": _WORDS,
                "wording_locked": _flag,
            },
            required="class owner basis",
            named="licence",
        ),
        "choice_sets": _map(_list(_CHOICE, least=1)),
        "items": _list(
            _record(
                {
                    "code": _ITEM,
                    "kind": _one_of("choice", "several", "number", "text"),
                    "choices": _text(CODE_CHARS),
                    "low": _number,
                    "high": _number,
                    "reversed": _flag,
                    "loinc": _text(20),
                },
                required="code",
                named="items",
            )
        ),
        "gates": _list(
            _record(
                {"item": _ITEM, "answers": _ANSWERS, "then_ask": _CODES, "else_points": _number},
                required="item answers then_ask",
                named="gates",
            )
        ),
        "scores": _list(
            _record(
                {
                    "id": _CODE,
                    "name": _WORDS,
                    "method": _one_of(*(m.value for m in Method)),
                    "items": _list(_ITEM),
                    "missing": _MISSING,
                    "weights": _map(_number),
                    "divide_by": _number,
                    "multiply": _number,
                    "add": _number,
                    "low": _number,
                    "high": _number,
                },
                required="id method",
                named="scores",
            )
        ),
        "band_sets": _list(
            _record(
                {
                    "id": _CODE,
                    "name": _WORDS,
                    "citation": _WORDS,
                    "score": _CODE,
                    "default": _flag,
                    "mark": _one_of(*MARKS),
                    "bands": _list(_BAND, least=1),
                },
                required="id name citation score bands",
                named="band_sets",
            )
        ),
        "change": _list(
            _record(
                {
                    "score": _CODE,
                    "reliable": _number,
                    "method": _WORDS,
                    "source": _WORDS,
                    "mark": _one_of(*MARKS),
                    "lower_is_better": _flag,
                    **dict.fromkeys(
                        (
                            "sd",
                            "reliability",
                            "step",
                            "response_percent",
                            "remission_below",
                            "case_from",
                            "severe_from",
                        ),
                        _number,
                    ),
                    "n": _whole,
                },
                required="score method source mark",  # `reliable` may be worked out; the loader says when it is missing
                named="change",
            )
        ),
        "critical": _list(
            _record(
                {
                    "item": _ITEM,
                    "answers": _list(_text(CODE_CHARS)),
                    "severity": _one_of(*SEVERITIES),
                    "action": _text(60),
                    "ack_minutes": _whole,
                },
                required="item severity action",
                named="critical",
            )
        ),
        "texts": _map(_TEXT),
        "verified_by": _WORDS,
        "verified_on": _text(40),
    },
    required="id edition name licence",
    named="the file",
)


# ------------------------------------------------------------------ where a sentence of the loader belongs


def _placed(sentence: str, parsed: Mapping[str, Any]) -> Problem:
    """A sentence of the loader ("scores, total: item '7' is not under items") with the path it speaks of."""
    place, _, says = sentence.partition(": ")
    path: list[str | int] = []
    here: Any = parsed
    for part in place.split(", "):
        if part == "the file":
            continue
        number = re.fullmatch(r"entry (\d+)", part)
        step: str | int | None
        if number and isinstance(here, list) and 0 < int(number[1]) <= len(here):
            step = int(number[1]) - 1
        elif isinstance(here, Mapping):
            step = part if part in here else None
        elif isinstance(here, list):
            step = _entry(here, part.removeprefix("item "))
        else:
            step = None
        if step is None:
            break
        path.append(step)
        here = here[step]
    if isinstance(here, list) and (quoted := re.search(r"'([^']*)'", says)):
        step = _entry(here, quoted[1])
        if step is not None:
            path.append(step)
    return Problem(tuple(path), says or sentence)


def _entry(entries: list[Any], word: str) -> int | None:
    """The last entry that goes by this word: a thing that is there twice is mended at its second place."""
    found = None
    for number, entry in enumerate(entries):
        if isinstance(entry, Mapping) and any(str(entry.get(key)) == word for key in ("id", "code", "item", "score")):
            found = number
    if found is None:
        for number, entry in enumerate(entries):
            if isinstance(entry, Mapping) and any(isinstance(v, list) and word in map(str, v) for v in entry.values()):
                found = number
    return found
