"""What must hold for every definition file in the package, whoever wrote it. Each message names the file."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from footbridge.engines import scoring
from footbridge.engines.scoring.definition import Definition, LicenceClass, Method, ScoreRule
from tests.engines.shelf import DEFINITIONS, every_instrument, instrument

ALL = every_instrument()


def place(name: str) -> str:
    return f"{name}.yaml"


@pytest.mark.parametrize("name", ALL)
def test_the_file_loads_and_is_named_after_its_id(name):
    definition = instrument(name)
    assert definition.id == name, f"{place(name)}: id is {definition.id!r}"
    assert definition.edition and definition.name and definition.measures, (
        f"{place(name)}: edition, name or measures is empty"
    )
    assert (DEFINITIONS / place(name)).read_text(encoding="utf-8").startswith("#"), (
        f"{place(name)}: a first line says what it is"
    )


@pytest.mark.parametrize("name", ALL)
def test_every_item_of_a_score_gives_points(name):
    definition = instrument(name)
    counted = {code for rule in definition.scores for code in rule.items}
    for item in definition.items:
        if item.code in counted:
            assert item.range() is not None, f"{place(name)}: item {item.code} counts in a score and gives no points"
        elif item.kind == "several" or item.kind == "text":
            assert item.range() is None, f"{place(name)}: item {item.code} is never scored and gives points"


def possible(definition: Definition, rule: ScoreRule) -> tuple[Decimal, Decimal] | None:
    """Least and most a score can come to, worked out from its items; None where the range is not theirs to say."""
    spans = []
    for code in rule.items:
        item = definition.item(code)
        low, high = item.range()
        gate = definition.gate_of(code)
        if gate is not None and gate.else_points is not None:
            low, high = min(low, gate.else_points), max(high, gate.else_points)
        spans.append((low, high))
    if any(definition.item(code).alternative_to for code in rule.items):
        return None
    if rule.method is Method.SUM:
        low, high = sum(s[0] for s in spans), sum(s[1] for s in spans)
    elif rule.method in (Method.MEAN, Method.MAX):
        low = (sum(s[0] for s in spans) / len(spans)) if rule.method is Method.MEAN else max(s[0] for s in spans)
        high = (sum(s[1] for s in spans) / len(spans)) if rule.method is Method.MEAN else max(s[1] for s in spans)
    elif rule.method is Method.TABLE:
        low, high = min(rule.table.values()), max(rule.table.values())
    elif rule.method is Method.WEIGHTED:
        ends = [
            sorted(end * rule.weights.get(code, Decimal(1)) for end in s)
            for code, s in zip(rule.items, spans, strict=True)
        ]
        low, high = sum(e[0] for e in ends) / rule.divide_by, sum(e[1] for e in ends) / rule.divide_by
    else:
        return None
    if rule.percent_of is not None:
        least, most = rule.percent_of
        low, high = ((v - least) * 100 / (most - least) for v in (low, high))
    low, high = low * rule.multiply + rule.add, high * rule.multiply + rule.add
    return min(low, high), max(low, high)


@pytest.mark.parametrize("name", ALL)
def test_the_range_of_a_score_is_what_its_items_can_come_to(name):
    definition = instrument(name)
    for rule in definition.scores:
        where = f"{place(name)}, score {rule.id}"
        if rule.method is Method.RULE:
            assert not rule.cases[-1].conditions, f"{where}: the last case must hold for everybody else"
            continue
        assert rule.low is not None and rule.high is not None, f"{where}: low and high are missing"
        found = possible(definition, rule)
        if found is not None:
            assert found == (rule.low, rule.high), (
                f"{where}: items give {found[0]} to {found[1]}, the file says {rule.low} to {rule.high}"
            )


@pytest.mark.parametrize("name", ALL)
def test_a_total_of_all_lowest_and_all_highest_answers_is_the_end_of_the_scale(name):
    definition = instrument(name)
    for rule in definition.scores:
        if rule.method is not Method.SUM or any(definition.item(c).kind != "choice" for c in rule.items):
            continue
        if any(definition.item(c).alternative_to for c in rule.items):
            continue
        for pick, end in ((min, rule.low), (max, rule.high)):
            answers = {}
            for item in definition.items:
                scored = [c.code for c in item.choices if item.points(c.code) is not None]
                if item.code in rule.items:
                    answers[item.code] = scoring.answered(pick(scored, key=item.points))
                elif item.choices:
                    gate = next((g for g in definition.gates if g.item == item.code), None)
                    opening = sorted(gate.answers)[0] if gate else item.choices[0].code
                    answers[item.code] = scoring.answered(opening)
            result = scoring.score(definition, answers, rule.id)
            assert result.is_scored, f"{place(name)}, score {rule.id}: {result}"
            assert result.value == end, (
                f"{place(name)}, score {rule.id}: {pick.__name__} of all answers is {result.value}, not {end}"
            )


@pytest.mark.parametrize("name", ALL)
def test_band_sets_cover_the_whole_score_and_say_where_they_are_from(name):
    definition = instrument(name)
    ranges = {r.id: (r.low, r.high) for r in (*definition.scores, *definition.outside)}
    ids = [b.id for b in definition.band_sets]
    assert len(ids) == len(set(ids)), f"{place(name)}: two band sets have one id"
    for bands in definition.band_sets:
        where = f"{place(name)}, band set {bands.id}"
        low, high = ranges[bands.score]
        assert bands.citation.strip() and bands.name.strip(), f"{where}: no citation or no name"
        assert bands.mark in ("V", "V2", "K", "U"), f"{where}: mark {bands.mark!r}"
        if bands.mark in ("K", "U"):
            assert definition.band_set(bands.score, bands.id) is None, (
                f"{where}: nobody read it in a source, and it draws a band"
            )
        codes = [b.code for b in bands.bands]
        assert len(codes) == len(set(codes)), f"{where}: two bands have one code"
        if low is None or high is None:
            continue
        assert bands.band(low) is not None, f"{where}: no band for {low}"
        starts = [b.start for b in bands.bands]
        assert starts == sorted(starts), f"{where}: bands must rise"
        assert all(b.reached_by(high) for b in bands.bands), f"{where}: a band lies above {high}"
        assert not bands.bands[0].exclusive, f"{where}: the first band must hold its own start"


@pytest.mark.parametrize("name", ALL)
def test_critical_answers_are_answers_of_items_that_exist(name):
    definition = instrument(name)
    for rule in definition.critical:
        item = definition.item(rule.item)
        assert item is not None, f"{place(name)}: critical item {rule.item} does not exist"
        codes = {c.code for c in item.choices}
        if item.choices:
            assert rule.answers, f"{place(name)}: critical item {rule.item} names no answer"
            assert rule.answers <= codes, (
                f"{place(name)}: critical item {rule.item}: {sorted(rule.answers - codes)} are no answers"
            )
        assert rule.action, f"{place(name)}: critical item {rule.item} names no action"
    for gate in definition.gates:
        for opener, answers in gate.opened_by:
            item = definition.item(opener)
            assert item is not None, f"{place(name)}: gate {opener} does not exist"
            if item.choices:
                assert answers <= {c.code for c in item.choices}, (
                    f"{place(name)}: gate {opener} waits for an answer nobody can give"
                )


@pytest.mark.parametrize("name", ALL)
def test_whose_it_is_and_what_the_licence_lets_us_ship(name):
    definition = instrument(name)
    licence = definition.licence
    assert licence.owner and licence.basis, f"{place(name)}: licence without owner or basis"
    if licence.klass in (LicenceClass.A, LicenceClass.A_LOCKED):
        assert licence.attribution.strip(), f"{place(name)}: no attribution line"
    if licence.klass is LicenceClass.A_LOCKED:
        assert licence.wording_locked, f"{place(name)}: a class A with a dagger locks its wording"
    if licence.klass in (LicenceClass.B, LicenceClass.C):
        shipped = [t.language for t in definition.wordings.values()]
        assert not shipped, f"{place(name)}: class {licence.klass.value} ships no text, here {shipped}"
    if licence.klass is LicenceClass.C:
        assert not definition.scores, f"{place(name)}: class C takes an outside score and reckons none"


@pytest.mark.parametrize("name", ALL)
def test_wording_is_whole_and_says_where_it_is_from(name):
    definition = instrument(name)
    for language, words in definition.wordings.items():
        where = f"{place(name)}, texts {language}"
        assert words.title.strip(), f"{where}: no title"
        assert words.source.strip(), f"{where}: no source"
        if words.verified_by:
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", words.verified_on), f"{where}: verified_on {words.verified_on!r}"
        known = {i.code for i in definition.items}
        assert set(words.items) == known, f"{where}: items differ: {sorted(set(words.items) ^ known)}"
        assert all(text.strip() for text in words.items.values()), f"{where}: an item has an empty text"
        for item in definition.items:
            if item.choices:
                labels = words.choices.get(item.choice_set, {})
                codes = {c.code for c in item.choices}
                assert set(labels) == codes, (
                    f"{where}: choices of {item.choice_set} differ: {sorted(set(labels) ^ codes)}"
                )
                assert all(label.strip() for label in labels.values()), (
                    f"{where}: a choice of {item.choice_set} is empty"
                )
        for part, texts in (("hints", words.hints), ("groups", words.groups)):
            assert set(texts) <= known, f"{where}: {part} of no item: {sorted(set(texts) - known)}"


LOINC = re.compile(r"(?P<number>\d{3,7})-(?P<check>\d)")
LOINC_ANSWER = re.compile(r"LA(?P<number>\d{1,7})-(?P<check>\d)")


def check_digit(number: str, letters: str = "") -> int:
    """Mod 10 of the LOINC manual: every second digit from the right twice, all digits added. The letters of an answer
    code (LA) count 5."""
    odd, even = number[::-1][::2], number[::-1][1::2]
    total = sum(int(d) for d in even) + sum(int(d) for d in str(int(odd[::-1]) * 2))
    return (-total + (5 if letters else 0)) % 10


@pytest.mark.parametrize(
    ("code", "ok"),
    [
        ("44261-6", True),
        ("70274-6", True),
        ("44261-5", False),
        ("101698-9", True),
        ("LA6568-5", True),
        ("LA6568-4", False),
        ("LA33-6", True),
    ],
)
def test_the_check_digit_of_a_loinc_code(code, ok):
    number, digit = code.removeprefix("LA").split("-")
    assert (check_digit(number, "LA" if code.startswith("LA") else "") == int(digit)) is ok


@pytest.mark.parametrize("name", ALL)
def test_loinc_codes_are_possible_codes(name):
    definition = instrument(name)
    codes = [("the form", definition.loinc), *((f"item {i.code}", i.loinc) for i in definition.items)]
    codes += [(f"score {r.id}", r.loinc) for r in definition.scores]
    for where, code in codes:
        if code is not None:
            found = LOINC.fullmatch(str(code))
            assert found, f"{place(name)}, {where}: {code!r} is no LOINC code"
            assert check_digit(found["number"]) == int(found["check"]), (
                f"{place(name)}, {where}: {code!r} has a wrong check digit"
            )
    for item in definition.items:
        for choice in item.choices:
            if choice.loinc is not None:
                found = LOINC_ANSWER.fullmatch(str(choice.loinc))
                assert found, f"{place(name)}, item {item.code}: {choice.loinc!r} is no LOINC answer code"
                assert check_digit(found["number"], "LA") == int(found["check"]), (
                    f"{place(name)}: {choice.loinc!r} has a wrong check digit"
                )


@pytest.mark.parametrize("name", ALL)
def test_nothing_uncertain_draws_a_verdict(name):
    definition = instrument(name)
    for rule in definition.change:
        assert rule.mark in ("V", "V2", "K", "U"), f"{place(name)}, change of {rule.score}: mark {rule.mark!r}"
        assert rule.source.strip(), f"{place(name)}, change of {rule.score}: no source"
        if rule.mark in ("K", "U"):
            assert definition.change_rule(rule.score) is None, (
                f"{place(name)}: a change nobody read in a source draws a verdict"
            )
    for rule in definition.scores:
        if rule.missing.max_gaps:
            assert rule.missing.source.strip(), f"{place(name)}, score {rule.id}: a missing-item rule without a source"


@pytest.mark.parametrize("name", ALL)
def test_an_empty_form_has_no_score_and_no_band(name):
    definition = instrument(name)
    for result in scoring.score_all(definition, {}):
        assert not result.is_scored, f"{place(name)}, score {result.score}: an empty form scored {result}"
