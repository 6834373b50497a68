"""The form on which a program writes its own instrument: rows of answers, questions, scores and bands.

Every field may be blank while one writes, so that nothing typed is ever lost: what the rows say is put together into a
definition, the engine reads it, and each problem goes back to the field it stands in.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from footbridge.engines import scoring
from footbridge.engines.scoring.proofreading import Path, Problem, proofread
from footbridge.ground.people.words import Language
from footbridge.kit.web.forms import CheckCards, Form

ROWS_AT_FIRST = {"answers": 5, "questions": 5, "scores": 1, "bands": 3}
ROWS_MORE = {"answers": 4, "questions": 5, "scores": 1, "bands": 3}
MOST_ROWS = 150
LANGUAGES = ("en", "es")
# What a definition may hold and this form cannot show: such an instrument is changed in its file.
BEYOND = ("outside", "triage", "checks", "score_triggers")


class _Row(Form):
    """One row. `is_blank` rows do not count: a row is taken away by clearing its words."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for field in self.fields.values():
            field.says_nothing = True  # type: ignore[attr-defined]  # no "(optional)" beside every field

    def typed(self, name: str) -> str:
        value = self[name].value()
        return "" if value is None else str(value).strip()

    @property
    def is_blank(self) -> bool:
        words = (name for name, field in self.fields.items() if name != "key" and type(field) is forms.CharField)
        return not any(self.typed(name) for name in words)


def _words(label: Any, rows: int = 2, **kw: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **kw)


def _line(label: Any, most: int = 160, **kw: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, **kw)


class AboutForm(_Row):
    name = _line(__("Name, as staff know it"))
    code = _line(__("Short name, in small letters"), 40, help_text=__("Like mood_check. It stays when the questions change."))
    measures = _line(__("What it measures"), 300)
    window_days = forms.IntegerField(label=__("Days it asks about"), required=False, min_value=0, max_value=3650, help_text=__("14 for “in the past 2 weeks”"))
    min_repeat_days = forms.IntegerField(label=__("Days before it is asked again, at least"), required=False, min_value=0, max_value=3650)
    modes = forms.MultipleChoiceField(
        label=__("Who fills it in"), required=False, widget=CheckCards(columns=True),
        choices=[("self", __("The client")), ("interview", __("A clinician asks and types")), ("clinician", __("A clinician rates"))],
    )  # fmt: skip
    title_en = _line(__("Title the client sees, in English"))
    title_es = _line(__("Title the client sees, in Spanish"))
    instruction_en = _words(__("What stands before the questions, in English"))
    instruction_es = _words(__("What stands before the questions, in Spanish"))
    owner = _line(__("Whose words are they?"), 300)
    basis = _line(__("On what ground may you use them?"), 300, help_text=__("“We wrote them”, a letter, the owner’s terms"))
    attribution = _line(__("Line under the questions"), 400)
    note = _line(__("What is new in this version"), 300)


