"""The words of the public guide's questions: for oneself and for somebody one cares about,
and short ones for the front desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.engines.level_of_care import guide


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in words. `answers` maps an answer to (for oneself, for somebody else)."""

    short: Any
    mine: Any
    theirs: Any
    answers: Mapping[str, tuple[Any, Any]]
    mine_help: Any = ""
    theirs_help: Any = ""

    def question(self, other: bool) -> Any:
        return self.theirs if other else self.mine

    def help(self, other: bool) -> Any:
        return self.theirs_help if other else self.mine_help

    def answer(self, value: str, other: bool) -> Any:
        return self.answers[value][other]


ASKED: Mapping[str, Asked] = {
    "safety": Asked(
        _("Safety now"),
        _("Is any of this true right now?"),
        _("Is any of this true for them right now?"),
        {
            "none": (_("No, none of this"), _("No, none of this")),
            "thoughts": (_("I have thoughts of ending my life"), _("They talk of ending their life")),
            "plan": (
                _("I have a plan to end my life, or I already did something"),
                _("They have a plan to end their life, or already did something"),
            ),
            "harm": (_("I am afraid I may hurt someone"), _("I am afraid they may hurt someone")),
            "medical": (
                _("I took too much of something, or I feel very ill"),
                _("They took too much of something, or seem very ill"),
            ),
        },
        _("We ask everyone. The first three questions are about staying safe. You can skip any of them."),
        _("We ask everyone. The first three questions are about staying safe. You can skip any of them."),
    ),
    "recent": Asked(
        _("Self-harm or attempt"),
        _("Have you ever hurt yourself on purpose, or tried to end your life?"),
        _("Have they ever hurt themselves on purpose, or tried to end their life?"),
        {
            "never": (_("No"), _("No, as far as I know")),
            "long_ago": (_("Yes, more than three months ago"), _("Yes, more than three months ago")),
            "lately": (_("Yes, in the last three months"), _("Yes, in the last three months")),
        },
        _("Many people have. You do not need to tell us what happened."),
        _("Many people have. You do not need to tell us what happened."),
    ),
    "between": Asked(
        _("Safe between visits"),
        _("Can you keep yourself safe at night and on weekends?"),
        _("Can they stay safe at night and on weekends?"),
        {
            "yes": (_("Yes"), _("Yes")),
            "with_help": (_("Yes, with someone’s help"), _("Yes, with someone’s help")),
            "not_sure": (_("I am not sure"), _("I am not sure")),
            "no": (_("No"), _("No")),
        },
        _("In some kinds of care you go home each day. In others you stay day and night."),
        _("In some kinds of care people go home each day. In others they stay day and night."),
    ),
    "trouble": Asked(
        _("What troubles most"),
        _("What troubles you most?"),
        _("What troubles them most?"),
        {
            "mood": (_("My mood, worry, fear or stress"), _("Mood, worry, fear or stress")),
            "substances": (_("Alcohol or drugs"), _("Alcohol or drugs")),
            "both": (_("Both of these"), _("Both of these")),
            "eating": (_("Eating, food or my weight"), _("Eating, food or weight")),
            "other": (_("Something else"), _("Something else, or I do not know")),
        },
    ),
    "stopping": Asked(
        _("Alcohol or drugs"),
        _("What happens when you stop drinking or using drugs?"),
        _("What happens when they stop drinking or using drugs?"),
        {
            "not_using": (_("I do not drink or use drugs"), _("They do not drink or use drugs")),
            "nothing": (_("Nothing much"), _("Nothing much")),
            "every_day": (_("I use every day and have not stopped"), _("They use every day and have not stopped")),
            "sick": (_("I get sick: I shake, sweat or throw up"), _("They get sick: they shake, sweat or throw up")),
            "severe": (
                _("I had a seizure, saw things, or was very confused"),
                _("They had a seizure, saw things, or were very confused"),
            ),
        },
        _("To stop all at once can be risky for the body. A doctor or nurse can make it safe."),
        _("To stop all at once can be risky for the body. A doctor or nurse can make it safe."),
    ),
    "health": Asked(
        _("Body health"),
        _("Do you have a health problem that needs a doctor or nurse?"),
        _("Do they have a health problem that needs a doctor or nurse?"),
        {
            "none": (_("No"), _("No")),
            "managed": (_("Yes, and it is under control"), _("Yes, and it is under control")),
            "daily_care": (
                _("Yes, I need a nurse or doctor every day"),
                _("Yes, they need a nurse or doctor every day"),
            ),
            "getting_worse": (_("Yes, and it is getting worse fast"), _("Yes, and it is getting worse fast")),
        },
    ),
    "daily": Asked(
        _("Daily life"),
        _("How is daily life going: work, school, home, sleep, food?"),
        _("How is daily life going for them: work, school, home, sleep, food?"),
        {
            "fine": (_("I get through my days"), _("They get through their days")),
            "some_days": (_("Some days I cannot"), _("Some days they cannot")),
            "most_days": (_("Most days I cannot"), _("Most days they cannot")),
            "not_at_all": (_("I cannot eat, wash or get up"), _("They cannot eat, wash or get up")),
        },
    ),
    "home": Asked(
        _("Home"),
        _("What is it like where you live?"),
        _("What is it like where they live?"),
        {
            "good": (_("Safe, and people there help me"), _("Safe, and people there help them")),
            "alone": (_("Safe, but I have little help"), _("Safe, but with little help")),
            "hard": (_("It is hard to stay well there"), _("It is hard to stay well there")),
            "no_place": (_("I have no safe place to stay"), _("They have no safe place to stay")),
            "hurt": (_("Someone there hurts me or scares me"), _("Someone there hurts them or scares them")),
        },
    ),
    "before": Asked(
        _("Care so far"),
        _("What care have you had so far?"),
        _("What care have they had so far?"),
        {
            "none": (_("None yet"), _("None yet, or I do not know")),
            "helping": (_("Weekly visits, and they help"), _("Weekly visits, and they help")),
            "not_enough": (_("Weekly visits, and they are not enough"), _("Weekly visits, and they are not enough")),
            "left_hospital": (
                _("I just left a hospital or day program"),
                _("They just left a hospital or day program"),
            ),
            "iop_not_enough": (
                _("A program of three days a week, and it was not enough"),
                _("A program of three days a week, and it was not enough"),
            ),
        },
    ),
    "time": Asked(
        _("Time"),
        _("Could you come three days a week, for three hours each time?"),
        _("Could they come three days a week, for three hours each time?"),
        {
            "yes": (_("Yes"), _("Yes")),
            "some": (_("Only at some times of the day"), _("Only at some times of the day")),
            "video": (_("Only by video from home"), _("Only by video from home")),
            "no": (_("No"), _("No")),
        },
    ),
}
# Answers are shown in another order than their risk where that reads better.
SHOWN_ORDER: Mapping[str, tuple[str, ...]] = {
    "before": ("none", "helping", "not_enough", "left_hospital", "iop_not_enough")
}


def choices(question: guide.Question, other: bool) -> list[tuple[str, Any]]:
    """The answers of a question as form choices."""
    order = SHOWN_ORDER.get(question.code, question.options)
    return [(value, ASKED[question.code].answer(value, other)) for value in order]


def told(answers: Mapping[str, str], other: bool) -> list[tuple[Any, Any, bool]]:
    """Answers somebody sent along, in words: (question, answer, shows danger), in the order of the guide."""
    return [
        (ASKED[q.code].short, ASKED[q.code].answer(answers[q.code], other), guide.shows_danger(q.code, answers[q.code]))
        for q in guide.QUESTIONS
        if answers.get(q.code) in q.options
    ]
