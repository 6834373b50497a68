"""What the roster of a session shows of measures: what is not answered yet, and what a score asks to be talked about.

Sessions stand before measures on the way, so the wiring brings it there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from footbridge.care.measures import reads, schedule
from footbridge.care.sessions import reads as sessions
from footbridge.care.timetable.models import Booking, Session
from footbridge.ground.people.models import Client

register = template.Library()
AROUND = timedelta(hours=18)  # a roster of another day shows nothing of today


@register.simple_tag(takes_context=True)
def before_group(context: Any, booking: Booking) -> SafeString:
    """{% before_group person.booking %}: what to ask or talk about with this person, for the session's own day."""
    request = context["request"]
    known = getattr(request, "before_group", None)
    if known is None or known[0] != booking.session_id:
        known = (booking.session_id, *_gathered(request, booking.session))
        request.before_group = known
    _session, unanswered, topics = known
    said = []
    names = unanswered.get(booking.episode_id, [])
    if names:
        words = _("Not answered yet: %(names)s") % {"names": ", ".join(names)}
        said.append(format_html('<span class="quiet">{}</span>', words))
    for topic in topics.get(booking.episode.client_id, []):
        said.append(format_html('<a href="{}">{}</a>', reverse("measures:topic", args=[topic.uid]), topic.reason))
    return format_html_join(mark_safe("<br>"), "{}", ((one,) for one in said)) if said else mark_safe("")


def _gathered(request: Any, session: Session) -> tuple[dict[int, list[str]], dict[int, list[Any]]]:
    """For everybody with a seat at once: the number of queries does not depend on how many they are."""
    if abs(session.starts_at - request.at) > AROUND:
        return {}, {}
    seats = sessions.seated(session)
    episodes = [one.episode for one in seats]
    mine = request.actor.within({"therapist", "prescriber", "director"})
    seen = Client.objects.visible_to(mine).filter(pk__in=[one.client_id for one in episodes])
    return schedule.unanswered(episodes, request.at), reads.topics(seen.values_list("pk", flat=True))
