"""The level-of-care engine, fed from the chart; and its sentences in the reader's language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footbridge.care.screening.words import Fact, Known
from footbridge.data import parsed, text
from footbridge.engines import level_of_care
from footbridge.engines.level_of_care import Advice, PlacementFacts, PlacementRules, Rating, Verdict
from footbridge.engines.sentence import Sentence
from footbridge.ground.program.words import Level
from footbridge.kit.web.sources import sourced

from .words import Difference, Dimension

SUICIDE = "suicide_triage"
RISK = {
    "none": gettext_lazy("no risk found"),
    "low": gettext_lazy("low"),
    "moderate": gettext_lazy("moderate"),
    "elevated": gettext_lazy("elevated"),
    "high": gettext_lazy("high"),
    "unknown": gettext_lazy("not known"),
}


@cache
def rules() -> PlacementRules:
    """The rules of data/levels.yaml."""
    return level_of_care.placement_rules(parsed("levels"))


@cache
def digest() -> str:
    """One content of the rules, one digest: the levels and what payers ask."""
    return hashlib.sha256((text("levels") + text("eligibility")).encode()).hexdigest()


@cache
def payers() -> dict[str, level_of_care.Payer]:
    """What payers ask: data/eligibility.yaml."""
    return level_of_care.payers(parsed("eligibility"))


@cache
def dangers() -> level_of_care.Dangers:
    """Which levels do not wait for a decision."""
    return level_of_care.dangers(parsed("levels"))


def ask(ratings: Mapping[str, tuple[int, str]], facts: Mapping[str, str], population: str = "adult", wish: str = "") -> Verdict:
    """The engine's verdict. `facts` are all answers of the screen and the suicide screen; the rules take those they know."""
    return level_of_care.advise(
        PlacementFacts(
            {name: Rating(value, reason) for name, (value, reason) in ratings.items()},
            {name: answer for name, answer in facts.items() if name in rules().safety},
            {name: answer for name, answer in facts.items() if name not in rules().safety},
            wish=wish,
            population=population,
        ),
        rules(),
    )


def kept(verdict: Verdict) -> dict[str, Any]:
    """The verdict as it is stored, whole, so that it can be read as it was said."""
    if isinstance(verdict, Advice):
        return {
            "verdict": "advice",
            "level": verdict.level,
            "reasons": _plain(verdict.reasons),
            "would_change": _plain(verdict.what_would_change),
            "missing": list(verdict.missing),
            "by_dimension": _plain(verdict.by_dimension),
            "fit": _plain(verdict.fit),
            "open_points": list(verdict.open_points),
        }
    return {
        "verdict": "not_enough",
        "at_least": verdict.at_least,
        "assess_now": verdict.assess_now,
        "reasons": _plain(verdict.reasons),
        "would_change": [],
        "missing": list(verdict.missing),
        "by_dimension": _plain(verdict.by_dimension),
        "fit": [],
        "open_points": list(verdict.open_points),
    }


