"""DSM-5 Level 1: thirteen domains, each its highest answer; three of them are followed up from 1."""

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import same, seen
from tests.engines.shelf import instrument, row

FROM_1 = {"suicidal_ideation", "psychosis", "substance_use"}


def test_the_domains_hold_23_items_once_each():
    form = instrument("dsm5_level1")
    codes = [code for rule in form.scores for code in rule.items]
    assert codes == [str(n) for n in range(1, 24)]
    assert len(form.scores) == 13


@pytest.mark.parametrize("domain", [rule.id for rule in instrument("dsm5_level1").scores])
def test_the_highest_answer_counts_and_both_sides_of_the_threshold(domain):
    cut = 1 if domain in FROM_1 else 2
    last = instrument("dsm5_level1").score_rule(domain).items[-1]
    for value in range(5):
        answers = same("dsm5_level1", "0") | {last: scoring.answered(str(value))}
        assert seen("dsm5_level1", answers, domain) == (value, "follow_up" if value >= cut else "below")


def test_a_gap_asks_again_in_its_domain_only():
    answers = same("dsm5_level1", "0", i2=None)
    assert seen("dsm5_level1", answers, "depression") == (None, "too_many_gaps")
    assert seen("dsm5_level1", answers, "anger") == (0, "below")


def test_thoughts_of_suicide_fire_on_the_answer_from_1_on():
    form = instrument("dsm5_level1")
    assert scoring.critical(form, "11", "0") is None
    for value in "1234":
        fired = scoring.critical(form, "11", value)
        assert (fired.severity, fired.action) == ("same_day", "cssrs_now")
    assert scoring.critical(form, "12", "1").action == "call_prescriber"
    assert [c.item for c in scoring.criticals(form, row("- - - - - - - - - - 1 2 1"))] == ["11", "12", "13"]
