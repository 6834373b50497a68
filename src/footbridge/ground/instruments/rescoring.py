"""One line of a file scored, or compared: what `footbridge instruments score` and `change` do with each line.

No database, no files: a mapping in, a mapping out. docs/formats.md describes both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from footbridge.data import parsed
from footbridge.engines import progress, scoring

from .library import Library

Line = Mapping[str, Any]
SCORE_FIELDS = ("id", "instrument", "edition", "language", "responses")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)  # beyond them a stay cannot be counted
CHANGE_FIELDS = ("id", "instrument", "edition", "score", "pre", "post", "readings", "started_on", "stay_days")
STATES = {"declined": scoring.DECLINED, "not_asked": scoring.NOT_ASKED}
_WHOLE = re.compile(r"-?\d+\.0+")  # a whole number as tables write it when a column has blanks


class LineTrouble(Exception):
    """A line that cannot be read. `field` is what to mend, `message` how."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}" if field else message)


# -- score


def score_line(library: Library, line: Line) -> dict[str, Any]:
    """Scores, bands, flags and reasons of one form. Raises LineTrouble. A form that cannot be scored is no trouble: its
    verdict says why."""
    _only(line, SCORE_FIELDS)
    form = _definition(library, line)
    language = line.get("language")
    if language is not None and not isinstance(language, str):
        raise LineTrouble("language", "must be a text, for example en")
    if language is not None and language not in form.wordings:
        raise LineTrouble(
            "language", f"{form.id} has no wording in {language!r}; it has {_listed(form.wordings) or 'none'}"
        )
    answers = _answers(library, form, line)
    results = scoring.score_all(form, answers, language=language)
    said: dict[str, Any] = {"instrument": form.id, "edition": form.edition}
    said["scores"] = [_score(form, result) for result in results]
    said["flags"] = [
        {"item": one.item, "value": one.value, "severity": one.severity, "action": one.action}
        for one in scoring.criticals(form, answers)
    ]
    if form.score_triggers:
        said["flags"] += [
            {
                "score": one.score,
                "value": _number(one.value),
                "severity": one.severity,
                "action": one.action,
                "trigger": one.code,
            }
            for one in scoring.triggers(form, *results)
        ]
    if form.checks:
        said["checks"] = [
            {"code": one.code, "items": list(one.items), "sentence": one.sentence}
            for one in scoring.checks(form, answers)
        ]
    if form.triage is not None:
        said["triage"] = {code: _triage(scoring.triage(form, answers, rule)) for code, rule in _triage_rules().items()}
    if form.is_draft:
        said["draft"] = True
    return said


def _score(form: scoring.Definition, result: scoring.Result) -> dict[str, Any]:
    said: dict[str, Any] = {"score": result.score, "value": None, "answered": result.answered, "of": result.of}
    if isinstance(result, scoring.Unscorable):
        said["reason"] = result.reason
        said["sentence"] = result.sentence
        for name in ("missing", "declined", "unknown"):
            if getattr(result, name):
                said[name] = list(getattr(result, name))
        return said
    said["value"] = _number(result.value)
    if result.prorated:
        said["prorated"] = True
    if result.outcome:
        said["outcome"] = result.outcome
    if result.band is not None:
        said["band"] = result.band.code
    elif result.band_withheld:
        said["band"] = None
        said["band_withheld"] = result.band_withheld
    others = scoring.readings(form, result) if result.band_withheld not in ("draft_wording", "shortened_form") else ()
    if others:
        said["bands"] = {bands.id: band.code for bands, band in others}
    return said


@cache
def _triage_rules() -> dict[str, scoring.TriageRule]:
    return scoring.triage_rules(parsed("suicide_triage"))


def _triage(verdict: scoring.TriageVerdict) -> dict[str, Any]:
    if isinstance(verdict, scoring.IncompleteTriage):
        return {
            "complete": False,
            "at_least": str(verdict.at_least),
            "urgency": str(verdict.urgency),
            "missing": list(verdict.missing),
            "because": list(verdict.because),
        }
    said: dict[str, Any] = {"complete": True, "risk": str(verdict.risk), "urgency": str(verdict.urgency)}
    return said | {"because": list(verdict.because)}


