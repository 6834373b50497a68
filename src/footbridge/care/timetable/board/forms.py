"""Forms of the board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.engines.timetabling.facts import LEVELS, WEIGHTS
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Group, Room, Track
from footbridge.ground.program.words import Mode, Weekday
from footbridge.kit.web.forms import CheckCards, Form, RadioCards

from ..forms import VISITS, StaffChoice
from ..words import SessionKind
from .words import GOALS
from .words import LEVELS as LEVEL_WORDS

MODES = [c for c in Mode.choices if c[0] != Mode.HYBRID]
HOW_LONG = [(10, _("10 seconds")), (30, _("30 seconds")), (60, _("1 minute")), (120, _("2 minutes"))]
BY = [("", _("Days")), ("leader", _("Leaders, one day")), ("room", _("Rooms, one day")), ("track", _("Tracks, one day"))]


class ScopeChoice(forms.ChoiceField):
    """A program at a site, one of those given."""

    def __init__(self, *, scopes: Any = (), **kw: Any) -> None:
        self.scopes = {s.key: s for s in scopes}
        super().__init__(choices=[(s.key, s.label) for s in scopes], **kw)

    def take(self, scopes: Any) -> None:
        self.scopes = {s.key: s for s in scopes}
        self.choices = [(s.key, s.label) for s in scopes]

    def clean(self, value: Any) -> Any:
        return self.scopes.get(super().clean(value))


class BoardForm(Form):
    """What the board is narrowed to. Read from the address, so that a view can be kept and sent."""

    week = forms.DateField(required=False, widget=forms.HiddenInput)
    of = ScopeChoice(label=_("Program and site"), required=False)
    by = forms.ChoiceField(label=_("Columns"), choices=BY, required=False)
    day = forms.TypedChoiceField(label=_("Day"), choices=Weekday.choices, coerce=int, required=False, empty_value=None)
    track = forms.ModelChoiceField(Track.objects.none(), label=_("Track"), required=False, to_field_name="uid", empty_label=_("All tracks"))
    leader = StaffChoice(Staff.objects.none(), label=_("Leader"), required=False, to_field_name="uid", empty_label=_("All leaders"))
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), required=False, to_field_name="uid", empty_label=_("All rooms"))
    client = forms.CharField(label=_("Client's record number"), required=False, max_length=12)

    def __init__(self, *args: Any, scopes: Any, tracks: Any, leaders: Any, rooms: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["of"].take(scopes)  # type: ignore[attr-defined]
        for name, found in (("track", tracks), ("leader", leaders), ("room", rooms)):
            self.fields[name].queryset = found  # type: ignore[attr-defined]


class StartForm(Form):
    of = ScopeChoice(label=_("Program and site"))
    holds_from = forms.DateField(label=_("To hold from"), help_text=_("Best a Monday. Until then nothing changes for anybody."))

    def __init__(self, *args: Any, scopes: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["of"].take(scopes)  # type: ignore[attr-defined]


class _Hour(Form):
    weekday = forms.TypedChoiceField(label=_("Day"), choices=Weekday.choices, coerce=int)
    starts = forms.TimeField(label=_("Begins"))
    ends = forms.TimeField(label=_("Ends"))
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), required=False, to_field_name="uid", empty_label=_("No room"))
    mode = forms.ChoiceField(label=_("How"), choices=Mode.choices)

    def __init__(self, *args: Any, staff: Any, rooms: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        room: Any = self.fields["room"]
        room.queryset = rooms
        room.label_from_instance = lambda one: f"{one.name} ({one.seats})"
        for name in ("leader", "staff"):
            if name in self.fields:
                self.fields[name].queryset = staff  # type: ignore[attr-defined]


class MoveForm(_Hour):
    """Where a meeting is to be. The same form by dialog, by page and by drag."""

    leader = StaffChoice(Staff.objects.none(), label=_("Leader"), required=False, to_field_name="uid", empty_label=_("Nobody yet"))
    held = forms.BooleanField(label=_("It is held"), required=False, initial=True)
    field_order = ["weekday", "starts", "ends", "leader", "room", "mode", "held"]


class AddForm(_Hour):
    """A weekly hour of a group that the draft adds."""

    group = forms.ModelChoiceField(Group.objects.none(), label=_("Group"), to_field_name="uid", empty_label=_("Choose"))
    leader = StaffChoice(Staff.objects.none(), label=_("Leader"), required=False, to_field_name="uid", empty_label=_("Nobody yet"))
    field_order = ["group", "weekday", "starts", "ends", "leader", "room", "mode"]

    def __init__(self, *args: Any, groups: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["group"]
        field.queryset = groups
        field.label_from_instance = lambda group: f"{group.name} ({group.track.name})"


class VisitForm(_Hour):
    kind = forms.ChoiceField(label=_("Kind"), choices=VISITS, initial=SessionKind.INDIVIDUAL)
    staff = StaffChoice(Staff.objects.none(), label=_("With"), to_field_name="uid")
    every_weeks = forms.TypedChoiceField(
        label=_("How often"), choices=[(1, _("Every week")), (2, _("Every second week")), (4, _("Every fourth week"))], coerce=int, initial=1
    )
    field_order = ["kind", "staff", "weekday", "starts", "ends", "every_weeks", "mode", "room"]


class PlacesForm(Form):
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(), label=_("Groups"), required=False, to_field_name="uid", widget=CheckCards()
    )

    def __init__(self, *args: Any, groups: Any, notes: dict[str, Any], **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["groups"]
        field.queryset = groups
        field.label_from_instance = lambda group: f"{group.name} ({group.track.name})"
        field.widget.notes = notes


class PersonForm(Form):
    client = forms.CharField(label=_("Client's record number"), max_length=12)


class BuildForm(Form):
    tracks = forms.ModelMultipleChoiceField(
        Track.objects.none(), label=_("Which tracks"), required=False, to_field_name="uid", widget=CheckCards(),
        help_text=_("None ticked: all of them. Tracks that are not built stay as they are."),
    )  # fmt: skip
    seconds = forms.TypedChoiceField(
        label=_("How long may it search?"), choices=HOW_LONG, coerce=int, initial=30,
        widget=RadioCards(columns=True), help_text=_("A first week is there at once; it gets better while it runs, and you can take it at any time."),
    )  # fmt: skip
    open_times = forms.BooleanField(
        label=_("Meetings may move to other hours of their track"), required=False,
        help_text=_("Without it, only leaders, rooms, people and visits are decided."),
    )  # fmt: skip

    def __init__(self, *args: Any, tracks: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["tracks"]
        field.queryset = tracks
        field.label_from_instance = lambda track: track.name


class ConfirmForm(Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agreed = forms.BooleanField(label=_("I have asked the people concerned, and they agreed"), required=False)

    def __init__(self, *args: Any, ask: bool = False, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if not ask:
            del self.fields["agreed"]


class GoalsForm(Form):
    """The place of each level, and the price of each goal."""

    holds_from = forms.DateField(label=_("To count from"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for level in LEVELS:
            self.fields[f"place_{level}"] = forms.IntegerField(
                label=LEVEL_WORDS[level], min_value=1, max_value=len(LEVELS), widget=forms.NumberInput(attrs={"class": "short"})
            )
        for goal in WEIGHTS:
            self.fields[goal] = forms.IntegerField(label=GOALS[goal], min_value=0, max_value=1000, widget=forms.NumberInput(attrs={"class": "short"}))
        self._speak()

    def order(self) -> list[str]:
        return sorted(LEVELS, key=lambda level: (self.cleaned_data[f"place_{level}"], LEVELS.index(level)))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        places = [given.get(f"place_{level}") for level in LEVELS]
        if None not in places and len(set(places)) < len(places):
            twice = next(level for level in LEVELS if places.count(given[f"place_{level}"]) > 1)
            self.add_error(f"place_{twice}", _("Two levels have this place. Give each one of its own."))
        return given
