"""Left alone, a session locks; nothing typed is lost; staff need a second step; signing takes a password."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import include, path, reverse
from django.views.decorators.http import require_POST

from footbridge.kit import access, web
from footbridge.kit.access import accounts, idle, signing
from footbridge.kit.access.sessions import SessionStore
from footbridge.kit.access.words import IDLE_OTHERS, IDLE_STAFF
from footbridge.kit.trail.models import Act
from footbridge.kit.web.forms import Form
from footbridge.kit.web.models import Draft

from ..cast import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

WRITE = access.Rule("test.write", "Write a test note", roles=("therapist", "client"))


class Note(Form):
    words = forms.CharField(widget=forms.Textarea)


class SignedNote(signing.SignForm, Form):
    words = forms.CharField()


@access.page(WRITE)
def note(request: HttpRequest) -> HttpResponse:
    form = web.form(request, Note)
    if request.method == "POST" and form.is_valid():
        return HttpResponse("kept: " + form.cleaned_data["words"])
    return HttpResponse(form.as_p())


@access.page(WRITE)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


@access.page(WRITE)
def sign(request: HttpRequest) -> HttpResponse:
    form = web.form(request, SignedNote, signing=request)
    if request.method == "POST" and form.is_valid():
        return HttpResponse("signed: " + ",".join(form.cleaned_data))
    return HttpResponse(form.as_p() + str(list(form.fields)) + form.proof_url, status=422 if form.errors else 200)


@access.page(WRITE)
@signing.needs_fresh
def careful(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done") if request.method == "POST" else note.__wrapped__(request)


@access.open_page("test")
def notice(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"open to {request.user.is_authenticated} {request.actor.name}")


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("no rule")


urlpatterns = [
    path("note/", note),
    path("note/send/", send),
    path("sign/", sign),
    path("careful/", careful),
    path("notice/", notice),
    path("bare/", bare),
    path("", include("footbridge.kit.access.urls")),
    path("", include("footbridge.kit.web.urls")),
    path("home/", notice, name="home"),
]


def sign_in(browser: Browser, email: str) -> None:
    answer = browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]


def away(browser: Browser, how_long: timedelta) -> None:
    """As if nobody had touched the page for so long."""
    session = browser.session
    seconds = how_long.total_seconds()
    session["seen_at"] = int(session["seen_at"] - seconds)
    for record in session.get("account_authentication_methods", []):
        record["at"] -= seconds
    session.save()


@pytest.fixture
def bo(client: Browser, cast: Cast) -> Browser:
    sign_in(client, "bo@example.org")
    return client


def test_a_view_without_a_rule_is_refused(bo):
    bo.raise_request_exception = False
    assert bo.get("/bare/").status_code == 500
    assert b"no rule" not in bo.get("/bare/").content


def test_who_may_not_gets_404_and_who_is_nobody_signs_in_first(client, cast):
    assert client.get("/note/")["Location"] == f"{reverse('account_login')}?next=/note/"
    sign_in(client, "bea@example.org")
    assert client.get("/note/").status_code == 404


def test_a_rule_is_written_once_and_names_known_roles():
    with pytest.raises(ValueError, match="twice"):
        access.Rule("test.write", "Again")
    with pytest.raises(ValueError, match="unknown roles"):
        access.Rule("test.nobody", "Nobody", roles=("wizard",))


def test_no_role_no_permission(cast):
    assert not access.may(cast.gus.actor(), WRITE)
    assert not access.may(access.PUBLIC, WRITE)
    assert access.may(access.SYSTEM, WRITE)
    with pytest.raises(access.NotYours):
        access.require(cast.bea.actor(), WRITE)


def test_staff_lock_after_fifteen_minutes_and_clients_after_thirty(bo, cast):
    away(bo, IDLE_STAFF - timedelta(minutes=1))
    assert bo.get("/note/").status_code == 200
    away(bo, IDLE_STAFF)
    assert bo.get("/note/?tab=2")["Location"] == "/unlock/?next=%2Fnote%2F%3Ftab%3D2"
    assert "locked_at" in bo.session
    ana = Browser()
    sign_in(ana, "ana@example.org")
    away(ana, IDLE_STAFF + timedelta(minutes=5))
    assert ana.get("/note/").status_code == 200
    away(ana, IDLE_OTHERS)
    assert ana.get("/note/").status_code == 303


def test_what_was_sent_while_locked_is_kept_and_filled_in_again(bo, cast):
    away(bo, IDLE_STAFF)
    answer = bo.post("/note/", {"words": "Ana came early and spoke of her garden.", "password": "never kept"})
    assert answer.status_code == 303
    assert answer["Location"] == "/unlock/?next=%2Fnote%2F"
    draft = Draft.objects.get(user=cast.bo.user, path="/note/")
    assert draft.open() == {"words": ["Ana came early and spoke of her garden."]}
    assert b"garden" not in bytes(draft.data)
    page = bo.get(answer["Location"])
    assert page.status_code == 200
    assert b"garden" not in page.content
    unlocked = bo.post("/unlock/", {"password": PASSWORD, "next": "/note/"})
    assert unlocked["Location"] == "/note/"
    assert "Ana came early and spoke of her garden." in bo.get("/note/").content.decode()
    verbs = list(Act.objects.filter(verb__startswith="account.").values_list("verb", flat=True).order_by("id"))
    assert verbs == ["account.signed_in", "account.locked", "account.unlocked"]


def test_a_form_that_posts_elsewhere_leads_back_to_its_page(bo, cast):
    away(bo, IDLE_STAFF)
    answer = bo.post("/note/send/", {"words": "kept"}, HTTP_REFERER="http://testserver/note/?tab=2")
    assert answer["Location"] == "/unlock/?next=%2Fnote%2F%3Ftab%3D2"
    assert Draft.objects.get(user=cast.bo.user).path == "/note/"
    foreign = bo.post("/note/", {"words": "kept"}, HTTP_REFERER="http://evil.example/note/")
    assert foreign["Location"] == "/unlock/?next=%2Fnote%2F"


def test_a_fragment_request_leads_the_whole_page_away(bo):
    away(bo, IDLE_STAFF)
    answer = bo.get("/note/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/note/?tab=3")
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/unlock/?next=%2Fnote%2F%3Ftab%3D3"
    assert bo.get("/note/", HTTP_ACCEPT="application/json").status_code == 423


def test_only_the_same_person_unlocks(bo):
    away(bo, IDLE_STAFF)
    bo.get("/note/")
    wrong = bo.post("/unlock/", {"password": "guess", "next": "/note/"})
    assert wrong.status_code == 422
    assert bo.get("/note/").status_code == 303
    for _ in range(3):
        bo.post("/unlock/", {"password": "guess", "next": "/note/"})
    assert bo.post("/unlock/", {"password": "guess"}).status_code == 429, "the same lock-out as at sign-in"
    assert bo.post("/unlock/", {"password": PASSWORD}).status_code == 429


def test_unlocking_never_leads_off_the_site(bo):
    away(bo, IDLE_STAFF)
    bo.get("/note/")
    assert bo.post("/unlock/", {"password": PASSWORD, "next": "https://evil.example/"})["Location"] == "/home/"


def test_open_pages_stay_open_and_show_nobody(bo):
    away(bo, IDLE_STAFF)
    assert bo.get("/note/").status_code == 303
    assert bo.get("/notice/").content == b"open to False visitor"
    assert bo.get("/note/").status_code == 303


def test_account_pages_are_closed_while_locked(bo):
    away(bo, IDLE_STAFF)
    for name in ("mfa_index", "usersessions_list", "account_change_password", "second_step", "sign_out_everywhere"):
        assert bo.get(reverse(name))["Location"].startswith("/unlock/"), name


def test_signing_out_while_locked(bo):
    away(bo, IDLE_STAFF)
    bo.get("/note/")
    bo.post(reverse("account_logout"))
    assert "_auth_user_id" not in bo.session


def test_stay_moves_the_clock_and_asking_does_not(bo):
    away(bo, timedelta(minutes=14))
    assert 0 < bo.get("/stay/").json()["left"] <= 60
    assert bo.post("/stay/").json()["left"] >= 15 * 60 - 2
    away(bo, timedelta(minutes=14))
    assert bo.get("/note/").status_code == 200
    away(bo, IDLE_STAFF)
    assert bo.post("/stay/").status_code == 423
    assert bo.get("/note/").status_code == 303
    assert Browser().get("/stay/").status_code == 401


def test_the_clock_is_written_at_most_once_a_minute(bo):
    bo.get("/note/")
    seen = bo.session["seen_at"]
    time.sleep(1.1)
    bo.get("/note/")
    assert bo.session["seen_at"] == seen
    away(bo, timedelta(minutes=2))
    bo.get("/note/")
    assert bo.session["seen_at"] >= seen


def test_typed_text_saved_by_the_page_is_taken_even_while_locked(bo, cast):
    away(bo, IDLE_STAFF)
    bo.get("/note/")
    assert bo.post("/draft/", {"path": "/note/", "f:words": "half a sentence"}).json() == {"kept": True}
    assert Draft.objects.get(user=cast.bo.user).open() == {"words": ["half a sentence"]}
    assert bo.post("/draft/", {"path": "/note/", "discard": "1"}).status_code == 404
    assert Draft.objects.filter(user=cast.bo.user).exists()


def test_the_lock_button(bo):
    assert bo.post("/lock/", {"next": "/note/"})["Location"] == "/unlock/?next=%2Fnote%2F"
    assert bo.get("/lock/?next=/note/")["Location"] == "/unlock/?next=%2Fnote%2F", (
        "a second window locks a moment later"
    )
    assert bo.get("/note/").status_code == 303


# -- the second step ---------------------------------------------------------------------------------------------------


@pytest.fixture
def real_bo(cast: Cast) -> Browser:
    """Bo, not as a demo person."""
    cast.bo.user.is_demo = False
    cast.bo.user.save()
    browser = Browser()
    sign_in(browser, "bo@example.org")
    return browser


def _code(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_app(browser: Browser) -> str:
    page = browser.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, page.headers
    secret = page.context["form"].secret
    words = page.content.decode()
    assert "data:image/svg+xml;base64," in words
    assert secret in words
    answer = browser.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_staff_must_set_up_a_second_step_first(real_bo, settings, django_capture_on_commit_callbacks):
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = False  # captured callbacks run after the request the mail would speak of
    assert real_bo.get("/note/")["Location"] == reverse("second_step")
    page = real_bo.get(reverse("second_step")).content.decode()
    assert reverse("mfa_activate_totp") in page
    assert reverse("mfa_add_webauthn") in page
    assert real_bo.get("/notice/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(real_bo)
    codes = real_bo.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert codes.count("<li><code>") == 10
    assert real_bo.get("/note/").status_code == 200
    assert "account.factor_added" in Act.objects.values_list("verb", flat=True)


def test_the_secret_of_the_app_is_sealed(real_bo, cast):
    from allauth.mfa.models import Authenticator

    secret = set_up_app(real_bo)
    stored = Authenticator.objects.get(type="totp").data
    assert secret not in str(stored)


def test_signing_in_asks_for_the_code(real_bo, cast):
    secret = set_up_app(real_bo)
    browser = Browser()
    answer = browser.post(reverse("account_login"), {"login": "bo@example.org", "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in browser.session
    assert browser.get(answer["Location"]).status_code == 200
    refused = browser.post(answer["Location"], {"code": "000000"})
    assert refused.status_code == 200
    assert "_auth_user_id" not in browser.session
    from django.core.cache import cache

    cache.clear()  # the code just used to set up may not be used twice; forget it, as half a minute would
    answer = browser.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    assert browser.get("/note/").status_code == 200


def test_a_recovery_code_lets_in_once(real_bo, cast):
    set_up_app(real_bo)
    from allauth.mfa.models import Authenticator

    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for works in (True, False):
        browser = Browser()
        browser.post(reverse("account_login"), {"login": "bo@example.org", "password": PASSWORD})
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in browser.session) is works


def test_staff_cannot_take_their_only_second_step_away(real_bo, cast):
    set_up_app(real_bo)
    page = real_bo.get(reverse("mfa_deactivate_totp")).content.decode()
    assert "Staff need a second step" in page
    real_bo.post(reverse("mfa_deactivate_totp"))
    from allauth.mfa.models import Authenticator

    assert Authenticator.objects.filter(type="totp").exists()


def test_demo_staff_and_clients_are_not_asked(bo, cast):
    assert bo.get("/note/").status_code == 200
    cast.ana.user.is_demo = False
    cast.ana.user.save()
    ana = Browser()
    sign_in(ana, "ana@example.org")
    assert ana.get("/note/").status_code == 200


def test_unlocking_with_a_code_instead_of_the_password(real_bo, cast):
    secret = set_up_app(real_bo)
    away(real_bo, IDLE_STAFF)
    page = real_bo.get(real_bo.get("/note/")["Location"]).content.decode()
    way = f"{reverse('mfa_reauthenticate')}?next=%2Fnote%2F"
    assert way in page
    from django.core.cache import cache

    cache.clear()
    answer = real_bo.post(reverse("mfa_reauthenticate"), {"code": _code(secret), "next": "/note/"})
    assert answer["Location"] == "/note/"
    assert real_bo.get("/note/").status_code == 200
    assert "locked_at" not in real_bo.session


# -- signing -----------------------------------------------------------------------------------------------------------


def test_signing_takes_the_password_last_and_forgets_it(bo):
    assert "['words', 'password']" in bo.get("/sign/").content.decode()
    assert bo.post("/sign/", {"words": "so it was", "password": PASSWORD}).content == b"signed: words"
    wrong = bo.post("/sign/", {"words": "so it was", "password": "guess"})
    assert wrong.status_code == 422
    assert "That is not your password" in wrong.content.decode()
    for _ in range(3):
        bo.post("/sign/", {"words": "so it was", "password": "guess"})
    assert bo.post("/sign/", {"words": "so it was", "password": "guess"}).status_code == 429
    assert bo.post("/sign/", {"words": "so it was", "password": PASSWORD}).status_code == 429


def test_who_has_no_password_proves_it_another_way(bo, cast):
    away(bo, timedelta(minutes=6))
    cast.bo.user.set_unusable_password()
    cast.bo.user.save()
    browser = Browser()
    browser.force_login(cast.bo.user)
    page = browser.get("/sign/").content.decode()
    assert "['words']" in page
    assert f"{reverse('account_reauthenticate')}?next=%2Fsign%2F" in page
    assert browser.post("/sign/", {"words": "x"}).status_code == 422


def test_a_careful_deed_asks_for_a_fresh_proof_and_keeps_the_form(bo, cast):
    assert bo.post("/careful/", {"words": "now"}).content == b"done", "signed in a moment ago"
    away(bo, timedelta(minutes=6))
    answer = bo.post("/careful/", {"words": "written with care"})
    assert answer["Location"] == f"{reverse('account_reauthenticate')}?next=%2Fcareful%2F"
    assert Draft.objects.get(user=cast.bo.user, path="/careful/").open() == {"words": ["written with care"]}
    answer = bo.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/careful/"})
    assert answer["Location"] == "/careful/"
    assert "written with care" in bo.get("/careful/").content.decode()
    assert bo.post("/careful/", {"words": "written with care"}).content == b"done"


def test_fresh_is_false_for_nobody():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert not signing.fresh(request)


def test_an_account_without_a_person_signs_in_and_may_nothing(client):
    accounts.make("lone@example.org", password=PASSWORD)
    sign_in(client, "lone@example.org")
    assert client.get("/note/").status_code == 404
    assert client.get(reverse("mfa_index")).status_code == 200


def test_a_lock_is_not_lost_to_a_request_that_began_before_it():
    made = SessionStore()
    made["seen_at"] = 1
    made.save()
    slow, locking = SessionStore(made.session_key), SessionStore(made.session_key)
    slow["seen_at"] = 2  # read before the lock, written after it
    locking["locked_at"] = 3.0
    locking.save()
    slow.save()
    assert SessionStore(made.session_key)["locked_at"] == 3.0


def test_who_proves_themselves_opens_the_lock(rf):
    made = SessionStore()
    made["locked_at"] = 3.0
    made.save()
    request = rf.get("/")
    request.session = SessionStore(made.session_key)
    idle.begin(request)
    request.session.save()
    assert "locked_at" not in SessionStore(made.session_key)
