"""A definition from a parsed YAML file. Refuses with every problem named by its place, so that a clinic can mend its
own instrument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from footbridge.engines import reliable
from footbridge.engines.scoring.definition import (
    Attestation,
    Band,
    BandSet,
    Case,
    ChangeRule,
    CheckRule,
    Choice,
    CountAtLeast,
    CriticalRule,
    Definition,
    Fill,
    Gate,
    Item,
    Licence,
    LicenceClass,
    Method,
    Missing,
    OutsideCritical,
    OutsideScore,
    Points,
    Rounding,
    ScoreRule,
    Spread,
    TriageRoles,
    TriggerRule,
    Wording,
)

Parsed = Mapping[str, Any]

_FIELDS = {
    "the file": "id edition name measures window_days min_repeat_days modes loinc licence choice_sets items gates "
    "scores outside band_sets change critical checks score_triggers triage texts proposed verified_by verified_on notes",
    "licence": "class owner basis url attribution wording_locked",
    "items": "code kind choices low high reversed loinc alternative_to",
    "gates": "item answers or then_ask else_points",
    "scores": "id name method items missing weights divide_by multiply add table cases parts percent_of low high loinc",
    "missing": "max_gaps how rounding source",
    "outside": "id name low high decimals lower_is_better critical",
    "outside critical": "severity action at_least at_most ack_minutes mark source",
    "band_sets": "id name citation score bands default mark whole_form_only applies_to",
    "bands": "code label from above",
    "change": "score reliable method source mark lower_is_better sd reliability n step response_percent remission_below "
    "case_from severe_from",
    "critical": "item answers at_least severity action ack_minutes mark source",
    "checks": "code says item at_most when",
    "score_triggers": "code score from above below band band_set severity action ack_minutes says source mark",
    "triage": "wish thoughts method intent plan behavior behavior_recent",
    "texts": "title instruction items choices hints groups checks source verified_by verified_on attested",
    "attested": "owner basis by on",
}


class DefinitionError(ValueError):
    """`problems`: one sentence each, naming the place and the mend."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def definition(parsed: Parsed) -> Definition:
    """The definition in `parsed` (the mapping of one definition file). Raises DefinitionError with all problems
    found.
    """
    if not isinstance(parsed, Mapping):
        raise DefinitionError(["the file: must be a mapping with id, edition, name, items and licence"])
    problems = list(_unknown_fields(parsed))
    problems += [
        f"the file: {name} is missing" for name in ("id", "edition", "name", "licence") if not parsed.get(name)
    ]
    if not parsed.get("items") and not parsed.get("outside"):
        problems.append("the file: items is missing (or outside, for a score that is only typed in)")
    if problems:
        raise DefinitionError(problems)
    try:
        built = _build(parsed)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise DefinitionError([f"the file: {what}"]) from error
    problems = list(_inconsistencies(built))
    if problems:
        raise DefinitionError(problems)
    return built


def _build(p: Parsed) -> Definition:
    sets = {name: tuple(_choice(c) for c in choices) for name, choices in (p.get("choice_sets") or {}).items()}
    licence = p["licence"]
    triage = p.get("triage")
    return Definition(
        id=str(p["id"]),
        edition=str(p["edition"]),
        name=str(p["name"]),
        measures=str(p.get("measures", "")),
        loinc=p.get("loinc"),
        window_days=p.get("window_days"),
        min_repeat_days=p.get("min_repeat_days"),
        modes=tuple(p.get("modes") or ("self",)),
        items=tuple(_item(i, sets) for i in p.get("items") or ()),
        gates=tuple(
            Gate(
                str(g["item"]),
                frozenset(_texts(g["answers"])),
                _texts(g["then_ask"]),
                _points(g.get("else_points")),
                tuple((str(o["item"]), frozenset(_texts(o["answers"]))) for o in g.get("or") or ()),
            )
            for g in p.get("gates") or ()
        ),
        scores=tuple(_score(s) for s in p.get("scores") or ()),
        band_sets=tuple(_band_set(b) for b in p.get("band_sets") or ()),
        change=tuple(_change(c) for c in p.get("change") or () if c["method"] != NOT_ESTABLISHED),
        spreads=tuple(_spread(c) for c in p.get("change") or () if c["method"] == NOT_ESTABLISHED),
        critical=tuple(
            CriticalRule(
                str(c["item"]),
                frozenset(_texts(c.get("answers") or () if "at_least" in c else c["answers"])),
                str(c["severity"]),
                str(c["action"]),
                c.get("ack_minutes"),
                _points(c.get("at_least")),
                str(c.get("mark", "")),
                str(c.get("source", "")),
            )
            for c in p.get("critical") or ()
        ),
        outside=tuple(_outside(o) for o in p.get("outside") or ()),
        checks=tuple(_check(c) for c in p.get("checks") or ()),
        score_triggers=tuple(_trigger(t) for t in p.get("score_triggers") or ()),
        triage=_triage(triage) if triage else None,
        licence=Licence(
            klass=LicenceClass(licence["class"]),
            owner=str(licence["owner"]),
            basis=str(licence["basis"]),
            url=str(licence.get("url", "")),
            attribution=str(licence.get("attribution", "")),
            wording_locked=bool(licence.get("wording_locked", False)),
        ),
        wordings={language: _wording(language, t) for language, t in (p.get("texts") or {}).items()},
        proposed={language: _wording(language, t) for language, t in (p.get("proposed") or {}).items()},
        verified_by=str(p.get("verified_by") or ""),
        verified_on=str(p.get("verified_on") or ""),
    )


