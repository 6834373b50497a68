from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.engines.standing import EpisodeFacts, Hold, Stage, StandingRules, codes, english, review_due, standing

DAY = date(2026, 3, 2)


def d(days):
    return DAY + timedelta(days)


WAY = EpisodeFacts(
    inquired_on=d(0),
    contacted_on=d(1),
    screened_on=d(3),
    placed_on=d(4),
    placed_level="iop",
    admitted_on=d(6),
    plan_signed_on=d(7),
    timetable_published_on=d(8),
    first_attended_on=d(9),
    last_attended_on=d(60),
    holds=(Hold(d(30), d(37), "flu"),),
    review_due_on=d(38),
    discharged_on=d(64),
    follow_up_due_on=d(71),
    aftercare_ended_on=d(160),
)


@pytest.mark.parametrize(
    ("day", "stage", "sentence"),
    [
        (-1, "none", "Nothing on record."),
        (0, "inquiry", "Asked for help on 2026-03-02; waiting 0 days for an answer."),
        (2, "screening", "Reached on 2026-03-03; screening comes next."),
        (3, "placement", "Screened on 2026-03-05; the level of care is to be decided."),
        (5, "admission", "Placed (iop) on 2026-03-06; admission comes next."),
        (6, "plan", "Admitted on 2026-03-08; the plan is to be signed."),
        (7, "timetable", "Plan signed on 2026-03-09; the timetable is to be made."),
        (8, "first_day", "Ready since 2026-03-10; the first day comes next."),
        (9, "in_care", "In care since 2026-03-11, week 1."),
        (30, "on_hold", "On hold since 2026-04-01, until 2026-04-08."),
        (38, "review", "The plan review is due today, 2026-04-09."),
        (40, "review", "The plan review was due on 2026-04-09, 2 days ago."),
        (64, "aftercare", "Discharged on 2026-05-05; the next contact is due on 2026-05-12."),
        (75, "aftercare", "The aftercare contact was due on 2026-05-12, 4 days ago."),
        (160, "closed", "Aftercare ended on 2026-08-09."),
    ],
)
def test_one_life_seen_from_any_day(day, stage, sentence):
    found = standing(WAY, d(day))
    assert (found.stage, english(found.sentence)) == (Stage(stage), sentence)


def test_overdue_is_computed():
    assert not standing(WAY, d(38)).overdue
    assert standing(WAY, d(39)).overdue
    assert standing(WAY, d(75)).overdue
    assert review_due(d(7), None, 30) == d(37)
    assert review_due(d(7), d(35), 30) == d(65)


def test_a_request_closed_without_admission_is_closed():
    found = standing(EpisodeFacts(inquired_on=d(0), inquiry_closed_on=d(5)), d(9))
    assert (found.stage, english(found.sentence)) == (
        Stage.CLOSED,
        "The request was closed on 2026-03-07 without admission.",
    )


def test_someone_in_care_who_is_not_seen_is_named():
    facts = replace(
        WAY, holds=(), review_due_on=None, discharged_on=None, aftercare_ended_on=None, last_attended_on=d(20)
    )
    assert english(standing(facts, d(27)).sentence) == "In care, week 3; last seen on 2026-03-22, 7 days ago."
    assert standing(facts, d(27), StandingRules(away_days=14)).sentence.code == "standing.in_care"


def test_care_without_a_signed_plan_is_said():
    facts = EpisodeFacts(inquired_on=d(0), admitted_on=d(1), first_attended_on=d(2))
    assert standing(facts, d(3)).sentence.code == "standing.in_care_without_plan"


def test_a_hold_without_an_end_lasts():
    facts = replace(WAY, holds=(Hold(d(30)),), discharged_on=None, aftercare_ended_on=None)
    assert english(standing(facts, d(50)).sentence) == "On hold since 2026-04-01."


def test_the_steps_behind_are_listed_in_order():
    assert standing(WAY, d(7)).done == (Stage.INQUIRY, Stage.SCREENING, Stage.PLACEMENT, Stage.ADMISSION, Stage.PLAN)


days = st.one_of(st.none(), st.integers(0, 200).map(d))
FIELDS = [
    "inquired_on",
    "contacted_on",
    "inquiry_closed_on",
    "screened_on",
    "placed_on",
    "admitted_on",
    "plan_signed_on",
    "timetable_published_on",
    "first_attended_on",
    "last_attended_on",
    "discharged_on",
    "aftercare_ended_on",
    "review_due_on",
    "follow_up_due_on",
]


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, days)), st.integers(0, 220))
def test_any_facts_on_any_day_have_a_sentence_and_the_future_is_not_seen(facts, day):
    known = EpisodeFacts(**facts)
    found = standing(known, d(day))
    assert found.sentence.code in codes()
    assert english(found.sentence)
    ahead = {"review_due_on", "follow_up_due_on"}
    past = {k: (v if k in ahead or v is None or v <= d(day) else None) for k, v in facts.items()}
    assert standing(EpisodeFacts(**past), d(day)) == found
