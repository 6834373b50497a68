"""What a week costs: every soft goal that is not met, with its price and whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.facts import VISIT_KINDS, Client, Facts, Span, Week

FIFTY = 50


@dataclass(frozen=True, slots=True)
class Priced:
    """One goal not met. `goal` is a name of WEIGHTS, `level` the part before its dot."""

    goal: str
    price: int
    about: str  # code of a client, group or member of staff
    sentence: Sentence

    @property
    def level(self) -> str:
        return self.goal.partition(".")[0]


def prices(facts: Facts, week: Week, before: Week | None = None) -> tuple[Priced, ...]:
    """Every goal the week misses. `before` is the week that a repair starts from."""
    found = [p for c in facts.clients for p in of_client(facts, week, c)]
    found += of_all(facts, week)
    if before is not None:
        found += _disturbance(facts, week, before)
    return tuple(p for p in found if p.price)


def of_all(facts: Facts, week: Week) -> Iterator[Priced]:
    """What the week misses that is not one client's own."""
    yield from _together(facts, week)
    yield from _economy(facts, week)


def by_level(facts: Facts, items: Iterable[Priced]) -> tuple[int, ...]:
    """The prices summed in the order of the levels. Smaller tuples are better weeks."""
    total = dict.fromkeys(facts.order, 0)
    for item in items:
        total[item.level] += item.price
    return tuple(total.values())


def of_client(facts: Facts, week: Week, c: Client) -> Iterator[Priced]:
    """What one client's own week misses."""

    def priced(goal: str, times: int, code: str, **params: object) -> Priced:
        return Priced(goal, facts.weight(goal) * times, c.code, Sentence(code, {"client": c.code, **params}))

    groups = [facts.group[g] for g in week.groups_of.get(c.code, ()) if g in facts.group]
    visits = week.visits_of.get(c.code, ())
    for need in c.needs:
        held = [v for v in visits if v.kind == need.kind] if need.kind in VISIT_KINDS else []
        got = len(held) if need.kind in VISIT_KINDS else sum(1 for g in groups if g.kind == need.kind)
        if got < need.count:
            missing = need.count - got
            yield priced(f"needs.{need.kind}", missing, "unmet.need", kind=need.kind, missing=missing, count=need.count)
    cut = sum(meetings_cut(facts, week, g.code) for g in groups)
    if cut:
        yield priced("needs.cut", cut, "unmet.cut", missing=cut)
    yield from _hours(facts, week, c, priced)
    yield from _continuity(facts, week, c, priced)
    yield from _shape(facts, week, c, priced)


def meetings_cut(facts: Facts, week: Week, group: str) -> int:
    """How many meetings of a held group do not take place this week."""
    held = len(week.meetings_of.get(group, ()))
    return max(len(p) for p in facts.group[group].patterns) - held if held else 0


def counted(facts: Facts, week: Week, client: str) -> dict[int, int]:
    """Minutes of service by weekday, for those days that have any."""
    days: dict[int, int] = {}
    for g in week.groups_of.get(client, ()):
        if facts.group[g].counts:
            for m in week.meetings_of.get(g, ()):
                days[m.span.day] = days.get(m.span.day, 0) + m.span.minutes
    for v in week.visits_of.get(client, ()):
        days[v.span.day] = days.get(v.span.day, 0) + v.span.minutes
    return days


def meets_rule(facts: Facts, week: Week, client: Client) -> bool:
    """Are the minutes and days that the payer asks for all there?"""
    goals = ("needs.hours", "needs.days", "needs.short_day", "needs.days_off")
    return not any(p.goal in goals and p.price for p in of_client(facts, week, client))


