"""When the worker stands still nobody is told of anything: no alarm climbs, no letter leaves. That is seen from here.

Every page of staff and `footbridge check` ask `still_since`. `footbridge watch` does one round in the worker's place; the supervisor
of `footbridge start` calls it, or a timer of the machine where web and worker run apart (docs/install.md).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from footbridge.care.safety import actions as safety
from footbridge.care.safety import clocks
from footbridge.care.safety import reads as alarms
from footbridge.kit import work
from footbridge.kit.access import SYSTEM
from footbridge.lanes.notices import actions as notices
from footbridge.lanes.notices.models import Notice

from . import clock, reactions

said = logging.getLogger("footbridge.watch")


def still_since(at: datetime) -> datetime | None:
    """Since when the ladder stands still; None while it runs. Where it has never run, that counts from the oldest open alarm."""
    last = work.last_beat(clock.LADDER)
    if last is None:
        oldest = alarms.open_alarms().order_by("raised_at").first()
        if oldest is None:
            return None
        last = oldest.raised_at
    return last if at - last > clocks.stands_still_after() else None


@dataclass(frozen=True, slots=True)
class Round:
    """What one round in the worker's place came to."""

    since: datetime
    passed_on: int
    letters: int


def round_in_its_place(at: datetime) -> Round | None:
    """When the worker stands still: raise that as an alarm, pass alarms on, send their letters. None while it runs.

    All of it is safe to do twice, should the worker wake up meanwhile. What fails is left for the next round.
    """
    since = still_since(at)
    if since is None:
        return None
    with _whatever_happens("alarm"):
        safety.raise_undelivered(
            source_kind="worker", source_key=f"{since:%Y-%m-%dT%H:%M}", by=SYSTEM, at=at,
            trouble=_("what passes alarms on and sends their letters stands still"),
        )  # fmt: skip
    moved: list[Any] = []
    with _whatever_happens("ladder"):
        moved = safety.escalate(at)
    for job in ProcrastinateJob.objects.filter(task_name="alarms.tell", status="todo").order_by("id"):
        with _whatever_happens("letter"):
            reactions.tell_the_owner(**job.args)
    sent = 0
    for notice in Notice.objects.filter(key__startswith="alarm:", sent_at__isnull=True, made_at__gt=at - timedelta(days=1)):
        with _whatever_happens("delivery"):
            notices.deliver(notice_id=notice.pk)
            sent += Notice.objects.filter(pk=notice.pk, sent_at__isnull=False).count()
    return Round(since, len(moved), sent)


@contextmanager
def _whatever_happens(what: str) -> Iterator[None]:
    """The rest of the round is done all the same."""
    try:
        yield
    except Exception as trouble:
        said.error("%s: %s", what, type(trouble).__name__)
