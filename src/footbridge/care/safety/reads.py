"""Questions about alarms, risk and safety plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import CareTeamMember, Episode
from footbridge.ground.instruments.models import Score, Sheet
from footbridge.ground.instruments.reads import TRIAGE
from footbridge.ground.people import reads as people
from footbridge.ground.people.models import Away, Client, Staff, Supporter
from footbridge.ground.people.reads import staff_with_role, supporters
from footbridge.ground.program.days import day_of
from footbridge.kit.access import Actor

from . import clocks, rules
from .models import Alarm, AlarmHanded, RiskAssessment, SafetyPlan, SafetyPlanLine
from .words import SafetyStep

CLOSED_SHOWN = 200


def open_alarms() -> QuerySet[Alarm]:
    """Every alarm that nobody closed, soonest due first, with `owner_now_id`."""
    return (
        rules.with_owner(Alarm.objects.filter(closed__isnull=True))
        .select_related("client__person", "owner__person")
        .order_by("due_at", "id")
    )


def alarm(actor: Actor, uid: UUID) -> Alarm | None:
    return rules.alarms_visible_to(actor).select_related("client__person", "owner__person").filter(uid=uid).first()


def open_for(actor: Actor) -> int:
    """How many open alarms the actor sees: the number beside "Alarms"."""
    alarms = Alarm.objects.all() if rules.sees_every_alarm(actor) else rules.alarms_visible_to(actor)
    return alarms.filter(closed__isnull=True).count()


def owner_now(alarm: Alarm) -> Staff | None:
    """Who has the alarm in hand."""
    last = AlarmHanded.objects.filter(alarm=alarm).select_related("to__person").order_by("-id").first()
    return last.to if last else alarm.owner


@dataclass(frozen=True)
class Row:
    """A line of the list of alarms, with what the list needs and no more."""

    alarm: Alarm
    owner: Staff | None
    is_mine: bool
    is_read: bool
    is_past_due: bool
    left: timedelta
    rung: int


def listed(
    actor: Actor, at: datetime, *, closed: bool = False, of: Client | None = None, limit: int | None = None
) -> list[Row]:
    """The alarms this actor may see: open ones, those for now first, then by due time, all of them unless a `limit` is named; or the last closed ones.

    Old alarms that nobody closes fall due before one that was raised this minute: by due time alone it would stand behind all of them.
    """
    alarms = rules.alarms_visible_to(actor).select_related("client__person").prefetch_related("handed", "seen")
    if of is not None:
        alarms = alarms.filter(client=of)
    if closed:
        alarms = alarms.filter(closed__isnull=False).select_related("closed__by__person").order_by("-closed__at")
    else:
        alarms = alarms.filter(closed__isnull=True).order_by(Case(When(urgency="now", then=0), default=1), "due_at", "id")
    found = list(alarms[: limit or (CLOSED_SHOWN if closed else None)])
    staff = Staff.objects.select_related("person").in_bulk({a.owner_now_id for a in found if a.owner_now_id})  # type: ignore[attr-defined]
    return [
        Row(
            alarm=a,
            owner=staff.get(a.owner_now_id),  # type: ignore[attr-defined]
            is_mine=actor.staff_id is not None and a.owner_now_id == actor.staff_id,  # type: ignore[attr-defined]
            is_read=read_by_owner(a),
            is_past_due=a.due_at <= at,
            left=abs(a.due_at - at),
            rung=max((h.rung for h in a.handed.all()), default=0),
        )
        for a in found
    ]


def read_by_owner(alarm: Alarm) -> bool:
    handed = max(alarm.handed.all(), key=lambda h: h.pk, default=None)
    since = handed.at if handed else alarm.raised_at
    owner_id = handed.to_id if handed else alarm.owner_id
    return any(seen.by_id == owner_id and seen.at >= since for seen in alarm.seen.all())


def climbs_at(alarm: Alarm) -> datetime:
    """When the alarm passes to the next rung if nothing happens. Rule source: data/alarm_clocks.yaml."""
    last = max(alarm.handed.all(), key=lambda h: h.pk, default=None)
    read = read_by_owner(alarm)
    if last is None:
        if alarm.owner_id is None:
            return alarm.raised_at
        return alarm.due_at if read else clocks.unread_from(alarm.raised_at, alarm.due_at)
    again = last.at + clocks.step(alarm.urgency)
    return max(again, alarm.due_at) if read else again


def next_on_ladder(alarm: Alarm, at: datetime) -> Staff | None:
    """Who is told next: whoever covers for an absent owner, the supervisor, others of the care team, intake, directors. Who
    is away is left out, or stood in for. When all were told, a director again."""
    on = day_of(at)
    around = there(at)
    handed = sorted(alarm.handed.all(), key=lambda h: h.pk)
    told = {alarm.owner_id, *(h.to_id for h in handed)}
    now = handed[-1].to_id if handed else alarm.owner_id
    ladder: list[Staff] = []
    holder = Staff.objects.select_related("person", "supervisor__person").filter(pk=now or 0).first()
    if holder is not None:
        ladder.append(holder)  # stands for whoever covers, when away
        if holder.supervisor is not None:
            ladder.append(holder.supervisor)
    if alarm.client is not None:
        ladder += [place.staff for place in team(alarm.client)]
    ladder += staff_with_role("intake", on)
    directors = [one for one in staff_with_role("director", on) if one.pk in around.able]
    ladder += directors
    for staff in ladder:
        found = around.instead_of(staff)
        if found is not None and found.pk not in told:
            return found
    if directors:
        # Round and round among the directors who are there (or, when none is, all), the one told longest ago first.
        last_told = {h.to_id: h.pk for h in handed}
        present = [d for d in directors if d.pk not in around.absent] or directors
        return min(present, key=lambda d: last_told.get(d.pk, 0))
    # No director can be told: anybody who can, before nobody.
    return can_own(at).exclude(pk=now or 0).first()


def team(client: Client) -> QuerySet[CareTeamMember]:
    """The care team of the client's open episode."""
    return (
        CareTeamMember.objects.filter(episode__client=client, episode__ended_at__isnull=True, left_at__isnull=True)
        .select_related("staff__person")
        .order_by("joined_at", "id")
    )


