"""Definitions as FHIR R4 Questionnaires and back, and finished forms as QuestionnaireResponses. Plain dictionaries in
and out.

What FHIR has no field for (reversed items, points of items not asked, our answer codes beside LOINC's) travels in extensions
whose names begin with `urn:footbridge:`; other systems may ignore them, and without them nothing is misread: the weight
of an answer is always the one that counts. Scoring and bands do not travel: a Questionnaire says what is asked.

Sources: FHIR R4 Questionnaire, QuestionnaireResponse, and the core extensions ordinalValue, itemWeight,
questionnaire-itemControl, translation, minValue, maxValue, data-absent-reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from footbridge.engines.scoring.answers import Answers, State, settle
from footbridge.engines.scoring.definition import Choice, Definition, Gate, Item, Points, Wording, chosen

Resource = dict[str, Any]

LOINC = "http://loinc.org"
_CORE = "http://hl7.org/fhir/StructureDefinition/"
_ORDINAL, _WEIGHT = _CORE + "ordinalValue", _CORE + "itemWeight"
_MIN, _MAX = _CORE + "minValue", _CORE + "maxValue"
_CONTROL, _TRANSLATION = _CORE + "questionnaire-itemControl", _CORE + "translation"
_ABSENT = _CORE + "data-absent-reason"
_CONTROL_SYSTEM = "http://hl7.org/fhir/questionnaire-item-control"
_OURS = "urn:footbridge:"
_REVERSED, _CODE, _ELSE, _ALTERNATIVE = (
    _OURS + name for name in ("reversed", "answer-code", "points-when-not-asked", "alternative-to")
)

ITEM_CHARS = 20


class FhirError(ValueError):
    """What was handed in is no Questionnaire at all; the sentence says what it is instead."""


# ------------------------------------------------------------------ out


def questionnaire(definition: Definition, *, base: str, status: str = "") -> Resource:
    """The definition as an R4 Questionnaire. `base` is the address of this installation, without a slash at its end.

    `status` is draft, active or retired; empty: draft for a draft, else active. A definition without text here (class B
    before a site has added it) has items without text.
    """
    language = _first_language(definition)
    wording = definition.wordings.get(language)
    url = canonical(definition, base)
    made: Resource = {
        "resourceType": "Questionnaire",
        "id": _slug(f"{definition.id}-{definition.edition}"),
        **({"language": language} if wording else {}),
        "url": url,
        "version": definition.edition,
        "name": "".join(part.capitalize() for part in re.findall(r"[A-Za-z0-9]+", definition.id)),
        **_said("title", definition, lambda w: w.title, language, definition.name),
        "status": status or ("draft" if definition.is_draft else "active"),
        "subjectType": ["Patient"],
        "publisher": definition.licence.owner,
        **({"description": definition.measures} if definition.measures else {}),
        "copyright": " ".join(p for p in (definition.licence.attribution, definition.licence.basis) if p),
    }
    if definition.loinc:
        made["code"] = [{"system": LOINC, "code": definition.loinc}]
    items: list[Resource] = []
    if any(w.instruction for w in definition.wordings.values()):
        items.append(_display("instruction", definition, lambda w: w.instruction, language))
    for item in definition.items:
        if any(item.code in w.groups for w in definition.wordings.values()):
            items.append(
                _display(f"{item.code}_heading", definition, lambda w, c=item.code: w.groups.get(c, ""), language)
            )
        items.append(_item_out(definition, item, language, url))
    made["item"] = items
    return made


def canonical(definition: Definition, base: str) -> str:
    return f"{base}/fhir/Questionnaire/{_slug(definition.id)}"


def _item_out(definition: Definition, item: Item, language: str, url: str) -> Resource:
    kind = {"choice": "choice", "several": "choice", "text": "text"}.get(item.kind) or (
        "integer" if _is_whole(item) else "decimal"
    )
    made: Resource = {"linkId": item.code}
    extensions = []
    if item.kind == "number":
        value = "valueInteger" if kind == "integer" else "valueDecimal"
        extensions += [
            {"url": address, value: _json(limit)}
            for address, limit in ((_MIN, item.low), (_MAX, item.high))
            if limit is not None
        ]
    if item.reversed:
        extensions.append({"url": _REVERSED, "valueBoolean": True})
    extensions += [{"url": _ALTERNATIVE, "valueCode": other} for other in item.alternative_to]
    gate = definition.gate_of(item.code)
    if gate is not None and gate.else_points is not None:
        extensions.append({"url": _ELSE, "valueDecimal": _json(gate.else_points)})
    if extensions:
        made["extension"] = extensions
    if item.loinc:
        made["code"] = [{"system": LOINC, "code": item.loinc}]
    if item.code.isdigit():
        made["prefix"] = f"{item.code}."
    made |= _said("text", definition, lambda w: w.items.get(item.code, ""), language)
    made["type"] = kind
    if item.kind == "several":
        made["repeats"] = True
    if gate is not None:
        conditions = list(_conditions(definition, gate, url))
        made["enableWhen"] = conditions
        if len(conditions) > 1:
            made["enableBehavior"] = "any"
    if item.kind in ("choice", "several"):
        made["answerOption"] = [_option(definition, item, choice, language, url) for choice in item.choices]
    if any(item.code in w.hints for w in definition.wordings.values()):
        hint = _display(f"{item.code}_help", definition, lambda w: w.hints.get(item.code, ""), language)
        hint["extension"] = [
            {"url": _CONTROL, "valueCodeableConcept": {"coding": [{"system": _CONTROL_SYSTEM, "code": "help"}]}}
        ]
        made["item"] = [hint]
    return made


def _conditions(definition: Definition, gate: Gate, url: str) -> Iterator[Resource]:
    for code, answers in gate.opened_by:
        asked = definition.item(code)
        if asked is None:
            continue
        if asked.kind == "number":
            for answer in sorted(answers, key=lambda a: Decimal(a)):
                whole = _is_whole(asked)
                value = {"answerInteger": int(answer)} if whole else {"answerDecimal": _json(Decimal(answer))}
                yield {"question": code, "operator": "=", **value}
        for choice in asked.choices:
            if choice.code in answers:
                yield {"question": code, "operator": "=", "answerCoding": _coding(asked, choice, url)}


def _coding(item: Item, choice: Choice, url: str) -> Resource:
    if choice.loinc:
        return {"system": LOINC, "code": choice.loinc}
    return {"system": f"{url}/answers/{_slug(item.choice_set)}", "code": choice.code}


def _option(definition: Definition, item: Item, choice: Choice, language: str, url: str) -> Resource:
    coding: Resource = {}
    extensions: list[Resource] = []
    points = item.points(choice.code)
    if points is not None:
        extensions += [{"url": address, "valueDecimal": _json(points)} for address in (_ORDINAL, _WEIGHT)]
    if choice.loinc:
        extensions.append({"url": _CODE, "valueCode": choice.code})
    if extensions:
        coding["extension"] = extensions
    coding |= _coding(item, choice, url)
    coding |= _said("display", definition, lambda w: w.choices.get(item.choice_set, {}).get(choice.code, ""), language)
    return {"valueCoding": coding}


def _display(link: str, definition: Definition, says: Any, language: str) -> Resource:
    return {"linkId": link, **_said("text", definition, says, language), "type": "display"}


def _said(field: str, definition: Definition, says: Any, language: str, otherwise: str = "") -> Resource:
    """A text with its translations. Nothing when there is no text."""
    words = {name: says(w) for name, w in definition.wordings.items()}
    first = words.get(language) or otherwise
    if not first:
        return {}
    others = [
        {
            "url": _TRANSLATION,
            "extension": [{"url": "lang", "valueCode": name}, {"url": "content", "valueString": text}],
        }
        for name, text in words.items()
        if name != language and text
    ]
    return {field: first, **({f"_{field}": {"extension": others}} if others else {})}


def response(
    definition: Definition,
    answers: Answers,
    *,
    base: str,
    identifier: str,
    subject: str,
    authored: str,
    language: str = "",
    is_finished: bool = True,
) -> Resource:
    """A form as it was answered, as an R4 QuestionnaireResponse. `identifier` and `subject` are UUIDs, `authored` an ISO
    instant.

    An item not asked is left out, a blank stands without an answer, a declined one says so: the three stay apart.
    """
    url = canonical(definition, base)
    wording = definition.wordings.get(language) or definition.wordings.get(_first_language(definition))
    items = []
    for code, answer in settle(definition, answers).items():
        item = definition.item(code)
        if item is None or answer.state is State.NOT_ASKED:
            continue
        row: Resource = {"linkId": code}
        if answer.state is State.DECLINED:
            row["extension"] = [{"url": _ABSENT, "valueCode": "asked-declined"}]
        if wording and code in wording.items:
            row["text"] = wording.items[code]
        if answer.state is State.ANSWERED:
            given = chosen(answer.value) if item.kind == "several" else (answer.value,)
            row["answer"] = [_answer_out(item, value, wording, url) for value in given]
        items.append(row)
    return {
        "resourceType": "QuestionnaireResponse",
        "id": identifier,
        **({"language": wording.language} if wording else {}),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{identifier}"},
        "questionnaire": f"{url}|{definition.edition}",
        "status": "completed" if is_finished else "in-progress",
        "subject": {"type": "Patient", "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{subject}"}},
        "authored": authored,
        "item": items,
    }


def _answer_out(item: Item, value: object, wording: Wording | None, url: str) -> Resource:
    if item.kind == "number":
        number = Decimal(str(value))
        return {"valueInteger": int(number)} if _is_whole(item) else {"valueDecimal": _json(number)}
    choice = next((c for c in item.choices if c.code == str(value)), None)
    if choice is None:
        return {"valueString": str(value)}
    coding: Resource = {}
    points = item.points(choice.code)
    extensions: list[Resource] = (
        [] if points is None else [{"url": u, "valueDecimal": _json(points)} for u in (_ORDINAL, _WEIGHT)]
    )
    if choice.loinc:
        extensions.append({"url": _CODE, "valueCode": choice.code})
    if extensions:
        coding["extension"] = extensions
    coding |= _coding(item, choice, url)
    display = wording.choices.get(item.choice_set, {}).get(choice.code) if wording else None
    return {"valueCoding": coding | ({"display": display} if display else {})}


def _first_language(definition: Definition) -> str:
    return "en" if "en" in definition.wordings or not definition.wordings else next(iter(definition.wordings))


def _is_whole(item: Item) -> bool:
    return all(limit is None or limit == limit.to_integral_value() for limit in (item.low, item.high))


def _json(number: Points) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _slug(words: str) -> str:
    """An id as FHIR allows it: letters, digits, - and ., 64 at most."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", words)[:64]


