from dataclasses import replace

import pytest
from benchmarks.timetable.instances import instance

from footbridge.engines.timetabling import check, placing, repairing
from footbridge.engines.timetabling.facts import (
    REPAIR_ORDER,
    Client,
    Facts,
    Group,
    Meeting,
    Need,
    Room,
    Site,
    Span,
    Staff,
    Week,
)
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import by_demand
from footbridge.engines.timetabling.model import Model, everything
from footbridge.engines.timetabling.placing import needs, place, place_moving
from footbridge.engines.timetabling.price import by_level, moved, prices
from footbridge.engines.timetabling.repairing import Event, propose, repair
from footbridge.engines.timetabling.words import english

from .tiny import every_week, tiny

SMALL = instance("small", 1)
BUILT = by_demand(SMALL)
MONDAY = (Span(0, 0, 1440),)


def habit(second=True):
    """Two skills groups at 9 and 11, one member each, and Ana who is often late."""
    at = [Span(0, h * 60, h * 60 + 50) for h in (9, 11)]
    groups = tuple(Group(f"g{n}", "main", "skills", ((s,),), 1, 3) for n, s in enumerate(at[: 1 + second]))
    rooms = tuple(Room(f"r{n}", "main", "group", 4) for n in range(2))
    staff = (Staff("bo", "main", (Span(0, 480, 720),), frozenset({"skills"})),)
    clients = tuple(
        Client(c, "main", (Span(0, 480, 720),), (Need("skills"),), minutes_a_week=50, days_a_week=1)
        for c in ("ana", "max", "eve")
    )
    facts = Facts(tuple(at), (Site("main"),), rooms, staff, groups, clients)
    meetings = [Meeting(g.code, 0, g.patterns[0][0], "bo", "r0") for g in groups]
    return facts, Week.of(meetings, [("g0", "ana"), ("g0", "max"), (groups[-1].code, "eve")], [])


def test_somebody_who_misses_the_same_hours_gets_others_and_the_seat_is_free():
    facts, week = habit()
    event = Event("no_show_pattern", "ana", (Span(0, 540, 600),))
    mended = repair(facts, week, event)
    assert check(mended.facts, mended.week) == ()
    assert mended.restored and mended.moved == ("ana",) == mended.touched
    assert mended.week.groups_of["ana"] == ("g1",)
    assert mended.freed == ("g0",)
    assert {t.code for t in mended.told} == {"ana"}


def test_whoever_would_lose_by_it_keeps_the_hours_they_miss():
    facts, week = habit(second=False)
    mended = repair(facts, week, Event("no_show_pattern", "ana", (Span(0, 540, 600),)))
    assert mended.week == week and mended.facts == facts and mended.moved == () == mended.freed
    assert not mended.restored and mended.lost
    assert check(mended.facts, mended.week) == ()


def test_hours_nobody_misses_change_nothing():
    facts, week = habit()
    mended = repair(facts, week, Event("no_show_pattern", "ana", (Span(0, 660, 720),)))
    assert mended.week == week and mended.restored


def best_week(facts):
    found = Model(facts, Fit(facts), by_demand(facts), everything(facts)).solve(work=20, seconds=20)
    assert found is not None
    return found.week


def events(week):
    out = [
        Event("staff_out", "bo", (Span(0, 0, 1440),)),
        Event("room_lost", "oak", (Span(1, 0, 1440),)),
        Event("client_left", "c1"),
    ]
    out += [Event("session_cancelled", week.meetings[0].group, number=0)] if week.meetings else []
    return [*out, Event("client_hours", "c0", (Span(1, 540, 720),))]


def loss(facts, after, before, week, touched):
    """What the touched lose; None when somebody else does."""
    lost = 0
    for c in after.clients:
        worse = needs(after, week, c) - needs(facts, before, facts.client[c.code])
        if c.code in touched:
            lost += max(0, worse)
        elif worse > 0:
            return None
    return lost


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_a_repair_is_allowed_and_moves_no_more_than_any_other(seed):
    facts = tiny(seed)
    week = best_week(facts)
    for event in events(week):
        mended = repair(facts, week, event)
        assert check(mended.facts, mended.week) == (), event
        after = replace(mended.facts, order=REPAIR_ORDER)
        best = min(
            (lost, *price[1:])
            for price, other in every_week(after, week)
            if (lost := loss(facts, after, week, other, mended.touched)) is not None
        )
        assert mended.score == best, event
        assert mended.proven


@pytest.mark.parametrize(
    "event",
    [
        Event("staff_out", BUILT.meetings[0].leader, MONDAY),
        Event("room_lost", BUILT.meetings[0].room, MONDAY),
        Event("session_cancelled", BUILT.meetings[0].group, number=0),
        Event("client_hours", SMALL.clients[0].code, SMALL.clients[0].free[1:]),
        Event("client_left", SMALL.clients[1].code),
    ],
    ids=lambda e: e.what,
)
def test_after_an_event_the_week_is_allowed_and_everybody_changed_is_told(event):
    mended = repair(SMALL, BUILT, event)
    assert check(mended.facts, mended.week) == ()
    told = {t.code for t in mended.told}
    assert set(mended.moved) <= told
    for c in SMALL.clients:
        if c.code not in mended.touched:
            assert needs(mended.facts, mended.week, c) <= needs(SMALL, BUILT, c)
    for sentence in [*mended.steps, *(s for t in mended.told for s in t.sentences)]:
        assert english(sentence)


