"""Crisis lines of the county, and the warning before any of them is too old."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from footbridge.ground.program import crisis_lines, local_lines
from footbridge.ground.program.models import LocalLine
from footbridge.kit.access import NotYours
from footbridge.kit.trail.models import Act
from tests.views.test_safety import at_desk

pytestmark = pytest.mark.django_db
PAGE = "/program/crisis-lines/"
WORDS = {"name": "County mobile team", "about": "Day and night", "call": "312 555 0199", "name_es": "Equipo del condado"}


def test_added_shown_in_both_languages_and_ended(cast):
    ed = at_desk(cast.ed)
    refused = ed.post(PAGE, {**WORDS, "call": ""})
    assert refused.status_code == 422 and "County mobile team" in refused.content.decode()
    for _click in range(2):
        assert ed.post(PAGE, WORDS).status_code == 303
    line = LocalLine.objects.get()
    assert Act.objects.filter(verb="crisis_line.added").count() == 1
    visitor = Browser()
    assert "County mobile team" in visitor.get("/help/").content.decode()
    spanish = visitor.get("/help/", headers={"accept-language": "es"}).content.decode()
    assert "Equipo del condado" in spanish
    assert ed.post(reverse("director:line_checked", kwargs={"uid": line.uid})).status_code == 303
    assert ed.post(reverse("director:line_ended", kwargs={"uid": line.uid})).status_code == 303
    assert "County mobile team" not in visitor.get("/help/").content.decode()
    assert ed.post(reverse("director:line_ended", kwargs={"uid": line.uid})).status_code == 404


def test_verbs_refuse_others(cast, at):
    line = local_lines.add(**WORDS, by=cast.ed.actor(), at=at)
    for deed in (local_lines.check_again, local_lines.end):
        with pytest.raises(NotYours):
            deed(line, by=cast.bo.actor(), at=at)
    with pytest.raises(NotYours):
        local_lines.add(**WORDS, by=cast.di.actor(), at=at)
    with pytest.raises(local_lines.CannotKeep):
        local_lines.add(**{**WORDS, "about": " "}, by=cast.ed.actor(), at=at)
    later = local_lines.check_again(line, by=cast.ed.actor(), at=at + timedelta(days=3))
    assert later.checked_on == line.checked_on and Act.objects.filter(verb="crisis_line.checked").exists()


@pytest.mark.parametrize("who", ["bo", "di", "ivy", "ana", "bea"])
def test_strangers(cast, who):
    assert at_desk(getattr(cast, who)).get(PAGE).status_code == 404


def test_the_table_as_we_ship_it_says_that_nobody_checked_it(cast):
    if not crisis_lines.was_checked():
        assert "Nobody has checked" in at_desk(cast.ed).get("/program/").content.decode()


@pytest.mark.parametrize("days, said", [(60, ""), (77, "must be checked by"), (91, "were to be checked by")])
def test_it_warns_two_weeks_before(db, monkeypatch, days, said):
    table = {"reviewed_on": "2026-11-01", "expires_after_days": 90, "reviewed_by": "Ed", "lines": []}
    monkeypatch.setattr(crisis_lines, "parsed", lambda name: table)
    monkeypatch.setattr(local_lines, "parsed", lambda name: table)
    warning = crisis_lines.warning(date(2026, 11, 1) + timedelta(days=days))
    assert said in warning and bool(warning) is bool(said)


def test_a_local_line_that_grows_old(cast, at, monkeypatch):
    table = {"reviewed_on": (at.date() + timedelta(days=60)).isoformat(), "expires_after_days": 90, "reviewed_by": "Ed", "lines": []}
    monkeypatch.setattr(crisis_lines, "parsed", lambda name: table)
    local_lines.add(**WORDS, by=cast.ed.actor(), at=at)
    assert "County mobile team" in crisis_lines.warning(at.date() + timedelta(days=80))
