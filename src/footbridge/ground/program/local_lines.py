"""Crisis lines of the county and the town: kept by the director, shown on the help page, looked at again like the national table."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from footbridge.data import parsed
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .days import day_of
from .models import LocalLine


class CannotKeep(access.Refusal):
    """The line cannot be reached, or is not understood."""


def good_for() -> timedelta:
    """How long a line may go without anybody looking at it: as long as the national table."""
    return timedelta(days=parsed("crisis_lines")["expires_after_days"])


def kept() -> list[LocalLine]:
    """Those that are shown, by name."""
    return list(LocalLine.objects.filter(ended_at__isnull=True).select_related("checked_by__person"))


def line(actor: Actor, uid: UUID) -> LocalLine | None:
    return LocalLine.objects.filter(uid=uid, ended_at__isnull=True).first()


def add(
    *, name: str, about: str, by: Actor, at: datetime, call: str = "", text: str = "", name_es: str = "", about_es: str = ""
) -> LocalLine:
    """A line that somebody has just called. The same name and numbers twice make one."""
    access.require(by, rules.KEEP_LINES)
    for field, said, ask in (("name", name, _("Write the name of the line.")), ("about", about, _("Say for whom it is, and when it answers."))):
        if not said.strip():
            raise CannotKeep(ask, field=field)
    if not call.strip() and not text.strip():
        raise CannotKeep(_("Write a number to call or to text."), field="call")
    words = {"name": name.strip(), "call": call.strip(), "text": text.strip(), "about": about.strip(), "name_es": name_es.strip(), "about_es": about_es.strip()}
    same = LocalLine.objects.filter(ended_at__isnull=True, **words).first()
    if same:
        return same
    row = LocalLine(checked_on=day_of(at), checked_by_id=by.as_staff, **words)
    with trail.act("crisis_line.added", by=by, at=at, about=row):
        row.save()
    return row


def check_again(line: LocalLine, *, by: Actor, at: datetime) -> LocalLine:
    """Somebody called it today, and it answers as it says."""
    access.require(by, rules.KEEP_LINES)
    with trail.act("crisis_line.checked", by=by, at=at, about=line):
        line.checked_on, line.checked_by_id = day_of(at), by.as_staff
        line.save(update_fields=["checked_on", "checked_by"])
    return line


def end(line: LocalLine, *, by: Actor, at: datetime) -> LocalLine:
    """It is no longer shown."""
    access.require(by, rules.KEEP_LINES)
    with trail.act("crisis_line.ended", by=by, at=at, about=line):
        line.ended_at = at
        line.save(update_fields=["ended_at"])
    return line
