"""What happened, and which way was chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Room
from footbridge.kit.web.forms import Form

from ..forms import StaffChoice

LONGEST = 120  # days


class _Days(Form):
    from_on = forms.DateField(label=_("From"))
    from_time = forms.TimeField(label=_("From what time"), required=False)
    last_on = forms.DateField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first: date | None = cleaned.get("from_on")
        last: date | None = cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _now("The last day comes after the first, or is the same."))
        elif first and last and (last - first).days > LONGEST:
            self.add_error("last_on", _now("At most %(days)d days at once.") % {"days": LONGEST})
        return cleaned


class StaffOutForm(_Days):
    staff = StaffChoice(Staff.objects.none(), label=_("Who"), to_field_name="uid", empty_label=_("Choose"))

    field_order = ("staff", "from_on", "from_time", "last_on")

    def __init__(self, *args: Any, staff: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["staff"].queryset = staff  # type: ignore[attr-defined]


class RoomChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.site.name}"


class RoomLostForm(_Days):
    room = RoomChoice(Room.objects.none(), label=_("Which room"), to_field_name="uid", empty_label=_("Choose"))

    field_order = ("room", "from_on", "from_time", "last_on")

    def __init__(self, *args: Any, rooms: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]


class ConfirmForm(Form):
    """The chosen way, sealed as it was proposed, and who stands in for alarms."""

    plan = forms.CharField(widget=forms.HiddenInput, required=False)
    cover = StaffChoice(Staff.objects.none(), label=_("Alarms go to"), to_field_name="uid", required=False, empty_label=_("Nobody yet"))

    def __init__(self, *args: Any, colleagues: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["cover"].queryset = colleagues  # type: ignore[attr-defined]
