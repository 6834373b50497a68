"""The engine's sentences in the reader's language.

    from footbridge.care.timetable.facts.words import Names, said

    names = Names.of(actor, found.rows)      # one question to the database
    said(sentence, names)

People the reader may not know are "somebody". Who must not meet whom is said only with `pairs=True`, for readers who may see pairings of
everybody concerned; to all others it simply does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.facts import DAYS
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.words import Mode
from footbridge.kit.access import Actor

from .. import words
from .rows import Rows

KINDS: Mapping[str, Any] = {
    "process": gettext_lazy("process group"),
    "curriculum": gettext_lazy("course"),
    "skills": gettext_lazy("skills group"),
    "education": gettext_lazy("education group"),
    "relapse_prevention": gettext_lazy("relapse prevention group"),
    "peer": gettext_lazy("peer group"),
    "support": gettext_lazy("support group"),
    "practice": gettext_lazy("practice group"),
    "complementary": gettext_lazy("complementary group"),
    "family_group": gettext_lazy("family and friends group"),
    "multi_family": gettext_lazy("multi-family group"),
    "individual": gettext_lazy("individual hour"),
    "family": gettext_lazy("family hour"),
    "medication": gettext_lazy("medication visit"),
}
CONDITIONS: Mapping[str, Any] = {
    "mood": gettext_lazy("mood"),
    "anxiety": gettext_lazy("anxiety"),
    "trauma": gettext_lazy("trauma"),
    "trauma_anxiety": gettext_lazy("trauma and anxiety"),
    "substance_use": gettext_lazy("substance use"),
    "dual": gettext_lazy("both mental health and substance use"),
    "eating": gettext_lazy("eating"),
}
# To whoever may not see pairings, these say only that it does not fit.
SECRET = frozenset({"breach.must_not_meet", "rule.apart", "rule.not_staff", "wish.together"})

_SAID: Mapping[str, Any] = {
    "not.site": gettext_lazy("{group} is held at another site."),
    "not.track": gettext_lazy("{group} belongs to another track."),
    "not.needed": gettext_lazy("{client} needs no {kind}."),
    "not.condition": gettext_lazy("{group} is for another condition: {condition}."),
    "not.mode": gettext_lazy("{group} meets another way than {client} asked for."),
    "not.language": gettext_lazy("{group} is held in another language."),
    "not.closed": gettext_lazy("{group} takes nobody new."),
    "not.heard": gettext_lazy("{client} has had lesson {lesson} of {group}."),
    "unmet.need": gettext_lazy("{client}: {missing} of {count} missing: {kind}."),
    "unmet.cut": gettext_lazy("{client}: an hour of their group is not held."),
    "unmet.hours": gettext_lazy("{client} is {short} short of {minutes} a week."),
    "unmet.days": gettext_lazy("{client} comes on fewer days than the {days} a week asked for."),
    "unmet.short_day": gettext_lazy("{client} has days with less than {minutes}."),
    "unmet.days_off": gettext_lazy("{client} has more than {days} days in a row without care."),
    "wish.primary": gettext_lazy("{client} sees somebody else than their own therapist, {staff}."),
    "wish.same_group": gettext_lazy("{client} is not in {group} this week."),
    "wish.prefers": gettext_lazy("{client} would like {group}."),
    "wish.avoids": gettext_lazy("{client} would rather not be in {group}."),
    "wish.together": gettext_lazy("{client} and {other} share no group."),
    "wish.gap": gettext_lazy("{client} waits between two sessions on {day}."),
    "wish.single": gettext_lazy("{client} comes on {day} for one session only."),
    "wish.topic": gettext_lazy("{client} has the same topic twice on {day}."),
    "economy.held": gettext_lazy("{group} is held."),
    "economy.thin": gettext_lazy("{group} has only {people} people."),
    "economy.crowded": gettext_lazy("{group} has {people} people."),
    "economy.load": gettext_lazy("{staff} has the fullest week, {hours} hours."),
    "moved.person": gettext_lazy("{client} gets another week."),
    "moved.meeting": gettext_lazy("An hour of {group} moves or is not held."),
    "moved.leader": gettext_lazy("An hour of {group} has another leader."),
    "breach.unknown": gettext_lazy("Something here is not known any more."),
    "breach.twice_member": gettext_lazy("{about} stands twice in {group}."),
    "breach.twice_at_once": gettext_lazy("{about} is booked twice at once."),
    "breach.travel": gettext_lazy("{about} needs {minutes} minutes to travel between {one} and {other}."),
    "breach.closed_day": gettext_lazy("The site is closed then."),
    "breach.staff_hours": gettext_lazy("{about} is not at work: {at}."),
    "breach.room_hours": gettext_lazy("{about} cannot be used: {at}."),
    "breach.client_hours": gettext_lazy("{about} said they cannot come: {at}."),
    "breach.meeting_twice": gettext_lazy("An hour of {about} stands twice."),
    "breach.not_held": gettext_lazy("{about} has people and is not held."),
    "breach.pattern": gettext_lazy("{about} is held at another time than planned."),
    "breach.bundle_days": gettext_lazy("{about} meets twice on one day."),
    "breach.too_few": gettext_lazy("{about} has {people} people and needs {least}."),
    "breach.too_many": gettext_lazy("{about} has {people} people and takes {most}."),
    "breach.not_qualified": gettext_lazy("{about} may not lead this by what stands on their working week."),
    "breach.no_room": gettext_lazy("{about} has no room."),
    "breach.wrong_room": gettext_lazy("{about} is another kind of room."),
    "breach.room_too_small": gettext_lazy("{about} has {seats} seats for the {people} people of {group}."),
    "breach.other_track": gettext_lazy("{about} belongs to another track than {group}."),
    "breach.other_condition": gettext_lazy("{group} is for another condition than {about} is treated for."),
    "breach.other_mode": gettext_lazy("{about} asked to come another way."),
    "breach.other_language": gettext_lazy("{about} does not share the language."),
    "breach.closed_group": gettext_lazy("{group} takes nobody new."),
    "breach.must_not_meet": gettext_lazy("{about} must not meet {other}."),
    "breach.too_many_groups": gettext_lazy("{about} has more than {most}: {kind}."),
    "breach.lesson_twice": gettext_lazy("{about} would have a lesson twice."),
    "breach.lesson_order": gettext_lazy("{about} would have lessons out of order."),
    "breach.visit_not_asked": gettext_lazy("{about} has one more {kind} than asked for."),
    "breach.visit_length": gettext_lazy("{about}: the {kind} has another length than asked for."),
    "breach.visit_twice_a_day": gettext_lazy("{about} has two of one kind on one day: {kind}."),
    "breach.mixed_modes": gettext_lazy("{about} comes in person and by video on {day}."),
    "breach.long_day": gettext_lazy("{about} has more than {most} on {day}."),
    "breach.long_week": gettext_lazy("{about} has {minutes} this week, at most {most}."),
    "breach.groups_a_day": gettext_lazy("{about} leads more than {most} groups on {day}."),
    "breach.caseload": gettext_lazy("{about} sees {people} people, at most {most}."),
    "breach.kept": gettext_lazy("{about}: something that was promised is gone."),
    "rule.free": gettext_lazy("{client} can come only at certain hours on {day}."),
    "rule.away": gettext_lazy("{client} cannot come on {day}."),
    "rule.full": gettext_lazy("Full, {kind}: {which}."),
    "rule.not_held": gettext_lazy("Not held, {kind}: {which}."),
    "rule.staff_busy": gettext_lazy("Working hours and full diaries, {kind}: {which}."),
    "rule.caseload": gettext_lazy("Full caseloads, {kind}: {which}."),
    "rule.office": gettext_lazy("Every office is taken at some of the hours."),
    "rule.apart": gettext_lazy("{client} must not meet somebody in {group}."),
    "rule.not_staff": gettext_lazy("{client} must not meet {staff}."),
    "rule.long_day": gettext_lazy("{client} has at most {most} a day."),
    "rule.mixed_modes": gettext_lazy("{client} does not come in person and by video on one day."),
    "rule.one_place": gettext_lazy("{client} cannot be in two places at once."),
    "rule.wanted": gettext_lazy("{client} is to have {count}: {kind}."),
    "rule.hours": gettext_lazy("{client} is to have {minutes} a week."),
    "rule.days": gettext_lazy("{client} is to come on {days} days."),
    "rule.lessons": gettext_lazy("Lessons come in order, and none twice."),
    "change.seat": gettext_lazy("One more place in {group}."),
    "change.hold": gettext_lazy("Hold {group}."),
    "change.client": gettext_lazy("{client} can come on {day} from {start} to {end}."),
    "change.staff": gettext_lazy("{staff} on {day} from {start} to {end}."),
    "change.caseload": gettext_lazy("One more person for {staff}."),
    "change.office": gettext_lazy("One more office on {day} from {start} to {end}."),
    "offer.complete": gettext_lazy("Everything needed fits."),
    "offer.missing": gettext_lazy("Missing, {kind}: {count}."),
    "offer.minutes": gettext_lazy("{minutes} on {days} days."),
    "offer.own_therapist": gettext_lazy("Individual hours with their own therapist, {staff}."),
    "offer.other_therapist": gettext_lazy("Individual hours with {staff}."),
    "offer.track": gettext_lazy("In the track {track}."),
    "offer.nobody_moves": gettext_lazy("Nobody else moves."),
    "repair.cover": gettext_lazy("{staff} leads {group} on {day}, {start}."),
    "repair.room": gettext_lazy("{group} meets in {room} on {day}, {start}."),
    "repair.moved": gettext_lazy("{group} moves from {day}, {start}, to {to_day}, {to_start}."),
    "repair.cancelled": gettext_lazy("{group} is not held on {day}, {start}."),
    "repair.joined": gettext_lazy("{client} goes to {group} this week."),
    "repair.left": gettext_lazy("{client} does not come to {group} this week."),
    "repair.visit_moved": gettext_lazy("{client}: the {kind} moves from {day}, {start}, to {to_day}, {to_start}, with {staff}."),
    "repair.visit_cancelled": gettext_lazy("{client}: no {kind} this week."),
    "repair.visit_added": gettext_lazy("{client}: {kind} on {day}, {start}, with {staff}."),
    "told.staff_lead": gettext_lazy("Leads {group} on {day}, {start}."),
    "told.staff_not_lead": gettext_lazy("Does not lead {group} on {day}, {start}."),
    "told.staff_visit": gettext_lazy("Sees {client} on {day}, {start}."),
    "told.staff_no_visit": gettext_lazy("Does not see {client} on {day}, {start}."),
    "waiting.fits": gettext_lazy("{client} fits {track}."),
    "waiting.missing": gettext_lazy("Would still miss {missing}."),
}
_LENGTHS = {"unmet.hours": ("short", "minutes"), "unmet.short_day": ("minutes",), "breach.long_day": ("most",), "breach.long_week": ("minutes", "most"),
            "rule.long_day": ("most",), "rule.hours": ("minutes",), "offer.minutes": ("minutes",)}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What the reader calls everybody and everything."""

    by_code: Mapping[str, str]

    @classmethod
    def of(cls, actor: Actor, rows: Rows) -> Names:
        """People by the name they use where the reader may know of them, else as somebody."""
        known = Episode.objects.visible_to(actor).filter(pk__in=[e.pk for e in rows.episodes.values()]).values_list("uid", flat=True)
        seen = {str(uid) for uid in known}
        people = {code: e.client.person.name_used if code in seen else _("Somebody") for code, e in rows.episodes.items()}
        tracks = {str(g.track.uid): g.track.name for g in rows.groups.values()}
        return cls(rows.names() | people | tracks | {str(rows.site.uid): rows.site.name})

    def __call__(self, code: object) -> str:
        return str(self.by_code.get(str(code), code))


