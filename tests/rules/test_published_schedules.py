"""Two published programs, counted.

The Matrix manual's schedule and the UCSF Langley Porter day programs are held as facts in the project's own format.
Their sessions, minutes, days and gaps must come out exactly as published, under each of the three ways of counting
hours, and each rule must say what it should.
"""

from datetime import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from footbridge import data
from footbridge.engines.hours import Convention, Floating, HoursRule, Service, check, count_week
from footbridge.ground.program import format as program_format
from footbridge.ground.program.format import DAYS

FACTS = YAML(typ="safe").load((Path(__file__).parent / "published_schedules.yaml").read_text(encoding="utf-8"))
PROGRAMS = {
    name: program_format.read(data.text(f"programs/{name}")) for name in ("matrix", "ucsf_langley", "riverside")
}

# name in the facts → the rule that asks it
RULES = {
    "weekly_9h_by_therapeutic_minutes": HoursRule("t9", "9 h", convention=Convention.THERAPEUTIC, week_min_hours=9),
    "weekly_9h_by_clock_minutes": HoursRule("c9", "9 h", convention=Convention.CLOCK, week_min_hours=9),
    "weekly_9h_by_fifty_minute_hours": HoursRule("f9", "9 h", convention=Convention.FIFTY_MINUTE, week_min_hours=9),
    "adolescent_6h_by_therapeutic_minutes": HoursRule("a6", "6 h", population="adolescent", week_min_hours=6),
    "every_service_day_at_least_3h_by_clock": HoursRule(
        "d3", "3 h a day", convention=Convention.CLOCK, day_min_hours=3
    ),
    "every_service_day_at_least_3h_by_fifty_minute_hours": HoursRule(
        "df3", "3 h a day", convention=Convention.FIFTY_MINUTE, day_min_hours=3
    ),
    "at_least_3_service_days": HoursRule("3d", "3 days", min_days=3),
    "no_more_than_2_consecutive_days_off": HoursRule("g2", "2 days off", max_days_off=2),
    "week_not_over_19h_by_clock": HoursRule("m19", "19 h", convention=Convention.CLOCK, week_max_hours=19),
}


def weeks_in(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


@pytest.mark.parametrize("fact", FACTS["expected"], ids=lambda f: f"{f['program']}-{f['track']}-{f['weeks']}")
def test_every_published_count_and_rule_comes_out(fact):
    for number in weeks_in(fact["weeks"]):
        week = program_format.week_of(PROGRAMS[fact["program"]], fact["track"], number)
        found = {
            DAYS[d.weekday]: [d.services, d.therapeutic_minutes, d.clock_minutes, d.fifty_minute_hours]
            for d in week.days
        }
        assert found == fact["per_day"]
        assert week.therapeutic_minutes == fact["week_therapeutic_minutes"]
        assert week.clock_minutes == fact["week_clock_minutes"]
        assert week.fifty_minute_hours == fact["week_fifty_minute_hours"]
        assert week.floating_minutes == fact["floating_minutes"]
        assert week.longest_gap == fact["longest_run_of_days_without_service"]
        assert set(fact["rules"]) == set(RULES)
        for name, met in fact["rules"].items():
            assert check(week, RULES[name]).met is met, (number, name)


def test_every_matrix_session_stands_where_the_manual_puts_it():
    short = {
        "early_recovery_skills": "ERS",
        "relapse_prevention": "RP",
        "family_education": "FE",
        "social_support": "SS",
    }
    planned = program_format.sessions(PROGRAMS["matrix"])
    for week in FACTS["matrix_weeks"]:
        found = [
            [
                DAYS[s.weekday],
                f"{s.start:%H:%M}",
                f"{s.end:%H:%M}",
                s.type,
                f"{short[s.type]} {s.lesson.number}: {s.lesson.title}",
            ]
            for s in planned
            if s.week == week["week"]
        ]
        assert found == week["slots"]


def test_matrix_totals():
    planned = program_format.sessions(PROGRAMS["matrix"])
    assert len(planned) == 88
    assert sum(1 for s in planned if s.week <= 16) == 56
    assert [len(c.all_lessons) for c in PROGRAMS["matrix"].curricula] == [8, 32, 12, 36]


@pytest.mark.parametrize(
    ("week", "with_individual", "short"),
    [(1, False, 170), (1, True, 120), (2, True, 170), (5, False, 270), (16, False, 270)],
)
def test_matrix_falls_short_of_nine_hours_by_exactly_this_much(week, with_individual, short):
    counted = program_format.week_of(PROGRAMS["matrix"], "evening", week, with_individual=with_individual)
    verdict = check(counted, RULES["weekly_9h_by_therapeutic_minutes"])
    assert not verdict.met
    assert verdict.short_by_minutes == short


@pytest.mark.parametrize("name", PROGRAMS)
def test_shipped_programs_come_to_their_published_counts(name):
    assert program_format.compare_with_published(PROGRAMS[name]) == ()


@pytest.mark.parametrize("track", ["morning", "afternoon", "evening"])
def test_the_demo_program_reaches_its_hours_on_every_track(track):
    week = program_format.week_of(PROGRAMS["riverside"], track, 1)
    assert week.therapeutic_minutes == 585
    assert check(week, RULES["weekly_9h_by_therapeutic_minutes"]).met
    assert check(week, RULES["at_least_3_service_days"]).met


# --- conventions
# -------------------------------------------------------------------------------------------------------------------


def at(day, start, end, **more):
    return Service(day, time.fromisoformat(start), time.fromisoformat(end), "group", **more)


@pytest.mark.parametrize(
    ("gap_minutes", "clock"), [(10, 110), (30, 130), (31, 100), (60, 100)], ids=["10", "30 counts", "31 does not", "60"]
)
def test_breaks_up_to_thirty_minutes_count_by_the_clock(gap_minutes, clock):
    second = 9 * 60 + 50 + gap_minutes
    hour = f"{second // 60:02}:{second % 60:02}"
    end = f"{(second + 50) // 60:02}:{(second + 50) % 60:02}"
    week = count_week([at(0, "09:00", "09:50"), at(0, hour, end)])
    assert (week.therapeutic_minutes, week.clock_minutes) == (100, clock)


def test_what_no_payer_counts_makes_no_service_day():
    week = count_week([at(0, "09:00", "10:00"), at(5, "09:00", "10:00", counts=False)])
    assert (week.service_days, week.longest_gap) == (1, 6)


def test_a_minute_in_two_services_at_once_is_one_minute():
    assert count_week([at(0, "09:00", "10:00"), at(0, "09:30", "10:30")]).therapeutic_minutes == 90


def test_an_empty_week_is_seven_days_without_service():
    week = count_week([], [Floating("individual", 50)])
    assert (week.longest_gap, week.service_days, week.therapeutic_minutes) == (7, 0, 50)
    assert not check(week, RULES["every_service_day_at_least_3h_by_clock"]).met


def test_the_sentence_names_what_is_missing():
    week = program_format.week_of(PROGRAMS["matrix"], "evening", 1)
    verdict = check(week, RULES["weekly_9h_by_therapeutic_minutes"])
    assert verdict.unmet[0].sentence == "6 h 10 min this week; at least 9 h, 2 h 50 min short."
    fifty = check(week, RULES["weekly_9h_by_fifty_minute_hours"])
    assert fifty.unmet[0].sentence.startswith("7.4 hours of 50 minutes this week; at least 9 hours of 50 minutes")
