"""The shelf's pages: looking, previewing, adding text, writing one's own, verifying, handing out."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from footbridge.engines import scoring
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads, shelf, versions
from footbridge.ground.instruments.models import Answer, InstrumentEdition, Sheet
from footbridge.kit.access import SYSTEM
from tests.actions.test_instruments import OWN, SHAPE_ONLY, stored
from tests.cast import PASSWORD


@pytest.fixture
def loaded(cast):
    instruments.load_definitions(by=SYSTEM, at=timezone.now())
    return cast


def at_desk(member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# ------------------------------------------------------------------ looking


def test_the_list_says_state_class_and_whose_it_is(loaded, django_assert_max_num_queries):
    stored(SHAPE_ONLY)
    versions.add_own(OWN, by=loaded.ed.actor(), at=timezone.now())
    page = at_desk(loaded.ed).get("/instruments/")
    words = text_of(page)
    for said in ("PHQ-9", "Morning check", "Shape only", "Needs its text", "Draft", "Ready", "A†", "Spitzer"):
        assert said in words, said
    assert "Add an instrument" in words
    only = text_of(at_desk(loaded.ed).get("/instruments/?state=needs_text"))
    assert "Shape only" in only and "Morning check" not in only


def test_the_list_asks_the_same_number_of_questions_for_few_and_many(loaded, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    director = at_desk(loaded.ed)
    director.get("/instruments/")
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection, ) as asked:
            director.get("/instruments/")
        counts.append(len(asked))
        for more in range(3):
            versions.add_own({**OWN, "id": f"own_{number}_{more}"}, by=loaded.ed.actor(), at=timezone.now())
    assert counts[0] == counts[1]


def test_an_instrument_is_said_in_words(loaded):
    words = text_of(at_desk(loaded.bo).get("/instruments/phq9/"))
    for said in (
        "The sum of 9 questions (1 to 9).", "up to 2 blanks, the mean of the answered ones stands in, rounded half up", "20 to 27", "Severe",
        "J Gen Intern Med", "6 points or more is more than chance", "Response: 50 % less", "Question 9: “Several days”", "the past 14 days", "Spitzer",
    ):  # fmt: skip
        assert said in words, said
    screener = text_of(at_desk(loaded.bo).get("/instruments/cssrs_screener/"))
    assert "3 to 5: asked only after “Yes” (question 2)" in screener
    assert "Add the text" not in screener and "Retire it" not in screener  # a therapist reads


def test_strangers_and_other_desks_find_no_shelf(loaded):
    for who in ("ana", "gus", "bea", "di"):
        for page in ("/instruments/", "/instruments/phq9/", "/instruments/phq9/preview/", "/instruments/phq9/questionnaire.json"):
            assert at_desk(getattr(loaded, who)).get(page).status_code == 404
    for page in ("add/", "add/file/", "add/fhir/", "add/form/", "phq9/text/", "phq9/change/", "phq9/verification/", "phq9/retirement/"):
        assert at_desk(loaded.bo).get(f"/instruments/{page}").status_code == 404, page
    assert at_desk(loaded.ed).get("/instruments/nothing/").status_code == 404
    for page in ("phq9/text/", "phq9/change/", "phq9/verification/"):  # not for what comes along
        assert at_desk(loaded.ed).get(f"/instruments/{page}").status_code == 404, page


# ------------------------------------------------------------------ preview


def test_the_preview_is_what_a_client_meets_and_keeps_nothing(loaded):
    director = at_desk(loaded.ed)
    where = "/instruments/cssrs_screener/preview/?language=en"
    page = director.get(where)
    assert "wished you were dead" in text_of(page) and "1 of 7" in text_of(page) and "Nothing you tap is kept" in text_of(page)
    assert "Columbia Lighthouse Project" in text_of(page)
    for value in ("yes", "yes", "no", "yes"):
        step = re.search(r'name="step" value="([^"]+)"', page.content.decode())[1]
        sent = director.post(where, {"step": step, "answer": value})
        where = sent["Location"]
        page = director.get(where)
    assert "5 of 7" in text_of(page)  # after yes to question 2, three more are asked
    step = re.search(r'name="step" value="([^"]+)"', page.content.decode())[1]
    assert director.post(where, {"step": step}).status_code == 422
    for value in ("no", "no"):
        step = re.search(r'name="step" value="([^"]+)"', page.content.decode())[1]
        where = director.post(where, {"step": step, "answer": value})["Location"]
        page = director.get(where)
    assert "What these answers would give" in text_of(page)
    assert "Somebody would be told at once" in text_of(page) and "at once: stay with the person" in text_of(page)
    assert not Sheet.objects.exists() and not Answer.objects.exists()


def test_the_preview_of_all_questions_scores_what_was_tried(loaded):
    director = at_desk(loaded.ed)
    page = director.get("/instruments/phq9/preview/?language=es&all=1")
    assert "Poco interés" in page.content.decode()
    sent = director.post("/instruments/phq9/preview/?language=en&all=1", {f"s0-item_{n}": "2" for n in range(1, 10)})
    assert "18" in text_of(sent) and "Moderately severe" in text_of(sent)
    assert director.post("/instruments/phq9/preview/?all=1", {"one": "s0-item_1", "s0-item_1": "2"}).json() == {"kept": True, "go": ""}
    assert not Answer.objects.exists()
    stored(SHAPE_ONLY)
    nothing = director.get("/instruments/shape_only/preview/")
    assert nothing.status_code == 404 and "no text here" in text_of(nothing)


# ------------------------------------------------------------------ text under an attestation


def typed_text(**change):
    return {
        "owner": "The Owner", "basis": "Letter of May 3, 2026", "attribution": "© The Owner", "title": "Shape", "instruction": "",
        "item_1": "First?", "item_2": "Second?", "choice_three_0": "No", "choice_three_1": "Some", "choice_three_2": "Much",
        "may_use": "on", "compared": "on", "password": PASSWORD, **change,
    }  # fmt: skip


def test_text_is_added_after_an_attestation_with_a_signature(loaded):
    stored(SHAPE_ONLY, at=timezone.now())
    director = at_desk(loaded.ed)
    assert "Language of the text" in text_of(director.get("/instruments/shape_only/text/"))
    assert "Question 2" in text_of(director.get("/instruments/shape_only/text/?language=en"))
    for change in ({"may_use": ""}, {"item_2": ""}, {"password": "wrong"}):
        refused = director.post("/instruments/shape_only/text/?language=en", typed_text(**change))
        assert refused.status_code == 422 and "First?" in refused.content.decode() and "Letter of May 3, 2026" in refused.content.decode()
    assert InstrumentEdition.objects.filter(code="shape_only").count() == 1
    sent = director.post("/instruments/shape_only/text/?language=en", typed_text())
    assert sent.status_code == 303, text_of(sent)
    page = text_of(director.get(sent["Location"]))
    assert "Ready" in page and "Ed Novak, PhD, program director" in page and "Letter of May 3, 2026" in page and "Text in English added" in page
    assert "Question 1 in English is new" in page
    assert "© The Owner" in text_of(director.get("/instruments/shape_only/preview/"))


def test_proposed_words_are_given_to_nobody_until_they_were_compared_mended_and_signed(loaded):
    director = at_desk(loaded.ed)
    assert "Needs its text" in text_of(director.get("/instruments/bam_iop/"))
    assert director.get("/instruments/bam_iop/preview/").status_code == 404
    page = director.get("/instruments/bam_iop/text/?language=en")
    assert "These words are a proposal" in text_of(page) and "with 7 for 30" in text_of(page)
    typed = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert typed["item_2"].startswith("In the past 7 days, how many nights") and typed["group_7b"].endswith("following drugs:")
    typed |= {"basis": "The form of the VA, March 2027", "item_2": "In the last 7 days, how many nights?", "may_use": "on", "password": PASSWORD}
    assert director.post("/instruments/bam_iop/text/?language=en", typed | {"compared": ""}).status_code == 422
    assert not InstrumentEdition.objects.get(code="bam_iop").definition.get("texts")
    sent = director.post("/instruments/bam_iop/text/?language=en", typed | {"compared": "on"})
    assert sent.status_code == 303, text_of(sent)
    assert "Ready" in text_of(director.get(sent["Location"]))
    made = InstrumentEdition.objects.filter(code="bam_iop").latest("pk").definition
    assert made["texts"]["en"]["items"]["2"] == "In the last 7 days, how many nights?" and "proposed" not in made
    assert made["texts"]["en"]["groups"]["7a"].startswith("In the past 7 days") and "5" in made["texts"]["en"]["hints"]


# ------------------------------------------------------------------ our own, in the browser


def typed_form(**change):
    rows = {
        "about-name": "Evening check", "about-code": "evening_check", "about-measures": "The day", "about-window_days": "1", "about-modes": ["self"],
        "about-owner": "Riverside Program", "about-basis": "We wrote it", "about-attribution": "Riverside Program", "about-title_en": "Evening",
        "about-instruction_en": "Today",
        "answers-count": "5", "answers-0-set": "How much", "answers-0-points": "0", "answers-0-en": "Not at all",
        "answers-1-points": "1", "answers-1-en": "A little", "answers-2-points": "2", "answers-2-en": "A lot",
        "answers-3-set": "Yes or no", "answers-3-en": "Yes", "answers-4-en": "No",
        "questions-count": "4", "questions-0-en": "Were you tense?", "questions-1-en": "Were you calm?", "questions-1-reversed": "on",
        "questions-2-en": "Did you think of hurting yourself?", "questions-2-answers": "Yes or no", "questions-2-danger": "Yes", "questions-2-danger_when": "high",
        "questions-3-en": "How many times?", "questions-3-low": "0", "questions-3-high": "20", "questions-3-only_if": "3", "questions-3-only_if_answers": "yes",
        "scores-count": "1", "scores-0-name": "Tension", "scores-0-method": "sum", "scores-0-items": "1-2", "scores-0-citation": "Our team, 2026",
        "bands-count": "2", "bands-0-start": "0", "bands-0-label": "Low", "bands-1-start": "3", "bands-1-label": "High",
    }  # fmt: skip
    return {**rows, **change}


def test_an_instrument_is_written_in_the_browser_without_code(loaded):
    director = at_desk(loaded.ed)
    assert director.get("/instruments/add/form/").status_code == 200
    more = director.post("/instruments/add/form/", typed_form(more="questions"))
    assert more.status_code == 200 and "Were you calm?" in more.content.decode() and 'name="questions-8-en"' in more.content.decode()
    sent = director.post("/instruments/add/form/", typed_form())
    assert sent.status_code == 303, text_of(sent)
    edition = reads.current("evening_check")
    form = shelf.definition(edition)
    assert edition.origin == "own" and form.is_draft
    assert [item.kind for item in form.items] == ["choice", "choice", "choice", "number"]
    assert (form.item("2").reversed and form.gate_of("4").answers == {"yes"}) or form.gate_of("4").answers
    assert (form.scores[0].id, form.scores[0].items, form.scores[0].low, form.scores[0].high) == ("tension", ("1", "2"), 0, 4)
    assert [(band.label, band.start) for band in form.band_sets[0].bands] == [("Low", 0), ("High", 3)]
    assert form.critical[0].severity == "high" and form.critical[0].item == "3"
    assert scoring.score(form, scoring.given({"1": "2", "2": "0"})).value == 4
    page = text_of(director.get(sent["Location"]))
    assert "no clinical lead has verified it" in page and "Counted the other way round: 2." in page


@pytest.mark.parametrize(("change", "said"), [
    ({"about-name": ""}, "is missing"),
    ({"about-code": "Has Spaces!"}, "cannot be used here"),
    ({"questions-0-en": "", "questions-0-es": "¿Tenso?"}, "This question has no words in English"),
    ({"questions-2-answers": "Maybe"}, "There is no answer set of this name above."),
    ({"questions-2-danger": "Perhaps"}, "“Perhaps” is not one of the answers of that question."),
    ({"questions-2-danger_when": ""}, "Say how soon somebody must look at these answers."),
    ({"questions-3-only_if": "9"}, "Name a question that stands before this one by its number."),
    ({"questions-3-high": ""}, "Enter both ends of the range"),
    ({"scores-0-items": "1-9"}, "“1-9” is not a question above."),
    ({"scores-0-citation": ""}, "Say where the bands are from."),
    ({"scores-0-gaps": "2"}, "Say what stands in for a blank."),
    ({"bands-1-start": "0"}, "Each band must begin above the one before."),
    ({"bands-1-start": "many"}, "enter the lowest number of this band"),
    ({"answers-1-points": "one"}, "“Points”: enter a number, like 2"),
    ({"answers-1-en": ""}, "Write the words of this answer."),
    ({"about-code": "phq9"}, "comes with Footbridge"),
    ({"about-owner": ""}, "is missing"),
])  # fmt: skip
def test_a_mistake_names_its_field_and_loses_nothing(loaded, change, said):
    refused = at_desk(loaded.ed).post("/instruments/add/form/", typed_form(**change))
    assert refused.status_code == 422
    assert said in text_of(refused), text_of(refused)
    page = refused.content.decode()
    assert page.count('class="has-error"') + page.count("has-error") >= 1 and 'href="#id_' in page
    for kept in ("Were you tense?" if "questions-0-en" not in change else "Were you calm?", "A lot", "Our team, 2026" if "scores-0-citation" not in change else "Tension"):
        assert kept in page
    assert not InstrumentEdition.objects.filter(code="evening_check").exists()


def test_nothing_typed_at_all_is_refused_too(loaded):
    refused = at_desk(loaded.ed).post("/instruments/add/form/", {})
    assert refused.status_code == 422 and "Write at least one question." in text_of(refused)
    assert at_desk(loaded.ed).post("/instruments/add/form/", {"questions-count": "99999", "answers-count": "-1"}).status_code == 422


def test_a_change_is_made_on_the_same_form_and_becomes_a_new_version(loaded):
    director = at_desk(loaded.ed)
    director.post("/instruments/add/form/", typed_form())
    page = director.get("/instruments/evening_check/change/")
    fields = form_fields(page)
    assert fields["questions-3-only_if_answers"] == "Yes" and fields["questions-2-danger"] == "Yes" and fields["scores-0-items"] == "1, 2"
    same = director.post("/instruments/evening_check/change/", fields)
    assert same.status_code == 422 and "Nothing is different" in text_of(same)
    changed = director.post("/instruments/evening_check/change/", {**fields, "questions-0-en": "Were you tense today?", "about-note": "Clearer"})
    assert changed.status_code == 303, text_of(changed)
    words = text_of(director.get("/instruments/evening_check/"))
    assert "Question 1 in English was “Were you tense?” and is now “Were you tense today?”." in words and "Clearer" in words
    assert InstrumentEdition.objects.filter(code="evening_check").count() == 2
    side = text_of(director.get("/instruments/evening_check/versions/?old=1&new=2"))
    assert "1. Were you tense? " in side and "1. Were you tense today?" in side
    old = text_of(director.get("/instruments/evening_check/?version=1"))
    assert "This is not the version that is given" in old


def form_fields(page) -> dict:
    """What a browser would send back from a page untouched."""
    from html import unescape

    body = page.content.decode()
    body = body[body.index('name="answers-count"') - 20000 if body.index('name="answers-count"') > 20000 else 0 :]
    fields: dict = {}
    for tag in re.findall(r"<input [^>]+>", body):
        name = re.search(r'name="([^"]+)"', tag)
        if not name or name[1].startswith(("csrf", "draft")) or 'type="submit"' in tag:
            continue
        value = re.search(r'value="([^"]*)"', tag)
        if re.search(r'type="(checkbox|radio)"', tag):
            if " checked" in tag:
                fields.setdefault(name[1], []).append(unescape(value[1]) if value else "on")
            continue
        fields[name[1]] = unescape(value[1]) if value else ""
    for name, words in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', body, re.S):
        fields[name] = unescape(words).strip("\n").replace("\r", "").lstrip("\n")
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = unescape(chosen[1]) if chosen else ""
    return fields


def test_the_form_loses_nothing_of_what_it_may_change(loaded):
    """What a file or another system brought in, and the form can show, comes back from the form unchanged."""
    from footbridge.desks.director.shelf import builder
    from footbridge.engines.scoring import fhir

    assert builder.fits(OWN) == []
    gad7 = fhir.imported(fhir.questionnaire(shelf.definition(reads.current("gad7")), base="https://example.org")).parsed
    assert builder.fits(gad7) == []
    lost = json.loads(json.dumps(OWN))
    lost["scores"][0]["divide_by"] = 2
    assert builder.fits(lost) == ["details that would be lost here"]
    assert builder.fits(reads.current("cssrs_screener").definition) != []


def test_what_the_form_cannot_show_is_changed_in_its_file(loaded):
    parsed = json.loads(json.dumps(OWN))
    parsed["scores"][0] |= {"method": "weighted", "weights": {"1": 2}}
    versions.add_own(parsed, by=loaded.ed.actor(), at=timezone.now())
    page = at_desk(loaded.ed).get("/instruments/morning_check/change/")
    assert "changed in its file" in text_of(page) and "weights" in text_of(page)


# ------------------------------------------------------------------ verifying, retiring


def test_a_clinical_lead_signs_and_a_wrong_password_signs_nothing(loaded):
    versions.add_own(OWN, by=loaded.ed.actor(), at=timezone.now() - timedelta(minutes=1))
    director = at_desk(loaded.ed)
    page = text_of(director.get("/instruments/morning_check/verification/"))
    assert "How did you sleep?" in page and "Agreed in our team, 2026" in page and "the same day" in page
    for change in ({"password": "wrong"}, {"read": ""}, {"languages": []}):
        sent = director.post("/instruments/morning_check/verification/", {"languages": ["en"], "read": "on", "password": PASSWORD, **change})
        assert sent.status_code == 422, change
    assert not reads.current("morning_check").verified
    sent = director.post("/instruments/morning_check/verification/", {"languages": ["en"], "read": "on", "password": PASSWORD})
    assert sent.status_code == 303
    assert "Ed Novak, PhD, program director" in text_of(director.get(sent["Location"]))
    assert reads.current("morning_check").verified
    assert director.get("/instruments/morning_check/verification/").status_code == 404


def test_retired_and_back(loaded):
    director = at_desk(loaded.ed)
    assert director.post("/instruments/phq2/retirement/", {"why": ""}).status_code == 422
    assert director.post("/instruments/phq2/retirement/", {"why": "PHQ-9 is enough"}).status_code == 303
    assert "PHQ-9 is enough" in text_of(director.get("/instruments/phq2/"))
    assert director.get("/instruments/phq2/questionnaire.json").json()["status"] == "retired"
    assert director.post("/instruments/phq2/return/").status_code == 303
    assert director.post("/instruments/phq2/return/").status_code == 303
    assert director.get("/instruments/phq2/return/").status_code == 405
    assert not reads.is_retired("phq2")


# ------------------------------------------------------------------ files


def test_a_file_that_goes_out_comes_in_again(loaded):
    versions.add_own(OWN, by=loaded.ed.actor(), at=timezone.now())
    director = at_desk(loaded.ed)
    out = director.get("/instruments/morning_check/definition.yaml").content.decode()
    changed = out.replace("How did you sleep?", "How was your night?")
    sent = director.post("/instruments/add/file/", {"text": changed, "note": "Better words"})
    assert sent.status_code == 303, text_of(sent)
    assert reads.newest_version("morning_check").change_note == "Better words"


def test_what_is_wrong_in_a_file_is_named_by_line_and_the_text_stays(loaded):
    from django.core.files.uploadedfile import SimpleUploadedFile

    director = at_desk(loaded.ed)
    wrong = b"id: mine\nedition: 1\nname: Mine\nlicence: {class: B, owner: us, basis: ours}\nitmes: []\n"
    sent = director.post("/instruments/add/file/", {"file": SimpleUploadedFile("mine.yaml", wrong)})
    assert sent.status_code == 422
    words = text_of(sent)
    assert "did you mean" in words and "items" in words and " 5 " in words
    assert "itmes: []" in sent.content.decode()
    for text in ("", "{", "- 1", "a: *b", "\x00", "id: &x [*x]"):
        assert director.post("/instruments/add/file/", {"text": text}).status_code == 422, text
    assert director.post("/instruments/add/file/", {"file": SimpleUploadedFile("a.yaml", b"\xff\xfe\x00")}).status_code == 422


def test_fhir_out_and_in_with_what_could_not_be_carried(loaded):
    director = at_desk(loaded.ed)
    out = director.get("/instruments/gad7/questionnaire.json")
    assert out["Content-Type"].startswith("application/fhir+json") and "attachment" in out["Content-Disposition"]
    resource = out.json()
    resource["url"] = "https://elsewhere.example.org/Questionnaire/worry"
    resource["item"].append({"linkId": "when", "type": "date", "text": "Since when?"})
    text = json.dumps(resource)
    read = director.post("/instruments/add/fhir/", {"text": text})
    assert read.status_code == 200 and "when: questions of type “date” cannot be asked here" in text_of(read)
    assert reads.current("worry") is None
    kept = director.post("/instruments/add/fhir/", {"text": text, "keep": "1"})
    assert kept.status_code == 303
    draft = reads.current("worry")
    assert draft.origin == "own" and not draft.verified and len(shelf.definition(draft).items) == 7
    for wrong in ("", "{", "[]", "3", '{"resourceType": "Patient"}', "[" * 5000):
        assert director.post("/instruments/add/fhir/", {"text": wrong}).status_code == 422, wrong[:20]
