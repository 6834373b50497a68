"""Where each measure of each person stands: first score, last, and what the change is worth. For many people at once: two queries.

Used where people stand side by side: the roster before a session, the note, the review, the caseload, the huddle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from footbridge.engines import progress, scoring
from footbridge.ground.program.days import zone

from . import shelf
from .models import InstrumentEdition, Score

FIRST = {"phq9": 0, "gad7": 1}  # the two that are asked weekly stand first


@dataclass(frozen=True, slots=True)
class Reading:
    """One finished sheet by its main score; `value` is None when it could not be scored."""

    on: date
    finished_at: datetime
    value: Decimal | None
    answered: int
    items: int
    band: str
    sheet: UUID

    @property
    def is_partial(self) -> bool:
        return self.value is not None and self.answered < self.items


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One measure of one episode. `readings` oldest first; `first` is the score change is counted from."""

    code: str
    form: scoring.Definition
    readings: tuple[Reading, ...]
    first: Reading | None

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def latest(self) -> Reading:
        return self.readings[-1]

    @property
    def scored(self) -> list[Reading]:
        return [one for one in self.readings if one.value is not None]

    @property
    def values(self) -> list[float | None]:
        return [None if one.value is None else float(one.value) for one in self.readings]

    @property
    def maximum(self) -> float:
        score = self.form.score_rule()
        return float(score.high) if score and score.high is not None else max([v or 0 for v in self.values] + [1])

    @property
    def rule(self) -> scoring.ChangeRule | None:
        return self.form.change_rule()

    @property
    def change(self) -> progress.Change | None:
        """From the first score to the last; None with one score, or where no threshold is known."""
        scored = self.scored
        if self.rule is None or self.first is None or self.first.value is None or not scored or scored[-1] is self.first:
            return None
        return progress.change(self.first.value, scored[-1].value, self.rule)  # type: ignore[arg-type]

    @property
    def direction(self) -> str:
        """improved, worse, none, or empty where it cannot be told."""
        return str(self.change.direction) if self.change else ""

    @property
    def shown(self) -> str:
        """The last score as a number, honest about blanks: "9", "9 (8 of 9 answered)", "not scored (4 of 9 answered)"."""
        last = self.latest
        counted = _("%(answered)s of %(items)s answered") % {"answered": last.answered, "items": last.items}
        if last.value is None:
            return _("not scored (%(counted)s)") % {"counted": counted}
        return f"{plain(last.value)} ({counted})" if last.is_partial else plain(last.value)

    @property
    def said(self) -> str:
        """What the change is worth, in a few words: "6 better since Nov 2, more than chance"."""
        if self.first is None or self.first.value is None:
            return ""
        scored = self.scored
        if scored[-1] is self.first:
            return _("first score")
        points = plain(abs(scored[-1].value - self.first.value))  # type: ignore[operator]
        numbers = {"first": plain(self.first.value), "points": points}
        change = self.change
        if change is None:
            return _("from %(first)s; how much is more than chance is not known") % numbers
        if change.direction is progress.Direction.IMPROVED:
            return _("from %(first)s: %(points)s better, more than chance") % numbers
        if change.direction is progress.Direction.WORSE:
            return _("from %(first)s: %(points)s worse, more than chance") % numbers
        return _("from %(first)s: can be chance") % numbers


def plain(value: Decimal) -> str:
    """15, not 15.000."""
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")


def of_episodes(episodes: Iterable[int], starts: Mapping[int, date] | None = None, *, until: datetime | None = None) -> dict[int, list[ScoreLine]]:
    """The measures of each episode by its id, weekly ones first. `starts` are the first days in the program: with one, the first
    score around it is what change is counted from. `until` leaves out what was finished later.

    Editions of an instrument are never mixed: the line is that of the newest one.
    """
    editions = {one.pk: one for one in InstrumentEdition.objects.all()}
    main: dict[int, str] = {}
    for pk, form in shelf.definitions(editions.values()).items():
        rule = form.score_rule()
        if rule is not None and form.triage is None:
            main[pk] = rule.id
    rows = Score.objects.filter(
        sheet__episode__in=list(episodes), sheet__withdrawn_at=None, sheet__finished_at__isnull=False, score__in=set(main.values())
    )
    if until is not None:
        rows = rows.filter(sheet__finished_at__lte=until)
    here = zone()
    found: dict[int, dict[str, list[tuple[int, Reading]]]] = {}
    wanted = rows.order_by("sheet__finished_at", "id").values_list(
        "sheet__episode_id", "sheet__instrument_id", "score", "value", "answered", "items", "band", "sheet__finished_at", "sheet__uid"
    )
    for episode, pk, score, value, answered, items, band, finished, uid in wanted:
        if main.get(pk) != score or finished is None:
            continue
        reading = Reading(finished.astimezone(here).date(), finished, value, answered, items, band, uid)
        found.setdefault(episode, {}).setdefault(editions[pk].code, []).append((pk, reading))
    return {
        episode: [_line(code, held, editions, (starts or {}).get(episode)) for code, held in sorted(by_code.items(), key=lambda pair: (FIRST.get(pair[0], 9), pair[0]))]
        for episode, by_code in found.items()
    }


def _line(code: str, held: list[tuple[int, Reading]], editions: Mapping[int, Any], starts_on: date | None) -> ScoreLine:
    newest = editions[held[-1][0]]
    readings = tuple(reading for pk, reading in held if editions[pk].edition == newest.edition)
    scored = [one for one in readings if one.value is not None]
    first = scored[0] if scored else None
    if starts_on is not None and scored:
        near = progress.baseline([progress.Reading(one.on, one.value) for one in scored if one.value is not None], starts_on)
        first = next((one for one in scored if near and one.on == near.on), first)
    return ScoreLine(code, shelf.definition(newest), readings, first)


def of_episode(episode: int, starts_on: date | None = None, *, until: datetime | None = None) -> list[ScoreLine]:
    return of_episodes([episode], {episode: starts_on} if starts_on else None, until=until).get(episode, [])
