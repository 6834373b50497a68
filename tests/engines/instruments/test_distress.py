"""CES-D (Radloff 1977), K6 and K10 (Kessler 2002, 2003)."""

import pytest

from footbridge.engines import scoring
from tests.engines.shelf import instrument, row

from .reading import all_of, reason, summing, total_and_band, without

CESD, K6, K10, K10_AU = (instrument(n) for n in ("ces_d", "k6", "k10", "k10_1_5"))
TURNED = ("4", "8", "12", "16")


def test_four_items_of_the_ces_d_are_turned_round():
    assert tuple(i.code for i in CESD.items if i.reversed) == TURNED
    assert total_and_band(CESD, all_of(20, "0")) == (12, "negative")
    assert total_and_band(CESD, all_of(20, "3")) == (48, "positive")
    happy = all_of(20, "0") | scoring.given(dict.fromkeys(TURNED, "3"))
    assert total_and_band(CESD, happy) == (0, "negative")
    low = all_of(20, "3") | scoring.given(dict.fromkeys(TURNED, "0"))
    assert total_and_band(CESD, low) == (60, "positive")


@pytest.mark.parametrize(("more", "total", "band"), [("1 1 1", 15, "negative"), ("1 1 2", 16, "positive")])
def test_ces_d_cut_off_16(more, total, band):
    answers = all_of(20, "0") | row(more)  # nothing but 12 points from the four turned items, and these
    assert total_and_band(CESD, answers) == (total, band)


@pytest.mark.parametrize("blank", [["1"], ["1", "4"]])
def test_ces_d_with_a_gap_has_no_score(blank):
    assert reason(CESD, without(all_of(20, "1"), *blank)) == "too_many_gaps"


@pytest.mark.parametrize(
    ("total", "band", "three"),
    [
        (0, "negative", "low"),
        (4, "negative", "low"),
        (5, "negative", "moderate"),
        (12, "negative", "moderate"),
        (13, "serious", "serious"),
        (24, "serious", "serious"),
    ],
)
def test_k6(total, band, three):
    answers = summing(6, total, 4)
    assert total_and_band(K6, answers) == (total, band)
    assert total_and_band(K6, answers, band_set="prochaska2012") == (total, three)


def test_k6_with_a_gap_has_no_score():
    assert reason(K6, row("4 4 4 4 4 -")) == "too_many_gaps"


@pytest.mark.parametrize("total", [0, 20, 40])
def test_k10_coded_0_to_4_has_no_bands_of_its_own(total):
    assert total_and_band(K10, summing(10, total, 4)) == (total, "")


@pytest.mark.parametrize(
    ("total", "band", "gp"),
    [
        (10, "low", "well"),
        (15, "low", "well"),
        (16, "moderate", "well"),
        (19, "moderate", "well"),
        (20, "moderate", "mild"),
        (21, "moderate", "mild"),
        (22, "high", "mild"),
        (24, "high", "mild"),
        (25, "high", "moderate"),
        (29, "high", "moderate"),
        (30, "very_high", "severe"),
        (50, "very_high", "severe"),
    ],
)
def test_k10_coded_1_to_5(total, band, gp):
    answers = summing(10, total, 5, lowest=1)
    assert total_and_band(K10_AU, answers) == (total, band)
    assert total_and_band(K10_AU, answers, band_set="gp") == (total, gp)


def test_the_two_k10_are_two_forms():
    here, there = K10.wordings["en"].items, K10_AU.wordings["en"].items
    assert here["8"].endswith("feel so depressed that nothing could cheer you up?")
    assert there["9"] == "In the past 4 weeks, about how often did you feel so sad that nothing could cheer you up?"
    assert not K10_AU.item("1").is_valid("0")
    assert not K10.item("1").is_valid("5")
    for form in (K6, K10, K10_AU):
        assert form.licence.wording_locked
        assert form.licence.attribution.startswith("© World Health Organization 2003")
        assert reason(form, {}) == "too_many_gaps"
