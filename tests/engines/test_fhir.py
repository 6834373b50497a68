"""FHIR out and in again: nothing of a form is lost; what another system says and we cannot ask is named."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.engines import scoring
from footbridge.engines.scoring import fhir
from footbridge.engines.scoring.answers import DECLINED

from .shelf import every_instrument, instrument

BASE = "https://care.example.org"
WITH_ITEMS = [name for name in every_instrument() if instrument(name).items]


def round_trip(definition):
    out = json.loads(json.dumps(fhir.questionnaire(definition, base=BASE)))
    back = fhir.imported(out)
    return out, back, scoring.definition(back.parsed)


@pytest.mark.parametrize("name", WITH_ITEMS)
def test_every_packaged_definition_out_and_in_again_asks_the_same(name):
    before = instrument(name)
    _out, back, after = round_trip(before)
    assert [i.code for i in after.items] == [i.code for i in before.items]
    for old, new in zip(before.items, after.items, strict=True):
        assert (new.kind, new.loinc, new.reversed, new.low, new.high) == (old.kind, old.loinc, old.reversed, old.low, old.high)
        assert new.choices == old.choices
        assert new.alternative_to == old.alternative_to
        assert [new.points(c.code) for c in old.choices] == [old.points(c.code) for c in old.choices]
        gates = [g and (set(g.opened_by), g.else_points) for g in (before.gate_of(old.code), after.gate_of(old.code))]
        assert gates[0] == gates[1]
    assert after.loinc == before.loinc
    assert after.is_draft
    for language, old_words in before.wordings.items():
        new_words = after.wordings[language]
        assert new_words.items == old_words.items
        assert new_words.instruction == old_words.instruction
        assert new_words.hints == old_words.hints
        assert new_words.groups == old_words.groups
        for item in before.items:
            told = {c.code: old_words.choices[item.choice_set][c.code] for c in item.choices}
            assert {c: new_words.choices[after.item(item.code).choice_set][c] for c in told} == told
    assert [one for one in back.lost if not one.startswith("Scores")] == []


@pytest.mark.parametrize("name", every_instrument())
def test_what_goes_out_says_whose_it_is(name):
    definition = instrument(name)
    out = fhir.questionnaire(definition, base=BASE)
    assert out["resourceType"] == "Questionnaire"
    assert out["url"].startswith(BASE) and out["version"] == definition.edition
    assert definition.licence.attribution in out["copyright"]
    links = [one["linkId"] for one in out["item"]]
    assert len(links) == len(set(links))


def test_weights_loinc_and_conditions_stand_where_fhir_has_them():
    phq9 = fhir.questionnaire(instrument("phq9"), base=BASE)
    nine = next(one for one in phq9["item"] if one["linkId"] == "9")
    assert nine["code"] == [{"system": "http://loinc.org", "code": "44260-8"}]
    last = nine["answerOption"][3]["valueCoding"]
    assert (last["system"], last["code"], last["display"]) == ("http://loinc.org", "LA6571-9", "Nearly every day")
    weights = {e["url"].rsplit("/", 1)[-1]: e.get("valueDecimal") for e in last["extension"]}
    assert weights["ordinalValue"] == weights["itemWeight"] == 3
    cssrs = fhir.questionnaire(instrument("cssrs_screener"), base=BASE)
    three = next(one for one in cssrs["item"] if one["linkId"] == "3")
    assert three["enableWhen"] == [
        {"question": "2", "operator": "=", "answerCoding": {"system": "http://loinc.org", "code": "LA33-6"}}
    ]


REVERSED = {
    "id": "two_way", "edition": "1", "name": "Two ways", "verified_by": "a test",
    "licence": {"class": "B", "owner": "us", "basis": "ours"},
    "choice_sets": {"five": [{"code": str(n), "points": n} for n in range(1, 6)]},
    "items": [
        {"code": "a", "choices": "five"}, {"code": "b", "choices": "five", "reversed": True},
        {"code": "n", "kind": "number", "low": 0, "high": 30}, {"code": "d", "kind": "number", "low": 0.5, "high": 2.5}, {"code": "t", "kind": "text"},
    ],
    "gates": [{"item": "n", "answers": ["3", "4"], "then_ask": ["t"], "or": [{"item": "a", "answers": ["5"]}], "else_points": 0}],
}  # fmt: skip


def test_reversed_items_numbers_and_gates_with_two_ways_in_come_back():
    before = scoring.definition(REVERSED)
    out, back, after = round_trip(before)
    b = next(one for one in out["item"] if one["linkId"] == "b")
    first = b["answerOption"][0]["valueCoding"]
    assert first["extension"][0]["valueDecimal"] == 5  # what counts, also for a system that knows nothing of reversal
    assert after.item("b").reversed and after.item("b").points("1") == Decimal(5)
    assert (after.item("d").low, after.item("n").high) == (Decimal("0.5"), 30)
    gate = after.gate_of("t")
    assert (gate.item, gate.answers, gate.or_else, gate.else_points) == (
        "n", frozenset({"3", "4"}), (("a", frozenset({"5"})),), 0,
    )  # fmt: skip
    assert after.wordings == {}  # a form whose text may not be shipped has none after the trip either
    assert len(back.lost) == 1


FOREIGN = {
    "resourceType": "Questionnaire", "title": "Elsewhere", "url": "https://example.org/q/sleep-diary", "version": "3",
    "publisher": "Somebody", "copyright": "© Somebody",
    "contained": [
        {"resourceType": "ValueSet", "id": "often", "compose": {"include": [{"system": "x", "concept": [
            {"code": "never", "display": "Never", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 0}]},
            {"code": "often", "display": "Often"}]}]}},
    ],
    "item": [
        {"linkId": "g", "type": "group", "text": "Nights", "item": [
            {"linkId": "/very/long/link/id/of/another/system", "type": "boolean", "text": "Did you sleep?"},
            {"linkId": "2", "type": "choice", "text": "How often?", "answerValueSet": "#often",
             "enableWhen": [{"question": "/very/long/link/id/of/another/system", "operator": "=", "answerBoolean": True}]},
        ]},
        {"linkId": "3", "type": "date", "text": "When?"},
        {"linkId": "4", "type": "choice", "text": "Which?", "answerValueSet": "http://example.org/vs/elsewhere"},
        {"linkId": "5", "type": "integer", "text": "Hours?", "enableWhen": [{"question": "3", "operator": "exists", "answerBoolean": True}]},
        {"linkId": "6", "type": "open-choice", "repeats": True, "text": "Why?", "answerOption": [{"valueString": "Noise"}, {"valueString": "Worry"}]},
        {"linkId": "7", "type": "choice", "text": "And?", "enableBehavior": "all", "answerOption": [{"valueInteger": 1}],
         "enableWhen": [{"question": "2", "operator": "=", "answerCoding": {"code": "often"}}, {"question": "6", "operator": "=", "answerString": "Noise"}]},
    ],
}  # fmt: skip


def test_what_cannot_be_carried_is_named_with_its_linkid():
    back = fhir.imported(FOREIGN)
    definition = scoring.definition(back.parsed)
    assert (definition.id, definition.edition) == ("sleep_diary", "3")
    assert [i.kind for i in definition.items] == ["choice", "choice", "number", "choice", "choice"]
    assert definition.wordings["en"].groups[definition.items[0].code] == "Nights"
    assert definition.gate_of("2").answers == frozenset({"yes"})
    assert definition.item("2").points("never") == 0
    said = "\n".join(back.lost)
    for words in ("g: the group was opened up", "3: questions of type “date”", "4: its answers stand in the value set", "4: has no list",
                  "5: its condition cannot", "6: an answer in one's own words", "6: more than one answer", "7: it needs several conditions"):  # fmt: skip
        assert words in said, words
    assert definition.gate_of("5") is None and definition.gate_of("7") is None


@pytest.mark.parametrize("wrong", [None, [], "x", {}, {"resourceType": "Patient"}, {"resourceType": "Questionnaire"},
                                   {"resourceType": "Questionnaire", "item": [3, {"type": "group"}]}])  # fmt: skip
def test_what_is_no_questionnaire_is_refused_with_a_sentence(wrong):
    with pytest.raises(fhir.FhirError) as told:
        fhir.imported(wrong)
    assert str(told.value).endswith(".")


def test_a_finished_form_keeps_blank_declined_and_not_asked_apart():
    definition = instrument("cssrs_screener")
    answers = scoring.given({"1": "yes", "2": "no", "6": DECLINED})
    out = fhir.response(
        definition, answers, base=BASE, identifier="0b1c", subject="77aa", authored="2026-11-02T15:00:00+00:00", language="es"
    )
    assert out["questionnaire"] == f"{BASE}/fhir/Questionnaire/cssrs-screener|recent-2016"
    rows = {row["linkId"]: row for row in out["item"]}
    assert rows["1"]["answer"][0]["valueCoding"]["display"] == "Sí"
    assert set(rows) == {"1", "2", "6", "6_recent"}  # 3, 4, 5 were not asked
    assert "answer" not in rows["6"] and rows["6"]["extension"][0]["valueCode"] == "asked-declined"
    assert "answer" not in rows["6_recent"] and "extension" not in rows["6_recent"]


def _places(thing, path=()):
    yield path
    for key, value in thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ():
        yield from _places(value, (*path, key))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_file_it_is_a_draft_or_a_sentence(data):
    """One value of a good file after another becomes something else: never a crash, and what comes back can be loaded."""
    thing = json.loads(json.dumps(data.draw(st.sampled_from([FOREIGN, fhir.questionnaire(instrument("cssrs_screener"), base=BASE)]))))
    for _time in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([p for p in _places(thing) if p]))
        here = thing
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = data.draw(st.sampled_from([None, 3, -0.5, "", "x" * 50, True, [], {}, ["x"], {"code": 3}, "NaN", [None]]))
    try:
        back = fhir.imported(thing)
    except fhir.FhirError as told:
        assert str(told).endswith(".")
        return
    try:
        assert scoring.definition(back.parsed).is_draft
    except scoring.DefinitionError as told:
        assert told.problems
