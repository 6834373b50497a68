"""Other programs, the nearest fitting first: level and age decide, nothing unknown counts against anybody."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.engines.elsewhere import Need, Place, ranked


def codes(need: Need, *places: Place) -> list[str]:
    return [one.place.code for one in ranked(need, places)]


def place(code: str, levels: set[str], **more: object) -> Place:
    sets = {name: frozenset(value) if isinstance(value, set) else value for name, value in more.items()}
    return Place(code, frozenset(levels), **sets)  # type: ignore[arg-type]


def test_a_program_that_does_not_give_the_level_is_no_fit():
    found = ranked(Need("php"), [place("near", {"iop"}, miles=1), place("far", {"php"}, miles=40)])
    assert [(one.place.code, one.possible) for one in found] == [("far", True), ("near", False)]
    assert found[1].misses == ("level",)


def test_age_decides_when_both_are_known():
    adults, young = place("a", {"iop"}, populations={"adult"}), place("b", {"iop"}, populations={"adolescent"})
    assert codes(Need("iop", population="adolescent"), adults, young) == ["b", "a"]
    assert all(one.possible for one in ranked(Need("iop"), [adults, young]))


def test_what_fits_better_comes_before_what_is_nearer():
    near, far = place("near", {"iop"}, languages={"en"}, miles=2), place("far", {"iop"}, languages={"es"}, miles=20)
    assert codes(Need("iop", language="es"), near, far) == ["far", "near"]


def test_an_interpreter_speaks_every_language_and_most_conditions_is_every_condition():
    one = ranked(Need("iop", frozenset({"psychosis"}), language="vi"), [place("a", {"iop"}, languages={"interpreter"}, conditions={"general"})])[0]
    assert one.fits == ("level", "condition", "language")


def test_somebody_without_insurance_is_taken_where_they_may_pay_little():
    free, dear = place("free", {"iop"}, sliding_fee=True), place("dear", {"iop"}, payers={"commercial"}, sliding_fee=False)
    found = ranked(Need("iop", payer="self_pay"), [dear, free])
    assert [one.place.code for one in found] == ["free", "dear"]
    assert found[0].fits == ("level", "payer")
    assert found[1].misses == ("payer",)


def test_what_nobody_knows_is_asked_for_and_not_held_against_them():
    one = ranked(Need("iop", frozenset({"mood"}), "adult", "en", "medicaid", "video"), [place("a", {"iop"})])[0]
    assert one.misses == ()
    assert one.unknown == ("population", "condition", "language", "payer", "mode")


def test_a_distance_nobody_measured_comes_after_a_measured_one_and_a_fresh_entry_before_a_stale_one():
    need = Need("iop")
    assert codes(need, place("a", {"iop"}), place("b", {"iop"}, miles=90)) == ["b", "a"]
    assert codes(need, place("a", {"iop"}, stale=True), place("b", {"iop"})) == ["b", "a"]
    assert codes(need, place("a", {"iop"}, wait_days=30), place("b", {"iop"}, wait_days=3)) == ["b", "a"]


LEVELS = ["outpatient", "iop", "php", "inpatient"]
some = st.frozensets(st.sampled_from(["x", "y", "z", "general", "interpreter"]), max_size=3)
places = st.lists(
    st.builds(
        Place, st.integers(0, 10**6).map(str), st.frozensets(st.sampled_from(LEVELS), min_size=1), some, some, some, some, some,
        st.sampled_from([None, True, False]), st.none() | st.integers(0, 500), st.none() | st.integers(0, 90), st.booleans(),
    ),
    max_size=8, unique_by=lambda one: one.code,
)  # fmt: skip
needs = st.builds(
    Need, st.sampled_from(["", *LEVELS]), some, st.sampled_from(["", "x"]), st.sampled_from(["", "x"]), st.sampled_from(["", "x", "self_pay"]), st.sampled_from(["", "x"])
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(needs, places)
def test_nobody_is_lost_the_possible_lead_and_everything_asked_is_answered(need, found):
    order = ranked(need, found)
    assert sorted(one.place.code for one in order) == sorted(one.code for one in found)
    possible = [one.possible for one in order]
    assert possible == sorted(possible, reverse=True)
    asked = {
        name for name, wanted in zip(
            ("level", "population", "condition", "language", "payer", "mode"),
            (need.level, need.population, need.conditions, need.language, need.payer, need.mode), strict=True,
        ) if wanted
    }  # fmt: skip
    for one in order:
        said = [*one.fits, *one.misses, *one.unknown]
        assert sorted(said) == sorted(asked)
    assert ranked(need, reversed(found)) == order
