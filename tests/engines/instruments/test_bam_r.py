"""BAM-R (30 days): Use 0-90, Risk and Protective 0-180; answers in words count 0, 8, 15, 22, 30; "Yes" to 14 counts 30."""

import pytest

from footbridge.engines.scoring import checks, given, score, score_all, still_to_ask, triggers
from tests.engines.shelf import instrument

BAM = instrument("bam_r")
DAYS = ("2", "3", "4", "5", "6", "10", "11", "13", "16")
EXTENT = ("8", "9", "12", "15", "17")


def sheet(days="0", health="excellent", extent="not_at_all", income="no", **more):
    answers = dict.fromkeys(DAYS, days) | dict.fromkeys(EXTENT, extent) | {"1": health, "14": income}
    return given(answers | {code.removeprefix("q"): value for code, value in more.items()})


def values(answers):
    return {r.score: r.value for r in score_all(BAM, answers) if r.is_scored}


def test_lowest_and_highest():
    assert values(sheet()) == {"use": 0, "risk": 0, "protective": 0, "balance": 0}
    worst = sheet(days="30", health="poor", extent="extremely", income="yes")
    assert values(worst) == {"use": 90, "risk": 180, "protective": 180, "balance": 0}


@pytest.mark.parametrize(
    ("health", "extent", "points"),
    [
        ("excellent", "not_at_all", 0),
        ("very_good", "slightly", 8),
        ("good", "moderately", 15),
        ("fair", "considerably", 22),
        ("poor", "extremely", 30),
    ],
)
def test_words_weigh_like_days(health, extent, points):
    assert values(sheet(health=health))["risk"] == points
    assert values(sheet(extent=extent))["risk"] == 2 * points  # questions 8 and 15
    assert values(sheet(extent=extent))["protective"] == 2 * points  # questions 9 and 12; 17 is not scored


def test_enough_income_counts_30_and_day_counts_count_themselves():
    assert values(sheet(income="yes"))["protective"] == 30
    assert values(sheet(q10="12", q13="20", q16="5"))["protective"] == 37
    assert values(sheet(q4="3", q5="1", q6="2"))["use"] == 6


@pytest.mark.parametrize("days", ["-1", "31", "many"])
def test_a_day_count_is_0_to_30(days):
    assert score(BAM, sheet(q4=days), "use").reason == "unknown_answer"


def test_no_drinking_days_skip_5_and_no_drug_days_skip_7():
    open_ones = still_to_ask(BAM, given({"4": "0", "6": "0"}))
    assert not {"5", "7a", "7g"} & set(open_ones)
    assert {"5", "7a", "7g"} <= set(still_to_ask(BAM, given({"4": "30", "6": "1"})))
    assert {"5", "7a"} <= set(still_to_ask(BAM, {}))  # a blank skips nothing
    sober = {code: a for code, a in sheet().items() if code != "5"}
    assert (score(BAM, sober, "use").value, score(BAM, sober, "use").of) == (0, 3)


def test_a_gap_leaves_its_score_unscored_and_with_it_the_balance():
    answers = {code: a for code, a in sheet(q4="1").items() if code != "8"}
    assert score(BAM, answers, "risk").reason == "too_many_gaps"
    assert not score(BAM, answers, "balance").is_scored
    assert [t.code for t in triggers(BAM, *score_all(BAM, answers))] == ["any_use"]


@pytest.mark.parametrize(
    ("drank", "heavy", "odd"), [("3", "4", True), ("3", "3", False), ("3", "0", False), ("0", "2", True)]
)
def test_heavy_days_are_not_more_than_drinking_days(drank, heavy, odd):
    found = [c.code for c in checks(BAM, sheet(q4=drank, q5=heavy))]
    assert found == (["heavy_within_drinking"] if odd else [])


@pytest.mark.parametrize("drug", ["7a", "7b", "7c", "7d", "7e", "7f", "7g"])
def test_no_drug_has_more_days_than_any_drug(drug):
    assert [c.code for c in checks(BAM, sheet(q6="2") | given({drug: "3"}))] == [f"drug_{drug}_within"]
    assert checks(BAM, sheet(q6="3") | given({drug: "3"})) == ()
    assert score(BAM, sheet(q6="2") | given({drug: "3"}), "use").value == 2  # a check changes no score


@pytest.mark.parametrize(("use", "band", "fired"), [("0", "none", []), ("1", "any", ["any_use"])])
def test_any_use_is_looked_at_in_the_next_session(use, band, fired):
    result = score(BAM, sheet(q4=use), "use")
    assert result.band.code == band
    assert [(t.code, t.severity, t.mark) for t in triggers(BAM, result)] == [(c, "session", "V") for c in fired]


@pytest.mark.parametrize(("risky_days", "meetings", "fires"), [("5", "4", True), ("5", "5", False), ("4", "5", False)])
def test_more_risk_than_protection_is_general_knowledge_and_says_so(risky_days, meetings, fires):
    result = score(BAM, sheet(q11=risky_days, q10=meetings), "balance")
    assert [(t.code, t.mark) for t in triggers(BAM, result)] == ([("risk_over_protection", "K")] if fires else [])


def test_nothing_is_called_reliable_change():
    assert BAM.change == ()


def test_each_part_of_question_7_carries_its_stem():
    stems = BAM.wordings["en"].groups
    assert {stems[f"7{letter}"] for letter in "abcdefg"} == {
        "In the past 30 days, how many days did you use any of the following drugs:"
    }
