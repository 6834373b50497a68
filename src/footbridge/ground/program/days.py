"""What a day is: the site's time zone decides, never the server's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .models import Site

_here: ContextVar[ZoneInfo | None] = ContextVar("here", default=None)


@contextmanager
def here() -> Iterator[ZoneInfo]:
    """The first site's time zone, asked for once while the block runs: a page needs it many times."""
    kept = _here.set(zone())
    try:
        yield _here.get()  # type: ignore[misc]
    finally:
        _here.reset(kept)


def zone(site: Site | None = None) -> ZoneInfo:
    """The time zone of the site; of the first site where none is named; UTC before there is any."""
    known = _here.get()
    if site is None and known is not None:
        return known
    site = site or Site.objects.order_by("id").first()
    return ZoneInfo(site.time_zone if site else "UTC")


def day_of(at: datetime, site: Site | None = None) -> date:
    return at.astimezone(zone(site)).date()
