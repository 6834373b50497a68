"""Who may do what: `Rule` objects asked two ways, with no as the default.

A rule names the roles that may, and a condition on the record. `may` answers a question ("show the button?"),
`require` guards a deed. A person who may not is answered as if the thing did not exist (`NotYours`, 404): that a
record exists is itself something to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: dict[str, str | Promise] = {
    "front_desk": _("Answers inquiries, books first visits, keeps contact details and coverage."),
    "intake": _("Screens people who ask for help and proposes a level of care."),
    "therapist": _("Treats the clients in their own care: plan, sessions, notes, measures, safety."),
    "prescriber": _("Prescribes and watches medication for the clients in their own care."),
    "director": _("Answers for the program: sees every chart, staff, timetable and outcome."),
    "biller": _("Sees coverage, attendance and signed services. Never sees notes, plans or answers."),
    "admin": _("Keeps accounts, roles and settings. Sees no chart."),
    "client": _("Sees their own care."),
    "supporter": _("Sees what a client has granted them, for as long as it is granted."),
}
STAFF_ROLES = frozenset({"front_desk", "intake", "therapist", "prescriber", "director", "biller", "admin"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the rules see them. Built once a request by the wiring; rules never ask who someone is."""

    user_id: int | None = None
    person_id: int | None = None
    staff_id: int | None = None
    client_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    is_demo: bool = False
    supports: frozenset[int] = frozenset()  # clients who let this person see something, at this moment

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_system(self) -> bool:
        return "system" in self.roles

    @property
    def as_staff(self) -> int:
        """The staff id of somebody who works here; `NotYours` for everybody else."""
        if self.staff_id is None:
            raise NotYours("staff")
        return self.staff_id

    def has(self, *roles: str) -> bool:
        return bool(self.roles.intersection(roles))

    def within(self, roles: Iterable[str]) -> Actor:
        """The same person in these roles only: what another role of theirs opens is not opened here."""
        return replace(self, roles=self.roles.intersection(roles))


SYSTEM = Actor(name="clock", roles=frozenset({"system"}))
PUBLIC = Actor(name="visitor")


class NotYours(Exception):
    """The actor may not know or do this. Answered 404."""


class Refusal(Exception):
    """A deed that cannot be done, with the words a person reads. Subclasses stand beside their verb.

    `field` names the form field to mend, when there is one.
    """

    def __init__(self, sentence: str | Promise, *, field: str | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


RULES: dict[str, Rule] = {}


def _always(actor: Actor, about: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """One permission. `says` is the sentence a manager reads on the roles page.

    `also` names conditions in words, shown beside the sentence; `when(actor, about)` is the condition itself.
    """

    code: str
    says: str | Promise
    roles: tuple[str, ...] = ()
    when: Callable[[Actor, Any], bool] = field(default=_always)

    def __post_init__(self) -> None:
        unknown = set(self.roles) - set(ROLES)
        if unknown:
            raise ValueError(f"rule {self.code}: unknown roles {sorted(unknown)}")
        if self.code in RULES:
            raise ValueError(f"rule {self.code} is written twice")
        RULES[self.code] = self


def may(actor: Actor, rule: Rule, about: Any = None) -> bool:
    """Whether `actor` may, by `rule`, with `about`. Inner actors (`SYSTEM`, the clock) may everything.

    The condition is asked of the roles the rule names and of no others: a therapist who also works at the front desk, or
    whose brother made them a supporter, opens with a therapist's rule what a therapist may open.
    """
    if actor.is_system:
        return True
    acting = actor.within(rule.roles)
    return bool(acting.roles) and rule.when(acting, about)


def require(actor: Actor, rule: Rule, about: Any = None) -> None:
    """Raise `NotYours` unless `actor` may."""
    if not may(actor, rule, about):
        raise NotYours(rule.code)
