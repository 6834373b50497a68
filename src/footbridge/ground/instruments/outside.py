"""Verbs about scores from outside: a number reckoned elsewhere is entered with its date and source, or taken back.

It stands on the chart with all other scores and says where it is from. A number that somebody must know about is hung on
the act (`act.carries["critical"]`); wiring raises the alarm in the same transaction.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from footbridge.engines import scoring
from footbridge.engines.scoring.definition import Method
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import day_of, zone
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules, shelf
from .models import GivenHow, InstrumentEdition, OutsideScore, OutsideSource, Score, Sheet


class CannotEnter(access.Refusal):
    """This number cannot be entered so."""


class CannotTakeBack(access.Refusal):
    """It cannot be taken back."""


@dataclass(frozen=True)
class Enterable:
    """A score that may be typed in: its name and range. `decimals` is how many a number may have."""

    id: str
    name: str
    low: Decimal
    high: Decimal
    decimals: int


def enterable(edition: InstrumentEdition) -> list[Enterable]:
    """The scores of an instrument that may come from elsewhere: those that only come from outside, and those reckoned
    here whose range is known."""
    definition = shelf.definition(edition)
    found = [Enterable(one.id, one.name, one.low, one.high, one.decimals) for one in definition.outside]
    for rule in definition.scores:
        if rule.method is Method.RULE or rule.low is None or rule.high is None:
            continue
        whole = rule.method in (Method.SUM, Method.MAX) and rule.percent_of is None
        found.append(Enterable(rule.id, rule.name or rule.id.replace("_", " ").capitalize(), rule.low, rule.high, 0 if whole else 2))
    return found


def enter(
    client: Client,
    code: str,
    *,
    score: str,
    value: Any,
    on: date,
    source: str,
    source_note: str,
    form_key: uuid.UUID,
    by: Actor,
    at: datetime,
    episode: Episode | None = None,
) -> OutsideScore:
    """Enter a score that was reckoned elsewhere. `on` is the day the person answered. The same `form_key` twice (an
    impatient click) is one score."""
    access.require(by, rules.ENTER_OUTSIDE, client)
    edition = reads.current(code)
    known = {one.id: one for one in enterable(edition)} if edition else {}
    if edition is None or not known:
        raise CannotEnter(_("Choose the questionnaire the score is from."), field="what")
    spec = known.get(score)
    if spec is None:
        raise CannotEnter(_("Choose which score it is."), field="what")
    number = _number(value, spec)
    if on > day_of(at):
        raise CannotEnter(_("The day lies ahead. Enter the day the person answered."), field="on")
    if source not in OutsideSource.values:
        raise CannotEnter(_("Choose where the score is from."), field="source")
    if not source_note.strip():
        raise CannotEnter(_("Write which system, or whose paper, so that somebody can look it up."), field="source_note")
    moment = min(at, datetime.combine(on, time(12), zone()))
    sheet = Sheet(
        client=client, episode=episode, instrument=edition, bundle=uuid.uuid4(), how=GivenHow.OUTSIDE, occasion="outside",
        language=client.person.language, given_at=at, finished_at=moment, entered_by_id=by.staff_id,
    )  # fmt: skip
    definition = shelf.definition(edition)
    row = OutsideScore(sheet=sheet, source=source, source_note=source_note.strip()[:200], at=at, form_key=form_key)
    with trail.act(
        "outside_score.entered", by=by, at=at, about=client, client=client,
        detail={"code": code, "score": score, "on": on.isoformat(), "source": source},
    ) as act:  # fmt: skip
        before = OutsideScore.objects.filter(form_key=form_key).select_related("sheet").first()
        if before is not None:
            if before.sheet.client_id != client.pk:
                raise CannotEnter(_("This page was used for somebody else. Open it again."))
            return before
        twin = Score.objects.filter(
            sheet__client=client, sheet__how=GivenHow.OUTSIDE, sheet__withdrawn_at=None, sheet__instrument__code=code,
            score=score, value=number, sheet__finished_at=moment,
        )  # fmt: skip
        if moment < at and twin.exists():
            raise CannotEnter(_("This score of this day is already entered."), field="value")
        sheet.save()
        row.save()
        Score.objects.create(
            sheet=sheet, score=score, value=number, answered=0, items=0, band=_band(definition, score, number), at=at
        )
        critical = scoring.critical_outside(definition, number, score)
        act.carries.update(sheet=sheet, critical=critical, value=number, name=definition.name, on=on, by=by)
    return row


def take_back(row: OutsideScore, *, why: str, by: Actor, at: datetime) -> OutsideScore:
    """A score typed in by mistake leaves the chart. It stays in the record with who took it back and why."""
    access.require(by, rules.ENTER_OUTSIDE, row.sheet.client)
    if not why.strip():
        raise CannotTakeBack(_("Say what was wrong with it."), field="why")
    with trail.act("outside_score.taken_back", by=by, at=at, about=row, client=row.sheet.client, why=why):
        row.refresh_from_db()
        if row.taken_back_at is not None:
            return row
        row.taken_back_at, row.taken_back_by_id, row.taken_back_why = at, by.staff_id, why.strip()[:200]
        row.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
        row.sheet.withdrawn_at = at
        row.sheet.save(update_fields=["withdrawn_at"])
    return row


def _number(value: Any, spec: Enterable) -> Decimal:
    try:
        number = Decimal(str(value).strip())
        fine = number.is_finite() and spec.low <= number <= spec.high and number == round(number, spec.decimals)
    except ArithmeticError:
        fine = False
    if not fine:
        words = {"low": _plain(spec.low), "high": _plain(spec.high), "decimals": spec.decimals}
        if spec.decimals:
            sentence = _("Enter a number from %(low)s to %(high)s, with %(decimals)s decimals at most.")
        else:
            sentence = _("Enter a whole number from %(low)s to %(high)s.")
        raise CannotEnter(sentence % words, field="value")
    return number


def _band(definition: scoring.Definition, score: str, number: Decimal) -> str:
    """The band of the number, where one may be drawn. Not from a draft."""
    if definition.is_draft:
        return ""
    bands = definition.band_set(score)
    # A number alone does not tell whether every item applied to the person.
    band = bands.band(number) if bands and not bands.whole_form_only else None
    return band.label[:60] if band else ""


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
