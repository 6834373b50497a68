"""The public guide: a few plain answers in, a careful suggestion out.

It is no diagnosis and no placement. It answers one question: which kinds of care are worth asking about, and is
anybody in danger. Two properties are held by tests: an answer that shows danger always leads, and adding risk never
lowers the suggestion.

Rules: ours, in the spirit of what the published descriptions of the levels of care say they are for (hours a week, a
nurse close by, a place to stay at night). Every rule is a line of `FLOORS` or a weight of `BURDEN`, so a clinician
can read all of them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Levels of care as the program names them, by how much care they give. Crisis stands above all: nothing else is asked
# first.
LADDER = ("outpatient", "iop", "php", "residential", "withdrawal", "inpatient", "crisis")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the guide. `options` stand in order of rising risk where the question has one (`graded`)."""

    code: str
    options: tuple[str, ...]
    danger: frozenset[str] = frozenset()
    graded: bool = True


QUESTIONS: tuple[Question, ...] = (
    Question(
        "safety", ("none", "thoughts", "plan", "harm", "medical"), frozenset({"thoughts", "plan", "harm", "medical"})
    ),
    Question("recent", ("never", "long_ago", "lately"), frozenset({"lately"})),
    Question("between", ("yes", "with_help", "not_sure", "no"), frozenset({"no"})),
    Question("trouble", ("mood", "substances", "both", "eating", "other"), graded=False),
    Question("stopping", ("not_using", "nothing", "every_day", "sick", "severe"), frozenset({"severe"})),
    Question("health", ("none", "managed", "daily_care", "getting_worse"), frozenset({"getting_worse"})),
    Question("daily", ("fine", "some_days", "most_days", "not_at_all")),
    Question("home", ("good", "alone", "hard", "no_place", "hurt"), frozenset({"hurt"})),
    Question("before", ("helping", "none", "not_enough", "left_hospital", "iop_not_enough")),
    Question("time", ("yes", "some", "video", "no"), graded=False),
)
BY_CODE: Mapping[str, Question] = {question.code: question for question in QUESTIONS}

# The least care an answer asks for by itself.
FLOORS: Mapping[tuple[str, str], str] = {
    ("between", "with_help"): "iop",
    ("between", "not_sure"): "residential",
    ("stopping", "every_day"): "withdrawal",
    ("stopping", "sick"): "withdrawal",
    ("health", "daily_care"): "php",
    ("daily", "some_days"): "iop",
    ("daily", "most_days"): "php",
    ("daily", "not_at_all"): "inpatient",
    ("home", "no_place"): "residential",
    ("before", "not_enough"): "iop",
    ("before", "left_hospital"): "iop",
    ("before", "iop_not_enough"): "php",
}

# Answers that ask for nothing by themselves but add up.
BURDEN: Mapping[tuple[str, str], int] = {
    ("recent", "long_ago"): 1,
    ("between", "with_help"): 1,
    ("trouble", "both"): 1,
    ("stopping", "nothing"): 1,
    ("health", "managed"): 1,
    ("health", "daily_care"): 1,
    ("daily", "some_days"): 1,
    ("daily", "most_days"): 2,
    ("home", "alone"): 1,
    ("home", "hard"): 2,
    ("home", "no_place"): 2,
    ("before", "not_enough"): 1,
    ("before", "left_hospital"): 1,
    ("before", "iop_not_enough"): 2,
}
BURDEN_OF_IOP = 2
BURDEN_OF_PHP = 5

# Without these two nothing can be said; and of all graded questions at least so many must be answered.
NEEDED = ("between", "daily")
LEAST_ANSWERED = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`level` first; with danger it is "crisis" and `then` is what the other answers point to.

    `reasons` are (question, answer) pairs that carried it, heaviest first. `open_points` are questions left out.
    """

    level: str
    then: str
    reasons: tuple[tuple[str, str], ...]
    open_points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Too little was answered to say anything honest. `missing` are the questions that would help most."""

    missing: tuple[str, ...]


def settle(answers: Mapping[str, str]) -> dict[str, str]:
    """Only questions and answers the guide knows; whatever else was posted is dropped."""
    return {code: value for code, value in answers.items() if code in BY_CODE and value in BY_CODE[code].options}


def shows_danger(code: str, answer: str) -> bool:
    """Whether this answer stops the guide at once."""
    return code in BY_CODE and answer in BY_CODE[code].danger


def dangers(answers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """All answers that show danger, in the order of the questions."""
    return tuple((q.code, answers[q.code]) for q in QUESTIONS if shows_danger(q.code, answers.get(q.code, "")))


def suggest(answers: Mapping[str, str]) -> Suggestion | NotEnough:
    """What the answers point to. Danger leads even when everything else was left out."""
    given = settle(answers)
    danger = dangers(given)
    open_points = tuple(q.code for q in QUESTIONS if q.code not in given)
    level, reasons = _without_danger(given)
    if danger:
        # Whoever told of danger is not pointed to less than daily care until a person has talked with them.
        then = _higher(level, "php")
        return Suggestion("crisis", then, danger + reasons, open_points)
    missing = tuple(code for code in NEEDED if code not in given)
    answered = sum(q.code in given for q in QUESTIONS if q.graded)
    if missing or answered < LEAST_ANSWERED:
        rest = tuple(q.code for q in QUESTIONS if q.graded and q.code not in given and q.code not in missing)
        return NotEnough(missing + rest)
    return Suggestion(level, level, reasons, open_points)


def _without_danger(given: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    pairs = [pair for pair in given.items() if not shows_danger(*pair)]
    level, burden = "outpatient", sum(BURDEN.get(pair, 0) for pair in pairs)
    for pair in pairs:
        level = _higher(level, FLOORS.get(pair, "outpatient"))
    if burden >= BURDEN_OF_PHP:
        level = _higher(level, "php")
    elif burden >= BURDEN_OF_IOP:
        level = _higher(level, "iop")
    # A home that pulls back into use asks for a place to stay, when alcohol or drugs are part of it.
    if given.get("home") == "hard" and given.get("trouble") in ("substances", "both") and level == "php":
        level = "residential"
    weighed = [(LADDER.index(FLOORS.get(pair, "outpatient")), BURDEN.get(pair, 0), pair) for pair in pairs]
    heavy = sorted((entry for entry in weighed if entry[0] or entry[1]), key=lambda entry: (-entry[0], -entry[1]))
    return level, tuple(pair for _floor, _burden, pair in heavy)


def _higher(one: str, other: str) -> str:
    return max(one, other, key=LADDER.index)
