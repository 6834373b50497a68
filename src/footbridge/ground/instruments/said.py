"""A definition in words: what is asked, how it is scored, what somebody must know; and what is different between two.

For people who decide whether an instrument is right. The words are ours; the instrument's own words are quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.engines import scoring
from footbridge.engines.scoring.definition import BandSet, ChangeRule, Fill, Method, Rounding, ScoreRule
from footbridge.ground.people.words import Language
from footbridge.kit.web.sources import how_sure

Definition = scoring.Definition


@dataclass(frozen=True)
class Bands:
    """A band set as a table: (from to, label)."""

    name: str
    citation: str
    mark: str
    is_default: bool
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class ScoreSaid:
    """One score: its name, how it is reckoned, what happens to gaps, its bands and its rule of change."""

    name: str
    sentences: list[str]
    bands: list[Bands]
    change: list[str]


def language(code: str) -> str:
    return str(Language(code).label) if code in Language.values else code


def number(value: Decimal | None) -> str:
    """15, not 15.0."""
    if value is None:
        return ""
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")


def scores(form: Definition) -> list[ScoreSaid]:
    """Every score, those that only come from outside last."""
    found = [
        ScoreSaid(
            rule.name or name(rule.id),
            list(_how(form, rule)),
            [_bands(one, rule.high) for one in form.band_sets if one.score == rule.id],
            [sentence for one in form.change if one.score == rule.id for sentence in _change(one)],
        )
        for rule in form.scores
    ]
    for one in form.outside:
        words = {"low": number(one.low), "high": number(one.high)}
        better = _("Lower is better.") if one.lower_is_better else _("Higher is better.")
        sentences = [
            _("Reckoned elsewhere and typed in: a number from %(low)s to %(high)s.") % words,
            better,
            *(_critical_total(rule) for rule in one.critical),
        ]
        bands = [_bands(b, one.high) for b in form.band_sets if b.score == one.id]
        change = [sentence for c in form.change if c.score == one.id for sentence in _change(c)]
        found.append(ScoreSaid(one.name, sentences, bands, change))
    return found


def name(score_id: str) -> str:
    return _("Total") if score_id == "total" else score_id.replace("_", " ").capitalize()


def _how(form: Definition, rule: ScoreRule) -> Iterator[str]:
    words = {"items": items(form, rule.items), "count": len(rule.items)}
    match rule.method:
        case Method.SUM:
            yield _("The sum of %(count)s questions (%(items)s).") % words
        case Method.MEAN:
            yield _("The mean of %(count)s questions (%(items)s).") % words
        case Method.MAX:
            yield _("The highest of %(count)s questions (%(items)s).") % words
        case Method.WEIGHTED:
            weights = ", ".join(f"{code} × {number(weight)}" for code, weight in rule.weights.items())
            yield _("A weighted sum of %(count)s questions (%(items)s).") % words
            if weights:
                yield _("Weights: %(weights)s. Every other question counts once.") % {"weights": weights}
        case Method.TABLE:
            yield _("The sum of %(count)s questions (%(items)s), looked up in a table of %(rows)s rows.") % {**words, "rows": len(rule.table)}
        case Method.RULE:
            yield _("A rule on %(count)s questions (%(items)s), its cases tried in this order: %(cases)s.") % {
                **words, "cases": "; ".join(_case(case) for case in rule.cases)
            }  # fmt: skip
        case _:
            parts = ", ".join(name(part) if times == 1 else f"{name(part)} × {number(times)}" for part, times in rule.parts.items())
            yield _("Made of other scores: %(parts)s.") % {"parts": parts}
    if rule.divide_by != 1:
        yield _("Divided by %(number)s.") % {"number": number(rule.divide_by)}
    if rule.percent_of:
        low, high = rule.percent_of
        yield _("Shown as percent of the way from %(low)s to %(high)s.") % {"low": number(low), "high": number(high)}
    if rule.multiply != 1:
        yield _("Multiplied by %(number)s.") % {"number": number(rule.multiply)}
    if rule.add:
        yield _("%(number)s added.") % {"number": number(rule.add)}
    turned = [code for code in rule.items if (item := form.item(code)) is not None and item.reversed]
    if turned:
        yield _("Counted the other way round: %(items)s.") % {"items": items(form, turned)}
    if rule.low is not None and rule.high is not None:
        yield _("From %(low)s to %(high)s.") % {"low": number(rule.low), "high": number(rule.high)}
    yield _gaps(rule)


def _case(case: object) -> str:
    said = []
    for condition in case.conditions:  # type: ignore[attr-defined]
        points = sorted({value for _code, value in condition.of})
        reach = " / ".join(number(p) for p in points)
        if condition.at_most is None:
            words = _("at least %(n)s of %(of)s questions reach %(points)s")
        else:
            words = _("%(n)s to %(most)s of %(of)s questions reach %(points)s")
        said.append(words % {"n": condition.at_least, "most": condition.at_most, "of": len(condition.of), "points": reach})
    what = f"{case.code.replace('_', ' ')} ({number(case.value)})"  # type: ignore[attr-defined]
    return f"{what}: {_(' and ').join(said)}" if said else _("%(what)s otherwise") % {"what": what}


def _gaps(rule: ScoreRule) -> str:
    missing = rule.missing
    if rule.method is Method.RULE:
        return _("Where a blank could still turn it, there is no score.")
    if missing.how is Fill.NONE or not missing.max_gaps:
        return _("Gaps: with any question left blank there is no score.")
    how = {
        Fill.PRORATE: _("the mean of the answered ones stands in"),
        Fill.MEAN_OF_ANSWERED: _("the mean of the answered ones is taken"),
    }[missing.how]
    rounding = {Rounding.HALF_UP: _(", rounded half up"), Rounding.UP: _(", rounded up")}.get(missing.rounding, "")
    sentence = ngettext(
        "Gaps: up to %(n)s blank, %(how)s%(rounding)s; with more there is no score.",
        "Gaps: up to %(n)s blanks, %(how)s%(rounding)s; with more there is no score.",
        missing.max_gaps,
    ) % {"n": missing.max_gaps, "how": how, "rounding": rounding}
    return f"{sentence} {_('Source: %(source)s.') % {'source': missing.source.rstrip('.')}}" if missing.source else sentence


def _bands(one: BandSet, high: Decimal | None) -> Bands:
    rows = []
    for place, band in enumerate(one.bands):
        after = one.bands[place + 1] if place + 1 < len(one.bands) else None
        start = _("above %(n)s") % {"n": number(band.start)} if band.exclusive else number(band.start)
        if after is not None:
            span = _("%(start)s to below %(end)s") if not after.exclusive else _("%(start)s to %(end)s")
            rows.append((span % {"start": start, "end": number(after.start)}, band.label))
        elif high is not None and high > band.start:
            rows.append((_("%(start)s to %(end)s") % {"start": start, "end": number(high)}, band.label))
        else:
            rows.append((_("%(start)s and more") % {"start": start}, band.label))
    label = one.name
    applies = getattr(one, "applies_to", "")
    if applies:
        label = f"{one.name} ({applies})"
    return Bands(label, one.citation, one.mark, one.default, rows)


def _change(rule: ChangeRule) -> Iterator[str]:
    if rule.reliable is not None:
        yield _("%(points)s points or more is more than chance (%(method)s).") % {"points": number(rule.reliable), "method": rule.method}
    facts = []
    if rule.sd is not None:
        facts.append(_("SD %(n)s") % {"n": number(rule.sd)})
    if rule.reliability is not None:
        facts.append(_("reliability %(n)s") % {"n": number(rule.reliability)})
    if rule.n is not None:
        facts.append(_("n = %(n)s") % {"n": rule.n})
    if facts:
        yield ", ".join(facts) + "."
    if rule.response_percent is not None:
        way = _("Response: %(n)s %% less than at first, or lower.") if rule.lower_is_better else _("Response: %(n)s %% more than at first, or higher.")
        yield way % {"n": number(rule.response_percent)}
    if rule.remission_below is not None:
        yield _("Remission: below %(n)s.") % {"n": number(rule.remission_below)}
    if rule.case_from is not None:
        yield _("A case from %(n)s.") % {"n": number(rule.case_from)}
    if rule.severe_from is not None:
        yield _("Severe from %(n)s.") % {"n": number(rule.severe_from)}
    sure = how_sure(rule.mark)
    yield _("Source: %(source)s.") % {"source": rule.source.rstrip(".") + (f"; {sure}" if sure else "")}


def severity(code: str) -> str:
    return {"high": _("at once: stay with the person"), "same_day": _("the same day"), "session": _("in the next session")}.get(code, code)


def critical(form: Definition) -> list[str]:
    """Every answer that somebody must know about, whatever the total."""
    found = []
    for rule in form.critical:
        said = [f"“{answer(form, rule.item, code)}”" for code in _in_order(form, rule.item, rule.answers)]
        if rule.at_least is not None:
            said.append(_("%(n)s or more") % {"n": number(rule.at_least)})
        words = {"item": question(form, rule.item), "answers": ", ".join(said), "when": severity(rule.severity)}
        sentence = _("%(item)s: %(answers)s. Somebody looks at it %(when)s.") % words
        found.append(sentence[:1].upper() + sentence[1:])
    for trigger in getattr(form, "score_triggers", ()):
        found.append(f"{trigger.says} {_('Somebody looks at it %(when)s.') % {'when': severity(trigger.severity)}}")
    if form.triage is not None:
        found.append(_("All answers together give a risk (Columbia rule). A blank is never a No."))
    return found


def _critical_total(rule: object) -> str:
    least, most, how = rule.at_least, rule.at_most, severity(rule.severity)  # type: ignore[attr-defined]
    span = _("%(n)s or more") % {"n": number(least)} if least is not None else _("%(n)s or less") % {"n": number(most)}
    return _("%(span)s: somebody looks at it %(when)s.") % {"span": span, "when": how}


def gates(form: Definition) -> list[str]:
    """Which questions are only asked after which answers."""
    found = []
    for gate in form.gates:
        ways = _(" or ").join(
            f"{', '.join(f'“{answer(form, code, a)}”' for a in _in_order(form, code, answers))} ({question(form, code)})"
            for code, answers in gate.opened_by
        )
        sentence = _("%(items)s: asked only after %(ways)s.") % {"items": items(form, gate.then_ask), "ways": ways}
        if gate.else_points is not None:
            sentence += " " + _("Not asked counts as %(n)s.") % {"n": number(gate.else_points)}
        found.append(sentence)
    return found


def checks(form: Definition) -> list[str]:
    """Answers that do not fit together, and questions of which one answer is enough. They change no answer and no score."""
    found = [rule.says for rule in form.checks]
    for item in form.items:
        if item.alternative_to:
            both = items(form, (item.code, *item.alternative_to))
            sentence = _("Questions %(items)s ask the same of different people: one answer is enough.") % {"items": both}
            found += [] if sentence in found else [sentence]
    return found


def items(form: Definition, codes: Iterable[str]) -> str:
    """1 to 9, difficulty: runs of questions that follow one another are said as a run."""
    order = [item.code for item in form.items]
    places = sorted(order.index(code) for code in codes if code in order)
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    said = []
    for run in runs:
        first, last = order[run[0]], order[run[-1]]
        said.append(first if len(run) == 1 else f"{first}, {last}" if len(run) == 2 else _("%(first)s to %(last)s") % {"first": first, "last": last})
    return ", ".join(code.replace("_", " ") for code in said)


def question(form: Definition, code: str) -> str:
    return _("question %(item)s") % {"item": code.replace("_", " ")}


def answer(form: Definition, item: str, code: str) -> str:
    """An answer in the first language there is, else its code."""
    asked = form.item(item)
    for wording in form.wordings.values():
        if asked is not None and code in wording.choices.get(asked.choice_set, {}):
            return wording.choices[asked.choice_set][code]
    return code


def _in_order(form: Definition, item: str, codes: Iterable[str]) -> list[str]:
    asked = form.item(item)
    order = [choice.code for choice in asked.choices] if asked else []
    return sorted(codes, key=lambda code: order.index(code) if code in order else len(order))


# ------------------------------------------------------------------ what is different


def differences(old: Definition, new: Definition) -> list[str]:
    """What is different in the newer one, a sentence each, in the order of a definition."""
    before, after = dict(_lines(old)), dict(_lines(new))
    signatures = {_signed(), *(_signed(w.language) for w in old.wordings.values())}
    found = []
    for label in dict.fromkeys((*after, *before)):
        was, now = before.get(label), after.get(label)
        if was == now or (now is None and label in signatures):  # a draft waits for its signature: nothing was taken away
            continue
        if was is None:
            found.append(_("%(what)s is new: “%(now)s”.") % {"what": label, "now": now})
        elif now is None:
            found.append(_("%(what)s is gone. It was “%(was)s”.") % {"what": label, "was": was})
        else:
            found.append(_("%(what)s was “%(was)s” and is now “%(now)s”.") % {"what": label, "was": was, "now": now})
    order = [[item.code for item in form.items] for form in (old, new)]
    kept = [[code for code in one if code in order[1 - place]] for place, one in enumerate(order)]
    if kept[0] != kept[1]:
        found.append(_("The questions stand in another order."))
    return found


def _signed(code: str = "") -> str:
    return _("Who verified the words in %(language)s") % {"language": language(code)} if code else _("Who verified it")


def _lines(form: Definition) -> Iterator[tuple[str, str]]:
    yield _("The name"), form.name
    yield _("The edition"), form.edition
    yield _("What it measures"), form.measures
    if form.window_days is not None:
        yield _("The time it asks about"), ngettext("%(n)s day", "%(n)s days", form.window_days) % {"n": form.window_days}
    if form.min_repeat_days is not None:
        yield _("The shortest time between two"), ngettext("%(n)s day", "%(n)s days", form.min_repeat_days) % {"n": form.min_repeat_days}
    for item in form.items:
        if item.kind == "choice":
            points = ", ".join(f"{c.code} = {number(c.points)}" if c.points is not None else c.code for c in item.choices)
        else:
            points = f"{item.kind} {number(item.low)}–{number(item.high)}" if item.kind == "number" else item.kind
        turned = _(", counted the other way round") if item.reversed else ""
        yield _("The answers of question %(item)s") % {"item": item.code}, points + turned
    for gate in gates(form):
        what, _sep, how = gate.partition(": ")
        yield _("The condition of %(items)s") % {"items": what}, how
    for score in scores(form):
        yield _("The score “%(score)s”") % {"score": score.name}, " ".join(score.sentences)
        for bands in score.bands:
            rows = "; ".join(f"{span}: {label}" for span, label in bands.rows)
            yield _("The bands “%(name)s”") % {"name": bands.name}, f"{rows}. {bands.citation}"
        if score.change:
            yield _("The rule of change of “%(score)s”") % {"score": score.name}, " ".join(score.change)
    for place, sentence in enumerate(critical(form), start=1):
        what, _sep, how = sentence.partition(": ")
        yield _("What somebody must know (%(what)s)") % {"what": what if how else place}, how or sentence
    for wording in form.wordings.values():
        words = {"language": language(wording.language)}
        yield _("The title in %(language)s") % words, wording.title
        if wording.instruction:
            yield _("The instruction in %(language)s") % words, wording.instruction
        for code, text in wording.items.items():
            yield _("Question %(item)s in %(language)s") % {**words, "item": code}, text
        for name_, choices in wording.choices.items():
            for code, text in choices.items():
                yield _("Answer %(code)s of “%(set)s” in %(language)s") % {**words, "code": code, "set": name_}, text
        for code, text in wording.hints.items():
            yield _("The help for question %(item)s in %(language)s") % {**words, "item": code}, text
        if wording.verified_by:
            yield _signed(wording.language), f"{wording.verified_by} ({wording.verified_on})"
        if wording.attested:
            told = wording.attested
            yield _("Who attested the words in %(language)s") % words, f"{told.by}, {told.on}: {told.owner}. {told.basis}"
    licence = form.licence
    yield _("The owner"), licence.owner
    yield _("The ground for using it"), licence.basis
    if licence.attribution:
        yield _("The line under the questions"), licence.attribution
    if form.verified_by:
        yield _signed(), f"{form.verified_by} ({form.verified_on})"
