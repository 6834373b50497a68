"""PC-PTSD-5 (Prins 2016), LEC-5 and ACE (Felitti 1998)."""

import pytest

from footbridge.engines import scoring
from footbridge.engines.scoring import State, answered, given, settle, still_to_ask
from tests.engines.shelf import instrument

from .reading import reason, total_and_band, without

PTSD, LEC, ACE = instrument("pc_ptsd_5"), instrument("lec5"), instrument("ace")


def symptoms(yes: int) -> dict[str, scoring.Answer]:
    return given({"exposure": "yes"} | {str(n): "yes" if n <= yes else "no" for n in range(1, 6)})


@pytest.mark.parametrize(
    ("yes", "at4", "at3"),
    [
        (0, "negative", "negative"),
        (2, "negative", "negative"),
        (3, "negative", "positive"),
        (4, "positive", "positive"),
        (5, "positive", "positive"),
    ],
)
def test_pc_ptsd_5(yes, at4, at3):
    assert total_and_band(PTSD, symptoms(yes)) == (yes, at4)
    assert total_and_band(PTSD, symptoms(yes), band_set="cut3") == (yes, at3)


def test_no_exposure_ends_the_screen_with_nought():
    answers = given({"exposure": "no"})
    assert still_to_ask(PTSD, answers) == ()
    assert {settle(PTSD, answers)[str(n)].state for n in range(1, 6)} == {State.NOT_ASKED}
    assert total_and_band(PTSD, answers) == (0, "negative")


def test_a_blank_exposure_is_not_a_no():
    assert still_to_ask(PTSD, {}) == ("exposure", "1", "2", "3", "4", "5")
    assert reason(PTSD, {}) == "too_many_gaps"


def test_a_gap_among_the_five_leaves_it_unscored():
    assert reason(PTSD, without(symptoms(5), "5")) == "too_many_gaps"
    assert reason(PTSD, without(symptoms(5), "1", "2")) == "too_many_gaps"


def test_lec5_takes_several_answers_to_a_line_and_has_no_score():
    item = LEC.item("3")
    assert LEC.scores == ()
    assert item.is_valid("happened,witnessed") and item.is_valid(["happened", "job"]) and item.is_valid("none")
    for wrong in ("", "often", "happened,often", "happened,happened", ["happened", True]):
        assert not item.is_valid(wrong), wrong
    assert item.points("happened") is None
    assert scoring.score_all(LEC, {"3": answered("happened,job")}) == ()
    assert LEC.wordings["en"].said(item, "happened,job") == "Happened to me; Part of my job"
    assert len(LEC.items) == 17


def test_an_item_of_several_answers_is_never_scored_and_needs_its_choices():
    parsed = {
        "id": "x",
        "edition": "1",
        "name": "X",
        "licence": {"class": "A", "owner": "us", "basis": "ours"},
        "choice_sets": {"which": [{"code": "a", "points": 1}, {"code": "b", "points": 2}]},
        "items": [{"code": "1", "kind": "several", "choices": "which"}],
    }
    assert scoring.definition(parsed).item("1").points("a,b") is None
    with pytest.raises(scoring.DefinitionError, match="never scored"):
        scoring.definition(parsed | {"scores": [{"id": "t", "method": "sum", "items": ["1"]}]})
    with pytest.raises(scoring.DefinitionError, match="choice set"):
        scoring.definition(parsed | {"items": [{"code": "1", "kind": "several", "choices": "nowhere"}]})
    with pytest.raises(scoring.DefinitionError, match="kind is"):
        scoring.definition(parsed | {"items": [{"code": "1", "kind": "grid", "choices": "which"}]})


def test_one_of_several_answers_can_be_critical():
    parsed = {
        "id": "x",
        "edition": "1",
        "name": "X",
        "licence": {"class": "A", "owner": "us", "basis": "ours"},
        "choice_sets": {"which": [{"code": "a"}, {"code": "b"}]},
        "items": [{"code": "1", "kind": "several", "choices": "which"}],
        "critical": [{"item": "1", "answers": ["b"], "severity": "session", "action": "read"}],
    }
    form = scoring.definition(parsed)
    assert scoring.critical(form, "1", "a") is None
    assert scoring.critical(form, "1", "a,b").action == "read"


def aces(yes: int) -> dict[str, scoring.Answer]:
    return given({str(n): "yes" if n <= yes else "no" for n in range(1, 11)})


@pytest.mark.parametrize("yes", [0, 3, 4, 10])
def test_ace_counts_the_yes_answers_and_bands_nobody(yes):
    assert total_and_band(ACE, aces(yes)) == (yes, "")
    assert total_and_band(ACE, aces(yes), band_set="four_or_more") == (
        yes,
        "",
    )  # mark K: kept in the file, drawn nowhere


def test_ace_with_a_gap_has_no_score():
    assert reason(ACE, without(aces(4), "10")) == "too_many_gaps"
    assert ACE.change == ()


@pytest.mark.parametrize("item", ["1", "2", "3", "4", "5", "7"])
def test_a_clinician_reads_what_is_told_even_on_a_form_with_gaps(item):
    results = scoring.score_all(ACE, given({item: "yes"}))
    assert [t.action for t in scoring.triggers(ACE, *results)] == ["clinician_reads"]


def test_other_hardships_of_childhood_set_nothing_off():
    results = scoring.score_all(ACE, aces(0) | given({"6": "yes", "8": "yes", "9": "yes", "10": "yes"}))
    assert scoring.triggers(ACE, *results) == ()
    assert int(results[0].value) == 4
