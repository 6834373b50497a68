"""The words of the timetable."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from footbridge.engines import hours
from footbridge.kit.web.sources import sourced


class SessionKind(models.TextChoices):
    """ "Session" is therapy."""

    GROUP = "group", _("Group")
    INDIVIDUAL = "individual", _("Individual")
    FAMILY = "family", _("Family")
    MEDICATION = "medication", _("Medication visit")
    ASSESSMENT = "assessment", _("Assessment")


class CancelledBecause(models.TextChoices):
    CLOSED = "closed", _("The site is closed")
    STAFF_AWAY = "staff_away", _("The leader is away")
    CLIENT = "client", _("The client cancelled")
    ENDED = "ended", _("The episode ended")
    CHANGED = "changed", _("The timetable changed")


class PairKind(models.TextChoices):
    APART = "apart", _("Must not meet")
    TOGETHER = "together", _("Support each other")


class Happened(models.TextChoices):
    """What can happen to a published week."""

    STAFF_OUT = "staff_out", _("Somebody is out")
    ROOM_LOST = "room_lost", _("A room cannot be used")
    SESSION_CANCELLED = "session_cancelled", _("A session cannot be held")
    CLIENT_HOURS = "client_hours", _("Somebody can come at other hours")
    CLIENT_LEFT = "client_left", _("Somebody does not come any more")


class How(models.TextChoices):
    SOLVER = "solver", _("Looked at everybody")
    GREEDY = "greedy", _("First that fits")


# Words of a day and an hour. Times of day are always the site's own.

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def clock(at: time | datetime) -> str:
    """9:00 a.m. in the way of the reader's language."""
    return str(time_format(at, "g:i a"))


def span(starts: time | datetime, ends: time | datetime) -> str:
    return f"{clock(starts)} – {clock(ends)}"


def day(on: date) -> str:
    return str(date_format(on, "D, M j"))


def local(at: datetime, site: Any) -> datetime:
    """An instant as the site's clock shows it; naive, so that no template moves it to another zone."""
    return at.astimezone(ZoneInfo(site.time_zone)).replace(tzinfo=None)


def length(minutes: int) -> str:
    """90 as "1 h 30 min"."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return _now("%(m)d min") % {"m": rest}
    return _now("%(h)d h %(m)d min") % {"h": whole, "m": rest} if rest else _now("%(h)d h") % {"h": whole}


def check_said(check: hours.Check) -> str:
    """One part of an hours verdict as a sentence in the reader's language."""
    facts = {
        "here": length(check.measured) if check.unit == "minutes" else check.measured,
        "asked": length(check.required) if check.unit == "minutes" else check.required,
        "short": length(check.short_by) if check.unit == "minutes" else check.short_by,
        "day": WEEKDAYS[check.weekday] if check.weekday is not None else "",
    }
    match check.code:
        case "week_min" if check.met:
            return _now("%(here)s this week; at least %(asked)s is needed.") % facts
        case "week_min":
            return _now("%(here)s this week; at least %(asked)s is needed, so %(short)s is missing.") % facts
        case "week_max":
            return _now("%(here)s this week; at most %(asked)s is allowed.") % facts
        case "day_min" if check.weekday is None:
            return _now("No day with services; a day needs at least %(asked)s.") % facts
        case "day_min":
            return _now("%(day)s: %(here)s; a day needs at least %(asked)s.") % facts
        case "min_days":
            return (
                ngettext(
                    "%(here)d day with services; at least %(asked)d are needed.",
                    "%(here)d days with services; at least %(asked)d are needed.",
                    check.measured,
                )
                % facts
            )
        case "max_days_off":
            return (
                ngettext(
                    "%(here)d day in a row without services; at most %(asked)d are allowed.",
                    "%(here)d days in a row without services; at most %(asked)d are allowed.",
                    check.measured,
                )
                % facts
            )
        case _:
            return (
                ngettext(
                    "%(here)d service this week; at least %(asked)d are needed.",
                    "%(here)d services this week; at least %(asked)d are needed.",
                    check.measured,
                )
                % facts
            )


CONVENTIONS = {
    hours.Convention.CLOCK: _("clock minutes, short breaks included"),
    hours.Convention.THERAPEUTIC: _("minutes inside services"),
    hours.Convention.FIFTY_MINUTE: _("fifty minutes count as an hour"),
}
BASES = {
    hours.Basis.SCHEDULED: _("As scheduled"),
    hours.Basis.ATTENDED: _("As attended"),
    hours.Basis.DOCUMENTED: _("As documented and signed"),
}


def verdict_said(verdict: hours.HoursVerdict) -> str:
    """The parts that are not met, or, when all are, what the week comes to."""
    checks = (
        verdict.unmet or [c for c in verdict.checks if c.code in ("week_min", "week_services")] or verdict.checks[:1]
    )
    return " ".join(check_said(c) for c in checks)


def verdict_source(verdict: hours.HoursVerdict) -> str:
    """Which rule, how it counts, and who says so."""
    return _now("Rule: %(name)s (%(convention)s). Source: %(source)s.") % {
        "name": verdict.name, "convention": CONVENTIONS[verdict.convention], "source": sourced(verdict.source, verdict.mark),
    }  # fmt: skip
