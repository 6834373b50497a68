"""Groups in the model: held or not, when, who leads, where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from footbridge.engines.timetabling.facts import (
    Group,
    Meeting,
    Pattern,
    Span,
)
from footbridge.engines.timetabling.model.ledger import Ledger


class Held(Ledger):
    def _groups(self) -> None:
        standing: dict[str, dict[int, Span]] = defaultdict(dict)
        for m in self.standing:
            standing[m.group][m.number] = m.span
        for g in self.facts.groups:
            if g.code in standing:
                length = max(len(p) for p in g.patterns)
                self.times[g.code] = [(tuple(standing[g.code].get(n) for n in range(length)), 1)]
        now = self.base.meetings_of
        kept: dict[str, list[Meeting]] = defaultdict(list)
        for m in self.facts.kept.meetings:
            kept[m.group].append(m)
        for g in self.open_groups:
            held = {m.number: m for m in now.get(g.code, ())}
            self.times[g.code] = []
            for p, pattern in enumerate(g.patterns):
                if any(m.number >= len(pattern) or pattern[m.number] != m.span for m in kept[g.code]):
                    continue
                self._pattern(g, p, pattern, held, {m.number: m for m in kept[g.code]})
            if len(self.times[g.code]) > 1:
                self.model.add_at_most_one(y for _, y in self.times[g.code])
            if kept[g.code] or g.code in self.scope.still:
                self.model.add(sum(y for _, y in self.times[g.code]) == 1)

    def _pattern(
        self, g: Group, p: int, pattern: Pattern, held: Mapping[int, Meeting], kept: Mapping[int, Meeting]
    ) -> None:
        """A group at one of its times: held or not, by whom, where."""
        slots = [(n, span) for n, span in enumerate(pattern) if span is not None]
        here = bool(held) and {n: m.span for n, m in held.items()} == dict(slots)
        if g.code in self.scope.still and not here:
            return
        apart = {s for c in self.others.get(g.code, ()) for s in self.facts.client[c].not_staff}
        parts = [[slot] for slot in slots] if self.scope.split else [slots]
        choices = []
        for part in () if self.alone else parts:
            spans = [s for _, s in part]
            alone: Pattern = tuple(spans)
            leaders = [s for s in self.fit.leaders(g.code, alone) if self._free("staff", s, spans) and s not in apart]
            rooms = [r for r in self.fit.rooms(g.code, alone) if r == "" or self._free("room", r, spans)]
            for n, _ in part:
                if n in kept:
                    leaders = [s for s in leaders if s == kept[n].leader]
                    rooms = [r for r in rooms if r == kept[n].room]
            if not leaders or not rooms:
                return
            choices.append((part, leaders, rooms))
        index = len(self.times[g.code])
        y = self._bool()
        self.hints.append((y, int(here)))
        self.times[g.code].append((pattern, y))
        for part, leaders, rooms in choices:
            first = part[0][0]
            for names, store, what in ((leaders, self.lead, "staff"), (rooms, self.where, "room")):
                variables = []
                for name in names:
                    x = y if len(names) == 1 else self._bool()
                    if len(names) > 1:
                        there = here and (held[first].leader if what == "staff" else held[first].room) == name
                        self.hints.append((x, int(there)))
                        variables.append(x)
                    for n, span in part:
                        store[g.code][index, n, name] = x
                        if name:
                            self.taken[what, name].append((span, x))
                if variables:
                    self.model.add(sum(variables) == y)
