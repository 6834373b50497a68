"""What happens by itself at an hour. One of the two pages of this kind; the other is reactions.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.management import call_command
from django.utils import timezone

from footbridge.care.measures import actions as measures
from footbridge.care.measures import growth
from footbridge.care.safety import actions as safety
from footbridge.care.timetable import actions as timetable
from footbridge.care.transitions import reads as transitions
from footbridge.care.transitions.models import Transition
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import ClosedDay
from footbridge.kit import trail, work
from footbridge.kit.access import SYSTEM
from footbridge.kit.web.models import Draft
from footbridge.lanes.notices import actions as notices

from .reactions import tell_of_day

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
    """Every hour by day: whoever would come on a day that was closed since, or opened again, is told that their week has changed, once for each
    day; nobody is woken by it. Leaders by mail."""
    tell_closed(timezone.now())


def tell_closed(at: datetime) -> None:
    for day in ClosedDay.objects.filter(on__gte=at.date() - timedelta(days=1)).select_related("site").order_by("on", "pk"):
        tell_of_day(day, at)


@work.job("sessions.clear", every="20 3 * * *")
def clear_browser_sessions(timestamp: int) -> None:
    """Every night: browser sessions that have run out are forgotten."""
    call_command("clearsessions")


@work.job("drafts.sweep", every="40 3 * * *")
def sweep_drafts(timestamp: int) -> None:
    """Every night: what somebody began to type a month ago and never sent is forgotten."""
    Draft.objects.filter(saved_at__lt=timezone.now() - timedelta(days=30)).delete()