def _hours(facts: Facts, week: Week, c: Client, priced) -> Iterator[Priced]:  # type: ignore[no-untyped-def]
    days = counted(facts, week, c.code)
    short = c.minutes_a_week - sum(days.values())
    if short > 0:
        yield priced("needs.hours", -(-short // FIFTY), "unmet.hours", short=short, minutes=c.minutes_a_week)
    if len(days) < c.days_a_week:
        missing = c.days_a_week - len(days)
        yield priced("needs.days", missing, "unmet.days", missing=missing, days=c.days_a_week)
    under = [day for day, minutes in days.items() if minutes < c.day_min_minutes]
    if under:
        yield priced("needs.short_day", len(under), "unmet.short_day", missing=len(under), minutes=c.day_min_minutes)
    if c.max_days_off is not None:
        empty = [first for first in range(7) if not any((first + k) % 7 in days for k in range(c.max_days_off + 1))]
        if empty:
            yield priced("needs.days_off", len(empty), "unmet.days_off", days=c.max_days_off)


def _continuity(facts: Facts, week: Week, c: Client, priced) -> Iterator[Priced]:  # type: ignore[no-untyped-def]
    if c.primary:
        others = [v for v in week.visits_of.get(c.code, ()) if v.kind == "individual" and v.staff != c.primary]
        if others:
            yield priced("continuity.primary", len(others), "wish.primary", staff=c.primary)
    now = set(week.groups_of.get(c.code, ()))
    for code in sorted(c.groups - now):
        if code in facts.group:
            kind = "process" if facts.group[code].kind == "process" else "group"
            yield priced(f"continuity.{kind}", 1, "wish.same_group", group=code)
    for code in sorted(c.prefers - now):
        yield priced("continuity.prefers", 1, "wish.prefers", group=code)
    for code in sorted(c.avoids & now):
        yield priced("continuity.avoids", 1, "wish.avoids", group=code)


def _shape(facts: Facts, week: Week, c: Client, priced) -> Iterator[Priced]:  # type: ignore[no-untyped-def]
    by_day: dict[int, list[Span]] = {}
    for span in week.hours_of(c.code):
        by_day.setdefault(span.day, []).append(span)
    for day, spans in sorted(by_day.items()):
        empty = gaps(facts, day, spans)
        if empty:
            yield priced("shape.gap", empty, "wish.gap", weekday=day, blocks=empty)
        if len(spans) == 1:
            yield priced("shape.single", 1, "wish.single", weekday=day)
    topics: dict[tuple[int, str], int] = {}
    for g in week.groups_of.get(c.code, ()):
        if topic := facts.group[g].topic:
            for m in week.meetings_of.get(g, ()):
                topics[m.span.day, topic] = topics.get((m.span.day, topic), 0) + 1
    for (day, topic), times in sorted(topics.items()):
        if times > 1:
            yield priced("shape.topic", times - 1, "wish.topic", weekday=day, topic=topic)


def gaps(facts: Facts, day: int, spans: Iterable[Span]) -> int:
    """Blocks of the grid between the first and the last service of a day in which nothing happens."""
    grid = facts.grid.get(day, ())
    taken = [n for n, block in enumerate(grid) if any(block.overlaps(s) for s in spans)]
    return taken[-1] - taken[0] + 1 - len(taken) if taken else 0


def _together(facts: Facts, week: Week) -> Iterator[Priced]:
    for pair in sorted(tuple(sorted(p)) for p in facts.together):
        one, other = pair[0], pair[-1]
        if not set(week.groups_of.get(one, ())) & set(week.groups_of.get(other, ())):
            goal = "continuity.together"
            yield Priced(goal, facts.weight(goal), one, Sentence("wish.together", {"client": one, "other": other}))


def _economy(facts: Facts, week: Week) -> Iterator[Priced]:
    low, high = facts.well_filled
    for code, meetings in week.meetings_of.items():
        people = len(week.members_of.get(code, ()))
        for goal, times in (
            ("economy.held", len(meetings)),
            ("economy.thin", max(0, low - people)),
            ("economy.crowded", max(0, people - high)),
        ):
            sentence = Sentence(goal, {"group": code, "people": people, "meetings": len(meetings)})
            yield Priced(goal, facts.weight(goal) * times, code, sentence)
    load: dict[str, int] = {}
    for m in week.meetings:
        load[m.leader] = load.get(m.leader, 0) + m.span.minutes
    for v in week.visits:
        load[v.staff] = load.get(v.staff, 0) + v.span.minutes
    for site in facts.sites:
        here = {s.code: load.get(s.code, 0) for s in facts.staff if s.site == site.code}
        if here:
            most = max(sorted(here), key=lambda code: here[code])
            hours = -(-here[most] // 60)
            goal = "economy.load"
            yield Priced(goal, facts.weight(goal) * hours, most, Sentence(goal, {"staff": most, "hours": hours}))


def moved(facts: Facts, week: Week, before: Week) -> tuple[str, ...]:
    """Clients whose groups, times or visits differ. A group that meets without one of its meetings moves its
    members too: their week is another one."""
    return tuple(sorted(c.code for c in facts.clients if _course(week, c.code) != _course(before, c.code)))


def _course(week: Week, client: str) -> tuple[frozenset[object], frozenset[object]]:
    """What a client would have to know: which groups when, and which visits when with whom. Rooms and leaders of
    groups may change unseen."""
    groups = frozenset(
        (g, m.number, m.span) for g in week.groups_of.get(client, ()) for m in week.meetings_of.get(g, ())
    )
    return groups, frozenset((v.kind, v.staff, v.span, v.mode) for v in week.visits_of.get(client, ()))


def changed_meetings(week: Week, before: Week) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Meetings held at another time or not at all any more; and meetings that only changed their leader."""
    now = {(m.group, m.number): m for m in week.meetings}
    moved_, led = [], []
    for m in before.meetings:
        then = now.get((m.group, m.number))
        if then is None or then.span != m.span:
            moved_.append((m.group, m.number))
        if then is not None and then.leader != m.leader:
            led.append((m.group, m.number))
    return moved_, led


def _disturbance(facts: Facts, week: Week, before: Week) -> Iterator[Priced]:
    for code in moved(facts, week, before):
        goal = "disturbance.person"
        yield Priced(goal, facts.weight(goal), code, Sentence("moved.person", {"client": code}))
    moved_, led = changed_meetings(week, before)
    for goal, found in (("disturbance.meeting", moved_), ("disturbance.leader", led)):
        for group, number in found:
            params = {"group": group, "number": number + 1}
            yield Priced(goal, facts.weight(goal), group, Sentence(goal.replace("disturbance", "moved"), params))
