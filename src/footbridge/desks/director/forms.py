from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.models import Staff
from footbridge.ground.people.words import RoleName
from footbridge.kit.web.forms import CheckCards, Form, PhoneField


class StaffForm(Form):
    legal_name = forms.CharField(label=_("Full name"), max_length=120)
    name_used = forms.CharField(label=_("Name used at work"), required=False, max_length=80)
    title = forms.CharField(label=_("Credential and title, as on notes"), max_length=80)
    email = forms.EmailField(label=_("Work email, to sign in"))
    phone = PhoneField(label=_("Phone"), required=False)
    started_on = forms.DateField(label=_("First day"))
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=RoleName.choices, widget=CheckCards(columns=True))


class RoleForm(Form):
    role = forms.ChoiceField(label=_("Role"), choices=RoleName.choices)
    held_from = forms.DateField(label=_("From"))


class EndRoleForm(Form):
    until = forms.DateField(label=_("Last day is the day before"))


class CredentialForm(Form):
    kind = forms.CharField(label=_("License or certificate"), max_length=40)
    number = forms.CharField(label=_("Number"), required=False, max_length=40)
    state = forms.CharField(label=_("State, two letters"), required=False, max_length=2)
    provisional = forms.BooleanField(label=_("Provisional: a supervisor signs too"), required=False)
    valid_from = forms.DateField(label=_("Valid from"))
    valid_until = forms.DateField(label=_("Valid until"), required=False)


class SupervisorForm(Form):
    supervisor = forms.ModelChoiceField(label=_("Supervisor"), queryset=Staff.objects.none(), required=False)

    def __init__(self, *args: Any, staff: Staff, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["supervisor"].queryset = Staff.objects.exclude(pk=staff.pk).filter(left_on__isnull=True).select_related("person")  # type: ignore[attr-defined]
