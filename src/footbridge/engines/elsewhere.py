"""Which other program fits a person best, and why. A program that does not give the level or does not take the age is no fit;
of the others, the one that misses least and is nearest comes first. What nobody knows is said, and counts as neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

MUST = ("level", "population")


@dataclass(frozen=True, slots=True)
class Need:
    """What the person needs. An empty value is not known, or no wish: nothing is asked of the program then."""

    level: str = ""
    conditions: frozenset[str] = frozenset()
    population: str = ""
    language: str = ""
    payer: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What a program is. Empty: nobody knows. `miles` from the person's site, None when nobody measured."""

    code: str
    levels: frozenset[str]
    conditions: frozenset[str] = frozenset()
    populations: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    sliding_fee: bool | None = None
    miles: int | None = None
    wait_days: int | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """`fits`, `misses` and `unknown` name what was asked: level, population, condition, language, payer, mode."""

    place: Place
    fits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        return not set(MUST) & set(self.misses)


def ranked(need: Need, places: Iterable[Place]) -> list[Fit]:
    """Every place with its reasons, the best first; those that are no fit at all stand last."""
    return sorted((_fit(need, place) for place in places), key=_turn)


def _turn(one: Fit) -> tuple[bool, int, float, bool, int, float, str]:
    miles = inf if one.place.miles is None else one.place.miles
    wait = inf if one.place.wait_days is None else one.place.wait_days
    return not one.possible, len(one.misses), miles, one.place.stale, len(one.unknown), wait, one.place.code


def _fit(need: Need, place: Place) -> Fit:
    fits: list[str] = []
    misses: list[str] = []
    unknown: list[str] = []
    for name, holds in (
        ("level", need.level in place.levels if need.level else None),
        ("population", _in({need.population}, place.populations) if need.population else None),
        ("condition", _in(need.conditions | {"general"}, place.conditions) if need.conditions else None),
        ("language", _in({need.language, "interpreter"}, place.languages) if need.language else None),
        ("payer", _pays(need.payer, place) if need.payer else None),
        ("mode", _in({need.mode}, place.modes) if need.mode else None),
    ):
        if holds == "unknown":
            unknown.append(name)
        elif holds is not None:
            (fits if holds else misses).append(name)
    return Fit(place, tuple(fits), tuple(misses), tuple(unknown))


def _in(wanted: set[str] | frozenset[str], known: frozenset[str]) -> bool | str:
    return bool(wanted & known) if known else "unknown"


def _pays(payer: str, place: Place) -> bool | str:
    """Somebody without insurance is taken where they may pay little, or may pay themselves."""
    if payer == "self_pay" and place.sliding_fee:
        return True
    return _in({payer}, place.payers)
