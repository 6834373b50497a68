"""Which level of care is advised, and why. The clinician decides; this says what the facts point to.

Shape: safety gates first; then the least intensive level that safely meets the highest need (never an average); then how
much structure is needed; last, fit and preference, which never lower the advice. Every dimension carries a written reason.
A safety question without an answer never ends in a level: the verdict is to assess now. Rules are data (data/levels.yaml),
signed off by a clinical lead of the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from footbridge.engines.sentence import Sentence, render

UNKNOWN = "unknown"
HIGHEST_RATING = 4


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that asks for at least a level, by answer. Not known: an open point, no hindrance."""

    fact: str
    answers: Mapping[str, str]
    source: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """A fact and a rating that ask for more together than each alone."""

    code: str
    fact: str
    answers: frozenset[str]
    dimension: str
    from_rating: int
    at_least: str
    source: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """What may stand in the way. `difference`: the reason under which a lower actual level would be kept."""

    fact: str
    answers: frozenset[str]
    difference: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours a week a level means; None where it has no such edge."""

    least: int | None = None
    below: int | None = None
    most: int | None = None
    source: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PlacementRules:
    """`levels` from least to most intensive; `dimensions` gives the least level for each rating; `safety` for each
    answer. `hours` by level and population (adult, adolescent).
    """

    edition: str
    levels: tuple[str, ...]
    dimensions: Mapping[str, tuple[str, ...]]
    safety: Mapping[str, Mapping[str, str]]
    source: str = ""
    mark: str = ""
    needs: tuple[Need, ...] = ()
    together: tuple[Together, ...] = ()
    limits: tuple[Limit, ...] = ()
    hours: Mapping[tuple[str, str], Hours] = field(default_factory=dict)

    def rank(self, level: str) -> int:
        return self.levels.index(level)


@dataclass(frozen=True, slots=True)
class Rating:
    """0 none, 1 mild, 2 moderate, 3 serious, 4 severe; with the reason in the clinician's words."""

    value: int
    reason: str


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """`safety`: answer by fact (yes, partly, no, unknown; for suicide_triage its result). What is not there is
    unknown. `known` are the other facts (needs and limits), `wish` the level the person would like, "" for none told.
    """

    ratings: Mapping[str, Rating] = field(default_factory=dict)
    safety: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    wish: str = ""
    population: str = "adult"


@dataclass(frozen=True, slots=True)
class Advice:
    """`reasons` are what asks for this level, safety first. `missing` is filled only when danger did not let us wait
    for the rest. `by_dimension` says for every rated dimension what it asks for by itself. `fit` is what stands in the way
    and what the person wishes; `open_points` are facts nobody knows yet.
    """

    level: str
    reasons: tuple[Sentence, ...]
    what_would_change: tuple[Sentence, ...]
    missing: tuple[str, ...] = ()
    edition: str = ""
    by_dimension: tuple[Sentence, ...] = ()
    fit: tuple[Sentence, ...] = ()
    open_points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotEnough:
    """No level can be advised. `assess_now` is true while a safety answer is missing. `at_least` is what is known to
    be needed.
    """

    missing: tuple[str, ...]
    assess_now: bool
    at_least: str
    reasons: tuple[Sentence, ...] = ()
    edition: str = ""
    by_dimension: tuple[Sentence, ...] = ()
    open_points: tuple[str, ...] = ()


Verdict = Advice | NotEnough


def advise(facts: PlacementFacts, rules: PlacementRules) -> Verdict:
    """The advised level. Raises ValueError for a rating outside 0 to 4 or for a dimension or safety answer the rules
    do not know.
    """
    floors, open_safety = _safety_floors(facts, rules)
    rated, open_ratings = _rating_floors(facts, rules)
    by_dimension = tuple(reason for _, reason in rated)
    floors += rated
    needs, open_points = _need_floors(facts, rules)
    floors += needs
    top = max((level for level, _ in floors), key=rules.rank, default=rules.levels[0])
    reasons = tuple(reason for level, reason in floors if level == top and level != rules.levels[0])
    missing = (*open_safety, *open_ratings)
    if top == rules.levels[-1]:  # danger does not wait for the rest of the form
        return Advice(top, reasons, (), missing, rules.edition, by_dimension, (), open_points)
    if missing:
        return NotEnough(missing, bool(open_safety), top, reasons, rules.edition, by_dimension, open_points)
    if not reasons:
        reasons = (Sentence("reason.nothing_more", {"level": top}),)
    changes = _what_would_change(facts, rules, floors, top)
    return Advice(top, reasons, changes, (), rules.edition, by_dimension, _fit(facts, rules, top), open_points)