@dataclass(frozen=True, slots=True)
class There:
    """Who can be given an alarm on this day: `able` may have one in hand, `absent` are away with or without a cover."""

    on: date
    able: frozenset[int]
    absent: Mapping[int, Away]

    def instead_of(self, staff: Staff) -> Staff | None:
        """The staff member, or whoever covers for them; None when that is nobody who could see an alarm."""
        found = people.here(staff, self.on, self.absent)
        return found if found is not None and found.pk in self.able else None

    def why_not(self, staff_id: int | None) -> str:
        """Why an alarm cannot stay with this person, in words; empty when it can, or when nobody else could have it."""
        if staff_id is None or not self.able - set(self.absent):
            return ""
        if staff_id not in self.able:
            return _("No longer here")
        return _("Away") if staff_id in self.absent else ""


def there(at: datetime) -> There:
    on = day_of(at)
    return There(on, frozenset(can_own(at).order_by().values_list("pk", flat=True)), people.absences(on))


def anybody(at: datetime) -> Staff | None:
    """A director, or whoever else could see an alarm, away or not."""
    able = can_own(at)
    return able.filter(pk__in=staff_with_role("director", day_of(at)).order_by().values("pk")).first() or able.first()


def can_own(at: datetime) -> QuerySet[Staff]:
    """Those who may have an alarm in hand: clinicians and directors who work here now and whose account is not closed."""
    on = day_of(at)
    held = Q(roles_held__role__in=rules.CLINICIANS, roles_held__held_from__lte=on) & (
        Q(roles_held__held_until__isnull=True) | Q(roles_held__held_until__gt=on)
    )
    here = Q(left_on__isnull=True) | Q(left_on__gt=on)
    able = Staff.objects.filter(held).filter(here).exclude(person__user__is_active=False)
    return able.select_related("person").order_by("person__name_used").distinct()


