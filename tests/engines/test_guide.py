"""The public guide: danger always leads, and adding risk never lowers what is suggested."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.engines.level_of_care import guide

ANSWERS = st.fixed_dictionaries(
    {}, optional={question.code: st.sampled_from(question.options) for question in guide.QUESTIONS}
)
FULL = st.fixed_dictionaries({question.code: st.sampled_from(question.options) for question in guide.QUESTIONS})

CALM = {
    "safety": "none", "recent": "never", "between": "yes", "trouble": "mood", "stopping": "not_using",
    "health": "none", "daily": "fine", "home": "good", "before": "none", "time": "yes",
}  # fmt: skip


def rank(level: str) -> int:
    return guide.LADDER.index(level)


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ({}, "outpatient"),
        ({"daily": "some_days"}, "iop"),
        ({"before": "not_enough"}, "iop"),
        ({"before": "left_hospital"}, "iop"),
        ({"recent": "long_ago", "home": "alone"}, "iop"),
        ({"before": "iop_not_enough"}, "php"),
        ({"daily": "most_days"}, "php"),
        ({"health": "daily_care"}, "php"),
        ({"trouble": "substances", "daily": "most_days", "home": "hard"}, "residential"),
        ({"trouble": "mood", "daily": "most_days", "home": "hard"}, "php"),
        ({"home": "no_place"}, "residential"),
        ({"between": "not_sure"}, "residential"),
        ({"stopping": "every_day"}, "withdrawal"),
        ({"stopping": "sick"}, "withdrawal"),
        ({"daily": "not_at_all"}, "inpatient"),
        ({"safety": "thoughts"}, "crisis"),
    ],
)
def test_what_is_suggested(said: dict[str, str], level: str) -> None:
    verdict = guide.suggest({**CALM, **said})
    assert isinstance(verdict, guide.Suggestion)
    assert verdict.level == level


@pytest.mark.parametrize(("code", "value"), [(q.code, value) for q in guide.QUESTIONS for value in sorted(q.danger)])
def test_an_answer_that_shows_danger_leads_even_alone(code: str, value: str) -> None:
    verdict = guide.suggest({code: value})
    assert isinstance(verdict, guide.Suggestion)
    assert verdict.level == "crisis"
    assert verdict.reasons[0] == (code, value)
    assert rank(verdict.then) >= rank("php")


@given(ANSWERS)
def test_danger_always_leads(answers: dict[str, str]) -> None:
    verdict = guide.suggest(answers)
    if guide.dangers(answers):
        assert isinstance(verdict, guide.Suggestion)
        assert verdict.level == "crisis"
    elif isinstance(verdict, guide.Suggestion):
        assert verdict.level != "crisis"


@given(FULL, st.sampled_from([q for q in guide.QUESTIONS if q.graded]), st.data())
def test_adding_risk_never_lowers_the_suggestion(
    answers: dict[str, str], question: guide.Question, data: st.DataObject
) -> None:
    here = question.options.index(answers[question.code])
    worse = data.draw(st.sampled_from(question.options[here:]))
    before, after = guide.suggest(answers), guide.suggest({**answers, question.code: worse})
    assert isinstance(before, guide.Suggestion)
    assert isinstance(after, guide.Suggestion)
    assert rank(after.level) >= rank(before.level)
    if not guide.dangers({question.code: worse}):
        assert rank(after.then) >= rank(before.then)


@given(FULL)
def test_both_troubles_together_are_never_less_than_one(answers: dict[str, str]) -> None:
    both, one = (guide.suggest({**answers, "trouble": trouble}) for trouble in ("both", "substances"))
    assert isinstance(both, guide.Suggestion)
    assert isinstance(one, guide.Suggestion)
    assert rank(both.then) >= rank(one.then)


def test_thin_answers_say_so() -> None:
    assert guide.suggest({}) == guide.NotEnough(
        ("between", "daily", "safety", "recent", "stopping", "health", "home", "before")
    )
    assert isinstance(guide.suggest({**CALM, "daily": ""}), guide.NotEnough)
    assert isinstance(guide.suggest({"between": "yes", "daily": "fine"}), guide.NotEnough)


def test_what_the_guide_does_not_know_is_dropped() -> None:
    assert guide.settle({"daily": "fine", "home": "castle", "name": "Ana"}) == {"daily": "fine"}


@given(ANSWERS)
def test_every_reason_was_given(answers: dict[str, str]) -> None:
    verdict = guide.suggest(answers)
    if isinstance(verdict, guide.Suggestion):
        assert set(verdict.reasons) <= set(answers.items())
        assert set(verdict.open_points).isdisjoint(answers)
