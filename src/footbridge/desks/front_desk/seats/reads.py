"""Who waits, who fits which open seat, and what would let most of them in. A proposal for people to decide on; nobody in care moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from footbridge.care.inquiry.models import Inquiry, Waiting
from footbridge.care.inquiry.words import TRIAGE_TONES
from footbridge.care.timetable.facts import Found
from footbridge.care.timetable.facts.words import Names, said
from footbridge.care.timetable.finding import offered
from footbridge.engines.timetabling import Client, Facts, Need, Span, relief, waiting
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Site
from footbridge.ground.program.words import PartOfDay
from footbridge.kit.access import Actor

MOST = 12  # people looked at, in the order of urgency and of waiting; one takes the engine a tenth of a second
RELIEF_SECONDS = 0.4  # for each person
URGENCY = {"crisis": 3, "urgent": 2, "priority": 1}
NOON, EVENING, DAY = 12 * 60, 17 * 60, 24 * 60
PARTS = {PartOfDay.MORNING: (0, NOON), PartOfDay.AFTERNOON: (NOON, EVENING), PartOfDay.EVENING: (EVENING, DAY)}


@dataclass(frozen=True)
class Waits:
    """Somebody who waits: for a place on the list, or admitted and not placed yet."""

    code: str
    inquiry: Inquiry | None
    episode: Episode | None
    track: Any
    urgency: int
    days: int
    next_action: str
    next_on: date | None

    @property
    def name(self) -> str:
        return self.episode.client.person.name_used if self.episode else self.inquiry.name_used if self.inquiry else ""

    @property
    def triage(self) -> Any:
        return self.inquiry.get_triage_display() if self.inquiry else ""

    @property
    def tone(self) -> str:
        return TRIAGE_TONES[self.inquiry.triage] if self.inquiry else "neutral"


@dataclass(frozen=True)
class Line:
    """One person of the list, with the best week they could have today, in words."""

    who: Waits
    fits: bool
    known: bool  # somebody has asked for their hours and what they need
    week: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Seat:
    group: Any
    left: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class Mends:
    change: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    seats: list[Seat]
    together: list[str]
    mends: list[Mends] | None
    not_looked_at: int


def everybody(actor: Actor, at: datetime) -> list[Waits]:
    """Those who wait, most urgent first, then longest. The list of inquiries says who and since when; admitted people without a place join it."""
    today = day_of(at)
    rows = (
        Waiting.objects.filter(ended_at__isnull=True, inquiry__closed__isnull=True, inquiry__in=Inquiry.objects.visible_to(actor))
        .select_related("inquiry__episode__client__person", "track__site")
    )  # fmt: skip
    found = []
    for row in rows:
        one, episode = row.inquiry, row.inquiry.episode
        code = str(episode.uid) if episode else str(one.uid)
        found.append(
            Waits(code, one, episode, row.track, URGENCY.get(one.triage, 0), max(0, (today - day_of(one.received_at)).days), row.next_action, row.next_on)
        )
    known = {one.episode.pk for one in found if one.episode}
    admitted = Episode.objects.visible_to(actor).filter(ended_at__isnull=True, admission__isnull=False, places__isnull=True).exclude(pk__in=known)
    for episode in admitted.select_related("client__person", "admission__track__site", "inquiry"):
        asked: Inquiry | None = getattr(episode, "inquiry", None)
        since = day_of(asked.received_at if asked else episode.opened_at)
        found.append(
            Waits(
                str(episode.uid), asked, episode, episode.admission.track, URGENCY.get(asked.triage, 0) if asked else 0, max(0, (today - since).days), "",
                episode.admission.starts_on,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.urgency, -one.days, one.code))


def page(actor: Actor, site: Site, at: datetime, *, with_relief: bool = False) -> Page:
    today = day_of(at)
    waits = [one for one in everybody(actor, at) if one.track is None or one.track.site_id == site.pk]
    looked, rest = waits[:MOST], waits[MOST:]
    found = offered.at_site(site, today, [one.episode for one in looked if one.episode])
    facts = _with_inquiries(found, looked)
    names = _names(actor, found, looked)
    by_code = {one.code: one for one in looked}
    codes = [one.code for one in looked]
    told = waiting(facts, found.week, codes)
    lines = []
    for candidate in told.candidates:
        who = by_code[candidate.client]
        shown = replace(found, facts=facts)
        week = offered.lines(shown, candidate.offer.week, candidate.client, names)
        lacks = tuple(said(p.sentence, names) for p in candidate.offer.unmet if p.level == "needs")
        lines.append(Line(who, candidate.fits, who.episode is not None, week, lacks))
    seats = [Seat(found.rows.groups[s.group], s.left, tuple(by_code[c].name for c in s.clients)) for s in told.seats if s.group in found.rows.groups]
    mends = None
    if with_relief:
        lacking = [c.client for c in told.candidates if not c.fits]
        mends = [
            Mends(said(one.change, names), tuple(by_code[c].name for c in one.clients))
            for one in relief(facts, found.week, lacking, seconds_each=RELIEF_SECONDS)[:6]
        ]
    return Page(lines, sorted(seats, key=lambda s: (-len(s.people), s.group.name)), [by_code[c].name for c in told.together], mends, len(rest))


def _names(actor: Actor, found: Found, looked: Iterable[Waits]) -> Names:
    names = Names.of(actor, found.rows)
    return Names({**names.by_code, **{one.code: one.name for one in looked}})


def _with_inquiries(found: Found, looked: Sequence[Waits]) -> Facts:
    """The facts with those who have no chart yet: hours by the part of day they named; conditions nobody has asked yet stand open."""
    facts = found.facts
    known = {c.code for c in facts.clients}
    conditions = tuple(sorted({g.condition for g in facts.groups if g.condition}))
    made = []
    for one in looked:
        inquiry = one.inquiry
        if one.code in known:
            continue
        start, end = PARTS.get(PartOfDay(inquiry.part_of_day), (0, DAY)) if inquiry and inquiry.part_of_day else (0, DAY)
        language = str(inquiry.language) if inquiry else "en"
        made.append(
            Client(
                one.code, facts.sites[0].code, tuple(Span(day, start, end) for day in range(5)), _usual(found, one.track), conditions=conditions,
                modes=frozenset({"in_person", "video"}), languages=tuple(dict.fromkeys((language, "en"))),
                tracks=frozenset({str(one.track.uid)}) if one.track else frozenset(),
            )
        )  # fmt: skip
    ranked = {one.code: one for one in looked}
    clients = tuple(
        replace(c, urgency=ranked[c.code].urgency, waiting_days=ranked[c.code].days) if c.code in ranked else c for c in (*facts.clients, *made)
    )
    return replace(facts, clients=clients)


def _usual(found: Found, track: Any) -> tuple[Need, ...]:
    """What somebody of the track usually needs: one of each set of its groups, and an individual hour."""
    kinds: Counter[str] = Counter()
    chosen: set[str] = set()
    tracks = {track.pk} if track else {next(iter(g.track_id for g in found.rows.groups.values()), 0)}
    kind_of = {g.code: g.kind for g in found.facts.groups}
    for parts in found.rows.parts.values():
        group = found.rows.groups[parts[0]]
        if group.track_id not in tracks or not group.required or group.choose_one in chosen:
            continue
        if group.choose_one:
            chosen.add(group.choose_one)
        kinds.update(kind_of[part] for part in parts)
    return (*(Need(kind, count) for kind, count in sorted(kinds.items())), Need("individual", 1))
