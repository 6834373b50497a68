"""AUDIT, interview version (WHO 2001): 0/2/4 in the last two, two skips, WHO and US zones."""

import pytest

from footbridge.engines import scoring
from footbridge.engines.scoring import State, readings, score, settle, still_to_ask, triggers
from tests.engines.shelf import instrument, row

from .reading import reason, total_and_band, without

AUDIT = instrument("audit")


@pytest.mark.parametrize(
    ("answers", "total", "zone"),
    [
        ("0 0 0 0 0 0 0 0 0 0", 0, "zone_1"),
        ("2 1 1 1 1 1 0 0 0 0", 7, "zone_1"),
        ("2 1 1 1 1 1 1 0 0 0", 8, "zone_2"),
        ("4 2 2 1 1 1 0 0 2 2", 15, "zone_2"),
        ("4 2 2 1 1 1 1 0 2 2", 16, "zone_3"),
        ("4 3 3 1 1 1 1 1 2 2", 19, "zone_3"),
        ("4 3 3 2 1 1 1 1 2 2", 20, "zone_4"),
        ("4 4 4 4 4 4 4 4 4 4", 40, "zone_4"),
    ],
)
def test_total_and_who_zones(answers, total, zone):
    assert total_and_band(AUDIT, row(answers)) == (total, zone)


@pytest.mark.parametrize("item", ["9", "10"])
@pytest.mark.parametrize("value", ["1", "3"])
def test_the_last_two_know_0_2_and_4_only(item, value):
    answers = row("1 1 1 0 0 0 0 0 0 0") | scoring.given({item: value})
    assert reason(AUDIT, answers) == "unknown_answer"


def test_who_never_drinks_is_asked_the_last_two():
    assert still_to_ask(AUDIT, row("0")) == ("9", "10")
    never = scoring.given({"1": "0", "9": "0", "10": "2"})
    assert total_and_band(AUDIT, never) == (2, "zone_1")
    assert settle(AUDIT, never)["5"].state is State.NOT_ASKED


def test_no_points_in_2_and_3_go_on_to_9():
    assert still_to_ask(AUDIT, row("3 0 0")) == ("9", "10")
    assert total_and_band(AUDIT, row("3 0 0") | scoring.given({"9": "4", "10": "4"})) == (11, "zone_2")


@pytest.mark.parametrize("answers", ["3 1 0", "3 0 1", "3 0", "3 - 0", "3 0 d"])
def test_one_point_or_a_blank_in_2_or_3_keeps_4_to_8_open(answers):
    assert "4" in still_to_ask(AUDIT, row(answers))


def test_a_gap_leaves_the_total_unscored_and_the_whole_subscales_scored():
    answers = without(row("2 1 1 1 1 1 1 1 2 2"), "9")
    assert reason(AUDIT, answers) == "too_many_gaps"
    assert reason(AUDIT, answers, "harm") == "too_many_gaps"
    assert total_and_band(AUDIT, answers, "intake") == (4, "")
    assert total_and_band(AUDIT, answers, "dependence") == (3, "")


@pytest.mark.parametrize(
    ("answers", "women", "men"),
    [
        ("1 1 1 0 0 0 0 0 0 0", "zone_1", "zone_1"),  # 3
        ("1 1 2 0 0 0 0 0 0 0", "zone_2", "zone_1"),  # 4
        ("1 1 3 0 0 0 0 0 0 0", "zone_2", "zone_2"),  # 5
        ("4 4 4 0 0 0 0 0 0 0", "zone_2", "zone_2"),  # 12
        ("4 4 4 1 0 0 0 0 0 0", "zone_3", "zone_2"),  # 13
        ("4 4 4 1 1 0 0 0 0 0", "zone_3", "zone_2"),  # 14
        ("4 4 4 1 1 1 0 0 0 0", "zone_3", "zone_3"),  # 15
        ("4 4 4 4 3 0 0 0 0 0", "zone_3", "zone_3"),  # 19
        ("4 4 4 4 4 0 0 0 0 0", "zone_4", "zone_4"),  # 20
    ],
)
def test_us_zones_differ_by_sex_and_both_are_read(answers, women, men):
    found = {s.applies_to: b.code for s, b in readings(AUDIT, score(AUDIT, row(answers))) if s.applies_to}
    assert found == {"female": women, "male": men}


def test_zone_iv_is_for_the_next_session():
    (one,) = triggers(AUDIT, score(AUDIT, row("4 3 3 2 1 1 1 1 2 2")))
    assert (one.code, one.severity, one.action, one.mark) == ("zone_4", "session", "review_next_session", "V")
    assert triggers(AUDIT, score(AUDIT, row("4 3 3 1 1 1 1 1 2 2"))) == ()


def test_no_change_is_called_reliable():
    assert AUDIT.change == ()


def test_the_text_is_locked_and_says_whose_it_is():
    assert AUDIT.licence.wording_locked
    assert "World Health Organization" in AUDIT.licence.attribution
    assert "Not for sale" in AUDIT.licence.attribution
    assert not AUDIT.wordings["es"].verified_by  # waits for a person