def _check(c: Parsed) -> CheckRule:
    pair = (str(c["item"]), str(c["at_most"])) if "item" in c else None
    when = tuple(
        (code, _points(part.get("from")), _points(part.get("up_to")))
        for part in c.get("when") or ()
        for code in _texts(part["items"])
    )
    return CheckRule(str(c["code"]), str(c["says"]), pair, when)


def _trigger(t: Parsed) -> TriggerRule:
    return TriggerRule(
        code=str(t["code"]),
        score=str(t["score"]),
        severity=str(t["severity"]),
        action=str(t["action"]),
        says=str(t["says"]),
        source=str(t["source"]),
        mark=str(t["mark"]),
        start=_points(t.get("from")),
        above=_points(t.get("above")),
        below=_points(t.get("below")),
        band=str(t.get("band") or ""),
        band_set=str(t.get("band_set") or ""),
        ack_minutes=t.get("ack_minutes"),
    )


def _triage(t: Parsed) -> TriageRoles:
    recent = t.get("behavior_recent")
    return TriageRoles(
        wish=str(t["wish"]),
        thoughts=str(t["thoughts"]),
        method=str(t["method"]),
        intent=str(t["intent"]),
        plan=str(t["plan"]),
        behavior=str(t["behavior"]),
        behavior_recent=None if recent is None else str(recent),
    )


def _outside(o: Parsed) -> OutsideScore:
    return OutsideScore(
        id=str(o["id"]),
        name=str(o["name"]),
        low=Decimal(str(o["low"])),
        high=Decimal(str(o["high"])),
        decimals=int(o.get("decimals", 0)),
        lower_is_better=bool(o["lower_is_better"]),
        critical=tuple(
            OutsideCritical(
                severity=str(c["severity"]),
                action=str(c["action"]),
                at_least=_points(c.get("at_least")),
                at_most=_points(c.get("at_most")),
                ack_minutes=c.get("ack_minutes"),
                mark=str(c.get("mark", "")),
                source=str(c.get("source", "")),
            )
            for c in o.get("critical") or ()
        ),
    )


def _choice(c: Parsed) -> Choice:
    return Choice(str(c["code"]), _points(c.get("points")), c.get("loinc"))


KINDS = ("choice", "several", "number", "text")


def _item(i: Parsed, sets: Mapping[str, tuple[Choice, ...]]) -> Item:
    kind = str(i.get("kind", "choice"))
    name = str(i.get("choices", ""))
    if kind not in KINDS:
        raise ValueError(f"items: item {i['code']}: kind is {', '.join(KINDS)}, not {kind!r}")
    if kind in ("choice", "several") and name not in sets:
        raise ValueError(f"items: item {i['code']} uses the choice set {name!r}, which is not under choice_sets")
    return Item(
        code=str(i["code"]),
        kind=kind,
        choices=sets.get(name, ()),
        choice_set=name,
        low=_points(i.get("low")),
        high=_points(i.get("high")),
        reversed=bool(i.get("reversed", False)),
        loinc=i.get("loinc"),
        alternative_to=_texts(i.get("alternative_to") or ()),
    )


