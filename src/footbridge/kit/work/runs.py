"""Long jobs that people watch: they say how far they are, show what they have so far, and stop when asked.

    runs.ask("week_build:…", at)            by the deed that puts the job in the queue
    with runs.running("week_build:…") as run:
        run.tell(40, said={...}, result={...})
        if run.stop_asked(): ...
    runs.look("week_build:…")               by the page
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import Run

SILENT = timedelta(minutes=2)  # a job that says nothing for so long is not running any more


@dataclass
class Running:
    key: str

    def tell(self, percent: int, *, said: dict[str, Any] | None = None, result: Any = None) -> None:
        """How far it is; `said` and `result` only when there is something new. Outside any transaction: others read it at once."""
        new: dict[str, Any] = {"percent": max(0, min(100, percent)), "heard_at": timezone.now()}
        if said is not None:
            new["said"] = said
        if result is not None:
            new["result"] = result
        Run.objects.filter(key=self.key).update(**new)

    def stop_asked(self) -> bool:
        return Run.objects.filter(key=self.key, stop_asked_at__isnull=False).exists()


def ask(key: str, at: datetime) -> Run:
    """The job is in the queue. Asked again after it ended, it begins anew."""
    run, _new = Run.objects.update_or_create(
        key=key,
        defaults={
            "percent": 0, "said": {}, "result": None, "trouble": "", "asked_at": at, "began_at": None, "heard_at": None,
            "stop_asked_at": None, "ended_at": None,
        },
    )  # fmt: skip
    return run


@contextmanager
def running(key: str) -> Iterator[Running]:
    """The job itself. Whatever goes wrong is written down for whoever waits, and raised again."""
    now = timezone.now()
    Run.objects.filter(key=key).update(began_at=now, heard_at=now, ended_at=None, trouble="")
    try:
        yield Running(key)
    except BaseException as trouble:
        Run.objects.filter(key=key).update(ended_at=timezone.now(), trouble=type(trouble).__name__[:200])
        raise
    Run.objects.filter(key=key).update(ended_at=timezone.now(), percent=100)


def stop(key: str, at: datetime) -> None:
    """Ask it to stop. What it has so far stays. One that never began, or of which nothing is heard any more, has ended with that."""
    Run.objects.filter(key=key, ended_at__isnull=True).update(stop_asked_at=Coalesce(F("stop_asked_at"), at))
    Run.objects.filter(key=key, ended_at__isnull=True, began_at__isnull=True).update(ended_at=at)
    Run.objects.filter(key=key, ended_at__isnull=True, heard_at__lt=at - SILENT).update(ended_at=at)


def look(key: str) -> Run | None:
    return Run.objects.filter(key=key).first()
