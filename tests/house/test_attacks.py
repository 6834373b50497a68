"""What a stranger, a client, a supporter whose access ended, a therapist of others, a clerk or an intruder tries, refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from footbridge.care.plan import rules as plan_rules
from footbridge.care.practice import rules as practice_rules
from footbridge.care.transitions import rules as transition_rules
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes import rules as episode_rules
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Person
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act

from ..cast import NOW, PASSWORD, Cast, Member

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(who: Member) -> Client:
    browser = Client()
    browser.force_login(who.user, backend=BACKEND)
    return browser


def gives(member: Member, role: str) -> None:
    people.give_role(member.staff, role, held_from=NOW.date() - timedelta(days=1), by=SYSTEM, at=NOW)


# ------------------------------------------------------------------ the database


def set_act(act_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('footbridge.act', %s, true)", [str(act_id)])


def test_nobody_writes_under_an_act_of_another_transaction(cast: Cast):
    """An intruder with the application's role names an act of somebody else, done long ago."""
    old = Act.objects.order_by("id").first()
    with connection.cursor() as cursor:  # as if it had been written before this transaction
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE trail_act DISABLE TRIGGER stamp")
        cursor.execute("UPDATE trail_act SET recorded_in = recorded_in - 1 WHERE id = %s", [old.pk])
        cursor.execute("ALTER TABLE trail_act ENABLE TRIGGER stamp")
    with pytest.raises(DatabaseError, match="not under way"), transaction.atomic():
        set_act(old.pk)
        Person.objects.create(legal_name="X Y", name_used="X", created_at=NOW)


def test_nobody_writes_under_an_act_that_is_not_there(cast: Cast):
    with pytest.raises(DatabaseError, match="not under way"), transaction.atomic():
        set_act(2**40)
        Person.objects.create(legal_name="X Y", name_used="X", created_at=NOW)


def test_the_transaction_of_an_act_is_stamped_by_the_database_not_by_who_writes_it(cast: Cast):
    forged = Act.objects.create(verb="x.y", by_label="x", at=NOW, about_kind="x", recorded_in=1)
    forged.refresh_from_db()
    assert forged.recorded_in != 1


# ------------------------------------------------------------------ two roles of one person


def test_a_desk_role_does_not_widen_what_a_clinical_role_opens(cast: Cast):
    """Cy treats others, and helps at the front desk, which knows of everybody: Ana's chart stays closed to her."""
    gives(cast.cy, "front_desk")
    cy, episode = cast.cy.actor(), cast.ana.episode
    for rule in (
        practice_rules.SEE_PRACTICE, practice_rules.ASSIGN, transition_rules.SEE_TRANSITIONS, transition_rules.MOVE,
        transition_rules.WRITE_RELAPSE_PLAN, plan_rules.SEE_PLAN, plan_rules.WRITE_PLAN, episode_rules.SEE_EPISODE,
    ):  # fmt: skip
        assert not access.may(cy, rule, episode), rule.code
    browser = signed_in(cast.cy)
    for name in ("clinician:chart", "practice:show", "reviews:show", "transitions:show", "plan:show", "measures:show", "clinician:history"):
        assert browser.get(reverse(name, args=[episode.uid])).status_code == 404, name
    assert cast.ana.person.name_used not in browser.get(reverse("clinician:caseload")).content.decode()
    assert browser.get(reverse("front_desk:papers", args=[episode.uid])).status_code == 200


def test_a_therapist_who_is_somebodys_supporter_is_not_their_therapist(cast: Cast):
    people.grant_supporter(
        cast.ana.client, cast.cy.person, relation="sibling", scope=["schedule"], granted_from=NOW.date(), by=SYSTEM, at=NOW
    )
    assert cast.cy.actor().has("supporter")
    for name in ("clinician:chart", "practice:show", "reviews:show", "transitions:show"):
        assert signed_in(cast.cy).get(reverse(name, args=[cast.ana.episode.uid])).status_code == 404, name