def _score(s: Parsed) -> ScoreRule:
    missing = s.get("missing") or {}
    return ScoreRule(
        id=str(s["id"]),
        method=Method(s["method"]),
        items=_texts(s.get("items") or () if "parts" in s else s["items"]),
        missing=Missing(
            int(missing.get("max_gaps", 0)),
            Fill(missing.get("how", "none")),
            Rounding(missing.get("rounding", "none")),
            str(missing.get("source", "")),
        ),
        weights={str(k): Decimal(str(v)) for k, v in (s.get("weights") or {}).items()},
        divide_by=Decimal(str(s.get("divide_by", 1))),
        multiply=Decimal(str(s.get("multiply", 1))),
        add=Decimal(str(s.get("add", 0))),
        table={Decimal(str(k)): Decimal(str(v)) for k, v in (s.get("table") or {}).items()},
        cases=tuple(_case(c) for c in s.get("cases") or ()),
        parts={str(k): Decimal(str(v)) for k, v in (s.get("parts") or {}).items()},
        percent_of=_percent_of(s.get("percent_of")),
        low=_points(s.get("low")),
        high=_points(s.get("high")),
        loinc=s.get("loinc"),
        name=str(s.get("name", "")),
    )


def _percent_of(ends: Any) -> tuple[Points, Points] | None:
    if ends is None:
        return None
    least, most = (Decimal(str(end)) for end in ends)
    if least >= most:
        raise ValueError("percent_of: the first number must be less than the second")
    return least, most


def _case(c: Parsed) -> Case:
    conditions = []
    for count in c.get("count") or ():
        pairs = tuple((code, Decimal(str(part["points"]))) for part in count["of"] for code in _texts(part["items"]))
        conditions.append(CountAtLeast(pairs, int(count.get("at_least", 0)), count.get("at_most")))
    return Case(str(c["code"]), Decimal(str(c["value"])), tuple(conditions), str(c.get("label", "")))


def _band_set(b: Parsed) -> BandSet:
    bands = tuple(
        Band(
            str(band["code"]),
            str(band["label"]),
            Decimal(str(band["above"] if "above" in band else band["from"])),
            "above" in band,
        )
        for band in b["bands"]
    )
    return BandSet(
        str(b["id"]),
        str(b["name"]),
        str(b["citation"]),
        str(b["score"]),
        bands,
        bool(b.get("default", False)),
        str(b.get("mark", "V")),
        bool(b.get("whole_form_only", False)),
        str(b.get("applies_to") or ""),
    )


# Methods with a meaning of their own: the threshold is worked out from SD and reliability; there is none, only an error.
JACOBSON_TRUAX = "jacobson_truax"
NOT_ESTABLISHED = "not_established"


def _spread(c: Parsed) -> Spread:
    return Spread(
        str(c["score"]),
        Decimal(str(c["sd"])),
        Decimal(str(c["reliability"])),
        str(c["source"]),
        str(c["mark"]),
        c.get("n"),
    )


def _reliable(c: Parsed) -> Points:
    if "reliable" not in c and str(c["method"]) == JACOBSON_TRUAX:
        return reliable.threshold(float(c["sd"]), float(c["reliability"]), Decimal(str(c.get("step", 1))))
    return Decimal(str(c["reliable"]))


def _change(c: Parsed) -> ChangeRule:
    return ChangeRule(
        score=str(c["score"]),
        reliable=_reliable(c),
        method=str(c["method"]),
        source=str(c["source"]),
        mark=str(c["mark"]),
        lower_is_better=bool(c.get("lower_is_better", True)),
        sd=_points(c.get("sd")),
        reliability=_points(c.get("reliability")),
        n=c.get("n"),
        response_percent=_points(c.get("response_percent")),
        remission_below=_points(c.get("remission_below")),
        case_from=_points(c.get("case_from")),
        severe_from=_points(c.get("severe_from")),
    )


def _wording(language: str, t: Parsed) -> Wording:
    return Wording(
        language=language,
        title=str(t["title"]),
        instruction=str(t.get("instruction", "")),
        items={str(k): str(v) for k, v in t["items"].items()},
        choices={
            name: {str(k): str(v) for k, v in labels.items()} for name, labels in (t.get("choices") or {}).items()
        },
        hints={str(k): str(v) for k, v in (t.get("hints") or {}).items()},
        groups={str(k): str(v) for k, v in (t.get("groups") or {}).items()},
        checks={str(k): str(v) for k, v in (t.get("checks") or {}).items()},
        source=str(t.get("source", "")),
        verified_by=str(t.get("verified_by") or ""),
        verified_on=str(t.get("verified_on") or ""),
        attested=Attestation(**{name: str(t["attested"][name]) for name in ("owner", "basis", "by", "on")})
        if t.get("attested")
        else None,
    )


