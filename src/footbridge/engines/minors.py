"""Somebody under age: who signs for the treatment, who must agree before anything is told, and what somebody close to them may see.

The default is no. Without a rule of the state a parent signs too, and in a program under 42 CFR Part 2 nothing is told to a parent
without the minor's own consent (2.14). Where a minor may consent alone to any extent, a parent sees nothing by law alone: only what
the minor agrees to. What concerns substance use, sexual health, or the words of a suicide screen is never anybody's by law.

States, ages and sources stand in data/minors_consent.yaml. Nothing here is legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from footbridge.engines.sentence import Sentence, render


class Service(StrEnum):
    MENTAL_HEALTH = "mental_health"
    SUBSTANCE_USE = "substance_use"


class Signer(StrEnum):
    CLIENT = "client"
    PARENT = "parent"


class Basis(StrEnum):
    """By what right somebody sees something."""

    CONSENT = "consent"
    PARENT = "parent_of_minor"
    GUARDIAN = "guardian"
    ATTORNEY = "poa"


BOTH = frozenset(Signer)
CLIENT_ALONE = frozenset({Signer.CLIENT})
SENSITIVE = frozenset({"substance", "sexual", "screens"})
NOTES = "notes"  # free text, which may speak of all of these


@dataclass(frozen=True, slots=True)
class Rule:
    """From which birthday somebody may consent alone to this service, in this state."""

    state: str
    service: Service
    from_age: int
    source: str
    mark: str
    effective_from: date
    effective_until: date | None = None
    only_for: frozenset[str] = frozenset()
    sessions: int | None = None
    minutes: int | None = None
    note: str = ""

    def holds(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_until is None or on < self.effective_until)


@dataclass(frozen=True, slots=True)
class Table:
    rules: tuple[Rule, ...]
    majority: int
    majority_of: Mapping[str, int]
    sources: Mapping[str, str]  # of the ages of majority, by state; "" for all others

    def knows(self, state: str, service: Service, on: date) -> Rule | None:
        return next((one for one in self.rules if (one.state, one.service) == (state, service) and one.holds(on)), None)

    def adult_at(self, state: str) -> int:
        """The age of majority there; the usual one where the table knows no other."""
        return self.majority_of.get(state, self.majority)


def table(content: Mapping[str, Any]) -> Table:
    """The table from data/minors_consent.yaml. KeyError or ValueError name what is wrong with it."""
    general, states = content["majority"]["general"], content["majority"]["states"]
    return Table(
        tuple(_rule(one) for one in content["rules"]),
        int(general["age"]),
        {state: int(one["age"]) for state, one in states.items()},
        {"": f"{general['source']} [{general['mark']}]", **{s: f"{one['source']} [{one['mark']}]" for s, one in states.items()}},
    )


def _rule(one: Mapping[str, Any]) -> Rule:
    until = one.get("effective_until")
    return Rule(
        state=one["state"], service=Service(one["service"]), from_age=int(one["from_age"]), source=one["source"], mark=one["mark"],
        effective_from=date.fromisoformat(str(one["effective_from"])),
        effective_until=date.fromisoformat(str(until)) if until else None,
        only_for=frozenset(one.get("only_for", ())), sessions=one.get("sessions"), minutes=one.get("minutes"), note=one.get("note", ""),
    )  # fmt: skip


def birthday(born_on: date, years: int) -> date:
    """The day on which somebody is so many years old. Born on February 29: March 1 in other years."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def age_on(born_on: date, on: date) -> int:
    return on.year - born_on.year - (on < birthday(born_on, on.year - born_on.year))


@dataclass(frozen=True, slots=True)
class Asked:
    """The person and the day. `reasons`: what the care is about, where it is known (suicide_prevention, abuse, addiction).
    `sessions_had` and `session_minutes`: how much there was, and how long a session is. `part2`: a program under 42 CFR Part 2.
    `takes_minors`: whoever has no birth date on record may be one."""

    born_on: date | None
    on: date
    state: str = ""
    services: frozenset[Service] = frozenset(Service)
    reasons: frozenset[str] = frozenset()
    sessions_had: int | None = None
    session_minutes: int | None = None
    part2: bool = True
    takes_minors: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """`signs`: who must sign for the treatment. `discloses`: whose agreement is needed before anything is told. `by_law`: whether
    a parent may see without the minor's agreement. `reasons` always say why; `rules` are the ones relied on."""

    age: int | None
    is_minor: bool
    adult_on: date | None
    alone: bool
    signs: frozenset[Signer]
    discloses: frozenset[Signer]
    by_law: bool
    reasons: tuple[Sentence, ...] = ()
    rules: tuple[Rule, ...] = ()


