"""MDQ: seven of thirteen, at the same time, and a moderate or serious problem."""

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, seen
from tests.engines.shelf import instrument


def screen(yes: int, same_time: str | None = "yes", problem: str | None = "3") -> dict[str, scoring.Answer]:
    answers = {f"1_{n}": scoring.answered("yes" if n <= yes else "no") for n in range(1, 14)}
    return answers | {"2": scoring.answered(same_time), "3": scoring.answered(problem)}


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        (screen(13), "positive"),
        (screen(7, "yes", "2"), "positive"),
        (screen(6, "yes", "3"), "negative"),
        (screen(13, "no", "3"), "negative"),
        (screen(13, "yes", "1"), "negative"),
        (screen(0, "no", "0"), "negative"),
    ],
)
def test_all_three_conditions_must_hold(answers, band):
    found = result("mdq", answers)
    assert (found.outcome, found.band.code) == (band, band)


def test_a_blank_decides_only_where_it_could_not_turn_the_rule():
    assert seen("mdq", screen(6, None, None)) == (0, "negative")  # six are too few whatever the rest
    assert seen("mdq", screen(7, None, "3")) == (None, "cannot_tell")
    assert seen("mdq", screen(7, "yes", None)) == (None, "cannot_tell")
    assert seen("mdq", screen(6) | {"1_13": scoring.UNANSWERED}) == (None, "cannot_tell")


def test_a_positive_screen_goes_to_the_prescriber_and_is_no_diagnosis():
    form = instrument("mdq")
    fired = scoring.triggers(form, *scoring.score_all(form, screen(7)))
    assert [(t.action, t.severity, t.mark) for t in fired] == [("call_prescriber", "session", "K")]
    assert scoring.triggers(form, *scoring.score_all(form, screen(6))) == ()
