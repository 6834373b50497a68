"""Verbs of the shelf: text added after an attestation, our own instruments, verifying, retiring."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from footbridge.care.measures import actions as measures
from footbridge.care.safety.models import Alarm
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads, shelf, versions
from footbridge.ground.instruments.models import InstrumentEdition, InstrumentRetired, Origin
from footbridge.kit import access
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act
from tests.cast import NOW

OWN = {
    "id": "morning_check", "edition": "1", "name": "Morning check", "measures": "How the day begins", "window_days": 1,
    "licence": {"class": "B", "owner": "Riverside Program", "basis": "Written by us", "attribution": "Riverside Program"},
    "choice_sets": {"three": [{"code": str(n), "points": n} for n in range(3)]},
    "items": [{"code": "1", "choices": "three"}, {"code": "2", "choices": "three"}],
    "scores": [{"id": "total", "method": "sum", "items": ["1", "2"], "low": 0, "high": 4}],
    "band_sets": [{"id": "ours", "name": "Ours", "citation": "Agreed in our team, 2026", "score": "total", "default": True,
                   "bands": [{"code": "fine", "label": "Fine", "from": 0}, {"code": "look", "label": "Look again", "from": 3}]}],
    "critical": [{"item": "2", "answers": ["2"], "severity": "same_day", "action": "talk_today"}],
    "texts": {"en": {"title": "Morning check", "instruction": "This morning", "items": {"1": "How did you sleep?", "2": "Do you feel unsafe?"},
                     "choices": {"three": {"0": "Well", "1": "So-so", "2": "Badly"}}}},
    "verified_by": "The file says so", "verified_on": "2026-01-01",
}  # fmt: skip

SHAPE_ONLY = {
    "id": "shape_only", "edition": "2020", "name": "Shape only", "measures": "Something", "verified_by": "Founding entry", "verified_on": "2026-11-22",
    "licence": {"class": "B", "owner": "The Owner", "basis": "Text may not be shipped"},
    "choice_sets": {"three": [{"code": str(n), "points": n} for n in range(3)]},
    "items": [{"code": "1", "choices": "three"}, {"code": "2", "choices": "three"}],
    "scores": [{"id": "total", "method": "sum", "items": ["1", "2"]}],
    "band_sets": OWN["band_sets"],
}  # fmt: skip

TEXT = {
    "language": "en", "title": "Shape", "instruction": "In the past week", "items": {"1": "First?", "2": "Second?"},
    "choices": {"three": {"0": "No", "1": "Some", "2": "Much"}}, "owner": "The Owner", "basis": "Letter of May 3, 2026",
    "attribution": "© The Owner. Used with permission.",
}  # fmt: skip


@pytest.fixture
def loaded(cast, at):
    instruments.load_definitions(by=SYSTEM, at=at)
    return cast


def stored(parsed, at=NOW, origin=Origin.PACKAGED):
    """A definition as a package upgrade would load it."""
    return instruments._load(copy.deepcopy(parsed), by=SYSTEM, at=at, origin=origin)


def written(cast, at=NOW, **change):
    return versions.add_own({**copy.deepcopy(OWN), **change}, by=cast.ed.actor(), at=at)


def answered(cast, code, given, at=NOW):
    sheet = instruments.give(
        cast.ana.client, [code], how="paper", occasion="weekly", episode=cast.ana.episode, by=cast.bo.actor(), at=at
    )[0][0]
    taken = measures.answer_all(sheet, given, by=cast.bo.actor(), at=at)
    return sheet, taken, measures.finish(sheet, by=cast.bo.actor(), at=at)


# ------------------------------------------------------------------ text of a class B instrument


def test_text_is_added_as_a_new_version_with_who_attested_it(loaded, at):
    before = stored(SHAPE_ONLY)
    assert shelf.definition(before).wordings == {}
    with pytest.raises(instruments.CannotGive):
        instruments.give(loaded.ana.client, ["shape_only"], how="paper", occasion="weekly", by=loaded.bo.actor(), at=at)
    later = at + timedelta(minutes=1)
    after = versions.add_text(before, **TEXT, by=loaded.ed.actor(), at=later)
    assert after.pk != before.pk and after.origin == "text" and after.verified
    assert InstrumentEdition.objects.get(pk=before.pk).definition == SHAPE_ONLY  # what was stored stays as it was
    wording = shelf.definition(after).wordings["en"]
    assert (wording.attested.owner, wording.attested.basis) == ("The Owner", "Letter of May 3, 2026")
    assert wording.attested.by == wording.verified_by == "Ed Novak, PhD, program director"
    assert wording.attested.on == "2026-11-02"
    assert shelf.definition(after).licence.attribution == "© The Owner. Used with permission."
    assert reads.current("shape_only") == after
    assert Act.objects.filter(verb="instrument.text_added", about_uid=after.uid).exists()
    _sheet, _taken, scores = answered(loaded, "shape_only", {"1": "2", "2": "1"}, at=later)
    assert (scores[0].value, scores[0].band) == (3, "Look again")


@pytest.mark.parametrize(("change", "field"), [
    ({"owner": " "}, "owner"), ({"basis": ""}, "basis"), ({"attribution": ""}, "attribution"), ({"language": "xx"}, "language"),
    ({"items": {"1": "First?"}}, None), ({"choices": {"three": {"0": "No", "1": "Some"}}}, None),
])  # fmt: skip
def test_text_without_its_ground_or_with_gaps_is_refused(loaded, at, change, field):
    before = stored(SHAPE_ONLY)
    with pytest.raises(versions.CannotAddText) as refusal:
        versions.add_text(before, **{**TEXT, **change}, by=loaded.ed.actor(), at=at)
    assert refusal.value.field == field
    assert InstrumentEdition.objects.filter(code="shape_only").count() == 1


def test_wording_that_came_along_is_locked_and_therapists_add_none(loaded, at):
    with pytest.raises(versions.CannotAddText):
        versions.add_text(reads.current("cssrs_screener"), **TEXT, by=loaded.ed.actor(), at=at)
    bare = stored(SHAPE_ONLY | {"id": "bare_a", "licence": {**SHAPE_ONLY["licence"], "class": "A"}})
    made = versions.add_text(bare, **TEXT, by=loaded.ed.actor(), at=at + timedelta(minutes=1))  # it came without a word
    assert shelf.definition(made).wordings["en"].attested and versions.takes_text(made)
    with pytest.raises(access.NotYours):
        versions.add_text(stored(SHAPE_ONLY), **TEXT, by=loaded.bo.actor(), at=at)
    first = stored(SHAPE_ONLY | {"edition": "2019"}, at=at - timedelta(days=1))
    with pytest.raises(versions.CannotAddText, match="newer version"):
        versions.add_text(first, **TEXT, by=loaded.ed.actor(), at=at)


def test_an_upgrade_of_the_package_keeps_the_text_a_site_has_added(loaded, at, monkeypatch):
    before = stored(SHAPE_ONLY)
    versions.add_text(before, **TEXT, by=loaded.ed.actor(), at=at)
    better = copy.deepcopy(SHAPE_ONLY) | {"measures": "Something, said better"}
    monkeypatch.setattr(shelf, "packaged", lambda: iter([better]))
    made = instruments.load_definitions(by=SYSTEM, at=at + timedelta(days=1))
    assert [one.origin for one in made] == ["packaged", "text"]
    now = shelf.definition(reads.current("shape_only"))
    assert now.measures == "Something, said better" and now.wordings["en"].attested.owner == "The Owner"
    assert instruments.load_definitions(by=SYSTEM, at=at + timedelta(days=2)) == []
    other = copy.deepcopy(better)
    other["items"].append({"code": "3", "choices": "three"})
    monkeypatch.setattr(shelf, "packaged", lambda: iter([other]))
    instruments.load_definitions(by=SYSTEM, at=at + timedelta(days=3))
    assert shelf.definition(reads.current("shape_only")).wordings == {}  # other questions: the old words do not fit


# ------------------------------------------------------------------ our own


def test_our_own_is_a_draft_whatever_the_file_says_and_fires_no_band_but_its_critical_answer(loaded, at):
    edition = written(loaded)
    assert (edition.origin, edition.verified, edition.loaded_by) == ("own", False, loaded.ed.staff)
    assert shelf.definition(edition).is_draft
    assert Act.objects.filter(verb="instrument.written", about_uid=edition.uid).exists()
    _sheet, taken, scores = answered(loaded, "morning_check", {"1": "2", "2": "2"})
    assert (scores[0].value, scores[0].band) == (4, "")
    assert taken.critical.severity == "same_day"
    assert Alarm.objects.get().client == loaded.ana.client


def test_a_clinical_lead_verifies_and_only_then_bands_are_drawn(loaded, at):
    draft = written(loaded)
    later = at + timedelta(hours=1)
    with pytest.raises(versions.CannotVerify) as refusal:
        versions.verify(draft, languages=[], by=loaded.ed.actor(), at=later)
    assert refusal.value.field == "languages"
    with pytest.raises(access.NotYours):
        versions.verify(draft, languages=["en"], by=loaded.bo.actor(), at=later)
    verified = versions.verify(draft, languages=["en"], by=loaded.ed.actor(), at=later)
    assert verified.verified and shelf.definition(verified).verified_by == "Ed Novak, PhD, program director"
    assert Act.objects.filter(verb="instrument.verified", about_uid=verified.uid).exists()
    assert reads.current("morning_check") == verified
    _sheet, _taken, scores = answered(loaded, "morning_check", {"1": "2", "2": "1"}, at=later)
    assert scores[0].band == "Look again"
    with pytest.raises(versions.CannotVerify):
        versions.verify(verified, languages=["en"], by=loaded.ed.actor(), at=later)
    with pytest.raises(versions.CannotVerify):
        versions.verify(draft, languages=["en"], by=loaded.ed.actor(), at=later)
    with pytest.raises(versions.CannotVerify):
        versions.verify(reads.current("phq9"), languages=["en"], by=loaded.ed.actor(), at=later)


def test_a_change_is_a_new_version_that_waits_and_old_sheets_keep_theirs(loaded, at):
    first = versions.verify(written(loaded), languages=["en"], by=loaded.ed.actor(), at=at + timedelta(hours=1))
    sheet = instruments.give(
        loaded.ana.client, ["morning_check"], how="paper", occasion="weekly", by=loaded.bo.actor(), at=at + timedelta(hours=2)
    )[0][0]
    changed = copy.deepcopy(OWN["texts"])
    changed["en"]["items"]["1"] = "How was your night?"
    second = written(loaded, at=at + timedelta(hours=3), texts=changed)
    assert second.pk != first.pk and not second.verified
    assert reads.current("morning_check") == first  # the draft waits beside it
    row = next(one for one in reads.on_shelf(at + timedelta(hours=4)) if one.edition.code == "morning_check")
    assert (row.state, row.waiting, row.open_sheets, row.versions) == ("ready", second, 1, 3)
    sheet.refresh_from_db()
    assert sheet.instrument == first
    assert reads.item_words(sheet, "1") == "How did you sleep?"
    third = versions.verify(second, languages=["en"], by=loaded.ed.actor(), at=at + timedelta(hours=5))
    assert reads.current("morning_check") == third
    sheet.refresh_from_db()
    assert sheet.instrument == first
    back = written(loaded, at=at + timedelta(hours=6))  # the first wording again: it is a version of its own
    assert back.pk not in (first.pk, second.pk, third.pk) and "Taken up again" in back.definition["notes"]


def test_what_cannot_be_kept_is_refused_with_every_place_and_mend(loaded, at):
    broken = {"items": [{"code": "1", "choices": "three"}, {"code": "1", "choices": "threee"}]}
    with pytest.raises(versions.CannotKeep) as refusal:
        written(loaded, **broken)
    assert refusal.value.problems
    with pytest.raises(versions.CannotKeep) as refusal:
        written(loaded, id="phq9")
    assert refusal.value.field == "id" and refusal.value.problems[0].path == ("id",)
    written(loaded)
    with pytest.raises(versions.CannotKeep, match="Nothing is different"):
        written(loaded, at=at + timedelta(hours=1))
    with pytest.raises(access.NotYours):
        versions.add_own(OWN, by=loaded.bo.actor(), at=at)
    assert InstrumentEdition.objects.filter(origin="own").count() == 1


# ------------------------------------------------------------------ retiring


def test_retired_is_given_to_nobody_until_it_is_brought_back(loaded, at):
    phq2 = reads.current("phq2")
    with pytest.raises(versions.CannotRetire) as refusal:
        versions.retire(phq2, why=" ", by=loaded.ed.actor(), at=at)
    assert refusal.value.field == "why"
    with pytest.raises(access.NotYours):
        versions.retire(phq2, why="Not used", by=loaded.bo.actor(), at=at)
    versions.retire(phq2, why="PHQ-9 is enough", by=loaded.ed.actor(), at=at)
    assert InstrumentRetired.objects.get().by == loaded.ed.staff
    assert Act.objects.filter(verb="instrument.retired", about_uid=phq2.uid).exists()
    assert "phq2" not in [one.code for one in reads.choosable()]
    with pytest.raises(instruments.CannotGive, match="retired"):
        instruments.give(loaded.ana.client, ["phq2"], how="paper", occasion="weekly", by=loaded.bo.actor(), at=at)
    with pytest.raises(versions.CannotRetire):
        versions.retire(phq2, why="Again", by=loaded.ed.actor(), at=at)
    versions.bring_back(phq2, by=loaded.ed.actor(), at=at)
    assert "phq2" in [one.code for one in reads.choosable()]
    assert Act.objects.filter(verb="instrument.brought_back").exists()
    with pytest.raises(versions.CannotRetire):
        versions.bring_back(phq2, by=loaded.ed.actor(), at=at)
    with pytest.raises(access.NotYours):
        versions.bring_back(phq2, by=loaded.bo.actor(), at=at)


def test_the_shelf_asks_the_same_number_of_questions_for_few_and_many(loaded, at, django_assert_num_queries):
    with django_assert_num_queries(5):
        few = len(reads.on_shelf(at))
    for number in range(3):
        written(loaded, id=f"own_{number}")
    with django_assert_num_queries(5):
        assert len(reads.on_shelf(at)) == few + 3
    assert {row.state for row in reads.on_shelf(at)} >= {"ready", "draft"}
