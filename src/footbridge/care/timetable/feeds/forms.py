from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form


class ClientFeedForm(Form):
    title = forms.CharField(
        label=_("What it is called in your calendar"), max_length=40, help_text=_("Others may see your calendar. A plain word tells them nothing."),
        error_messages={"required": _("Write a word, like “Appointment”.")},
    )  # fmt: skip
    shows_place = forms.BooleanField(label=_("Put the street in it, too"), required=False, help_text=_("Leave it out if others should not know where you go."))


class StaffFeedForm(Form):
    title = forms.CharField(
        label=_("What it is called in your calendar"), max_length=40, help_text=_("No names of clients, groups or the program ever stand in it."),
        error_messages={"required": _("Write a word, like “Work”.")},
    )  # fmt: skip
    shows_place = forms.BooleanField(label=_("Put the room in it, too"), required=False)