# ------------------------------------------------------------------ in


@dataclass(frozen=True, slots=True)
class Imported:
    """A draft definition (the mapping of a definition file) and, a sentence each, what could not be carried over."""

    parsed: dict[str, Any]
    lost: tuple[str, ...]


def imported(resource: object) -> Imported:
    """A Questionnaire as a draft definition without scores. Raises FhirError for what is no Questionnaire."""
    if not isinstance(resource, Mapping):
        raise FhirError("This is not a FHIR resource: it must be one JSON object.")
    kind = resource.get("resourceType")
    if kind != "Questionnaire":
        raise FhirError(f"This is a {kind or 'JSON object without resourceType'}, not a Questionnaire.")
    try:
        return _Reader(resource).read()
    except FhirError:
        raise
    except (TypeError, KeyError, AttributeError, ValueError, ArithmeticError) as wrong:
        # A field holds another kind of thing than FHIR says; there is no telling what was meant.
        raise FhirError("It is not put together as FHIR R4 says: a list, a text or a number stands where another belongs.") from wrong


class _Reader:
    def __init__(self, resource: Mapping[str, Any]) -> None:
        self.resource = resource
        self.lost: list[str] = []
        self.language = str(resource.get("language") or "en")[:2].lower()
        self.codes: dict[str, str] = {}
        self.items: list[dict[str, Any]] = []
        self.gates: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.sets: dict[tuple[Any, ...], str] = {}
        self.choice_sets: dict[str, list[dict[str, Any]]] = {}
        self.codings: dict[str, dict[tuple[str, str], str]] = {}
        # words[language][part][key] = text; part is items, hints, groups, or "choices <set>"
        self.words: dict[str, dict[str, dict[str, str]]] = {}
        self.heading: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.pending: list[tuple[str, Mapping[str, Any]]] = []

    def read(self) -> Imported:
        r = self.resource
        for name in ("extends", "derivedFrom"):
            if r.get(name):
                self.lost.append(f"{name}: what it builds on is not read.")
        flat = list(self._flat(r.get("item")))
        for link, entry, _ in flat:
            if entry.get("type") != "display":
                self._name(link)
        for link, entry, help_for in flat:
            if entry.get("type") == "display":
                self._words_between(link, entry, help_for)
            else:
                self._take(link, entry)
        for code, entry in self.pending:
            self._gate(code, entry)
        if not self.items:
            raise FhirError("There is no question in it that can be asked here.")
        return Imported(self._definition(), tuple(self.lost))

    # -------------------------------------------------- walking

    def _flat(self, entries: object, help_for: str = "") -> Iterator[tuple[str, Mapping[str, Any], str]]:
        """Every item in order, nested ones after their parent. `help_for`: the question a display belongs to."""
        for number, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
            if not isinstance(entry, Mapping):
                self.lost.append(f"Item {number} is not an object and was left out.")
                continue
            link = str(entry.get("linkId") or f"item{number}")
            kind = str(entry.get("type") or ("group" if entry.get("item") else "string"))
            if kind == "group":
                self.lost.append(f"{link}: the group was opened up; its questions stand in the same order without it.")
                if entry.get("enableWhen"):
                    self.lost.append(f"{link}: the condition of the whole group was not carried over.")
                if entry.get("repeats"):
                    self.lost.append(f"{link}: a group that repeats is asked once here.")
                if entry.get("text"):
                    yield link, {**entry, "type": "display", "enableWhen": None}, ""
                yield from self._flat(entry.get("item"))
                continue
            if kind == "display":
                yield link, entry, help_for
                continue
            yield link, {**entry, "type": kind}, ""
            nested = entry.get("item")
            if isinstance(nested, list) and any(isinstance(n, Mapping) and n.get("type") != "display" for n in nested):
                self.lost.append(f"{link}: the questions under it were put after it.")
            yield from self._flat(nested, help_for=link)

    def _name(self, link: str) -> None:
        """The item's code here: the linkId where it can be stored, else a short one made from it."""
        code = link
        if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{ITEM_CHARS - 1}}}", link):
            short = re.sub(r"[^A-Za-z0-9_.-]+", "", link).lstrip("_.-")[-ITEM_CHARS:].lstrip("_.-") or "q"
            code, number = short, 2
            while code in self.codes.values():
                code = f"{short[: ITEM_CHARS - 4]}_{number}"
                number += 1
            self.lost.append(f"{link}: the linkId cannot be stored here; the question is called {code}.")
        if link in self.codes:
            self.lost.append(f"{link}: is there twice; the second one was left out.")
            return
        self.codes[link] = code

    # -------------------------------------------------- questions

    def _take(self, link: str, entry: Mapping[str, Any]) -> None:
        code = self.codes.get(link, "")
        if not code or code in self.kinds:
            return
        made: dict[str, Any] = {"code": code}
        kind = entry["type"]
        if kind in ("choice", "open-choice", "boolean"):
            if kind == "open-choice":
                self.lost.append(f"{link}: an answer in one's own words is not offered, only the listed ones.")
            choices = _YES_NO if kind == "boolean" else self._options(link, entry)
            if not choices:
                self.lost.append(f"{link}: has no list of answers in the file and was left out.")
                return
            made["choices"] = self._set(code, choices, bool(_ext(entry, _REVERSED)))
            if entry.get("repeats") and kind == "choice":
                made["kind"] = "several"
        elif kind in ("integer", "decimal"):
            made["kind"] = "number"
            for field, address in (("low", _MIN), ("high", _MAX)):
                limit = _ext(entry, address)
                if limit is not None:
                    made[field] = limit
        elif kind in ("string", "text"):
            made["kind"] = "text"
        else:
            self.lost.append(f"{link}: questions of type “{kind}” cannot be asked here; it was left out.")
            return
        if entry.get("repeats") and made.get("kind") != "several":
            self.lost.append(f"{link}: more than one answer cannot be given here; one is taken.")
        for field in ("initial", "maxLength", "readOnly"):
            if entry.get(field):
                self.lost.append(f"{link}: “{field}” was not carried over.")
        if _ext(entry, _REVERSED):
            made["reversed"] = True
        others = [str(e.get("valueCode")) for e in _exts(entry, _ALTERNATIVE)]
        if others:
            made["alternative_to"] = others
        loinc = next(
            (c.get("code") for c in entry.get("code") or () if isinstance(c, Mapping) and c.get("system") == LOINC),
            None,
        )
        if loinc:
            made["loinc"] = str(loinc)
        self.kinds[code] = kind
        self.items.append(made)
        self._say("items", code, entry, "text")
        for language, words in self.heading.items():
            self._put(language, "groups", code, words)
        self.heading = {}
        if entry.get("enableWhen"):
            self.pending.append((code, entry))

    def _options(self, link: str, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
        raw: list[Any] = [option for option in entry.get("answerOption") or () if isinstance(option, Mapping)]
        if not raw and entry.get("answerValueSet"):
            raw = self._value_set(link, str(entry["answerValueSet"]))
        found: list[dict[str, Any]] = []
        for option in raw:
            coding = option.get("valueCoding")
            if not isinstance(coding, Mapping):
                value = next(
                    (option[k] for k in ("valueString", "valueInteger", "valueDate", "valueTime") if k in option), None
                )
                if value is None:
                    self.lost.append(f"{link}: an answer that is a reference was left out.")
                    continue
                coding = {"code": str(value), "display": str(value), "extension": option.get("extension")}
            own = _ext(coding, _CODE)
            is_loinc = coding.get("system") == LOINC
            weight = next(
                (w for a in (_WEIGHT, _ORDINAL) for w in (_ext(coding, a), _ext(option, a)) if w is not None), None
            )
            code = re.sub(
                r"[^A-Za-z0-9_.-]+", "_", str(own or coding.get("code") or coding.get("display") or "")
            ).strip("_.-")[:40]
            if not code or any(one["code"] == code for one in found):
                code = f"a{len(found) + 1}"
            found.append(
                {
                    "code": code,
                    "points": weight,
                    "loinc": str(coding["code"]) if is_loinc and coding.get("code") else None,
                    "coding": (str(coding.get("system") or ""), str(coding.get("code") or "")),
                    "said": coding,
                }
            )
        return found

    def _value_set(self, link: str, address: str) -> list[dict[str, Any]]:
        for one in self.resource.get("contained") or ():
            if isinstance(one, Mapping) and address in (f"#{one.get('id')}", one.get("url")):
                return [
                    {"valueCoding": {**concept, "system": include.get("system")}}
                    for include in (one.get("compose") or {}).get("include") or ()
                    if isinstance(include, Mapping)
                    for concept in include.get("concept") or ()
                    if isinstance(concept, Mapping)
                ]
        self.lost.append(f"{link}: its answers stand in the value set {address}, which is not inside the file.")
        return []

    def _set(self, code: str, choices: list[dict[str, Any]], reversed_: bool) -> str:
        """The name of the choice set with these answers; the same answers and words share one. Points of a reversed item
        are turned back: in the file stands what counts."""
        points = [Decimal(str(c["points"])) for c in choices if c.get("points") is not None]
        turn = min(points) + max(points) if reversed_ and points else None
        kept = []
        for choice in choices:
            one: dict[str, Any] = {"code": choice["code"]}
            if choice.get("points") is not None:
                value = Decimal(str(choice["points"]))
                one["points"] = _json(turn - value if turn is not None else value)
            if choice.get("loinc"):
                one["loinc"] = choice["loinc"]
            kept.append(one)
        texts = [tuple(sorted(self._texts_of(choice["said"], "display", choice["code"]).items())) for choice in choices]
        key = (tuple(tuple(sorted(one.items())) for one in kept), tuple(texts))
        if key not in self.sets:
            name = self.sets[key] = f"answers_{len(self.sets) + 1}"
            self.choice_sets[name] = kept
            for choice in choices:
                self._say(f"choices {name}", choice["code"], choice["said"], "display", choice["code"])
        self.codings[code] = {choice["coding"]: choice["code"] for choice in choices}
        return self.sets[key]

    # -------------------------------------------------- conditions

    def _gate(self, code: str, entry: Mapping[str, Any]) -> None:
        link = next(link for link, known in self.codes.items() if known == code)
        order = [item["code"] for item in self.items]
        opened: dict[str, list[str]] = {}
        conditions = [one for one in entry["enableWhen"] if isinstance(one, Mapping)]
        for one in conditions:
            question = self.codes.get(str(one.get("question")), "")
            answer = self._answer_of(question, one)
            if answer is None or question not in order or order.index(question) >= order.index(code):
                self.lost.append(f"{link}: its condition cannot be carried over; the question is always asked.")
                return
            opened.setdefault(question, []).append(answer)
        if len(conditions) > 1 and entry.get("enableBehavior") != "any":
            self.lost.append(
                f"{link}: it needs several conditions at once, which cannot be said here; it is always asked."
            )
            return
        (first, answers), *others = opened.items()
        points = _ext(entry, _ELSE)
        key = (tuple((q, tuple(sorted(a))) for q, a in opened.items()), None if points is None else str(points))
        if key in self.gates:
            self.gates[key]["then_ask"].append(code)
            return
        gate: dict[str, Any] = {"item": first, "answers": answers, "then_ask": [code]}
        if others:
            gate["or"] = [{"item": q, "answers": a} for q, a in others]
        if points is not None:
            gate["else_points"] = points
        self.gates[key] = gate

    def _answer_of(self, question: str, condition: Mapping[str, Any]) -> str | None:
        if condition.get("operator") != "=":
            return None
        kind = self.kinds.get(question)
        if kind == "boolean" and isinstance(condition.get("answerBoolean"), bool):
            return "yes" if condition["answerBoolean"] else "no"
        coding = condition.get("answerCoding")
        if isinstance(coding, Mapping):
            system, code = str(coding.get("system") or ""), str(coding.get("code") or "")
            known = self.codings.get(question, {})
            if (system, code) in known:
                return known[system, code]
            return next((ours for (_, theirs), ours in known.items() if theirs == code and not system), None)
        for name in ("answerInteger", "answerDecimal", "answerString"):
            if name in condition:
                if kind in ("integer", "decimal"):
                    return str(condition[name])
                return self.codings.get(question, {}).get(("", str(condition[name])))
        return None

    # -------------------------------------------------- words

    def _words_between(self, link: str, entry: Mapping[str, Any], help_for: str) -> None:
        texts = self._texts_of(entry, "text")
        if help_for and help_for in self.codes and self.codes[help_for] in self.kinds:
            for language, words in texts.items():
                self._put(language, "hints", self.codes[help_for], words)
        elif not self.items and link == "instruction":
            for language, words in texts.items():
                self._put(language, "instruction", "", words)
        else:
            for language, words in texts.items():
                self.heading[language] = " ".join(p for p in (self.heading.get(language), words) if p)
        if entry.get("enableWhen"):
            self.lost.append(f"{link}: the text is always shown; its condition was not carried over.")

    def _texts_of(self, entry: Mapping[str, Any], field: str, otherwise: str = "") -> dict[str, str]:
        found = {self.language: str(entry[field])} if entry.get(field) else {}
        if not found and otherwise:
            found = {self.language: otherwise}
        beside = entry.get(f"_{field}")
        for one in _exts(beside if isinstance(beside, Mapping) else {}, _TRANSLATION):
            language, content = _ext(one, "lang"), _ext(one, "content")
            if language and content:
                found[str(language)[:2].lower()] = str(content)
        return found

    def _say(self, part: str, key: str, entry: Mapping[str, Any], field: str, otherwise: str = "") -> None:
        for language, words in self._texts_of(entry, field, otherwise).items():
            self._put(language, part, key, words)

    def _put(self, language: str, part: str, key: str, words: str) -> None:
        self.words.setdefault(language, {}).setdefault(part, {})[key] = words

    # -------------------------------------------------- together

    def _definition(self) -> dict[str, Any]:
        r = self.resource
        name = str(r.get("title") or r.get("name") or "Imported questionnaire")
        base = re.sub(
            r"[^a-z0-9]+", "_", str(r.get("url") or r.get("id") or name).rstrip("/").rsplit("/", 1)[-1].lower()
        )
        titles = self._texts_of(r, "title", name)
        loinc = next(
            (c.get("code") for c in r.get("code") or () if isinstance(c, Mapping) and c.get("system") == LOINC), None
        )
        made: dict[str, Any] = {
            "id": re.sub(r"^[^a-z]+", "", base).strip("_")[:40] or "imported",
            "edition": str(r.get("version") or "1")[:40],
            "name": name[:160],
            "measures": str(r.get("description") or ""),
            "licence": {
                "class": "B",
                "owner": str(r.get("publisher") or "Not said in the file"),
                "basis": str(r.get("copyright") or "Not said in the file; to be settled before it is verified"),
                "attribution": str(r.get("copyright") or ""),
            },
            "choice_sets": self.choice_sets,
            "items": self.items,
            "gates": list(self.gates.values()),
            "verified_by": "",
            "verified_on": "",
            "texts": {language: self._wording(language, titles) for language in self._whole_languages()},
        }
        if loinc:
            made["loinc"] = str(loinc)
        self.lost.append(
            "Scores, bands and change rules: a Questionnaire does not hold them. Add them before it is used."
        )
        return made

    def _wording(self, language: str, titles: Mapping[str, str]) -> dict[str, Any]:
        words = self.words[language]
        return {
            "title": titles.get(language) or titles.get(self.language) or "",
            "instruction": words.get("instruction", {}).get("", ""),
            "items": words.get("items", {}),
            "choices": {name: words.get(f"choices {name}", {}) for name in self.choice_sets},
            "hints": words.get("hints", {}),
            "groups": words.get("groups", {}),
            "source": str(self.resource.get("url") or "FHIR Questionnaire"),
            "verified_by": "",
            "verified_on": "",
        }

    def _whole_languages(self) -> Iterable[str]:
        """Languages in which every question and every answer has words. The main language is filled up with linkIds; one
        without any question's words has none (a form whose text may not be shipped)."""
        main = self.words.get(self.language, {})
        if main.get("items"):
            for item in self.items:
                if item["code"] not in main["items"]:
                    link = next(link for link, code in self.codes.items() if code == item["code"])
                    self.lost.append(f"{link}: the question has no text; its linkId stands in for it.")
                    main["items"][item["code"]] = link
        for language, words in list(self.words.items()):
            complete = all(item["code"] in words.get("items", {}) for item in self.items) and all(
                choice["code"] in words.get(f"choices {name}", {})
                for name, choices in self.choice_sets.items()
                for choice in choices
            )
            if complete:
                yield language
            elif words.get("items"):
                self.lost.append(f"The language “{language}” is not complete and was left out.")


_YES_NO = [
    {"code": "yes", "points": None, "coding": ("", "true"), "said": {"display": "Yes"}},
    {"code": "no", "points": None, "coding": ("", "false"), "said": {"display": "No"}},
]


def _exts(entry: Mapping[str, Any], url: str) -> list[Mapping[str, Any]]:
    return [e for e in entry.get("extension") or () if isinstance(e, Mapping) and e.get("url") == url]


def _ext(entry: Mapping[str, Any], url: str) -> Any:
    """The value of the first extension of this name, whatever its type; None when there is none."""
    for one in _exts(entry, url):
        for key, value in one.items():
            if key.startswith("value"):
                return value
    return None
