"""Ana's week: a track whose groups fit her hours, one individual hour, and nothing twice at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

pytestmark = pytest.mark.step


def test_given_her_free_hours_when_ivy_looks_at_what_fits_then_the_morning_fits_and_the_evening_does_not(life):
    ivy = life.staff("ivy")
    ivy.goes("timetable:week").goes("timetable:episode", uid=life.episode).sees("What fits")
    cards = ivy.page.get_by_role("main").locator(".card")
    assert "Fits" in cards.filter(has_text="Morning process group").first.inner_text()


def test_given_her_needs_when_ivy_asks_the_engine_then_ranked_offers_stand_there_and_nothing_is_booked(life):
    ivy = life.staff("ivy")
    ivy.clicks("Find a week that fits").must_be_on("finding:find").looks("finding:find").sees("Offer 1", "Nobody else moves.")
    ivy.goes("timetable:episode", uid=life.episode)


def test_given_what_fits_when_ivy_takes_the_morning_then_groups_and_an_individual_hour_are_booked_together(life):
    ivy = life.staff("ivy")
    ivy.clicks("Place in a track").must_be_on("timetable:track")
    ivy.chooses("Morning").page.get_by_label("From").first.fill(life.today.isoformat())
    ivy.clicks("Place them").must_be_on("timetable:episode").looks("timetable:episode booked")
    ivy.sees("Morning process group", "Morning skills group", "Weekly visits")


def test_given_her_places_when_the_next_week_is_shown_then_its_hours_stand_beside_the_least_the_program_asks(life):
    ivy = life.staff("ivy")
    ivy.clicks("Week after").must_be_on("timetable:episode")
    card = ivy.page.locator(".card").filter(has_text="Hours of this week").first
    assert "Met" in card.inner_text() and "9" in card.inner_text()


def test_given_a_group_at_that_hour_when_a_visit_is_booked_into_it_then_the_booking_is_refused_in_words(life):
    ivy = life.staff("ivy")
    ivy.goes("timetable:once", uid=life.episode)
    day = life.today + timedelta(days=7)
    ivy.answers("Kind", "Medication visit").picks("With", "Pat, PMHNP")
    ivy.page.get_by_label("Day", exact=True).fill(day.isoformat())
    ivy.page.get_by_label("Begins").fill("09:30")
    ivy.page.get_by_label("Ends").fill("10:00")
    ivy.clicks("Book the visit").looks_here("timetable:once refused")
    assert re.search("booked", ivy.refused()) and "Morning process group" in ivy.refused()


def test_given_her_places_when_ana_opens_her_week_then_it_is_there(life):
    ana = life.somebody("ana")
    ana.goes("client:today").looks("client:today booked").goes("client:week")
    ana.sees(re.compile("Morning process group"), "Why my week looks like this").looks("client:week why")
    ana.goes("feeds:mine").clicks("Make my address").must_be_on("feeds:mine").looks("feeds:mine address").sees("Your address")
