"""A program file into the database: exact counts, nothing lost, errors with their line."""

from __future__ import annotations

from datetime import date

import pytest

from footbridge import data
from footbridge.ground.program import importing, reads
from footbridge.ground.program.models import Group, Lesson, Meeting, Program, Site, Track
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.cast import NOW

pytestmark = pytest.mark.django_db

SMALL = """\
program:
  code: river
  name: River evening program
  population: adult
  duration_weeks: 12
  hours_rule: iop_adult_9h
sites:
  - code: downtown
    name: Downtown
    time_zone: America/Chicago
    closed_on: [2026-11-26]
    rooms:
      - {code: blue, name: Blue room, seats: 12}
group_types:
  - {code: process, name: Process group, kind: process, min: 3, max: 10, source: our own limit, mark: K}
tracks:
  - {code: evening, name: Evening, part_of_day: evening, site: downtown}
groups:
  - code: process_evening
    track: evening
    name: Process group
    type: process
    meetings:
      - {day: mon, start: "18:00", end: "18:50", room: blue}
      - {day: wed, start: "18:00", end: "18:50", room: blue}
"""


def load(text: str) -> importing.Report:
    return importing.load(text, by=SYSTEM, at=NOW)


class TestPublishedExamples:
    def test_matrix_comes_out_as_published(self):
        report = load(data.text("programs/matrix"))
        assert report.counts == {"early_recovery_skills": 8, "relapse_prevention": 32, "family_education": 12, "social_support": 36}
        assert report.differences == ()
        program = Program.objects.get(code="matrix")
        assert not program.admits
        assert reads.individual_sessions(program) == 3
        assert Lesson.objects.filter(curriculum__program=program).count() == 88
        assert [line.agrees for line in reads.published(program)] == [True] * 5
        weeks = {p.name: p.week for p in reads.phases(program, date(2026, 11, 2))}
        assert [w.therapeutic_minutes for w in weeks.values()] == [370, 270, 90]
        assert [w.clock_minutes for w in weeks.values()] == [420, 270, 90]
        assert [[d.weekday for d in w.days] for w in weeks.values()] == [[0, 2, 4], [0, 2, 4], [2]]

    def test_every_week_of_matrix_is_short_of_nine_hours_and_says_by_how_much(self):
        load(data.text("programs/matrix"))
        program = Program.objects.get(code="matrix")
        first, second, _third = reads.phases(program, date(2026, 11, 2))
        assert first.verdict and not first.verdict.met
        assert first.verdict.short_by_minutes == 170
        assert second.verdict and second.verdict.short_by_minutes == 270
        assert "SAMHSA" in first.verdict.source

    def test_ucsf_comes_out_as_published(self):
        report = load(data.text("programs/ucsf_langley"))
        assert report.differences == ()
        program = Program.objects.get(code="ucsf_langley")
        found = {p.track.code: (p.week.services, p.week.therapeutic_minutes, p.week.clock_minutes) for p in reads.phases(program, date(2026, 11, 2))}
        assert found == {
            "iop_morning": (9, 450, 510),
            "iop_afternoon": (9, 450, 510),
            "iop_morning_tuesday": (12, 600, 670),
            "php": (20, 1000, 1100),
            "iop_mon_fri_earlier": (15, 750, 850),
        }
        assert not Track.objects.get(code="iop_mon_fri_earlier").offered

    @pytest.mark.parametrize("name", ["matrix", "ucsf_langley"])
    def test_loading_twice_changes_nothing(self, name):
        load(data.text(f"programs/{name}"))
        before = list(Meeting.objects.order_by("pk").values_list("pk", "held_until"))
        again = load(data.text(f"programs/{name}"))
        assert again.nothing_changed
        assert list(Meeting.objects.order_by("pk").values_list("pk", "held_until")) == before


