"""What can stand on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    text: Any


@dataclass(frozen=True, slots=True)
class Text:
    text: Any
    quiet: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a word and what is to be said about it."""

    pairs: Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """`numeric` are the columns (from 0) set flush right; the first cell of a row is its head. `widths` are shares."""

    caption: Any
    head: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    numeric: frozenset[int] = frozenset()
    widths: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, and in words what it shows. `width` is its share of the page, in percent."""

    svg: str
    alt: Any
    width: int = 100


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands in a cell of a week: a title, and quiet lines under it."""

    title: Any
    lines: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """Days beside each other, times under each other: `rows` are (time, one sequence of slots for each day)."""

    caption: Any
    head: Sequence[Any]
    rows: Sequence[tuple[Any, Sequence[Sequence[Slot]]]]
    corner: Any = ""


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


Block = Heading | Text | Facts | Table | Picture | Week | NewPage


@dataclass(frozen=True, slots=True)
class Document:
    """`lead` stands under the title; `foot` on every page beside the page number. `size` is "us-letter", "a4" or "a3"."""

    title: Any
    blocks: Sequence[Block]
    lead: Any = ""
    foot: Any = ""
    language: str = "en"
    size: str = "us-letter"
    wide: bool = False
    facts: Sequence[tuple[Any, Any]] = field(default=())