def _unknown_fields(p: Parsed) -> Iterable[str]:
    def extra(place: str, mapping: object, name: str) -> Iterable[str]:
        allowed = _FIELDS[name].split()
        if isinstance(mapping, Mapping):
            for key in mapping:
                if str(key) not in allowed:
                    yield f"{place}: {key!r} is not a field here (fields: {', '.join(allowed)})"

    yield from extra("the file", p, "the file")
    yield from extra("licence", p.get("licence"), "licence")
    yield from extra("triage", p.get("triage"), "triage")
    for name in ("items", "gates", "scores", "outside", "band_sets", "change", "critical", "checks", "score_triggers"):
        for number, entry in enumerate(p.get(name) or (), start=1):
            yield from extra(f"{name}, entry {number}", entry, name)
            if name == "outside" and isinstance(entry, Mapping):
                for rule in entry.get("critical") or ():
                    yield from extra(f"outside, entry {number}, critical", rule, "outside critical")
            if name == "scores" and isinstance(entry, Mapping):
                yield from extra(f"scores, entry {number}, missing", entry.get("missing"), "missing")
            if name == "band_sets" and isinstance(entry, Mapping):
                for band in entry.get("bands") or ():
                    yield from extra(f"band_sets, entry {number}, bands", band, "bands")
    for part in ("texts", "proposed"):
        for language, text in (p.get(part) or {}).items():
            yield from extra(f"{part}, {language}", text, "texts")
            if isinstance(text, Mapping):
                yield from extra(f"{part}, {language}, attested", text.get("attested"), "attested")


def _inconsistencies(d: Definition) -> Iterable[str]:
    codes = [i.code for i in d.items]
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        yield f"items: {code!r} is there twice"
    known = set(codes)

    def strangers(place: str, used: Iterable[str]) -> Iterable[str]:
        for code in used:
            if code not in known:
                yield f"{place}: item {code!r} is not under items"

    order = {code: n for n, code in enumerate(codes)}
    for one in d.items:
        yield from strangers(f"items, {one.code}, alternative_to", one.alternative_to)
        for other in one.alternative_to:
            found = d.item(other)
            if other == one.code or (found is not None and one.code not in found.alternative_to):
                yield f"items: {one.code!r} and {other!r} must each name the other under alternative_to"
    for gate in d.gates:
        yield from strangers("gates", (*(code for code, _ in gate.opened_by), *gate.then_ask))
        for opener, opening in gate.opened_by:
            for code in gate.then_ask:
                if order.get(code, 0) <= order.get(opener, -1):
                    yield f"gates: item {code!r} must come after item {opener!r}, which decides whether it is asked"
            found = d.item(opener)
            for answer in sorted(opening):
                if found is not None and not found.is_valid(answer):
                    yield f"gates: {answer!r} is no answer of item {opener!r}"
    for rule in d.scores:
        yield from strangers(f"scores, {rule.id}", rule.items)
        for code in rule.items:
            item = d.item(code)
            if item is not None and item.kind == "number" and item.range() is None:
                yield f"items: the number {code!r} counts in a score, so it needs low and high"
            if item is not None and item.kind in ("several", "text"):
                yield f"scores, {rule.id}: item {code!r} ({item.kind}) is never scored"
        for case in rule.cases:
            for condition in case.conditions:
                yield from strangers(f"scores, {rule.id}, {case.code}", (code for code, _ in condition.of))
                if outside := [code for code, _ in condition.of if code not in rule.items]:
                    yield f"scores, {rule.id}: {', '.join(outside)} must be among its items"
        yield from _part_problems(d, rule)
        if rule.method is Method.TABLE and not rule.table:
            yield f"scores, {rule.id}: a table score needs a table"
        if rule.method is Method.RULE and not rule.cases:
            yield f"scores, {rule.id}: a rule score needs cases"
    score_ids = {rule.id for rule in d.scores} | {outside.id for outside in d.outside}
    yield from _outside_problems(d)
    for bands in d.band_sets:
        if bands.score not in score_ids:
            yield f"band_sets, {bands.id}: score {bands.score!r} is not under scores"
        if not bands.citation:
            yield f"band_sets, {bands.id}: a citation is missing"
        starts = [band.start for band in bands.bands]
        if starts != sorted(starts):
            yield f"band_sets, {bands.id}: bands must rise"
    for score_id in sorted(score_ids):
        if sum(1 for b in d.band_sets if b.score == score_id and b.default) > 1:
            yield f"band_sets: score {score_id!r} has two defaults"
    for changing in (*(c.score for c in d.change), *(s.score for s in d.spreads)):
        if changing not in score_ids:
            yield f"change: score {changing!r} is not under scores"
    for rule_ in d.critical:
        yield from strangers("critical", (rule_.item,))
        if rule_.severity not in _SEVERITIES:
            yield f"critical, item {rule_.item}: severity is high, same_day or session, not {rule_.severity!r}"
    yield from _check_problems(d)
    yield from _trigger_problems(d)
    if d.triage is not None:
        t = d.triage
        roles = (t.wish, t.thoughts, t.method, t.intent, t.plan, t.behavior, t.behavior_recent or t.behavior)
        yield from strangers("triage", roles)
    for wording in d.wordings.values():
        yield from _wording_gaps(d, wording)
    for wording in d.proposed.values():
        yield from _wording_gaps(d, wording, "proposed")
        if not wording.source:
            yield f"proposed, {wording.language}: say under source what the words rest on"


