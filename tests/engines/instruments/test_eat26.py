"""EAT-26: three answers count, and item 26 counts the other way round."""

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum


@pytest.mark.parametrize(
    ("word", "points", "turned"),
    [("always", 3, 0), ("usually", 2, 0), ("often", 1, 0), ("sometimes", 0, 1), ("rarely", 0, 2), ("never", 0, 3)],
)
def test_points_of_the_answers(word, points, turned):
    assert result("eat26", same("eat26", word)).value == 25 * points + turned


def test_lowest_and_highest():
    assert result("eat26", same("eat26", "never", i26="always")).value == 0
    assert result("eat26", same("eat26", "always", i26="never")).value == 78


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "below"),
        (19, "below"),
        (20, "refer"),
        (78, "refer"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("eat26", with_sum("eat26", total)) == (total, band)


def test_a_gap_leaves_no_score():
    assert seen("eat26", same("eat26", "often", i13=None)) == (None, "too_many_gaps")
