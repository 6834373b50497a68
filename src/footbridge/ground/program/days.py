"""What a day is: the site's time zone decides, never the server's."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from .models import Site


def zone(site: Site | None = None) -> ZoneInfo:
    """The time zone of the site; of the first site where none is named; UTC before there is any."""
    site = site or Site.objects.order_by("id").first()
    return ZoneInfo(site.time_zone if site else "UTC")


def day_of(at: datetime, site: Site | None = None) -> date:
    return at.astimezone(zone(site)).date()
