import json
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.timetable.instances import instance
from click.testing import CliRunner

from footbridge.cli.timetable import timetable
from footbridge.engines.timetabling import WrongFile, check, read, solve, write_facts
from footbridge.engines.timetabling.facts import Client, Facts, Need, Room, Site, Span, Staff, Visit, Week
from footbridge.engines.timetabling.greedy import by_demand

from .tiny import tiny

SMALL = instance("small", 2)


def plain(facts, week=None):
    return json.loads(json.dumps(write_facts(facts, week)))


@pytest.mark.parametrize("facts", [SMALL, tiny(1), tiny(3)], ids=["small", "tiny1", "tiny3"])
def test_what_is_written_is_read_again(facts):
    week = by_demand(facts)
    assert read(plain(facts, week)) == (facts, week)


@pytest.mark.parametrize(
    "change, path, says",
    [
        (lambda f: f.update(footbridge_week=2), "footbridge_week", "must be 1"),
        (lambda f: f.update(clints=[]), "clints", "did you mean clients?"),
        (lambda f: f["clients"][3]["free"].append("mon 9-12"), "clients[3].free[", 'write it like "mon 09:00-12:00"'),
        (lambda f: f["clients"][0].update(primary="s0-t99"), "clients[0].primary", "did you mean"),
        (
            lambda f: f["clients"][0]["needs"][0].update(kind="proces"),
            "clients[0].needs[0].kind",
            "did you mean process",
        ),
        (lambda f: f["groups"][0].update(least=99), "groups[0].least", "more than most"),
        (
            lambda f: f["groups"][0].update(patterns=[["mon 09:00-09:50", "mon 10:00-10:50"]]),
            "groups[0].patterns[0]",
            "different days",
        ),
        (lambda f: f["staff"][0].pop("free"), "staff[0].free", "is missing"),
        (lambda f: f["rooms"][1].update(code=f["rooms"][0]["code"]), "rooms[1].code", "stands twice"),
        (lambda f: f.update(order=["needs"]), "order", "must hold each of these once"),
        (lambda f: f["weights"].update({"needs.proces": 3}), "weights.needs.proces", "did you mean needs.process?"),
        (lambda f: f.update(travel=[["s0", 5]]), "travel[0]", "two sites and the minutes"),
        (lambda f: f.update(travel=[["s0", "s9", 5]]), "travel", "'s9' is no site"),
        (lambda f: f.update(apart=[["s0-c000", "s0-c000"]]), "apart[0]", "two different people"),
        (
            lambda f: f.update(grid={"days": ["mon"], "blocks": ["09:00-10:00", "09:30-10:30"]}),
            "grid.blocks",
            "overlaps",
        ),
    ],
)
def test_a_fault_names_its_place_and_the_mend(change, path, says):
    file = plain(SMALL)
    change(file)
    with pytest.raises(WrongFile) as wrong:
        read(file)
    assert any(p.startswith(path) and says in s for p, s in wrong.value.faults), wrong.value.faults


def test_hours_at_two_sites_leave_the_time_to_travel():
    free = (Span(0, 540, 720),), (Span(0, 740, 900),)
    sites = Site("main"), Site("north")
    staff = tuple(Staff(f"bo-{s.code}", s.code, f, person="bo") for s, f in zip(sites, free, strict=True))
    blocks = (Span(0, 540, 590),)
    near = Facts(blocks, sites, (), staff, (), (), travel={frozenset({"main", "north"}): 25})
    with pytest.raises(WrongFile) as wrong:
        read(plain(near))
    assert wrong.value.faults[0][0] == "staff[1].free"
    assert "25 minutes it takes from 'main' to 'north'" in wrong.value.faults[0][1]
    far = replace(near, travel={frozenset({"main", "north"}): 20})
    assert read(plain(far)) == (far, Week())


def test_the_check_reads_the_time_to_travel():
    sites = Site("main"), Site("north")
    whole = (Span(0, 540, 900),)
    staff = tuple(Staff(f"bo-{s.code}", s.code, whole, visits=frozenset({"individual"}), person="bo") for s in sites)
    rooms = tuple(Room(f"o-{s.code}", s.code, "office") for s in sites)
    people = tuple(Client(f"c-{s.code}", s.code, whole, (Need("individual"),)) for s in sites)
    blocks = tuple(Span(0, h * 60, h * 60 + 50) for h in (9, 10, 11))
    facts = Facts(blocks, sites, rooms, staff, (), people, travel={frozenset({"main", "north"}): 25})

    def seen(hour):
        return Week.of(
            [],
            [],
            [
                Visit("c-main", "individual", blocks[0], "bo-main", "o-main"),
                Visit("c-north", "individual", blocks[hour], "bo-north", "o-north"),
            ],
        )

    assert [b.rule for b in check(facts, seen(1))] == ["travel"]
    assert check(facts, seen(2)) == ()


def test_all_faults_are_told_at_once():
    file = plain(SMALL)
    file["clients"][0]["free"] = ["x"]
    file["staff"][0]["free"] = ["y"]
    with pytest.raises(WrongFile) as wrong:
        read(file)
    assert len(wrong.value.faults) == 2


def test_solve_writes_a_file_that_check_accepts(tmp_path):
    given, solved = tmp_path / "week.json", tmp_path / "solved.json"
    given.write_text(json.dumps(plain(tiny(4))))
    run = CliRunner().invoke(timetable, ["solve", str(given), "--rounds", "2", "--seed", "1", "-o", str(solved)])
    assert run.exit_code == 0, run.output
    out = json.loads(solved.read_text())
    assert out["answer"]["how"] == "solver"
    assert next(x["level"] for x in out["answer"]["levels"]) == "needs"
    assert all(x["bound"] <= x["price"] for x in out["answer"]["levels"])
    assert all(u["says"] for u in out["answer"]["unmet"])
    assert check(*read(out)) == ()
    run = CliRunner().invoke(timetable, ["check", str(solved)])
    assert run.exit_code == 0 and "No rule is broken" in run.output


def test_check_says_which_rule_is_broken(tmp_path):
    file = plain(SMALL, by_demand(SMALL))
    file["week"]["members"][next(iter(file["week"]["members"]))] = ["s0-c000"]
    given = tmp_path / "week.json"
    given.write_text(json.dumps(file))
    run = CliRunner().invoke(timetable, ["check", str(given)])
    assert run.exit_code == 1 and "too_few" in run.output


def test_a_wrong_file_is_told_in_sentences(tmp_path):
    given = tmp_path / "week.json"
    given.write_text("{")
    assert "no JSON" in CliRunner().invoke(timetable, ["check", str(given)]).output
    given.write_text(json.dumps({"footbridge_week": 1, "grid": {"days": ["mon"], "blocks": []}}))
    assert "no week in this file" in CliRunner().invoke(timetable, ["check", str(given)]).output


def test_the_example_of_the_formats_page_is_solved(tmp_path):
    page = Path("docs/formats.md").read_text()
    example = page.partition("## A week to be solved")[2].partition("```json")[2].partition("```")[0]
    facts, week = read(json.loads(example))
    answer = solve(facts, seconds=20, rounds=1)
    assert week.meetings == () and check(facts, answer.week) == ()
    assert answer.prices[0] == 0, "everybody gets what they need"
