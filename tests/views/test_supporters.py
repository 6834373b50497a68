"""Family and friends: the staff's page, the portal, and every address as Flo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from footbridge.care.medication import actions as medication
from footbridge.care.plan import actions as plans
from footbridge.care.safety import actions as safety
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Person, Supporter
from footbridge.ground.people.words import Scope
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests.actions import way
from tests.kit.test_notices import CLINICAL
from tests.views.test_every_page import OURS, Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def at_desk(member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def url(cast, name, row=None):
    words = {"uid": cast.ana.episode.uid, **({"who": row.uid} if row else {})}
    return reverse(f"family:{name}", kwargs=words)


def flo(cast) -> Supporter:
    return Supporter.objects.get(client=cast.ana.client, person=cast.flo.person)


GIVEN = {
    "legal_name": "Mo Soto", "relation": "sibling", "phone": "", "email": "mo@example.org", "language": "en", "legal_basis": "consent",
    "scope": ["schedule", "safety"], "granted_until": "", "signed_name": "Ana Soto", "parent_signed_name": "", "signed_how": "paper", "court_order": "",
}  # fmt: skip


class TestStaff:
    @pytest.mark.parametrize("who", ["di", "ivy", "bo", "ed"])
    def test_listed(self, cast, who):
        page = at_desk(getattr(cast, who)).get(url(cast, "supporters")).content.decode()
        assert "Flo" in page and "The weekly timetable" in page and "The treatment plan" not in page

    @pytest.mark.parametrize("who", ["cy", "pat", "bea", "ana", "flo", "gus", "max"])
    def test_not_by_others(self, cast, who):
        for name in ("supporters", "add"):
            assert at_desk(getattr(cast, who)).get(url(cast, name)).status_code == 404

    def test_added(self, cast, now):
        answer = at_desk(cast.bo).post(url(cast, "add"), {**GIVEN, "granted_from": now.date().isoformat()})
        assert answer.status_code == 303
        row = Supporter.objects.get(person__legal_name="Mo Soto")
        assert (row.scope, row.granted_by, row.signed_name) == (["safety", "schedule"], cast.bo.staff, "Ana Soto")

    def test_refused_keeps_what_was_typed_and_stores_nobody(self, cast, now):
        answer = at_desk(cast.di).post(url(cast, "add"), {**GIVEN, "scope": ["notes"], "granted_from": now.date().isoformat()})
        page = answer.content.decode()
        assert answer.status_code == 422 and "Mo Soto" in page and "leave the notes out" in page
        assert not Person.objects.filter(legal_name="Mo Soto").exists()

    def test_a_minor_the_law_is_said_with_its_source_and_a_parent_refused_with_why(self, cast, now):
        people.correct_person(cast.ana.person, born_on=now.date() - timedelta(days=15 * 365), by=SYSTEM, at=now)
        page = at_desk(cast.di).get(url(cast, "supporters")).content.decode()
        assert "The client and a parent, both." in page and "42 CFR 2.14" in page and "We know no rule of" in page
        given = {**GIVEN, "relation": "parent", "legal_basis": "parent_of_minor", "signed_name": "", "granted_from": now.date().isoformat()}
        answer = at_desk(cast.di).post(url(cast, "add"), given)
        assert answer.status_code == 422 and "Has not signed" in answer.content.decode()

    def test_changed_and_ended(self, cast):
        row = flo(cast)
        di = at_desk(cast.di)
        answer = di.post(url(cast, "change", row), {"scope": ["schedule", "plan"], "signed_how": "paper"})
        assert answer.status_code == 422 and "signs again" in answer.content.decode()
        assert di.post(url(cast, "change", row), {"scope": ["schedule"], "signed_how": "paper"}).status_code == 303
        row.refresh_from_db()
        assert row.scope == ["schedule"]
        assert di.post(url(cast, "end", row), {"why": ""}).status_code == 422
        assert di.post(url(cast, "end", row), {"why": "Ana asked by phone"}).status_code == 303
        assert "Ana asked by phone" in di.get(url(cast, "supporters")).content.decode()

    def test_a_therapist_changes_it_for_their_own_clients_only(self, cast):
        for name in ("change", "end"):
            assert at_desk(cast.bo).get(url(cast, name, flo(cast))).status_code == 200
            for who in ("cy", "pat", "bea", "flo", "ana"):
                assert at_desk(getattr(cast, who)).get(url(cast, name, flo(cast))).status_code == 404

    def test_invited_by_a_letter_that_says_nothing(self, cast, now):
        person = people.person_close(cast.ana.client, legal_name="Mo Soto", email="mo@example.org", by=cast.ana.actor(now), at=now)
        row = people.grant_supporter(cast.ana.client, person, relation="sibling", scope=["schedule"], granted_from=now.date(), by=cast.ivy.actor(now), at=now)
        assert at_desk(cast.bo).get(url(cast, "invite", row)).status_code == 404  # who keeps people invites them
        assert at_desk(cast.di).post(url(cast, "invite", row), {"email": "mo@example.org"}).status_code == 303
        [letter] = mail.outbox
        assert letter.to == ["mo@example.org"] and not CLINICAL.search(letter.subject + letter.body)
        assert "Ana" not in letter.body
        taken = at_desk(cast.di).post(url(cast, "invite", row), {"email": "bo@example.org"})
        assert taken.status_code == 422 and len(mail.outbox) == 1

    def test_one_query_count_for_one_and_three(self, cast, now, django_assert_max_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        browser = at_desk(cast.di)
        browser.get(url(cast, "supporters"))
        with CaptureQueriesContext(connection, ) as one:
            browser.get(url(cast, "supporters"))
        for name in ("Mo Soto", "Lu Soto"):
            person = people.person_close(cast.ana.client, legal_name=name, by=SYSTEM, at=now)
            people.grant_supporter(cast.ana.client, person, relation="sibling", scope=["schedule"], granted_from=now.date(), by=cast.ivy.actor(now), at=now)
        with CaptureQueriesContext(connection) as three:
            browser.get(url(cast, "supporters"))
        assert len(three) == len(one)


class TestPortal:
    def test_the_client_names_changes_and_ends(self, cast, now):
        ana = at_desk(cast.ana)
        given = {"legal_name": "Mo Soto", "relation": "friend", "language": "en", "scope": ["schedule"]}
        answer = ana.post(reverse("client:name_supporter"), given)
        assert answer.status_code == 422 and "Mo Soto" in answer.content.decode()
        assert ana.post(reverse("client:name_supporter"), {**given, "signed_name": "Ana Soto"}).status_code == 303
        row = Supporter.objects.get(person__legal_name="Mo Soto")
        assert (row.signed_how, row.granted_by) == ("portal", None)
        assert ">Mo<" in ana.get(reverse("client:papers")).content.decode()
        change = reverse("client:change_supporter", kwargs={"uid": row.uid})
        assert ana.post(change, {"scope": ["schedule", "plan"]}).status_code == 422
        assert ana.post(change, {"scope": ["schedule", "plan"], "signed_name": "Ana Soto"}).status_code == 303
        assert ana.post(reverse("client:end_supporter", kwargs={"uid": row.uid})).status_code == 303
        assert ">Mo<" not in ana.get(reverse("client:papers")).content.decode()

    def test_an_impatient_click_makes_one(self, cast):
        ana = at_desk(cast.ana)
        for email in ("", "lu@example.org"):
            given = {"legal_name": "Lu Soto", "relation": "friend", "language": "en", "scope": ["schedule"], "email": email, "signed_name": "Ana Soto"}
            for _click in range(2):
                assert ana.post(reverse("client:name_supporter"), given).status_code == 303
        assert Supporter.objects.filter(person__legal_name="Lu Soto", person__email="").count() == 1
        assert Supporter.objects.filter(person__legal_name="Lu Soto", person__email="lu@example.org").count() == 1

    def test_nobody_elses(self, cast):
        for name in ("change_supporter", "end_supporter"):
            assert at_desk(cast.max).post(reverse(f"client:{name}", kwargs={"uid": flo(cast).uid})).status_code == 404

    def test_what_rests_on_a_court_says_so(self, cast, now):
        row = people.grant_supporter(
            cast.ana.client, cast.gus.person, relation="guardian", legal_basis="guardian", scope=["schedule"], granted_from=now.date(), by=cast.ivy.actor(now), at=now,
        )  # fmt: skip
        answer = at_desk(cast.ana).post(reverse("client:end_supporter", kwargs={"uid": row.uid}), follow=True)
        assert "law or a court" in answer.content.decode() and Supporter.objects.get(pk=row.pk).granted_until is None


def rich(cast, now):
    """Ana with something in every class of data, some of it about alcohol."""
    before = now - timedelta(days=10)
    plan = way.drafted(cast, at=before)
    problem = plan.problems.first()
    plans.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(before), at=before)
    plans.sign(plan, cast.ana.person, "client", "password", by=cast.ana.actor(before), at=before)
    medication.add(cast.ana.client, name="Sertraline", dose="50 mg", by=cast.bo.actor(before), at=before)
    medication.add(cast.ana.client, name="Naltrexone", dose="50 mg", by=cast.bo.actor(before), at=before)
    medication.add_allergy(cast.ana.client, substance="Penicillin", by=cast.bo.actor(before), at=before)
    safety.write_safety_plan(cast.ana.client, [(1, "I stop answering", "")], by=cast.bo.actor(before), at=before)
    return problem.title


class TestFlo:
    def page(self, cast):
        return reverse("family:person", kwargs={"uid": flo(cast).uid})

    def only(self, cast, now, *scope):
        people.change_supporter(flo(cast), scope=list(scope), signed_name="Ana Soto", by=cast.ana.actor(now), at=now)

    def test_only_what_is_in_scope(self, cast, now):
        problem = rich(cast, now)
        marks = {"plan": problem, "safety": "I stop answering", "medication": "Sertraline", "messages": "Whom to call", "billing": "Coverage", "schedule": "This week", "progress": "Progress"}
        browser = at_desk(cast.flo)
        for scope, mark in marks.items():
            self.only(cast, now, scope)
            said = browser.get(self.page(cast)).content.decode()
            assert mark in said, scope
            for other, theirs in marks.items():
                assert other == scope or theirs not in said, (scope, other)

    def test_medicine_for_use_only_with_its_class(self, cast, now):
        rich(cast, now)
        browser = at_desk(cast.flo)
        self.only(cast, now, "medication")
        assert "Naltrexone" not in browser.get(self.page(cast)).content.decode()
        self.only(cast, now, "medication", "substance")
        assert "Naltrexone" in browser.get(self.page(cast)).content.decode()

    def test_a_problem_about_alcohol_is_left_out_and_it_is_said_that_something_is(self, cast, now):
        rich(cast, now)
        draft = plans.revise(cast.ana.episode.plans.first(), by=cast.bo.actor(now), at=now)
        problem = draft.problems.first()
        with trail.act("test.changed", by=SYSTEM, at=now, about=draft):
            problem.icd10 = "F10.20"
            problem.save()
        plans.sign(draft, cast.bo.person, "clinician", "password", by=cast.bo.actor(now), at=now)
        plans.sign(draft, cast.ana.person, "client", "password", by=cast.ana.actor(now), at=now)
        self.only(cast, now, "plan")
        said = at_desk(cast.flo).get(self.page(cast)).content.decode()
        assert problem.title not in said and "A part of the plan is not shared" in said
        self.only(cast, now, "plan", "substance")
        assert problem.title in at_desk(cast.flo).get(self.page(cast)).content.decode()

    def test_a_diagnosis_in_words_tells_no_more_than_was_granted(self, cast, now):
        """The code alone said little to a reader; its words speak of suicide, so they need that class."""
        rich(cast, now)
        draft = plans.revise(cast.ana.episode.plans.first(), by=cast.bo.actor(now), at=now)
        problem = draft.problems.first()
        with trail.act("test.changed", by=SYSTEM, at=now, about=draft):
            problem.icd10, problem.title, problem.evidence = "R45.851", "Hard evenings", ""
            problem.save()
        plans.sign(draft, cast.bo.person, "clinician", "password", by=cast.bo.actor(now), at=now)
        plans.sign(draft, cast.ana.person, "client", "password", by=cast.ana.actor(now), at=now)
        self.only(cast, now, "plan")
        said = at_desk(cast.flo).get(self.page(cast)).content.decode()
        assert "Suicidal ideation" not in said and "Hard evenings" not in said

    def test_narrowed_while_the_page_is_open(self, cast, now):
        rich(cast, now)
        browser = at_desk(cast.flo)
        self.only(cast, now, "plan", "schedule")
        assert "Plan</h2>" in browser.get(self.page(cast)).content.decode()
        people.change_supporter(flo(cast), scope=["schedule"], by=cast.ana.actor(now), at=now)
        assert "Plan</h2>" not in browser.get(self.page(cast)).content.decode()

    def test_ended_yesterday_there_is_nothing(self, cast, now):
        row, browser = flo(cast), at_desk(cast.flo)
        people.end_supporter(row, on=(now - timedelta(days=1)).date(), by=SYSTEM, at=now)
        assert browser.get(self.page(cast)).status_code == 404
        assert browser.get(reverse("family:home")).status_code == 404
        assert "Ana" not in browser.get("/", follow=True).content.decode()

    def test_every_address_as_flo(self, cast, now):
        """With everything granted there is still no address but her own pages."""
        life = Life(cast, now)
        every = [one.value for one in Scope]
        people.change_supporter(flo(cast), scope=every, signed_name="Ana Soto", by=cast.ana.actor(now), at=now)
        browser, told = at_desk(cast.flo), {}
        for name, (words, _who) in life.words.items():
            if name.split(":")[0] == "family" and name in ("family:person",):
                continue
            for method in ("get", "post"):
                status = getattr(browser, method)(reverse(name, kwargs=words)).status_code
                if status != 404:
                    told[f"{method} {name}"] = status
        for name, entry in OURS:
            if "<" in str(entry.pattern) or not hasattr(entry.callback, "rule"):
                continue
            if name != "family:home" and browser.get(reverse(name)).status_code not in (404, 405):
                told[name] = browser.get(reverse(name)).status_code
        assert told == {}
        assert browser.get(self.page(cast)).status_code == 200


def test_someone_who_supports_two_sees_each_under_their_own_grant(cast, now):
    people.grant_supporter(cast.max.client, cast.flo.person, relation="friend", scope=["billing"], granted_from=now.date(), by=cast.ivy.actor(now), at=now)
    browser = at_desk(cast.flo)
    assert {"Ana", "Max"} <= {word for word in ("Ana", "Max") if word in browser.get(reverse("family:home")).content.decode()}
    page = browser.get(reverse("family:person", kwargs={"uid": cast.max.client.supporters.get().uid})).content.decode()
    assert "Coverage" in page and "This week" not in page
