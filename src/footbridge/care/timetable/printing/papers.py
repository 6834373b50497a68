"""Weeks as documents. What hangs on a wall names no client; only a leader's own sheet says whom they see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Room, Track
from footbridge.kit import paper
from footbridge.kit.access import Actor
from footbridge.kit.web import shapes
from footbridge.kit.web.forms import national

from .. import reads, why, words
from ..models import Booking, Session
from ..reads import Filters, Line
from ..words import SessionKind


class By(models.TextChoices):
    TRACK = "track", gettext_lazy("By track")
    LEADER = "leader", gettext_lazy("By leader")
    ROOM = "room", gettext_lazy("By room")


class Size(models.TextChoices):
    LETTER = "us-letter", gettext_lazy("Letter")
    A3 = "a3", gettext_lazy("A3, for the wall")
    A4 = "a4", gettext_lazy("A4")


def of_program(monday: date, by: str, filters: Filters, size: str, *, reader: Actor, language: str, foot: str) -> paper.Document:
    """A page for each track, leader or room that has something in the week."""
    blocks: list[paper.Block] = []
    caption = _("Week of %(day)s") % {"day": words.day(monday)}
    for name, lines, told in _parts(monday, by, filters, reader):
        if blocks:
            blocks.append(paper.NewPage())
        shut = reads.closed(monday, filters.site)
        entries = [(one.starts, one.ends, shapes.Entry(one.title, told(one))) for one in lines]
        blocks += [paper.Heading(name), _week(reads.table(caption, monday, entries, date.min, shut))]
    if not blocks:
        blocks.append(paper.Text(_("No sessions this week.")))
    return paper.Document(_("Timetable"), blocks, foot=foot, language=language, size=size, wide=True)


def _parts(monday: date, by: str, filters: Filters, reader: Actor) -> Iterable[tuple[str, list[Line], Any]]:
    lines = _lines(monday, filters, visits=by != By.TRACK)
    if by == By.TRACK:
        chosen = [filters.track] if filters.track else list(program.tracks().filter(**({"site": filters.site} if filters.site else {})))
        for track in chosen:
            here = [one for one in lines if _in_track(one, track)]
            if here:
                yield track.name, here, lambda one: [one.leader, one.where]
    elif by == By.LEADER:
        names = _whom(lines, reader)
        for leader, of in _grouped(lines, lambda one: one.session.leader):
            yield leader.person.name_used, of, lambda one: [names.get(one.session.pk, ""), one.where]
    else:
        for room, of in _grouped([one for one in lines if one.session.room], lambda one: one.session.room):
            yield f"{room.name}, {room.site.name}", of, lambda one: [one.leader]


def _lines(monday: date, filters: Filters, *, visits: bool) -> list[Line]:
    """What takes place in a week, in order of time."""
    start, end = reads._wide(monday, monday + timedelta(days=7))
    found = Session.objects.filter(starts_at__gte=start, starts_at__lt=end, cancelled_at__isnull=True)
    found = found.select_related(*reads.SHOWN, "group__track", "room__site").order_by("starts_at", "group_id", "pk")
    if not visits:
        found = found.filter(kind=SessionKind.GROUP)
    for name in ("site", "leader", "room"):
        if getattr(filters, name):
            found = found.filter(**{name: getattr(filters, name)})
    lines = [reads.line(session) for session in found]
    if filters.track:
        lines = [one for one in lines if _in_track(one, filters.track)]
    return [one for one in lines if monday <= one.starts.date() < monday + timedelta(days=7)]


def _in_track(one: Line, track: Track) -> bool:
    group = one.session.group
    return group is not None and group.track.program_id == track.program_id and group.track.code in (track.code, *track.includes)


def _grouped(lines: Sequence[Line], key: Any) -> list[tuple[Any, list[Line]]]:
    found: dict[int, tuple[Any, list[Line]]] = {}
    for one in lines:
        of: Staff | Room = key(one)
        found.setdefault(of.pk, (of, []))[1].append(one)
    return sorted(found.values(), key=lambda pair: str(pair[0]))


def _whom(lines: Sequence[Line], reader: Actor) -> dict[int, str]:
    """The names for a leader's own sheet: whom they see in the visits they hold themselves."""
    own = [one.session.pk for one in lines if one.session.leader_id == reader.staff_id and one.session.kind != SessionKind.GROUP]
    seats = Booking.objects.filter(session__in=own, cancelled_at__isnull=True, episode__in=Episode.objects.visible_to(reader))
    return dict(seats.values_list("session", "episode__client__person__name_used"))


def of_person(
    episode: Episode, monday: date, *, reasons: why.Why | None, to_client: bool, language: str, foot: str, size: str = Size.LETTER
) -> paper.Document:
    """One person's week on one page: the table, then why. For the client in their own words."""
    lines = [one for one in reads.week_of(episode, monday) if not one.cancelled]
    entries = [(one.starts, one.ends, shapes.Entry(one.title, [one.leader, one.where])) for one in lines]
    shut = reads.closed(monday, reads.site_of(episode), to_client=to_client) if lines else {}
    blocks: list[paper.Block] = []
    if lines:
        blocks.append(_week(reads.table(_("Week of %(day)s") % {"day": words.day(monday)}, monday, entries, date.min, shut)))
    else:
        blocks.append(paper.Text(_("Nothing is planned this week.")))
    if lines and (hours := reads.hours_sentence(episode, monday)):
        blocks.append(paper.Text(hours, quiet=True))
    if reasons is not None and reasons.things:
        blocks.append(paper.Facts([(thing.title, " ".join(thing.reasons)) for thing in reasons.things]))
    if reasons is not None and reasons.missing:
        blocks += [paper.Heading(_("What is not in it")), *(paper.Text(said, quiet=True) for said in reasons.missing)]
    here = program.organisation()
    if here is not None and to_client:
        blocks.append(paper.Text(_("If you cannot come, call %(phone)s.") % {"phone": national(here.phone)}))
    who = episode.client.person.name_used
    facts = [] if to_client else [(_("Name"), who), (_("Record number"), episode.client.number)]
    title = _("My week") if to_client else _("Week")
    return paper.Document(title, blocks, lead=who if to_client else "", facts=facts, foot=foot, language=language, size=size, wide=True)


def _week(table: shapes.Timetable) -> paper.Week:
    rows = [(row.label, [[paper.Slot(one.title, one.lines) for one in cell] for cell in row.cells]) for row in table.rows]
    return paper.Week(table.caption, [f"{day.label} {day.date}".strip() for day in table.days], rows, corner=_("Time"))


