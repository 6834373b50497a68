"""The assessment: sections by several people, nothing overwritten, nothing asked twice, signed as a whole; and diagnoses."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from footbridge.care.assessment import actions, codes, reads, sections
from footbridge.care.assessment.carried import carried
from footbridge.care.assessment.models import (
    AssessmentSignature,
    Diagnosis,
    DiagnosisEnded,
    PrincipalDiagnosis,
    SectionEntry,
)
from footbridge.care.inquiry.models import Inquiry
from footbridge.ground.episodes import actions as episodes
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import cast as cast_
from tests.cast import NOW, Cast

from . import way

LATER = NOW + timedelta(hours=1)
TODAY = date(2026, 11, 2)


def say(text: str) -> dict[str, object]:
    return {"value": text, "not_known": False}


UNKNOWN = {"value": "", "not_known": True}


def wrote(cast: Cast, section: str = "strengths", text: str = "Plays the violin.", *, on: int = 0, who: str = "bo", at=NOW) -> SectionEntry:
    question = sections.section(section).questions[0].code
    return actions.write(cast.ana.episode, section, {question: say(text)}, based_on=on, by=getattr(cast, who).actor(at), at=at)


def complete(cast: Cast) -> dict[str, int]:
    """Every needed question answered with "Not known" but for one."""
    for section in sections.sections():
        answers = {q.code: UNKNOWN for q in section.questions if q.needed} or {section.questions[0].code: UNKNOWN}
        if section.code == "concerns":
            answers["in_their_words"] = say("I cannot get up.")
        actions.write(cast.ana.episode, section.code, answers, based_on=0, by=cast.ivy.actor(), at=NOW)
    return reads.numbers(reads.newest(cast.ana.episode))


# ------------------------------------------------------------------ sections


def test_a_section_is_a_row_signed_with_its_authors_name(cast: Cast) -> None:
    entry = wrote(cast)
    assert (entry.number, entry.signed_as, entry.answers) == (1, "Bo Lindqvist, LCSW", {"strengths": {"value": "Plays the violin."}})
    act = Act.objects.get(verb="assessment.section_written")
    assert act.by_label == "Bo" and act.client_uid == cast.ana.client.uid


def test_a_newer_version_stands_beside_the_older(cast: Cast) -> None:
    older = wrote(cast)
    newer = wrote(cast, text="Plays the violin, cooks.", on=1, who="ivy", at=LATER)
    assert newer.number == 2 and reads.newest(cast.ana.episode)["strengths"] == newer
    assert SectionEntry.objects.get(pk=older.pk).answers["strengths"]["value"] == "Plays the violin."


def test_the_same_again_is_one_version(cast: Cast) -> None:
    assert wrote(cast) == wrote(cast) == wrote(cast, on=1)
    assert SectionEntry.objects.count() == 1


def test_the_second_is_told_and_nothing_is_written(cast: Cast) -> None:
    wrote(cast, text="Plays the violin.")
    with pytest.raises(actions.Overtaken, match="Bo kept this section") as told:
        wrote(cast, text="Good with numbers.", who="ivy", at=LATER)
    assert told.value.theirs.answers["strengths"]["value"] == "Plays the violin."
    assert SectionEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_instant_one_is_kept_the_other_told() -> None:
    cast = cast_.build()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def keep(who: str) -> None:
        try:
            gate.wait()
            wrote(cast, text=f"Words of {who}.", who=who)
            outcomes.append("kept")
        except actions.Overtaken:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=(who,)) for who in ("bo", "ivy")]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert sorted(outcomes) == ["kept", "told"] and SectionEntry.objects.count() == 1


def test_not_known_is_an_answer_to_every_question(cast: Cast) -> None:
    for section in sections.sections():
        entry = actions.write(
            cast.ana.episode, section.code, {q.code: UNKNOWN for q in section.questions}, based_on=0, by=cast.bo.actor(), at=NOW
        )
        assert len(entry.answers) == len(section.questions)
    assert reads.lacking(reads.newest(cast.ana.episode)) == []


@pytest.mark.parametrize(
    ("section", "answers", "words"),
    [
        ("strengths", {"strengths": {"value": "Sings", "not_known": True}}, "Keep one of them"),
        ("trauma", {"still_hurting": say("perhaps")}, "choose one of the answers"),
        ("mental_status", {"speech": {"value": ["loud"], "not_known": False}}, "choose one of the answers"),
        ("strengths", {"nonsense": say("x")}, "at least one question"),
        ("nonsense", {}, "no such section"),
    ],
)
def test_what_cannot_be_kept_is_said(cast: Cast, section: str, answers: dict, words: str) -> None:
    with pytest.raises(actions.CannotWrite, match=words):
        actions.write(cast.ana.episode, section, answers, based_on=0, by=cast.bo.actor(), at=NOW)
    assert not SectionEntry.objects.exists()


def test_an_ended_episode_stays_as_it_is(cast: Cast) -> None:
    episodes.end_episode(cast.ana.episode, by=SYSTEM, at=LATER, why="test")
    with pytest.raises(actions.CannotWrite, match="ended"):
        wrote(cast, at=LATER)


@pytest.mark.parametrize("who", ["cy", "di", "bea", "ana", "flo", "gus", "max"])
def test_others_write_sign_and_diagnose_nothing(cast: Cast, who: str) -> None:
    stranger = getattr(cast, who).actor()
    for deed in (
        lambda: actions.write(cast.ana.episode, "strengths", {"strengths": say("x")}, based_on=0, by=stranger, at=NOW),
        lambda: actions.sign(cast.ana.episode, seen={}, how="password", by=stranger, at=NOW),
        lambda: actions.diagnose(cast.ana.episode, code="F33.1", by=stranger, at=NOW),
    ):
        with pytest.raises(NotYours):
            deed()


# ------------------------------------------------------------------ nothing is asked twice


def test_the_request_the_guide_the_screen_and_a_form_are_carried_in_with_their_origin(cast: Cast) -> None:
    inquiry = Inquiry(
        for_whom="self", name_used="Ana", phone="+13125550100", channel="call", wishes="Mornings are hard.",
        guide_answers={"home": "alone", "daily": "most_days"}, best_times="after 5 pm", received_at=NOW, taken_up_at=NOW, episode=cast.ana.episode,
    )  # fmt: skip
    with trail.act("inquiry.received", by=SYSTEM, at=NOW, about=inquiry):
        inquiry.save()
    known = carried(cast.ana.episode, TODAY)
    ask = {f"{s.code}.{q.code}": q for s in sections.sections() for q in s.questions}
    assert (known.of(ask["concerns.in_their_words"]).value, known.of(ask["concerns.in_their_words"]).source) == ("Mornings are hard.", "the request, Nov 2, 2026")
    assert "online guide" in known.of(ask["home.where"]).source
    assert known.of(ask["access.language"]).value == "English"
    way.screened(cast, strengths="Her choir.", at=LATER)
    way.suicide_screen(cast.ana.client, way.NO_RISK, at=LATER)
    known = carried(cast.ana.episode, TODAY)
    assert known.of(ask["concerns.in_their_words"]).value == "I cannot get up."  # the talk says more than the request
    assert known.of(ask["strengths.strengths"]).source == "the screen by Ivy, Nov 2, 2026"
    assert "Monday 9:00 a.m." in known.of(ask["availability.hours"]).value
    assert "no risk found" in known.of(ask["risk.self_harm"]).value
    assert "skips meals" in known.of(ask["concerns.daily_life"]).value


def test_what_was_carried_keeps_its_origin_and_a_correction_does_not(cast: Cast) -> None:
    way.screened(cast, strengths="Her choir.")
    confirmed = wrote(cast, text="Her choir.")
    assert confirmed.answers["strengths"] == {"value": "Her choir.", "source": "the screen by Ivy, Nov 2, 2026"}
    corrected = wrote(cast, text="Two choirs.", on=1, at=LATER)
    assert corrected.answers["strengths"] == {"value": "Two choirs."}


def test_what_is_said_elsewhere_later_stands_beside_and_never_in_its_place(cast: Cast) -> None:
    wrote(cast, text="Her choir.")
    way.screened(cast, strengths="Stopped singing.", at=NOW + timedelta(days=3))
    shown = reads.shown(carried(cast.ana.episode, TODAY + timedelta(days=3)), reads.newest(cast.ana.episode), None)
    line = next(one for one in shown if one.section.code == "strengths").lines[0]
    assert line.words == "Her choir." and line.newer.value == "Stopped singing."


def test_every_source_in_the_file_is_a_place_we_can_look(cast: Cast) -> None:
    way.screened(cast)
    known = carried(cast.ana.episode, TODAY)
    for section in sections.sections():
        assert len({q.code for q in section.questions}) == len(section.questions)
        for question in section.questions:
            known.of(question)  # an unknown place is an error
            assert bool(question.answers) == (question.kind in ("one", "any"))


# ------------------------------------------------------------------ signing


def test_the_whole_is_signed_when_what_is_needed_is_answered(cast: Cast) -> None:
    seen = complete(cast)
    signature = actions.sign(cast.ana.episode, seen=seen, how="password", by=cast.ivy.actor(), at=LATER)
    assert signature.entries == seen and signature.signed_as == "Ivy Tran, LCSW, intake"
    assert actions.sign(cast.ana.episode, seen=seen, how="password", by=cast.ivy.actor(), at=LATER) == signature
    assert Act.objects.filter(verb="assessment.signed", client_uid=cast.ana.client.uid).exists()


def test_it_is_not_signed_with_something_open(cast: Cast) -> None:
    entry = wrote(cast)
    with pytest.raises(actions.CannotSign, match="What brings the person"):
        actions.sign(cast.ana.episode, seen={"strengths": entry.number}, how="password", by=cast.bo.actor(), at=LATER)
    assert not AssessmentSignature.objects.exists()


def test_it_is_not_signed_when_it_changed_while_it_was_read(cast: Cast) -> None:
    seen = complete(cast)
    wrote(cast, text="Plays the violin.", on=1, at=LATER)
    with pytest.raises(actions.CannotSign, match="changed while you were reading"):
        actions.sign(cast.ana.episode, seen=seen, how="password", by=cast.ivy.actor(), at=LATER)
    again = actions.sign(cast.ana.episode, seen={**seen, "strengths": 2}, how="password", by=cast.ivy.actor(), at=LATER)
    assert again.number == 1


def test_the_clock_runs_from_the_day_of_admission(cast: Cast) -> None:
    assert reads.due_on(date(2026, 11, 4), None) == date(2026, 11, 7)
    assert reads.due_on(None, None) is None
    assert reads.due_on(date(2026, 11, 4), AssessmentSignature()) is None


# ------------------------------------------------------------------ diagnoses


def diagnosed(cast: Cast, code: str = "F33.1", **more: object) -> Diagnosis:
    return actions.diagnose(cast.ana.episode, code=code, by=cast.bo.actor(), at=NOW, **more)


def test_a_diagnosis_is_a_row_with_code_name_and_table_and_the_first_is_the_principal_one(cast: Cast) -> None:
    row = diagnosed(cast, specifiers="with anxious distress", onset_words="about 2019")
    assert (row.code, row.name, row.table_edition) == ("F33.1", "Major depressive disorder, recurrent, moderate", "2026-04")
    assert reads.held(cast.ana.episode) == [reads.Held(row, True)]
    assert Act.objects.filter(verb="diagnosis.made", client_uid=cast.ana.client.uid).exists()
    assert diagnosed(cast, "f331") == row and Diagnosis.objects.count() == 1


def test_another_is_made_the_principal_one(cast: Cast) -> None:
    first, second = diagnosed(cast), diagnosed(cast, "F43.10")
    actions.make_principal(second, cast.ana.episode, by=cast.bo.actor(), at=LATER)
    assert [(one.diagnosis, one.principal) for one in reads.held(cast.ana.episode)] == [(second, True), (first, False)]
    assert PrincipalDiagnosis.objects.count() == 2


def test_a_correction_is_a_newer_row_and_the_older_stays(cast: Cast) -> None:
    row = diagnosed(cast)
    newer = actions.correct_diagnosis(row, cast.ana.episode, specifiers="in partial remission", by=cast.bo.actor(), at=LATER)
    assert list(reads.current(cast.ana.client)) == [newer] and newer.replaces == row and reads.held(cast.ana.episode)[0].principal
    assert list(reads.past(cast.ana.client)) == [row]
    with pytest.raises(actions.CannotDiagnose, match="corrected meanwhile"):
        actions.correct_diagnosis(row, cast.ana.episode, specifiers="severe", by=cast.bo.actor(), at=LATER)


def test_a_diagnosis_ends_once_with_day_and_reason(cast: Cast) -> None:
    row = diagnosed(cast, onset_on=date(2026, 10, 1))
    ended = actions.end_diagnosis(row, cast.ana.episode, how="resolved", ended_on=TODAY, by=cast.bo.actor(), at=LATER)
    assert actions.end_diagnosis(row, cast.ana.episode, how="mistake", ended_on=TODAY, by=cast.bo.actor(), at=LATER) == ended
    assert not reads.current(cast.ana.client).exists() and DiagnosisEnded.objects.count() == 1


def test_what_a_diagnosis_refuses(cast: Cast) -> None:
    for wrong in ({"code": "F99.99"}, {"code": "F33"}, {"code": "F33.1", "onset_on": date(2026, 12, 1)}):
        with pytest.raises(actions.CannotDiagnose):
            actions.diagnose(cast.ana.episode, by=cast.bo.actor(), at=NOW, **wrong)
    first, _second = diagnosed(cast, onset_on=date(2026, 10, 1)), diagnosed(cast, "F43.10")
    for how, day, words in (("resolved", TODAY, "principal"), ("resolved", date(2026, 12, 1), "not come"), ("resolved", date(2026, 9, 1), "before it began")):
        with pytest.raises(actions.CannotDiagnose, match=words):
            actions.end_diagnosis(first, cast.ana.episode, how=how, ended_on=day, by=cast.bo.actor(), at=LATER)
    with pytest.raises(actions.CannotDiagnose, match="somebody else"):
        actions.make_principal(first, cast.max.episode, by=cast.ed.actor(), at=LATER)


def test_the_table_is_dated_billable_and_searched_by_words_codes_and_short_words() -> None:
    assert len(codes.table()) > 1000 and codes.table()["F33.1"].name.endswith("moderate")
    assert codes.search("recurrent moderate depressive")[0].code == "F33.1"
    assert all(one.code.startswith("F33") for one in codes.search("f33")) and codes.search("F33")
    assert codes.search("ptsd")[0].code.startswith("F43.1")
    assert codes.search("agorafobia")[0].code.startswith("F40.0")
    assert "Z59.00" in [one.code for one in codes.search("homeless")]
    assert codes.search("zzzzqq") == [] and codes.search(" ") == []