def of_episode(actor: Actor, uid: UUID) -> Episode | None:
    from footbridge.ground.episodes import reads as episodes

    return episodes.episode(actor, uid)


@dataclass(frozen=True)
class Shaped:
    """A safety plan to be printed: whose, and as a card or large."""

    episode: Episode
    shape: str

    @property
    def client(self) -> Client:
        return self.episode.client


def of_episode_shaped(actor: Actor, uid: UUID, shape: str) -> Shaped | None:
    episode = of_episode(actor, uid)
    return Shaped(episode, shape) if episode is not None else None


def episode_of(client: Client | None) -> Episode | None:
    return client.episodes.present_first().first() if client is not None else None


def sees_chart(actor: Actor, episode: Episode) -> bool:
    """Whether the pages of safety of this stay open to the actor."""
    return of_episode(actor.within(rules.CLINICIANS), episode.uid) is not None


def latest_risk(client: Client) -> RiskAssessment | None:
    return client.risk_assessments.select_related("by__person").first()


def risk_assessments(client: Client) -> QuerySet[RiskAssessment]:
    return client.risk_assessments.select_related("by__person", "sheet__instrument").defer("sheet__instrument__definition")


def suicide_screens(client: Client) -> QuerySet[Sheet]:
    """Finished suicide screens, the newest first: those a risk assessment may follow."""
    triaged = Score.objects.filter(sheet=OuterRef("pk"), score=TRIAGE)
    finished = Sheet.objects.filter(client=client, finished_at__isnull=False, withdrawn_at__isnull=True).filter(Exists(triaged))
    return finished.select_related("instrument").defer("instrument__definition").order_by("-finished_at", "-id")


@dataclass(frozen=True)
class PlanStep:
    """One of the six steps with its lines; empty steps are shown too, so that nobody wonders what is missing."""

    number: int
    title: str
    lines: tuple[SafetyPlanLine, ...]


def current_plan(client: Client) -> SafetyPlan | None:
    return client.safety_plans.select_related("written_with__person").prefetch_related("lines").first()


def plan_versions(client: Client) -> QuerySet[SafetyPlan]:
    return client.safety_plans.select_related("written_with__person").prefetch_related("lines")


def steps(plan: SafetyPlan | None) -> list[PlanStep]:
    """The six steps in order, filled from the plan."""
    lines = list(plan.lines.all()) if plan is not None else []
    return [
        PlanStep(step.value, str(step.label), tuple(line for line in lines if line.step == step.value))
        for step in SafetyStep
    ]


@dataclass(frozen=True)
class Happened:
    """A line of an alarm's story."""

    at: datetime
    what: str


def history(alarm: Alarm) -> list[Happened]:
    """Raised, read, handed on, closed: in the order it happened."""
    lines = [Happened(alarm.raised_at, _("Raised"))]
    for seen in alarm.seen.select_related("by__person"):
        lines.append(Happened(seen.at, _("Read by %(name)s") % {"name": seen.by.person.name_used}))
    for handed in alarm.handed.select_related("to__person"):
        words = _("Passed on by the clock to %(name)s: %(why)s") if handed.rung else _("Handed to %(name)s: %(why)s")
        lines.append(Happened(handed.at, words % {"name": handed.to.person.name_used, "why": handed.why}))
    closed = getattr(alarm, "closed", None)
    if closed is not None:
        lines.append(Happened(closed.at, _("Closed by %(name)s") % {"name": closed.by.person.name_used}))
    return sorted(lines, key=lambda line: line.at)


def emergency_contacts(client: Client, at: datetime) -> list[Supporter]:
    """Those the client named for an emergency."""
    return list(supporters(client, day_of(at)).filter(emergency_contact=True))


def absence(actor: Actor, uid: UUID) -> Away | None:
    return people.absence(uid)
