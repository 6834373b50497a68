"""Why somebody cannot have what they wish: the smallest set of rules that clash, and the cheapest single changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footbridge.engines.timetabling import Facts, Span, explain
from footbridge.engines.timetabling.fit import Fit
from footbridge.ground.episodes.models import Episode

from ..facts import Found
from ..facts.words import KINDS, Names, said
from .offered import narrowed

SECONDS = 2.0
MOST_BARRED = 6
NOON, EVENING, DAY = 12 * 60, 17 * 60, 24 * 60


class Part(models.TextChoices):
    OWN = "own", gettext_lazy("The hours they named")
    MORNING = "morning", gettext_lazy("Mornings, before noon")
    AFTERNOON = "afternoon", gettext_lazy("Afternoons, noon to five")
    EVENING = "evening", gettext_lazy("Evenings, from five")


HOURS = {Part.MORNING: (0, NOON), Part.AFTERNOON: (NOON, EVENING), Part.EVENING: (EVENING, DAY)}


@dataclass(frozen=True)
class WhyNot:
    """`possible`: nothing stands in the way. `rules` cannot all hold at once, whatever else were changed. `barred` are groups at these hours
    that are not for this person, each with the reason."""

    possible: bool
    rules: tuple[str, ...]
    smallest: bool
    changes: tuple[str, ...]
    barred: tuple[str, ...]
    how: str


def kinds(found: Found, episode: Episode) -> list[tuple[str, str]]:
    """What can be asked for: each kind the person needs, the hours and the days."""
    who = found.facts.client[str(episode.uid)]
    out = [(need.kind, _first(str(KINDS.get(need.kind, need.kind)))) for need in who.needs]
    if who.minutes_a_week:
        out.append(("hours", _("The hours of the week")))
    if who.days_a_week:
        out.append(("days", _("The days of the week")))
    return list(dict.fromkeys(out))


def ask(found: Found, episode: Episode, names: Names, *, part: str = Part.OWN, wants: Sequence[str] = ()) -> WhyNot:
    """Why the person cannot have this (everything they need, when nothing is named) while all others keep their week."""
    code = str(episode.uid)
    facts = narrowed(found, episode) if part == Part.OWN else _only(found.facts, code, *HOURS[Part(part)])
    known = [kind for kind, _label in kinds(found, episode)]
    asked = [kind for kind in wants if kind in known] or known
    told = explain(facts, found.week, code, asked, changes=3, seconds=SECONDS)
    return WhyNot(
        told.possible, tuple(dict.fromkeys(said(rule, names) for rule in told.rules)), told.smallest,
        tuple(" ".join(said(one, names) for one in change.sentences) for change in told.changes), _barred(facts, code, asked, names), told.how,
    )  # fmt: skip


def _barred(facts: Facts, code: str, asked: Sequence[str], names: Names) -> tuple[str, ...]:
    """Groups of the kinds asked for that meet within the person's hours and are not for them."""
    fit, out = Fit(facts), []
    for group in facts.groups:
        if group.kind in asked and any(fit.free_for("client", code, pattern) for pattern in group.patterns):
            reason = fit.why_not(code, group.code)
            if reason is not None:
                out.append(said(reason, names))
    return tuple(dict.fromkeys(out))[:MOST_BARRED]


def _only(facts: Facts, code: str, start: int, end: int) -> Facts:
    """The same facts where the person comes in these hours of the day only."""
    free = tuple(Span(day, start, end) for day in range(5))
    return replace(facts, clients=tuple(replace(c, free=free, tracks=frozenset()) if c.code == code else c for c in facts.clients))


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
