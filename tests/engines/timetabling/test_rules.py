"""Every rule at once: bundles, lessons in order, two modes, closed groups, video rooms, gaps, caseloads."""

import random
from dataclasses import replace

import pytest

from footbridge.engines.timetabling import check, prices
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
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import by_demand, first_come
from footbridge.engines.timetabling.model import Model, everything
from footbridge.engines.timetabling.price import by_level
from footbridge.engines.timetabling.words import english

from .tiny import at, block

DAYS = (0, 1, 2, 3)
HOURS = (9, 10, 11, 12)


def rich(seed):
    rng = random.Random(seed)
    everyday = tuple(block(d, 9, 13) for d in DAYS)
    staff = (
        Staff(
            "bo",
            "main",
            everyday,
            frozenset({"process", "curriculum"}),
            frozenset({"individual"}),
            frozenset({"mood"}),
            caseload=3,
        ),
        Staff(
            "cy",
            "main",
            everyday,
            frozenset({"curriculum", "skills"}),
            frozenset({"individual"}),
            languages=frozenset({"en", "es"}),
        ),
        Staff("pat", "main", (block(1, 9, 12), block(3, 9, 11)), visits=frozenset({"medication"}), most_minutes_day=60),
        Staff(
            "mo",
            "main",
            everyday,
            frozenset({"skills"}),
            modes=frozenset({"video"}),
            most_groups_day=1,
            most_minutes_week=100,
        ),
    )
    rooms = (
        Room("oak", "main", "group", 6, frozenset({"piano"})),
        Room("elm", "main", "group", 4, free=tuple(block(d, 9, 12) for d in DAYS)),
        Room("o1", "main", "office"),
        Room("v1", "main", "video", 5),
    )
    bundle = tuple((at(a, h), at(b, h)) for h in HOURS for a, b in ((0, 2), (1, 3)))
    single = tuple((at(d, h),) for d in DAYS for h in HOURS)

    def some(patterns, count):
        return tuple(rng.sample(patterns, count))

    groups = (
        Group("mood", "main", "process", some(bundle, 4), 2, 5, condition="mood", leaders=("bo",)),
        Group("closed", "main", "process", some(bundle, 3), 1, 4, open=False, members=frozenset({"c0", "c1"})),
        *(
            Group(f"l{n}", "main", "curriculum", some(single, 4), 1, 5, curriculum="steps", lesson=n, topic="steps")
            for n in (1, 2, 3)
        ),
        Group(
            "music",
            "main",
            "skills",
            some(single, 4),
            1,
            6,
            equipment=frozenset({"piano"}),
            topic="skills",
            counts=False,
        ),
        Group("online", "main", "skills", some(single, 4), 1, 6, mode="video", room="video", topic="skills"),
    )
    clients = []
    for n in range(6):
        free = tuple(
            block(d, *rng.choice(((9, 13), (9, 12), (10, 13), (9, 11))))
            for d in rng.sample(DAYS, rng.choice((2, 3, 4)))
        )
        needs = [
            Need("process"),
            Need("curriculum", 2),
            Need("skills", 1, most=2),
            Need("individual", rng.choice((1, 1, 2))),
        ]
        if rng.random() < 0.5:
            needs.append(Need("medication", minutes=30))
        clients.append(
            Client(
                f"c{n}",
                "main",
                free,
                tuple(needs),
                conditions=("mood",) if rng.random() < 0.8 else ("anxiety",),
                modes=frozenset(rng.choice((("in_person",), ("in_person", "video")))),
                minutes_a_week=250,
                days_a_week=3,
                day_min_minutes=rng.choice((0, 100)),
                max_days_off=rng.choice((None, 3)),
                most_minutes_day=rng.choice((150, 200, None)),
                primary=rng.choice(("bo", "cy")),
                groups=frozenset(rng.sample(["mood", "closed", "l1"], 1)),
                next_lesson=(("steps", rng.choice((1, 1, 2))),),
                prefers=frozenset({"music"}) if rng.random() < 0.3 else frozenset(),
                avoids=frozenset({"online"}) if rng.random() < 0.3 else frozenset(),
                not_staff=frozenset({"bo"}) if n == 5 else frozenset(),
            )
        )
    blocks = tuple(at(d, h) for d in DAYS for h in HOURS)
    return Facts(
        blocks,
        (Site("main", frozenset({3}) if seed % 4 == 3 else frozenset()),),
        rooms,
        staff,
        groups,
        tuple(clients),
        apart=frozenset({frozenset({"c1", "c2"})}),
        together=frozenset({frozenset({"c3", "c4"})}),
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_model_and_the_checker_read_the_same_rules(seed):
    facts = rich(seed)
    start = by_demand(facts)
    found = Model(facts, Fit(facts), start, everything(facts)).solve(work=0.08, seconds=30, seed=seed)
    assert found is not None
    assert check(facts, found.week) == ()
    assert found.values == by_level(facts, prices(facts, found.week)), "the model counts what the price list counts"
    assert found.values <= by_level(facts, prices(facts, start))
    assert all(english(p.sentence) for p in prices(facts, found.week))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("hand", [first_come, by_demand])
def test_weeks_by_hand_keep_every_rule(hand, seed):
    facts = rich(seed)
    assert check(facts, hand(facts)) == ()


def broken_weeks():
    facts = rich(0)
    c0 = facts.clients[0]
    facts = replace(
        facts,
        clients=(
            replace(c0, free=tuple(block(d, 9, 13) for d in range(5)), modes=frozenset({"in_person", "video"})),
            *facts.clients[1:],
        ),
    )

    def led(group, *spans, leader="cy", room="oak"):
        return [Meeting(group, n, s, leader, room) for n, s in enumerate(spans)]

    first = {g.code: g.patterns[0] for g in facts.groups}
    visit = Visit("c0", "individual", at(0, 9), "cy", "o1")
    music = led("music", *first["music"])
    yield facts, Week.of([], [("music", "c0")], []), "not_held"
    yield facts, Week.of(led("music", at(4, 9)), [("music", "c0")], []), "pattern"
    yield facts, Week.of(music, [], []), "too_few"
    yield facts, Week.of(led("music", *first["music"], leader="pat"), [("music", "c0")], []), "not_qualified"
    yield facts, Week.of(led("music", *first["music"], room="elm"), [("music", "c0")], []), "wrong_room"
    yield facts, Week.of(led("music", *first["music"], room=""), [("music", "c0")], []), "no_room"
    yield (
        facts,
        Week.of(led("l2", *first["l2"]), [("l2", "c0")], []),
        "lesson_order" if dict(facts.client["c0"].next_lesson)["steps"] == 1 else None,
    )
    yield facts, Week.of(led("closed", *first["closed"], leader="bo"), [("closed", "c2")], []), "closed_group"
    yield facts, Week.of([], [], [visit, replace(visit, kind="individual", span=at(0, 11))]), "visit_twice_a_day"
    yield facts, Week.of([], [], [visit, Visit("c1", "individual", at(0, 9), "cy", "o1")]), "twice_at_once"
    yield facts, Week.of([], [], [replace(visit, span=at(0, 7))]), "staff_hours"
    yield facts, Week.of([], [], [replace(visit, span=Span(0, 540, 560))]), "visit_length"
    yield facts, Week.of([], [], [replace(visit, staff="pat")]), "not_qualified"
    yield facts, Week.of([], [], [visit, replace(visit, span=at(0, 12), kind="medication")]), None
    yield facts, Week.of([], [], [Visit("c5", "individual", at(0, 9), "bo", "o1")]), "must_not_meet"
    yield facts, Week.of(music, [("music", "nobody")], []), "unknown"
    yield replace(facts, sites=(Site("main", frozenset({0})),)), Week.of([], [], [visit]), "closed_day"
    yield replace(facts, kept=Week.of([], [], [visit])), Week.of([], [], []), "kept"
    mixed = led("online", *first["online"], leader="mo", room="v1")
    day = first["online"][0].day
    hour = next(h for h in HOURS if h * 60 != first["online"][0].start)
    yield facts, Week.of(mixed, [("online", "c0")], [replace(visit, span=at(day, hour))]), "mixed_modes"
    full = led("mood", *first["mood"], leader="bo", room="elm")
    yield facts, Week.of(full, [("mood", f"c{n}") for n in range(5)], []), "room_too_small"
    yield facts, Week.of(full, [("mood", f"c{n}") for n in range(6)], []), "too_many"
    yield facts, Week.of(full, [("mood", "c1"), ("mood", "c2")], []), "must_not_meet"


@pytest.mark.parametrize("case", list(broken_weeks()), ids=lambda c: f"{c[2]}")
def test_the_checker_sees_each_rule_broken(case):
    facts, week, rule = case
    breaches = check(facts, week)
    if rule is not None:
        assert rule in {b.rule for b in breaches}
    assert all(english(b.sentence) for b in breaches)
