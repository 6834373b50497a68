"""The program file: readable, checked, and each mistake named by line with its mend."""

import pytest

from footbridge import data
from footbridge.ground.program.format import ProgramFault, compare_with_published, read, sessions, week_of

GOOD = """\
program:
  code: small
  name: Small program
  population: adult
  duration_weeks: 4
sites:
  - code: main
    name: Main
    time_zone: America/Chicago
    rooms:
      - {code: oak, name: Oak}
group_types:
  - {code: skills, name: Skills, kind: skills, max: 12, source: a source}
curricula:
  - code: basics
    title: Basics
    lessons:
      - {number: 1, title: One}
      - {number: 2, title: Two}
tracks:
  - {code: morning, name: Morning, part_of_day: morning, site: main}
groups:
  - code: skills
    track: morning
    name: Skills
    type: skills
    curriculum: basics
    meetings:
      - {day: mon, start: "09:00", end: "09:50", room: oak}
      - {day: wed, start: "9:00", end: "09:50", weeks: "1-2, 4"}
individual:
  - {code: one, name: Individual, minutes: 50, any_of_weeks: 2-3}
"""


def faults(text):
    with pytest.raises(ProgramFault) as caught:
        read(text)
    return [str(p) for p in caught.value.problems]


def test_a_good_file_reads():
    program = read(GOOD)
    assert program.groups[0].meetings[1].weeks == (1, 2, 4)
    assert len(sessions(program, "morning")) == 7
    assert [s.lesson.title if s.lesson else None for s in sessions(program)][:3] == ["One", "Two", None]
    assert week_of(program, "morning", 3).therapeutic_minutes == 50
    assert week_of(program, "morning", 2, with_individual=True).therapeutic_minutes == 150
    assert compare_with_published(program) == ()


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            '{day: mon, start: "09:00"',
            '{weekday: mon, start: "09:00"',
            "line 29: 'weekday' is not a field here; did you mean 'day'?",
        ),
        (
            "    curriculum: basics",
            "    curiculum: basics",
            "line 27: 'curiculum' is not a field here; did you mean 'curriculum'?",
        ),
        (
            "day: mon",
            "day: monday",
            "line 29: 'monday' cannot stand for 'day'; write one of mon, tue, wed, thu, fri, sat, sun",
        ),
        ('start: "09:00"', "start: nine", "line 29: 'nine' cannot stand for 'start'; write a time like 09:00 or 17:30"),
        (
            "    track: morning",
            "    track: mornings",
            "line 24: 'mornings' is not under tracks; did you mean 'morning'?",
        ),
        ("    type: skills", "    type: talk", "line 26: 'talk' is not under group_types; known are skills"),
        ("  population: adult\n", "", "line 1: 'population' is missing here"),
        ("number: 2", "number: 3", "line 15: lessons of 'basics' must be numbered 1 to 2 in order"),
        ("room: oak", "room: elm", "line 29: room 'elm' is not under any site; known are oak"),
        (
            'weeks: "1-2, 4"',
            "weeks: 4-1",
            "line 30: '4-1' cannot stand for 'weeks'; write weeks like \"1-16\" or \"1-4, 9\"",
        ),
        ('weeks: "1-2, 4"', "weeks: 1-9", "line 30: week 9 lies after the end; the program lasts 4 weeks"),
        (
            'end: "09:50", room: oak',
            'end: "08:50", room: oak',
            "line 29: 'skills' ends at 08:50, before it starts at 09:00",
        ),
        (
            "code: small",
            "code: Small!",
            "line 2: 'Small!' cannot be a code; use small letters, digits and _ (like early_skills)",
        ),
        ("duration_weeks: 4", "duration_weeks: many", "line 5: 'duration_weeks' must be a valid integer"),
        (
            "    meetings:\n",
            "    max: 20\n    meetings:\n",
            "line 28: max 20 is more than the limit of 12 for skills (a source)",
        ),
        ('{day: wed, start: "9:00"', '{day: mon, start: "09:30"', "line 30: 'skills' already meets on mon at 09:00"),
        (
            "  - {code: one,",
            "  - {code: one, name: x, minutes: 50}\n  - {code: one,",
            "line 33: the code 'one' is already used under individual",
        ),
    ],
)
def test_each_mistake_is_named_with_line_and_mend(was, becomes, said):
    assert was in GOOD
    found = faults(GOOD.replace(was, becomes, 1))
    assert any(line.startswith(said) for line in found), found


