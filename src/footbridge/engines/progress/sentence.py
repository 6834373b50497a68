"""The sentences of change and course, in English. Pages translate by code."""

from __future__ import annotations

from footbridge.engines.sentence import Sentence, render

_ENGLISH: dict[str, str] = {
    "change.improved": "Went from {first} to {latest}: better by {points}, more than chance (at least {threshold}).",
    "change.worse": "Went from {first} to {latest}: worse by {points}, more than chance (at least {threshold}).",
    "change.none": "Went from {first} to {latest}: a change of {points}, which can be chance (less than {threshold}).",
    "change.no_baseline": "No first score yet, so change cannot be told.",
    "change.one_reading": "One score so far: {latest}. Change needs a second one.",
    "change.no_rule": "Went from {first} to {latest}. For this measure it is not established how much change is "
    "more than chance.",
    "change.no_rule_error": "Went from {first} to {latest}. For this measure it is not established how much change is "
    "more than chance; one score alone is uncertain by {error} points (standard error).",
    "clinical.recovered": "Started at {first} and is now at {latest}: better by more than chance and below {cutoff}.",
    "clinical.improved": "Started at {first} and is now at {latest}: better by more than chance, not yet below "
    "{cutoff}.",
    "clinical.unchanged": "Started at {first} and is now at {latest}: no change beyond chance.",
    "clinical.deteriorated": "Started at {first} and is now at {latest}: worse by more than chance.",
    "clinical.harmed": "Started at {first}, below {cutoff}, and is now at {latest}: worse by more than chance.",
    "course.on_track": "On track: {latest}, started at {baseline}.",
    "course.little_change": "Week {week}: {percent} % better than the first score of {baseline}; less than "
    "{expected} % in {count} readings in a row.",
    "course.worse": "Worse by {points} since the first score of {baseline}: more than chance (at least {threshold}).",
    "course.still_severe": "Still severe at {latest} in the middle of the stay, without an improvement beyond chance.",
    "course.no_baseline": "No score between {before} days before and {after} days after the start, so the course "
    "cannot be told.",
    "course.watch": "Week {week}: {percent} % better than the first score of {baseline}; one more such reading "
    "means review.",
    "course.outside_model": "Now {latest} in week {week}, started at {baseline}: outside what {percent} % of this program's "
    "people show from such a start ({low} to {high}; {n} episodes).",
    "course.slow_model": "Now {latest} in week {week}, started at {baseline}: worse than expected in {count} readings in a "
    "row ({percent} % of this program's people: {low} to {high}; {n} episodes).",
    "course.watch_model": "Now {latest} in week {week}, started at {baseline}: worse than expected ({percent} % of this "
    "program's people: {low} to {high}; {n} episodes); one more such reading means review.",
    "course.outside_curve": "Now {latest} in week {week}, started at {baseline}: outside the {percent} % published for such "
    "a start ({low} to {high}; {source}, n {n}).",
    "course.slow_curve": "Now {latest} in week {week}, started at {baseline}: worse than published in {count} readings in a "
    "row ({percent} %: {low} to {high}; {source}, n {n}).",
    "course.watch_curve": "Now {latest} in week {week}, started at {baseline}: worse than published ({percent} %: {low} to "
    "{high}; {source}, n {n}); one more such reading means review.",
    "pair.recovered": "Started above a cut-off (PHQ-9 {case_a}, GAD-7 {case_b}) and is now below both, with "
    "reliable improvement.",
    "pair.recovery_only": "Is now below both cut-offs, but the change can be chance.",
    "pair.improved": "Reliably better, still above a cut-off.",
    "pair.worse": "Reliably worse on at least one of the two.",
    "pair.unchanged": "No reliable change on either.",
    "pair.not_a_case": "Did not start above a cut-off, so recovery does not apply.",
}


def english(sentence: Sentence) -> str:
    """The sentence in English. Raises KeyError for an unknown code."""
    return render(sentence, _ENGLISH)


def codes() -> tuple[str, ...]:
    """Every code, so that a test can see that each is translated."""
    return tuple(_ENGLISH)
