"""Days and hours by client: what was scheduled, attended and documented, and whether the week meets the rule.

Everything here is minutes, counts and reasons. No note, no plan, no answer is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.care.placement.models import Admission
from footbridge.care.sessions import reads as sessions
from footbridge.care.sessions.reads import Held, WeekHours
from footbridge.care.timetable import words
from footbridge.care.timetable.models import Booking, Place
from footbridge.engines import hours
from footbridge.engines.disclosure import DataClass, Purpose, Recipient
from footbridge.ground.consent import telling
from footbridge.ground.consent.models import Consent
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import support
from footbridge.ground.program import reads as program
from footbridge.ground.program.days import day_of, zone
from footbridge.ground.program.models import Program
from footbridge.kit.access import Actor


@dataclass(frozen=True)
class Day:
    """One day of one client, in minutes. `services` counts the documented ones that a payer counts."""

    on: date
    scheduled: int
    attended: int
    documented: int
    services: int
    needs: str
    ahead: bool

    @property
    def clean(self) -> bool:
        return not self.needs and not self.ahead


@dataclass(frozen=True)
class ClientWeek:
    """A client's week: its days, its totals on the three bases, and what the hours rule says."""

    episode: Episode
    program: str
    days: list[Day]
    hours: WeekHours
    met: bool | None
    said: str
    documented_said: str
    source: str
    not_told: str = ""  # why the health plan may not be told of these days; empty when it may

    @property
    def scheduled(self) -> int:
        return self.hours.scheduled.therapeutic_minutes

    @property
    def attended(self) -> int:
        return self.hours.attended.therapeutic_minutes

    @property
    def documented(self) -> int:
        return self.hours.documented.therapeutic_minutes

    @property
    def services(self) -> int:
        return sum(day.services for day in self.days)


def clients(actor: Actor, monday: date, only: date | None = None) -> QuerySet[Episode]:
    """The episodes with sessions in the week, or on one day of it, by record number."""
    first, days = (only, 1) if only else (monday, 7)
    begin, end = (datetime.combine(first, time(), zone()) + timedelta(days=n) for n in (0, days))
    seats = Booking.objects.filter(
        episode=OuterRef("pk"), cancelled_at__isnull=True, starts_at__gte=begin, starts_at__lt=end
    )
    return (
        Episode.objects.visible_to(actor)
        .filter(Exists(seats))
        .select_related("client__person")
        .order_by("client__number", "pk")
    )


def weeks(episodes: Iterable[Episode], monday: date, at: datetime) -> list[ClientWeek]:
    """The week of each of these episodes, in their order. The number of queries does not grow with them."""
    told = list(episodes)
    given, where, today = telling.of_clients(e.client_id for e in told), support.Here.of_many(), day_of(at)
    closed = {e.pk: _not_told(e, given.get(e.client_id, []), today, where) for e in told}
    by_episode = sessions.by_episode(sessions.held(monday, monday + timedelta(days=7), told))
    programs = _programs(by_episode)
    return [replace(_week(e, by_episode[e.pk], programs.get(e.pk), monday, at), not_told=closed[e.pk]) for e in told if e.pk in by_episode]


def _not_told(episode: Episode, given: list[Consent], today: date, where: support.Here) -> str:
    """A bill tells the plan that somebody is a client here, when they came, and why: it may go out only when all of that may be told."""
    payer = telling.Whom(Recipient.PAYER, Purpose.PAYMENT)
    for one in (DataClass.BILLING, DataClass.CLINICAL):
        verdict = telling.verdict(episode.client, one, payer, today, given=given, where=where)
        if not verdict.allowed:
            return telling.refused(verdict)
    return ""


def _programs(episodes: Iterable[int]) -> dict[int, Program]:
    """The program of each episode: of the track they were admitted to, or else of their newest place."""
    ids = list(episodes)
    found: dict[int, Program] = {}
    for place in (
        Place.objects.filter(episode__in=ids).select_related("group__track__program").order_by("held_from", "pk")
    ):
        found[place.episode_id] = place.group.track.program
    for admission in Admission.objects.filter(episode__in=ids).select_related("track__program"):
        found[admission.episode_id] = admission.track.program
    missing = [key for key in ids if key not in found]
    first = program.admitting().first() if missing else None
    return found | (dict.fromkeys(missing, first) if first else {})


def _week(episode: Episode, rows: list[Held], here: Program | None, monday: date, at: datetime) -> ClientWeek:
    rule = program.rule_of(here, monday) if here else None
    counted = sessions.week_hours(rows, rule)
    verdict = counted.verdict
    documented = counted.by_basis.get(hours.Basis.DOCUMENTED)
    days = [_day(on, [r for r in rows if r.starts.date() == on], at) for on in sorted({r.starts.date() for r in rows})]
    return ClientWeek(
        episode=episode,
        program=here.name if here else "",
        days=days,
        hours=counted,
        met=verdict.met if verdict else None,
        said=f"{words.BASES[verdict.basis]}: {words.verdict_said(verdict)}" if verdict else "",
        documented_said=words.verdict_said(documented)
        if documented and verdict and documented.basis != verdict.basis
        else "",
        source=words.verdict_source(verdict) if verdict else "",
    )


def _day(on: date, rows: list[Held], at: datetime) -> Day:
    unsaid = sum(not row.came and row.booking.ends_at <= at for row in rows)
    unsigned = sum(1 for row in rows if row.attended and not row.signed)
    needs = []
    if unsaid:
        needs.append(_("attendance of %(n)d not taken") % {"n": unsaid})
    if unsigned:
        needs.append(ngettext("%(n)d note not signed", "%(n)d notes not signed", unsigned) % {"n": unsigned})
    return Day(
        on=on,
        scheduled=sum(r.scheduled for r in rows if r.counts),
        attended=sum(r.attended for r in rows if r.counts),
        documented=sum(r.documented for r in rows if r.counts),
        services=sum(1 for r in rows if r.counts and r.documented),
        needs=", ".join(needs),
        ahead=all(row.booking.ends_at > at for row in rows),
    )


HEAD = (
    *("record", "name", "program", "date", "scheduled_minutes", "attended_minutes", "documented_minutes", "services"),
    *("needs", "week_rule_met", "week_verdict", "rule_source", "plan_may_be_told", "why_not"),
)


def table(found: Iterable[ClientWeek]) -> Iterable[list[Any]]:
    """The same as rows for a file, one a client and day."""
    for week in found:
        for day in week.days:
            client, met = week.episode.client, {True: "yes", False: "no", None: ""}[week.met]
            minutes = [day.scheduled, day.attended, day.documented, day.services]
            head = [client.number, client.person.legal_name, week.program, day.on.isoformat()]
            yield [*head, *minutes, day.needs, met, week.said, week.source, "no" if week.not_told else "yes", week.not_told]
