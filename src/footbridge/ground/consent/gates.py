"""The checklist of consents: which must be signed before which step. Defaults are data; a program switches each from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footbridge.data import parsed
from footbridge.ground.people.models import Client
from footbridge.ground.program.models import Program
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules
from .models import ConsentGate, ConsentKind


class GateStep(models.TextChoices):
    SCREENING = "screening", gettext_lazy("Before a screen is kept")
    ASSESSMENT = "assessment", gettext_lazy("Before the assessment is signed")
    ADMISSION = "admission", gettext_lazy("Before somebody is admitted")


class CannotSwitch(access.Refusal):
    """There is no such gate, or the day lies in the past."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`since`: from which day this program holds it so; None while the default holds."""

    code: str
    step: str
    kind: str
    by_video: bool
    on: bool
    source: str
    mark: str
    since: date | None = None

    @property
    def label(self) -> Any:
        return ConsentKind(self.kind).label

    @property
    def step_label(self) -> Any:
        return GateStep(self.step).label


def admitting() -> Program | None:
    """The program people are admitted to here, whose gates hold before anybody chose a track."""
    return Program.objects.filter(admits=True).order_by("id").first()


def gates(program: Program | None, on: date) -> list[Gate]:
    """Every gate as it stands for the program on the day. One query."""
    switched: dict[str, ConsentGate] = {}
    if program is not None:
        for row in ConsentGate.objects.filter(program=program, from_on__lte=on).order_by("from_on", "id"):
            switched[row.code] = row
    found = []
    for entry in parsed("consent_gates")["gates"]:
        own = switched.get(entry["code"])
        found.append(
            Gate(
                entry["code"], entry["step"], entry["kind"], entry["when"] == "video", own.is_on if own else bool(entry["on"]), entry["source"],
                entry["mark"], own.from_on if own else None,
            )
        )  # fmt: skip
    return found


def missing(client: Client, step: str, on: date, *, program: Program | None, by_video: bool = False) -> list[Gate]:
    """What must still be signed before this step; empty when nothing stands in the way."""
    asked = [one for one in gates(program, on) if one.on and one.step == step and (by_video or not one.by_video)]
    given = set(reads.in_force(client, on).values_list("kind", flat=True)) if asked else set()
    return [one for one in asked if one.kind not in given]


def says(missing: Iterable[Gate]) -> str:
    """What is missing and where to sign."""
    return _("Not signed yet: %(what)s. Take it on the page Papers, under “What they agreed to”, or let the client sign in the portal.") % {
        "what": ", ".join(str(one.label) for one in missing)
    }


def switch(program: Program, code: str, *, is_on: bool, from_on: date, by: Actor, at: datetime, today: date) -> ConsentGate | None:
    """This program holds the gate so from a day on. What holds already is not written again."""
    access.require(by, rules.SWITCH_GATES)
    now = {one.code: one for one in gates(program, from_on)}
    if code not in now:
        raise CannotSwitch(_("There is no such gate."))
    if from_on < today:
        raise CannotSwitch(_("The day lies in the past. Choose today or a later day."), field="from_on")
    if now[code].on == is_on:
        return None
    row = ConsentGate(program=program, code=code, is_on=is_on, from_on=from_on, by_id=by.as_staff, at=at)
    with trail.act("consent.gate_switched", by=by, at=at, about=program, detail={"code": code, "on": is_on, "from": from_on.isoformat()}):
        row.save()
    return row
