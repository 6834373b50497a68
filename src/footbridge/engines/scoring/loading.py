"""A definition from a parsed YAML file. Refuses with every problem named by its place, so that a clinic can mend its
own instrument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from footbridge.engines.scoring.definition import (
    Band,
    BandSet,
    Case,
    ChangeRule,
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
    Points,
    Rounding,
    ScoreRule,
    TriageRoles,
    Wording,
)

Parsed = Mapping[str, Any]

_FIELDS = {
    "the file": "id edition name measures window_days min_repeat_days modes loinc licence choice_sets items gates "
    "scores band_sets change critical triage texts verified_by verified_on notes",
    "licence": "class owner basis url attribution wording_locked",
    "items": "code kind choices low high reversed loinc",
    "gates": "item answers then_ask else_points",
    "scores": "id method items missing weights divide_by multiply add table cases low high loinc",
    "missing": "max_gaps how rounding source",
    "band_sets": "id name citation score bands default",
    "bands": "code label from above",
    "change": "score reliable method source mark lower_is_better sd reliability n response_percent remission_below "
    "case_from severe_from",
    "critical": "item answers severity action ack_minutes",
    "triage": "wish thoughts method intent plan behavior behavior_recent",
    "texts": "title instruction items choices hints groups source verified_by verified_on",
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
        f"the file: {name} is missing" for name in ("id", "edition", "name", "items", "licence") if not parsed.get(name)
    ]
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
        items=tuple(_item(i, sets) for i in p["items"]),
        gates=tuple(
            Gate(str(g["item"]), frozenset(_texts(g["answers"])), _texts(g["then_ask"]), _points(g.get("else_points")))
            for g in p.get("gates") or ()
        ),
        scores=tuple(_score(s) for s in p.get("scores") or ()),
        band_sets=tuple(_band_set(b) for b in p.get("band_sets") or ()),
        change=tuple(_change(c) for c in p.get("change") or ()),
        critical=tuple(
            CriticalRule(
                str(c["item"]),
                frozenset(_texts(c["answers"])),
                str(c["severity"]),
                str(c["action"]),
                c.get("ack_minutes"),
            )
            for c in p.get("critical") or ()
        ),
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
        verified_by=str(p.get("verified_by") or ""),
        verified_on=str(p.get("verified_on") or ""),
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


def _choice(c: Parsed) -> Choice:
    return Choice(str(c["code"]), _points(c.get("points")), c.get("loinc"))


def _item(i: Parsed, sets: Mapping[str, tuple[Choice, ...]]) -> Item:
    kind = str(i.get("kind", "choice"))
    name = str(i.get("choices", ""))
    if kind == "choice" and name not in sets:
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
    )


def _score(s: Parsed) -> ScoreRule:
    missing = s.get("missing") or {}
    return ScoreRule(
        id=str(s["id"]),
        method=Method(s["method"]),
        items=_texts(s["items"]),
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
        low=_points(s.get("low")),
        high=_points(s.get("high")),
        loinc=s.get("loinc"),
    )


def _case(c: Parsed) -> Case:
    conditions = []
    for count in c.get("count") or ():
        pairs = tuple((code, Decimal(str(part["points"]))) for part in count["of"] for code in _texts(part["items"]))
        conditions.append(CountAtLeast(pairs, int(count.get("at_least", 0)), count.get("at_most")))
    return Case(str(c["code"]), Decimal(str(c["value"])), tuple(conditions))


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
        str(b["id"]), str(b["name"]), str(b["citation"]), str(b["score"]), bands, bool(b.get("default", False))
    )


def _change(c: Parsed) -> ChangeRule:
    return ChangeRule(
        score=str(c["score"]),
        reliable=Decimal(str(c["reliable"])),
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
        source=str(t.get("source", "")),
        verified_by=str(t.get("verified_by") or ""),
        verified_on=str(t.get("verified_on") or ""),
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
    for name in ("items", "gates", "scores", "band_sets", "change", "critical"):
        for number, entry in enumerate(p.get(name) or (), start=1):
            yield from extra(f"{name}, entry {number}", entry, name)
            if name == "scores" and isinstance(entry, Mapping):
                yield from extra(f"scores, entry {number}, missing", entry.get("missing"), "missing")
            if name == "band_sets" and isinstance(entry, Mapping):
                for band in entry.get("bands") or ():
                    yield from extra(f"band_sets, entry {number}, bands", band, "bands")
    for language, text in (p.get("texts") or {}).items():
        yield from extra(f"texts, {language}", text, "texts")


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
    for gate in d.gates:
        yield from strangers("gates", (gate.item, *gate.then_ask))
        for code in gate.then_ask:
            if order.get(code, 0) <= order.get(gate.item, -1):
                yield f"gates: item {code!r} must come after item {gate.item!r}, which decides whether it is asked"
    for rule in d.scores:
        yield from strangers(f"scores, {rule.id}", rule.items)
        for case in rule.cases:
            for condition in case.conditions:
                yield from strangers(f"scores, {rule.id}, {case.code}", (code for code, _ in condition.of))
                if outside := [code for code, _ in condition.of if code not in rule.items]:
                    yield f"scores, {rule.id}: {', '.join(outside)} must be among its items"
        if rule.method is Method.TABLE and not rule.table:
            yield f"scores, {rule.id}: a table score needs a table"
        if rule.method is Method.RULE and not rule.cases:
            yield f"scores, {rule.id}: a rule score needs cases"
    score_ids = {rule.id for rule in d.scores}
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
    for change in d.change:
        if change.score not in score_ids:
            yield f"change: score {change.score!r} is not under scores"
    for rule_ in d.critical:
        yield from strangers("critical", (rule_.item,))
        if rule_.severity not in ("high", "same_day", "session"):
            yield f"critical, item {rule_.item}: severity is high, same_day or session, not {rule_.severity!r}"
    if d.triage is not None:
        t = d.triage
        roles = (t.wish, t.thoughts, t.method, t.intent, t.plan, t.behavior, t.behavior_recent or t.behavior)
        yield from strangers("triage", roles)
    for wording in d.wordings.values():
        yield from _wording_gaps(d, wording)


def _wording_gaps(d: Definition, wording: Wording) -> Iterable[str]:
    place = f"texts, {wording.language}"
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
