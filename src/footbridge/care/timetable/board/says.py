"""Conflicts and changes in words: what, what would mend it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.ground.program.words import Mode

from .. import words
from ..words import SessionKind
from .checks import Conflict, Elsewhere, World
from .plan import Meets, Sees
from .words import LEVELS, joined


@dataclass(frozen=True)
class Names:
    """The people a reader may know of, by episode. Others are only counted."""

    of: Mapping[int, str] = field(default_factory=dict)

    def who(self, episodes: Iterable[int]) -> str:
        """Ana and 3 others"""
        known = [self.of[e] for e in sorted(episodes) if e in self.of]
        rest = len(list(episodes)) - len(known)
        parts: list[object] = list(known[:4])
        rest += max(0, len(known) - 4)
        if not known:
            return ngettext("%(n)d person", "%(n)d people", rest) % {"n": rest}
        if rest:
            parts.append(ngettext("%(n)d other", "%(n)d others", rest) % {"n": rest})
        return joined(parts)


@dataclass(frozen=True)
class Told:
    """One conflict as a page shows it."""

    conflict: Conflict
    sentence: str
    mend: str = ""

    @property
    def hard(self) -> bool:
        return self.conflict.hard

    @property
    def price(self) -> str:
        if not self.conflict.price:
            return ""
        return _("Price: %(price)d in “%(level)s”") % {"price": self.conflict.price, "level": LEVELS[self.conflict.level]}


def tell(found: Iterable[Conflict], world: World, names: Names | None = None) -> list[Told]:
    """Every conflict in words. The same warning about several people is said once, with how many."""
    names = names or Names()
    out: list[Told] = []
    several: dict[tuple[object, ...], list[Conflict]] = {}
    for one in found:
        several.setdefault(_alike(one), []).append(one)
    for same in several.values():
        people = frozenset(e for one in same for e in one.people)
        sentence, mend = _words(same[0], world, names, people)
        out.append(Told(_sum(same, people), sentence.replace("..", "."), mend))
    return out


def _alike(one: Conflict) -> tuple[object, ...]:
    """Warnings that differ only in the person are one."""
    if one.code in ("outside_free_hours", "other_mode", "closed_group"):
        return (one.code, *one.about[1:]) if one.code != "closed_group" else (one.code, one.about[0])
    if one.code == "ask_director":
        return (one.code, *one.about)
    if one.code in ("mixed_modes",):
        return (one.code, one.about[1])
    if one.code == "short":
        return (one.code, one.about[1])
    if one.code == "closed_day":
        return (one.code, one.about[1])
    return one.key


def _sum(same: Sequence[Conflict], people: frozenset[int]) -> Conflict:
    first = same[0]
    if len(same) == 1:
        return first
    return Conflict(
        first.code, first.about, first.hard, first.goal, sum(c.times for c in same), sum(c.price for c in same),
        frozenset(m for c in same for m in c.meetings), people, first.staff, first.room, first.params,
    )  # fmt: skip


def staff_name(world: World, pk: int | None) -> str:
    found = world.staff.get(pk or 0)
    return found.name if found else ""


def room_name(world: World, pk: int | None) -> str:
    found = world.rooms.get(pk or 0)
    return found.name if found else ""


def hour(one: Any, world: World, names: Names | None = None) -> str:
    """Morning process group, Monday 9:00 a.m. – 9:50 a.m."""
    if isinstance(one, Meets):
        group = world.groups.get(one.group)
        what = group.name if group else _("a group")
    elif isinstance(one, Sees):
        kind = str(SessionKind(one.kind).label).lower()
        known = (names or Names()).of.get(one.episode)
        what = _("%(kind)s hour of %(who)s") % {"kind": kind, "who": known} if known else _("%(kind)s hour") % {"kind": kind}
    elif isinstance(one, Elsewhere):
        what = one.what
    else:
        return ""
    return _("%(what)s, %(day)s %(span)s") % {
        "what": what, "day": words.WEEKDAYS[one.weekday], "span": words.span(one.starts, one.ends),
    }  # fmt: skip


def _words(c: Conflict, world: World, names: Names, people: frozenset[int]) -> tuple[str, str]:
    group: Any = c.param("group")
    facts: dict[str, Any] = {
        "staff": staff_name(world, c.staff) or _("Somebody who works here no more"),
        "room": room_name(world, c.room) or _("The room"),
        "who": names.who(people),
        "n": len(people),
        "group": world.groups[group].name if group in world.groups else _("The group"),
        "one": hour(c.param("one"), world, names),
        "other": hour(c.param("other"), world, names),
        **{k: v for k, v in c.params if k not in ("group", "one", "other")},
    }
    match c.code:
        case "staff_twice" | "staff_elsewhere":
            return _("%(staff)s would be in two places at once: %(one)s, and %(other)s.") % facts, _("Choose another leader or another hour.")
        case "room_twice" | "room_elsewhere":
            return _("%(room)s would be used twice at once: %(one)s, and %(other)s.") % facts, _("Choose another room or another hour.")
        case "group_twice":
            return _("%(group)s would meet twice at once: %(one)s, and %(other)s.") % facts, _("Choose another hour.")
        case "person_twice" | "person_elsewhere":
            return _("%(who)s would be in two places at once: %(one)s, and %(other)s.") % facts, _(
                "Choose another hour, or change the groups of this person first."
            )
        case "travel":
            facts["minutes"] = world.travel_minutes
            return _("%(staff)s has fewer than %(minutes)d minutes to get from one site to the other: %(one)s, and %(other)s.") % facts, _(
                "Leave more time between them, or hold one by video."
            )
        case "may_not_lead":
            return _("%(staff)s may not lead groups on that day: no clinical role.") % facts, _("Choose a therapist, a prescriber or intake.")
        case "may_not_visit":
            return _("%(staff)s may not give this visit: %(one)s.") % facts, _("Choose somebody whose role it is.")
        case "room_at_another_site":
            return _("%(room)s is at another site: %(one)s.") % facts, _("Choose a room of this site.")
        case "over_most":
            return _("%(group)s would have %(people)d people; it takes %(most)d.") % facts, _("Give somebody another group.")
        case "over_cap":
            return _("%(group)s would have %(people)d people; here at most %(most)d are allowed (%(source)s).") % facts, _(
                "Give somebody another group."
            )
        case "room_small":
            return _("%(room)s has %(seats)d seats for %(people)d people: %(one)s.") % facts, _("Choose a larger room.")
        case "closed_group":
            return _("%(group)s is a closed group and has begun. It takes nobody new.") % facts, _("Choose an open group.")
        case "must_not_meet":
            return _("Two people of %(group)s are kept apart by a decision of the program.") % facts, _("Give one of them another group.")
        case "ask_director":
            return _("Something stands against %(group)s as it is.") % facts, _("Ask the director.")
        case "nobody_leads":
            return _("Nobody leads %(one)s. It is not held for anybody.") % facts, _("Choose a leader.")
        case "no_room":
            return _("%(one)s has no room.") % facts, _("Choose a room, or hold it by video.")
        case "below_least":
            return _("%(group)s has %(people)d people; %(least)d are the least.") % facts, ""
        case "not_held":
            return ngettext("%(group)s is not held, and %(n)d person has a place in it.", "%(group)s is not held, and %(n)d people have a place in it.", len(people)) % facts, _(
                "Hold it, or give them another group."
            )
        case "outside_free_hours":
            return _("%(one)s is outside the hours in which %(who)s can come.") % facts, _("Ask them first.")
        case "other_mode":
            one = c.param("one")
            facts["mode"] = str(Mode(one.mode).label).lower() if isinstance(one, (Meets, Sees)) else ""
            return _("%(who)s asked for another way of coming than %(mode)s: %(one)s.") % facts, _("Ask them first.")
        case "mixed_modes":
            facts["day"] = words.WEEKDAYS[int(str(c.param("weekday")))]
            return _("%(who)s would come in person and by video on %(day)s.") % facts, ""
        case "short":
            return _("%(who)s: %(said)s") % {**facts, "said": words.check_said(c.param("check"))}, ""  # type: ignore[arg-type]
        case "closed_day":
            return _("%(on)s the site is closed: %(reason)s.") % {**facts, "on": words.day(c.param("on"))}, ""  # type: ignore[arg-type]
        case "away":
            facts["on"] = words.day(c.param("first"))  # type: ignore[arg-type]
            return _("%(staff)s is away from %(on)s: %(one)s.") % facts, ""
        case _:
            return c.code, ""


# ------------------------------------------------------------------ changes


def by_video(room: str, said: str = "") -> str:
    """By video, Call 4. A room that has the word in its name says it itself: Video room 4."""
    said = said or _("By video")
    if not room:
        return said
    return room if _("video") in room.casefold() else f"{said}, {room}"


def meets_said(one: Meets, world: World) -> str:
    """Monday 9:00 a.m. – 9:50 a.m., Bo, Blue room"""
    if not one.held:
        return _("not held")
    leader = staff_name(world, one.leader) or _("nobody leads")
    room = room_name(world, one.room)
    where = by_video(room, _("by video")) if one.mode == "video" else room
    when = f"{words.WEEKDAYS[one.weekday]} {words.span(one.starts, one.ends)}"
    return ", ".join(part for part in (when, leader, where) if part)


def sees_said(one: Sees | None, world: World) -> str:
    if one is None:
        return _("none")
    staff = staff_name(world, one.staff)
    where = _("by video") if one.mode == "video" else room_name(world, one.room)
    when = f"{words.WEEKDAYS[one.weekday]} {words.span(one.starts, one.ends)}"
    often = _("every %(n)d weeks") % {"n": one.every_weeks} if one.every_weeks > 1 else ""
    return ", ".join(part for part in (str(SessionKind(one.kind).label), when, staff, where, often) if part)
