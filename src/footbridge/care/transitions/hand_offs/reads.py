"""Questions about hand-offs: who is on the way, what is due, which program fits, and what may be told there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from footbridge.care.inquiry.models import Inquiry
from footbridge.care.placement import reads as placement
from footbridge.care.screening import reads as screening
from footbridge.care.timetable import reads as timetable
from footbridge.engines import elsewhere as engine
from footbridge.engines import minors
from footbridge.engines.disclosure import Consent, ConsentKind, DataClass, Purpose, Recipient, Verdict
from footbridge.engines.level_of_care import guide
from footbridge.ground.consent import reads as consents
from footbridge.ground.consent import telling
from footbridge.ground.coverage import reads as coverage
from footbridge.ground.elsewhere import reads as elsewhere
from footbridge.ground.elsewhere.models import OtherProgram
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import reads as people
from footbridge.ground.people import support
from footbridge.ground.people.models import RoleHeld, Staff
from footbridge.ground.people.words import Channel, Language
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Site
from footbridge.ground.program.words import Level, Mode
from footbridge.kit.access import Actor

from . import clocks
from .models import HandOff, HandOffAgreed
from .words import ASKED, Step

PURPOSE = _("Going on with care at another program")
# What the guide's answer to "what is it about" says of the condition.
_TROUBLE = {"mood": {"mood"}, "substances": {"substance_use"}, "both": {"dual", "substance_use"}, "eating": {"eating"}}


def hand_off(actor: Actor, uid: UUID) -> HandOff | None:
    return _whole(HandOff.objects.visible_to(actor)).filter(uid=uid).first()


def _whole(rows: QuerySet[HandOff]) -> QuerySet[HandOff]:
    return rows.select_related("inquiry", "episode__client__person", "owner__person", "program", "ended_by__person", "transition")


def listed(actor: Actor, show: str = "open") -> QuerySet[HandOff]:
    """`open`: what is due first; `mine`: of those in one's own hands; `ended`: the newest end first."""
    rows = _whole(HandOff.objects.visible_to(actor))
    if show == "ended":
        return rows.filter(ended_at__isnull=False).order_by("-ended_at", "-id")
    rows = rows.filter(ended_at__isnull=True).order_by("next_at", "id")
    return rows.filter(owner_id=actor.staff_id) if show == "mine" else rows


def late(actor: Actor, at: datetime) -> int:
    """How many wait past the day of their next thing."""
    return HandOff.objects.visible_to(actor).open().filter(next_at__lt=at).count()


def open_of(subject: Inquiry | Episode) -> HandOff | None:
    """The open hand-off of a request or an episode."""
    of = {"episode": subject} if isinstance(subject, Episode) else {"inquiry": subject}
    return HandOff.objects.filter(**of, ended_at__isnull=True).first()


def name_of(row: HandOff) -> str:
    if row.episode is not None:
        return row.episode.client.person.name_used
    return row.inquiry.name_used if row.inquiry else ""


def agreed(row: HandOff, today: date) -> HandOffAgreed | None:
    """What the person lets us tell there, as it holds today. Of a client it holds as long as the consent among their papers does."""
    found = row.agreed.filter(taken_back_at__isnull=True).select_related("consent", "by__person")
    if row.client is not None:
        return found.filter(consent__in=consents.in_force(row.client, today).values("pk")).first()
    given = found.filter(consent__isnull=True).first()
    return given if given is not None and today < clocks.agreement_ends(day_of(given.at)) else None


@dataclass(frozen=True, slots=True)
class Tellable:
    """What may be told there today, by class of data, and why the rest may not although they agreed to it once."""

    classes: frozenset[DataClass]
    withheld: dict[DataClass, str]


def whom(row: HandOff) -> telling.Whom:
    return telling.Whom(Recipient.TREATING_PROVIDER, Purpose.TREATMENT, row.to_name)


