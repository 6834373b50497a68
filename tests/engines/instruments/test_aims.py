"""AIMS (Guy 1976): the total is items 1 to 7 and no more."""

import pytest

from footbridge.engines import scoring
from tests.engines.shelf import instrument, row

from .reading import outcome, reason, total_and_band

AIMS = instrument("aims")
REST = {"8": "4", "9": "4", "10": "4", "11": "yes", "12": "no"}


@pytest.mark.parametrize(("rated", "total"), [("0 0 0 0 0 0 0", 0), ("4 4 4 4 4 4 4", 28), ("1 2 0 0 1 0 0", 4)])
def test_global_judgments_and_teeth_do_not_count(rated, total):
    answers = row(rated)
    assert total_and_band(AIMS, answers) == (total, "")
    assert total_and_band(AIMS, answers | scoring.given(REST)) == (total, "")


@pytest.mark.parametrize(
    ("rated", "said"),
    [
        ("2 0 0 0 0 0 0", "none"),  # mild in one place
        ("2 2 0 0 0 0 0", "movements"),  # mild in two
        ("0 0 0 3 0 0 0", "movements"),  # moderate in one
        ("1 1 1 1 1 1 1", "none"),
        ("2 - 0 0 0 0 0", "cannot_tell"),
        ("3 - - - - - -", "movements"),
    ],
)
def test_movement_part_of_the_schooler_kane_criteria(rated, said):
    assert outcome(AIMS, row(rated)) == said


def test_a_gap_leaves_the_total_unscored():
    assert reason(AIMS, row("1 1 1 1 1 1 -")) == "too_many_gaps"
    assert AIMS.modes == ("clinician",)