def standing(asked: Asked, known: Table) -> Standing:
    """Who signs and who is asked, on this day."""
    if asked.born_on is None and asked.takes_minors:
        return Standing(None, True, None, False, BOTH, BOTH, False, (Sentence("minors.age_unknown"),))
    if asked.born_on is None:
        say = (Sentence("minors.no_birth_date"),)
        return Standing(None, False, None, True, CLIENT_ALONE, CLIENT_ALONE, False, say)
    age = age_on(asked.born_on, asked.on)
    adult_on = birthday(asked.born_on, known.adult_at(asked.state))
    if asked.on >= adult_on:
        return Standing(age, False, adult_on, True, CLIENT_ALONE, CLIENT_ALONE, False, (Sentence("minors.adult", {"day": adult_on}),))
    said: list[Sentence] = []
    used: list[Rule] = []
    alone = bool(asked.services)
    touched = False  # some rule lets the minor consent alone, to whatever extent
    for service in sorted(asked.services):
        rule = known.knows(asked.state, service, asked.on)
        verdict, sentence = _alone(rule, service, age, asked)
        said.append(sentence)
        alone = alone and verdict
        if rule is not None:
            used.append(rule)
            touched = touched or age >= rule.from_age
    by_law = not asked.part2 and not touched and Service.SUBSTANCE_USE not in asked.services
    said.append(Sentence("minors.part2_alone" if alone else "minors.part2_both") if asked.part2 else Sentence("minors.by_law" if by_law else "minors.minor_decides"))
    agree = CLIENT_ALONE if alone else BOTH
    return Standing(age, True, adult_on, alone, agree, agree, by_law, tuple(said), tuple(used))


