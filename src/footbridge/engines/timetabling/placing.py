"""Place one person now: ranked offers in which nobody else moves, or the one with the fewest moves."""

from __future__ import annotations

import time
from dataclasses import dataclass

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.facts import REPAIR_ORDER, Client, Facts, Visit, Week
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import complete
from footbridge.engines.timetabling.model import Found, Model, Scope, everything, solver_missing
from footbridge.engines.timetabling.price import Priced, by_level, counted, moved, of_client

TINY = 12  # clients up to which a search opens everything and so proves its answer


@dataclass(frozen=True)
class Placement:
    """A week with the person in it. `complete`: every need and the hours are met. `unmet` is what their own week
    misses, `moved` the other people whose week changes, `how` solver or greedy. `proven`: no placing with as much
    met moves fewer people."""

    client: str
    week: Week
    groups: tuple[str, ...]
    visits: tuple[Visit, ...]
    complete: bool
    unmet: tuple[Priced, ...]
    prices: tuple[int, ...]
    moved: tuple[str, ...]
    reasons: tuple[Sentence, ...]
    how: str
    proven: bool = False


def place(
    facts: Facts, week: Week, client: str, *, offers: int = 3, seconds: float = 1.0, seed: int = 0
) -> tuple[Placement, ...]:
    """Up to so many offers, best first, in none of which anybody else moves. Offers differ in the weightiest group
    (or, without groups, in the visits). `client` is a client of the facts; what they have in the week is given up.
    """
    fit = Fit(facts)
    start = leave(week, client)
    if solver_missing():
        return (_placement(facts, start, complete(facts, start, fit, [client]), client, "greedy"),)
    until = time.monotonic() + seconds
    scope = Scope(frozenset(), frozenset({client}))
    made: list[Placement] = []
    seen: list[tuple[tuple[str, ...], tuple[Visit, ...]]] = []
    for _ in range(offers):
        model = Model(facts, fit, start, scope)
        for groups, visits in seen:
            model.forbid(client, groups, visits)
        found = model.solve(0.3, max(0.05, until - time.monotonic()), seed)
        if found is None:
            break
        offer = _placement(facts, start, found.week, client, "solver")
        made.append(offer)
        anchor = _anchor(facts, offer)
        if not any(anchor) or time.monotonic() > until:
            break
        seen.append(anchor)
    if not made:
        made = [_placement(facts, start, complete(facts, start, fit, [client]), client, "greedy")]
    return tuple(sorted(made, key=lambda o: o.prices))


def place_moving(
    facts: Facts, week: Week, client: str, *, seconds: float = 5.0, seed: int = 0, most: int = 24
) -> Placement:
    """The week that gives a person what they need with the fewest other people moved, and nobody worse off. Looks at
    people near (up to `most`); in a tiny week at everybody, which proves it."""
    best = place(facts, week, client, offers=1, seconds=seconds, seed=seed)[0]
    if best.complete or solver_missing():
        return best
    fit = Fit(facts)
    start = leave(week, client)
    floor = {c.code: needs(facts, week, c) for c in facts.clients} | {client: 0}
    until = time.monotonic() + seconds
    near = _near(facts, fit, start, client)
    rings = [near[:6], near[:most]] if len(facts.clients) > TINY else []
    scopes = [Scope(frozenset(), frozenset([client, *ring])) for ring in rings]
    if len(facts.clients) <= TINY:
        scopes.append(everything(facts))
    for scope in scopes:
        model = Model(facts, fit, best.week, scope, week, _order(facts), floor=floor, targets=frozenset({client}))
        found: Found | None = model.solve(1.5, max(0.05, until - time.monotonic()), seed)
        if found is None:
            continue
        offer = _placement(
            facts, week, found.week, client, "solver", found.proven and len(scope.clients) == len(facts.clients)
        )
        if needs_of(offer) < needs_of(best) or (needs_of(offer) == needs_of(best) and offer.proven):
            best = offer
        if best.complete or time.monotonic() > until:
            break
    return best


def needs_of(offer: Placement) -> int:
    return sum(p.price for p in offer.unmet if p.level == "needs")


def needs(facts: Facts, week: Week, client: Client) -> int:
    """The price of what a client needs and does not get."""
    return sum(p.price for p in of_client(facts, week, client) if p.level == "needs")


def leave(week: Week, client: str) -> Week:
    """The week without a person. Groups stay held."""
    return Week.of(
        week.meetings, [x for x in week.members if x[1] != client], [v for v in week.visits if v.client != client]
    )


def _order(facts: Facts) -> tuple[str, ...]:
    return tuple(x for x in REPAIR_ORDER if x in facts.order)


def _near(facts: Facts, fit: Fit, week: Week, client: str) -> list[str]:
    """People whose seats or hours the person could use: those in full groups they could attend, and those whom staff
    who could see them see, most often met first."""
    who = facts.client[client]
    score: dict[str, int] = {}
    for g in facts.groups:
        people = week.members_of.get(g.code, ())
        if people and fit.joinable(who, g):
            for other in people:
                score[other] = score.get(other, 0) + (3 if len(people) >= g.most else 1)
    staff = {s for n in fit.visit_needs(who) for m in who.modes for s in fit.visitors(client, n.kind, m)}
    for v in week.visits:
        if v.staff in staff and any(v.span.overlaps(free) for free in who.free):
            score[v.client] = score.get(v.client, 0) + (3 if v.staff == who.primary else 1)
    score.pop(client, None)
    return sorted(score, key=lambda c: (-score[c], c))


def _anchor(facts: Facts, offer: Placement) -> tuple[tuple[str, ...], tuple[Visit, ...]]:
    """What the next offer must not have again."""
    if offer.groups:
        return (max(offer.groups, key=lambda g: (facts.weight(f"needs.{facts.group[g].kind}"), g)),), ()
    return (), offer.visits[:1]


def _placement(facts: Facts, before: Week, week: Week, client: str, how: str, proven: bool = False) -> Placement:
    who = facts.client[client]
    own = tuple(p for p in of_client(facts, week, who) if p.price)
    complete_ = not any(p.level == "needs" for p in own)
    groups = tuple(sorted(week.groups_of.get(client, ()), key=lambda g: min(m.span for m in week.meetings_of[g])))
    others = tuple(c for c in moved(facts, week, before) if c != client)
    days = counted(facts, week, client)
    reasons: list[Sentence] = [Sentence("offer.complete")] if complete_ else []
    for p in own:
        if p.level == "needs":
            reasons.append(p.sentence)
    reasons.append(Sentence("offer.minutes", {"minutes": sum(days.values()), "days": len(days)}))
    tracks = sorted({facts.group[g].track for g in groups if facts.group[g].track})
    reasons += [Sentence("offer.track", {"track": t}) for t in tracks]
    for v in week.visits_of.get(client, ()):
        if v.kind == "individual":
            code = "offer.own_therapist" if v.staff == who.primary else "offer.other_therapist"
            reasons.append(Sentence(code, {"staff": v.staff}))
    reasons.append(Sentence("offer.moves", {"people": len(others)}) if others else Sentence("offer.nobody_moves"))
    return Placement(
        client,
        week,
        groups,
        week.visits_of.get(client, ()),
        complete_,
        own,
        by_level(facts, own),
        others,
        tuple(reasons),
        how,
        proven,
    )