def _plain(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
    return [
        {"code": s.code, "params": {name: list(v) if isinstance(v, tuple) else v for name, v in s.params.items()}}
        for s in sentences
    ]


# ------------------------------------------------------------------ in words


def level(code: str) -> str:
    return str(Level(code).label) if code in Level.values else code


def difference(code: str) -> str:
    return str(Difference(code).label)


def hours_said(code: str) -> str:
    """Hours a week of a level, for adults and where it differs for adolescents; empty where it has none."""
    adult, young = rules().hours[code, "adult"], rules().hours[code, "adolescent"]
    if adult.below:
        return _("fewer than %(n)s hours a week") % {"n": adult.below}
    if adult.least and adult.most and young.least != adult.least:
        return _("%(least)s to %(most)s hours a week, from %(young)s under 18") % {"least": adult.least, "most": adult.most, "young": young.least}
    if adult.least:
        return _("at least %(n)s hours a week") % {"n": adult.least}
    return _("day and night")


def about(name: str) -> str:
    """The words for a fact, a dimension, or the reason of a rating."""
    if name == SUICIDE:
        return _("Suicide screen (C-SSRS)")
    if name.endswith(".reason"):
        return _("a reason for “%(dimension)s”") % {"dimension": about(name.removesuffix(".reason"))}
    if name in Fact.values:
        return str(Fact(name).label)
    return str(Dimension(name).label) if name in Dimension.values else name


def answer(name: str, code: str) -> str:
    if name == SUICIDE:
        return str(RISK.get(code, code))
    return str(Known(code).label) if code in Known.values else code


def because(sentence: Mapping[str, Any]) -> tuple[str, str]:
    """A reason under the name of the level it asks for, and where the rule comes from."""
    code, params = sentence["code"], sentence["params"]
    source = sourced(params.get("source"), params.get("mark") or "")
    match code:
        case "reason.safety" | "reason.need":
            fact = params["fact"]
            return _("%(fact)s: %(answer)s.") % {"fact": about(fact), "answer": answer(fact, params["answer"])}, source
        case "reason.dimension":
            given = {"dimension": about(params["dimension"]), "rating": params["rating"], "why": _stopped(params["why"])}
            return _("%(dimension)s is rated %(rating)s: %(why)s") % given, source
        case "reason.co_occurring":
            given = {"fact": about(params["fact"]), "dimension": about(params["dimension"])}
            return _("%(fact)s, together with “%(dimension)s”: in one program that treats both.") % given, source
        case _:
            return say(sentence), source


def say(sentence: Mapping[str, Any]) -> str:
    """A stored sentence in the reader's language."""
    code, params = sentence["code"], sentence["params"]
    asked = level(str(params.get("level", "")))
    match code:
        case "reason.safety":
            fact = params["fact"]
            return _("%(fact)s: %(answer)s. This asks for at least: %(level)s.") % {
                "fact": about(fact),
                "answer": answer(fact, params["answer"]),
                "level": asked,
            }
        case "reason.dimension":
            return _("%(dimension)s is rated %(rating)s: %(why)s This asks for at least: %(level)s.") % {
                "dimension": about(params["dimension"]),
                "rating": params["rating"],
                "why": _stopped(params["why"]),
                "level": asked,
            }
        case "reason.need":
            fact = params["fact"]
            return _("%(fact)s: %(answer)s. This asks for at least: %(level)s. Source: %(source)s.") % {
                "fact": about(fact), "answer": answer(fact, params["answer"]), "level": asked,
                "source": sourced(params["source"], params["mark"]),
            }  # fmt: skip
        case "reason.co_occurring":
            return _("%(fact)s, together with “%(dimension)s”: at least %(level)s, in one program that treats both. Source: %(source)s.") % {
                "fact": about(params["fact"]), "dimension": about(params["dimension"]), "level": asked,
                "source": sourced(params["source"], params["mark"]),
            }  # fmt: skip
        case "fit.hours":
            return _hours(params, asked)
        case "fit.wishes_more":
            return _("The person would like %(wish)s; %(level)s would meet the need.") % {"wish": level(params["wish"]), "level": asked}
        case "fit.wishes_less":
            return _("The person would like %(wish)s; that would not meet the need for %(level)s. Talk about what makes it hard.") % {
                "wish": level(params["wish"]), "level": asked,
            }  # fmt: skip
        case "fit.limit":
            fact = params["fact"]
            return _("%(fact)s: %(answer)s. The need stays %(level)s. If it cannot be met, keep the difference as “%(difference)s”.") % {
                "fact": about(fact), "answer": answer(fact, params["answer"]), "level": asked,
                "difference": Difference(params["difference"]).label,
            }  # fmt: skip
        case "reason.nothing_more":
            return _("Nothing asks for more than this: %(level)s.") % {"level": asked}
        case "change.down":
            drivers = get_text_list([about(name) for name in params["drivers"]], _("and"))
            return _("Without this (%(drivers)s), this would be enough: %(level)s.") % {
                "drivers": drivers,
                "level": asked,
            }
        case "change.up":
            return _("If “%(dimension)s” rose to %(rating)s, this would be needed: %(level)s.") % {
                "dimension": about(params["dimension"]),
                "rating": params["rating"],
                "level": asked,
            }
        case "change.safety":
            fact = params["fact"]
            return _("If “%(fact)s” became “%(answer)s”, this would be needed: %(level)s.") % {
                "fact": about(fact),
                "answer": answer(fact, params["answer"]),
                "level": asked,
            }
        case _:
            return str(code)


def say_changes(sentences: Sequence[Mapping[str, Any]]) -> list[str]:
    """What would change the advice: first what would lower it, then for each higher level all that would ask for it, in one line."""
    said = [say(one) for one in sentences if one["code"] == "change.down"]
    asks: dict[str, list[str]] = {}
    for one in sentences:
        params = one["params"]
        if one["code"] == "change.up":
            if_so = _("“%(dimension)s” rose to %(rating)s") % {"dimension": about(params["dimension"]), "rating": params["rating"]}
        elif one["code"] == "change.safety":
            given = {"fact": about(params["fact"]), "answer": answer(params["fact"], params["answer"])}
            if_so = _("“%(fact)s” became “%(answer)s”") % given
        else:
            continue
        asks.setdefault(str(params["level"]), []).append(if_so)
    order = [code for code in rules().levels if code in asks] + [code for code in asks if code not in rules().levels]
    return said + [_("%(level)s, if %(ifs)s.") % {"level": level(code), "ifs": get_text_list(asks[code], _("or"))} for code in order]


def _hours(params: Mapping[str, Any], asked: str) -> str:
    facts = {"level": asked, "least": params["least"], "most": params["most"], "below": params["below"], "source": sourced(params["source"], params["mark"])}
    if params["below"]:
        said = _("%(level)s means fewer than %(below)s hours a week. Source: %(source)s.")
    elif params["most"] and params["population"] == "adolescent":
        said = _("%(level)s means %(least)s to %(most)s hours a week for somebody under 18. Source: %(source)s.")
    elif params["most"]:
        said = _("%(level)s means %(least)s to %(most)s hours a week. Source: %(source)s.")
    else:
        said = _("%(level)s means at least %(least)s hours a week. Source: %(source)s.")
    return said % facts


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
