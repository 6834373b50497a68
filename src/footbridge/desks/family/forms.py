from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form


class EndForm(Form):
    why = forms.CharField(label=_("Why, or who asked for it"), max_length=160, help_text=_("Like: the client asked by phone"))


class InviteForm(Form):
    email = forms.EmailField(label=_("Email"), help_text=_("Their own, read by nobody else. They sign in with it."))
