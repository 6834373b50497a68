"""Weeks small enough to try every possibility."""

import random
from itertools import combinations, product

from footbridge.engines.timetabling.checker import check
from footbridge.engines.timetabling.facts import (
    Client,
    Facts,
    Group,
    Meeting,
    Need,
    Room,
    Site,
    Span,
    Staff,
    Visit,
    Week,
)
from footbridge.engines.timetabling.price import by_level, prices

HOURS = (9, 10, 11)


def at(day, hour, minutes=50):
    return Span(day, hour * 60, hour * 60 + minutes)


def block(day, first, last):
    return Span(day, first * 60, last * 60)


def tiny(seed, clients=3, groups=2):
    """Two days of three blocks, two of the staff, three rooms, two groups."""
    rng = random.Random(seed)
    days = (0, 1)
    blocks = tuple(at(d, h) for d in days for h in HOURS)
    staff = (
        Staff(
            "bo",
            "main",
            tuple(block(d, 9, 12) for d in days),
            frozenset({"process", "skills"}),
            frozenset({"individual"}),
            caseload=2,
        ),
        Staff("cy", "main", (block(rng.choice(days), 9, 12),), frozenset({"skills"}), most_groups_day=1),
    )
    rooms = (
        Room("oak", "main", "group", rng.choice((2, 3))),
        Room("elm", "main", "office", free=() if rng.random() < 0.5 else (block(0, 9, 12),)),
    )
    kinds = ("process", "skills", "skills")[:groups]
    made = []
    for n, kind in enumerate(kinds):
        patterns = tuple((at(d, h),) for d, h in rng.sample([(d, h) for d in days for h in HOURS], 2))
        made.append(Group(f"{kind}{n}", "main", kind, patterns, rng.choice((1, 2)), 3, topic=kind))
    people = []
    for n in range(clients):
        free = tuple(block(d, *rng.choice(((9, 12), (9, 11), (10, 12)))) for d in days if rng.random() < 0.85)
        needs = [Need("process"), Need("skills")]
        if n == 0:
            needs.append(Need("individual"))
        people.append(
            Client(
                f"c{n}",
                "main",
                free,
                tuple(needs),
                minutes_a_week=150,
                days_a_week=2,
                primary="bo",
                most_minutes_day=rng.choice((100, 150, None)),
                not_staff=frozenset({"cy"}) if rng.random() < 0.15 else frozenset(),
                groups=frozenset({"skills1"}) if rng.random() < 0.4 else frozenset(),
            )
        )
    apart = frozenset({frozenset({"c0", "c1"})}) if rng.random() < 0.3 else frozenset()
    return Facts(blocks, (Site("main"),), rooms, staff, tuple(made), tuple(people), apart)


def every_week(facts, before=None):
    """All allowed weeks, by trying everything. The price of each comes along."""
    rooms = [r.code for r in facts.rooms if r.kind == "group"]
    offices = [r.code for r in facts.rooms if r.kind == "office"]
    held = []
    for g in facts.groups:
        ways = [()]
        for pattern, leader, room in product(g.patterns, [s.code for s in facts.staff], rooms):
            meetings = tuple(Meeting(g.code, n, s, leader, room) for n, s in enumerate(pattern) if s)
            # the checker judges; a group alone that breaks a rule need not be tried with others
            if not any(
                b.rule in ("staff_hours", "not_qualified", "room_hours")
                for b in check(facts, Week.of(meetings, (), ()))
            ):
                ways.append(meetings)
        held.append(ways)
    codes = [g.code for g in facts.groups]
    subsets = [s for n in range(len(codes) + 1) for s in combinations(codes, n)]
    for chosen in product(*held):
        meetings = [m for ms in chosen for m in ms]
        if any(b.rule == "twice_at_once" for b in check(facts, Week.of(meetings, (), ()))):
            continue
        here = {m.group for m in meetings}
        own = []
        for c in facts.clients:
            visits = [()]
            for need in c.needs:
                if need.kind in ("individual", "family", "medication"):
                    found = [
                        (Visit(c.code, need.kind, Span(b.day, b.start, b.start + need.minutes), s.code, o),)
                        for b in facts.blocks
                        for s in facts.staff
                        for o in offices
                    ]
                    visits = [v + w for v in visits for w in [(), *found]]
            ways = []
            for groups, seen in product([s for s in subsets if set(s) <= here], visits):
                alone = Week.of(meetings, [(g, c.code) for g in groups], seen)
                if all(b.rule in ("too_few",) for b in check(facts, alone)):
                    ways.append((groups, seen))
            own.append(ways)
        for choice in product(*own):
            members = [(g, c.code) for c, (groups, _) in zip(facts.clients, choice, strict=True) for g in groups]
            week = Week.of(meetings, members, [v for _, seen in choice for v in seen])
            if not check(facts, week):
                yield by_level(facts, prices(facts, week, before)), week
