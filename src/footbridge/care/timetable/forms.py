"""Forms of the timetable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Group, Program, Room, Track
from footbridge.ground.program.words import Mode, Weekday
from footbridge.kit.web.forms import Form, RadioCards

from . import words
from .words import CancelledBecause, SessionKind

VISITS = [choice for choice in SessionKind.choices if choice[0] != SessionKind.GROUP]


class StaffChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name_used}, {obj.title}" if obj.title else str(obj.person.name_used)


class CloseDayForm(Form):
    site: Any = forms.ModelChoiceField(None, label=_("Site"), to_field_name="uid", empty_label=None)
    on = forms.DateField(label=_("Day"))
    reason = forms.CharField(label=_("Why"), max_length=80, help_text=_("For staff only, like Snow. Nobody outside is told why."))

    def __init__(self, *args: Any, sites: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class PickForm(Form):
    """What the week is narrowed to. Read from the address, so that a week can be kept and sent."""

    week = forms.DateField(required=False, widget=forms.HiddenInput)
    track = forms.ModelChoiceField(
        Track.objects.none(), label=_("Track"), required=False, to_field_name="uid", empty_label=_("All tracks")
    )
    site: Any = forms.ModelChoiceField(
        None, label=_("Site"), required=False, to_field_name="uid", empty_label=_("All sites")
    )
    leader = StaffChoice(
        Staff.objects.none(), label=_("Leader"), required=False, to_field_name="uid", empty_label=_("All leaders")
    )
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, to_field_name="uid", empty_label=_("All rooms")
    )

    def __init__(self, *args: Any, tracks: Any, sites: Any, leaders: Any, rooms: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name, found in (("track", tracks), ("site", sites), ("leader", leaders), ("room", rooms)):
            self.fields[name].queryset = found  # type: ignore[attr-defined]


class _From(Form):
    """Forms that begin on a day."""

    held_from = forms.DateField(label=_("From"), help_text=_("The first day it holds"))


class _Anyway(Form):
    confirmed = forms.BooleanField(
        label=_("Book anyway"),
        required=False,
        help_text=_("Outside the hours or the way they asked for. They said yes to it."),
    )


class TrackForm(_From, _Anyway):  # type: ignore[misc]  # two form bases, one renderer
    track = forms.ModelChoiceField(
        Track.objects.none(), label=_("Track"), to_field_name="code", empty_label=None, widget=RadioCards()
    )
    individual = forms.BooleanField(label=_("With one individual hour a week"), required=False, initial=True)
    field_order = ["track", "held_from", "individual", "confirmed"]

    def __init__(self, *args: Any, tracks: Any, notes: dict[str, Any], **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["track"]
        field.queryset = tracks
        field.label_from_instance = lambda track: track.name
        field.widget.notes = notes


class GroupForm(_From, _Anyway):  # type: ignore[misc]  # two form bases, one renderer
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), to_field_name="uid", empty_label=None, widget=RadioCards()
    )
    field_order = ["group", "held_from", "confirmed"]

    def __init__(self, *args: Any, groups: Any, notes: dict[str, Any], **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["group"]
        field.queryset = groups
        field.label_from_instance = lambda group: f"{group.name} ({group.track.name})"
        field.widget.notes = notes


class _WithStaff(Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=VISITS, widget=RadioCards(columns=True), initial=SessionKind.INDIVIDUAL
    )
    staff = StaffChoice(Staff.objects.none(), label=_("With"), to_field_name="uid")
    mode = forms.ChoiceField(
        label=_("How"), choices=[c for c in Mode.choices if c[0] != Mode.HYBRID], initial=Mode.IN_PERSON
    )
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, to_field_name="uid", empty_label=_("No room")
    )

    def __init__(self, *args: Any, staff: Iterable[Staff], rooms: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["staff"].queryset = staff  # type: ignore[attr-defined]
        room: Any = self.fields["room"]
        room.queryset = rooms
        room.label_from_instance = lambda one: f"{one.name}, {one.site.name}"


class VisitForm(_WithStaff, _From, _Anyway):  # type: ignore[misc]  # two form bases, one renderer
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[choice for choice in VISITS if choice[0] != SessionKind.ASSESSMENT], widget=RadioCards(columns=True),
        initial=SessionKind.INDIVIDUAL,
    )  # fmt: skip
    weekday = forms.TypedChoiceField(label=_("Day"), choices=Weekday.choices, coerce=int)
    starts = forms.TimeField(label=_("Begins"))
    ends = forms.TimeField(label=_("Ends"))
    every_weeks = forms.TypedChoiceField(
        label=_("How often"),
        choices=[(1, _("Every week")), (2, _("Every second week")), (4, _("Every fourth week"))],
        coerce=int,
        initial=1,
    )
    field_order = [
        "kind",
        "staff",
        "weekday",
        "starts",
        "ends",
        "every_weeks",
        "mode",
        "room",
        "held_from",
        "confirmed",
    ]


class OnceForm(_WithStaff):
    on = forms.DateField(label=_("Day"))
    starts = forms.TimeField(label=_("Begins"))
    ends = forms.TimeField(label=_("Ends"))
    field_order = ["kind", "staff", "on", "starts", "ends", "mode", "room"]


class EndForm(Form):
    on = forms.DateField(label=_("From"), help_text=_("The first day without it"))
    why = forms.CharField(label=_("Why"), required=False, max_length=200)


class CancelForm(Form):
    because = forms.ChoiceField(label=_("Why is it cancelled?"), widget=RadioCards())
    why = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, reasons: Iterable[str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["because"].choices = [(r, CancelledBecause(r).label) for r in reasons]  # type: ignore[attr-defined]


class LeaderForm(Form):
    leader = StaffChoice(
        Staff.objects.none(), label=_("Leader"), required=False, to_field_name="uid", empty_label=_("Nobody yet")
    )
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, to_field_name="uid", empty_label=_("As it is")
    )

    def __init__(self, *args: Any, leaders: Any, rooms: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["leader"].queryset = leaders  # type: ignore[attr-defined]
        room: Any = self.fields["room"]
        room.queryset = rooms
        room.label_from_instance = lambda one: f"{one.name}, {one.site.name}"


class PublishForm(Form):
    program = forms.ModelChoiceField(Program.objects.none(), label=_("Program"), to_field_name="code", empty_label=None)
    from_on = forms.DateField(label=_("From"))
    until_on = forms.DateField(label=_("Until"), help_text=_("The day after the last one"))

    def __init__(self, *args: Any, programs: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["program"].queryset = programs  # type: ignore[attr-defined]


def group_note(group: Group, free: int, meetings: list[Any], fits: str) -> str:
    """The quiet line under a group: when it meets, how many places are free, what stands in the way."""
    times = ", ".join(f"{words.WEEKDAYS[m.weekday]} {words.span(m.starts, m.ends)}" for m in meetings)
    places = _now("%(free)d of %(most)d places free") % {"free": free, "most": group.most}
    return " · ".join(part for part in (times, places, fits) if part)


def monday_of(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())
