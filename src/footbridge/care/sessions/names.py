"""Whether a text names somebody. A group's note is read in every member's chart, so it names none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")

# Names that are also words: at the beginning of a sentence they are taken for the word.
ALSO_WORDS = frozenset(
    [
        "angel",
        "april",
        "art",
        "august",
        "autumn",
        "bill",
        "bliss",
        "bob",
        "brown",
        "carol",
        "chance",
        "chase",
        "christian",
        "dawn",
        "day",
        "destiny",
        "drew",
        "earl",
        "early",
        "ed",
        "faith",
        "frank",
        "gene",
        "grace",
        "grant",
        "green",
        "guy",
        "harmony",
        "heather",
        "hope",
        "hunter",
        "ivy",
        "jack",
        "jade",
        "jasmine",
        "jean",
        "joy",
        "june",
        "king",
        "lane",
        "lee",
        "long",
        "love",
        "mark",
        "max",
        "may",
        "melody",
        "mercy",
        "miles",
        "moon",
        "nick",
        "olive",
        "page",
        "pat",
        "patience",
        "patty",
        "penny",
        "price",
        "ray",
        "rich",
        "rivers",
        "rob",
        "robin",
        "rose",
        "ruby",
        "rusty",
        "sage",
        "sandy",
        "serenity",
        "short",
        "sky",
        "stone",
        "storm",
        "sue",
        "summer",
        "sunny",
        "terry",
        "trinity",
        "violet",
        "wade",
        "ward",
        "white",
        "will",
        "win",
        "wood",
        "young",
    ]
)


def found(text: str, people: Mapping[K, Sequence[str]]) -> list[K]:
    """Those of `people` (key → the names they go by) who are named in a text, in their order.

    A name counts as a whole word with its capital letter (so "ana" in "banana" does not); each part of a name counts.
    """
    return [key for key, names in people.items() if any(_named(text, part) for part in _parts(names))]


def _parts(names: Iterable[str]) -> set[str]:
    return {part for name in names for part in re.split(r"[\s\-]+", name) if len(part) > 1 and part[0].isupper()}


def _named(text: str, name: str) -> bool:
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)", text):
        if name.lower() not in ALSO_WORDS:
            return True
        before = text[: match.start()].rstrip(' \t"“(')
        if before and before[-1] not in ".!?:\n-•":
            return True
    return False
