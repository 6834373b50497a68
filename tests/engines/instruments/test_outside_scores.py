"""Class C: the score is reckoned elsewhere and typed in; nothing is reckoned here, and nothing shipped but its range."""

import pytest

from footbridge.engines import scoring
from tests.engines.shelf import instrument

RANGES = [
    ("oq45", "total", 0, 180, True),
    ("oq45", "symptom_distress", 0, 100, True),
    ("oq45", "interpersonal", 0, 44, True),
    ("oq45", "social_role", 0, 36, True),
    ("csq8", "total", 8, 32, False),
    ("wai_sr", "total", 12, 60, False),
    ("wai_sr", "bond", 4, 20, False),
    ("srs", "total", 0, 40, False),
    ("gsrs", "total", 0, 40, False),
    ("ors", "total", 0, 40, False),
    ("basis24", "overall", 0, 4, True),
    ("bdi2", "total", 0, 63, True),
    ("hads", "anxiety", 0, 21, True),
    ("hads", "depression", 0, 21, True),
    ("ybocs", "total", 0, 40, True),
]


@pytest.mark.parametrize(("name", "score", "low", "high", "lower_is_better"), RANGES)
def test_both_ends_are_taken_and_what_lies_beyond_is_refused(name, score, low, high, lower_is_better):
    form = instrument(name)
    for end in (low, high):
        taken = scoring.from_outside(form, str(end), score)
        assert (taken.value, taken.band) == (end, None)
    for beyond in (low - 1, high + 1):
        assert scoring.from_outside(form, str(beyond), score).reason == "out_of_range"
    assert form.outside_score(score).lower_is_better is lower_is_better


@pytest.mark.parametrize("name", sorted({name for name, *_ in RANGES}))
def test_nothing_is_reckoned_and_nothing_of_the_form_is_shipped(name):
    form = instrument(name)
    assert (form.items, form.scores, form.band_sets, dict(form.wordings)) == ((), (), (), {})
    assert not form.needs_text  # there is no text to add: it can never be given
    assert {r.reason for r in scoring.score_all(form, scoring.given({"1": "2"}))} == {"outside_only"}


def test_lines_are_measured_to_the_millimeter_and_means_to_two_decimals():
    assert scoring.from_outside(instrument("ors"), "24.7").shown == "24.7"
    assert scoring.from_outside(instrument("ors"), "24.75").reason == "out_of_range"
    assert scoring.from_outside(instrument("basis24"), "1.25").shown == "1.25"
    assert scoring.from_outside(instrument("bdi2"), "12.5").reason == "out_of_range"


def test_any_self_harm_of_the_basis_is_looked_at_the_same_day():
    form = instrument("basis24")
    assert scoring.critical_outside(form, "0", "self_harm") is None
    assert scoring.critical_outside(form, "0.25", "self_harm").severity == "same_day"
    assert scoring.critical_outside(form, "4", "overall") is None


def test_the_change_of_14_points_of_the_oq():
    rule = instrument("oq45").change_rule()
    assert (rule.reliable, rule.mark, rule.case_from) == (14, "V2", None)
