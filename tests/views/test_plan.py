"""The pages of the plan."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.placement import actions as placement
from footbridge.care.plan import actions, reads
from footbridge.care.plan.models import Certification, Goal, Intervention, Objective, Plan, PlanSignature, Problem
from footbridge.ground.people import actions as people
from footbridge.kit.access import SYSTEM
from tests.actions import way
from tests.actions.test_plan import medicare, physician
from tests.cast import PASSWORD, Cast

from .test_screening import at_desk


def page(cast: Cast, name: str = "show", **more: object) -> str:
    return reverse(f"plan:{name}", kwargs={"uid": cast.ana.episode.uid, **more})


def test_from_the_first_wording_to_both_signatures(cast: Cast) -> None:
    bo = at_desk(cast.bo)
    assert "There is no plan yet" in bo.get(page(cast)).content.decode()
    answer = bo.post(page(cast, "start"), {"start_from": ["depression"], "strengths": "Funny."})
    assert answer.status_code == 303 and answer.url == page(cast, "edit")
    shown = bo.get(page(cast, "edit")).content.decode()
    assert "gaps of the first wording" in shown

    blocked = bo.post(page(cast, "sign"), {"password": PASSWORD})
    assert blocked.status_code == 422 and "gaps" in blocked.content.decode()

    goal = Goal.objects.get()
    words = {"own_words": "I want to get up.", "measurable": "PHQ-9 below 10"}
    answer = bo.post(page(cast, "node", kind="goal", node=goal.uid), words)
    assert answer.status_code == 303 and answer.url.endswith(f"#n-{goal.uid}")
    _fill_gaps(cast)

    wrong = bo.post(page(cast, "sign"), {"password": "not it"})
    assert wrong.status_code == 422 and not PlanSignature.objects.exists()
    assert bo.post(page(cast, "sign"), {"password": PASSWORD}).status_code == 303
    ana = at_desk(cast.ana)
    assert "I want to get up." in ana.get(reverse("plan:client_sign")).content.decode()
    assert ana.post(reverse("plan:client_sign"), {"password": "wrong one here"}).status_code == 422
    assert ana.post(reverse("plan:client_sign"), {"password": PASSWORD}).status_code == 303
    assert reads.in_force(cast.ana.episode) is not None
    assert "There is nothing to sign" in ana.get(reverse("plan:client_sign")).content.decode()


def _fill_gaps(cast: Cast) -> None:
    by = {"by": cast.bo.actor(), "at": way.NOW}
    for problem in Problem.objects.all():
        actions.edit_problem(problem, title=problem.title, evidence="PHQ-9 of 17.", **by)
    for objective in Objective.objects.all():
        actions.edit_objective(objective, text="Three things a week.", **by)
    for doing in Intervention.objects.all():
        words = {name: getattr(doing, name) for name in ("kind", "what", "amount_minutes", "times_a_week", "weeks")}
        actions.edit_intervention(doing, **words, who="Cy Okafor", **by)


def test_rows_are_added_and_taken_out_without_scripts(cast: Cast) -> None:
    bo = at_desk(cast.bo)
    bo.post(page(cast, "start"), {"strengths": ""})
    plan = Plan.objects.get()
    for kind, parent, words in (
        ("plan", lambda: plan, {"title": "Fear"}),
        ("problem", Problem.objects.get, {"own_words": "Ride the train."}),
        ("goal", Goal.objects.get, {"text": "Three stops."}),
        (
            "objective",
            Objective.objects.get,
            {
                "kind": "group",
                "what": "Steps",
                "who": "Cy",
                "amount_minutes": "50",
                "times_a_week": "3",
                "weeks": "8",
            },
        ),
    ):
        add = page(cast, "add", kind=kind, node=parent().uid)
        assert bo.get(add).status_code == 200
        assert bo.post(add, words).status_code == 303
    assert "150 minutes of care a week" in bo.get(page(cast, "edit")).content.decode()
    gone = page(cast, "remove", kind="intervention", node=Intervention.objects.get().uid)
    assert bo.get(gone).status_code == 404
    assert bo.post(gone).status_code == 303 and not Intervention.objects.exists()


def test_an_empty_goal_is_422_in_its_place(cast: Cast) -> None:
    way.drafted(cast)
    goal = Goal.objects.get()
    answer = at_desk(cast.bo).post(page(cast, "node", kind="goal", node=goal.uid), {"own_words": " "})
    assert answer.status_code == 422 and "plan-edit" in answer.content.decode()
    goal.refresh_from_db()
    assert goal.own_words == way.PROBLEM.goals[0].own_words


def test_a_second_draft_is_422(cast: Cast) -> None:
    way.drafted(cast)
    assert at_desk(cast.bo).post(page(cast, "start"), {}).status_code == 422


def test_a_plan_of_ours_is_not_begun_for_care_that_nobody_here_gives(cast: Cast, at) -> None:
    assessment = way.assessed(cast)
    placement.decide(cast.ana.episode, assessment, indicated="inpatient", actual="inpatient", reasons="x", by=cast.ivy.actor(), at=at)
    way.track()
    bo = at_desk(cast.bo)
    shown = bo.get(page(cast)).content.decode()
    assert "No plan of this program" in shown and "Begin a plan" not in shown
    answer = bo.post(page(cast, "start"), {"strengths": "Draws."})
    assert answer.status_code == 422 and "no program here gives" in answer.content.decode() and "Draws." in answer.content.decode()
    assert not Plan.objects.exists()


def test_a_signed_plan_is_revised_and_compared(cast: Cast) -> None:
    way.signed(cast)
    bo = at_desk(cast.bo)
    assert bo.get(page(cast, "edit")).status_code == 303  # nothing to edit
    assert bo.post(page(cast, "revise")).status_code == 303
    second = reads.open_draft(cast.ana.episode)
    actions.edit_goal(
        Goal.objects.get(problem__plan=second), own_words="I want to work.", by=cast.bo.actor(), at=way.NOW
    )
    shown = bo.get(page(cast, "versions")).content.decode()
    assert "<del>" in shown and "I want to work." in shown
    shown = bo.get(page(cast)).content.decode()
    assert "Version 1 holds until version 2" in shown
    assert "friends again" in bo.get(page(cast) + "?version=1").content.decode()


def test_the_client_signed_on_paper(cast: Cast) -> None:
    plan = way.drafted(cast)
    actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=way.NOW)
    bo = at_desk(cast.bo)
    assert bo.post(page(cast, "sign"), {"paper": "1"}).status_code == 422
    assert bo.post(page(cast, "sign"), {"paper": "1", "seen": "on"}).status_code == 303
    assert reads.in_force(cast.ana.episode) == plan


def test_the_prescriber_reads_and_signs_as_one(cast: Cast) -> None:
    way.drafted(cast)
    pat = at_desk(cast.pat)
    assert pat.get(page(cast)).status_code == 200
    assert pat.get(page(cast, "edit")).status_code == 404
    assert pat.post(page(cast, "sign"), {"password": PASSWORD}).status_code == 303
    assert PlanSignature.objects.get().capacity == "prescriber"


@pytest.mark.parametrize("who", ["cy", "di", "ivy", "bea", "ana", "flo", "gus", "max"])
def test_others_find_nothing(cast: Cast, who: str) -> None:
    plan = way.drafted(cast)
    browser = at_desk(getattr(cast, who))
    goal = Goal.objects.get()
    for url in (
        page(cast),
        page(cast, "start"),
        page(cast, "edit"),
        page(cast, "sign"),
        page(cast, "versions"),
        page(cast, "node", kind="goal", node=goal.uid),
        page(cast, "add", kind="plan", node=plan.uid),
    ):
        assert browser.get(url).status_code == 404, url
        assert browser.post(url, {"own_words": "x", "title": "x", "password": PASSWORD}).status_code == 404, url
    assert not PlanSignature.objects.exists()


def test_another_client_has_nothing_to_sign(cast: Cast) -> None:
    plan = way.drafted(cast)
    actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=way.NOW)
    max_ = at_desk(cast.max)
    assert "friends again" not in max_.get(reverse("plan:client_sign")).content.decode()
    max_.post(reverse("plan:client_sign"), {"password": PASSWORD})
    assert PlanSignature.objects.count() == 1
    assert at_desk(cast.bo).get(reverse("plan:client_sign")).status_code == 404


def test_a_row_of_another_episode_is_not_there(cast: Cast) -> None:
    way.drafted(cast)
    strangers = actions.draft(cast.max.episode, [way.PROBLEM], by=cast.cy.actor(), at=way.NOW)
    node = Problem.objects.get(plan=strangers)
    assert at_desk(cast.bo).get(page(cast, "node", kind="problem", node=node.uid)).status_code == 404


WAITING = reverse("plan:waiting")


def test_a_physician_certifies_on_the_page(cast: Cast) -> None:
    physician(cast)
    way.signed(cast)
    pat = at_desk(cast.pat)
    assert "Certify and sign" in pat.get(page(cast, "certify")).content.decode()
    typed = {"weekly_hours": "9", "need": "Cannot keep safe with weekly visits.", "password": "not it at all"}
    wrong = pat.post(page(cast, "certify"), typed)
    assert wrong.status_code == 422 and "Cannot keep safe" in wrong.content.decode()
    assert pat.post(page(cast, "certify"), {**typed, "password": PASSWORD}).status_code == 303
    assert Certification.objects.get().weekly_hours == 9
    assert "How the client responds" in pat.get(page(cast, "certify")).content.decode()
    assert at_desk(cast.bo).get(page(cast, "certify")).status_code == 404


def test_a_prescriber_who_is_no_physician_is_told_so(cast: Cast) -> None:
    way.signed(cast)
    pat = at_desk(cast.pat)
    assert "Only a physician certifies" in pat.get(page(cast, "certify")).content.decode()
    sent = pat.post(page(cast, "certify"), {"weekly_hours": "9", "need": "x", "password": PASSWORD})
    assert sent.status_code == 422 and not Certification.objects.exists()


def test_missing_certification_is_named_to_biller_and_director(cast: Cast) -> None:
    medicare(cast)
    way.admitted(cast)
    way.signed(cast)
    for member in (cast.bea, cast.ed, cast.pat):
        shown = at_desk(member).get(WAITING).content.decode()
        assert "No physician has certified" in shown and "friends again" not in shown
    assert page(cast) not in at_desk(cast.bea).get(WAITING).content.decode()  # the biller opens no plan
    assert "No physician has certified" in at_desk(cast.bo).get(page(cast)).content.decode()
    assert "No physician has certified" not in at_desk(cast.cy).get(WAITING).content.decode()
    for member in (cast.di, cast.ana, cast.flo, cast.gus):
        assert at_desk(member).get(WAITING).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_two(cast: Cast) -> None:
    from footbridge.care.placement.models import Admission
    from footbridge.ground.coverage.models import Coverage
    from footbridge.kit import trail

    medicare(cast)
    admission = way.admitted(cast)
    bea = at_desk(cast.bea)
    bea.get(WAITING)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert bea.get(WAITING).status_code == 200
        return len(asked)

    one = cost()
    with trail.act("test.admitted", by=SYSTEM, at=way.NOW, about=cast.max.episode):
        Coverage.objects.create(client=cast.max.client, kind="medicare", covered_from=way.NOW.date())
        Admission.objects.create(
            episode=cast.max.episode, decision=admission.decision, track=admission.track, starts_on=way.NOW.date(), by=cast.ivy.staff, at=way.NOW
        )
    assert cost() == one
    assert bea.get(WAITING).content.decode().count("No physician has certified") == 2


def test_the_supervisor_reads_and_countersigns(cast: Cast) -> None:
    people.add_credential(cast.bo.staff, kind="LSW", provisional=True, valid_from=way.NOW.date(), by=SYSTEM, at=way.NOW)
    people.supervise(cast.bo.staff, cast.cy.staff, by=SYSTEM, at=way.NOW)
    way.signed(cast)
    cy = at_desk(cast.cy)
    assert cast.ana.client.number in cy.get(WAITING).content.decode()
    url = page(cast, "supervise")
    assert "friends again" in cy.get(url).content.decode()
    assert cy.post(url, {"password": "wrong one here"}).status_code == 422
    assert cy.post(url, {"password": PASSWORD}).status_code == 303
    assert PlanSignature.objects.filter(capacity="supervisor", person=cast.cy.person).exists()
    assert cy.get(page(cast)).status_code == 404  # it opens the plan to sign, not the chart
    assert at_desk(cast.ivy).get(url).status_code == 404


def test_the_plain_copy_in_both_languages(cast: Cast) -> None:
    way.signed(cast)
    bo, ana = at_desk(cast.bo), at_desk(cast.ana)
    own = reverse("plan:client_copy")
    assert "What I want" in ana.get(own).content.decode()
    spanish = ana.get(own + "?in=es").content.decode()
    assert 'lang="es"' in spanish and "What I want" not in spanish and "friends again" in spanish
    assert bo.get(page(cast, "copy") + "?in=es").status_code == 200
    for member in (cast.cy, cast.gus, cast.bea):
        assert at_desk(member).get(page(cast, "copy")).status_code == 404
    assert at_desk(cast.max).get(own).status_code == 404  # no plan of their own yet
    assert bo.get(own).status_code == 404


def test_the_page_names_a_gap_and_the_thread(cast: Cast) -> None:
    way.signed(cast)
    from datetime import timedelta

    from django.utils import timezone

    shown = at_desk(cast.bo).get(page(cast)).content.decode()
    quiet = (timezone.now() - way.NOW) >= timedelta(days=14)
    assert ("Nothing was written for this objective" in shown) is quiet


def test_who_signs_the_next_version_reads_what_is_new_and_which_one_holds_until_then(cast: Cast) -> None:
    way.signed(cast)
    now = timezone.now()
    newer = actions.revise(reads.newest(cast.ana.episode), by=cast.bo.actor(now), at=now)
    actions.add_goal(newer.problems.get(), own_words="I want to sing again.", by=cast.bo.actor(now), at=now)
    actions.sign(newer, cast.bo.person, "clinician", "password", by=cast.bo.actor(now), at=now)
    ana = at_desk(cast.ana)
    said = ana.get(reverse("plan:client_sign")).content.decode()
    new = said[said.index("What is new since the plan you signed") : said.index("Until you sign, the plan you signed before holds.")]
    assert "Goal, new: “I want to sing again.”" in new
    assert "I want to sing again." not in ana.get(reverse("client:plan")).content.decode()  # the one that holds
    ana.post(reverse("plan:client_sign"), {"password": PASSWORD})
    assert "I want to sing again." in ana.get(reverse("client:plan")).content.decode()
