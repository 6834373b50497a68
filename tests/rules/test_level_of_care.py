"""Which level of care is advised.

Safety comes first. Then: the least intensive level that safely meets the highest need, never an average. A safety
question without an answer never ends in a level of care: it ends in "assess now".
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge import data
from footbridge.engines.level_of_care import Advice, NotEnough, PlacementFacts, Rating, advise, english, placement_rules

RULES = placement_rules(data.parsed("levels"))
SAFE = {
    "suicide_triage": "none",
    "safe_now": "yes",
    "medically_stable": "yes",
    "withdrawal_risk": "no",
    "self_care": "yes",
    "home_safe": "yes",
}
DIMENSIONS = tuple(RULES.dimensions)


def facts(safety=None, **ratings):
    rated = {name: Rating(ratings.get(name, 0), "seen today") for name in DIMENSIONS}
    return PlacementFacts(rated, SAFE | (safety or {}))


@pytest.mark.parametrize(
    ("ratings", "level"),
    [
        ({}, "outpatient"),
        ({"mental": 1, "return": 1}, "outpatient"),
        ({"mental": 2}, "iop"),
        ({"mental": 2, "return": 2, "surroundings": 1}, "iop"),
        ({"mental": 3, "return": 2}, "php"),
        ({"return": 4}, "residential"),
        ({"withdrawal": 3}, "withdrawal"),
        ({"withdrawal": 3, "return": 4}, "withdrawal"),
        ({"medical": 4}, "inpatient"),
        ({"mental": 4, "withdrawal": 3}, "inpatient"),
    ],
)
def test_the_highest_need_decides(ratings, level):
    found = advise(facts(**ratings), RULES)
    assert isinstance(found, Advice)
    assert found.level == level
    assert found.reasons
    assert all(english(s) for s in (*found.reasons, *found.what_would_change))


@pytest.mark.parametrize(
    ("safety", "level"),
    [
        ({"suicide_triage": "low"}, "outpatient"),
        ({"suicide_triage": "moderate"}, "iop"),
        ({"suicide_triage": "high"}, "crisis"),
        ({"suicide_triage": "elevated"}, "crisis"),
        ({"safe_now": "no"}, "crisis"),
        ({"withdrawal_risk": "yes"}, "withdrawal"),
        ({"medically_stable": "no"}, "inpatient"),
        ({"self_care": "no"}, "residential"),
        ({"home_safe": "no"}, "residential"),
    ],
)
def test_safety_gates_come_before_the_ratings(safety, level):
    assert advise(facts(safety), RULES).level == level


@pytest.mark.parametrize("name", SAFE)
def test_a_safety_question_without_an_answer_means_assess_now(name):
    for answer in ({name: "unknown"}, {}):
        safety = (SAFE | answer) if answer else {k: v for k, v in SAFE.items() if k != name}
        found = advise(PlacementFacts(facts().ratings, safety), RULES)
        assert isinstance(found, NotEnough)
        assert found.assess_now
        assert found.missing == (name,)


def test_danger_does_not_wait_for_the_rest_of_the_form():
    found = advise(PlacementFacts({}, {"suicide_triage": "high"}), RULES)
    assert isinstance(found, Advice)
    assert found.level == "crisis"
    assert "mental" in found.missing
    assert "safe_now" in found.missing


def test_a_rating_needs_its_reason():
    bare = {name: Rating(1, " " if name == "mental" else "seen") for name in DIMENSIONS}
    found = advise(PlacementFacts(bare, SAFE), RULES)
    assert isinstance(found, NotEnough)
    assert (found.missing, found.assess_now) == (("mental.reason",), False)


def test_what_is_already_known_is_said():
    found = advise(PlacementFacts({"mental": Rating(3, "cannot work")}, SAFE), RULES)
    assert isinstance(found, NotEnough)
    assert found.at_least == "php"
    assert english(found.reasons[0]) == "mental is rated 3 (cannot work): at least php."


def test_what_would_change_the_advice_is_said():
    found = advise(facts(mental=3, **{"return": 2}), RULES)
    said = [english(s) for s in found.what_would_change]
    assert said[0] == "If mental eased, iop would be enough."
    assert "If mental rose to 4, inpatient would be needed." in said
    assert "If safe_now became no, crisis would be needed." in said


def test_unknown_words_are_refused():
    for wrong in (
        facts({"safe_now": "maybe"}),
        PlacementFacts({"luck": Rating(1, "x")}, SAFE),
        PlacementFacts({"mental": Rating(5, "x")}, SAFE),
    ):
        with pytest.raises(ValueError):
            advise(wrong, RULES)


def test_rules_must_rise_and_name_known_levels():
    parsed = data.parsed("levels")
    with pytest.raises(ValueError, match="must not ask for a lower level"):
        placement_rules(parsed | {"dimensions": {"mental": ["iop", "outpatient", "iop", "php", "inpatient"]}})
    with pytest.raises(ValueError, match="five known levels"):
        placement_rules(parsed | {"dimensions": {"mental": ["iop"]}})
    with pytest.raises(ValueError, match="is not a level"):
        placement_rules(parsed | {"safety": {"safe_now": {"no": "spa"}}})


answers = st.fixed_dictionaries({n: st.sampled_from([*RULES.safety[n], "unknown"]) for n in RULES.safety})
ratings = st.fixed_dictionaries({n: st.one_of(st.none(), st.integers(0, 4)) for n in DIMENSIONS})


# Answers in order of rising risk; what is not known stands below the harmless answer, as it asks for nothing by itself.
NEEDS = {"structure_needed": ["no", "partly", "yes"], "functioning": ["no", "partly", "yes"], "stepping_down": ["no", "yes"],
         "tried_outpatient": ["no", "yes"], "home_stable": ["yes", "partly", "no"], "substance_use": ["no", "partly", "yes"]}  # fmt: skip
known = st.fixed_dictionaries({n: st.sampled_from(["unknown", *NEEDS[n]]) for n in NEEDS})


def built(rated, safety, others=None):
    return PlacementFacts({n: Rating(v, "why") for n, v in rated.items() if v is not None}, safety, others or {})


def weight(verdict):
    """How much care the verdict asks for; "assess now" stands with what is already known to be needed."""
    return RULES.rank(verdict.level if isinstance(verdict, Advice) else verdict.at_least)


@settings(max_examples=400, deadline=None)
@given(ratings, answers, known, st.data())
def test_adding_risk_never_lowers_the_level(rated, safety, others, draw):
    before = advise(built(rated, safety, others), RULES)
    kind = draw.draw(st.sampled_from(["rating", "safety", "need"]))
    if kind == "need":
        name = draw.draw(st.sampled_from(list(NEEDS)))
        order = ["unknown", *NEEDS[name]]
        worse = draw.draw(st.sampled_from(order[order.index(others[name]) :]))
        after = advise(built(rated, safety, others | {name: worse}), RULES)
    elif kind == "rating":
        name = draw.draw(st.sampled_from(DIMENSIONS))
        worse = rated | {name: min(4, (rated[name] if rated[name] is not None else 0) + draw.draw(st.integers(1, 4)))}
        after = advise(built(worse, safety, others), RULES)
    else:
        name = draw.draw(st.sampled_from(list(RULES.safety)))
        rank = {a: RULES.rank(level) for a, level in RULES.safety[name].items()}
        now = rank.get(safety[name], -1)
        worse_answer = draw.draw(st.sampled_from([a for a in rank if rank[a] >= now]))
        after = advise(built(rated, safety | {name: worse_answer}, others), RULES)
    assert weight(after) >= weight(before)


@settings(max_examples=200, deadline=None)
@given(ratings, answers, known)
def test_every_advice_says_a_reason_for_each_dimension_and_the_wish_never_changes_it(rated, safety, others):
    found = advise(built(rated, safety, others), RULES)
    assert len(found.by_dimension) == sum(value is not None for value in rated.values())
    for wish in RULES.levels:
        facts_ = PlacementFacts(built(rated, safety).ratings, safety, others, wish)
        assert weight(advise(facts_, RULES)) == weight(found)


def test_rules_of_needs_name_levels_and_dimensions_that_exist():
    parsed = data.parsed("levels")
    with pytest.raises(ValueError, match="is not a level"):
        placement_rules(parsed | {"needs": [{"fact": "x", "answers": {"yes": "spa"}}]})
    both = {"code": "x", "fact": "y", "answers": ["yes"], "dimension": "luck", "from_rating": 2, "at_least": "iop"}
    with pytest.raises(ValueError, match="is not a dimension"):
        placement_rules(parsed | {"together": [both]})


@settings(max_examples=400, deadline=None)
@given(ratings, answers)
def test_an_unknown_safety_answer_never_ends_in_a_level_below_crisis(rated, safety):
    found = advise(built(rated, safety), RULES)
    if "unknown" in safety.values():
        assert (isinstance(found, Advice) and found.level == "crisis") or (
            isinstance(found, NotEnough) and found.assess_now
        )
    if isinstance(found, Advice) and found.level != "crisis":
        assert None not in rated.values()


# From harmless to grave, as a clinician would put them; not taken from the rules.
GRAVER = {
    "suicide_triage": ["none", "low", "moderate", "elevated", "high"], "safe_now": ["yes", "partly", "no"], "medically_stable": ["yes", "partly", "no"],
    "withdrawal_risk": ["no", "partly", "yes"], "self_care": ["yes", "partly", "no"], "home_safe": ["yes", "partly", "no"],
}  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(ratings, answers, known, st.sampled_from(list(GRAVER)), st.data())
def test_a_graver_answer_never_lowers_the_level(rated, safety, others, name, draw):
    assert set(GRAVER) == set(RULES.safety)
    order = ["unknown", *GRAVER[name]]
    graver = draw.draw(st.sampled_from(order[order.index(safety[name]) :]))
    before, after = (advise(built(rated, safety | {name: answer}, others), RULES) for answer in (safety[name], graver))
    assert weight(after) >= weight(before)


@settings(max_examples=300, deadline=None)
@given(ratings, answers, known, st.sets(st.sampled_from(list(GRAVER)), min_size=1))
def test_a_safety_answer_that_was_never_asked_is_unknown(rated, safety, others, unasked):
    """The key is missing, not only the answer: as little known, as little advised below "assess now"."""
    left = {name: answer for name, answer in safety.items() if name not in unasked}
    found = advise(built(rated, left, others), RULES)
    assert (isinstance(found, Advice) and found.level == "crisis") or (isinstance(found, NotEnough) and found.assess_now)
    assert unasked <= set(found.missing)


@settings(max_examples=300, deadline=None)
@given(ratings, answers, known)
def test_every_dimension_has_its_reason_or_is_named_as_missing(rated, safety, others):
    found = advise(built(rated, safety, others), RULES)
    said = {str(one.params["dimension"]): english(one) for one in found.by_dimension}
    for name in DIMENSIONS:
        if rated[name] is None:
            assert name in found.missing and name not in said
        else:
            assert "why" in said[name]
    if isinstance(found, Advice) and found.level != RULES.levels[-1]:
        assert set(said) == set(DIMENSIONS)
    for one in (*found.reasons, *found.by_dimension):
        assert english(one).strip()


def test_costs_and_hours_carry_source_and_mark():
    levels = {entry["code"]: entry for entry in data.parsed("levels")["levels"]}
    figures = {code: (e["cost"]["low"], e["cost"]["high"], e["cost"]["per"]) for code, e in levels.items() if e["cost"]}
    assert figures == {
        "iop": (200, 300, "session"),
        "php": (350, 450, "day"),
        "residential": (500, 800, "day"),
        "inpatient": (500, 800, "day"),
    }
    assert {e["cost"]["mark"] for e in levels.values() if e["cost"]} == {"general, USA, 2023"}
    assert all(e["hours"]["source"] and e["hours"]["mark"] for e in levels.values())
