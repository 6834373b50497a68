"""Who may certify, who must countersign, and how certification stands: for one episode, and for all of a desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.care.placement.models import Admission
from footbridge.data import parsed
from footbridge.engines import certification
from footbridge.engines.certification import CertificationRule, Standing, State
from footbridge.ground.coverage.models import Coverage
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Credential, Staff
from footbridge.kit.access import Actor

from .models import Certification, Plan, PlanSignature
from .words import Capacity


@cache
def rules() -> tuple[CertificationRule, ...]:
    return certification.rules(parsed("certification"))


def rule_of(payer: str, on: date) -> CertificationRule | None:
    """The rule this kind of payer has on the day; None when it asks for no certification."""
    return next((rule for rule in rules() if rule.payer == payer and rule.effective_from <= on), None)


# ------------------------------------------------------------------ credentials


def _plain(kind: str) -> str:
    return kind.replace(".", "").strip().upper()


def valid_credentials(staff: Staff, on: date) -> list[Credential]:
    """What the person holds on the day, by kind."""
    holds = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    return list(staff.credentials.filter(holds, valid_from__lte=on).order_by("kind", "pk"))


def as_physician(staff: Staff | None, on: date) -> str:
    """The credential that makes this person a physician on the day ("MD"), or an empty text."""
    signers = frozenset().union(*(rule.signers for rule in rules()))
    for held in valid_credentials(staff, on) if staff is not None else ():
        if _plain(held.kind) in signers and not held.provisional:
            return held.kind
    return ""


def supervised(staff: Staff | None, on: date) -> bool:
    """Whether every credential this person holds on the day is provisional, so that a supervisor signs too."""
    held = valid_credentials(staff, on) if staff is not None else []
    return bool(held) and all(one.provisional for one in held)


def clinician_of(plan: Plan) -> Staff | None:
    """Who signed the version as its clinician, or else who wrote it."""
    signature = next((one for one in plan.signatures.all() if one.capacity == Capacity.CLINICIAN), None)
    if signature is not None:
        return Staff.objects.select_related("person", "supervisor__person").filter(person=signature.person_id).first()
    return Staff.objects.select_related("person", "supervisor__person").filter(pk=plan.drafted_by_id).first()


@dataclass(frozen=True, slots=True)
class Countersigning:
    """Whether a supervisor signs this version too. `said` is a sentence while the signature is missing."""

    needed: bool
    supervisor: Staff | None
    done: bool

    @property
    def said(self) -> str:
        if not self.needed or self.done:
            return ""
        if self.supervisor is None:
            return _("The clinician's credential is provisional and no supervisor is named. The director names one.")
        return _("The clinician's credential is provisional: %(name)s signs as the supervisor.") % {
            "name": self.supervisor.person.name_used
        }


def countersigning(plan: Plan, on: date) -> Countersigning:
    clinician = clinician_of(plan)
    done = any(one.capacity == Capacity.SUPERVISOR for one in plan.signatures.all())
    return Countersigning(supervised(clinician, on), clinician.supervisor if clinician else None, done)


def to_countersign(actor: Actor, on: date) -> list[Plan]:
    """The newest versions of open episodes that wait for `actor` as the supervisor of who signed them, oldest first."""
    if actor.staff_id is None:
        return []
    signed = PlanSignature.objects.filter(
        capacity=Capacity.CLINICIAN, person__staff__supervisor_id=actor.staff_id, plan__episode__ended_at__isnull=True
    )
    plans = (
        Plan.objects.filter(pk__in=signed.values("plan_id"))
        .exclude(signatures__capacity=Capacity.SUPERVISOR)
        .select_related("episode__client__person", "drafted_by__person")
        .prefetch_related("signatures__person__staff__credentials")
        .order_by("drafted_at", "pk")
    )
    newest: dict[int, int] = {}
    every = list(plans)
    for episode_id, version in Plan.objects.filter(episode__in=[p.episode_id for p in every]).values_list("episode_id", "version"):
        newest[episode_id] = max(version, newest.get(episode_id, 0))
    return [plan for plan in every if plan.version == newest[plan.episode_id] and _provisional(plan, on)]


def _provisional(plan: Plan, on: date) -> bool:
    """As `supervised` of who signed as the clinician, from what was fetched already."""
    signature = next(one for one in plan.signatures.all() if one.capacity == Capacity.CLINICIAN)
    held = [
        one for one in signature.person.staff.credentials.all()
        if one.valid_from <= on and (one.valid_until is None or one.valid_until >= on)
    ]  # fmt: skip
    return bool(held) and all(one.provisional for one in held)


# ------------------------------------------------------------------ how it stands


@dataclass(frozen=True, slots=True)
class Certified:
    """How the certification of one episode stands on a day. `given` newest first."""

    episode: Episode
    rule: CertificationRule
    standing: Standing
    given: tuple[Certification, ...]

    @property
    def state(self) -> str:
        return str(self.standing.state)

    @property
    def asks(self) -> bool:
        """Whether somebody has to do something now."""
        return self.standing.state is not State.HOLDS

    @property
    def said(self) -> str:
        """How it stands, as a sentence."""
        day = {
            "since": date_format(self.standing.since, "M j, Y"),
            "until": date_format(self.standing.until, "M j, Y") if self.standing.until else "",
            "rule": self.rule.name,
            "days": self.rule.most_days,
        }
        match self.standing.state:
            case State.MISSING:
                return _("No physician has certified the need for this care since admission on %(since)s (%(rule)s).") % day
            case State.LAPSED:
                return _(
                    "The certification lapsed: it held until %(until)s, and since %(since)s no day of care is certified (%(rule)s, at most %(days)s days)."
                ) % day
            case State.DUE:
                return _("The certification holds until %(until)s. A physician recertifies before then.") % day
            case _:
                return _("The certification holds until %(until)s.") % day

    @property
    def gaps(self) -> list[str]:
        """The stretches of days without certification, in words."""
        shown = []
        for gap in self.standing.gaps:
            first, last = date_format(gap.first, "M j, Y"), date_format(gap.last, "M j, Y")
            shown.append(first if gap.first == gap.last else _("%(first)s to %(last)s") % {"first": first, "last": last})
        return shown


def of_episodes(episodes: Iterable[Episode], today: date) -> list[Certified]:
    """How certification stands for those of `episodes` that are admitted and whose payer asks for it. Three queries."""
    told = {episode.pk: episode for episode in episodes}
    holds = Q(covered_until__isnull=True) | Q(covered_until__gt=today)
    payers: dict[int, str] = {}
    asked = {rule.payer for rule in rules()}
    for client_id, kind in (
        Coverage.objects.filter(holds, client__in={e.client_id for e in told.values()}, covered_from__lte=today)
        .order_by("covered_from", "id")
        .values_list("client_id", "kind")
    ):
        payers[client_id] = kind  # the newest holds, as in coverage.reads.on
    admitted = dict(Admission.objects.filter(episode__in=told).values_list("episode_id", "starts_on"))
    concerned = {pk: e for pk, e in told.items() if payers.get(e.client_id) in asked and admitted.get(pk, today) <= today and pk in admitted}
    given: dict[int, list[Certification]] = defaultdict(list)
    for row in Certification.objects.filter(episode__in=concerned).select_related("by__person", "plan").order_by("-at", "-id"):
        given[row.episode_id].append(row)
    found = []
    for pk, episode in concerned.items():
        rule = rule_of(payers[episode.client_id], today)
        if rule is not None:
            days = [row.on for row in given[pk]]
            found.append(Certified(episode, rule, certification.standing(rule, admitted[pk], days, today), tuple(given[pk])))
    return found


def of_episode(episode: Episode, today: date) -> Certified | None:
    """None when nobody asks for a certification."""
    return next(iter(of_episodes([episode], today)), None)


def asking(actor: Actor, today: date) -> list[Certified]:
    """Certifications missing, lapsed or due among the open episodes `actor` may know: the longest lapsed first."""
    payers = {rule.payer for rule in rules()}
    open_now = (
        Episode.objects.visible_to(actor)
        .open()
        .filter(client__in=Coverage.objects.filter(kind__in=payers).values("client_id"), pk__in=Admission.objects.values("episode_id"))
        .select_related("client__person")
    )
    order = {State.LAPSED: 0, State.MISSING: 0, State.DUE: 1}
    waiting = [one for one in of_episodes(open_now, today) if one.asks]
    return sorted(waiting, key=lambda one: (order[one.standing.state], one.standing.since, one.episode.pk))
