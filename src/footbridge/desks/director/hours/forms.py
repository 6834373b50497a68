"""The working week, typed as people say it: "9:00-12:00, 13:00-17:30"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from footbridge.care.timetable.facts.words import CONDITIONS, KINDS
from footbridge.ground.people.words import Language
from footbridge.ground.program.models import Site
from footbridge.ground.program.words import Weekday
from footbridge.ground.program.working import Hours, Week
from footbridge.kit.web.forms import CheckCards, Form

# Kinds of group as the program file names them; a family group is called family there.
LEADS = ("process", "skills", "education", "relapse_prevention", "peer", "family", "support", "practice")
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?\.?(?:m\.?)?$", re.IGNORECASE)


def kinds() -> list[tuple[str, Any]]:
    return [(kind, capfirst(KINDS["family_group" if kind == "family" else kind])) for kind in LEADS]


class HoursForm(Form):
    """Seven days and the limits. An empty day is a day off; when all are empty, what the role lets one assume holds."""

    site = forms.ModelChoiceField(Site.objects.none(), label=_("At which site"), required=False, to_field_name="uid", empty_label=_("Wherever they are needed"))
    most_hours_day = forms.DecimalField(label=_("Most hours of sessions a day"), required=False, min_value=0.5, max_value=24, decimal_places=1)
    most_hours_week = forms.DecimalField(label=_("Most hours of sessions a week"), required=False, min_value=0.5, max_value=80, decimal_places=1)
    most_groups_day = forms.IntegerField(label=_("Most groups a day"), required=False, min_value=1, max_value=12)
    caseload = forms.IntegerField(label=_("Most people seen individually"), required=False, min_value=1, max_value=200)
    languages = forms.MultipleChoiceField(label=_("Languages they work in, beside English"), required=False, widget=CheckCards(columns=True))
    leads = forms.MultipleChoiceField(label=_("Groups they may lead"), required=False, widget=CheckCards(columns=True), help_text=_("None chosen: as their role allows"))
    conditions = forms.MultipleChoiceField(
        label=_("Condition groups they may lead"), required=False, widget=CheckCards(columns=True), help_text=_("None chosen: all")
    )

    def __init__(self, *args: Any, conditions: Iterable[str], sites: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for day, label in Weekday.choices:
            self.fields[f"day_{day}"] = forms.CharField(label=label, required=False, max_length=60)
        self.order_fields([*(f"day_{day}" for day, _label in Weekday.choices), *self.fields])
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["languages"].choices = [c for c in Language.choices if c[0] != "en"]  # type: ignore[attr-defined]
        self.fields["leads"].choices = kinds()  # type: ignore[attr-defined]
        self.fields["conditions"].choices = [(c, capfirst(CONDITIONS.get(c, c))) for c in sorted(conditions)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.hours: list[Hours] = []
        site = cleaned.get("site")
        for day in range(7):
            for part in filter(None, (p.strip() for p in re.split("[,;]", cleaned.get(f"day_{day}") or ""))):
                span = _span(part)
                if span is None:
                    self.add_error(f"day_{day}", _now("Write the hours like 9:00-12:00, 13:00-17:30."))
                else:
                    self.hours.append(Hours(day, *span, site.pk if site else None))
        return cleaned

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{day}"] for day in range(7)]

    @property
    def limits(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "most_minutes_day": _minutes(given["most_hours_day"]), "most_minutes_week": _minutes(given["most_hours_week"]),
            "most_groups_day": given["most_groups_day"], "caseload": given["caseload"], "languages": given["languages"],
            "leads": given["leads"], "conditions": given["conditions"],
        }  # fmt: skip


def said(week: Week) -> dict[str, Any]:
    """A working week as the form shows it: what was entered, not what is assumed."""
    if week.entered is None:
        return {}
    kept = week.entered
    days: dict[int, list[str]] = {}
    for hours in kept.hours.all():
        days.setdefault(hours.weekday, []).append(f"{hours.starts:%H:%M}-{hours.ends:%H:%M}")
    site = next((h.site for h in kept.hours.all() if h.site is not None), None)
    return {
        **{f"day_{day}": ", ".join(spans) for day, spans in days.items()}, "site": site.uid if site else None,
        "most_hours_day": _hours(kept.most_minutes_day), "most_hours_week": _hours(kept.most_minutes_week),
        "most_groups_day": kept.most_groups_day, "caseload": kept.caseload, "languages": kept.languages, "leads": kept.leads,
        "conditions": kept.conditions,
    }  # fmt: skip


def _span(text: str) -> tuple[time, time] | None:
    starts, dash, ends = (part.strip() for part in re.sub("[–—]", "-", text).partition("-"))
    first, last = _time(starts), _time(ends)
    return (first, last) if dash and first is not None and last is not None else None


def _time(text: str) -> time | None:
    """9, 9:30, 17:30, 5:30 p.m."""
    found = _TIME.match(text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _minutes(hours: Any) -> int | None:
    return round(hours * 60) if hours else None


def _hours(minutes: int | None) -> float | None:
    return minutes / 60 if minutes else None
