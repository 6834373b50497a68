"""What /parts/ shows: every part with invented content."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .charts import Mark, Point, Series
from .forms import CheckCards, Form, LikertGroup, MemorableDateField, PhoneField, RadioCards, Scale10Field, YesNo
from .shapes import Day, Entry, NavItem, Person, RosterRow, Step, Task, TimeRow, Timetable

_START = date(2026, 3, 2)
_HOW_OFTEN = [
    ("0", _("Not at all")),
    ("1", _("Several days")),
    ("2", _("More than half the days")),
    ("3", _("Nearly every day")),
]


class Shown(Form):
    name = forms.CharField(
        label=_("Name to use"),
        help_text=_("What we should call you."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    born = MemorableDateField(label=_("Date of birth"))
    phone = PhoneField(label=_("Phone number"))
    leave = forms.TypedChoiceField(
        label=_("OK to leave a message?"), choices=YesNo().choices, widget=YesNo, coerce=YesNo.read
    )
    say = forms.TypedChoiceField(
        label=_("OK to say who we are?"), choices=YesNo().choices, widget=YesNo, coerce=YesNo.read
    )
    email = forms.EmailField(label=_("Email address"), required=False)
    track = forms.ChoiceField(
        label=_("Time of day"),
        choices=[("am", _("Morning")), ("pm", _("Afternoon")), ("eve", _("Evening"))],
        widget=RadioCards(
            notes={
                "am": _("9:00 to 12:15, in person"),
                "pm": _("1:00 to 4:15, in person"),
                "eve": _("5:30 to 8:45, by video"),
            }
        ),
    )
    days = forms.MultipleChoiceField(
        label=_("Free days"),
        choices=[("mo", _("Monday")), ("we", _("Wednesday")), ("fr", _("Friday"))],
        widget=CheckCards(columns=True),
    )
    mood = Scale10Field(label=_("How is your mood right now?"), low=_("very low"), high=_("very good"))
    item = forms.ChoiceField(label=_("Feeling tired or having little energy"), choices=_HOW_OFTEN, widget=LikertGroup)
    site = forms.ChoiceField(label=_("Site"), choices=[("", _("Choose a site")), ("1", "Riverside"), ("2", "Hillside")])
    on = forms.DateField(label=_("First day"))
    note = forms.CharField(label=_("Anything else?"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    agree = forms.BooleanField(label=_("I want reminders by text message."), required=False)


class Asked(Form):
    often = forms.ChoiceField(
        label=_("In the last two weeks, how often did you have trouble sleeping?"),
        help_text=_("Your care team sees your answer. You can skip any question."),
        choices=_HOW_OFTEN,
        widget=RadioCards,
    )


def everything(request: HttpRequest, layout: str) -> dict[str, Any]:
    """The context of /parts/: `layout` is public, portal or staff."""
    layout = layout if layout in ("public", "portal", "staff") else "public"
    fresh = Shown(initial={"track": "am", "mood": 6})
    wrong = Shown(
        {"name": "", "phone": "12", "born_month": "2", "born_day": "31", "born_year": "1990", "email": "ana"},
        prefix=None,
    )
    wrong.auto_id = "wrong_%s"
    return {
        "layout": f"web/{layout}.html",
        "nav": _nav(layout),
        "tones": ["neutral", "info", "good", "warn", "danger", "now"],
        "form": fresh,
        "wrong": wrong,
        "asked": Asked(),
        "steps": [
            Step(_("Request"), "done", "#steps"),
            Step(_("Phone screen"), "done"),
            Step(_("Assessment"), "current"),
            Step(_("Placement")),
            Step(_("First day")),
        ],
        "tasks": [
            Task(_("About you"), "#tasks", _("Done"), "good"),
            Task(_("Your week"), "#tasks", _("In progress"), "info", _("Tell us when you are free.")),
            Task(_("Consents"), "#tasks", _("To do")),
            Task(_("First session"), "", _("Cannot start yet"), "neutral", _("Opens when the consents are signed.")),
        ],
        "person": Person(
            "Ana Reyes",
            [(_("Born"), date_format(date(1990, 5, 31), "DATE_FORMAT")), (_("Number"), "FB-10042")],
            _("she/her"),
            "#person",
            _("Risk: high, plan in place"),
            [(_("On hold"), "warn")],
            [
                (_("Language"), "Español"),
                (_("Program"), _("Evening, day 17")),
                (_("Therapist"), "Bo Lindqvist"),
                (_("Authorized"), _("6 of 18 days left")),
            ],
            [
                (_("Overview"), "#person", True),
                (_("Plan"), "#person", False),
                (_("Measures"), "#person", False),
                (_("Notes"), "#person", False),
            ],
        ),
        "week": _week(),
        "roster": [
            RosterRow(
                "Ana Reyes", "r1", _OPTIONS, "present", "#roster", _("mood 6 · she/her"), [(_("Risk"), "now")], "m1", 90
            ),
            RosterRow("Jun Park", "r2", _OPTIONS, "late", "#roster", _("mood 4 · he/him"), (), "m2", 72),
            RosterRow("Noor Haddad", "r3", _OPTIONS, "", "#roster", _("no check-in yet"), (), "m3", ""),
        ],
        "series": _series(),
        "quiet_series": _client_series(),
        "spark": [18, 17, None, 15, 12, 13, 9],
        "people": _PEOPLE,
    }


_OPTIONS = [
    ("present", _("Present"), "p"),
    ("late", _("Late"), "l"),
    ("absent", _("Absent"), "a"),
    ("excused", _("Excused"), "x"),
]
_PEOPLE = [
    {"name": "Ana Reyes", "waits": 9, "track": _("Evening"), "status": _("Late"), "tone": "warn"},
    {"name": "Jun Park", "waits": 3, "track": _("Morning"), "status": _("On time"), "tone": "good"},
    {"name": "Noor Haddad", "waits": 1, "track": _("Afternoon"), "status": _("New"), "tone": "info"},
]


def _nav(layout: str) -> list[NavItem]:
    if layout == "public":
        return []
    if layout == "portal":
        return [
            NavItem(_("Today"), "?layout=portal", True, icon="home"),
            NavItem(_("My week"), "#week", icon="calendar"),
            NavItem(_("Safety plan"), "#care", icon="shield"),
            NavItem(_("Progress"), "#charts", icon="chart"),
        ]
    return [
        NavItem(_("My day"), "?layout=staff", True, "h", "home"),
        NavItem(_("Clients"), "#person", icon="group"),
        NavItem(_("Timetable"), "#week", False, "t", "calendar"),
        NavItem(_("Alarms"), "#care", icon="bell", count=2),
        NavItem(_("Intake"), "#tables", False, "i", "phone"),
    ]


def _week() -> Timetable:
    skills = Entry(_("Coping skills"), ["Bo Lindqvist", _("Room 2 · 7 of 10")], "#week")
    process = Entry(_("Process group"), ["Cy Okafor", _("Room 1 · 8 of 8")], "#week", "warn", _("Full"))
    return Timetable(
        _("Morning track, week of March 2"),
        [
            Day(_("Mon"), "3/2"),
            Day(_("Tue"), "3/3", True),
            Day(_("Wed"), "3/4"),
            Day(_("Thu"), "3/5"),
            Day(_("Fri"), "3/6"),
        ],
        [
            TimeRow("9:00–10:00", [[skills], [process], [skills], [process], [skills]]),
            TimeRow(
                "10:15–11:15",
                [[process], [], [Entry(_("Family group"), [_("By video")], "#week", "info")], [], [process]],
            ),
            TimeRow("11:30–12:15", [[Entry(_("Individual"), ["Bo Lindqvist"], "#week")], [], [], [], []]),
        ],
    )


def _series() -> Series:
    scores: list[tuple[int, float | None, bool]] = [
        (0, 19, False),
        (7, 17, False),
        (14, 18, True),
        (21, 14, False),
        (49, 12, False),
        (56, 9, False),
        (63, 8, False),
    ]
    return Series(
        _("PHQ-9, depression"),
        [Point(_START + timedelta(days=d), v, p) for d, v, p in scores],
        27,
        band=(14, 24),
        band_label=_("No reliable change"),
        cuts=[(5, _("Mild")), (10, _("Moderate")), (15, _("Moderately severe")), (20, _("Severe"))],
        marks=[
            Mark(_START + timedelta(days=9), _("Sertraline 50 mg"), _START + timedelta(days=63)),
        ],
        sentence=_("Reliable improvement: from 19 to 8."),
        rule=_("A change of 6 or more is more than measurement error."),
    )


def _client_series() -> Series:
    scores = [(0, 15.0), (7, 14.0), (14, 12.0), (21, 9.0)]
    return Series(
        _("Worry"),
        [Point(_START + timedelta(days=d), v) for d, v in scores],
        21,
        band=(11, 19),
        band_label=_("Could be chance"),
        sentence=_("Your worry score fell from 15 to 9. That is more than chance."),
    )