def test_all_mistakes_come_at_once_in_order_of_lines():
    found = faults(GOOD.replace("day: mon", "weekday: mon").replace("population: adult", "population: all"))
    assert [line.split(":")[0] for line in found] == ["line 4", "line 29"]


def test_broken_yaml_and_odd_files_are_told_by_line():
    assert faults("program:\n  code: [a\n  name: x\n")[0].startswith("line 3: ")
    assert faults("program:\n  code: a\n  code: b\n")[0].startswith("line 3: ")
    assert faults("- a\n- b\n") == ["line 1: the file must begin with 'program:', 'tracks:' and 'groups:'"]
    assert faults("") == ["line 1: the file must begin with 'program:', 'tracks:' and 'groups:'"]
    listless = GOOD.replace("  - {code: morning, name: Morning, part_of_day: morning, site: main}", "  code: morning")
    assert faults(listless) == ["line 20: 'tracks' must be a list (lines that begin with '- ')"]


def test_a_room_holds_one_group_at_a_time():
    second = """\
  - code: more
    track: morning
    name: More
    type: skills
    meetings:
      - {day: mon, start: "09:30", end: "10:20", room: oak}
individual:"""
    found = faults(GOOD.replace("individual:", second, 1))
    assert found == ["line 36: room 'oak' already holds 'skills' on mon at 09:00"]


def test_a_count_that_does_not_come_out_is_named():
    text = GOOD + "published_counts:\n  sessions_by_type: {skills: 9}\n  individual_sessions: 1\n"
    text += "  phases:\n    - {name: All, track: morning, weeks: 1-2, services: 3}\n"
    differences = compare_with_published(read(text))
    assert [str(d) for d in differences] == [
        "sessions of skills: published 9, the file comes to 7",
        "All, week 1, services: published 3, the file comes to 2",
        "All, week 2, services: published 3, the file comes to 2",
    ]


@pytest.mark.parametrize("name", ["matrix", "ucsf_langley", "riverside"])
def test_shipped_programs_read(name):
    program = read(data.text(f"programs/{name}"))
    assert program.program.code == name
    assert program.program.sources


def test_the_demo_program_is_what_the_demo_needs():
    program = read(data.text("programs/riverside"))
    assert [(t.code, t.mode) for t in program.tracks] == [
        ("morning", "in_person"),
        ("afternoon", "hybrid"),
        ("evening", "video"),
    ]
    assert [s.time_zone for s in program.sites] == ["America/Chicago", "America/Chicago"]
    for track in ("morning", "afternoon", "evening"):
        focus = {g.condition_focus for g in program.groups_of(track) if g.type == "process"}
        assert focus == {"mood", "trauma_anxiety", "substance_use"}
    assert all(t.source and t.mark for t in program.group_types)


MEASURES = """measures:
  - {code: weekly, event: weekly, ask: [phq9, gad7], source: ours, effective_from: "2026-11-01"}
  - {code: weekly, event: weekly, ask: [phq9], source: ours, effective_from: "2027-01-01", tracks: [morning], focus: [mood]}
"""


def test_a_schedule_of_measures_reads():
    first, second = read(GOOD + MEASURES).measures
    assert (first.ask, first.open_days, second.tracks) == (("phq9", "gad7"), 7, ("morning",))


@pytest.mark.parametrize(
    ("was", "is_now", "said"),
    [
        ("event: weekly, ask: [phq9, gad7]", "event: often, ask: [phq9]", "'often' cannot stand for 'event'"),
        ("source: ours, effective", "effective", "'source' is missing here"),
        ("ask: [phq9, gad7]", "ask: []", "'ask' must not be empty"),
        ("tracks: [morning]", "tracks: [mornig]", "'mornig' is not under tracks; did you mean 'morning'?"),
        ('"2027-01-01"', '"2026-11-01"', "'weekly' stands here twice from 2026-11-01"),
        ("event: weekly, ask: [phq9, gad7]", "event: every, ask: [phq9]", "every_days belongs to the event 'every'"),
        ("ask: [phq9, gad7]", "ask: [phq9], due_days: 9", "a window opens, is due, and closes after that"),
    ],
)
def test_a_mistake_in_the_schedule_is_named_with_its_line(was, is_now, said):
    with pytest.raises(ProgramFault) as fault:
        read(GOOD + MEASURES.replace(was, is_now, 1))
    assert said in str(fault.value) and fault.value.problems[0].line > GOOD.count("\n")
