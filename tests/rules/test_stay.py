"""Going on, changing or moving: the same gates and ratings as at admission, asked again at each review."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge import data
from footbridge.engines.level_of_care import PlacementFacts, Rating, StayFacts, english, placement_rules, review_stay
from footbridge.engines.level_of_care.stay import english_stay

RULES = placement_rules(data.parsed("levels"))
SAFE = {
    "suicide_triage": "none", "safe_now": "yes", "medically_stable": "yes", "withdrawal_risk": "no", "self_care": "yes",
    "home_safe": "yes",
}  # fmt: skip


def now(safety=None, **ratings):
    return PlacementFacts({n: Rating(ratings.get(n, 0), "seen today") for n in RULES.dimensions}, SAFE | (safety or {}))


def said(stay):
    return [english_stay(s) if s.code.startswith("stay.") else english(s) for s in stay.reasons]


@pytest.mark.parametrize(
    ("facts", "verdict", "to"),
    [
        (StayFacts("iop", now(mental=2), progressing="yes"), "continue", "iop"),
        (StayFacts("iop", now(mental=2), progressing="no", working="yes"), "change", "iop"),
        (StayFacts("iop", now(mental=2), progressing="no", working="yes", plan_changed="yes"), "change", "iop"),
        (StayFacts("iop", now(mental=3), progressing="yes"), "step_up", "php"),
        (StayFacts("iop", now({"suicide_triage": "high"}, mental=2)), "step_up", "crisis"),
        (StayFacts("iop", now(mental=1), goals_met="yes"), "step_down", "outpatient"),
        (StayFacts("php", now(mental=2), goals_met="yes"), "step_down", "iop"),
        (StayFacts("php", now(mental=2), progressing="yes"), "step_down", "iop"),
        (StayFacts("outpatient", now(), goals_met="yes"), "discharge", "outpatient"),
        (StayFacts("iop", now(mental=2), goals_met="yes"), "continue", "iop"),
        (StayFacts("iop", now(mental=2), progressing="no", can_progress_here="no"), "change", "iop"),
        (StayFacts("iop", now(mental=1), goals_met="yes", new_problem="yes", treatable_here="yes"), "continue", "iop"),
        (StayFacts("iop", now(mental=2), new_problem="yes", treatable_here="no"), "change", "iop"),
        (StayFacts("iop", now({"safe_now": "unknown"}, mental=1), goals_met="yes"), "assess_now", "iop"),
    ],
)
def test_what_a_review_points_to(facts, verdict, to):
    found = review_stay(facts, RULES)
    assert (found.verdict, found.to) == (verdict, to)
    assert said(found)


def test_goals_that_are_met_do_not_hide_a_need_that_rose():
    found = review_stay(StayFacts("iop", now(mental=4), goals_met="yes", before={"mental": 2}), RULES)
    assert (found.verdict, found.to) == ("step_up", "inpatient")
    assert "mental rose from 2 to 4." in said(found)


answers = st.sampled_from(["yes", "partly", "no", "unknown"])
cases = st.builds(
    StayFacts,
    level=st.sampled_from(RULES.levels),
    now=st.builds(
        PlacementFacts,
        ratings=st.fixed_dictionaries({n: st.builds(Rating, st.integers(0, 4), st.just("why")) for n in RULES.dimensions}),
        safety=st.fixed_dictionaries({n: st.sampled_from([*RULES.safety[n], "unknown"]) for n in RULES.safety}),
    ),
    goals_met=answers, progressing=answers, working=answers, plan_changed=answers, can_progress_here=answers,
    new_problem=answers, treatable_here=answers,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(cases)
def test_nobody_is_sent_to_less_than_the_need_or_on_while_safety_is_unknown(facts):
    found = review_stay(facts, RULES)
    assert found.reasons and all(said(found))
    needed = found.advice.level if hasattr(found.advice, "level") else found.advice.at_least
    assert found.verdict in ("continue", "change", "step_up", "step_down", "discharge", "assess_now")
    if found.verdict in ("step_down", "discharge"):
        assert "unknown" not in facts.now.safety.values()
        assert found.to == needed
    if RULES.rank(needed) > RULES.rank(facts.level):
        assert (found.verdict, found.to) == ("step_up", needed)
