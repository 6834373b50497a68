"""AUDIT-C (Bush 1998): 3 for women, 4 for men, 5 for the VA reminder. Nobody's sex is guessed."""

import pytest

from footbridge.engines.scoring import checks, readings, score, still_to_ask
from tests.engines.shelf import instrument, row

from .reading import reason

AUDIT_C = instrument("audit_c")


@pytest.mark.parametrize(
    ("answers", "total", "women", "men", "va"),
    [
        ("1 0 0", 1, "negative", "negative", "negative"),
        ("2 0 0", 2, "negative", "negative", "negative"),
        ("1 1 1", 3, "positive", "negative", "negative"),
        ("2 1 1", 4, "positive", "positive", "negative"),
        ("2 2 1", 5, "positive", "positive", "positive"),
        ("4 4 4", 12, "positive", "positive", "positive"),
    ],
)
def test_every_cut_off_is_read_and_none_is_chosen(answers, total, women, men, va):
    result = score(AUDIT_C, row(answers))
    assert (result.value, result.band, result.band_withheld) == (total, None, "no_bands")
    read = {s.id: b.code for s, b in readings(AUDIT_C, result)}
    assert read == {"women3": women, "men4": men, "va5": va}
    assert {s.applies_to for s, _ in readings(AUDIT_C, result)} == {"female", "male", ""}


def test_who_never_drinks_is_asked_nothing_more_and_has_0():
    assert still_to_ask(AUDIT_C, row("0")) == ()
    assert score(AUDIT_C, row("0")).value == 0
    assert reason(AUDIT_C, row("1 1")) == "too_many_gaps"


@pytest.mark.parametrize(
    ("answers", "odd"), [("3 0 0", True), ("4 0 0", True), ("2 0 0", False), ("3 1 0", False), ("3 0", False)]
)
def test_all_points_from_the_first_question_may_be_light_drinking(answers, odd):
    assert [c.code for c in checks(AUDIT_C, row(answers))] == (["light_drinking"] if odd else [])


def test_the_check_speaks_spanish():
    (one,) = checks(AUDIT_C, row("4 0 0"), language="es")
    assert one.sentence.startswith("Todos los puntos")
    assert score(AUDIT_C, row("4 0 0")).value == 4  # and changes nothing


def test_its_items_are_those_of_the_audit():
    audit = instrument("audit")
    for language in ("en", "es"):
        for item in ("1", "2", "3"):
            assert AUDIT_C.wordings[language].items[item] == audit.wordings[language].items[item]
