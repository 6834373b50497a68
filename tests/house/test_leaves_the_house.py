"""Every file, letter and message that can leave the house, and what holds it: a new one does not start without its line here.

`asks`: the disclosure verdict is asked first. `own`: it is for the client themself. `counts`: numbers of a program, no person. `team`: our own
people, inside. `neutral`: a message that says nothing about care, sent in the way the person agreed to.
"""

from __future__ import annotations

import ast
from pathlib import Path

import footbridge

SRC = Path(footbridge.__file__).parent
MAKES = ("hand_out(", "Content-Disposition", "EmailMessage(", "notices.make(", ".send()", "text/calendar")
ASKING = ("_asks(", "handing.page(", "tellable(", "event.may", "reads.table(")

DOORS = {
    "care/measures/views/taking.py as_csv": "asks",
    "care/measures/views/taking.py as_pdf": "asks",
    "desks/clinician/outside/views.py answers": "asks",
    "care/transitions/hand_offs/views.py letter_there": "asks",
    "desks/front_desk/sources/views.py letter": "asks",
    "desks/biller/views.py file": "asks",  # each row says whether the plan may be told, and why not
    "care/transitions/hand_offs/views.py page_for_them": "own",
    "care/timetable/printing/views.py person": "own",
    "desks/client/taking.py as_csv": "own",
    "desks/client/taking.py as_pdf": "own",
    "desks/client/week.py as_pdf": "own",
    "desks/front_desk/estimates.py letter": "own",
    "care/timetable/feeds/views.py ics": "own",  # of its owner, and without a word about care
    "desks/director/outcomes/views.py as_csv": "counts",
    "desks/director/outcomes/views.py as_pdf": "counts",
    "desks/director/places/views.py as_csv": "counts",
    "desks/director/shelf/views.py _download": "counts",  # a questionnaire without answers
    "care/timetable/printing/views.py week": "team",
    "desks/director/outcomes/views.py evidence_csv": "team",  # each chart that is in it is written down as looked into
    "desks/director/suicide_goal/views.py as_csv": "team",
    "kit/access/accounts.py letter": "neutral",
    "lanes/notices/actions.py _deliver": "neutral",
    "wiring/reactions.py tell_the_owner": "team",
    "wiring/reactions.py send_the_link": "neutral",
    "wiring/reactions.py the_week_is_another": "neutral",
    "wiring/reactions.py tell_about_the_week": "neutral",
    "wiring/reactions.py tell_it_is_not_held": "neutral",
    "wiring/reactions.py tell_of_day": "neutral",
    "wiring/reactions.py tell_whose_times_change": "neutral",
    "desks/front_desk/views.py invite": "neutral",
    "desks/family/supporters.py invite": "neutral",
    "desks/director/views.py add": "team",
    "kit/web/files.py hand_out": "tool",
}


def found() -> dict[str, str]:
    """Functions that make something to take along or to send, with their source."""
    held = {}
    for file in sorted(SRC.rglob("*.py")):
        source = file.read_text()
        if not any(word in source for word in MAKES):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                said = ast.get_source_segment(source, node) or ""
                if any(word in said for word in MAKES):
                    held[f"{file.relative_to(SRC)} {node.name}"] = said
    return held


def test_whatever_leaves_the_house_has_its_door() -> None:
    known = {name for name in found() if not name.startswith(("cli/", "wiring/demo/", "kit/watch"))}
    assert known - set(DOORS) == set(), "say here what holds it: the verdict, or that it is the client's own"
    assert set(DOORS) - known == set(), "gone: take its line away"


def test_what_asks_does_ask() -> None:
    held = found()
    for name, door in DOORS.items():
        if door == "asks":
            assert any(word in held[name] for word in ASKING), name
        if name.endswith(("evidence_csv", "suicide_goal/views.py as_csv")):
            assert "trail.looked" in held[name], name
