"""A sign of life of what runs by itself, for those who do not: the web server, `footbridge check`, the supervisor."""

from __future__ import annotations

from datetime import datetime

from .models import Beat


def beat(name: str, at: datetime) -> None:
    """The job called `name` came to its end at this moment."""
    Beat.objects.update_or_create(name=name, defaults={"at": at})


def last_beat(name: str) -> datetime | None:
    """When it last did; None when it never has."""
    return Beat.objects.filter(name=name).values_list("at", flat=True).first()
