"""The waiting list: who fits which open seat, by need and fit and not only by date; and what would let most people in.

Nobody in care moves for this. The order is a proposal for people to decide on: those whose whole week fits come first,
then by urgency, then by how little they would miss, then by how long they have waited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.explaining import explain
from footbridge.engines.timetabling.facts import Facts, Week
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.placing import Placement, needs_of, place


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody waiting, with the best week they could have today. `missing` is the price of what it lacks."""

    client: str
    offer: Placement
    missing: int
    reasons: tuple[Sentence, ...]

    @property
    def fits(self) -> bool:
        return self.offer.complete


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """A held group with seats left, and who could take one, in the order of the list."""

    group: str
    left: int
    clients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """`together` are those who could all be admitted at once, taken in the order of the list."""

    candidates: tuple[Candidate, ...]
    seats: tuple[OpenSeat, ...]
    together: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relief:
    """One change, and the waiting people whose whole week would then fit."""

    change: Sentence
    clients: tuple[str, ...]


def waiting(facts: Facts, week: Week, people: Sequence[str], *, seed: int = 0) -> Waiting:
    """`people` are clients of the facts who are not in the week yet."""
    fit = Fit(facts)
    found = []
    for code in people:
        offer = place(facts, week, code, offers=1, seed=seed)[0]
        who = facts.client[code]
        missing = needs_of(offer)
        reasons = [Sentence("waiting.urgency", {"urgency": who.urgency, "days": who.waiting_days}), *offer.reasons]
        found.append(Candidate(code, offer, missing, tuple(reasons)))

    def turn(c: Candidate) -> tuple[bool, int, int, int, str]:
        who = facts.client[c.client]
        return not c.fits, -who.urgency, c.missing, -who.waiting_days, c.client

    order = sorted(found, key=turn)
    seats = []
    for g in facts.groups:
        held = week.meetings_of.get(g.code, ())
        if not held:
            continue
        rooms = [facts.room[m.room].seats for m in held if m.room]
        left = min([g.most, *rooms]) - len(week.members_of.get(g.code, ()))
        if left > 0:
            spans = tuple(m.span for m in held)
            able = [c.client for c in order if _could_sit(facts, fit, week, c.client, g.code, spans)]
            seats.append(OpenSeat(g.code, left, tuple(able)))
    return Waiting(tuple(order), tuple(seats), tuple(_together(facts, week, order, seed)))


def _could_sit(facts: Facts, fit: Fit, week: Week, client: str, group: str, spans: tuple) -> bool:  # type: ignore[type-arg]
    if fit.why_not(client, group) is not None or not fit.free_for("client", client, spans):
        return False
    apart = facts.kept_apart.get(client, frozenset())
    return not apart & set(week.members_of.get(group, ()))


def _together(facts: Facts, week: Week, order: Sequence[Candidate], seed: int) -> list[str]:
    """Those who still fit when the ones before them have been admitted."""
    now, out = week, []
    for candidate in order:
        if not candidate.fits:
            continue
        offer = candidate.offer if now is week else place(facts, now, candidate.client, offers=1, seed=seed)[0]
        if offer.complete:
            now = offer.week
            out.append(candidate.client)
    return out


def relief(facts: Facts, week: Week, people: Sequence[str], *, seconds_each: float = 1.0) -> tuple[Relief, ...]:
    """Which single change lets most of the waiting people in, best first. Each person is looked at alone."""
    helped: dict[str, tuple[Sentence, list[str]]] = {}
    for code in people:
        who = facts.client[code]
        wants = [n.kind for n in who.needs] + ["hours"] * bool(who.minutes_a_week) + ["days"] * bool(who.days_a_week)
        told = explain(facts, week, code, wants, changes=5, seconds=seconds_each)
        for change in told.changes:
            if len(change.sentences) == 1:
                sentence = change.sentences[0]
                key = f"{sentence.code} {sorted(sentence.params.items(), key=str)}"
                helped.setdefault(key, (sentence, []))[1].append(code)
    found = [Relief(sentence, tuple(who)) for sentence, who in helped.values()]
    return tuple(
        sorted(found, key=lambda r: (-len(r.clients), r.change.code, str(sorted(r.change.params.items(), key=str))))
    )
