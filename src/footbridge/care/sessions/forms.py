"""Forms of a session."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from footbridge.care.plan.models import Objective
from footbridge.care.timetable.words import CancelledBecause
from footbridge.ground.program.models import Lesson
from footbridge.kit.access.signing import SignForm
from footbridge.kit.web.forms import Form, RadioCards

from . import reads
from .actions import Entry
from .words import Came, Participation

# (value, label, key letter) on the roster
MARKS = [
    (Came.PRESENT, _("Present"), "p"),
    (Came.LATE, _("Late"), "l"),
    (Came.LEFT_EARLY, _("Left"), "e"),
    (Came.ABSENT, _("Absent"), "a"),
    (Came.EXCUSED, _("Excused"), "x"),
]


class AttendanceForm(Form):
    """Who came: a mark a person, and minutes or a time for those who came late or left early.

    The button "Everyone else was present" (`rest`) fills the marks nobody made.
    """

    def __init__(self, *args: Any, people: list[reads.Person], starts: datetime, ends: datetime, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.people, self.starts, self.ends = people, starts, ends
        for person in people:
            key = str(person.booking.uid)
            self.fields[f"came-{key}"] = forms.ChoiceField(
                label=person.name, choices=[("", ""), *Came.choices], required=False
            )
            self.fields[f"minutes-{key}"] = forms.CharField(label=person.name, required=False, max_length=10)

    @property
    def length(self) -> int:
        return int((self.ends - self.starts).total_seconds() // 60)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for person in self.people:
            key = str(person.booking.uid)
            typed = (cleaned.get(f"minutes-{key}") or "").strip()
            came = cleaned.get(f"came-{key}")
            try:
                minutes = read_minutes(typed, came or "", self.starts, self.ends)
            except ValueError:
                words = _now("%(name)s: type minutes like 38, or a time like 9:12.") % {"name": person.name}
                self.add_error(f"minutes-{key}", words)
                continue
            if came in (Came.LATE, Came.LEFT_EARLY) and minutes is None:
                words = _now("%(name)s: type the minutes, or the time they came or left, like 9:12.") % {
                    "name": person.name
                }
                self.add_error(f"minutes-{key}", words)
            cleaned[f"minutes-{key}"] = minutes
        return cleaned

    def entries(self, rest: str = "") -> list[Entry]:
        """What to write down; `rest` is the mark for those without one."""
        found = []
        for person in self.people:
            key = str(person.booking.uid)
            came = self.cleaned_data.get(f"came-{key}") or ("" if person.came else rest)
            if came:
                minutes = self.cleaned_data.get(f"minutes-{key}") if came in (Came.LATE, Came.LEFT_EARLY) else None
                found.append(Entry(person.booking, came, minutes))
        return found

    def rows(self) -> list[dict[str, Any]]:
        """The roster as the page shows it: what was posted, or else what is known."""
        rows = []
        for person in self.people:
            key = str(person.booking.uid)
            known = person.came
            posted = self.data.get(f"came-{key}", "") if self.is_bound else ""
            typed = self.data.get(f"minutes-{key}", "") if self.is_bound else ""
            shown = str(known.minutes_attended) if known and known.came in (Came.LATE, Came.LEFT_EARLY) else ""
            rows.append({
                "person": person, "key": key, "chosen": posted or (known.came if known else ""), "minutes": typed or shown,
                "errors": self.errors.get(f"minutes-{key}", []) if self.is_bound else [],
            })  # fmt: skip
        return rows


def read_minutes(typed: str, came: str, starts: datetime, ends: datetime) -> int | None:
    """Minutes from "38", or from a time: who came at 9:12 stayed from then, who left at 9:30 stayed until then.

    A time is read on the session's own clock, morning or afternoon as it fits. Raises ValueError.
    """
    if not typed:
        return None
    if re.fullmatch(r"\d{1,3}", typed):
        return int(typed)
    clock = re.fullmatch(r"(?:[le]\s*)?(\d{1,2})[:.](\d{2})\s*([ap])?\.?m?\.?", typed.lower())
    if not clock or int(clock[1]) > 23 or int(clock[2]) > 59:
        raise ValueError(typed)
    for hour in {int(clock[1]) % 24, (int(clock[1]) + 12) % 24}:
        moment = starts.replace(hour=hour, minute=int(clock[2]))
        if starts < moment < ends:
            stayed = ends - moment if came == Came.LATE else moment - starts
            return int(stayed.total_seconds() // 60)
    raise ValueError(typed)


class NoteForm(Form):
    """The part written once for the whole group."""

    lesson = forms.ModelChoiceField(
        Lesson.objects.none(), label=_("Lesson"), required=False, to_field_name="uid", empty_label=_("No lesson")
    )
    topic = forms.CharField(label=_("Topic"), required=False, max_length=160)
    text = forms.CharField(
        label=_("What the group did"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("For everybody's chart: no names here."),
    )

    def __init__(self, *args: Any, lessons: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if lessons is None:
            del self.fields["lesson"]
        else:
            self.fields["lesson"].queryset = lessons  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("lesson", "topic", "text")):
            self.add_error("text", _now("Write what the group did, or choose the lesson."))
        return cleaned


class PartForm(Form):
    """One person's part."""

    participation = forms.ChoiceField(
        label=_("Took part"), choices=Participation.choices, required=False, widget=RadioCards(columns=True)
    )
    objective = forms.ModelChoiceField(
        Objective.objects.none(),
        label=_("Worked on"),
        required=False,
        to_field_name="uid",
        empty_label=_("No objective of the plan"),
    )
    text = forms.CharField(label=_("About this person"), required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, objectives: list[Objective], **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["objective"]
        field.queryset = Objective.objects.filter(pk__in=[o.pk for o in objectives])
        field.label_from_instance = lambda one: one.text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("participation") and not cleaned.get("text"):
            self.add_error("participation", _now("Say how they took part, or write a line."))
        return cleaned


class SignNote(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    """The password, to sign."""


class AmendForm(Form):
    part = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(label=_("What is to be added"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, people: list[reads.Person], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.parts = {str(p.part.uid): p.part for p in people if p.part}
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            ("", _("The group part")),
            *((str(p.part.uid), p.name) for p in people if p.part),
        ]

    def clean_part(self) -> Any:
        return self.parts.get(self.cleaned_data["part"])


class NotHeldForm(Form):
    because = forms.ChoiceField(
        label=_("Why was it not held?"),
        widget=RadioCards(),
        choices=[
            (r.value, r.label)
            for r in (
                CancelledBecause.STAFF_AWAY,
                CancelledBecause.CLIENT,
                CancelledBecause.CLOSED,
                CancelledBecause.CHANGED,
            )
        ],
    )
    why = forms.CharField(label=_("Note"), required=False, max_length=200)
