"""The page somebody takes along, in their language: where they go, when, whom to ask for, and what to do if it gets worse."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from footbridge.ground.program import crisis_lines, local_lines
from footbridge.ground.program.days import zone
from footbridge.ground.program.models import Organisation
from footbridge.kit import paper
from footbridge.kit.web.forms import national

from . import reads
from .models import HandOff


def for_them(row: HandOff, *, at: datetime) -> paper.Document:
    who = reads.reach(row)
    with override(who.language):
        organisation = Organisation.objects.first()
        made, program = reads.appointment(row), row.program
        facts: list[tuple[Any, Any]] = [(_("Where"), row.to_name), (_("Phone"), national(row.to_phone) if row.to_phone.startswith("+") else row.to_phone)]
        if program is not None:
            facts += [(_("Ask for"), program.contact)] if program.contact else []
            facts += [(_("Address"), program.address)] if program.address else []
        facts.append((_("Your appointment"), date_format(made.astimezone(zone()), "DATETIME_FORMAT") if made else _("Not made yet. We go on until it is.")))
        lines = [(one.name, " · ".join(part for part in (one.call, _("text %(number)s") % {"number": one.text} if one.text else "") if part)) for one in crisis_lines.lines()]
        own = [(one.name, " · ".join(part for part in (one.call, one.text) if part)) for one in local_lines.kept()]
        return paper.Document(
            _("Where you go next"),
            [
                paper.Text(_("Hello %(name)s. This is your next step. We stay with you until you have arrived there.") % {"name": who.name}),
                paper.Facts(facts),
                paper.Heading(_("If something does not work out")),
                paper.Text(
                    _("Call us at %(phone)s. You can always come back to us. You do not have to explain.") % {"phone": national(organisation.phone)}
                    if organisation
                    else _("Call us. You can always come back to us.")
                ),
                paper.Heading(_("If things get worse")),
                paper.Text(_("You do not have to wait for the appointment. Use your safety plan if you have one, or call or text one of these.")),
                paper.Facts([*lines[:4], *own[:3]]),
            ],
            language=who.language, foot=date_format(at.astimezone(zone()), "DATE_FORMAT"),
        )  # fmt: skip