def placement_rules(parsed: Mapping[str, Any]) -> PlacementRules:
    """Rules from a parsed levels.yaml. Raises ValueError when a level is named that is not in the list."""
    levels = tuple(entry["code"] for entry in sorted(parsed["levels"], key=lambda e: e["rank"]))
    dimensions = {name: tuple(row) for name, row in parsed["dimensions"].items()}
    safety = {name: {str(answer): level for answer, level in row.items()} for name, row in parsed["safety"].items()}
    for name, row in dimensions.items():
        if len(row) != HIGHEST_RATING + 1 or any(level not in levels for level in row):
            raise ValueError(f"dimension {name}: five known levels are needed, for ratings 0 to 4")
        ranks = [levels.index(level) for level in row]
        if ranks != sorted(ranks):
            raise ValueError(f"dimension {name}: a higher rating must not ask for a lower level")
    for name, answers in safety.items():
        if unknown := [level for level in answers.values() if level not in levels]:
            raise ValueError(f"safety {name}: {unknown[0]} is not a level")
    return PlacementRules(
        str(parsed["edition"]),
        levels,
        dimensions,
        safety,
        str(parsed.get("source", "")),
        str(parsed.get("mark", "")),
        _needs(parsed.get("needs", ()), levels),
        _together(parsed.get("together", ()), levels, dimensions),
        tuple(
            Limit(one["fact"], frozenset(map(str, one["answers"])), str(one["difference"])) for one in parsed.get("limits", ())
        ),
        _hours(parsed["levels"]),
    )


def _needs(entries: Sequence[Mapping[str, Any]], levels: tuple[str, ...]) -> tuple[Need, ...]:
    found = []
    for one in entries:
        answers = {str(answer): str(level) for answer, level in one["answers"].items()}
        if unknown := [level for level in answers.values() if level not in levels]:
            raise ValueError(f"need {one['fact']}: {unknown[0]} is not a level")
        found.append(Need(one["fact"], answers, str(one.get("source", "")), str(one.get("mark", ""))))
    return tuple(found)


def _together(
    entries: Sequence[Mapping[str, Any]], levels: tuple[str, ...], dimensions: Mapping[str, object]
) -> tuple[Together, ...]:
    found = []
    for one in entries:
        if one["at_least"] not in levels:
            raise ValueError(f"together {one['code']}: {one['at_least']} is not a level")
        if one["dimension"] not in dimensions:
            raise ValueError(f"together {one['code']}: {one['dimension']} is not a dimension")
        answers = frozenset(map(str, one["answers"]))
        found.append(
            Together(
                one["code"], one["fact"], answers, one["dimension"], int(one["from_rating"]), one["at_least"],
                str(one.get("source", "")), str(one.get("mark", "")),
            )
        )  # fmt: skip
    return tuple(found)


def _hours(entries: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Hours]:
    found: dict[tuple[str, str], Hours] = {}
    for one in entries:
        given = one["hours"]
        source, mark = str(given.get("source", "")), str(given.get("mark", ""))
        adult = Hours(given.get("week_min"), given.get("week_below"), given.get("week_max"), source, mark)
        found[one["code"], "adult"] = adult
        found[one["code"], "adolescent"] = replace(adult, least=given.get("adolescent_week_min", adult.least))
    return found


def _safety_floors(facts: PlacementFacts, rules: PlacementRules) -> tuple[list[tuple[str, Sentence]], list[str]]:
    floors: list[tuple[str, Sentence]] = []
    missing: list[str] = []
    for name, answers in rules.safety.items():
        answer = facts.safety.get(name, UNKNOWN)
        if answer == UNKNOWN:
            missing.append(name)
        elif answer not in answers:
            raise ValueError(f"{answer!r} is not an answer to {name}")
        else:
            level = answers[answer]
            floors.append((level, Sentence("reason.safety", {"fact": name, "answer": answer, "level": level})))
    return floors, missing


def _rating_floors(facts: PlacementFacts, rules: PlacementRules) -> tuple[list[tuple[str, Sentence]], list[str]]:
    if strangers := sorted(set(facts.ratings) - set(rules.dimensions)):
        raise ValueError(f"{strangers[0]} is not a dimension")
    floors: list[tuple[str, Sentence]] = []
    missing: list[str] = []
    for name, row in rules.dimensions.items():
        rating = facts.ratings.get(name)
        if rating is None:
            missing.append(name)
            continue
        if not 0 <= rating.value <= HIGHEST_RATING:
            raise ValueError(f"{name}: a rating is a number from 0 to {HIGHEST_RATING}")
        if not rating.reason.strip():
            missing.append(f"{name}.reason")
        level = row[rating.value]
        params = {"dimension": name, "rating": rating.value, "why": rating.reason.strip(), "level": level}
        floors.append((level, Sentence("reason.dimension", params)))
    return floors, missing


