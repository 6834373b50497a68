"""The words of the public pages about levels of care. Short plain sentences; no promise we cannot keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class LevelWords:
    """A level of care in plain words: its name, what it is, how much time it takes, where one sleeps, whom it fits."""

    code: str
    name: Any
    what: Any
    time: Any
    nights: Any
    fits: Any


LEVELS: Mapping[str, LevelWords] = {
    one.code: one
    for one in (
        LevelWords(
            "outpatient",
            _("Outpatient care"),
            _("You see a therapist for about one hour, often once a week."),
            _("1 to 2 hours a week"),
            _("At home"),
            _("Fits when you get through your days and want help to feel better."),
        ),
        LevelWords(
            "iop",
            _("Intensive outpatient program (IOP)"),
            _("You come to groups on three or more days a week. You learn skills, and you have your own therapist."),
            _("9 to 19 hours a week"),
            _("At home"),
            _("Fits when weekly visits are not enough, and you can stay safe at home."),
        ),
        LevelWords(
            "php",
            _("Partial hospital program (PHP)"),
            _("You come for most of the day, most days of the week. A doctor or nurse is close by."),
            _("20 hours or more a week"),
            _("At home"),
            _("Fits when most days are too hard, but you can be safe at night."),
        ),
        LevelWords(
            "residential",
            _("Residential care"),
            _("You live in a house with staff for some weeks. There is care every day."),
            _("Day and night"),
            _("In the program"),
            _("Fits when home is not a safe place to get well."),
        ),
        LevelWords(
            "withdrawal",
            _("Detox (withdrawal care)"),
            _("Doctors and nurses help your body when you stop drinking or using. It takes some days."),
            _("Day and night, for some days"),
            _("Most often in the program"),
            _("Fits when you get sick as you stop, or use every day. It comes before other care."),
        ),
        LevelWords(
            "inpatient",
            _("Inpatient care (hospital)"),
            _("You stay in a hospital for some days. Doctors and nurses are there day and night."),
            _("Day and night"),
            _("In the hospital"),
            _("Fits when you cannot care for yourself, or cannot stay safe."),
        ),
        LevelWords(
            "crisis",
            _("Crisis care"),
            _("Someone helps you right now: by phone, by text, or in person."),
            _("Now"),
            _("Where you are safe"),
            _("Fits when someone is in danger."),
        ),
    )
}

# Why an answer asks for more care: said on the result page beside what was answered.
WHY: Mapping[tuple[str, str], Any] = {
    ("recent", "long_ago"): _("Past hurt counts. Care with more contact can help it stay past."),
    ("between", "with_help"): _("Staying safe takes some help. Care on more days a week gives that."),
    ("between", "not_sure"): _(
        "If it is not sure that nights are safe, care with staff at night is worth asking about."
    ),
    ("trouble", "both"): _("Two troubles at once go better when they are treated together."),
    ("stopping", "nothing"): _("Alcohol or drugs are part of it. Good care looks at that too."),
    ("stopping", "every_day"): _("With daily use, stopping can make the body ill. Ask a doctor before you stop."),
    ("stopping", "sick"): _("Getting sick when stopping can be a risk. Doctors and nurses can make it safe."),
    ("health", "managed"): _("A health problem needs to be part of the plan."),
    ("health", "daily_care"): _("A nurse or doctor should be close by each day."),
    ("daily", "some_days"): _("Some days are too hard. Weekly visits alone may be too little."),
    ("daily", "most_days"): _("Most days are too hard. More hours of care can help."),
    ("daily", "not_at_all"): _("Not being able to eat, wash or get up needs care day and night."),
    ("home", "alone"): _("There is little help at home. A group gives people to lean on."),
    ("home", "hard"): _("It is hard to stay well at home. More care, or a place to stay, can help."),
    ("home", "no_place"): _("A safe place to stay comes first."),
    ("before", "not_enough"): _("Weekly visits were not enough. The next step up is more days a week."),
    ("before", "left_hospital"): _("After a hospital or day program, stepping down slowly works better than stopping."),
    ("before", "iop_not_enough"): _("Three days a week were not enough. Ask about full days."),
}

DANGER_SAID: Mapping[str, tuple[Any, Any]] = {
    "thoughts": (
        _("You told us you have thoughts of ending your life."),
        _("You told us they talk of ending their life."),
    ),
    "plan": (
        _("You told us you have a plan to end your life, or did something."),
        _("You told us they have a plan to end their life, or did something."),
    ),
    "harm": (_("You told us you may hurt someone."), _("You told us they may hurt someone.")),
    "medical": (
        _("You told us your body is in trouble."),
        _("You told us their body is in trouble."),
    ),
    "lately": (
        _("You told us you hurt yourself or tried to end your life not long ago."),
        _("You told us they hurt themselves or tried to end their life not long ago."),
    ),
    "no": (_("You told us you cannot keep yourself safe."), _("You told us they cannot stay safe.")),
    "severe": (
        _("You told us stopping made you very ill. That can be a danger to life."),
        _("You told us stopping made them very ill. That can be a danger to life."),
    ),
    "getting_worse": (
        _("You told us a health problem is getting worse fast."),
        _("You told us a health problem is getting worse fast."),
    ),
    "hurt": (
        _("You told us someone at home hurts or scares you."),
        _("You told us someone at home hurts or scares them."),
    ),
}
# Danger to the body: the ambulance comes first, then the talk.
CALL_911_FIRST = frozenset({"plan", "harm", "medical", "severe", "getting_worse", "hurt"})

TIME_NOTES: Mapping[str, Any] = {
    "some": _("You can come only at some times. Ask about morning, afternoon and evening groups."),
    "video": _("You can come only by video. Ask which groups meet by video."),
    "no": _("Three days a week do not fit now. Ask what else could work. A short call is enough."),
}
PER: Mapping[str, Any] = {"session": _("per session"), "day": _("per day")}
# What data/levels.yaml says of its prices; named here so that the page of costs can say it in the reader's language.
PRICE_NOTES: tuple[Any, ...] = (
    _("Published general figures"),
    _("Published general figures (inpatient or residential)"),
    _("general, USA, 2023"),
)