class AnswerRow(_Row):
    """One answer of an answer set. Rows without a set's name belong to the set of the row before."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    set = _line(__("Answer set"), 40)
    points = _line(__("Points"), 10)
    en = _line(__("Words in English"), 400)
    es = _line(__("Words in Spanish"), 400)


class QuestionRow(_Row):
    key = _line(__("Number"), 20)
    en = _words(__("Question in English"))
    es = _words(__("Question in Spanish"))
    answers = _line(__("Answer set"), 40)
    low = _line(__("A number, from"), 10)
    high = _line(__("to"), 10)
    reversed = forms.BooleanField(label=__("Counts the other way round"), required=False)
    only_if = _line(__("Ask only after question number"), 20)
    only_if_answers = _line(__("was answered with"), 400, help_text=__("The words or points of the answers, with ; between them"))
    danger = _line(__("Somebody must know of these answers"), 400, help_text=__("The words or points of the answers, with ; between them"))
    danger_when = forms.ChoiceField(
        label=__("How soon"), required=False,
        choices=[("", "–"), ("high", __("At once: stay with the person")), ("same_day", __("The same day")), ("session", __("In the next session"))],
    )  # fmt: skip


    @property
    def opens(self) -> bool:
        """Whether the fold with the rarer fields begins open: something is in it, or something there is to be mended."""
        rare = ("low", "high", "only_if", "only_if_answers")
        typed = any(self.typed(name) for name in rare) or bool(self["reversed"].value())
        return typed or (self.is_bound and any(name in self.errors for name in (*rare, "key", "reversed")))


class ScoreRow(_Row):
    name = _line(__("Name of the score"), 40)
    method = forms.ChoiceField(
        label=__("How it is reckoned"), required=False,
        choices=[("", "–"), ("sum", __("Sum")), ("mean", __("Mean")), ("max", __("Highest"))],
    )  # fmt: skip
    items = _line(__("Of which questions"), 400, help_text=__("Blank: all. Or like 1-9, 12"))
    gaps = _line(__("Blanks allowed"), 4, help_text=__("Blank or 0: with a gap there is no score"))
    how = forms.ChoiceField(
        label=__("What stands in for a blank"), required=False,
        choices=[("", "–"), ("prorate", __("The mean of the answered, for a sum")), ("mean_of_answered", __("Nothing: the mean of the answered"))],
    )  # fmt: skip
    rounding = forms.ChoiceField(
        label=__("Rounded"), required=False, choices=[("", __("Not rounded")), ("half_up", __("Half up")), ("up", __("Up"))]
    )
    gaps_source = _line(__("Where this rule for blanks is from"), 300)
    citation = _line(__("Where the bands are from"), 400, help_text=__("The paper or manual, so that anyone can look it up"))


class BandRow(_Row):
    """One band. Rows without a score's name belong to the score of the row before."""

    score = _line(__("Score"), 40)
    start = _line(__("From"), 10)
    label = _line(__("Name of the band"), 60)


KINDS: dict[str, type[_Row]] = {"answers": AnswerRow, "questions": QuestionRow, "scores": ScoreRow, "bands": BandRow}


class Builder:
    """All rows of the page together. Speaks like one form to the parts of the page (`posting`, `errors`)."""

    def __init__(self, data: QueryDict | None = None, *, base: Mapping[str, Any] | None = None, more: str = "", kept_at: Any = None) -> None:
        """`data`: what was typed. `base`: the definition to change. `more`: the kind of rows to add some of."""
        self.base = dict(base or {})
        self.kept_at = kept_at
        self.more = more
        self.is_bound = data is not None
        initial = {} if data is not None else _rows_of(self.base)
        about: dict[str, Any] = initial.get("about", {})
        self.about = AboutForm(data, prefix="about", initial={"modes": ["self"], **about})
        if self.base:
            self.about.fields["code"].disabled = True
            self.about.initial["code"] = self.base["id"]
        self.rows: dict[str, list[_Row]] = {}
        for kind, row in KINDS.items():
            given = initial.get(kind, [])
            count = len(given) + (0 if given else ROWS_AT_FIRST[kind])
            if data is not None:
                count = _count(data.get(f"{kind}-count"), ROWS_AT_FIRST[kind])
            if more == kind:
                count = min(MOST_ROWS, count + ROWS_MORE[kind])
            self.rows[kind] = [
                row(data, prefix=f"{kind}-{n}", initial=given[n] if n < len(given) else {}) for n in range(count)
            ]
        self._said: list[str] = []

    # -------------------------------------------------- one form, for the parts of the page

    @property
    def forms(self) -> list[_Row]:
        return [self.about, *(row for rows in self.rows.values() for row in rows)]

    def non_field_errors(self) -> list[str]:
        return self._said

    def visible_fields(self) -> Iterator[BoundField]:
        for form in self.forms:
            yield from form.visible_fields()

    def hidden_fields(self) -> Iterator[BoundField]:
        for form in self.forms:
            yield from form.hidden_fields()

    @staticmethod
    def is_multipart() -> bool:
        return False

    @property
    def has_errors(self) -> bool:
        return bool(self._said) or any(form.errors for form in self.forms)

    def refuse(self, problems: Any) -> None:
        """Put each problem on the field it stands in; on the whole page where there is none."""
        for problem in problems:
            self._place(problem)

    def say(self, sentence: Any) -> None:
        """A refusal of the whole page."""
        self._said.append(str(sentence))

    # -------------------------------------------------- from rows to a definition

    def definition(self) -> dict[str, Any] | None:
        """The definition the rows describe; None when something is to be mended first (the fields say what)."""
        for form in self.forms:
            form.is_valid()
        if self.has_errors:
            return None
        parsed = _Put(self).together()
        for problem in proofread(parsed):
            row, field, _label = self._where(problem.path)
            if row is None or field not in row.errors:  # one thing at a time in a field; all fields at once
                self._place(problem)
        return None if self.has_errors else parsed

    def _place(self, problem: Problem) -> None:
        form, field, words = self._where(problem.path)
        sentence = f"“{words}” {problem.sentence}" if words else problem.sentence
        if form is None:
            self._said.append(f"{problem.place}: {problem.sentence}")
        else:
            form.add_error(field, sentence[:1].upper() + sentence[1:])

    def _where(self, path: Path) -> tuple[_Row | None, str, str]:
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                form, field = self.places[path[:length]]
                return form, field, str(form.fields[field].label)
        return None, "", ""

    places: dict[Path, tuple[_Row, str]] = {}