def _need_floors(facts: PlacementFacts, rules: PlacementRules) -> tuple[list[tuple[str, Sentence]], tuple[str, ...]]:
    floors: list[tuple[str, Sentence]] = []
    open_points: list[str] = []
    for need in rules.needs:
        answer = facts.known.get(need.fact, UNKNOWN)
        if answer == UNKNOWN:
            open_points.append(need.fact)
        level = need.answers.get(answer)
        if level is not None:
            params = {"fact": need.fact, "answer": answer, "level": level, "source": need.source, "mark": need.mark}
            floors.append((level, Sentence("reason.need", params)))
    for both in rules.together:
        rating = facts.ratings.get(both.dimension)
        if facts.known.get(both.fact) in both.answers and rating is not None and rating.value >= both.from_rating:
            params = {
                "fact": both.fact, "dimension": both.dimension, "level": both.at_least, "source": both.source, "mark": both.mark,
            }  # fmt: skip
            floors.append((both.at_least, Sentence(f"reason.{both.code}", params)))
    open_points += [limit.fact for limit in rules.limits if facts.known.get(limit.fact, UNKNOWN) == UNKNOWN]
    return floors, tuple(open_points)


def _fit(facts: PlacementFacts, rules: PlacementRules, level: str) -> tuple[Sentence, ...]:
    said: list[Sentence] = []
    hours = rules.hours.get((level, facts.population))
    if hours is not None and (hours.least or hours.below):
        params = {"level": level, "population": facts.population, "least": hours.least, "below": hours.below, "most": hours.most}
        said.append(Sentence("fit.hours", params | {"source": hours.source, "mark": hours.mark}))
    for limit in rules.limits:
        answer = facts.known.get(limit.fact, UNKNOWN)
        if answer in limit.answers and rules.rank(level) > 0:
            said.append(Sentence("fit.limit", {"fact": limit.fact, "answer": answer, "level": level, "difference": limit.difference}))
    if facts.wish and facts.wish != level:
        if facts.wish not in rules.levels:
            raise ValueError(f"{facts.wish} is not a level")
        more = rules.rank(facts.wish) > rules.rank(level)
        said.append(Sentence("fit.wishes_more" if more else "fit.wishes_less", {"wish": facts.wish, "level": level}))
    return tuple(said)


def _what_would_change(
    facts: PlacementFacts, rules: PlacementRules, floors: list[tuple[str, Sentence]], top: str
) -> tuple[Sentence, ...]:
    out: list[Sentence] = []
    drivers = tuple(dict.fromkeys(_about(reason) for level, reason in floors if level == top))
    below = max((level for level, _ in floors if level != top), key=rules.rank, default=None)
    if rules.rank(top) > 0:
        lower = below or rules.levels[0]
        out.append(Sentence("change.down", {"drivers": drivers, "level": lower}))
    for name, row in rules.dimensions.items():
        value = facts.ratings[name].value
        if value < HIGHEST_RATING and rules.rank(row[value + 1]) > rules.rank(top):
            out.append(Sentence("change.up", {"dimension": name, "rating": value + 1, "level": row[value + 1]}))
    for need in rules.needs:
        above = [(a, level) for a, level in need.answers.items() if rules.rank(level) > rules.rank(top)]
        if above:
            answer, level = max(above, key=lambda pair: rules.rank(pair[1]))
            out.append(Sentence("change.safety", {"fact": need.fact, "answer": answer, "level": level}))
    for name, answers in rules.safety.items():
        higher = [(a, level) for a, level in answers.items() if rules.rank(level) > rules.rank(top)]
        if higher:
            answer, level = max(reversed(higher), key=lambda pair: rules.rank(pair[1]))  # of equals the gravest answer, named last
            out.append(Sentence("change.safety", {"fact": name, "answer": answer, "level": level}))
    return tuple(out)


def _about(reason: Sentence) -> object:
    return reason.params.get("dimension", reason.params.get("fact"))


_ENGLISH = {
    "reason.safety": "{fact} is {answer}: at least {level}.",
    "reason.dimension": "{dimension} is rated {rating} ({why}): at least {level}.",
    "reason.need": "{fact} is {answer}: at least {level} [{mark}].",
    "reason.co_occurring": "{fact} together with {dimension}: at least {level}, one program for both [{mark}].",
    "fit.hours": "{level} for an {population}: {hours} [{mark}].",
    "fit.limit": "{fact} is {answer}. The need stays {level}; if it cannot be met, the difference is kept as {difference}.",
    "fit.wishes_more": "The person would like {wish}; {level} would meet the need.",
    "fit.wishes_less": "The person would like {wish}; that would not meet the need for {level}.",
    "reason.nothing_more": "No need and no risk asks for more than {level}.",
    "change.down": "If {drivers} eased, {level} would be enough.",
    "change.up": "If {dimension} rose to {rating}, {level} would be needed.",
    "change.safety": "If {fact} became {answer}, {level} would be needed.",
}


def english(sentence: Sentence) -> str:
    """The sentence in plain English with the codes in it; pages put names in their place."""
    if sentence.code == "fit.hours":
        p = sentence.params
        words = f"below {p['below']} hours a week" if p["below"] else f"at least {p['least']} hours a week"
        words += f", at most {p['most']}" if p["most"] else ""
        sentence = Sentence(sentence.code, {**p, "hours": words})
    return render(sentence, _ENGLISH)
