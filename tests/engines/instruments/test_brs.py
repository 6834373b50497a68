"""BRS: the mean of six answers 1-5, three turned round; the band is drawn from the unrounded mean."""

from decimal import Decimal

import pytest

from tests.engines.instruments.answering import result, seen
from tests.engines.shelf import instrument, row


@pytest.mark.parametrize(
    ("answers", "shown", "band"),
    [
        ("1 5 1 5 1 5", "1", "low"),
        ("3 3 3 3 3 4", "2.83", "low"),
        ("3 3 3 3 3 3", "3", "normal"),
        ("4 2 4 2 5 1", "4.33", "high"),  # 26 / 6 = 4.333
        ("4 2 4 2 5 2", "4.17", "normal"),
        ("5 1 5 1 5 1", "5", "high"),
    ],
)
def test_reversals_and_bands(answers, shown, band):
    found = result("brs", row(answers))
    assert (found.shown, found.band.code) == (shown, band)


def test_a_mean_of_exactly_4_30_is_normal_and_a_hair_more_is_high():
    bands = instrument("brs").band_set("mean")
    assert bands.band(Decimal("4.30")).code == "normal"
    assert bands.band(Decimal("4.301")).code == "high"
    assert bands.band(Decimal("2.999")).code == "low"


def test_the_mean_of_the_answered_is_taken_and_shown_as_such():
    found = result("brs", row("4 2 4 - d 1"))  # 4 4 4 5
    assert (found.value, found.answered, found.of, found.prorated) == (Decimal("4.25"), 4, 6, True)
    assert seen("brs", row("- - - - - -")) == (None, "too_many_gaps")
