"""The levels of care as general facts: hours and published costs, from data/levels.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from footbridge.data import parsed


@dataclass(frozen=True, slots=True)
class Cost:
    """A published range in whole US dollars per session or day, with its mark ("general, USA, 2023") and source."""

    low: int
    high: int
    per: str
    mark: str
    source: str
    on: str


@dataclass(frozen=True, slots=True)
class LevelFacts:
    code: str
    rank: int
    cost: Cost | None


def levels() -> list[LevelFacts]:
    """Every level, least care first. Rule source: data/levels.yaml."""
    found = []
    for entry in parsed("levels")["levels"]:
        cost = entry.get("cost")
        found.append(
            LevelFacts(
                entry["code"],
                entry["rank"],
                Cost(cost["low"], cost["high"], cost["per"], cost["mark"], cost["source"], str(cost["on"]))
                if cost
                else None,
            )
        )
    return sorted(found, key=lambda level: level.rank)


def level(code: str) -> LevelFacts:
    return next(one for one in levels() if one.code == code)