def _alone(rule: Rule | None, service: Service, age: int, asked: Asked) -> tuple[bool, Sentence]:
    if rule is None:
        return False, Sentence("minors.no_rule", {"state": asked.state or "?", "service": service.value})
    given = {"state": rule.state, "service": service.value, "age": rule.from_age, "source": f"{rule.source} [{rule.mark}]"}
    if age < rule.from_age:
        return False, Sentence("minors.too_young", given)
    if rule.only_for and not rule.only_for & asked.reasons:
        return False, Sentence("minors.only_for", {**given, "only_for": tuple(sorted(rule.only_for))})
    if rule.sessions is not None:
        too_long = rule.minutes is not None and (asked.session_minutes is None or asked.session_minutes > rule.minutes)
        too_many = asked.sessions_had is None or asked.sessions_had >= rule.sessions
        if too_long or too_many:
            return False, Sentence("minors.limit", {**given, "sessions": rule.sessions, "minutes": rule.minutes or 0})
    return True, Sentence("minors.alone", given)


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody was granted, from a day until a day (exclusive), who signed for it, and what a court took away."""

    basis: Basis
    classes: frozenset[str]
    from_on: date
    until: date | None = None
    signed_by: frozenset[Signer] = frozenset()
    denied_by_court: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Access:
    """`classes`: what may be seen on the day. `withheld`: granted and not to be seen, each with why. `ends_on`: from that day on
    nothing more, as things stand."""

    classes: frozenset[str]
    withheld: Mapping[str, Sentence] = field(default_factory=dict)
    ends_on: date | None = None


def access(grant: Grant, asked: Asked, known: Table) -> Access:
    """What this grant opens on the day. Ages and rules are computed: nobody has to remember a birthday."""
    who = standing(asked, known)
    ends_on = _ends_on(grant, asked, known)
    why_none = _why_nothing(grant, asked, who, ends_on)
    if why_none is not None:
        return Access(frozenset(), dict.fromkeys(sorted(grant.classes), why_none), ends_on)
    withheld: dict[str, Sentence] = {}
    for one in sorted(grant.classes):
        if one in grant.denied_by_court:
            withheld[one] = Sentence("minors.court")
        elif one in SENSITIVE and Signer.CLIENT not in grant.signed_by:
            withheld[one] = Sentence("minors.only_the_client")
        elif one == NOTES and (not grant.classes >= SENSITIVE or Signer.CLIENT not in grant.signed_by or SENSITIVE & grant.denied_by_court):
            withheld[one] = Sentence("minors.notes_tell_all")
    return Access(grant.classes - withheld.keys(), withheld, ends_on)


def _ends_on(grant: Grant, asked: Asked, known: Table) -> date | None:
    by_age = None
    if asked.born_on is not None and grant.basis in (Basis.PARENT, Basis.GUARDIAN):
        adult_on = birthday(asked.born_on, known.adult_at(asked.state))
        # A court may name a guardian for an adult; one who was named for a child is named anew.
        by_age = adult_on if grant.basis is Basis.PARENT or grant.from_on < adult_on else None
    days = [day for day in (grant.until, by_age) if day is not None]
    return min(days) if days else None


def _why_nothing(grant: Grant, asked: Asked, who: Standing, ends_on: date | None) -> Sentence | None:
    if asked.on < grant.from_on:
        return Sentence("minors.not_yet", {"day": grant.from_on})
    if ends_on is not None and asked.on >= ends_on:
        return Sentence("minors.of_age" if grant.until is None or ends_on < grant.until else "minors.ended", {"day": ends_on})
    if grant.basis is Basis.PARENT and (asked.born_on is None or not who.is_minor):
        return Sentence("minors.no_birth_date")
    if grant.basis is Basis.PARENT and who.by_law:
        return None
    if grant.basis in (Basis.CONSENT, Basis.PARENT):
        missing = who.discloses - grant.signed_by
        if missing:
            return Sentence("minors.not_signed", {"who": tuple(sorted(one.value for one in missing))})
    return None


def needed(classes: Iterable[str]) -> frozenset[str]:
    """What else must be granted for these classes to open: clinical notes may speak of everything."""
    return SENSITIVE - set(classes) if NOTES in set(classes) else frozenset()


_ENGLISH = {
    "minors.no_birth_date": "There is no birth date on record: nobody is granted anything by law before there is one.",
    "minors.age_unknown": "There is no birth date on record, and minors come here: a parent's consent is needed until it is known.",
    "minors.adult": "An adult since {day}: signs alone, and nobody sees anything without their consent.",
    "minors.no_rule": "The table has no rule of {state} for {service}: a parent's consent is needed, until a lawyer has read the law there and the line is added.",
    "minors.too_young": "In {state} somebody may consent alone to {service} from {age} on: a parent's consent is needed. ({source})",
    "minors.only_for": "In {state} a minor consents alone to {service} only for: {only_for}. Otherwise a parent's consent is needed. ({source})",
    "minors.limit": "In {state} a minor consents alone to {service} for {sessions} sessions of {minutes} minutes. This is more, or it is not "
    "known: a parent's consent is needed. ({source})",
    "minors.alone": "In {state} a minor of {age} or older consents alone to {service}. ({source})",
    "minors.part2_alone": "Only the minor may agree to anything being told, also to a parent. (42 CFR 2.14) [K]",
    "minors.part2_both": "Nothing is told, also not to a parent, unless the minor agrees; a parent signs too. (42 CFR 2.14) [K]",
    "minors.by_law": "A parent who consented to the care may see the record as the personal representative. (45 CFR 164.502(g)) [K]",
    "minors.minor_decides": "What a minor may consent to alone, a parent sees only when the minor agrees. (45 CFR 164.502(g)(3)) [K]",
    "minors.court": "A court order takes this away.",
    "minors.only_the_client": "Substance use, sexual health and the words of a suicide screen: only with the client's own signature.",
    "minors.notes_tell_all": "Notes are free text: they open only together with substance use, sexual health and suicide screens, each granted "
    "by the client.",
    "minors.not_yet": "Begins on {day}.",
    "minors.ended": "Ended on {day}.",
    "minors.of_age": "Ended by age on {day}.",
    "minors.not_signed": "Not signed by: {who}.",
}


def english(sentence: Sentence) -> str:
    return render(sentence, _ENGLISH)


def codes() -> tuple[str, ...]:
    return tuple(_ENGLISH)
