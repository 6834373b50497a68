"""GAD-2 and GAD-7. Spitzer 2006, Kroenke 2007; NHS Talking Therapies; VA."""

import pytest

from footbridge.engines import progress
from tests.engines.shelf import instrument, row

from .reading import reason, summing, total_and_band

GAD2, GAD7 = instrument("gad2"), instrument("gad7")


@pytest.mark.parametrize(("total", "band"), [(0, "negative"), (2, "negative"), (3, "positive"), (6, "positive")])
def test_gad2(total, band):
    assert total_and_band(GAD2, summing(2, total, 3)) == (total, band)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "severe"),
        (21, "severe"),
    ],
)
def test_gad7_bands(total, band):
    assert total_and_band(GAD7, summing(7, total, 3)) == (total, band)


@pytest.mark.parametrize(
    ("bands", "below", "from_here"),
    [("screen10", 9, 10), ("iapt8", 7, 8)],
)
def test_named_cut_offs_of_the_gad7(bands, below, from_here):
    assert total_and_band(GAD7, summing(7, below, 3), band_set=bands)[1] == "negative"
    assert total_and_band(GAD7, summing(7, from_here, 3), band_set=bands)[1] == "positive"


@pytest.mark.parametrize(("total", "band"), [(9, "below"), (10, "evaluate"), (14, "evaluate"), (15, "significant")])
def test_gad7_as_the_va_reads_it(total, band):
    assert total_and_band(GAD7, summing(7, total, 3), band_set="va")[1] == band


def test_gad7_with_one_gap_has_no_score():
    assert reason(GAD7, row("3 3 3 3 3 3 -")) == "too_many_gaps"
    assert reason(GAD2, row("- 3")) == "too_many_gaps"


def test_gad7_change_is_four_points_and_a_case_begins_at_eight():
    rule = GAD7.change_rule("total")
    assert (rule.reliable, rule.case_from, rule.remission_below, rule.response_percent) == (4, 8, 5, 50)
    assert progress.change(12, 8, rule).direction == "improved"
    assert progress.change(12, 9, rule).direction == "none"
    assert progress.change(8, 12, rule).direction == "worse"
