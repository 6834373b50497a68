"""How the C-SSRS screener is triaged.

Thoughts only: low. Method, or behavior longer ago than three months: moderate. Intent, plan, or behavior in the past
three months: high. A blank is never a No. Sources: Columbia triage; the VA variant asks for method, intent, plan or
recent behavior ("elevated").
"""

import pytest
from hypothesis import given as property_given
from hypothesis import settings
from hypothesis import strategies as st

from footbridge.data import parsed
from footbridge.engines.scoring import (
    DECLINED,
    UNANSWERED,
    IncompleteTriage,
    Risk,
    Triage,
    Urgency,
    answered,
    given,
    triage,
    triage_rules,
)
from tests.engines.shelf import instrument

SCREENER = instrument("cssrs_screener")
SINCE = instrument("cssrs_since_last_contact")
RULES = triage_rules(parsed("suicide_triage"))
COLUMBIA, VA = RULES.values()
ITEMS = ("1", "2", "3", "4", "5", "6", "6_recent")


def answers(line: str):
    """One letter an item: y, n, - blank, d declined."""
    meaning = {"y": answered("yes"), "n": answered("no"), "-": UNANSWERED, "d": DECLINED}
    return dict(zip(ITEMS, (meaning[c] for c in line.split()), strict=False))


# wish thoughts method intent plan behavior recent
@pytest.mark.parametrize(
    ("line", "columbia", "va", "urgency"),
    [
        ("n n - - - n -", "none", "none", "none"),
        ("y n - - - n -", "low", "low", "session"),
        ("n y n n n n -", "low", "low", "session"),
        ("y y y n n n -", "moderate", "elevated", "same_day"),
        ("n n - - - y n", "moderate", "low", "same_day"),
        ("n n - - - y y", "high", "elevated", "same_hour"),
        ("y y n y n n -", "high", "elevated", "same_hour"),
        ("y y n n y n -", "high", "elevated", "same_hour"),
        ("y y y y y y y", "high", "elevated", "same_hour"),
    ],
)
def test_finished_screens(line, columbia, va, urgency):
    verdict = triage(SCREENER, answers(line), COLUMBIA)
    assert isinstance(verdict, Triage)
    assert (verdict.risk, verdict.urgency, verdict.missing) == (Risk(columbia), Urgency(urgency), ())
    assert triage(SCREENER, answers(line), VA).risk == Risk(va)
    assert triage(SCREENER, answers(line), VA).urgency == Urgency(
        urgency
    )  # how soon does not depend on the rule's words


@pytest.mark.parametrize(
    ("line", "at_least", "missing"),
    [
        ("- - - - - - -", "none", ("1", "2", "3", "4", "5", "6")),
        ("n - - - - n -", "none", ("2", "3", "4", "5")),  # a blank question 2 does not close the gate
        ("y y - n n n -", "low", ("3",)),
        ("y y y - n n -", "moderate", ("4",)),
        ("n n - - - - -", "none", ("6",)),
        ("n n - - - y -", "moderate", ("6_recent",)),
        ("n n - - - d -", "none", ("6",)),
    ],
)
def test_a_blank_is_never_a_no(line, at_least, missing):
    verdict = triage(SCREENER, answers(line), COLUMBIA)
    assert isinstance(verdict, IncompleteTriage)
    assert (verdict.at_least, verdict.missing) == (Risk(at_least), missing)
    assert "A blank is not a No" in verdict.sentence


def test_high_does_not_wait_for_the_rest_of_the_form():
    verdict = triage(SCREENER, answers("- - - y - - -"), COLUMBIA)
    assert isinstance(verdict, Triage)
    assert verdict.risk is Risk.HIGH
    assert set(verdict.missing) == {"1", "2", "3", "5", "6"}


def test_declining_is_told_apart_from_not_answering():
    assert triage(SCREENER, answers("n n - - - d -"), COLUMBIA).declined == ("6",)


def test_since_last_contact_any_behavior_is_recent():
    form = {"1": "no", "2": "no", "6": "yes"}
    assert triage(SINCE, given(form), COLUMBIA).risk is Risk.HIGH
    assert triage(SINCE, given(form | {"6": "no"}), COLUMBIA).risk is Risk.NONE


def test_an_odd_yes_behind_a_closed_gate_still_counts():
    assert triage(SCREENER, given({"1": "no", "2": "no", "5": "yes", "6": "no"}), COLUMBIA).risk is Risk.HIGH
    assert triage(SCREENER, given({"1": "no", "2": "no", "6": "no", "6_recent": "yes"}), COLUMBIA).risk is Risk.HIGH


def test_a_word_that_is_no_answer_counts_as_blank():
    assert triage(SCREENER, given({"1": "maybe", "2": "no", "6": "no"}), COLUMBIA).missing == ("1",)


def test_only_forms_with_roles_can_be_triaged():
    with pytest.raises(ValueError):
        triage(instrument("phq9"), {}, COLUMBIA)


def test_a_rule_that_leaves_a_part_out_is_refused():
    table = parsed("suicide_triage")
    first = {**table["rules"][0], "levels": {"wish": "low"}}
    with pytest.raises(ValueError):
        triage_rules({**table, "rules": [first]})


def test_every_rule_says_where_it_comes_from_and_columbia_is_the_default():
    assert list(RULES) == ["columbia", "va"]
    assert all(rule.source and rule.mark and rule.says for rule in RULES.values())


@settings(max_examples=400, deadline=None)
@property_given(
    st.lists(st.sampled_from("yn-d"), min_size=7, max_size=7), st.integers(0, 6), st.sampled_from([COLUMBIA, VA])
)
def test_one_more_yes_never_lowers_the_urgency(line, where, rule):
    order = list(Urgency)
    before = triage(SCREENER, answers(" ".join(line)), rule)
    more = [*line]
    more[where] = "y"
    after = triage(SCREENER, answers(" ".join(more)), rule)
    assert order.index(after.urgency) >= order.index(before.urgency)


@settings(max_examples=400, deadline=None)
@property_given(st.lists(st.sampled_from("yn-d"), min_size=7, max_size=7))
def test_never_none_while_something_is_blank(line):
    verdict = triage(SCREENER, answers(" ".join(line)), COLUMBIA)
    if isinstance(verdict, Triage) and verdict.risk is not Risk.HIGH:
        assert not verdict.missing