def _count(typed: str | None, otherwise: int) -> int:
    return min(MOST_ROWS, int(typed)) if typed and re.fullmatch(r"\d{1,3}", typed) else otherwise


class _Put:
    """Puts the rows together, and remembers in which field each part of the definition was typed."""

    def __init__(self, builder: Builder) -> None:
        self.b = builder
        self.places = builder.places = {}
        self.sets: dict[str, list[dict[str, Any]]] = {}
        self.codes: dict[str, str] = {}
        self.words: dict[str, dict[str, Any]] = {
            one: {"items": {}, "choices": {}, "title": "", "instruction": ""} for one in LANGUAGES
        }

    def together(self) -> dict[str, Any]:
        about, base = self.b.about, self.b.base
        made: dict[str, Any] = copy.deepcopy(base)
        for path, field in (
            (("id",), "code"), (("name",), "name"), (("measures",), "measures"), (("licence", "owner"), "owner"),
            (("licence", "basis"), "basis"), (("licence",), "owner"), (("window_days",), "window_days"), (("min_repeat_days",), "min_repeat_days"),
        ):  # fmt: skip
            self.places[path] = (about, field)
        made |= {
            "id": base.get("id") or about.typed("code").lower().replace(" ", "_").replace("-", "_"),
            "edition": base.get("edition") or "1",
            "name": about.typed("name"),
            "measures": about.typed("measures"),
            "modes": about.cleaned_data.get("modes") or ["self"],
            "licence": {
                **base.get("licence", {"class": "B"}),
                "owner": about.typed("owner"),
                "basis": about.typed("basis"),
                "attribution": about.typed("attribution"),
            },
        }
        for name in ("window_days", "min_repeat_days"):
            made[name] = about.cleaned_data.get(name)
        self._answers()
        made["choice_sets"] = self.sets
        made["items"], made["gates"], made["critical"] = self._questions()
        made["scores"], made["band_sets"] = self._scores(made["items"])
        made["change"] = [one for one in base.get("change") or () if one.get("score") in {s["id"] for s in made["scores"]}]
        made["texts"] = self._texts(made["items"])
        if not made["items"]:
            first = self.b.rows["questions"][0]
            first.add_error("en", _("Write at least one question."))
        elif not made["texts"]:
            self.b.rows["questions"][0].add_error("en", _("Write every question in English or in Spanish."))
        return made

    def _answers(self) -> None:
        current = ""
        for row in self.b.rows["answers"]:
            if row.is_blank:
                continue
            current = row.typed("set") or current or _("Answers")
            name = _code(current) or "answers"
            known = self.sets.setdefault(name, [])
            self.places.setdefault(("choice_sets", name), (row, "set"))
            key = row.typed("key") or _free(row.typed("points"), [one["code"] for one in known])
            choice: dict[str, Any] = {"code": key}
            before: dict[str, Any] = next((c for c in self.b.base.get("choice_sets", {}).get(name, []) if str(c["code"]) == key), {})
            if before.get("loinc"):
                choice["loinc"] = before["loinc"]
            points = row.typed("points")
            if points:
                number = _number(points)
                if number is None:
                    row.add_error("points", _("“Points”: enter a number, like 2, or leave it blank."))
                else:
                    choice["points"] = number
            path: Path = ("choice_sets", name, len(known))
            for field in ("points", "code"):
                self.places[(*path, field)] = (row, "points")
            self.places[path] = (row, "en")
            known.append(choice)
            for language in LANGUAGES:
                words = row.typed(language)
                if words:
                    self.words[language]["choices"].setdefault(name, {})[key] = words
                self.places[("texts", language, "choices", name, key)] = (row, language)
            if not row.typed("en") and not row.typed("es"):
                row.add_error("en", _("Write the words of this answer."))

    def _questions(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        items: list[dict[str, Any]] = []
        gates: dict[tuple[Any, ...], dict[str, Any]] = {}
        critical: list[dict[str, Any]] = []
        before = {str(item["code"]): item for item in self.b.base.get("items") or ()}
        else_points = {code: g.get("else_points") for g in self.b.base.get("gates") or () for code in g["then_ask"]}
        minutes = {str(c["item"]): c for c in self.b.base.get("critical") or ()}
        for row in self.b.rows["questions"]:
            if row.is_blank:
                continue
            code = row.typed("key") or _free(str(len(items) + 1), [one["code"] for one in items])
            item: dict[str, Any] = {"code": code}
            if before.get(code, {}).get("loinc"):
                item["loinc"] = before[code]["loinc"]
            path: Path = ("items", len(items))
            for field, name in (("code", "key"), ("choices", "answers"), ("low", "low"), ("high", "high")):
                self.places[(*path, field)] = (row, name)
            self.places[path] = (row, "key")
            low, high = row.typed("low"), row.typed("high")
            if low or high:
                item["kind"] = "number"
                for field, typed in (("low", low), ("high", high)):
                    number = _number(typed)
                    if number is None:
                        row.add_error(field, _("Enter both ends of the range, like 0 and 30."))
                    else:
                        item[field] = number
            else:
                name = _code(row.typed("answers")) or next(iter(self.sets), "")
                if name not in self.sets:
                    row.add_error("answers", _("There is no answer set of this name above.") if row.typed("answers") else _("Write the answers above first."))
                    name = next(iter(self.sets), "")
                item["choices"] = name
            if row["reversed"].value():
                item["reversed"] = True
            if not row.typed("en") and not row.typed("es"):
                row.add_error("en", _("Write the words of this question."))
            for language in LANGUAGES:
                words = row.typed(language)
                if words:
                    self.words[language]["items"][code] = words
                self.places[("texts", language, "items", code)] = (row, language)
            self._condition(row, code, items, gates, else_points.get(code))
            self._danger(row, item, critical, minutes.get(code, {}))
            items.append(item)
        return items, list(gates.values()), critical

    def _condition(self, row: _Row, code: str, items: list[dict[str, Any]], gates: dict[tuple[Any, ...], dict[str, Any]], points: Any) -> None:
        other, typed = row.typed("only_if"), row.typed("only_if_answers")
        if not other and not typed:
            return
        asked = next((one for one in items if one["code"] == other), None)
        if asked is None:
            row.add_error("only_if", _("Name a question that stands before this one by its number."))
            return
        answers = self._chosen(row, "only_if_answers", asked)
        if not answers:
            return
        key = (other, tuple(answers), str(points))
        gate = gates.setdefault(key, {"item": other, "answers": answers, "then_ask": []})
        gate["then_ask"].append(code)
        if points is not None:
            gate["else_points"] = points

    def _danger(self, row: _Row, item: dict[str, Any], critical: list[dict[str, Any]], before: Mapping[str, Any]) -> None:
        typed, when = row.typed("danger"), row.typed("danger_when")
        if not typed and not when:
            return
        if not when:
            row.add_error("danger_when", _("Say how soon somebody must look at these answers."))
            return
        answers = self._chosen(row, "danger", item)
        if answers:
            rule = {"item": item["code"], "answers": answers, "severity": when, "action": before.get("action") or ACTION[when]}
            if before.get("ack_minutes") and before.get("severity") == when:
                rule["ack_minutes"] = before["ack_minutes"]
            critical.append(rule)

    def _chosen(self, row: _Row, field: str, item: Mapping[str, Any]) -> list[str]:
        """The codes of the answers that were named by their words, points or code."""
        typed = [part.strip() for part in row.typed(field).split(";") if part.strip()]
        if item.get("kind") == "number":
            wrong = [part for part in typed if _number(part) is None]
            found = [part for part in typed if _number(part) is not None]
        else:
            name = item.get("choices", "")
            known: dict[str, str] = {}
            for choice in self.sets.get(name, []):
                points = "" if choice.get("points") is None else str(choice["points"])
                for words in (
                    choice["code"], points, *(self.words[one]["choices"].get(name, {}).get(choice["code"], "") for one in LANGUAGES),
                ):  # fmt: skip
                    if words:
                        known.setdefault(words.casefold(), choice["code"])
            wrong = [part for part in typed if part.casefold() not in known]
            found = [known[part.casefold()] for part in typed if part.casefold() in known]
        if wrong or not found:
            row.add_error(field, _("“%(answer)s” is not one of the answers of that question.") % {"answer": wrong[0]} if wrong else _("Name at least one answer."))
            return []
        return list(dict.fromkeys(found))

    def _scores(self, items: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        order = [one["code"] for one in items]
        scores: list[dict[str, Any]] = []
        rows: dict[str, ScoreRow] = {}
        old = {s["id"]: s for s in self.b.base.get("scores") or ()}
        for row in self.b.rows["scores"]:
            if row.is_blank:
                continue
            name = _code(row.typed("name")) or "total"
            chosen = self._range(row, order)
            score: dict[str, Any] = {"id": name, "method": row.typed("method") or "sum", "items": chosen}
            if old.get(name, {}).get("loinc"):
                score["loinc"] = old[name]["loinc"]
            gaps = row.typed("gaps")
            if gaps and gaps != "0":
                if not gaps.isdigit():
                    row.add_error("gaps", _("“Blanks allowed”: enter a whole number, like 2."))
                elif not row.typed("how"):
                    row.add_error("how", _("Say what stands in for a blank."))
                else:
                    score["missing"] = {
                        "max_gaps": int(gaps), "how": row.typed("how"), "rounding": row.typed("rounding") or "none", "source": row.typed("gaps_source"),
                    }  # fmt: skip
            self._limits(score, items)
            path: Path = ("scores", len(scores))
            self.places[path] = (row, "name")
            for field in ("items", "method"):
                self.places[(*path, field)] = (row, field)
            self.places[(*path, "missing")] = (row, "gaps")
            scores.append(score)
            rows[name] = row  # type: ignore[assignment]
        bands: dict[str, list[dict[str, Any]]] = {}
        band_rows: dict[str, list[_Row]] = {}
        current = next(iter(rows), "")
        for band in self.b.rows["bands"]:
            if band.is_blank:
                continue
            current = _code(band.typed("score")) or current
            if current not in rows:
                band.add_error("score", _("There is no score of this name above."))
                continue
            start = _number(band.typed("start"))
            if start is None:
                band.add_error("start", _("“From”: enter the lowest number of this band, like 10."))
                continue
            if not band.typed("label"):
                band.add_error("label", _("Give the band a name."))
                continue
            label = band.typed("label")
            known = {b["label"]: b["code"] for one in self.b.base.get("band_sets") or () if one["score"] == current for b in one["bands"]}
            code = known.get(label) or _free(_code(label) or "band", [one["code"] for one in bands.get(current, [])])
            bands.setdefault(current, []).append({"code": code, "label": label, "from": start})
            band_rows.setdefault(current, []).append(band)
        sets: list[dict[str, Any]] = []
        kept = {b["score"]: b for b in self.b.base.get("band_sets") or ()}
        for name, of in bands.items():
            citation = rows[name].typed("citation")
            if not citation:
                rows[name].add_error("citation", _("Say where the bands are from. Bands without a source are not drawn."))
            path = ("band_sets", len(sets))
            self.places[path] = self.places[(*path, "citation")] = (rows[name], "citation")
            for number, row in enumerate(band_rows[name]):
                self.places[(*path, "bands", number)] = (row, "start")
            self.places[(*path, "bands")] = (band_rows[name][0], "start")
            sets.append(
                {"id": f"{name}_bands", "name": citation[:60] or name, "default": True, **kept.get(name, {}), "citation": citation, "score": name, "bands": of}
            )  # fmt: skip
            starts = [Decimal(str(one["from"])) for one in of]
            for number, row in enumerate(band_rows[name][1:], start=1):
                if starts[number] <= starts[number - 1]:
                    row.add_error("start", _("Each band must begin above the one before."))
        return scores, sets

    def _range(self, row: _Row, order: list[str]) -> list[str]:
        typed = row.typed("items")
        if not typed:
            return list(order)
        found: list[str] = []
        for part in re.split(r"[,;]\s*|\s+", typed):
            first, _dash, last = part.partition("-")
            if part in order:
                found.append(part)
            elif first in order and last in order and order.index(first) <= order.index(last):
                found += order[order.index(first) : order.index(last) + 1]
            elif part:
                row.add_error("items", _("“%(part)s” is not a question above. Write numbers, like 1-9, 12.") % {"part": part})
                return []
        return list(dict.fromkeys(found))

    def _limits(self, score: dict[str, Any], items: list[dict[str, Any]]) -> None:
        """The least and most the score can be, where every question of it has points."""
        spans: list[tuple[Any, Any]] = []
        for item in items:
            if item["code"] not in score["items"]:
                continue
            span: list[Any]
            if item.get("kind") == "number":
                span = [item.get("low"), item.get("high")]
            else:
                span = [c["points"] for c in self.sets.get(item.get("choices", ""), []) if c.get("points") is not None]
            if not span or None in span:
                return
            spans.append((min(span), max(span)))
        if not spans:
            return
        if score["method"] == "sum":
            score["low"], score["high"] = sum(low for low, _h in spans), sum(high for _l, high in spans)
        else:
            score["low"], score["high"] = min(low for low, _h in spans), max(high for _l, high in spans)

    def _texts(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        about = self.b.about
        made = {}
        for language in LANGUAGES:
            words = self.words[language]
            self.places[("texts", language, "title")] = (about, f"title_{language}")
            self.places[("texts", language)] = (about, f"title_{language}")
            if not words["items"]:
                continue
            made[language] = {
                **(self.b.base.get("texts") or {}).get(language, {}),
                "title": about.typed(f"title_{language}") or about.typed("name"),
                "instruction": about.typed(f"instruction_{language}"),
                "items": words["items"],
                "choices": words["choices"],
                "source": (self.b.base.get("texts") or {}).get(language, {}).get("source", about.typed("basis") if not self.b.base else ""),
            }
            named = Language(language).label
            for row in self.b.rows["questions"]:
                if not row.is_blank and not row.typed(language):
                    row.add_error(language, _("This question has no words in %(language)s, and others have.") % {"language": named})
            for row in self.b.rows["answers"]:
                if not row.is_blank and not row.typed(language):
                    row.add_error(language, _("This answer has no words in %(language)s, and the questions have.") % {"language": named})
        return made


ACTION = {"high": "stay_and_assess", "same_day": "assess_same_day", "session": "talk_today"}


# ------------------------------------------------------------------ from a definition to rows


def fits(parsed: Mapping[str, Any]) -> list[str]:
    """What of a definition this form cannot show, in words; nothing when it can be changed here."""
    found = [name for name in BEYOND if parsed.get(name)]
    if any(item.get("kind") in ("text", "several") or item.get("alternative_to") for item in parsed.get("items") or ()):
        found.append(_("questions answered in words, or that stand for each other"))
    if any(g.get("or") for g in parsed.get("gates") or ()):
        found.append(_("conditions with two ways in"))
    if any(
        s.get("method") not in ("sum", "mean", "max") or s.get("multiply") or s.get("add") or s.get("percent_of") for s in parsed.get("scores") or ()
    ):
        found.append(_("scores by a table, weights or a rule"))
    sets = [b.get("score") for b in parsed.get("band_sets") or ()]
    if len(sets) != len(set(sets)) or any("above" in band for b in parsed.get("band_sets") or () for band in b["bands"]):
        found.append(_("several band sets for one score, or bands that begin above a number"))
    if any(c.get("at_least") is not None for c in parsed.get("critical") or ()):
        found.append(_("critical numbers from a limit on"))
    if any(text.get("hints") or text.get("groups") for text in (parsed.get("texts") or {}).values()):
        found.append(_("headings or help between the questions"))
    if set(parsed.get("texts") or {}) - set(LANGUAGES):
        found.append(_("other languages"))
    if not found and _again(parsed) != scoring.definition(parsed):
        found.append(_("details that would be lost here"))
    return found


def _again(parsed: Mapping[str, Any]) -> scoring.Definition | None:
    """The definition after a round trip through the rows, to see whether the form would lose anything."""
    rows = _rows_of(parsed)
    data = QueryDict(mutable=True)
    for name, value in rows.pop("about").items():
        data.setlist(f"about-{name}", [str(v) for v in value] if isinstance(value, list) else ["" if value is None else str(value)])
    for kind, of in rows.items():
        data[f"{kind}-count"] = str(len(of))
        for number, row in enumerate(of):
            for name, value in row.items():
                if value is not None and value is not False:  # a 0 is typed
                    data[f"{kind}-{number}-{name}"] = str(value)
    made = Builder(data, base=parsed).definition()
    return scoring.definition(made) if made is not None else None


def _rows_of(parsed: Mapping[str, Any]) -> dict[str, Any]:
    if not parsed:
        return {}
    texts = parsed.get("texts") or {}
    licence = parsed.get("licence") or {}
    about: dict[str, Any] = {
        "name": parsed.get("name"), "measures": parsed.get("measures"), "window_days": parsed.get("window_days"),
        "min_repeat_days": parsed.get("min_repeat_days"), "modes": parsed.get("modes") or ["self"],
        "owner": licence.get("owner"), "basis": licence.get("basis"), "attribution": licence.get("attribution"),
    }  # fmt: skip
    for language in LANGUAGES:
        about[f"title_{language}"] = texts.get(language, {}).get("title", "")
        about[f"instruction_{language}"] = texts.get(language, {}).get("instruction", "")

    def words(language: str, part: str, *keys: str) -> str:
        here: Any = texts.get(language, {}).get(part) or {}
        for key in keys:
            here = here.get(key) or {}
        return here if isinstance(here, str) else ""

    answers = []
    for name, choices in (parsed.get("choice_sets") or {}).items():
        for place, choice in enumerate(choices):
            answers.append(
                {"key": str(choice["code"]), "set": name if not place else "", "points": choice.get("points"),
                 **{one: words(one, "choices", name, str(choice["code"])) for one in LANGUAGES}}
            )  # fmt: skip
    gates = {str(code): g for g in parsed.get("gates") or () for code in g["then_ask"]}
    danger = {str(c["item"]): c for c in parsed.get("critical") or ()}

    def said(item: str, codes: Any) -> str:
        of: Mapping[str, Any] = next((i for i in parsed.get("items") or () if str(i["code"]) == item), {})
        shown = []
        for code in codes:
            for one in LANGUAGES:
                told = words(one, "choices", str(of.get("choices", "")), str(code))
                if told:
                    break
            shown.append(told or str(code))
        return "; ".join(shown)

    questions = []
    for item in parsed.get("items") or ():
        code = str(item["code"])
        gate, rule = gates.get(code), danger.get(code)
        questions.append(
            {
                "key": code, **{one: words(one, "items", code) for one in LANGUAGES}, "answers": item.get("choices", ""),
                "low": item.get("low"), "high": item.get("high"), "reversed": item.get("reversed", False),
                "only_if": gate["item"] if gate else "", "only_if_answers": said(str(gate["item"]), gate["answers"]) if gate else "",
                "danger": said(code, rule["answers"]) if rule else "", "danger_when": rule["severity"] if rule else "",
            }
        )  # fmt: skip
    sets = {b["score"]: b for b in parsed.get("band_sets") or ()}
    order = [str(i["code"]) for i in parsed.get("items") or ()]
    scores, bands = [], []
    for score in parsed.get("scores") or ():
        missing = score.get("missing") or {}
        chosen = [str(code) for code in score.get("items") or ()]
        scores.append(
            {"name": score["id"], "method": score["method"], "items": "" if chosen == order else ", ".join(chosen),
             "gaps": missing.get("max_gaps") or "", "how": missing.get("how") if missing.get("max_gaps") else "",
             "rounding": "" if missing.get("rounding") == "none" else missing.get("rounding", ""), "gaps_source": missing.get("source", ""),
             "citation": sets.get(score["id"], {}).get("citation", "")}
        )  # fmt: skip
        for place, band in enumerate(sets.get(score["id"], {}).get("bands") or ()):
            bands.append({"score": score["id"] if not place else "", "start": band["from"], "label": band["label"]})
    return {"about": about, "answers": answers, "questions": questions, "scores": scores, "bands": bands}


def _code(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:40]


def _free(wanted: str, taken: list[str]) -> str:
    wanted = re.sub(r"[^A-Za-z0-9_.]+", "_", wanted).strip("_.") or "a"
    code, number = wanted, 2
    while code in taken:
        code, number = f"{wanted}_{number}", number + 1
    return code


def _number(typed: str) -> int | float | None:
    try:
        number = Decimal(typed)
    except ArithmeticError:
        return None
    if not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() else float(number)