def test_a_client_who_supports_another_client_writes_nothing_for_them(cast: Cast):
    people.grant_supporter(
        cast.ana.client, cast.max.person, relation="friend", scope=["safety"], granted_from=NOW.date(), by=SYSTEM, at=NOW
    )
    assert not access.may(cast.max.actor(), transition_rules.WRITE_RELAPSE_PLAN, cast.ana.episode)
    page = reverse("transitions:relapse_plan", args=[cast.ana.episode.uid])
    assert signed_in(cast.max).get(page).status_code == 404


def test_intake_who_also_treats_reads_no_medicines_of_somebody_elses_client(cast: Cast):
    gives(cast.cy, "intake")
    answer = signed_in(cast.cy).get(reverse("clinician:chart", args=[cast.ana.episode.uid]))
    assert answer.status_code == 200
    assert not answer.context["clinical"] and answer.context["medications"] is None


def test_whose_record_it_is_is_never_guessed_from_a_row_number(cast: Cast):
    """A row without a client has a number of its own; it may happen to be the number of the one who asks."""

    class Row:
        pk = cast.ana.client.pk

    assert not episode_rules.own(cast.ana.actor(), Row())
    assert not episode_rules.own(replace(cast.ana.actor(), client_id=None), Row())
    assert episode_rules.own(cast.ana.actor(), cast.ana.client)
    assert episode_rules.own(cast.ana.actor(), cast.ana.episode)
    assert not episode_rules.own(cast.max.actor(), cast.ana.episode)


# ------------------------------------------------------------------ access that ended


def test_who_left_opens_nothing_though_still_signed_in(cast: Cast):
    browser = signed_in(cast.bo)
    page = reverse("clinician:chart", args=[cast.ana.episode.uid])
    assert browser.get(page).status_code == 200
    for held in cast.bo.staff.roles_held.all():
        people.end_role(held, until=timezone.now().date(), by=SYSTEM, at=NOW)
    assert browser.get(page).status_code == 404
    people.grant_supporter(
        cast.max.client, cast.bo.person, relation="friend", scope=["schedule"], granted_from=NOW.date(), by=SYSTEM, at=NOW
    )
    assert cast.bo.actor(timezone.now()).staff_id is None


def test_an_ended_grant_shows_nothing(cast: Cast):
    grant = cast.ana.client.supporters.get(person=cast.flo.person)
    browser, page = signed_in(cast.flo), reverse("family:person", args=[grant.uid])
    assert browser.get(page).status_code == 200
    people.end_supporter(grant, on=timezone.now().date(), by=SYSTEM, at=NOW)
    assert browser.get(page).status_code == 404


def test_broken_glass_mends_itself(cast: Cast):
    now = timezone.now()
    page, browser = reverse("clinician:chart", args=[cast.ana.episode.uid]), signed_in(cast.cy)
    episodes.break_glass(cast.ana.episode, cast.cy.staff, "She called me and sounds unwell.", by=cast.cy.actor(), at=now - timedelta(days=30))
    assert browser.get(page).status_code == 404
    episodes.break_glass(cast.ana.episode, cast.cy.staff, "She called me and sounds unwell.", by=cast.cy.actor(), at=now)
    assert browser.get(page).status_code == 200


# ------------------------------------------------------------------ roles and accounts


def test_nobody_gives_themselves_a_role(cast: Cast):
    """Who keeps accounts sees no chart; and does not become a director by a form of their own."""
    gives(cast.di, "admin")
    with pytest.raises(people.CannotHire, match="yourself"):
        people.give_role(cast.di.staff, "director", held_from=NOW.date(), by=cast.di.actor(), at=NOW)


def test_the_front_desk_cannot_move_a_clients_account_to_another_address(cast: Cast):
    """Whoever gets the link reads the client's plan and answers: an account in use stays where it is."""
    browser, page = signed_in(cast.di), reverse("front_desk:portal", args=[cast.ana.episode.uid])
    answer = browser.post(page, {"email": "somebody-else@example.org"})
    assert answer.status_code == 422
    cast.ana.person.refresh_from_db()
    assert (cast.ana.person.user_id, cast.ana.person.email) == (cast.ana.user.pk, "ana@example.org")