def tellable(row: HandOff, today: date) -> Tellable:
    """Asked anew each time: they may have taken it back, it may have ended, or somebody else must have signed."""
    given = agreed(row, today)
    if given is None:
        return Tellable(frozenset(), {})
    said = {one: _verdict(row, given, one, today) for one in map(DataClass, given.data_classes)}
    return Tellable(frozenset(one for one, verdict in said.items() if verdict.allowed), {one: telling.refused(v) for one, v in said.items() if not v.allowed})


def _verdict(row: HandOff, given: HandOffAgreed, data_class: DataClass, today: date) -> Verdict:
    if row.client is not None and given.consent is not None:
        return telling.verdict(row.client, data_class, whom(row), today, given=[given.consent])
    # Of somebody who only asked, the agreement stands on the hand-off. Two names under it: a parent's is the second.
    day = day_of(given.at)
    signers = minors.BOTH if ";" in given.signed_name else minors.CLIENT_ALONE
    alone = Consent(
        str(given.uid), ConsentKind.NAMED, frozenset({Recipient.TREATING_PROVIDER}), day, frozenset(map(DataClass, given.data_classes)), frozenset({Purpose.TREATMENT}),
        until=clocks.agreement_ends(day), signed_by=signers, written=given.how != "spoken",
    )  # fmt: skip
    return telling.by_papers([alone], data_class, whom(row), today, support.standing_of(born_on(row), today))


def born_on(row: HandOff) -> date | None:
    if row.episode is not None:
        return row.episode.client.person.born_on
    return row.inquiry.born_on if row.inquiry else None


def appointment(row: HandOff) -> datetime | None:
    """The appointment there, as it was made last."""
    made = row.steps.filter(kind=Step.APPOINTMENT).order_by("-at", "-id").first()
    return made.appointment_at if made else None


def can_own(today: date, row: HandOff) -> QuerySet[Staff]:
    """Who may answer for it: intake and the director, the front desk until they are admitted, a therapist of theirs."""
    desk = ["intake", "director"] if row.episode is not None and hasattr(row.episode, "admission") else ["intake", "director", "front_desk"]
    held = RoleHeld.objects.filter(role__in=desk, held_from__lte=today).filter(Q(held_until__isnull=True) | Q(held_until__gt=today))
    theirs = Q(care_team_of__episode=row.episode, care_team_of__left_at__isnull=True, roles_held__role="therapist") if row.episode else Q(pk__in=[])
    return (
        Staff.objects.filter(Q(pk__in=held.values("staff")) | theirs, Q(left_on__isnull=True) | Q(left_on__gt=today))
        .select_related("person").distinct().order_by("person__name_used")
    )  # fmt: skip


# ------------------------------------------------------------------ who is it about


@dataclass(frozen=True, slots=True)
class Reach:
    """How the person is reached safely; of somebody who was asked for by another, who that is. `through`: by whom to reach somebody who has
    neither phone nor email of their own."""

    name: str
    phone: str
    email: str
    channel: Any
    may_leave_message: bool
    may_say_who_we_are: bool
    best_times: str
    language: str
    asker: str = ""
    agrees: str = "yes"
    through: str = ""


def reach(row: HandOff) -> Reach:
    if row.episode is not None:
        person = row.episode.client.person
        chosen = people.contact_choice(person)
        return Reach(
            person.name_used, person.phone, person.email, chosen.get_channel_display() if chosen else Channel.CALL.label,
            bool(chosen and chosen.may_leave_message), bool(chosen and chosen.may_say_who_we_are), chosen.best_times if chosen else "", person.language,
        )  # fmt: skip
    asked = row.inquiry
    if asked is None:
        raise ValueError("a hand-off is of a request or an episode")
    asker = " · ".join(part for part in (asked.asker_name, asked.asker_relation, asked.asker_contact) if part) if asked.for_whom != "self" else ""
    return Reach(
        asked.name_used, asked.phone, asked.email, asked.get_channel_display(), asked.may_leave_message, asked.may_say_who_we_are, asked.best_times,
        asked.language, asker, asked.person_agrees, "" if asked.phone or asked.email else asker,
    )  # fmt: skip


# ------------------------------------------------------------------ where to


