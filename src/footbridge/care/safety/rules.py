"""Who may see an alarm, work on it, judge risk and write a safety plan. Anybody may raise an alarm: there is no rule
for that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import own, treats_the_person
from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor, Rule

from .models import Alarm, AlarmHanded

CLINICIANS = ("therapist", "prescriber", "intake", "director")


def with_owner(alarms: QuerySet[Alarm]) -> QuerySet[Alarm]:
    """Adds `owner_now_id`: who has the alarm in hand, after all it was handed on to."""
    last = AlarmHanded.objects.filter(alarm=OuterRef("pk")).order_by("-id").values("to_id")[:1]
    return alarms.annotate(handed_to_id=Subquery(last)).annotate(
        owner_now_id=Coalesce("handed_to_id", "owner_id", output_field=BigIntegerField())
    )


def sees_every_alarm(actor: Actor) -> bool:
    return actor.is_system or actor.has("intake", "director")


def alarms_visible_to(actor: Actor) -> QuerySet[Alarm]:
    """Intake and director see every alarm; a clinician those of their own clients and those handed to them; nobody
    else any."""
    if sees_every_alarm(actor):
        return with_owner(Alarm.objects.all())
    if not actor.has("therapist", "prescriber") or actor.staff_id is None:
        return Alarm.objects.none()
    alarms = with_owner(Alarm.objects.all())
    treating = replace(actor, roles=actor.roles & {"therapist", "prescriber"})
    # Who has it in hand is looked up only for alarms that this person was ever given.
    handed = AlarmHanded.objects.filter(to_id=actor.staff_id).values("alarm_id")
    given = Q(owner_id=actor.staff_id) | Q(pk__in=handed)
    return alarms.filter(Q(client__in=Client.objects.visible_to(treating)) | (given & Q(owner_now_id=actor.staff_id)))


def _of_alarm(actor: Actor, about: Any) -> bool:
    return about is None or alarms_visible_to(actor).filter(pk=about.pk).exists()


def _own_or_treating(actor: Actor, about: Any) -> bool:
    return (actor.has("client") and own(actor, about)) or (actor.has(*CLINICIANS) and treats_the_person(actor, about))


SEE_ALARMS = Rule(
    "safety.see_alarms",
    _("See alarms: of their own clients and those they own; intake and director see all"),
    roles=CLINICIANS,
)
WORK_ALARM = Rule(
    "safety.work_alarm",
    _("Read an alarm, hand it on, and close it with a documented action"),
    roles=CLINICIANS,
    when=_of_alarm,
)


def _knows_of(actor: Actor, about: Any) -> bool:
    """Whoever is at the door or on the phone hears danger first. Raising an alarm shows nothing of the chart."""
    return actor.has("front_desk") or treats_the_person(actor, about)


RAISE_BY_HAND = Rule(
    "safety.raise_by_hand", _("Raise an alarm about a client: clinicians in their care, the front desk about whoever calls or comes"),
    roles=(*CLINICIANS, "front_desk"), when=_knows_of,
)  # fmt: skip
SEE_SAFETY = Rule(
    "safety.see",
    _("See risk assessments, safety plan and alarms of a client in their care"),
    roles=CLINICIANS,
    when=treats_the_person,
)
ASSESS_RISK = Rule(
    "safety.assess_risk", _("Record a judgement of risk about a client in their care"), roles=CLINICIANS, when=treats_the_person
)
RECORD_DISPOSITION = Rule(
    "safety.record_disposition",
    _("Write down what was decided for somebody in danger: whoever treats them, intake and the director"),
    roles=CLINICIANS,
    when=treats_the_person,
)
COUNSEL = Rule(
    "safety.counsel", _("Write down a talk about means, and that naloxone was offered"), roles=CLINICIANS, when=treats_the_person
)
WRITE_SAFETY_PLAN = Rule(
    "safety.write_plan",
    _("Write a new version of a safety plan: the client their own, a clinician with the client"),
    roles=(*CLINICIANS, "client"),
    when=_own_or_treating,
)
SEE_AWAY = Rule("safety.see_away", _("See who is away and who stands in when an alarm comes"), roles=CLINICIANS)
