"""QIDS-SR16: nine domains, three of them the highest of several answers."""

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, seen
from tests.engines.shelf import instrument

NOTHING = {str(n): "0" for n in range(1, 17) if n not in (7, 9)}


def sheet(**changes: str | None) -> dict[str, scoring.Answer]:
    return scoring.given(NOTHING | {key[1:]: value for key, value in changes.items()})


def test_lowest_and_highest():
    assert seen("qids_sr", sheet()) == (0, "none")
    assert seen("qids_sr", scoring.given(dict.fromkeys(NOTHING, "3"))) == (27, "very_severe")


def test_only_the_highest_of_a_domain_counts():
    assert result("qids_sr", sheet(i1="3", i2="3", i4="2")).value == 3
    assert result("qids_sr", sheet(i6="1", i8="2")).value == 2
    assert result("qids_sr", sheet(i15="1", i16="3")).value == 3
    assert result("qids_sr", sheet(i5="1", i10="2", i14="3")).value == 6


def test_less_or_more_one_of_each_pair_is_enough():
    swapped = sheet(i6=None, i8=None, i7="2", i9="1")
    assert seen("qids_sr", swapped) == (2, "none")
    assert scoring.still_to_ask(instrument("qids_sr"), swapped) == ()
    assert seen("qids_sr", sheet(i6=None)) == (None, "too_many_gaps")
    assert seen("qids_sr", sheet(i6=None, i7="9")) == (None, "unknown_answer")


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (5, "none"),
        (6, "mild"),
        (10, "mild"),
        (11, "moderate"),
        (15, "moderate"),
        (16, "severe"),
        (20, "severe"),
        (21, "very_severe"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    left, values = total, {}
    for item in ("1", "6", "15", "5", "10", "11", "12", "13", "14"):
        values[item] = str(min(3, left))
        left -= min(3, left)
    assert seen("qids_sr", scoring.given(NOTHING | values)) == (total, band)


def test_thoughts_of_death_fire_on_the_answer():
    form = instrument("qids_sr")
    assert scoring.critical(form, "12", "0") is None
    assert scoring.critical(form, "12", "1").action == "cssrs_now"


def test_a_gap_in_a_domain_leaves_no_total():
    assert seen("qids_sr", sheet(i2=None)) == (None, "too_many_gaps")
    assert seen("qids_sr", sheet(i12=None)) == (None, "too_many_gaps")
