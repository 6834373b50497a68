"""DERS-16: sixteen answers 1-5, five parts, nothing reversed, no cut."""

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, same, seen
from tests.engines.shelf import instrument


def test_lowest_and_highest():
    assert seen("ders16", same("ders16", "1")) == (16, None)
    assert seen("ders16", same("ders16", "5")) == (80, None)


def test_each_item_counts_in_one_part():
    form = instrument("ders16")
    parts = [code for rule in form.scores[1:] for code in rule.items]
    assert sorted(parts, key=int) == [str(n) for n in range(1, 17)]
    assert not any(item.reversed for item in form.items)


@pytest.mark.parametrize(
    ("part", "raised", "total"),
    [
        ("clarity", "1 2", 10),
        ("goals", "3 7 15", 15),
        ("impulse", "4 8 11", 15),
        ("strategies", "5 6 12 14 16", 25),
        ("nonacceptance", "9 10 13", 15),
    ],
)
def test_parts(part, raised, total):
    answers = same("ders16", "1") | {code: scoring.answered("5") for code in raised.split()}
    assert result("ders16", answers, part).value == total


def test_a_gap_leaves_its_part_and_the_total_unscored():
    answers = same("ders16", "2", i3=None)
    assert seen("ders16", answers) == (None, "too_many_gaps")
    assert seen("ders16", answers, "goals") == (None, "too_many_gaps")
    assert result("ders16", answers, "clarity").value == 4
