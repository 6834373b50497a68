"""The head of every page about one client: who this is, and the stages of their way as tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footbridge.ground.episodes.models import Episode
from footbridge.kit.web import shapes

register = template.Library()

CLINICIANS = {"therapist", "prescriber", "director"}
FRONT = {"intake", "director"}
# The way through care, in its order: (label, url name, roles that may open it).
TABS = [
    (gettext_lazy("Overview"), "clinician:chart", CLINICIANS | {"intake"}),
    (gettext_lazy("Papers"), "front_desk:papers", {"front_desk", "intake", "director"}),
    (gettext_lazy("Family"), "family:supporters", {"front_desk", "intake", "therapist", "director"}),
    (gettext_lazy("Safety"), "safety:show", CLINICIANS | {"intake"}),
    (gettext_lazy("Screening"), "screening:show", FRONT | {"therapist"}),
    (gettext_lazy("Assessment"), "assessment:show", CLINICIANS | {"intake"}),
    (gettext_lazy("Level of care"), "placement:show", FRONT | {"therapist", "prescriber"}),
    (gettext_lazy("Plan"), "plan:show", CLINICIANS),
    (gettext_lazy("Medication"), "medication:show", CLINICIANS),
    (gettext_lazy("Timetable"), "timetable:episode", CLINICIANS | {"front_desk", "intake"}),
    (gettext_lazy("Practice"), "practice:show", CLINICIANS),
    (gettext_lazy("Measures"), "measures:show", CLINICIANS | {"intake"}),
    (gettext_lazy("Reviews"), "reviews:show", CLINICIANS),
    (gettext_lazy("Transitions"), "transitions:show", CLINICIANS),
    (gettext_lazy("Aftercare"), "aftercare:show", {"therapist", "director", "front_desk"}),
]


@register.simple_tag(takes_context=True)
def chart_person(context: Any, episode: Episode) -> shapes.Person:
    """The two identifiers, open alarms, language, and the tabs the reader may open."""
    from footbridge.care.safety.models import Alarm

    request = context["request"]
    actor = request.actor
    person = episode.client.person
    tabs = []
    for label, name, roles in TABS:
        if not actor.roles & roles:
            continue
        try:
            url = reverse(name, kwargs={"uid": episode.uid})
        except NoReverseMatch:
            continue
        current = request.path == url or (name != "clinician:chart" and request.path.startswith(url))
        tabs.append((label, url, current))
    now = ""
    if actor.roles & (CLINICIANS | {"intake"}):
        alarm = Alarm.objects.filter(client=episode.client, closed__isnull=True).order_by("due_at").first()
        now = alarm.reason if alarm else ""
    born = formats.date_format(person.born_on, "DATE_FORMAT") if person.born_on else _("not known")
    return shapes.Person(
        name=person.name_used,
        pronouns=person.pronouns,
        identifiers=[(_("Born"), born), (_("Record"), episode.client.number)],
        now=now,
        tags=[] if episode.ended_at is None else [(_("Episode ended"), "neutral")],
        facts=[(_("Language"), person.get_language_display())],
        links=tabs,
    )


@dataclass(frozen=True, slots=True)
class Due:
    on: date
    is_over: bool


@register.simple_tag(takes_context=True)
def assessment_due(context: Any, episode: Episode, signature: Any) -> Due | None:
    """By when the assessment is to be signed. It is counted from admission, a later stage: that is why it is asked here."""
    from footbridge.care.assessment import reads as assessment
    from footbridge.care.placement import reads as placement
    from footbridge.ground.program.days import day_of

    if signature is not None or episode.ended_at is not None:
        return None
    admission = placement.admission(episode)
    on = assessment.due_on(admission.starts_on if admission else None, signature)
    return Due(on, on < day_of(context["request"].at)) if on else None


@register.simple_tag
def assessment_gist(episode: Episode) -> Any:
    """What the assessment says, and the diagnoses that hold: for placement and plan, without their views asking for it."""
    from footbridge.care.assessment import reads as assessment

    return assessment.gist(episode)
