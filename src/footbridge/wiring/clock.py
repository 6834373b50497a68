"""What happens by itself at an hour. One of the two pages of this kind; the other is reactions.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from footbridge.care.measures import actions as measures
from footbridge.care.measures import growth
from footbridge.care.safety import actions as safety
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable import reads
from footbridge.care.timetable.models import Session
from footbridge.care.timetable.words import CancelledBecause
from footbridge.care.transitions import reads as transitions
from footbridge.care.transitions.models import Transition
from footbridge.config import config
from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of, zone
from footbridge.kit import trail, work
from footbridge.kit.access import SYSTEM
from footbridge.kit.web.models import Draft
from footbridge.lanes.notices import actions as notices

LATELY = timedelta(days=2)
WAKING = (7, 21)  # hours of the site's clock in which people are told what can wait for the morning
LADDER = "ladder"  # the beat of what passes alarms on


@work.job("trail.seal", every="* * * * *")
def seal_trail(timestamp: int) -> None:
    """Every minute: close the acts since the last seal under a hash. On the hour: any older one left over, too."""
    at = timezone.now()
    trail.seal(at, recent=at.minute != 0)


@work.job("safety.escalate", every="* * * * *", tries=1)
def climb_the_ladder(timestamp: int) -> None:
    """Every minute: alarms nobody read in time go to the next person. When this itself fails, that is an alarm; when it is not
    even done, its beat grows old (watch.py)."""
    at = timezone.now()
    try:
        safety.escalate(at)
        notices.look_for_waiting(at)
    except Exception as trouble:
        safety.raise_undelivered(
            source_kind="clock", source_key=f"{at:%Y-%m-%dT%H}", trouble=type(trouble).__name__, by=SYSTEM, at=at
        )
        raise
    work.beat(LADDER, at)


@work.job("measures.left", every="*/10 * * * *")
def look_at_left_sheets(timestamp: int) -> None:
    """Every ten minutes: score what was answered to the end and left; a suicide screen left in the middle is an
    alarm."""
    measures.finish_left(timezone.now())


@work.job("measures.due", every="5 * * * *")
def send_the_questions_that_are_due(timestamp: int) -> None:
    """Every hour, from the site's morning on: what is due goes by link to whoever agreed to links; to nobody else."""
    at = timezone.now()
    gone = Transition.objects.filter(kind="discharge", effective_on__lte=day_of(at)).values_list(
        "episode_id", flat=True
    )
    measures.give_due(at, but_not=frozenset(gone))


@work.job("measures.growth", every="50 9 * * *", tries=2, lock="growth")
def fit_growth_models(timestamp: int) -> None:
    """Every night: a program's own growth model that has not been fitted in this quarter is fitted, where there are
    people enough. Almost always there is nothing to do."""
    growth.fit_due(ends=transitions.ends(), at=timezone.now())


@work.job("timetable.publish_ahead", every="10 8 * * *")
def publish_ahead(timestamp: int) -> None:
    """Every night (08:10 UTC, before the first site opens): eight weeks of sessions stand ahead, and people have
    their seats."""
    timetable.publish_ahead(at=timezone.now())


@work.job("timetable.tell_closed", every="35 * * * *", queue="notices")
def tell_about_closed_days(timestamp: int) -> None:
    """Every hour by day: whoever would come on a day that was closed since is told that their week has changed, once for each day; nobody
    is woken by it. Leaders by mail."""
    tell_closed(timezone.now())


def tell_closed(at: datetime) -> None:
    gone = Session.objects.filter(cancelled_because=CancelledBecause.CLOSED, cancelled_at__gt=at - LATELY, cancelled_at__lte=at, starts_at__gt=at)
    for session in gone.select_related("site", "leader__person").order_by("starts_at", "pk"):
        on = session.starts_at.astimezone(zone(session.site)).date()
        if not WAKING[0] <= at.astimezone(zone(session.site)).hour < WAKING[1]:
            continue
        seats = session.bookings.filter(cancelled_at=session.cancelled_at).values("episode")
        people = list(Episode.objects.filter(reads.still_coming(on), pk__in=seats).select_related("client__person"))
        ways = consents.channels([e.client for e in people], day_of(at))
        told = [(e.client.person, ways[e.client_id], "client:week") for e in people]
        told += [(session.leader.person, "mail" if session.leader.person.email else None, "timetable:week")]
        for person, channel, page in told:
            if channel is not None:
                notices.make(
                    person, channel, "week", person.language, {"link": config.base_url + reverse(page)}, f"closed:{session.site.code}:{on}:{person.uid}", at
                )


@work.job("sessions.clear", every="20 3 * * *")
def clear_browser_sessions(timestamp: int) -> None:
    """Every night: browser sessions that have run out are forgotten."""
    call_command("clearsessions")


@work.job("drafts.sweep", every="40 3 * * *")
def sweep_drafts(timestamp: int) -> None:
    """Every night: what somebody began to type a month ago and never sent is forgotten."""
    Draft.objects.filter(saved_at__lt=timezone.now() - timedelta(days=30)).delete()
