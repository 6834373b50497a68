"""What was given, what was practised."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from footbridge.ground.episodes.models import Episode
from footbridge.kit.access import Actor

from .models import Assignment, CheckIn, PracticeLog


def assignments(episode: Episode) -> QuerySet[Assignment]:
    """Open ones first, each with its logs and their comments."""
    logs = PracticeLog.objects.prefetch_related("comments__by__person")
    return episode.assignments.select_related("by__person", "objective").prefetch_related(Prefetch("logs", logs)).order_by("ended_at", "-at")


def open_assignments(episode: Episode) -> QuerySet[Assignment]:
    return assignments(episode).filter(ended_at__isnull=True)


def assignment(actor: Actor, uid: UUID) -> Assignment | None:
    return (
        Assignment.objects.filter(uid=uid, episode__in=Episode.objects.visible_to(actor)).select_related("episode__client__person").first()
    )


def practice_log(actor: Actor, uid: UUID) -> PracticeLog | None:
    return (
        PracticeLog.objects.filter(uid=uid, assignment__episode__in=Episode.objects.visible_to(actor))
        .select_related("assignment__episode__client__person")
        .first()
    )


def times_this_week(assignment: Assignment, today: date) -> int:
    """Logs since Monday of this week; reads what was fetched with the assignment."""
    monday = today - timedelta(days=today.weekday())
    return sum(1 for log in assignment.logs.all() if monday <= log.practised_on <= today)


def check_ins(episode: Episode, days: int, today: date) -> list[CheckIn]:
    return list(episode.check_ins.filter(on__gt=today - timedelta(days=days), on__lte=today).order_by("on"))