def _answers(library: Library, form: scoring.Definition, line: Line) -> dict[str, scoring.Answer]:
    responses = line.get("responses")
    if not isinstance(responses, Mapping):
        raise LineTrouble("responses", 'give the answers as {"item": answer, ...}')
    heard = library.heard.setdefault((form.id, form.edition), {})
    answers: dict[str, scoring.Answer] = {}
    for code, value in responses.items():
        if type(value) is str or type(value) is int:  # a file says the same few things a million times
            known = heard.get((code, value))
            if known is not None:
                answers[code] = known
                continue
        item = form.item(code)
        if item is None:
            raise LineTrouble(
                f"responses.{code}", f"{form.id} {form.edition} has no such item; its items: {_listed(i.code for i in form.items)}"
            )
        answer = answers[code] = _answer(item, code, value)
        if (type(value) is str or type(value) is int) and item.kind == "choice" and len(heard) < 5000:
            heard[code, value] = answer
    return answers


def _answer(item: scoring.Item, code: str, value: Any) -> scoring.Answer:
    if type(value) is int and item.kind == "choice" and abs(value) < 1000:
        value = str(value)  # written the way the definition names its choices: a file has a million of them
    if value is None or value == "":
        return scoring.UNANSWERED
    if isinstance(value, list) and item.kind == "several":
        return scoring.answered(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise LineTrouble(f"responses.{code}", "an answer is a text, a number or null")
    if item.is_valid(value):
        return scoring.answered(value)
    if isinstance(value, str):
        value = value.strip()
        if value in STATES:
            return STATES[value]
        if _WHOLE.fullmatch(value):
            value = value.partition(".")[0]
    elif isinstance(value, float) and value.is_integer():
        value = str(int(value))
    return scoring.answered(value)


# -- change


def change_line(library: Library, line: Line) -> dict[str, Any]:
    """Change of one measure, or of several of one person (`measures`) with the pair rule where PHQ-9 and GAD-7 are both
    there. Raises LineTrouble."""
    if "measures" not in line:
        return _change(library, line, "")[0]
    _only(line, ("id", "measures"))
    given = line["measures"]
    if not isinstance(given, list) or not given:
        raise LineTrouble("measures", 'give a list of {"instrument", "edition", "pre", "post"}')
    changes: list[dict[str, Any]] = []
    pairs: dict[str, _Ends] = {}
    for place, one in enumerate(given):
        if not isinstance(one, Mapping):
            raise LineTrouble(f"measures[{place}]", 'must be {"instrument", "edition", "pre", "post"}')
        said, ends = _change(library, one, f"measures[{place}].")
        changes.append(said)
        pairs[said["instrument"]] = ends
    found: dict[str, Any] = {"measures": changes}
    if "phq9" in pairs and "gad7" in pairs:
        found["pair"] = _pair(pairs["phq9"], pairs["gad7"])
    return found


class _Ends:
    """First and last score of one measure, and its rule."""

    def __init__(self, pre: Decimal, post: Decimal, rule: scoring.ChangeRule | None) -> None:
        self.pre, self.post, self.rule = pre, post, rule


def _change(library: Library, line: Line, place: str) -> tuple[dict[str, Any], _Ends]:
    _only(line, CHANGE_FIELDS, place)
    form = _definition(library, line, place)
    score_id = line.get("score")
    low, high, score_id = _span(form, score_id, place)
    readings = _readings(line, low, high, place)
    if readings is not None:
        pre, post = readings[0][1], readings[-1][1]
    else:
        pre, post = (_points(line.get(name), name, low, high, place) for name in ("pre", "post"))
    rule = form.change_rule(score_id)
    said: dict[str, Any] = {
        "instrument": form.id,
        "edition": form.edition,
        "score": score_id,
        "pre": _number(pre),
        "post": _number(post),
    }
    if form.is_draft:
        said["draft"] = True
    if rule is None:
        said |= _without_rule(form, score_id, pre, post)
    else:
        said |= _with_rule(rule, pre, post)
        course = _course(line, rule, readings, place)
        if course is not None:
            said["course"] = course
    return said, _Ends(pre, post, rule)


def _with_rule(rule: scoring.ChangeRule, pre: Decimal, post: Decimal) -> dict[str, Any]:
    found = progress.change(pre, post, rule)
    basis = found.basis
    said: dict[str, Any] = {
        "change": str(found.direction),
        "points_better": _number(found.points),
        "response": found.response,
        "remission": found.remission,
        "sentence": progress.english(found.sentence),
        "basis": {
            "threshold": _number(basis.threshold),
            "method": basis.method,
            "sd": _number(basis.sd),
            "reliability": _number(basis.reliability),
            "n": basis.n,
            "standard_error": _rounded(basis.standard_error),
            "source": basis.source,
            "mark": basis.mark,
        },
    }
    if basis.sd and basis.reliability is not None:
        index = progress.rc_index(float(pre), float(post), float(basis.sd), float(basis.reliability))
        said["rc_index"] = _rounded(index)
    clinical = progress.clinical_change(pre, post, rule)
    if clinical is not None:
        said["clinical"] = {
            "kind": str(clinical.kind),
            "cutoff": _number(clinical.cutoff),
            "sentence": progress.english(clinical.sentence),
        }
    return said


def _without_rule(form: scoring.Definition, score_id: str, pre: Decimal, post: Decimal) -> dict[str, Any]:
    found = progress.difference(pre, post, form.spread(score_id))
    return {
        "change": None,
        "reason": "draft" if form.is_draft else "not_established",
        "difference": _number(found.points),
        "standard_error": _rounded(found.standard_error),
        "sentence": progress.english(found.sentence),
    }


def _pair(phq9: _Ends, gad7: _Ends) -> dict[str, Any] | None:
    if phq9.rule is None or gad7.rule is None or phq9.rule.case_from is None or gad7.rule.case_from is None:
        return None
    found = progress.pair((phq9.pre, gad7.pre), (phq9.post, gad7.post), (phq9.rule, gad7.rule))
    return {
        "rule": "NHS Talking Therapies (Gyani 2013)",
        "started_a_case": found.started_a_case,
        "reliable_improvement": found.reliable_improvement,
        "reliable_deterioration": found.reliable_deterioration,
        "recovery": found.recovery,
        "reliable_recovery": found.reliable_recovery,
        "sentence": progress.english(found.sentence),
    }


Readings = list[tuple[date | None, Decimal]]


def _readings(line: Line, low: Decimal | None, high: Decimal | None, place: str) -> Readings | None:
    given = line.get("readings")
    if given is None:
        return None
    if line.get("pre") is not None or line.get("post") is not None:
        raise LineTrouble(f"{place}readings", "give either readings or pre and post, not both")
    if not isinstance(given, list) or len(given) < 2:
        raise LineTrouble(f"{place}readings", "give at least two readings, oldest first")
    found: Readings = []
    for number, one in enumerate(given):
        name = f"readings[{number}]"
        on = None
        if isinstance(one, Mapping):
            _only(one, ("on", "value"), f"{place}{name}.")
            on = _day(one.get("on"), f"{place}{name}.on")
            one = one.get("value")
        found.append((on, _points(one, name, low, high, place)))
    days = [on for on, _ in found if on is not None]
    if days and len(days) != len(found):
        raise LineTrouble(f"{place}readings", "give a day with every reading, or with none")
    if days != sorted(days):
        raise LineTrouble(f"{place}readings", "put the readings in order of their days, oldest first")
    return found


def _course(line: Line, rule: scoring.ChangeRule, readings: Readings | None, place: str) -> dict[str, Any] | None:
    """The course by the fixed rules, where the days and the start are given."""
    if line.get("started_on") is None:
        return None
    started_on = _day(line["started_on"], f"{place}started_on")
    dated = [progress.Reading(on, value) for on, value in readings or () if on is not None]
    if not dated:
        raise LineTrouble(
            f"{place}started_on", 'a course needs readings with days: [{"on": "2026-03-02", "value": 18}, ...]'
        )
    stay = line.get("stay_days")
    if stay is not None and (isinstance(stay, bool) or not isinstance(stay, int) or stay < 1):
        raise LineTrouble(f"{place}stay_days", "must be a whole number of days")
    found = progress.course(dated, rule, started_on, stay_days=stay)
    if isinstance(found, progress.NoCourse):
        return {"color": None, "sentence": progress.english(found.reason)}
    return {
        "color": str(found.color),
        "week": found.week,
        "baseline": _number(found.baseline.value),
        "judged_by": found.judged_by,
        "sentences": [progress.english(reason) for reason in found.reasons],
        **({"watch": progress.english(found.watch)} if found.watch else {}),
    }


def _span(form: scoring.Definition, score_id: Any, place: str) -> tuple[Decimal | None, Decimal | None, str]:
    """Range and id of the score that is compared."""
    rule, outside = form.score_rule(score_id), form.outside_score(score_id)
    if rule is not None:
        return rule.low, rule.high, rule.id
    if outside is not None:
        return outside.low, outside.high, outside.id
    names = _listed([*(one.id for one in form.scores), *(one.id for one in form.outside)])
    raise LineTrouble(f"{place}score", f"{form.id} has no score {score_id!r}; its scores: {names or 'none'}")


def _points(value: Any, name: str, low: Decimal | None, high: Decimal | None, place: str) -> Decimal:
    field = f"{place}{name}"
    if value is None or value == "":
        raise LineTrouble(field, "is missing")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise LineTrouble(field, "must be a number")
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        raise LineTrouble(field, f"must be a number, not {str(value)[:40]!r}") from None
    if not number.is_finite():
        raise LineTrouble(field, "must be a number")
    if (low is not None and number < low) or (high is not None and number > high):
        raise LineTrouble(
            field, f"{str(value)[:40]} lies outside the scale, which runs from {_plain(low)} to {_plain(high)}"
        )
    return number


def _day(value: Any, field: str) -> date:
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        raise LineTrouble(field, "must be a day written like 2026-03-02") from None
    if not EARLIEST <= found <= LATEST:
        raise LineTrouble(field, f"must be a day from {EARLIEST.year} to {LATEST.year}")
    return found


# -- both


def _definition(library: Library, line: Line, place: str = "") -> scoring.Definition:
    instrument, edition = (_text(line, name, place) for name in ("instrument", "edition"))
    if not instrument:
        raise LineTrouble(f"{place}instrument", "is missing; give its id, for example phq9")
    found = library.get(instrument, edition)
    if found is not None:
        return found
    known = library.editions(instrument)
    if not known:
        raise LineTrouble(
            f"{place}instrument", f"there is no instrument {instrument!r}{_near(instrument, library.instruments)}"
        )
    if not edition:
        raise LineTrouble(
            f"{place}edition", f"is missing and is never guessed; editions of {instrument}: {_listed(known)}"
        )
    raise LineTrouble(f"{place}edition", f"{instrument} has no edition {edition!r}; it has {_listed(known)}")


def _text(line: Line, name: str, place: str) -> str:
    value = line.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise LineTrouble(f"{place}{name}", "must be a text")
    return str(value).strip()


def _only(line: Line, fields: tuple[str, ...], place: str = "") -> None:
    for name in line:
        if name not in fields:
            raise LineTrouble(f"{place}{name}", f"is not a field here; the fields are {_listed(fields)}")


def _near(name: str, names: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name.lower().replace("-", ""), names, n=1)
    return f"; did you mean {near[0]!r}?" if near else "; `footbridge instruments score --list` names them"


def _listed(names: Any) -> str:
    return ", ".join(str(name) for name in names)


def _plain(value: Decimal | None) -> str:
    return "…" if value is None else f"{value.normalize():f}"


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 6)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
