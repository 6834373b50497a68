"""The sentences of change and course, for clinicians and, in plainer words, for the client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from footbridge.engines.progress import Sentence

SAID: dict[str, str | Promise] = {
    "change.improved": lazy(
        "Went from %(first)s to %(latest)s: better, and more than chance would do (at least %(threshold)s points)."
    ),
    "change.worse": lazy(
        "Went from %(first)s to %(latest)s: worse, and more than chance would do (at least %(threshold)s points)."
    ),
    "change.none": lazy("Went from %(first)s to %(latest)s: this can be chance (less than %(threshold)s points)."),
    "change.no_baseline": lazy("No first score yet, so change cannot be told."),
    "change.one_reading": lazy("One score so far: %(latest)s. Change needs a second one."),
    "change.no_rule": lazy(
        "Went from %(first)s to %(latest)s. For this measure it is not known how much change is more than chance."
    ),
    "change.no_rule_error": lazy(
        "Went from %(first)s to %(latest)s. For this measure it is not known how much change is more than chance; "
        "one score alone is uncertain by %(error)s points (standard error)."
    ),
    "clinical.recovered": lazy(
        "Started at %(first)s, now at %(latest)s: better by more than chance and below %(cutoff)s."
    ),
    "clinical.improved": lazy(
        "Started at %(first)s, now at %(latest)s: better by more than chance, not yet below %(cutoff)s."
    ),
    "clinical.unchanged": lazy("Started at %(first)s, now at %(latest)s: no change beyond chance."),
    "clinical.deteriorated": lazy("Started at %(first)s, now at %(latest)s: worse by more than chance."),
    "clinical.harmed": lazy("Started at %(first)s, below %(cutoff)s, now at %(latest)s: worse by more than chance."),
    "course.on_track": lazy("On track: now %(latest)s, started at %(baseline)s."),
    "course.little_change": lazy(
        "Improvement by week %(week)s: %(percent)s %% of the first score of %(baseline)s; "
        "less than %(expected)s %% in %(count)s readings in a row."
    ),
    "course.worse": lazy(
        "Worse by %(points)s since the first score of %(baseline)s: more than chance would do (at least %(threshold)s)."
    ),
    "course.still_severe": lazy(
        "Still severe at %(latest)s in the middle of the stay, not better by more than chance."
    ),
    "course.no_baseline": lazy(
        "No score between %(before)s days before and %(after)s days after the start, so the course cannot be told."
    ),
    "course.watch": lazy(
        "Improvement by week %(week)s: %(percent)s %% of the first score of %(baseline)s. "
        "One more reading like this means review."
    ),
    "course.outside_model": lazy(
        "Now %(latest)s in week %(week)s, started at %(baseline)s: outside what %(percent)s %% of this program's people "
        "show from such a start (%(low)s to %(high)s; %(n)s episodes)."
    ),
    "course.slow_model": lazy(
        "Now %(latest)s in week %(week)s, started at %(baseline)s: worse than expected in %(count)s readings in a row "
        "(%(percent)s %% of this program's people: %(low)s to %(high)s; %(n)s episodes)."
    ),
    "course.watch_model": lazy(
        "Now %(latest)s in week %(week)s, started at %(baseline)s: worse than expected (%(percent)s %% of this program's "
        "people: %(low)s to %(high)s; %(n)s episodes). One more reading like this means review."
    ),
    "course.outside_curve": lazy(
        "Now %(latest)s in week %(week)s, started at %(baseline)s: outside the %(percent)s %% published for such a start "
        "(%(low)s to %(high)s; %(source)s, n %(n)s)."
    ),
    "course.slow_curve": lazy(
        "Now %(latest)s in week %(week)s, started at %(baseline)s: worse than published in %(count)s readings in a row "
        "(%(percent)s %%: %(low)s to %(high)s; %(source)s, n %(n)s)."
    ),
    "course.watch_curve": lazy(
        "Now %(latest)s in week %(week)s, started at %(baseline)s: worse than published (%(percent)s %%: %(low)s to "
        "%(high)s; %(source)s, n %(n)s). One more reading like this means review."
    ),
    "pair.recovered": lazy(
        "Started above a cut-off (PHQ-9 %(case_a)s, GAD-7 %(case_b)s), now below both, with reliable improvement."
    ),
    "pair.recovery_only": lazy("Now below both cut-offs, but the change can be chance."),
    "pair.improved": lazy("Reliably better, still above a cut-off."),
    "pair.worse": lazy("Reliably worse on at least one of the two."),
    "pair.unchanged": lazy("No reliable change on either."),
    "pair.not_a_case": lazy("Did not start above a cut-off, so recovery does not apply."),
}

# What a client reads above their own chart: what it is about, never how severe.
ABOUT: dict[str, str | Promise] = {
    "phq9": lazy("Mood (PHQ-9)"),
    "phq2": lazy("Mood, two questions (PHQ-2)"),
    "gad7": lazy("Worry (GAD-7)"),
    "gad2": lazy("Worry, two questions (GAD-2)"),
}

UNSCORED: dict[str, str | Promise] = {
    "too_many_gaps": lazy("Not scored: too many blanks."),
    "unknown_answer": lazy("Not scored: an answer is not one of the choices."),
    "nothing_asked": lazy("Not scored: no question of this score was asked."),
    "not_in_table": lazy("Not scored: the table has no row for this sum."),
    "cannot_tell": lazy("Not scored: the rule cannot tell without the blanks."),
}


def plain(value: Any) -> str:
    """15, not 15.000."""
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")
    return f"{value:g}" if isinstance(value, float) else str(value)


def said(sentence: Sentence) -> str:
    """The sentence in the language of the reader."""
    return str(SAID[sentence.code]) % {name: plain(value) for name, value in sentence.params.items()}


def said_to_client(sentence: Sentence) -> str:
    """The same fact in the words for the person whose score it is."""
    numbers = {name: plain(value) for name, value in sentence.params.items()}
    if sentence.code == "change.one_reading":
        return _("Your first score is %(latest)s. After the next one you can see a change.") % numbers
    if sentence.code not in ("change.improved", "change.worse", "change.none", "change.no_rule", "change.no_rule_error"):
        return said(sentence)
    fell = sentence.params["latest"] < sentence.params["first"]  # type: ignore[operator]
    same = sentence.params["latest"] == sentence.params["first"]
    if same:
        return _("Your score is %(latest)s, the same as at the start.") % numbers
    moved = (
        _("Your score fell from %(first)s to %(latest)s.")
        if fell
        else _("Your score rose from %(first)s to %(latest)s.")
    )
    rest = {
        "change.improved": _("That is better, and more than chance would do."),
        "change.worse": _(
            "That is more than chance would do. Your therapist sees it too and will talk with you about it."
        ),
        "change.none": _("A change this small can be chance."),
        "change.no_rule": "",
        "change.no_rule_error": "",
    }[sentence.code]
    return f"{moved % numbers} {rest}".strip()


URGENCY_OF = {"high": "now", "same_day": "today", "session": "soon"}
URGENCY_OF_TRIAGE = {"same_hour": "now", "same_day": "today", "session": "soon", "none": ""}
GRAVEST = ("now", "today", "soon")


class NotKnown:
    """Asked, and the person could not say. Only staff who ask or type write this; for a score it is a gap like declined."""

    def __repr__(self) -> str:
        return "not known"


NOT_KNOWN = NotKnown()

# What asked for a form, as the clinician's page says it.
EVENTS: dict[str, str | Promise] = {
    "intake": lazy("Intake"),
    "weekly": lazy("Each week, before group"),
    "every": lazy("Each %(days)s days"),
    "trigger": lazy("After an answer that showed danger"),
    "discharge": lazy("Discharge"),
    "after_discharge": lazy("%(days)s days after discharge"),
}
WINDOW_STATES: dict[str, tuple[str | Promise, str]] = {
    "late": (lazy("Late"), "warn"),
    "due": (lazy("Due"), "info"),
    "coming": (lazy("Coming"), "neutral"),
    "answered": (lazy("Answered"), "good"),
    "missed": (lazy("Not answered"), "neutral"),
}
# The same in a word or two, beside the name of the form.
ASKED_AT: dict[str, str | Promise] = {
    "intake": lazy("intake"),
    "weekly": lazy("weekly"),
    "every": lazy("at intervals"),
    "trigger": lazy("after danger"),
    "discharge": lazy("discharge"),
    "after_discharge": lazy("after discharge"),
}
