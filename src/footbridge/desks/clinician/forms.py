from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form


class ExceptionForm(Form):
    number = forms.CharField(label=_("Record number"), max_length=12, error_messages={"required": _("Enter the record number, like R000123.")})
    reason = forms.CharField(label=_("Why you need to open this chart now"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
