"""How many people a group may hold where the site is: data/group_caps.yaml, by kind of group and state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from footbridge.data import parsed


@dataclass(frozen=True, slots=True)
class Cap:
    """The limits of a place. `least` and `most` None: it sets none. Uncertain entries are never used."""

    least: int | None
    most: int | None
    source: str


def cap(kind: str, state: str, on: date) -> Cap | None:
    """What the site's state asks of this kind of group on a day; the strictest of several."""
    found = list(_in_force(kind, state, on))
    if not found:
        return None
    return Cap(
        max((e["least"] for e in found if "least" in e), default=None),
        min((e["most"] for e in found if "most" in e), default=None),
        "; ".join(e["source"] for e in found),
    )


def _in_force(kind: str, state: str, on: date) -> Iterator[dict[str, Any]]:
    for entry in parsed("group_caps")["caps"]:
        begun = date.fromisoformat(entry["effective_from"]) <= on
        if entry["jurisdiction"] == state and kind in entry["kinds"] and entry["mark"] != "U" and begun:
            yield entry
