"""Offers: which track and which individual hour fit a person, by the timetabling engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from footbridge.care.screening import reads as screening
from footbridge.engines import timetabling
from footbridge.engines.hours import Basis
from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling import IndividualSlot, Offer, Section, Slot, Wish
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people.models import Staff
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Group, Meeting, Track
from footbridge.ground.program.words import Mode

from . import reads, words
from .models import WeeklyVisit

# Hours in which individual sessions are looked for.
OPEN_FROM, OPEN_UNTIL = time(8, 0), time(20, 0)
STEP = 30  # minutes between two possible begins
LENGTH = 50


def offers(
    episode: Episode,
    on: date,
    *,
    tracks: Sequence[Track] | None = None,
    staff: Sequence[Staff] | None = None,
    individual: bool = True,
    anywhen: bool = False,
) -> tuple[Offer, ...]:
    """One offer per offered track, best first, from a day on. `staff` are asked for the individual hour: the primary therapist
    when not given. `anywhen` leaves the free hours and the mode out, for bookings somebody has agreed to."""
    chosen = list(tracks if tracks is not None else program.tracks())
    asked = list(staff if staff is not None else team(episode))
    wish = _wish(episode, on, asked, individual=individual and bool(asked), anywhen=anywhen)
    sections = _sections(chosen, wish, on)
    here = reads.program_of(episode)
    rule = program.rule_of(here, on) if here else None
    rule = replace(rule, basis=Basis.SCHEDULED) if rule else None
    return timetabling.offers(wish, sections, individual_slots(asked, on, wish), rule)


def team(episode: Episode) -> list[Staff]:
    """The primary therapist, if there is one."""
    return [
        m.staff
        for m in episode.team.filter(role=TeamRole.PRIMARY, left_at__isnull=True)
        .select_related("staff__person")
        .order_by("pk")
    ]


def _wish(episode: Episode, on: date, staff: Sequence[Staff], *, individual: bool, anywhen: bool) -> Wish:
    free = reads.free_hours(episode)
    if anywhen or not free:
        free = [(day, time(0), time(23, 59)) for day in range(7)]
    screen = screening.latest(episode)
    wished = screen.prefers_mode if screen and not anywhen else ""
    modes = frozenset({wished, Mode.HYBRID.value}) if wished in (Mode.IN_PERSON, Mode.VIDEO) else frozenset()
    busy = [Slot(v.weekday, v.starts, v.ends) for v in reads.visits(episode, on)]
    for held in reads.places(episode, on):
        busy += [Slot(m.weekday, m.starts, m.ends) for m in held.group.meetings.filter(held_until__isnull=True)]
    return Wish(
        free=tuple(Slot(*span) for span in free),
        commitments=tuple(busy),
        focus=tuple(reads.conditions(episode)),
        modes=modes,
        languages=(str(episode.client.person.language), "en"),
        staff=tuple(str(s.uid) for s in staff),
        wants_individual=individual,
        individual_minutes=LENGTH,
    )


def _sections(tracks: Sequence[Track], wish: Wish, on: date) -> list[Section]:
    """The sections of these tracks in their order. Three queries, however many tracks."""
    by_track = program.groups_by_track(tracks, on)
    every = {group.pk: group for groups in by_track.values() for group in groups}
    used = reads.taken(every.values(), on)
    meetings: dict[int, list[Meeting]] = {}
    for meeting in Meeting.objects.filter(group__in=list(every), held_until__isnull=True).order_by("weekday", "starts"):
        meetings.setdefault(meeting.group_id, []).append(meeting)
    found = []
    for track, group in ((one, group) for one in tracks for group in by_track[one.pk]):
        fits = reads.for_their_condition(group, wish.focus)
        # The engine knows one focus a group; a group for several conditions counts as the first the person has.
        focus = "general" if not group.condition else wish.focus[0] if fits and wish.focus else group.condition
        found.append(
            Section(
                code=f"{group.track.code}.{group.code}", track=track.code, kind=group.type.kind,
                slots=tuple(Slot(m.weekday, m.starts, m.ends) for m in meetings.get(group.pk, ())),
                seats_left=max(0, group.most - used.get(group.pk, 0)), focus=focus, one_of=group.choose_one, required=group.required,
                counts=group.type.countable, mode=group.mode, language=group.language,
            )
        )  # fmt: skip
    return [s for s in found if s.slots]


def individual_slots(staff: Sequence[Staff], on: date, wish: Wish) -> list[IndividualSlot]:
    """Weekly spans in which somebody leads nothing and has no standing visit, within the person's own hours."""
    busy: dict[int, list[Slot]] = {s.pk: [] for s in staff}
    for meeting in Meeting.objects.filter(
        leader__in=staff, held_until__isnull=True, group__track__program__admits=True
    ):
        busy[meeting.leader_id or 0].append(Slot(meeting.weekday, meeting.starts, meeting.ends))
    for visit in WeeklyVisit.objects.filter(staff__in=staff).filter(Q(held_until__isnull=True) | Q(held_until__gt=on)):
        busy[visit.staff_id].append(Slot(visit.weekday, visit.starts, visit.ends))
    modes = sorted(wish.modes - {Mode.HYBRID.value}) or [Mode.IN_PERSON.value]
    found = []
    for person in staff:
        for span in wish.free:
            if span.weekday > 4:
                continue
            start = max(span.start.hour * 60 + span.start.minute, OPEN_FROM.hour * 60)
            last = min(span.end.hour * 60 + span.end.minute, OPEN_UNTIL.hour * 60)
            while start + LENGTH <= last:
                slot = Slot(
                    span.weekday, time(start // 60, start % 60), time((start + LENGTH) // 60, (start + LENGTH) % 60)
                )
                if not any(slot.overlaps(other) for other in busy[person.pk]):
                    found += [IndividualSlot(str(person.uid), slot, mode) for mode in modes]
                start += STEP
    return found


def groups_in(offer: Offer, track: Track) -> list[Group]:
    """The groups an offer names, in its order."""
    by_code = {f"{g.track.code}.{g.code}": g for g in program.groups_of(track)}
    return [by_code[s.code] for s in offer.sections]


def first_day(weekday: int, on: date) -> date:
    """The first such weekday on or after a day."""
    return on + timedelta(days=(weekday - on.weekday()) % 7)


_SAID: dict[str, Any] = {
    "left_out.apart": gettext_lazy("{group}: they must not be in this group."),
    "left_out.full": gettext_lazy("{group} is full."),
    "left_out.focus": gettext_lazy("{group} is for another condition."),
    "left_out.language": gettext_lazy("{group} is held in another language."),
    "left_out.mode": gettext_lazy("{group} meets another way than they asked for."),
    "left_out.not_free": gettext_lazy("{group}: {day}, {start} to {end} is not one of their free hours."),
    "left_out.committed": gettext_lazy("{group}: on {day}, {start} to {end}, they are booked already."),
    "left_out.at_once": gettext_lazy("{group} meets at the same time as another group of this week ({day}, {start})."),
    "left_out.no_individual": gettext_lazy("No individual hour with their therapist fits."),
    "offer.complete": gettext_lazy("Every part of this week fits."),
    "offer.incomplete": gettext_lazy("A part of this week does not fit."),
    "offer.meets_rule": gettext_lazy("Enough for: {rule}."),
    "offer.short_of_rule": gettext_lazy("{short} short of: {rule}."),
    "offer.own_therapist": gettext_lazy("The individual hour is with their own therapist."),
}


def said(sentence: Sentence, names: dict[str, str]) -> str:
    """A reason of the engine in the reader's language. `names` turns the codes of groups into their names."""
    facts: dict[str, Any] = dict(sentence.params)
    if "group" in facts:
        facts["group"] = names.get(str(facts["group"]), facts["group"])
    if "weekday" in facts:
        facts["day"] = words.WEEKDAYS[int(facts["weekday"])]
    for name in ("start", "end"):
        if name in facts:
            facts[name] = words.clock(time.fromisoformat(str(facts[name])))
    if sentence.code == "offer.hours":
        length = words.length(int(facts["minutes"]))
        told = ngettext("%(length)s on %(days)d day a week.", "%(length)s on %(days)d days a week.", int(facts["days"]))
        return told % {"length": length, "days": facts["days"]}
    if "short_by" in facts:
        facts["short"] = words.length(int(facts["short_by"]))
    return str(_SAID[sentence.code]).format(**facts) if sentence.code in _SAID else _("It does not fit.")
