"""Mend a published week after something happened, moving as few people as possible.

Rings around the event, each opening more of the week than the one before: what broke and who could stand in; then
leaders and rooms of groups at the same hours; then the whole week of the people it touched; then their groups. The first ring that gives everybody back what
they had, moving nobody it did not have to, is the answer. Nobody is ever worse off who was not touched, and old
wishes are not mended on the way.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.facts import (
    REPAIR_ORDER,
    Facts,
    Group,
    Meeting,
    Pattern,
    Span,
    Visit,
    Week,
    without,
)
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import Desk
from footbridge.engines.timetabling.model import Model, Pin, Scope, everything, furnish, solver_missing
from footbridge.engines.timetabling.placing import TINY, needs
from footbridge.engines.timetabling.price import Priced, by_level, moved, of_client, prices

ALL_WEEK = tuple(Span(day, 0, 24 * 60) for day in range(7))


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. `what` is staff_out, room_lost, session_cancelled, client_hours, client_left or no_show_pattern;
    `code` names the member of staff, room, group or client. `spans` say when (empty: all week), are a client's new
    free hours, or the hours somebody regularly misses: they get others, if nothing is lost by it.
    `number` is the meeting of a cancelled session, from 0; None for all of them.
    """

    what: str
    code: str
    spans: tuple[Span, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who must be told, and what. `who` is "client" or "staff"."""

    who: str
    code: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Repair:
    """A mended week. `facts` are the facts after the event, by which the week may be checked. `lost` is what people
    had before and do not have now; none: `restored`. `ways` holds what it does: cover, room, move, cancel, merge,
    visit. `proven`: no mending that loses as little moves fewer people."""

    event: Event
    facts: Facts
    before: Week
    week: Week
    restored: bool
    lost: tuple[Priced, ...]
    moved: tuple[str, ...]
    touched: tuple[str, ...]
    ways: frozenset[str]
    steps: tuple[Sentence, ...]
    told: tuple[Told, ...]
    score: tuple[int, ...]
    ring: int
    how: str
    proven: bool
    seconds: float

    @property
    def freed(self) -> tuple[str, ...]:
        """Groups in which a seat came free that somebody who waits could have."""
        left = {g for g, _ in set(self.before.members) - set(self.week.members)}
        held = self.week.meetings_of
        return tuple(
            sorted(
                g
                for g in left & set(held)
                if len(self.week.members_of.get(g, ())) < len(self.before.members_of.get(g, ()))
            )
        )


def aftermath(facts: Facts, week: Week, event: Event) -> Facts:
    """The facts once the event has happened. Groups that broke may be held with a meeting left out or at another
    hour; other groups that are held stay at their time."""
    if event.what == "staff_out":
        out = event.spans or ALL_WEEK
        staff = tuple(replace(s, free=without(s.free, out)) if s.code == event.code else s for s in facts.staff)
        facts = replace(facts, staff=staff)
    elif event.what == "room_lost":
        out = event.spans or ALL_WEEK
        rooms = tuple(
            replace(r, free=without(r.free or ALL_WEEK, out) or (Span(6, 0, 1),)) if r.code == event.code else r
            for r in facts.rooms
        )
        facts = replace(facts, rooms=rooms)
    elif event.what == "client_hours":
        clients = tuple(replace(c, free=event.spans) if c.code == event.code else c for c in facts.clients)
        facts = replace(facts, clients=clients)
    elif event.what == "no_show_pattern":
        clients = tuple(
            replace(c, free=without(c.free, event.spans)) if c.code == event.code else c for c in facts.clients
        )
        facts = replace(facts, clients=clients)
    elif event.what == "client_left":
        clients = tuple(
            replace(c, free=(), needs=(), minutes_a_week=0, days_a_week=0, max_days_off=None, groups=frozenset())
            if c.code == event.code
            else c
            for c in facts.clients
        )
        facts = replace(facts, clients=clients)
    elif event.what != "session_cancelled":
        raise ValueError(
            f"{event.what} is not an event; use staff_out, room_lost, session_cancelled, client_hours, client_left or"
            " no_show_pattern"
        )
    broken = broken_meetings(facts, week, event)
    groups = []
    for g in facts.groups:
        held = week.meetings_of.get(g.code, ())
        if not held:
            groups.append(g)
            continue
        length = max(len(p) for p in g.patterns)
        by_number = {m.number: m.span for m in held}
        now: Pattern = tuple(by_number.get(n) for n in range(length))
        numbers = [m.number for m in broken if m.group == g.code]
        cancelled = event.what == "session_cancelled"
        patterns = ([] if cancelled and numbers else [now]) + list(_other_ways(facts, g, now, numbers))
        groups.append(replace(g, patterns=tuple(dict.fromkeys(patterns)) or (now,)))
    return replace(facts, groups=tuple(groups), kept=Week())


def _other_ways(facts: Facts, group: Group, now: Pattern, numbers: Sequence[int]) -> Iterator[Pattern]:
    """The group's week with the broken meetings left out, or one of them at another hour."""
    for count in range(1, len(numbers) + 1):
        for gone in combinations(numbers, count):
            left: Pattern = tuple(None if n in gone else s for n, s in enumerate(now))
            if any(left):
                yield left
    if len(numbers) == 1:
        n = numbers[0]
        was = now[n]
        assert was is not None
        others = {s.day for k, s in enumerate(now) if s is not None and k != n}
        begins = [b for b in facts.blocks if (b.day not in others and b.start != was.start) or b.day != was.day]
        for b in sorted(begins, key=lambda b: (b.day != was.day, abs(b.start - was.start), b)):
            if b.day not in others:
                span = Span(b.day, b.start, b.start + was.minutes)
                if span != was:
                    yield tuple(span if k == n else s for k, s in enumerate(now))


def broken_meetings(facts: Facts, week: Week, event: Event) -> list[Meeting]:
    """Meetings that cannot be held as they stand. `facts` are those after the event."""
    fit = Fit(facts)
    out = []
    for m in week.meetings:
        gone = event.what == "session_cancelled" and m.group == event.code and event.number in (None, m.number)
        gone = gone or (
            event.what == "staff_out" and m.leader == event.code and not fit.free("staff", m.leader, m.span)
        )
        gone = gone or (event.what == "room_lost" and m.room == event.code and not fit.free("room", m.room, m.span))
        if gone:
            out.append(m)
    return out


def repair(facts: Facts, week: Week, event: Event, *, seconds: float = 0.9, seed: int = 0) -> Repair:
    """The mending that gives back most and moves fewest people. Somebody who regularly misses some hours gets others
    only when they lose nothing by it: otherwise the week stays, `lost` says what they would lose, and the way is to
    talk with them."""
    began = time.monotonic()
    after = aftermath(facts, week, event)
    mended = _mend(facts, after, week, event, seconds, seed, began)
    if event.what == "no_show_pattern" and not mended.restored:
        order = tuple(x for x in REPAIR_ORDER if x in facts.order)
        same = by_level(replace(facts, order=order), prices(facts, week, week))[1:]
        return replace(
            mended,
            facts=facts,
            week=week,
            moved=(),
            ways=frozenset(),
            steps=(),
            told=(),
            score=(mended.score[0], *same),
        )
    return mended


def propose(facts: Facts, week: Week, event: Event, *, seconds: float = 4.0, seed: int = 0) -> tuple[Repair, ...]:
    """Different ways to mend it, best first: the best, and the best of each single way (cover, move, cancel or merge)
    that differs."""
    began = time.monotonic()
    after = aftermath(facts, week, event)
    found = [_mend(facts, after, week, event, seconds / 2, seed, began)]
    broken = {m.group for m in broken_meetings(after, week, event)}
    for way in ("cover", "move", "cancel") if broken else ():
        groups = []
        for g in after.groups:
            patterns = g.patterns
            if g.code in broken:
                now = {m.number: m.span for m in week.meetings_of[g.code]}
                patterns = tuple(p for p in patterns if _way(p, now) == way)
            groups.append(replace(g, patterns=patterns) if patterns else None)
        if any(g is None for g in groups):
            continue
        only = replace(after, groups=tuple(g for g in groups if g is not None))
        other = _mend(facts, only, week, event, seconds / 6, seed, time.monotonic())
        if all(other.week != f.week for f in found):
            found.append(replace(other, facts=after, proven=False))
    return (found[0], *sorted(found[1:], key=lambda r: r.score))


def _way(pattern: Pattern, now: Mapping[int, Span]) -> str:
    held = {n: s for n, s in enumerate(pattern) if s is not None}
    if held == now:
        return "cover"
    return "cancel" if len(held) < len(now) else "move"


def _mend(facts: Facts, after: Facts, week: Week, event: Event, seconds: float, seed: int, began: float) -> Repair:
    fit = Fit(after)
    floor = {c.code: needs(facts, week, c) for c in facts.clients}
    broken = broken_meetings(after, week, event)
    lost_groups = {m.group for m in broken}
    visits = _broken_visits(after, fit, week, event)
    gone = {(g, c) for g, c in week.members if c == event.code and not _may_stay(after, fit, week, g, c)}
    stripped = Week.of(week.meetings, set(week.members) - gone, set(week.visits) - set(visits))
    stripped = _refurnished(after, fit, stripped)
    thin = {g for g, _ in gone if len(stripped.members_of.get(g, ())) < after.group[g].least}
    lost_groups |= thin
    touched = {c for g in lost_groups for c in week.members_of.get(g, ())} | {v.client for v in visits}
    if event.what in ("client_hours", "client_left", "no_show_pattern"):
        touched.add(event.code)
    best: Repair | None = None

    def finished(mended: Week, ring: int, how: str, proven: bool) -> Repair:
        return _repair(event, facts, after, week, mended, floor, touched, ring, how, proven, time.monotonic() - began)

    if solver_missing():
        return finished(_by_hand(after, fit, stripped, lost_groups, touched), 0, "greedy", False)
    if not touched and not lost_groups:
        return finished(stripped, 0, "solver", True)
    must = len({v.client for v in visits} | ({event.code} if gone else set()))
    until = began + seconds
    order = [x for x in REPAIR_ORDER if x in facts.order and (x != "economy" or len(after.clients) <= TINY)]
    open_visits = {v.client: {w.kind for w in visits if w.client == v.client} for v in visits}
    if event.what in ("client_hours", "client_left", "no_show_pattern"):
        open_visits.setdefault(event.code, set())
    coverable = bool(broken) and event.what in ("staff_out", "room_lost")
    for ring, scope in enumerate(_rings(after, week, stripped, lost_groups, touched, open_visits, coverable)):
        model = Model(
            after,
            fit,
            stripped,
            scope,
            week,
            order,
            floor=floor,
            targets=frozenset(touched),
        )
        found = model.solve(0.3 if len(after.clients) > TINY else 5.0, max(0.1, until - time.monotonic()), seed)
        if found is not None:
            full = len(scope.clients) == len(after.clients) and len(scope.groups) == len(after.groups)
            mended = finished(found.week, ring, "solver", found.proven and full)
            if best is None or mended.score < best.score or (mended.score == best.score and mended.proven):
                best = mended
            if best.proven or (best.restored and len(best.moved) <= must and len(after.clients) > TINY):
                break
        if time.monotonic() > until:
            break
    return best or finished(_by_hand(after, fit, stripped, lost_groups, touched), 0, "greedy", False)


def _may_stay(after: Facts, fit: Fit, week: Week, group: str, client: str) -> bool:
    pattern = tuple(m.span for m in week.meetings_of.get(group, ()))
    return fit.free_for("client", client, pattern) and fit.joinable(after.client[client], after.group[group])


def _broken_visits(after: Facts, fit: Fit, week: Week, event: Event) -> list[Visit]:
    """Visits that cannot be held as they stand; a lost office alone breaks a visit only when no other is free."""
    out = []
    for v in week.visits:
        away = event.what == "staff_out" and v.staff == event.code and not fit.free("staff", v.staff, v.span)
        away = away or (v.client == event.code and not fit.free("client", v.client, v.span))
        if away or (event.what == "client_left" and v.client == event.code):
            out.append(v)
    if event.what == "room_lost":
        rest = [v for v in week.visits if v not in out]
        fine = [v for v in rest if not v.room or fit.free("room", v.room, v.span)]
        again = furnish(after, fit, fine, [v for v in rest if v not in fine], week)
        housed = {(v.client, v.kind, v.span) for v in again}
        out += [v for v in rest if (v.client, v.kind, v.span) not in housed]
    return out


def _refurnished(after: Facts, fit: Fit, week: Week) -> Week:
    """Visits whose office is gone in another one."""
    fine = [v for v in week.visits if not v.room or fit.free("room", v.room, v.span)]
    rest = [v for v in week.visits if v not in fine]
    return Week.of(week.meetings, week.members, furnish(after, fit, fine, rest, week)) if rest else week


def _rings(
    after: Facts,
    week: Week,
    stripped: Week,
    broken: set[str],
    touched: set[str],
    open_visits: Mapping[str, set[str]],
    coverable: bool,
) -> Iterator[Scope]:
    kinds = {after.group[g].kind for g in broken}

    def pin(client: str, seek: Iterable[str]) -> Pin:
        return Pin(
            frozenset(stripped.groups_of.get(client, ())),
            frozenset(stripped.visits_of.get(client, ())),
            frozenset(seek),
        )

    mine = {c: kinds | open_visits.get(c, set()) for c in touched}
    for c in touched:  # kinds of groups they just lost
        had = {after.group[g].kind for g in set(week.groups_of.get(c, ())) - set(stripped.groups_of.get(c, ()))}
        mine[c] = mine[c] | had
    pins = {c: pin(c, mine[c]) for c in touched}
    if len(after.clients) > TINY:
        own = frozenset(open_visits)  # those who lost more than the leader or the room of a group
        if coverable:
            few = {c: pins[c] for c in own}
            yield Scope(frozenset(), own, few, split=True, still=frozenset(broken))
            spans = [m.span for g in broken for m in week.meetings_of.get(g, ())]
            beside = {m.group for m in week.meetings if any(m.span.overlaps(s) for s in spans)}
            if beside - broken:
                yield Scope(frozenset(), own, few, split=True, still=frozenset(broken | beside))
        yield Scope(frozenset(broken), frozenset(touched), pins, split=True)
        loose = sorted(touched)[:10]
        free = {c: p for c, p in pins.items() if c not in loose}
        yield Scope(frozenset(broken), frozenset(touched), free, split=True)
        groups = {g for c in loose for g in week.groups_of.get(c, ()) if after.group[g].kind in kinds}
        near = {c for g in groups for c in week.members_of.get(g, ())} - set(loose)
        wider = {**free, **{c: pin(c, kinds) for c in near}}
        yield Scope(frozenset(broken), frozenset(touched | near), wider, split=True)
    else:
        yield Scope(everything(after).groups, everything(after).clients, split=True)


def _by_hand(after: Facts, fit: Fit, week: Week, broken: set[str], touched: set[str]) -> Week:
    """Without a solver: the first who can stand in, else the meeting is left out; then what is missing, first fit."""
    meetings = [m for m in week.meetings if m.group not in broken]
    members = [(g, c) for g, c in week.members if g not in broken]
    desk = Desk(after, fit, Week.of(meetings, members, week.visits))
    for code in sorted(broken):
        for pattern in sorted(after.group[code].patterns, key=lambda p: sum(s is None for s in p)):
            if desk.hold(after.group[code], pattern):
                desk.rejoin(code, week.members_of.get(code, ()))
                break
    for client in sorted(touched):
        desk.serve(after.client[client])
    desk.close_thin_groups()
    return desk.week()


def _repair(
    event: Event,
    facts: Facts,
    after: Facts,
    before: Week,
    week: Week,
    floor: Mapping[str, int],
    touched: set[str],
    ring: int,
    how: str,
    proven: bool,
    seconds: float,
) -> Repair:
    losing = [c for c in after.clients if needs(after, week, c) > floor[c.code]]
    lost = tuple(p for c in losing for p in of_client(after, week, c) if p.level == "needs" and p.price)
    changed = tuple(c for c in moved(after, week, before) if c != event.code or event.what != "client_left")
    order = [x for x in REPAIR_ORDER if x in facts.order]
    items = prices(after, week, before)
    rest = by_level(replace(after, order=tuple(order)), items)[1:]
    total = sum(max(0, needs(after, week, after.client[c]) - floor[c]) for c in floor if c in after.client)
    steps, ways = _steps(after, before, week)
    return Repair(
        event,
        after,
        before,
        week,
        not losing,
        lost,
        changed,
        tuple(sorted(touched)),
        frozenset(ways),
        tuple(steps),
        _told(before, week),
        (total, *rest),
        ring,
        how,
        proven,
        seconds,
    )


def _when(span: Span) -> dict[str, object]:
    return {"weekday": span.day, "start": span.start}


def _to(span: Span) -> dict[str, object]:
    return {"to_weekday": span.day, "to_start": span.start}


def _steps(after: Facts, before: Week, week: Week) -> tuple[list[Sentence], set[str]]:
    """What the mending does, in the order of the week."""
    out: list[Sentence] = []
    ways: set[str] = set()
    now = {(m.group, m.number): m for m in week.meetings}
    for m in before.meetings:
        then = now.get((m.group, m.number))
        if then is None:
            ways.add("cancel")
            out.append(Sentence("repair.cancelled", {"group": m.group, **_when(m.span)}))
            continue
        if then.span != m.span:
            ways.add("move")
            to = _to(then.span)
            out.append(Sentence("repair.moved", {"group": m.group, **_when(m.span), **to}))
        if then.leader != m.leader:
            ways.add("cover")
            out.append(Sentence("repair.cover", {"group": m.group, "staff": then.leader, **_when(then.span)}))
        if then.room != m.room:
            ways.add("room")
            out.append(Sentence("repair.room", {"group": m.group, "room": then.room, **_when(then.span)}))
    held_before = set(before.members)
    for group, client in sorted(set(week.members) - held_before):
        ways.add("merge")
        out.append(Sentence("repair.joined", {"client": client, "group": group}))
    for group, client in sorted(held_before - set(week.members)):
        out.append(Sentence("repair.left", {"client": client, "group": group}))
    for client, kind, old, new in _visit_changes(before, week):
        ways.add("visit")
        params: dict[str, object] = {"client": client, "kind": kind}
        if old is not None and new is not None:
            to = {**_to(new.span), "staff": new.staff}
            out.append(Sentence("repair.visit_moved", {**params, **_when(old.span), **to}))
        elif new is not None:
            out.append(Sentence("repair.visit_added", {**params, **_when(new.span), "staff": new.staff}))
        else:
            out.append(Sentence("repair.visit_cancelled", params))
    return out, ways


def _visit_changes(before: Week, week: Week) -> Iterator[tuple[str, str, Visit | None, Visit | None]]:
    def key(v: Visit) -> tuple[str, str, Span, str, str]:
        return v.client, v.kind, v.span, v.staff, v.mode

    was, now = {key(v): v for v in before.visits}, {key(v): v for v in week.visits}
    gone = [was[k] for k in sorted(was.keys() - now.keys())]
    new = [now[k] for k in sorted(now.keys() - was.keys())]
    for old in gone:
        match = next((v for v in new if (v.client, v.kind) == (old.client, old.kind)), None)
        if match is not None:
            new.remove(match)
        yield old.client, old.kind, old, match
    for v in new:
        yield v.client, v.kind, None, v


def _told(before: Week, week: Week) -> tuple[Told, ...]:
    """Everybody whose own week is another one, and what to say to each."""
    said: dict[tuple[str, str], list[Sentence]] = {}

    def say(who: str, code: str, sentence: Sentence) -> None:
        said.setdefault((who, code), []).append(sentence)

    now, was = {(m.group, m.number): m for m in week.meetings}, {(m.group, m.number): m for m in before.meetings}
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name), now.get(name)
        params: dict[str, object] = {"group": name[0]}
        if old is not None and (new is None or (new.leader, new.span) != (old.leader, old.span)):
            say("staff", old.leader, Sentence("told.staff_not_lead", {**params, **_when(old.span)}))
        if new is not None and (old is None or (new.leader, new.span) != (old.leader, old.span)):
            say("staff", new.leader, Sentence("told.staff_lead", {**params, **_when(new.span)}))
        if old is not None and (new is None or new.span != old.span):
            for client in before.members_of.get(name[0], ()):
                if new is None:
                    say("client", client, Sentence("repair.cancelled", {**params, **_when(old.span)}))
                else:
                    to = _to(new.span)
                    say("client", client, Sentence("repair.moved", {**params, **_when(old.span), **to}))
        elif old is not None and new is not None and (new.room, new.leader) != (old.room, old.leader):
            for client in before.members_of.get(name[0], ()):
                if new.room != old.room:
                    say("client", client, Sentence("repair.room", {**params, "room": new.room, **_when(new.span)}))
                if new.leader != old.leader:
                    say("client", client, Sentence("repair.cover", {**params, "staff": new.leader, **_when(new.span)}))
    for group, client in sorted(set(week.members) - set(before.members)):
        say("client", client, Sentence("repair.joined", {"client": client, "group": group}))
    for group, client in sorted(set(before.members) - set(week.members)):
        say("client", client, Sentence("repair.left", {"client": client, "group": group}))
    for client, kind, gone, came in _visit_changes(before, week):
        params = {"client": client, "kind": kind}
        if gone is not None:
            say("staff", gone.staff, Sentence("told.staff_no_visit", {"client": client, **_when(gone.span)}))
        if came is not None:
            say("staff", came.staff, Sentence("told.staff_visit", {"client": client, **_when(came.span)}))
        if gone is not None and came is not None:
            to = {**_to(came.span), "staff": came.staff}
            say("client", client, Sentence("repair.visit_moved", {**params, **_when(gone.span), **to}))
        elif came is not None:
            say("client", client, Sentence("repair.visit_added", {**params, **_when(came.span), "staff": came.staff}))
        else:
            say("client", client, Sentence("repair.visit_cancelled", params))
    return tuple(Told(who, code, tuple(sentences)) for (who, code), sentences in sorted(said.items()))
