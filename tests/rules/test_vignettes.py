"""Twelve invented people against the rules: which level the facts point to, and that every reason is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from footbridge import data
from footbridge.cli.placement import placement
from footbridge.engines.level_of_care import dangers, payers, placement_rules
from footbridge.engines.level_of_care.cases import CaseTrouble, advise_case

CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("vignettes.yaml").read_text(encoding="utf-8"))
RULES = placement_rules(data.parsed("levels"))
PAYERS = payers(data.parsed("eligibility"))
DANGERS = dangers(data.parsed("levels"))


def case_of(vignette):
    return {name: value for name, value in vignette.items() if name != "expects"}


def test_there_are_twelve():
    assert len({one["id"] for one in CASES}) == 12


@pytest.mark.parametrize("vignette", CASES, ids=[one["id"] for one in CASES])
def test_the_facts_point_to_the_level_a_clinician_expects_and_say_why(vignette):
    expects = vignette["expects"]
    found = advise_case(case_of(vignette), RULES, PAYERS)
    assert (found["verdict"], found["level"]) == ("advice", expects["level"])
    said = " ".join(found["reasons"])
    for word in expects["because"]:
        word = {"nothing_more": "No need and no risk", "co_occurring": "one program for both"}.get(word, word)
        assert word in said
    assert len(found["by_dimension"]) == len(RULES.dimensions)
    if expects["level"] != "crisis":
        assert found["would_change"]
    for name in ("fit", "wish"):
        if name in expects:
            assert any(expects[name] in line for line in found["fit"]), found["fit"]


# Who may not go home with an entry in a form: what of the twelve raises an alarm at once, and how soon somebody must act.
ALARMS = {
    "eating disorder, medically unstable": {"medically_stable": "now", "self_care": "today", "inpatient": "now"},
    "mania": {"inpatient": "now"},
    "benzodiazepine withdrawal": {"withdrawal_risk": "today", "withdrawal": "now"},
}


@pytest.mark.parametrize("vignette", CASES, ids=[one["id"] for one in CASES])
def test_who_is_in_danger_raises_an_alarm_and_nobody_else_does(vignette):
    found = advise_case(case_of(vignette), RULES, PAYERS)
    told = dict(DANGERS.told(vignette["safety"]))
    if found["level"] in DANGERS.levels:
        told[found["level"]] = DANGERS.levels[found["level"]]
    assert told == ALARMS.get(vignette["id"], {})


@pytest.mark.parametrize("vignette", CASES, ids=[one["id"] for one in CASES])
@pytest.mark.parametrize("gate", sorted(RULES.safety))
def test_with_a_safety_answer_taken_away_nobody_is_advised_below_assess_now(vignette, gate):
    case = case_of(vignette)
    case["safety"] = {name: answer for name, answer in case["safety"].items() if name != gate}
    found = advise_case(case, RULES, PAYERS)
    assert found["verdict"] == "assess_now"
    assert gate in found["missing"]


def test_a_payer_test_nobody_answered_is_asked_for_and_never_taken_as_met():
    case = case_of(next(one for one in CASES if one["id"] == "low income, no insurance"))
    state = advise_case(case, RULES, PAYERS)["eligibility"]
    assert state["state"] == "not_known"
    assert {t["fact"]: t["state"] for t in state["tests"]} == {
        "substance_use": "met",
        "three_by_three_planned": "not_known",
        "individual_plan": "not_known",
    }
    case["payer_facts"] = {"three_by_three_planned": "yes", "individual_plan": "no"}
    assert advise_case(case, RULES, PAYERS)["eligibility"]["state"] == "not_met"
    case["payer_facts"]["individual_plan"] = "yes"
    assert advise_case(case, RULES, PAYERS)["eligibility"]["state"] == "met"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ratings": {"luck": {"rating": 1, "reason": "x"}}}, "ratings.luck"),
        ({"ratings": {"mental": {"rating": 5, "reason": "x"}}}, "ratings.mental.rating"),
        ({"ratings": {"mental": {"rating": True, "reason": "x"}}}, "ratings.mental.rating"),
        ({"ratings": {"mental": 2}}, "ratings.mental"),
        ({"ratings": []}, "ratings"),
        ({"safety": {"safe_now": "maybe"}}, "safety.safe_now"),
        ({"safety": {"stars": "yes"}}, "safety.stars"),
        ({"known": {"transport": 3}}, "known.transport"),
        ({"wish": "spa"}, "wish"),
        ({"population": "cats"}, "population"),
        ({"payer": "aunt"}, "payer"),
        ({"stay": {"level": "spa"}}, "stay.level"),
        ({"stay": {"level": "iop", "mood": "yes"}}, "stay.mood"),
        ({"stay": {"level": "iop", "before": {"mental": 9}}}, "stay.before"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_read_names_the_field(wrong, field):
    with pytest.raises(CaseTrouble) as trouble:
        advise_case(wrong, RULES, PAYERS)
    assert trouble.value.field == field


def test_the_command_writes_a_line_for_each_case_and_names_the_lines_it_cannot_read(tmp_path):
    file = tmp_path / "cases.jsonl"
    lines = [json.dumps(case_of(one)) for one in CASES]
    file.write_text("\n".join([*lines[:2], '{"wish": "spa"}', "nonsense", *lines[2:]]), encoding="utf-8")
    done = CliRunner().invoke(placement, ["advise", str(file)])
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [one["line"] for one in out] == list(range(1, 15))
    assert [one["line"] for one in out if "error" in one] == [3, 4]
    assert "line 3: wish: 'spa' is none of" in done.stderr
    assert out[0]["id"] == CASES[0]["id"] and out[0]["level"] == "iop"
