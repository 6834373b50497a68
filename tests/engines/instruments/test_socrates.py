"""SOCRATES 8D and 8A (Miller and Tonigan 1996): 19 items 1 to 5, three scales, no total and no bands."""

import pytest

from footbridge.engines.scoring import Scored, given, score
from tests.engines.shelf import instrument

from .reading import all_of, reason, without

FORMS = ["socrates", "socrates_8a"]
RECOGNITION = ("1", "3", "7", "10", "12", "15", "17")
AMBIVALENCE = ("2", "6", "11", "16")
TAKING_STEPS = ("4", "5", "8", "9", "13", "14", "18", "19")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("scale", "items", "low", "high"),
    [
        ("recognition", RECOGNITION, 7, 35),
        ("ambivalence", AMBIVALENCE, 4, 20),
        ("taking_steps", TAKING_STEPS, 8, 40),
    ],
)
def test_each_scale_sums_its_items_alone(name, scale, items, low, high):
    form = instrument(name)
    assert score(form, all_of(19, "1"), scale).value == low
    assert score(form, all_of(19, "5"), scale).value == high
    only = all_of(19, "1") | given(dict.fromkeys(items, "5"))
    assert score(form, only, scale).value == high
    result = score(form, only, scale)
    assert isinstance(result, Scored)
    assert (result.band, result.band_withheld) == (None, "no_bands")


def test_every_item_is_in_exactly_one_scale():
    assert sorted([*RECOGNITION, *AMBIVALENCE, *TAKING_STEPS], key=int) == [str(n) for n in range(1, 20)]


@pytest.mark.parametrize("name", FORMS)
def test_a_gap_costs_its_own_scale(name):
    form = instrument(name)
    answers = without(all_of(19, "3"), "2")
    assert reason(form, answers, "ambivalence") == "too_many_gaps"
    assert score(form, answers, "recognition").value == 21
    assert score(form, answers, "taking_steps").value == 24
    assert reason(form, all_of(19, "0"), "recognition") == "unknown_answer"


def test_one_asks_about_drugs_and_the_other_about_drinking():
    drugs, drinking = (instrument(name).wordings["en"].items for name in FORMS)
    assert drugs["7"] == "I have a drug problem."
    assert drinking["7"] == "I am a problem drinker."
    assert instrument("socrates").id != instrument("socrates_8a").id  # one line of scores never mixes them
