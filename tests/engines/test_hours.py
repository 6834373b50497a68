from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge import data
from footbridge.engines.hours import (
    Basis,
    Convention,
    HoursRule,
    Service,
    as_pattern,
    check,
    count_week,
    in_force,
    into_weeks,
    rules,
)

MONDAY = date(2026, 11, 16)


def held(day, attended=None, documented=None, start="09:00", end="10:00"):
    on = MONDAY + timedelta(day)
    return Service.dated(
        on,
        time.fromisoformat(start),
        time.fromisoformat(end),
        "group",
        attended_minutes=attended,
        documented_minutes=documented,
    )


def test_scheduled_attended_and_documented_minutes_part():
    services = [held(0, 60, 60), held(2, 40, None), held(4, 0, 0)]
    assert count_week(services).therapeutic_minutes == 180
    attended = count_week(services, basis=Basis.ATTENDED)
    assert (attended.therapeutic_minutes, attended.service_days) == (100, 2)
    documented = count_week(services, basis=Basis.DOCUMENTED)
    assert (documented.therapeutic_minutes, documented.service_days) == (60, 1)


def test_a_gap_in_the_calendar_sees_the_neighbouring_weeks():
    services = [held(0), held(1), held(3)]  # Monday, Tuesday, Thursday
    assert count_week(services).longest_gap == 1
    assert count_week(services, after=MONDAY + timedelta(7)).longest_gap == 3
    assert count_week(services, before=MONDAY - timedelta(5)).longest_gap == 4
    assert count_week(as_pattern(services)).longest_gap == 3


def test_a_rule_counts_on_its_own_basis():
    rule = HoursRule("x", "x", basis=Basis.ATTENDED, week_min_hours=1)
    with pytest.raises(ValueError, match="counted by scheduled"):
        check(count_week([held(0)]), rule)
    assert check(count_week([held(0, 60)], basis=Basis.ATTENDED), rule).met


def test_weeks_of_a_calendar():
    weeks = into_weeks([held(0), held(6), held(7)])
    assert list(weeks) == [MONDAY, MONDAY + timedelta(7)]
    assert list(into_weeks([held(6), held(7)], week_starts=6)) == [MONDAY + timedelta(6)]
    with pytest.raises(ValueError):
        into_weeks(as_pattern([held(0)]))
    with pytest.raises(ValueError):
        count_week([held(0), held(7)])
    with pytest.raises(ValueError):
        count_week([held(0), *as_pattern([held(1)])])


def test_shipped_rules_load_each_with_source_and_mark_and_date():
    shipped = rules(data.parsed("hours_rules"))
    assert len({r.code for r in shipped}) == len(shipped)
    for rule in shipped:
        assert rule.source
        assert rule.mark in ("V", "V2", "K", "U")
        assert rule.effective_from
        assert rule.population in ("adult", "adolescent")
    assert in_force(shipped, "medicare_iop", date(2023, 12, 31)) is None
    assert in_force(shipped, "medicare_iop", date(2024, 1, 1)).week_min_hours == 9
    assert in_force(shipped, "nc_saiop", date(2026, 6, 1)).max_days_off == 2


def test_a_wrong_rule_is_named():
    with pytest.raises(ValueError, match="hours rule bad"):
        rules({"rules": [{"code": "bad", "name": "x", "week_minimum": 9}]})


minutes = st.integers(0, 23 * 60)


@given(st.lists(st.tuples(st.integers(0, 6), minutes, st.integers(5, 55)), min_size=1, max_size=12))
def test_the_three_conventions_agree_with_a_minute_by_minute_count(slots):
    services = [
        Service(day, time(start // 60, start % 60), time((start + length) // 60 % 24, (start + length) % 60), "g")
        for day, start, length in slots
        if start + length < 24 * 60
    ]
    week = count_week(services)
    marked = {(s.weekday, m) for s in services for m in range(_m(s.start), _m(s.end))}
    assert week.therapeutic_minutes == len(marked)
    clock = 0
    for day in range(7):
        inside = sorted(m for d, m in marked if d == day)
        clock += len(inside) + sum(b - a - 1 for a, b in pairwise(inside) if b - a - 1 <= 30)
    assert week.clock_minutes == clock
    off = [d not in {s.weekday for s in services} for d in range(7)] * 2
    longest = run = 0
    for free in off:
        run = run + 1 if free else 0
        longest = max(longest, min(run, 7))
    assert week.longest_gap == longest
    assert week.hours(Convention.FIFTY_MINUTE) >= week.hours(Convention.THERAPEUTIC)


def _m(at):
    return at.hour * 60 + at.minute
