"""A Monday at the board: a week is drafted, an hour dragged, built, and published."""

from __future__ import annotations

import re

import pytest

from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.board.models import WeekBuild, WeekPublished
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.models import Group
from footbridge.kit.access import SYSTEM
from footbridge.wiring import reactions

from .conftest import apart

pytestmark = pytest.mark.step


def main(ed):
    return ed.page.get_by_role("main")


def test_given_a_week_when_ed_opens_the_board_then_hours_seats_and_warnings_stand_in_one_table(life):
    def max_has_a_place() -> None:
        episode = Episode.objects.select_related("client").get(client=life.cast.max.client, ended_at__isnull=True)
        for group in Group.objects.filter(code__in=["process", "skills"]):
            if not episode.places.filter(group=group, held_until__isnull=True).exists():
                timetable.join_group(episode, group, life.now.date(), by=SYSTEM, at=life.now, confirmed=True)

    apart(max_has_a_place)
    ed = life.staff("ed")
    ed.goes("timetable:board").sees("Morning process group", re.compile("of 12 seats"))
    ed.clicks("Draft a new week", "link").must_be_on("timetable:draft_start")
    ed.clicks("Start the draft").must_be_on("timetable:draft")
    life.draft = ed.page.url


def test_given_a_draft_when_an_hour_is_dropped_where_its_leader_is_busy_then_it_is_said_and_cannot_be_saved(life):
    ed = life.staff("ed")
    entries = ed.page.locator(".timetable-wide .entry")
    taken = ed.page.locator("td[data-starts='10:15']", has=ed.page.locator(".entry")).first
    entries.filter(has_text="Morning process group").first.drag_to(taken)
    dialog = ed.page.locator("#board-move[open]")
    dialog.get_by_text("It cannot be saved").wait_for()
    assert "in two places at once" in dialog.inner_text()
    assert dialog.get_by_role("button", name="Save in the draft").count() == 0
    ed.looks_here("timetable:draft dialog")
    ed.page.keyboard.press("Escape")
    assert ed.page.locator(".board-steps").count() == 0


def test_given_a_free_hour_when_it_is_dropped_there_then_the_page_says_what_it_does_and_keeps_it_as_one_step(life):
    ed = life.staff("ed")
    ed.goes(life.draft)
    free = ed.page.locator("td[data-starts='09:00']:not(:has(.entry))").first
    ed.page.locator(".timetable-wide .entry", has_text="Morning process group").first.drag_to(free)
    dialog = ed.page.locator("#board-move[open]")
    dialog.get_by_text("What it does", exact=True).wait_for()
    dialog.get_by_role("button", name="Save in the draft").click()
    ed.page.get_by_text("Last change: Morning process group").wait_for()
    ed.must_be_on("timetable:draft").looks("timetable:draft changed")
    ed.clicks("Undo", "button", nth=0).must_be_on("timetable:draft").sees("None yet: it is the week that holds.")


def test_given_the_keyboard_when_m_is_pressed_on_an_hour_then_the_same_dialog_opens(life):
    ed = life.staff("ed")
    ed.page.locator(".timetable-wide .entry", has_text="Morning process group").first.locator("a.entry-move").focus()
    ed.page.keyboard.press("m")
    dialog = ed.page.locator("#board-move[open]")
    dialog.wait_for()
    dialog.get_by_label("Begins").fill("08:00")
    dialog.get_by_label("Ends").fill("09:05")
    dialog.get_by_role("button", name="See what it does").click()
    dialog.get_by_text("What it does", exact=True).wait_for()
    dialog.get_by_role("button", name="Save in the draft").click()
    ed.page.get_by_text("Last change: Morning process group").wait_for()
    ed.must_be_on("timetable:draft")


def test_given_a_draft_when_an_hour_is_added_by_dialog_then_what_it_does_is_said_and_it_stands_on_the_board(life):
    ed = life.staff("ed")
    ed.page.get_by_role("link", name="Add an hour…").click()
    dialog = ed.page.locator("#board-move[open]")
    dialog.wait_for()
    dialog.get_by_label("Group").select_option(label="Morning skills group (Morning)")
    dialog.get_by_label("Day").select_option(label="Tuesday")
    dialog.get_by_label("Begins").fill("14:00")
    dialog.get_by_label("Ends").fill("14:50")
    dialog.get_by_label("Leader").select_option(label="Bo, LCSW")
    dialog.get_by_label("Room").select_option(label="Green room (14)")
    dialog.get_by_role("button", name="See what it does").click()
    dialog.get_by_text("What it does", exact=True).wait_for()
    ed.looks_here("timetable:draft_add dialog")
    dialog.get_by_role("button", name="Add to the draft").click()
    ed.page.get_by_text("Last change: Morning skills group: new hour").wait_for()
    ed.must_be_on("timetable:draft").sees("New in this draft")


def test_given_a_draft_when_it_is_built_then_the_engine_proposes_a_week_that_is_taken_or_left(life):
    ed = life.staff("ed")
    ed.clicks("Build", "link", exact=True).must_be_on("timetable:draft_build")
    ed.chooses("10 seconds")
    main(ed).get_by_role("button", name="Build", exact=True).click()
    ed.page.get_by_text("It waits for the worker.").wait_for()
    apart(lambda: reactions.run_week_build(str(WeekBuild.objects.latest("pk").uid)))
    ed.goes(ed.page.url).sees("Price now").looks("timetable:draft_build built")


def test_given_who_is_affected_when_ed_publishes_then_max_is_among_those_who_are_told(life):
    ed = life.staff("ed")
    ed.goes(life.draft).clicks("Compare and publish").must_be_on("timetable:draft_publish").sees("Max")
    agreed = ed.page.get_by_label("I have asked the people concerned, and they agreed")
    if agreed.count():
        agreed.check()
    ed.clicks("Publish this week").must_be_on("timetable:week_published").sees("Who is told")
    told = apart(lambda: WeekPublished.objects.latest("pk").affected.filter(episode__client=life.cast.max.client).exists())
    assert told


def test_given_a_published_change_when_max_opens_next_week_then_it_stands_there_as_it_was_moved_and_added(life):
    person = life.signed_in("max", phone=True)
    person.goes("client:week").clicks("Next week", "link").must_be_on("client:week")
    shown = person.page.get_by_role("main").inner_text()
    assert "8:00 a.m. – 9:05 a.m." in shown  # the process group, moved by keyboard
    assert "2:00 p.m. – 2:50 p.m." in shown  # the skills group, added by dialog
    assert not person.troubles and not person.elsewhere
