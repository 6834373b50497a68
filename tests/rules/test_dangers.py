"""What does not wait for a decision about the level of care.

An answer of the screening talk, or a level the ratings point to, that somebody must act on now or today. The gravest stands first. What is
not known raises no alarm here: it holds the advice back, and the advice says "assess now".
"""

import pytest

from footbridge import data
from footbridge.engines.level_of_care import dangers, placement_rules

PARSED = data.parsed("levels")
DANGERS = dangers(PARSED)
RULES = placement_rules(PARSED)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, []),
        ({"safe_now": "unknown", "medically_stable": "unknown"}, []),
        ({"safe_now": "partly", "withdrawal_risk": "partly"}, []),
        ({"home_safe": "no"}, [("home_safe", "today")]),
        ({"home_safe": "no", "medically_stable": "no"}, [("medically_stable", "now"), ("home_safe", "today")]),
    ],
)
def test_which_answers_are_dangers(facts, told):
    assert DANGERS.told(facts) == told


def test_every_answer_that_asks_for_a_bed_or_a_hospital_is_a_danger():
    """But the suicide screen, whose alarms come with the answers themselves."""
    day_and_night = RULES.levels[RULES.rank("residential") :]
    for fact, answers in RULES.safety.items():
        for answer, level in answers.items():
            if fact != "suicide_triage" and level in day_and_night:
                assert (fact, answer) in DANGERS.answers, f"{fact}: {answer}"


def test_every_level_from_withdrawal_up_does_not_wait():
    assert set(DANGERS.levels) == set(RULES.levels[RULES.rank("withdrawal") :])
    assert set(DANGERS.levels.values()) == {"now"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"fact": "luck", "answer": "no", "urgency": "now"},
        {"fact": "safe_now", "answer": "maybe", "urgency": "now"},
        {"fact": "safe_now", "answer": "no", "urgency": "whenever"},
        {"level": "spa", "urgency": "now"},
    ],
)
def test_a_rule_that_cannot_be_read_stops_at_start(wrong):
    with pytest.raises(ValueError, match="alarms"):
        dangers(PARSED | {"alarms": [wrong]})
