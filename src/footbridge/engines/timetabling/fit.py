"""Who may be where: the rules that concern one person and one thing, with the reason when they may not."""

from __future__ import annotations

from functools import lru_cache

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.facts import Client, Facts, Group, Need, Pattern, Room, Span, Staff, joined, without


class Fit:
    """The facts with what follows from them for each pair, remembered."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._free: dict[tuple[str, str], tuple[Span, ...]] = {}
        for s in facts.staff:
            self._free["staff", s.code] = self._open(s.site, s.free)
        for c in facts.clients:
            self._free["client", c.code] = self._open(c.site, c.free)
        for r in facts.rooms:
            always = tuple(Span(day, 0, 24 * 60) for day in range(7))
            self._free["room", r.code] = self._open(r.site, r.free or always)
        self.free = lru_cache(maxsize=None)(self._is_free)
        self.why_not = lru_cache(maxsize=None)(self._why_not)
        self.leaders = lru_cache(maxsize=None)(self._leaders)
        self.rooms = lru_cache(maxsize=None)(self._rooms)
        self.visitors = lru_cache(maxsize=None)(self._visitors)
        self.visit_spans = lru_cache(maxsize=None)(self._visit_spans)

    def _open(self, site: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        found = self.facts.site.get(site)
        closed = found.closed if found else frozenset()
        return joined(s for s in spans if s.day not in closed)

    def _is_free(self, what: str, code: str, span: Span) -> bool:
        """Does the span lie within the hours of "staff", "client" or "room" so-and-so?"""
        return any(span.within(free) for free in self._free[what, code])

    def free_spans(self, what: str, code: str) -> tuple[Span, ...]:
        return self._free[what, code]

    def free_for(self, what: str, code: str, pattern: Pattern) -> bool:
        return all(self.free(what, code, span) for span in pattern if span is not None)

    def _why_not(self, client_code: str, group_code: str) -> Sentence | None:
        """Why a client may not attend a group whenever it meets, or None. Times and seats are not looked at."""
        client, group = self.facts.client[client_code], self.facts.group[group_code]
        params: dict[str, object] = {"client": client.code, "group": group.code}
        if client.site != group.site:
            return Sentence("not.site", {**params, "site": group.site})
        if client.tracks and group.track and group.track not in client.tracks:
            return Sentence("not.track", {**params, "track": group.track})
        if not any(n.kind == group.kind for n in client.needs):
            return Sentence("not.needed", {**params, "kind": group.kind})
        if group.condition and group.condition not in client.conditions:
            return Sentence("not.condition", {**params, "condition": group.condition})
        if group.mode not in client.modes:
            return Sentence("not.mode", {**params, "mode": group.mode})
        if group.language not in client.languages:
            return Sentence("not.language", {**params, "language": group.language})
        if not group.open and client.code not in group.members:
            return Sentence("not.closed", params)
        if group.curriculum and group.lesson:
            if group.ordered:
                following = dict(client.next_lesson).get(group.curriculum, 1)
                if group.lesson < following:
                    return Sentence("not.heard", {**params, "lesson": group.lesson})
            elif (group.curriculum, group.lesson) in client.heard:
                return Sentence("not.heard", {**params, "lesson": group.lesson})
        return None

    def qualified(self, staff: Staff, group: Group) -> bool:
        return (
            staff.site == group.site
            and (not group.leaders or staff.code in group.leaders)
            and group.kind in staff.leads
            and (not group.condition or group.condition in staff.conditions)
            and (not group.credentials or bool(group.credentials & staff.credentials))
            and group.language in staff.languages
            and group.mode in staff.modes
        )

    def _leaders(self, group_code: str, pattern: Pattern) -> tuple[str, ...]:
        """Who may lead all meetings of a pattern."""
        group = self.facts.group[group_code]
        able = [s for s in self.facts.staff if self.qualified(s, group)]
        able = [s for s in able if self.free_for("staff", s.code, pattern)]
        if group.leaders:
            able.sort(key=lambda s: group.leaders.index(s.code))
        return tuple(s.code for s in able)

    def suits(self, room: Room, group: Group) -> bool:
        return (
            room.site == group.site
            and room.kind == group.room
            and room.seats >= group.least
            and group.equipment <= room.equipment
        )

    def _rooms(self, group_code: str, pattern: Pattern) -> tuple[str, ...]:
        """Rooms that suit all meetings of a pattern; ("",) when the group needs none."""
        group = self.facts.group[group_code]
        if not group.room:
            return ("",)
        fitting = [r for r in self.facts.rooms if self.suits(r, group) and self.free_for("room", r.code, pattern)]
        return tuple(r.code for r in sorted(fitting, key=lambda r: (abs(r.seats - group.most), r.code)))

    def _visitors(self, client_code: str, kind: str, mode: str) -> tuple[str, ...]:
        """Who may hold a visit with a client, the primary therapist first."""
        client = self.facts.client[client_code]
        able = [
            s.code
            for s in self.facts.staff
            if s.site == client.site
            and kind in s.visits
            and mode in s.modes
            and s.code not in client.not_staff
            and s.languages & set(client.languages)
        ]
        return tuple(sorted(able, key=lambda code: (code != client.primary, code)))

    def _visit_spans(self, client_code: str, minutes: int) -> tuple[Span, ...]:
        """When a visit of that length may lie for a client."""
        begins = self.facts.visit_blocks or self.facts.blocks
        spans = {Span(b.day, b.start, b.start + minutes) for b in begins}
        return tuple(sorted(s for s in spans if self.free("client", client_code, s)))

    def joinable(self, client: Client, group: Group) -> bool:
        return self.why_not(client.code, group.code) is None

    def offices(self, site: str, mode: str, span: Span | None = None) -> list[Room]:
        """Rooms where a visit can be held."""
        kind = "office" if mode == "in_person" else "video"
        rooms = [r for r in self.facts.rooms if r.site == site and r.kind == kind]
        return [r for r in rooms if span is None or self.free("room", r.code, span)]

    def visit_needs(self, client: Client) -> list[Need]:
        return [n for n in client.needs if n.kind in ("individual", "family", "medication")]

    def busy_free(self, client_code: str, taken: tuple[Span, ...]) -> tuple[Span, ...]:
        return without(self._free["client", client_code], taken)