def test_a_new_colleague_with_a_clients_address_is_refused_with_words(cast: Cast):
    person = people.add_person(legal_name="New Client", email="new@example.org", by=SYSTEM, at=NOW)
    people.invite_to_portal(person, by=SYSTEM, at=NOW)
    form = {
        "legal_name": "New Colleague", "name_used": "New", "email": "new@example.org", "phone": "", "title": "LCSW",
        "started_on": "2026-11-02", "roles": ["therapist"],
    }  # fmt: skip
    assert signed_in(cast.ed).post(reverse("director:add"), form).status_code == 422


# ------------------------------------------------------------------ other people's things by their hidden names


def test_the_hidden_name_of_another_bundle_gives_nothing_of_it(cast: Cast):
    instruments.load_definitions(by=SYSTEM, at=NOW)
    bundle = uuid4()
    instruments.give(cast.ana.client, ["phq9"], how="link", occasion="by_hand", bundle=bundle, by=cast.bo.actor(), at=NOW)
    with pytest.raises(instruments.CannotGive):
        instruments.give(cast.max.client, ["phq9"], how="link", occasion="by_hand", bundle=bundle, by=cast.cy.actor(), at=NOW)


# ------------------------------------------------------------------ names and words in addresses, titles, caches


def test_a_name_that_is_looked_for_is_not_part_of_the_address(cast: Cast):
    browser, page = signed_in(cast.bo), reverse("clinician:caseload")
    assert 'method="post"' in browser.get(page).content.decode().split('role="search"')[0].rsplit("<form", 1)[1]
    assert "Ana" in browser.post(page, {"q": "ana"}).content.decode().split("<main")[1]
    assert "Nobody found" in browser.post(page, {"q": "zzz"}).content.decode()
    assert "Nobody found" not in browser.get(page, {"q": "zzz"}).content.decode()


def test_pages_are_kept_by_no_cache_and_shown_in_no_frame(cast: Cast):
    for who, page in ((cast.bo, "clinician:caseload"), (cast.ana, "client:today"), (cast.di, "front_desk:list")):
        answer = signed_in(who).get(reverse(page))
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil.example"])
def test_nobody_is_led_elsewhere(cast: Cast, to: str):
    for name, form in (("look", {"next": to, "theme": "dark"}), ("set_language", {"next": to, "language": "es"}), ("draft", {"discard": "1", "path": to})):
        answer = signed_in(cast.ana).post(reverse(name), form)
        assert answer.status_code in (302, 303) and "evil" not in answer["Location"] and "javascript" not in answer["Location"], name
    answer = Client().post(reverse("account_login") + f"?next={to}", {"login": "ana@example.org", "password": PASSWORD, "next": to})
    assert answer.status_code in (302, 303) and "evil" not in answer["Location"] and "javascript" not in answer["Location"]


@pytest.mark.parametrize("cookie", ["xx", "../../etc", "x" * 500])
def test_the_language_of_questions_is_one_of_ours(cast: Cast, cookie: str):
    """Every language asked for would be loaded and kept; only those we have are."""
    instruments.load_definitions(by=SYSTEM, at=NOW)
    _, token = instruments.give(cast.ana.client, ["phq9"], how="link", occasion="by_hand", by=SYSTEM, at=timezone.now())
    browser = Client()
    browser.cookies["django_language"] = cookie
    assert browser.get(reverse("measures:by_link", args=[token])).status_code == 200
    from django.utils.translation import trans_real

    assert cookie not in trans_real._translations


def test_a_form_sent_from_elsewhere_is_refused(cast: Cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.bo.user, backend=BACKEND)
    assert browser.post(reverse("clinician:caseload"), {"q": "ana"}).status_code == 403


def test_opening_a_chart_is_on_the_trail_whoever_opens_it(cast: Cast):
    signed_in(cast.ed).get(reverse("clinician:chart", args=[cast.ana.episode.uid]))
    assert Act.objects.filter(verb="chart.looked", by=cast.ed.user, client_uid=cast.ana.client.uid).exists()
    assert trail.verify().whole


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "\x00", "²"])
def test_a_day_out_of_reach_breaks_no_page(cast: Cast, day: str):
    for who, name in ((cast.bea, "biller:days"), (cast.bea, "biller:file"), (cast.di, "timetable:week"), (cast.pat, "prescriber:day")):
        assert signed_in(who).get(reverse(name), {"on": day, "week": day, "page": day}).status_code == 200, name
