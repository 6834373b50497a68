"""First come, first placed: which tracks fit one person's free hours, with an individual slot, and what stands in the
way of the others. The quick answer at the desk; `building` and `placing` look at everybody.

First fit, honest and deterministic. One offer per track; each says the hours it comes to, whether that
meets the program's rule, and why anything was left out. Places taken between asking and booking are refused by the
database, not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from footbridge.engines.hours import Floating, HoursRule, HoursVerdict, Service, Week, check, count_week
from footbridge.engines.sentence import Sentence, render


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly span; `weekday` 0 is Monday, `end` exclusive."""

    weekday: int
    start: time
    end: time

    def overlaps(self, other: Slot) -> bool:
        return self.weekday == other.weekday and self.start < other.end and other.start < self.end

    def within(self, other: Slot) -> bool:
        return self.weekday == other.weekday and other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, slots=True)
class Section:
    """A group with all its weekly meetings: a person attends all of them or none.

    `one_of` names parallel groups of which a person attends one. `required`: part of every week of the track. `focus`
    is the condition it is for ("general" for all). `seats_left` 0 is full. `counts` False: no payer counts it.
    """

    code: str
    track: str
    kind: str
    slots: tuple[Slot, ...]
    seats_left: int
    focus: str = "general"
    one_of: str = ""
    required: bool = True
    counts: bool = True
    mode: str = "in_person"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class IndividualSlot:
    """A free weekly slot of a staff member."""

    staff: str
    slot: Slot
    mode: str = "in_person"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person brings. `free` are the hours they can come; `commitments` are booked hours that stay. `focus`
    orders their conditions, most important first. `modes` empty: any."""

    free: tuple[Slot, ...]
    commitments: tuple[Slot, ...] = ()
    focus: tuple[str, ...] = ()
    modes: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ("en",)
    staff: tuple[str, ...] = ()
    apart_from: frozenset[str] = frozenset()  # codes of groups they must not be in
    wants_individual: bool = True
    individual_minutes: int = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """One track that could be taken. `fits`: every required part is there. `verdict` is the hours rule's answer for
    the week.

    `left_out` says for each missing part why; `reasons` why the offer stands where it does.
    """

    track: str
    sections: tuple[Section, ...]
    individual: IndividualSlot | None
    week: Week
    verdict: HoursVerdict | None
    fits: bool
    left_out: tuple[Sentence, ...]
    reasons: tuple[Sentence, ...]

    @property
    def meets_hours(self) -> bool:
        return self.verdict is None or self.verdict.met


def offers(
    wish: Wish, sections: Iterable[Section], individual: Iterable[IndividualSlot], rule: HoursRule | None = None
) -> tuple[Offer, ...]:
    """One offer per track, best first: complete ones that meet the hours, then complete ones, then by hours and days.

    Same input, same order: ties fall to the track's code.
    """
    by_track: dict[str, list[Section]] = {}
    for section in sections:
        by_track.setdefault(section.track, []).append(section)
    free_slots = sorted(individual, key=_when)
    made = [_offer(track, wish, parts, free_slots, rule) for track, parts in by_track.items()]
    return tuple(sorted(made, key=_rank))


def week_of(
    sections: Sequence[Section], individual: IndividualSlot | None = None, floating: Iterable[Floating] = ()
) -> Week:
    """The hours a set of groups and an individual slot come to."""
    services = [Service(s.weekday, s.start, s.end, p.kind, counts=p.counts) for p in sections for s in p.slots]
    if individual is not None:
        slot = individual.slot
        services.append(Service(slot.weekday, slot.start, slot.end, "individual"))
    return count_week(services, floating)


def why_not(section: Section, wish: Wish, taken: Sequence[Slot] = ()) -> Sentence | None:
    """The first thing that stands in the way of a group for a person, or None when it fits."""
    params: dict[str, object] = {"group": section.code}
    if section.code in wish.apart_from:
        return Sentence("left_out.apart", params)
    if section.seats_left <= 0:
        return Sentence("left_out.full", params)
    if section.focus != "general" and wish.focus and section.focus not in wish.focus:
        return Sentence("left_out.focus", {**params, "focus": section.focus})
    if section.language not in wish.languages:
        return Sentence("left_out.language", {**params, "language": section.language})
    if wish.modes and section.mode not in wish.modes:
        return Sentence("left_out.mode", {**params, "mode": section.mode})
    for slot in section.slots:
        at = {**params, "weekday": slot.weekday, "start": f"{slot.start:%H:%M}", "end": f"{slot.end:%H:%M}"}
        if not any(slot.within(free) for free in _joined(wish.free)):
            return Sentence("left_out.not_free", at)
        if any(slot.overlaps(other) for other in wish.commitments):
            return Sentence("left_out.committed", at)
        if any(slot.overlaps(other) for other in taken):
            return Sentence("left_out.at_once", at)
    return None


def _offer(
    track: str, wish: Wish, parts: Sequence[Section], free_slots: Sequence[IndividualSlot], rule: HoursRule | None
) -> Offer:
    chosen: list[Section] = []
    left_out: list[Sentence] = []
    complete = True
    for choice in _choices(parts):
        taken = [slot for section in chosen for slot in section.slots]
        fitting = [s for s in choice if why_not(s, wish, taken) is None]
        needed = any(s.required for s in choice)
        if fitting and needed:
            chosen.append(min(fitting, key=lambda s: _preference(s, wish)))
        elif needed:
            complete = False
            left_out += [reason for s in choice if (reason := why_not(s, wish, taken))]
    slot = _individual(wish, chosen, free_slots)
    if wish.wants_individual and slot is None:
        left_out.append(Sentence("left_out.no_individual", {"track": track}))
    counted = week_of(chosen, slot)
    verdict = check(counted, rule) if rule else None
    fits = complete and bool(chosen) and (slot is not None or not wish.wants_individual)
    return Offer(
        track,
        tuple(chosen),
        slot,
        counted,
        verdict,
        fits,
        tuple(left_out),
        tuple(_because(fits, counted, verdict, slot, wish)),
    )


def _choices(parts: Sequence[Section]) -> list[list[Section]]:
    """The parts of a track: each alone, or with the parallel groups of which one is attended. Process groups come
    first.
    """
    bundles: dict[str, list[Section]] = {}
    for section in sorted(parts, key=lambda s: s.code):
        bundles.setdefault(section.one_of or f"={section.code}", []).append(section)
    return sorted(bundles.values(), key=lambda b: (min(_KINDS.get(s.kind, 9) for s in b), b[0].code))


_KINDS = {"process": 0, "skills": 1, "education": 2, "relapse_prevention": 3, "family": 4, "peer": 5}


def _preference(section: Section, wish: Wish) -> tuple[int, int, int, str]:
    focus = wish.focus.index(section.focus) if section.focus in wish.focus else len(wish.focus)
    language = wish.languages.index(section.language) if section.language in wish.languages else len(wish.languages)
    return focus, language, -section.seats_left, section.code


def _individual(wish: Wish, chosen: Sequence[Section], free_slots: Sequence[IndividualSlot]) -> IndividualSlot | None:
    if not wish.wants_individual:
        return None
    taken = [*wish.commitments, *(slot for section in chosen for slot in section.slots)]
    free = _joined(wish.free)
    possible = [
        i
        for i in free_slots
        if _minutes(i.slot) >= wish.individual_minutes
        and (not wish.staff or i.staff in wish.staff)
        and (not wish.modes or i.mode in wish.modes)
        and any(i.slot.within(span) for span in free)
        and not any(i.slot.overlaps(other) for other in taken)
    ]
    return min(possible, key=lambda i: _nearness(i, wish, chosen), default=None)


def _nearness(i: IndividualSlot, wish: Wish, chosen: Sequence[Section]) -> tuple[int, int, int, int, str]:
    """Own therapist first; then a day they come anyway, as close to their groups as may be."""
    same_day = [s for section in chosen for s in section.slots if s.weekday == i.slot.weekday]
    gaps = [min(abs(_at(i.slot.start) - _at(s.end)), abs(_at(s.start) - _at(i.slot.end))) for s in same_day]
    own = wish.staff.index(i.staff) if i.staff in wish.staff else len(wish.staff)
    return own, min(gaps, default=24 * 60), i.slot.weekday, _at(i.slot.start), i.staff


def _because(
    fits: bool, week: Week, verdict: HoursVerdict | None, slot: IndividualSlot | None, wish: Wish
) -> Iterable[Sentence]:
    yield Sentence("offer.complete" if fits else "offer.incomplete")
    yield Sentence("offer.hours", {"minutes": week.therapeutic_minutes, "days": week.service_days})
    if verdict is not None:
        code = "offer.meets_rule" if verdict.met else "offer.short_of_rule"
        yield Sentence(code, {"rule": verdict.name, "short_by": verdict.short_by_minutes})
    if slot is not None and slot.staff in wish.staff[:1]:
        yield Sentence("offer.own_therapist", {"staff": slot.staff})


def _rank(offer: Offer) -> tuple[bool, bool, int, int, str]:
    return (
        not (offer.fits and offer.meets_hours),
        not offer.fits,
        -offer.week.therapeutic_minutes,
        -offer.week.service_days,
        offer.track,
    )


def _joined(free: Sequence[Slot]) -> list[Slot]:
    """Free hours that touch become one span, so that a group may lie across two of them."""
    out: list[Slot] = []
    for slot in sorted(free, key=lambda s: (s.weekday, s.start)):
        if out and out[-1].weekday == slot.weekday and slot.start <= out[-1].end:
            out[-1] = Slot(slot.weekday, out[-1].start, max(out[-1].end, slot.end))
        else:
            out.append(slot)
    return out


def _when(i: IndividualSlot) -> tuple[int, time, str]:
    return i.slot.weekday, i.slot.start, i.staff


def _minutes(slot: Slot) -> int:
    return _at(slot.end) - _at(slot.start)


def _at(at: time) -> int:
    return at.hour * 60 + at.minute


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ENGLISH = {
    "left_out.apart": "{group}: must not be in this group.",
    "left_out.full": "{group}: full.",
    "left_out.focus": "{group}: is for {focus}.",
    "left_out.language": "{group}: is held in {language}.",
    "left_out.mode": "{group}: is {mode}.",
    "left_out.not_free": "{group}: {day} {start} to {end} is not free.",
    "left_out.committed": "{group}: {day} {start} to {end} is already booked.",
    "left_out.at_once": "{group}: {day} {start} to {end} meets another group of the week.",
    "left_out.no_individual": "No individual slot fits.",
    "offer.complete": "Every part of the week fits.",
    "offer.incomplete": "A part of the week does not fit.",
    "offer.hours": "{minutes} minutes on {days} days.",
    "offer.meets_rule": "Meets {rule}.",
    "offer.short_of_rule": "{short_by} minutes short of {rule}.",
    "offer.own_therapist": "Individual sessions with the own therapist.",
}


def english(sentence: Sentence) -> str:
    weekday = sentence.params.get("weekday")
    day = {"day": _DAYS[weekday]} if isinstance(weekday, int) else {}
    return render(Sentence(sentence.code, {**sentence.params, **day}), _ENGLISH)


def codes() -> tuple[str, ...]:
    return tuple(_ENGLISH)
