from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from benchmarks.timetable.instances import instance

from footbridge.engines.timetabling import explaining
from footbridge.engines.timetabling.explaining import explain
from footbridge.engines.timetabling.facts import Span, joined
from footbridge.engines.timetabling.greedy import by_demand
from footbridge.engines.timetabling.placing import leave
from footbridge.engines.timetabling.price import of_client
from footbridge.engines.timetabling.words import english

from .test_repairing import best_week
from .tiny import tiny


def violated(facts, week, who, groups, visits, wants):
    """The rules that one way of spending the week would break, read without the engine."""
    broken = set()
    spans = []
    modes_ok = joined(who.free)

    def come(span):
        spans.append(span)
        if not any(span.within(f) for f in modes_ok):
            broken.add(f"free.{span.day}")

    kinds = []
    for group, pattern in groups:
        kinds.append(group.kind)
        held = week.meetings_of.get(group.code, ())
        people = week.members_of.get(group.code, ())
        if not held:
            broken.add(f"not_held.{group.kind}")
        seats = min([group.most, *(facts.room[m.room].seats for m in held if m.room)])
        if len(people) >= seats:
            broken.add(f"full.{group.kind}")
        if any({who.code, p} in [set(x) for x in facts.apart] for p in people):
            broken.add(f"apart.{group.code}")
        broken |= {f"not_staff.{m.leader}" for m in held if m.leader in who.not_staff}
        for span in pattern:
            come(span)
    for staff, span in visits:
        kinds.append("individual")
        come(span)
        busy = [m.span for m in week.meetings if m.leader == staff.code]
        busy += [v.span for v in week.visits if v.staff == staff.code]
        if any(span.overlaps(b) for b in busy) or not any(span.within(f) for f in joined(staff.free)):
            broken.add("staff.individual")
        if (
            staff.caseload is not None
            and len({v.client for v in week.visits if v.staff == staff.code}) >= staff.caseload
        ):
            broken.add("caseload.individual")
        offices = [r for r in facts.rooms if r.kind == "office" and (not r.free or any(span.within(f) for f in r.free))]
        if sum(1 for v in week.visits if v.span.overlaps(span)) >= len(offices):
            broken.add("office")
    if any(a.overlaps(b) for a, b in combinations(spans, 2)):
        broken.add("one_place")
    days = {s.day for s in spans}
    if who.most_minutes_day is not None and any(
        sum(s.minutes for s in spans if s.day == d) > who.most_minutes_day for d in days
    ):
        broken.add("long_day")
    for need in who.needs:
        if need.kind in wants and kinds.count(need.kind) < need.count:
            broken.add(f"wanted.{need.kind}")
    if "hours" in wants and sum(s.minutes for s in spans) < who.minutes_a_week:
        broken.add("hours")
    if "days" in wants and len(days) < who.days_a_week:
        broken.add("days")
    return frozenset(broken)


def every_way(facts, week, who, wants):
    choices = []
    for g in facts.groups:
        held = week.meetings_of.get(g.code, ())
        times = [tuple(m.span for m in held)] if held else list(g.patterns)
        choices.append([None, *((g, p) for p in times)])
    visits = [None]
    if any(n.kind == "individual" for n in who.needs):
        visits += [
            (s, Span(b.day, b.start, b.start + 50))
            for s in facts.staff
            if "individual" in s.visits
            for b in facts.blocks
        ]
    most = {n.kind: n.limit for n in who.needs}
    for picked in product(*choices):
        groups = [x for x in picked if x is not None]
        if any(sum(g.kind == k for g, _ in groups) > most.get(k, 0) for k in {g.kind for g, _ in groups}):
            continue
        for visit in visits:
            yield violated(facts, week, who, groups, [visit] if visit else [], wants)


@pytest.mark.parametrize("seed", range(10))
def test_the_rules_named_are_the_smallest_set_that_clashes(seed):
    facts = tiny(seed)
    week = best_week(facts)
    for who in facts.clients:
        told = explain(facts, week, who.code, ["process", "skills", "individual", "hours", "days"])
        ways = set(every_way(facts, leave(week, who.code), who, told.wants))
        assert told.possible == (frozenset() in ways)
        if told.possible:
            continue
        rules = set(chain.from_iterable(ways))
        smallest = next(
            size
            for size in range(1, len(rules) + 1)
            if any(all(w & set(s) for w in ways) for s in combinations(sorted(rules), size))
        )
        assert all(way & set(told.names) for way in ways), "the rules named clash"
        assert len(told.names) == smallest
        assert told.smallest


def test_a_change_that_is_proposed_mends_it():
    facts = instance("small", 1)
    week = by_demand(facts)
    mended = 0
    for who in facts.clients:
        if mended == 4 or not any(p.level == "needs" for p in of_client(facts, week, who)):
            continue
        told = explain(facts, week, who.code)
        assert not told.possible and told.rules
        assert all(english(s) for s in told.rules)
        for change in told.changes:
            assert all(english(s) for s in change.sentences)
            spans = [
                Span(s.params["weekday"], s.params["start"], s.params["end"])
                for s in change.sentences
                if s.code == "change.client"
            ]
            if len(spans) == len(change.sentences):
                able = replace(who, free=(*who.free, *spans))
                after = replace(facts, clients=tuple(able if c is who else c for c in facts.clients))
                assert explain(after, week, who.code, told.wants).possible
                mended += 1
    assert mended


def test_what_is_there_needs_no_explanation():
    facts = instance("small", 1)
    week = by_demand(facts)
    who = next(c for c in facts.clients if not any(p.price and p.level == "needs" for p in of_client(facts, week, c)))
    assert explain(facts, week, who.code).possible


def test_without_a_solver_what_stands_before_is_listed(monkeypatch):
    monkeypatch.setattr(explaining, "solver_missing", lambda: "missing")
    facts = instance("small", 1)
    told = explain(facts, by_demand(facts), facts.clients[0].code, ["process"])
    assert told.how == "greedy" and not told.smallest
