"""BAM-IOP (7 days): Use 0-12, Risk and Protective 0-24, every answer 0 to 4, "Yes" to question 14 is 4. Its words are
proposed only: the BAM-R with 7 for 30, to be laid beside the form of the VA."""

import pytest

from footbridge.engines.scoring import checks, given, score, score_all, still_to_ask, triggers
from tests.engines.shelf import instrument

BAM = instrument("bam_iop")
DAYS = ("2", "3", "4", "5", "6", "10", "11", "13", "16")
EXTENT = ("8", "9", "12", "15", "17")


def sheet(days="0", health="excellent", extent="not_at_all", income="no", **more):
    answers = dict.fromkeys(DAYS, days) | dict.fromkeys(EXTENT, extent) | {"1": health, "14": income}
    return given(answers | {code.removeprefix("q"): value for code, value in more.items()})


def values(answers):
    return {r.score: r.value for r in score_all(BAM, answers) if r.is_scored}


def test_lowest_and_highest():
    assert values(sheet()) == {"use": 0, "risk": 0, "protective": 0, "balance": 0}
    worst = sheet(days="4", health="poor", extent="extremely", income="yes")
    assert values(worst) == {"use": 12, "risk": 24, "protective": 24, "balance": 0}


def test_days_stop_at_four_or_more():
    assert score(BAM, sheet(q4="5"), "use").reason == "unknown_answer"
    assert values(sheet(q4="4"))["use"] == 4


def test_questions_7_and_17_are_not_scored():
    plain = values(sheet(q6="4"))
    assert values(sheet(q6="4") | given({"7a": "4", "7g": "2", "17": "extremely"})) == plain


def test_no_drinking_days_skip_5_and_no_drug_days_skip_7():
    assert not {"5", "7a", "7g"} & set(still_to_ask(BAM, given({"4": "0", "6": "0"})))
    assert {"5", "7a", "7g"} <= set(still_to_ask(BAM, given({"4": "1", "6": "4"})))


@pytest.mark.parametrize(
    ("score_id", "answers", "value", "band"),
    [
        ("use", {}, 0, "none"),
        ("use", {"q4": "1"}, 1, "any"),
        ("risk", {"q2": "4", "q3": "4", "q11": "3"}, 11, "usual"),
        ("risk", {"q2": "4", "q3": "4", "q11": "4"}, 12, "look_further"),
        ("protective", {"q10": "4", "q13": "4", "q16": "4"}, 12, "low"),
        ("protective", {"q10": "4", "q13": "4", "q16": "1", "income": "yes"}, 13, "usual"),
    ],
)
def test_flags_of_the_va_guide(score_id, answers, value, band):
    found = score(BAM, sheet(**answers), score_id)
    assert (found.value, found.band.code) == (value, band)


def test_what_does_not_fit_together_is_named():
    found = checks(BAM, sheet(q4="1", q5="2", q6="1") | given({"7c": "3"}))
    assert [c.code for c in found] == ["heavy_within_drinking", "drug_7c_within"]
    assert found[0].items == ("5", "4")


def test_use_and_risk_over_protection_are_for_the_next_session():
    fired = triggers(BAM, *score_all(BAM, sheet(q4="1", q11="2")))
    assert [(t.code, t.severity, t.mark) for t in fired] == [
        ("any_use", "session", "V"),
        ("risk_over_protection", "session", "K"),
    ]
    assert triggers(BAM, *score_all(BAM, sheet(q10="1"))) == ()


def test_no_text_ships_until_two_copies_were_read():
    assert BAM.wordings == {}


def test_the_words_are_only_proposed_and_say_what_they_rest_on():
    assert BAM.wordings == {} and BAM.needs_text
    proposed = BAM.proposed["en"]
    assert set(proposed.items) == {item.code for item in BAM.items} and "7 for 30" in proposed.source
    assert not any("30" in words for words in (*proposed.items.values(), *proposed.groups.values(), proposed.instruction))
