"""Verbs of safety. An alarm has an owner and a due time from its first second and ends only with a documented
action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _

from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.instruments.models import Sheet
from footbridge.ground.people.models import Client, Staff
from footbridge.ground.people.reads import staff_with_role
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM, Actor

from . import clocks, reads, rules
from . import factors as lists
from .models import Alarm, AlarmClosed, AlarmHanded, AlarmSeen, RiskAssessment, SafetyPlan, SafetyPlanLine
from .words import ClosingAction, RiskLevel, SafetyStep

NOTE_AT_LEAST = 10  # letters: a word is not a documented action
SAME_CLICK_MINUTES = 5


class CannotHandOn(access.Refusal):
    """The alarm stays where it is."""


class CannotClose(access.Refusal):
    """An alarm ends only with a documented action."""


class CannotOpen(access.Refusal):
    """The chart is opened by whoever has the alarm in hand."""


class CannotAssess(access.Refusal):
    """The judgement is not complete."""


class CannotWritePlan(access.Refusal):
    """There is nothing in it."""


def raise_alarm(
    *,
    kind: str,
    urgency: str,
    reason: str,
    source_kind: str,
    source_key: str,
    by: Actor,
    at: datetime,
    client: Client | None = None,
    contact: str = "",
    owner: Staff | None = None,
) -> Alarm:
    """Somebody may be in danger. Anybody may say so, a visitor and the clock included: there is no rule to fail on.

    The same source (`source_kind` with `source_key`) raises one alarm, however often it is told; the one that stands
    is returned.
    `kind` and `urgency` are values of words.AlarmKind and words.Urgency; `contact` says whom to reach where there is
    no client yet.
    """
    known = Alarm.objects.filter(source_kind=source_kind, source_key=source_key).first()
    if known:
        return known
    alarm = Alarm(
        client=client,
        contact=contact[:200],
        kind=kind,
        urgency=urgency,
        reason=str(reason)[:300],
        source_kind=source_kind,
        source_key=source_key,
        owner=owner or first_owner(client, at),
        raised_at=at,
        due_at=clocks.due(urgency, at),
    )
    try:
        with trail.act(
            "alarm.raised", by=by, at=at, about=alarm, client=client, detail={"kind": kind, "urgency": urgency}
        ):
            alarm.save()
    except IntegrityError:
        # Two taps at the same instant: the other one raised it.
        known = Alarm.objects.filter(source_kind=source_kind, source_key=source_key).first()
        if known is None:
            raise
        return known
    return alarm


def tell(
    *, source_kind: str, source: str, is_news: bool, kind: str, urgency: str, reason: str, client: Client | None, by: Actor, at: datetime,
    contact: str = "",
) -> Alarm | None:
    """A source that may tell of danger again and again. While its alarm is open it is made graver or reworded; after it was closed
    only news raise another (`is_news`)."""
    told = Alarm.objects.filter(source_kind=source_kind, source_key__startswith=source)
    known = told.filter(closed__isnull=True).order_by("-id").first()
    if known is not None:
        return heighten(known, urgency=urgency, reason=reason, by=by, at=at)
    times = told.count()
    if times and not is_news:
        return None
    key = f"{source}:{times}" if times else source
    return raise_alarm(
        client=client, contact=contact, kind=kind, urgency=urgency, reason=reason, source_kind=source_kind, source_key=key, by=by, at=at
    )  # fmt: skip


def first_owner(client: Client | None, at: datetime) -> Staff | None:
    """Who has an alarm in hand at first: the primary therapist of the open episode, else an intake clinician, else a
    director. For who is away, whoever covers for them."""
    on = day_of(at)
    there = reads.there(at)
    if client is not None:
        for role in (TeamRole.PRIMARY, TeamRole.COVER, TeamRole.INTAKE):
            place = reads.team(client).filter(role=role).first()
            found = there.instead_of(place.staff) if place is not None else None
            if found is not None:
                return found
    for office in ("intake", "director"):
        found = next((one for staff in staff_with_role(office, on) if (one := there.instead_of(staff)) is not None), None)
        if found is not None:
            return found
    # Everybody is away: better on the list of somebody who is not there than on nobody's.
    return reads.anybody(at)


def _staff_id(by: Actor) -> int:
    """Who signs: only somebody who works here can read, close or judge."""
    if by.staff_id is None:
        raise access.NotYours("staff only")
    return by.staff_id


def heighten(alarm: Alarm, *, urgency: str, reason: str, by: Actor, at: datetime) -> Alarm:
    """The same source tells something graver: the alarm becomes more urgent and due sooner, never less and later."""
    urgency = clocks.gravest([alarm.urgency, urgency])
    due_at = min(alarm.due_at, clocks.due(urgency, at))
    if (urgency, str(reason)) == (alarm.urgency, alarm.reason):
        return alarm
    graver = urgency != alarm.urgency
    verb = "alarm.heightened" if graver else "alarm.reworded"
    with trail.act(verb, by=by, at=at, about=alarm, client=alarm.client, detail={"urgency": urgency}):
        alarm.urgency, alarm.reason, alarm.due_at = urgency, str(reason)[:300], due_at
        alarm.save(update_fields=["urgency", "reason", "due_at"])
    return alarm


def see(alarm: Alarm, *, by: Actor, at: datetime) -> AlarmSeen:
    """The reader has read it. Reading again after it came back to the same person is noted again; a second look is
    not."""
    access.require(by, rules.WORK_ALARM, alarm)
    last = alarm.handed.order_by("-id").first()
    since = last.at if last else alarm.raised_at
    known = alarm.seen.filter(by_id=_staff_id(by), at__gte=since).first()
    if known:
        return known
    with trail.act("alarm.seen", by=by, at=at, about=alarm, client=alarm.client):
        return AlarmSeen.objects.create(alarm=alarm, by_id=_staff_id(by), at=at)


def hand_on(alarm: Alarm, to: Staff, why: str, *, by: Actor, at: datetime) -> AlarmHanded:
    """Give the alarm to a colleague, with the reason. The due time stays."""
    access.require(by, rules.WORK_ALARM, alarm)
    if not why.strip():
        raise CannotHandOn(_("Say in a few words why you hand this on."), field="why")
    if not reads.can_own(at).filter(pk=to.pk).exists():
        raise CannotHandOn(
            _("%(name)s cannot take alarms. Choose a clinician who works here now.") % {"name": to.person.name_used},
            field="to",
        )
    with trail.act(
        "alarm.handed", by=by, at=at, about=alarm, client=alarm.client, why=why.strip(), detail={"to": str(to.uid)}
    ):
        if AlarmClosed.objects.filter(alarm=alarm).exists():
            raise CannotHandOn(_("This alarm is closed."))
        if reads.owner_now(alarm) == to:
            raise CannotHandOn(_("%(name)s has this alarm already.") % {"name": to.person.name_used}, field="to")
        return AlarmHanded.objects.create(alarm=alarm, to=to, why=why.strip()[:200], rung=0, at=at)


def follow_the_primary(client: Client, former: Staff, to: Staff, *, by: Actor, at: datetime) -> list[Alarm]:
    """Somebody else is primary therapist now: the open alarms the former one has in hand go to the new one, or to whoever stands in
    for them. One that the former read stays with them while they are on the care team in another role: they are acting on it. The
    clock of every one runs on. Called by a reaction: the rule is asked where the team is set."""
    there = reads.there(at)
    able = there.instead_of(to)
    if able is None:  # nobody who could see it: it stays, and the ladder passes it on
        return []
    still_here = former.pk in there.able and reads.team(client).filter(staff=former).exists()
    moved = []
    for alarm in reads.open_alarms().filter(client=client).prefetch_related("handed", "seen"):
        if alarm.owner_now_id != former.pk or able.pk == former.pk:  # type: ignore[attr-defined]
            continue
        if still_here and reads.read_by_owner(alarm):
            continue
        why = _("Is the primary therapist now, after %(name)s") % {"name": former.person.name_used}
        if able.pk != to.pk:
            why = _("Stands in for %(name)s, the primary therapist now") % {"name": to.person.name_used}
        with trail.act("alarm.handed", by=by, at=at, about=alarm, client=client, why=why, detail={"to": str(able.uid)}):
            if AlarmClosed.objects.filter(alarm=alarm).exists():
                continue
            AlarmHanded.objects.create(alarm=alarm, to=able, why=why[:200], rung=0, at=at)
        moved.append(alarm)
    return moved


def close(alarm: Alarm, action: str, note: str, *, by: Actor, at: datetime) -> AlarmClosed:
    """End an alarm with what was done, in a listed action and the clinician's own words. There is no other way to end
    one."""
    access.require(by, rules.WORK_ALARM, alarm)
    if action not in ClosingAction.values:
        raise CannotClose(_("Choose what was done."), field="action")
    if len(note.strip()) < NOTE_AT_LEAST:
        raise CannotClose(_("Write what you did and what was agreed, in a sentence or two."), field="note")
    with trail.act("alarm.closed", by=by, at=at, about=alarm, client=alarm.client, detail={"action": action}):
        if AlarmClosed.objects.filter(alarm=alarm).exists():
            raise CannotClose(_("This alarm was closed before."))
        return AlarmClosed.objects.create(alarm=alarm, by_id=_staff_id(by), action=action, note=note.strip(), at=at)


def open_chart(alarm: Alarm, *, by: Actor, at: datetime) -> Episode:
    """Whoever has the alarm in hand without treating the person (a supervisor, somebody who stands in) opens the chart for it. It is the
    exception like any other: for some hours, and the director reads why."""
    access.require(by, rules.WORK_ALARM, alarm)
    episode, owner = reads.episode_of(alarm.client), reads.owner_now(alarm)
    if episode is None or owner is None or owner.pk != by.staff_id:
        raise CannotOpen(_("Take the alarm over first. Then its chart opens to you."))
    if AlarmClosed.objects.filter(alarm=alarm).exists():
        raise CannotOpen(_("This alarm is closed."))
    if not reads.sees_chart(by, episode):
        episodes.break_glass(episode, owner, _("Has an alarm of this person in hand: %(reason)s") % {"reason": alarm.reason}, by=by, at=at)
    return episode


def escalate(at: datetime, *, by: Actor = SYSTEM) -> list[Alarm]:
    """Every minute: pass on each open alarm nobody opened in half of its time, or that is past due. Never stops while
    one is open.

    An alarm whose owner is away goes on at once, first to whoever covers; so does one whose owner left, lost the role or cannot
    sign in any more. Ladder: data/alarm_clocks.yaml. An alarm that cannot be passed on raises one of kind "undelivered", and
    keeps none of the others waiting. Returns those passed on.
    """
    moved, failed = [], []
    there = reads.there(at)
    for alarm in reads.open_alarms().prefetch_related("handed", "seen"):
        try:
            gone = there.why_not(alarm.owner_now_id)  # type: ignore[attr-defined]
            if at < reads.climbs_at(alarm) and not gone:
                continue
            if _climb(alarm, gone=gone, by=by, at=at):
                moved.append(alarm)
        except Exception as trouble:
            try:
                _undelivered(alarm, type(trouble).__name__, by=by, at=at)
            except Exception as worse:
                failed.append(worse)
    if failed:
        raise failed[0]  # after everybody else's turn: the clock makes an alarm of it
    return moved


def _climb(alarm: Alarm, *, gone: str = "", by: Actor, at: datetime) -> bool:
    """One rung up, with the reason `gone` when the owner is not there. False when there is nobody left to tell, which raises an
    alarm of its own."""
    to = reads.next_on_ladder(alarm, at)
    if to is None:
        _undelivered(alarm, _("nobody is left to tell"), by=by, at=at)
        return False
    read = any(seen.by_id == alarm.owner_now_id for seen in alarm.seen.all())  # type: ignore[attr-defined]
    why = gone or (_("Not closed in time") if read else _("Not read in time"))
    known = max((handed.pk for handed in alarm.handed.all()), default=0)
    with trail.act(
        "alarm.escalated", by=by, at=at, about=alarm, client=alarm.client, why=str(why), detail={"to": str(to.uid)}
    ):
        # Closed, or passed on by somebody else, while we looked.
        if AlarmClosed.objects.filter(alarm=alarm).exists() or AlarmHanded.objects.filter(alarm=alarm, pk__gt=known).exists():
            return False
        rung = max((handed.rung for handed in alarm.handed.all()), default=0) + 1
        AlarmHanded.objects.create(alarm=alarm, to=to, why=why, rung=rung, at=at)
    return True


def _undelivered(alarm: Alarm, trouble: str, *, by: Actor, at: datetime) -> Alarm:
    return raise_undelivered(
        source_kind="escalation", source_key=str(alarm.uid), trouble=trouble, client=alarm.client, by=by, at=at
    )


def raise_undelivered(
    *, source_kind: str, source_key: str, trouble: str, by: Actor, at: datetime, client: Client | None = None
) -> Alarm:
    """The alarm path itself failed: that is an alarm, for a director, now.

    One at a time for the same source. When it goes on failing an hour after somebody closed that one, it is raised anew.
    """
    there = reads.there(at)
    directors = (there.instead_of(one) for one in staff_with_role("director", day_of(at)))
    owner = next((one for one in directors if one is not None), None)
    told = Alarm.objects.filter(kind="undelivered", source_kind=source_kind, source_key__startswith=source_key)
    last = told.select_related("closed").order_by("-id").first()
    if last is not None:
        closed = getattr(last, "closed", None)
        if closed is None or at < closed.at + timedelta(hours=1):
            return last
        source_key = f"{source_key}:{told.count()}"
    return raise_alarm(
        client=client,
        kind="undelivered",
        urgency="now",
        source_kind=source_kind,
        source_key=source_key,
        owner=owner,
        by=by,
        at=at,
        reason=_("An alarm did not reach anybody: %(trouble)s. Look at the list of alarms now.") % {"trouble": trouble},
    )


def assess_risk(
    client: Client,
    *,
    level: str,
    mitigation: str,
    by: Actor,
    at: datetime,
    factors: str = "",
    protective: str = "",
    factor_codes: Sequence[str] = (),
    protective_codes: Sequence[str] = (),
    sheet: Sheet | None = None,
    look_again_on: date | None = None,
) -> RiskAssessment:
    """A clinician's judgement of risk: factors and protection (from data/risk_factors.yaml and in words, NPSG.15.01.01 EP 3), the
    level, and what will be done about it, asked for at every level (EP 4). `sheet` is the suicide screen it follows."""
    access.require(by, rules.ASSESS_RISK, client)
    if level not in RiskLevel.values:
        raise CannotAssess(_("Choose a level of risk."), field="level")
    if not mitigation.strip():
        raise CannotAssess(_("Write what will be done, even when no risk was found."), field="mitigation")
    known = lists.labels()
    if not set(factor_codes) | set(protective_codes) <= set(known):
        raise CannotAssess(_("Choose factors of the list."), field="factor_codes")
    if level in (RiskLevel.MODERATE, RiskLevel.HIGH) and not factors.strip() and not factor_codes:
        raise CannotAssess(_("Write what speaks for a risk at this level."), field="factors")
    if sheet is not None and (sheet.client_id != client.pk or sheet.finished_at is None):
        raise CannotAssess(_("Choose a finished screen of this person."), field="sheet")
    if look_again_on is not None and look_again_on < day_of(at):
        raise CannotAssess(_("Choose today or a later day."), field="look_again_on")
    words = {
        "level": level,
        "factors": factors.strip(),
        "protective": protective.strip(),
        "factor_codes": list(factor_codes),
        "protective_codes": list(protective_codes),
        "edition": lists.edition() if factor_codes or protective_codes else "",
        "sheet": sheet,
        "look_again_on": look_again_on,
        "mitigation": mitigation.strip(),
    }
    with trail.act("risk.assessed", by=by, at=at, about=client, client=client, detail={"level": level}):
        same = client.risk_assessments.filter(
            by_id=by.staff_id, at__gte=at - timedelta(minutes=SAME_CLICK_MINUTES), **words
        ).first()
        return same or RiskAssessment.objects.create(client=client, by_id=_staff_id(by), at=at, **words)


def write_safety_plan(
    client: Client, lines: Sequence[tuple[int, str, str]], *, by: Actor, at: datetime, written_with: Staff | None = None
) -> SafetyPlan:
    """A new version of the plan in the client's own words. `lines` are (step 1-6, words, phone or empty), in their
    order.

    Written by a clinician it is written with the client and carries the clinician's name. The same words twice make
    one version.
    """
    access.require(by, rules.WRITE_SAFETY_PLAN, client)
    kept = [(int(step), text.strip()[:300], phone.strip()[:32]) for step, text, phone in lines if text.strip()]
    kept.sort(key=lambda line: line[0])
    if not kept:
        raise CannotWritePlan(_("Write at least one line. The plan can grow later."))
    if any(step not in SafetyStep.values for step, _text, _phone in kept):
        raise CannotWritePlan(_("A line belongs to one of the six steps."))
    if written_with is None and by.staff_id and not (by.has("client") and by.client_id == client.pk):
        written_with = Staff.objects.get(pk=by.staff_id)
    with trail.act("safety_plan.written", by=by, at=at, about=client, client=client):
        newest = client.safety_plans.first()
        if newest and [(line.step, line.text, line.phone) for line in newest.lines.all()] == kept:
            return newest
        plan = SafetyPlan.objects.create(
            client=client, version=newest.version + 1 if newest else 1, written_at=at, written_with=written_with
        )
        SafetyPlanLine.objects.bulk_create(
            SafetyPlanLine(plan=plan, step=step, place=place, text=text, phone=phone)
            for place, (step, text, phone) in enumerate(kept)
        )
    return plan
