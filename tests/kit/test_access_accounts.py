"""Signing in: who may have an account, five wrong tries, invitations, sessions, what is written and what is not."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from footbridge.kit.access import accounts
from footbridge.kit.access.models import User
from footbridge.kit.access.rules import SYSTEM
from footbridge.kit.trail.models import Act

from ..cast import NOW, PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kit.access_urls")]


@pytest.fixture(autouse=True)
def empty_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def zoe() -> User:
    return accounts.make("zoe@example.org", password=PASSWORD)


def sign_in(browser: Browser, email: str, password: str = PASSWORD, **more: str):
    return browser.post(reverse("account_login"), {"login": email, "password": password, **more})


def verbs() -> list[str]:
    return list(Act.objects.filter(verb__startswith="account.").order_by("id").values_list("verb", flat=True))


def test_a_person_signs_in_with_email_and_password_and_out_again(client, zoe):
    answer = sign_in(client, "Zoe@Example.org")
    assert answer.status_code == 302, answer.content.decode()
    assert client.session["_auth_user_id"] == str(zoe.pk)
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
    assert verbs() == ["account.signed_in", "account.signed_out"]


def test_strangers_cannot_make_accounts(client):
    from allauth.account.adapter import get_adapter

    assert get_adapter().is_open_for_signup(None) is False
    for path in ("/account/signup/", "/accounts/signup/", "/signup/", "/sign-up/"):
        assert client.get(path).status_code == 404


def test_a_wrong_password_and_an_unknown_email_get_the_same_words(client, zoe):
    known = sign_in(client, "zoe@example.org", "wrong").content.decode()
    unknown = sign_in(client, "nobody@example.org", "wrong").content.decode()
    words = "do not go together"
    assert words in known
    assert words in unknown
    tokens = re.compile(r'value="[^"]*"')
    assert tokens.sub("", known) == tokens.sub("", unknown)


def test_five_wrong_tries_close_the_account_from_that_place_only(client, zoe):
    for _ in range(4):
        assert sign_in(client, "zoe@example.org", "wrong").status_code == 200
    fifth = sign_in(client, "zoe@example.org", "wrong")
    assert fifth.status_code == 429
    assert fifth["Retry-After"] == "900"
    assert "Too many tries" in fifth.content.decode()
    assert sign_in(client, "zoe@example.org").status_code == 429, "even the right password waits"
    elsewhere = Browser(REMOTE_ADDR="198.51.100.7")
    assert sign_in(elsewhere, "zoe@example.org").status_code == 302, "an attacker elsewhere must not lock the owner out"
    assert "account.locked_out" in verbs()


def test_the_lock_out_ends_after_fifteen_minutes(client, zoe):
    from axes.models import AccessAttempt

    for _ in range(5):
        sign_in(client, "zoe@example.org", "wrong")
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=16))
    assert sign_in(client, "zoe@example.org").status_code == 302


def test_no_mail_address_is_logged_or_stored_with_failures(client, zoe, caplog):
    from axes.models import AccessAttempt

    caplog.set_level(logging.DEBUG)
    for logger in ("axes", "axes.handlers.database", "allauth", "footbridge.access"):
        logging.getLogger(logger).setLevel(logging.DEBUG)
        logging.getLogger(logger).propagate = True
    for _ in range(5):
        sign_in(client, "zoe@example.org", "wrong-secret")
    sign_in(client, "zoe@example.org")
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert said, "axes speaks at this level"
    for private in ("zoe", "wrong-secret", "127.0.0.1"):
        assert private not in said
    row = AccessAttempt.objects.get()
    stored = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
    assert "zoe" not in stored
    assert "wrong-secret" not in stored
    for act in Act.objects.filter(verb__startswith="account."):
        assert "zoe" not in f"{act.by_label} {act.why} {act.detail}"


def test_an_invitation_works_once(client):
    user, token = accounts.invite("New.Person@example.org", SYSTEM, NOW)
    assert user.email == "new.person@example.org"
    assert not user.has_usable_password()
    assert token not in str(user.invitations.values())
    page = reverse("welcome", args=[token])
    user.invitations.update(expires_at=NOW + timedelta(days=4000))
    assert client.get(page).status_code == 200
    short = client.post(page, {"password1": "short", "password2": "short"})
    assert short.status_code == 422
    answer = client.post(page, {"password1": "four words in row", "password2": "four words in row"})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Browser().get(page).status_code == 410
    assert Browser().post(page, {"password1": "x" * 20, "password2": "x" * 20}).status_code == 410
    with pytest.raises(accounts.CannotAccept):
        accounts.accept(token, "another long password", NOW)
    assert sign_in(Browser(), "new.person@example.org", "four words in row").status_code == 302


def test_an_invitation_ends_after_seven_days_and_when_a_newer_one_is_made():
    _, first = accounts.invite("late@example.org", SYSTEM, NOW)
    assert accounts.invited(first, NOW + timedelta(days=6, hours=23)) is not None
    assert accounts.invited(first, NOW + timedelta(days=7)) is None
    with pytest.raises(accounts.CannotAccept):
        accounts.accept(first, "a long enough password", NOW + timedelta(days=7))
    _, second = accounts.invite("late@example.org", SYSTEM, NOW)
    assert accounts.invited(first, NOW) is None
    accounts.accept(second, "a long enough password", NOW)
    with pytest.raises(accounts.CannotInvite):
        accounts.invite("late@example.org", SYSTEM, NOW)


def test_the_invitation_mail_says_nothing_of_care(settings):
    user, token = accounts.invite("quiet@example.org", SYSTEM, NOW, language="en")
    letter = accounts.letter(user, token)
    assert accounts.link_of(token) in letter.body
    for word in ("client", "therap", "treatment", "program", "health", "care"):
        assert word not in f"{letter.subject} {letter.body.replace(accounts.link_of(token), '')}".lower()


def test_a_forgotten_password_is_mended_by_mail_and_strangers_learn_nothing(client, zoe):
    known = client.post(reverse("account_reset_password"), {"email": "zoe@example.org"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert [letter.to for letter in mail.outbox] == [["zoe@example.org"]]
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    answer = client.post(
        page.request["PATH_INFO"], {"password1": "brand new words here", "password2": "brand new words here"}
    )
    assert answer.status_code == 302
    assert sign_in(Browser(), "zoe@example.org", "brand new words here").status_code == 302
    assert "account.password_reset" in verbs()


def test_the_sessions_are_listed_and_ended_everywhere(client, zoe):
    other = Browser(HTTP_USER_AGENT="Old Phone 1.0")
    sign_in(other, "zoe@example.org")
    sign_in(client, "zoe@example.org")
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Old Phone 1.0" in page
    assert "This device" in page
    client.post(reverse("sign_out_everywhere"))
    for browser in (client, other):
        assert browser.get(reverse("usersessions_list")).status_code == 302
        assert "_auth_user_id" not in browser.session
    assert "account.signed_out_everywhere" in verbs()


def test_other_sessions_end_and_this_one_stays(client, zoe):
    other = Browser()
    sign_in(other, "zoe@example.org")
    sign_in(client, "zoe@example.org")
    client.post(reverse("usersessions_list"))
    assert client.get(reverse("usersessions_list")).status_code == 200
    assert other.get(reverse("usersessions_list")).status_code == 302


def test_changing_the_password_ends_the_other_sessions(client, zoe):
    other = Browser()
    sign_in(other, "zoe@example.org")
    sign_in(client, "zoe@example.org")
    words = {"oldpassword": PASSWORD, "password1": "quite another phrase", "password2": "quite another phrase"}
    assert client.post(reverse("account_change_password"), words).status_code == 302
    assert client.get(reverse("usersessions_list")).status_code == 200
    assert other.get(reverse("usersessions_list")).status_code == 302
    assert "account.password_changed" in verbs()


def test_passwords_are_argon2_at_the_set_cost(zoe):
    assert zoe.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_roles_page_is_for_managers(client, cast: Cast):
    client.force_login(cast.ed.user)
    page = client.get(reverse("roles"))
    assert page.status_code == 200
    words = page.content.decode()
    for title in ("Front desk", "Therapist", "Supporter"):
        assert f"<h2>{title}</h2>" in words
    assert "Read who may do what" in words
    for who in (cast.ana, cast.bo, cast.gus, cast.bea):
        client.force_login(who.user)
        assert client.get(reverse("roles")).status_code == 404
    client.logout()
    assert client.get(reverse("roles"))["Location"].startswith(reverse("account_login"))