def said(sentence: Sentence, names: Names, *, pairs: bool = False) -> str:
    """A sentence of the engine in the reader's language."""
    code, given = sentence.code, dict(sentence.params)
    if code in SECRET and not pairs:
        return _("It does not fit.")
    if code == "offer.moves":
        n = int(str(given["people"]))
        return ngettext("%(n)d other person moves.", "%(n)d other people move.", n) % {"n": n}
    if code == "waiting.urgency":
        n = int(str(given["days"]))
        return ngettext("Waiting for %(n)d day.", "Waiting for %(n)d days.", n) % {"n": n}
    for name in ("client", "group", "staff", "room", "track", "about", "other", "site", "which"):
        if name in given:
            value = given[name]
            given[name] = ", ".join(map(names, value)) if isinstance(value, (list, tuple)) else names(value)
    for name in _LENGTHS.get(code, ()):
        given[name] = words.length(int(str(given[name])))
    for name, into in (("weekday", "day"), ("to_weekday", "to_day")):
        day = given.get(name)
        if isinstance(day, int):
            given[into] = words.WEEKDAYS[day]
    for name in ("start", "end", "to_start"):
        minute = given.get(name)
        if isinstance(minute, int):
            given[name] = clock(minute)
    for name, known in (("kind", KINDS), ("condition", CONDITIONS)):
        if name in given:
            given[name] = known.get(str(given[name]), str(given[name]).replace("_", " "))
    if "at" in given:
        given["at"] = _when(str(given["at"]))
    if "mode" in given:
        given["mode"] = Mode(str(given["mode"])).label
    return str(_SAID[code]).format(**given) if code in _SAID else _("It does not fit.")


def clock(minute: int) -> str:
    return words.clock(time(minute // 60 % 24, minute % 60))


def _when(span: str) -> str:
    """ "mon 09:00-09:50", as the engine writes a span, in words."""
    day, _sep, hours = span.partition(" ")
    starts, _sep, ends = hours.partition("-")
    return f"{words.WEEKDAYS[DAYS.index(day)]}, {words.span(time.fromisoformat(starts), time.fromisoformat(ends))}"
