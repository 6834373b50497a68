"""PACS (Flannery 1999): five questions, a plain sum of 0 to 30; two named cut-offs, neither drawn by itself. Its words are proposed
only: a person lays them beside the protocol page before anybody is asked."""

import pytest

from footbridge.engines.scoring import readings, score
from tests.engines.shelf import instrument, row

from .reading import reason

PACS = instrument("pacs")


@pytest.mark.parametrize(
    ("answers", "total", "hartwell", "older"),
    [
        ("0 0 0 0 0", 0, "below", "below"),
        ("3 3 3 3 2", 14, "below", "below"),
        ("3 3 3 3 3", 15, "craving", "below"),
        ("4 4 4 4 4", 20, "craving", "below"),
        ("5 4 4 4 4", 21, "craving", "craving"),
        ("6 6 6 6 6", 30, "craving", "craving"),
    ],
)
def test_sum_and_both_cut_offs(answers, total, hartwell, older):
    result = score(PACS, row(answers))
    assert (result.value, result.band, result.band_withheld) == (total, None, "no_bands")
    assert {s.id: b.code for s, b in readings(PACS, result)} == {"hartwell2019": hartwell, "over20": older}
    assert score(PACS, row(answers), band_set="over20").band.code == older


def test_a_gap_and_a_7_are_no_score():
    assert reason(PACS, row("6 6 6 6 -")) == "too_many_gaps"
    assert reason(PACS, row("6 6 6 6 7")) == "unknown_answer"


def test_the_wording_is_locked_and_only_proposed_and_nothing_is_called_change():
    assert PACS.licence.wording_locked
    assert PACS.wordings == {} and PACS.needs_text
    proposed = PACS.proposed["en"]
    assert set(proposed.items) == {"1", "2", "3", "4", "5"} and "from memory" in proposed.source
    assert all(len(labels) == 7 for labels in proposed.choices.values())
    assert PACS.change == ()
