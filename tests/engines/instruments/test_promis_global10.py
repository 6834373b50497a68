"""PROMIS Global-10: two T scores of four items each, pain recoded, fatigue and feelings turned round."""

from decimal import Decimal

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, seen
from tests.engines.shelf import instrument

BEST = {f"global0{n}": "5" for n in (1, 2, 3, 4, 5, 6, 9)} | {"global08": "1", "global10": "1", "global07": "0"}
WORST = {f"global0{n}": "1" for n in (1, 2, 3, 4, 5, 6, 9)} | {"global08": "5", "global10": "5", "global07": "10"}


def test_best_and_worst_health():
    for values, raw, mental, physical in ((BEST, 20, "67.6", "67.7"), (WORST, 4, "21.2", "16.2")):
        answers = scoring.given(values)
        assert result("promis_global10", answers, "mental_t").value == Decimal(mental)
        assert result("promis_global10", answers, "physical_t").value == Decimal(physical)
        assert result("promis_global10", answers, "mental_raw").value == raw
        assert result("promis_global10", answers, "physical_raw").value == raw


@pytest.mark.parametrize(
    ("pain", "points"),
    [("0", 5), ("1", 4), ("3", 4), ("4", 3), ("6", 3), ("7", 2), ("9", 2), ("10", 1)],
)
def test_pain_0_to_10_is_recoded(pain, points):
    answers = scoring.given(WORST | {"global07": pain})
    assert result("promis_global10", answers, "physical_raw").value == 3 + points


def test_no_partial_scoring_but_each_score_for_itself():
    answers = scoring.given(BEST | {"global10": None})
    assert seen("promis_global10", answers, "mental_t") == (None, "too_many_gaps")
    assert result("promis_global10", answers, "physical_t").value == Decimal("67.7")
    without_general = scoring.given({k: v for k, v in BEST.items() if k not in ("global01", "global09")})
    assert result("promis_global10", without_general, "mental_t").value == Decimal("67.6")


def test_loinc_of_the_two_t_scores():
    form = instrument("promis_global10")
    assert (form.score_rule("mental_t").loinc, form.score_rule("physical_t").loinc) == ("71969-0", "71971-6")