@dataclass(frozen=True, slots=True)
class Needed:
    """What is asked of another program, from what is known already. Empty: not known."""

    level: str = ""
    conditions: tuple[str, ...] = ()
    population: str = ""
    language: str = ""
    payer: str = ""
    mode: str = ""


def needed(subject: Inquiry | Episode, today: date) -> Needed:
    """From the decision, else the advice, else the guide; the screen, the coverage and the language. Nothing is asked twice."""
    episode = subject if isinstance(subject, Episode) else subject.episode
    if episode is None:
        asked: Any = subject
        suggested = guide.suggest(asked.guide_answers)
        born = asked.born_on
        return Needed(
            level=getattr(suggested, "level", ""), conditions=tuple(sorted(_TROUBLE.get(asked.guide_answers.get("trouble", ""), ()))),
            population=_population(born, today), language=asked.language,
        )  # fmt: skip
    decision, assessed, screen = placement.decision(episode), placement.newest(episode), screening.latest(episode)
    moved = episode.transitions.exclude(next_provider="").first()
    level = moved.to_level if moved else decision.indicated if decision else assessed.advised_level if assessed else ""
    paid = coverage.on(episode.client, today)
    wish = screen.prefers_mode if screen else ""
    return Needed(
        level=level, conditions=tuple(timetable.conditions(episode)), population=_population(episode.client.person.born_on, today),
        language=episode.client.person.language, payer=paid.kind if paid and paid.kind != "not_known" else "", mode=wish if wish != Mode.HYBRID else "",
    )  # fmt: skip


def _population(born: date | None, today: date) -> str:
    if born is None:
        return ""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "adolescent" if age < placement.ADULT_FROM else "adult"


@dataclass(frozen=True, slots=True)
class Choice:
    """A program of the list, and how it fits."""

    program: OtherProgram
    fit: engine.Fit
    said: tuple[str, ...]

    @property
    def possible(self) -> bool:
        return self.fit.possible


def choices(need: Needed, site: Site | None, today: date) -> list[Choice]:
    """Every program of the list with its reasons, the nearest fitting first."""
    rows = {str(row.uid): row for row in elsewhere.kept()}
    asked = engine.Need(need.level, frozenset(need.conditions), need.population, need.language, need.payer, need.mode)
    found = engine.ranked(asked, (_place(row, site, today) for row in rows.values()))
    return [Choice(rows[one.place.code], one, tuple(_said(one))) for one in found]


def _place(row: OtherProgram, site: Site | None, today: date) -> engine.Place:
    populations = set(row.populations)
    if "adult" in populations:
        populations.add("young_adult")
    if "young_adult" in populations:
        populations.add("adult")
    miles = row.miles.get(site.code) if site else None
    return engine.Place(
        str(row.uid), frozenset(row.levels), frozenset(row.conditions), frozenset(populations), frozenset(row.languages), frozenset(row.payers),
        frozenset(row.modes), row.sliding_fee, miles, row.wait_days, elsewhere.is_stale(row, today),
    )  # fmt: skip


def _said(fit: engine.Fit) -> Iterable[str]:
    if fit.misses:
        yield str(_("Does not fit: %(what)s") % {"what": ", ".join(str(ASKED[name]) for name in fit.misses)})
    if fit.fits:
        yield str(_("Fits: %(what)s") % {"what": ", ".join(str(ASKED[name]) for name in fit.fits)})
    if fit.unknown:
        yield str(_("Ask there: %(what)s") % {"what": ", ".join(str(ASKED[name]) for name in fit.unknown)})
    place = fit.place
    yield str(_("%(miles)s miles") % {"miles": place.miles}) if place.miles is not None else str(_("distance not known"))
    if place.wait_days is not None:
        yield str(_("wait of %(n)s days") % {"n": place.wait_days})
    if place.stale:
        yield str(_("nobody has called there for a long time"))


def level_said(code: str) -> str:
    return str(Level(code).label) if code in Level.values else ""


def language_said(code: str) -> str:
    return str(Language(code).label) if code in Language.values else code
