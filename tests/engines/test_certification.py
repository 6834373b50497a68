"""A physician certifies at admission and again at most every 60 days (42 CFR 424.24(d)); a warning at 45."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from footbridge.data import parsed
from footbridge.engines import certification
from footbridge.engines.certification import Gap, State

RULE = certification.rules(parsed("certification"))[0]
ADMITTED = date(2026, 11, 2)


def on(day: int) -> date:
    return ADMITTED + timedelta(days=day)


def standing(certified: list[int], today: int):
    return certification.standing(RULE, ADMITTED, [on(day) for day in certified], on(today))


def test_the_numbers_of_the_rule() -> None:
    assert (RULE.least_hours, RULE.most_days, RULE.warn_days) == (9, 60, 45)
    assert RULE.signers == {"MD", "DO"} and RULE.sources and RULE.mark == "K"


def test_missing_from_the_day_of_admission() -> None:
    found = standing([], 3)
    assert found.state is State.MISSING and found.until is None and found.gaps == (Gap(on(0), on(3)),)


def test_it_holds_60_days_warns_at_45_and_lapses_on_the_61st() -> None:
    assert standing([0], 44).state is State.HOLDS
    assert standing([0], 45).state is State.DUE and standing([0], 60).state is State.DUE
    assert standing([0], 60).until == on(60) and standing([0], 60).gaps == ()
    lapsed = standing([0], 61)
    assert lapsed.state is State.LAPSED and lapsed.since == on(61) and lapsed.gaps == (Gap(on(61), on(61)),)


def test_days_without_one_stay_known_after_it_is_mended() -> None:
    found = standing([2, 70], 75)
    assert found.state is State.HOLDS and found.gaps == (Gap(on(0), on(1)), Gap(on(63), on(69)))


def test_one_given_before_the_admission_counts_from_its_own_day() -> None:
    assert standing([-5], 50).until == on(55)
    assert standing([-5], 56).state is State.LAPSED


@given(st.lists(st.integers(-30, 200), max_size=6), st.integers(0, 260))
def test_every_day_is_either_certified_or_in_a_gap(certified, today) -> None:
    found = standing(certified, today)
    given_ = [day for day in certified if day <= today]
    for day in range(today + 1):
        holds = any(c <= day <= c + RULE.most_days for c in given_)
        in_gap = any(gap.first <= on(day) <= gap.last for gap in found.gaps)
        assert holds is not in_gap, day