def test_different_ways_are_proposed_best_first():
    ways = propose(SMALL, BUILT, Event("staff_out", BUILT.meetings[0].leader, MONDAY))
    assert len(ways) > 1
    assert all(check(w.facts, w.week) == () for w in ways)
    assert min(w.score for w in ways) == ways[0].score


def test_without_a_solver_a_repair_is_by_hand_and_says_so(monkeypatch):
    monkeypatch.setattr(repairing, "solver_missing", lambda: "missing")
    for event in (
        Event("staff_out", BUILT.meetings[0].leader, MONDAY),
        Event("room_lost", BUILT.meetings[0].room, MONDAY),
    ):
        mended = repair(SMALL, BUILT, event)
        assert mended.how == "greedy"
        assert check(mended.facts, mended.week) == ()


def test_an_event_with_a_wrong_name_is_refused():
    with pytest.raises(ValueError, match="staff_out"):
        repair(SMALL, BUILT, Event("sick", "bo"))


def admission(n=0):
    """A person who is not in the week yet."""
    new = replace(SMALL.clients[n], code="new", groups=frozenset())
    return replace(SMALL, clients=(*SMALL.clients, new))


@pytest.mark.parametrize("n", range(0, 24, 8))
def test_placing_moves_nobody(n):
    facts = admission(n)
    offers = place(facts, BUILT, "new")
    assert offers and [o.prices for o in offers] == sorted(o.prices for o in offers)
    for offer in offers:
        assert check(facts, offer.week) == ()
        assert moved(facts, placing.leave(offer.week, "new"), BUILT) == ()
        assert offer.moved == ()
        assert all(english(s) for s in offer.reasons)
    assert len({o.groups + o.visits for o in offers}) == len(offers)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_offer_is_the_best_of_all(seed):
    facts = tiny(seed)
    before = placing.leave(best_week(facts), "c0")
    stays = {(m.group, m.span, m.leader) for m in before.meetings}
    offer = place(facts, before, "c0")[0]
    own = (
        min(
            needs(facts, week, facts.client["c0"])
            for _, week in every_week(facts)
            if stays <= {(m.group, m.span, m.leader) for m in week.meetings}
            and len(week.meetings) == len(before.meetings)
            and moved(facts, placing.leave(week, "c0"), before) == ()
        )
        if not check(facts, before)
        else None
    )
    if own is not None:
        assert placing.needs_of(offer) == own


@pytest.mark.parametrize("seed", [2, 4, 8])
def test_the_fewest_moves_are_proven_on_tiny_weeks(seed):
    facts = tiny(seed)
    week = placing.leave(best_week(facts), "c2")
    assert not check(facts, week), "the week stands without the third person"
    offer = place_moving(facts, week, "c2")
    assert check(facts, offer.week) == ()
    ways = []
    for _, other in every_week(facts, week):
        lost = loss(facts, facts, week, other, {"c2"})
        if lost is not None:
            ways.append((needs(facts, other, facts.client["c2"]), len(set(moved(facts, other, week)) - {"c2"})))
    assert (placing.needs_of(offer), len(offer.moved)) == min(ways)


def test_somebody_moves_when_that_makes_room_and_only_they():
    """The Monday group has one seat, taken by somebody who could come on Tuesday; the new person cannot."""
    monday, tuesday = Span(0, 540, 590), Span(1, 540, 590)
    days = (Span(0, 480, 720), Span(1, 480, 720))
    bo = Staff("bo", "main", days, frozenset({"skills"}))
    groups = tuple(
        Group(code, "main", "skills", ((span,),), 1, most, room="")
        for code, span, most in (("mon", monday, 1), ("tue", tuesday, 3))
    )
    people = (
        Client("a", "main", days, (Need("skills"),)),
        Client("b", "main", days, (Need("skills"),)),
        Client("new", "main", days[:1], (Need("skills"),)),
    )
    facts = Facts((monday, tuesday), (Site("main"),), (), (bo,), groups, people)
    week = Week.of(
        [Meeting("mon", 0, monday, "bo", ""), Meeting("tue", 0, tuesday, "bo", "")], [("mon", "a"), ("tue", "b")], []
    )
    assert not place(facts, week, "new")[0].complete
    offer = place_moving(facts, week, "new")
    assert offer.complete and offer.moved == ("a",) and offer.proven
    assert check(facts, offer.week) == ()


def test_without_a_solver_a_place_is_found_by_hand(monkeypatch):
    monkeypatch.setattr(placing, "solver_missing", lambda: "missing")
    facts = admission()
    (offer,) = place(facts, BUILT, "new")
    assert offer.how == "greedy" and check(facts, offer.week) == ()


def test_a_person_who_needs_nothing_changes_nothing():
    facts = replace(
        SMALL,
        clients=(
            *SMALL.clients,
            replace(
                SMALL.clients[0],
                code="new",
                needs=(Need("family", 0),),
                minutes_a_week=0,
                days_a_week=0,
                groups=frozenset(),
            ),
        ),
    )
    offer = place(facts, BUILT, "new")[0]
    assert offer.week == BUILT
    assert by_level(facts, prices(facts, offer.week)) == by_level(SMALL, prices(SMALL, BUILT))
