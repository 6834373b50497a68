"""How likely two records are of one person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.engines.same_person import Facts, likeness, names

BORN = date(1994, 5, 17)
ANA = Facts(("Ana Soto",), BORN, "+13125550100", "ana@example.org")


@pytest.mark.parametrize(
    ("other", "score", "reasons"),
    [
        (ANA, 100, ("same_name", "same_birth_date", "same_phone", "same_email")),
        (Facts(("Soto, Ana", "Soto Ana"), BORN), 80, ("same_name", "same_birth_date")),
        (Facts(("Anna Soto",), BORN), 75, ("alike_name", "same_birth_date")),
        (Facts(("Ana Soto",)), 45, ("same_name",)),
        (Facts(("Ana Soto",), date(1994, 5, 11)), 65, ("same_name", "near_birth_date")),
        (Facts(("Ana Soto",), date(1980, 1, 2)), 5, ("same_name", "other_birth_date")),
        (Facts(("Flo Soto",), None, "+13125550100"), 30, ("same_phone",)),
        (Facts(("Max Weber",), BORN), 35, ("same_birth_date",)),
        (Facts(("Max Weber",)), 0, ()),
    ],
)
def test_score_and_reasons(other: Facts, score: int, reasons: tuple[str, ...]) -> None:
    found = likeness(ANA, other)
    assert (found.score, found.reasons) == (score, reasons)


def test_a_shared_phone_or_birth_date_alone_shows_nobody() -> None:
    assert not likeness(ANA, Facts(("Flo Soto",), None, "+13125550100")).worth_showing
    assert not likeness(ANA, Facts(("Max Weber",), BORN)).worth_showing


def test_day_and_month_changed_round_is_a_slip() -> None:
    assert "near_birth_date" in likeness(Facts(("A",), date(1990, 3, 4)), Facts(("B",), date(1990, 4, 3))).reasons


FACTS = st.builds(
    Facts,
    st.tuples(st.sampled_from(["Ana Soto", "Anna Soto", "Soto Ana", "Max", "", "Ünal Öz"])),
    st.none() | st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    st.sampled_from(["", "+13125550100"]),
    st.sampled_from(["", "a@example.org"]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FACTS, FACTS)
def test_it_is_symmetric_and_within_bounds(one: Facts, other: Facts) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other).score <= 100


def test_a_first_name_alone_is_nobody_and_a_name_used_goes_with_the_last_name() -> None:
    assert names("Robert Soto", "Bob") == ("Robert Soto", "Bob Soto") and names("", "Bob") == ("Bob",)
    assert names("Ana Soto", "Ana") == ("Ana Soto",) and names("Ana Soto", "Ana Soto") == ("Ana Soto",)
    assert likeness(Facts(names("Robert Soto", "Bob")), Facts(names("", "Bob Soto"))).reasons == ("same_name",)
    assert likeness(Facts(names("Ana Soto", "Ana")), Facts(names("", "Ana"))).reasons == ()