_SEVERITIES = ("high", "same_day", "session")


def _part_problems(d: Definition, rule: ScoreRule) -> Iterable[str]:
    """A combined score is made of scores that are reckoned from items."""
    if rule.method is not Method.COMBINED:
        return
    if not rule.parts or not rule.divide_by:
        yield f"scores, {rule.id}: a combined score needs parts, and a divide_by that is not 0"
    for part in rule.parts:
        other = d.score_rule(part)
        if other is None or other.method is Method.COMBINED:
            yield f"scores, {rule.id}: part {part!r} must be a score of this file that is reckoned from items"


def _outside_problems(d: Definition) -> Iterable[str]:
    if d.licence.klass is LicenceClass.C and (d.items or d.scores or not d.outside):
        yield "the file: licence class C takes outside scores only: no items, no scores, at least one under outside"
    for score in d.outside:
        if d.score_rule(score.id) is not None:
            yield f"outside, {score.id}: a score of this name is under scores"
        if score.low >= score.high or score.decimals < 0:
            yield f"outside, {score.id}: low must be less than high, and decimals not less than 0"
        for rule in score.critical:
            if rule.severity not in _SEVERITIES or (rule.at_least is None) == (rule.at_most is None):
                yield f"outside, {score.id}: a critical rule has a severity (high, same_day, session) and one limit"


def _check_problems(d: Definition) -> Iterable[str]:
    codes = [check.code for check in d.checks]
    for check in d.checks:
        place = f"checks, {check.code}"
        if codes.count(check.code) > 1:
            yield f"{place}: the code is there twice"
        if (check.not_above is None) == (not check.when):
            yield f"{place}: say either item and at_most, or when"
        for code in check.items:
            item = d.item(code)
            if item is None:
                yield f"{place}: item {code!r} is not under items"
            elif item.range() is None:
                yield f"{place}: item {code!r} carries no points to compare"
    for wording in d.wordings.values():
        for code in wording.checks:
            if code not in codes:
                yield f"texts, {wording.language}, checks: {code!r} is not under checks"


def _trigger_problems(d: Definition) -> Iterable[str]:
    codes = [rule.code for rule in d.score_triggers]
    for rule in d.score_triggers:
        place = f"score_triggers, {rule.code}"
        if codes.count(rule.code) > 1:
            yield f"{place}: the code is there twice"
        if d.score_rule(rule.score) is None:
            yield f"{place}: score {rule.score!r} is not under scores"
        if rule.severity not in ("high", "same_day", "session"):
            yield f"{place}: severity is high, same_day or session, not {rule.severity!r}"
        if rule.mark not in ("V", "V2", "K"):
            yield f"{place}: mark is V, V2 or K, not {rule.mark!r}"
        if rule.start is None and rule.above is None and not rule.band:
            yield f"{place}: say from, above or band"
        if rule.band:
            bands = rule.bands_of(d)
            if bands is None:
                yield f"{place}: {rule.band_set or 'a default band set'} is not among the band sets of {rule.score!r}"
            elif rule.band not in {band.code for band in bands.bands}:
                yield f"{place}: band {rule.band!r} is not in the band set {bands.id!r}"


def _wording_gaps(d: Definition, wording: Wording, part: str = "texts") -> Iterable[str]:
    place = f"{part}, {wording.language}"
    for item in d.items:
        if item.code not in wording.items:
            yield f"{place}: item {item.code!r} has no text"
        for choice in item.choices:
            if choice.code not in wording.choices.get(item.choice_set, {}):
                yield f"{place}: choice {choice.code!r} of {item.choice_set!r} has no text"


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(v) for v in values)


def _points(value: Any) -> Points | None:
    return None if value is None else Decimal(str(value))