class TestOwnProgram:
    def test_adds_everything_in_one_act(self):
        report = load(SMALL)
        assert report.added["meetings"] == 2
        assert Program.objects.get().admits
        assert Act.objects.filter(verb="program.imported").count() == 1
        meeting = Meeting.objects.first()
        assert meeting and meeting.room and meeting.room.name == "Blue room"
        assert Site.objects.get().closed_days.get().on == date(2026, 11, 26)
        assert Track.objects.get().places == 10

    def test_a_moved_hour_ends_the_old_meeting_and_begins_a_new_one(self):
        load(SMALL)
        report = load(SMALL.replace('day: wed, start: "18:00", end: "18:50"', 'day: wed, start: "19:00", end: "19:50"'))
        assert report.ended["meetings"] == 1
        assert report.added["meetings"] == 1
        old = Meeting.objects.get(held_until__isnull=False)
        new = Meeting.objects.get(weekday=2, held_until__isnull=True)
        assert old.held_until == new.held_from == date(2026, 11, 2)

    def test_a_group_that_is_gone_is_held_no_more_and_not_deleted(self):
        load(SMALL)
        more = SMALL + '  - code: skills\n    track: evening\n    name: Skills\n    type: process\n    meetings:\n      - {day: fri, start: "18:00", end: "18:50"}\n'
        load(more)
        report = load(SMALL)
        assert report.ended == {"meetings": 1, "groups": 1}
        assert Group.objects.get(code="skills").held_until == date(2026, 11, 2)
        assert load(SMALL).nothing_changed

    def test_a_group_that_comes_back_is_held_again(self):
        load(SMALL)
        load(SMALL.replace('      - {day: wed, start: "18:00", end: "18:50", room: blue}\n', ""))
        load(SMALL)
        assert Meeting.objects.filter(weekday=2, held_until__isnull=True).count() == 1

    def test_leader_by_the_address_on_the_staff_list(self, cast):
        load(SMALL.replace("room: blue}", "room: blue, leader: bo@example.org}"))
        assert {m.leader for m in Meeting.objects.all()} == {cast.bo.staff}

    def test_a_leader_set_by_hand_stays_when_the_file_names_none(self, cast):
        from footbridge.ground.program import actions

        load(SMALL)
        meeting = Meeting.objects.first()
        actions.lead(meeting, cast.bo.staff, by=cast.ed.actor(), at=NOW)
        assert load(SMALL).nothing_changed
        meeting.refresh_from_db()
        assert meeting.leader == cast.bo.staff


class TestErrors:
    @pytest.mark.parametrize(
        ("mistake", "line", "mend"),
        [
            (("track: evening\n", "track: evenings\n"), 20, "did you mean 'evening'"),
            (('start: "18:00"', 'start: "6 pm"'), 24, "write a time like 09:00"),
            (("America/Chicago", "America/Chikago"), 10, "like America/Chicago"),
            (("iop_adult_9h", "iop_adult_8h"), 6, "known are"),
            (("room: blue}", "room: green}"), 24, "known are blue"),
        ],
    )
    def test_each_names_its_line_and_mend_and_nothing_is_changed(self, mistake, line, mend):
        with pytest.raises(importing.ProgramErrors) as caught:
            load(SMALL.replace(*mistake))
        first = caught.value.errors[0]
        assert first.line == line
        assert mend in first.message
        assert not Program.objects.exists()

    def test_a_leader_nobody_knows(self, cast):
        with pytest.raises(importing.ProgramErrors, match="nobody on the staff list") as caught:
            load(SMALL.replace("room: blue}", "room: blue, leader: nobody@example.org}", 1))
        assert caught.value.errors[0].line == 24

    def test_a_therapist_may_not_load_a_program(self, cast):
        with pytest.raises(NotYours):
            importing.load(SMALL, by=cast.bo.actor(), at=NOW)


SCHEDULE = 'measures:\n  - {code: weekly, event: weekly, ask: [phq9], source: ours, effective_from: "2026-11-01"}\n'


def test_the_schedule_of_measures_is_kept_and_brought_up_to_date(db):
    load(SMALL + SCHEDULE)
    program = Program.objects.get()
    assert program.measures == [
        {"code": "weekly", "event": "weekly", "ask": ["phq9"], "source": "ours", "effective_from": "2026-11-01"}
    ]
    assert load(SMALL + SCHEDULE).nothing_changed
    load(SMALL)
    program.refresh_from_db()
    assert program.measures == []


def test_a_questionnaire_that_is_not_there_is_named(db):
    with pytest.raises(importing.ProgramErrors) as errors:
        load(SMALL + SCHEDULE.replace("phq9", "phq99"))
    assert "phq99" in str(errors.value) and errors.value.errors[0].line > 0


def test_the_schedule_that_comes_along_names_only_questionnaires_that_come_along():
    from footbridge.data import parsed
    from footbridge.engines.due import asking
    from footbridge.ground.instruments import shelf

    lines = [asking(line) for line in parsed("measures")["schedule"]]
    assert {code for line in lines for code in (*line.ask, *line.also_counts)} <= shelf.packaged_codes()
    assert all(line.source and line.mark and line.effective_from for line in lines)
