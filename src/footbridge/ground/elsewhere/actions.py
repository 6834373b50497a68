"""The list of other programs is kept: by hand on a page, or read from a file. Names are the site's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from footbridge.ground.program.days import day_of
from footbridge.ground.program.words import Level
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .models import OtherProgram

WORDS = ("name", "phone", "contact", "email", "address", "about")
LISTS = ("levels", "conditions", "populations", "languages", "payers", "modes")


class CannotKeep(access.Refusal):
    """It cannot be called, or nobody knows what it gives."""


def keep(facts: Mapping[str, Any], *, by: Actor, at: datetime, row: OtherProgram | None = None) -> OtherProgram:
    """Add a program, or change `row`. `facts` are the fields of OtherProgram by name; what is not named stays as it is.
    A program of the same name is the same program: two clicks make one."""
    access.require(by, rules.KEEP_ELSEWHERE)
    given = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if row is None:
        row = OtherProgram.objects.filter(name__iexact=given.get("name", ""), ended_at__isnull=True).first() or OtherProgram()
    for name, value in given.items():
        setattr(row, name, list(value) if name in LISTS else value)
    if not row.name:
        raise CannotKeep(_("Write the name of the program."), field="name")
    if not row.phone:
        raise CannotKeep(_("Write a phone number: a hand-off begins with a call."), field="phone")
    if not row.levels or set(row.levels) - set(Level.values):
        raise CannotKeep(_("Choose at least one level of care it gives."), field="levels")
    row.checked_on, row.checked_by_id = day_of(at), by.staff_id
    try:
        with trail.act("other_program.kept", by=by, at=at, about=row):
            row.save()
    except IntegrityError as error:
        raise CannotKeep(_("Another entry has this name."), field="name") from error
    return row


def check_again(row: OtherProgram, *, by: Actor, at: datetime) -> OtherProgram:
    """Somebody called there: what stands here is still right."""
    access.require(by, rules.KEEP_ELSEWHERE)
    with trail.act("other_program.checked", by=by, at=at, about=row):
        row.checked_on, row.checked_by_id = day_of(at), by.as_staff
        row.save(update_fields=["checked_on", "checked_by"])
    return row


def end(row: OtherProgram, *, by: Actor, at: datetime) -> OtherProgram:
    """It is gone, or takes nobody from us any more. Hand-offs to it stay as they are."""
    access.require(by, rules.KEEP_ELSEWHERE)
    with trail.act("other_program.ended", by=by, at=at, about=row):
        if row.ended_at is None:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
    return row


def load(rows: Iterable[tuple[Mapping[str, Any], date | None]], *, by: Actor, at: datetime) -> int:
    """Rows read from a file (reading.py), all or none: facts, and the day the file says somebody called there."""
    rows = list(rows)
    with trail.act("other_programs.loaded", by=by, at=at, about=OtherProgram(name="file"), detail={"rows": len(rows)}):
        for facts, checked_on in rows:
            made = keep(facts, by=by, at=at)
            if checked_on is not None and checked_on < made.checked_on:
                made.checked_on = checked_on
                made.save(update_fields=["checked_on"])
    return len(rows)
