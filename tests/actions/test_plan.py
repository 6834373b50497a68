"""The plan: a tree that changes until it is signed, and then never again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from footbridge.care.plan import actions, certifications, clock, library, reads, thread
from footbridge.care.plan.models import Certification, Goal, Intervention, Objective, Plan, PlanSignature, Problem
from footbridge.care.plan.tree import GoalSketch, InterventionSketch, ObjectiveSketch, ProblemSketch
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.people import actions as people
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.cast import Cast

from . import way

LATER = timedelta(days=14)


def test_a_draft_holds_the_whole_tree_and_counts_the_minutes(cast: Cast) -> None:
    plan = way.drafted(cast)
    assert plan.version == 1 and plan.weekly_minutes == 150  # practice at home is not care time
    assert [type(node).__name__ for _depth, node in reads.nodes(reads.newest(cast.ana.episode))] == [
        "Problem",
        "Goal",
        "Objective",
        "Intervention",
        "Intervention",
    ]
    assert Act.objects.filter(verb="plan.drafted", client_uid=cast.ana.client.uid).exists()


def test_the_same_service_under_two_objectives_counts_once(cast: Cast, at) -> None:
    plan = way.drafted(cast)
    goal = Goal.objects.get()
    other = actions.add_objective(goal, text="Sleeps by eleven.", by=cast.bo.actor(), at=at)
    words = {"amount_minutes": 50, "times_a_week": 3, "weeks": 8, "who": "Cy", "by": cast.bo.actor(), "at": at}
    actions.add_intervention(other, kind="skills", what="skills group ", **words)
    plan.refresh_from_db()
    assert plan.weekly_minutes == 150
    actions.add_intervention(other, kind="individual", what="Individual therapy", **{**words, "times_a_week": 1})
    plan.refresh_from_db()
    assert plan.weekly_minutes == 200


def test_one_draft_at_a_time(cast: Cast) -> None:
    way.drafted(cast)
    with pytest.raises(actions.CannotDraft):
        way.drafted(cast)


def test_every_row_can_be_added_edited_and_taken_out(cast: Cast, at) -> None:
    by = {"by": cast.bo.actor(), "at": at}
    plan = actions.draft(cast.ana.episode, **by)
    problem = actions.add_problem(plan, title="Fear", **by)
    goal = actions.add_goal(problem, own_words="I want to ride the train.", **by)
    objective = actions.add_objective(goal, text="Three stops.", **by)
    doing = actions.add_intervention(
        objective, kind="group", what="Steps group", amount_minutes=50, times_a_week=2, weeks=8, who="Cy", **by
    )
    assert actions.add_goal(problem, own_words="I want to ride the train.", **by) == goal  # an impatient click
    actions.edit_problem(problem, title="Fear of trains", icd10="f40.2", **by)
    actions.edit_goal(goal, own_words="I want to ride the train to work.", **by)
    actions.edit_objective(objective, text="Five stops.", target="five", **by)
    actions.edit_intervention(
        doing, kind="group", what="Steps group", amount_minutes=60, times_a_week=2, weeks=8, who="Cy", **by
    )
    actions.edit_front(plan, strengths="Brave.", review_every_days=14, **by)
    plan = Plan.objects.get()
    assert (plan.weekly_minutes, plan.strengths, plan.review_every_days) == (120, "Brave.", 14)
    assert Problem.objects.get().icd10 == "F40.2" and Objective.objects.get().text == "Five stops."
    actions.remove(doing, **by)
    assert Plan.objects.get().weekly_minutes == 0 and not Intervention.objects.exists()
    actions.remove(problem, **by)
    assert not Goal.objects.exists() and not Objective.objects.exists() and not Problem.objects.exists()


def test_refused_without_words_or_numbers(cast: Cast, at) -> None:
    by = {"by": cast.bo.actor(), "at": at}
    plan = way.drafted(cast)
    with pytest.raises(actions.CannotChange):
        actions.add_problem(plan, title=" ", **by)
    with pytest.raises(actions.CannotChange) as refusal:
        actions.add_goal(Problem.objects.get(), own_words="", **by)
    assert refusal.value.field == "own_words"
    with pytest.raises(actions.CannotChange):
        actions.add_intervention(
            Objective.objects.get(), kind="group", what="x", amount_minutes=0, times_a_week=1, weeks=1, who="x", **by
        )


def test_signed_by_both_it_is_in_force_and_stays_as_it_is(cast: Cast, at) -> None:
    plan = way.drafted(cast)
    assert reads.in_force(cast.ana.episode) is None
    actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=at)
    assert reads.in_force(cast.ana.episode) is None
    assert reads.for_client(cast.ana.episode).to_sign == plan
    actions.sign(plan, cast.ana.person, "client", "password", by=cast.ana.actor(), at=at)
    assert reads.in_force(cast.ana.episode) == plan and reads.for_client(cast.ana.episode).to_sign is None
    for change in (
        lambda: actions.edit_goal(Goal.objects.get(), own_words="Other", by=cast.bo.actor(), at=at),
        lambda: actions.add_problem(plan, title="New", by=cast.bo.actor(), at=at),
        lambda: actions.remove(Problem.objects.get(), by=cast.bo.actor(), at=at),
        lambda: actions.edit_front(plan, strengths="", review_every_days=7, by=cast.bo.actor(), at=at),
    ):
        with pytest.raises(actions.CannotChange):
            change()
    assert Goal.objects.get().own_words == way.PROBLEM.goals[0].own_words


def test_the_client_signs_after_the_clinician_and_everybody_for_themselves(cast: Cast, at) -> None:
    plan = way.drafted(cast)
    with pytest.raises(actions.CannotSign, match="first"):
        actions.sign(plan, cast.ana.person, "client", "password", by=cast.ana.actor(), at=at)
    with pytest.raises(actions.CannotSign, match="themselves"):
        actions.sign(plan, cast.ed.person, "clinician", "password", by=cast.bo.actor(), at=at)
    actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=at)
    twice = actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=at)
    assert PlanSignature.objects.get() == twice
    actions.sign(plan, cast.ana.person, "client", "paper", by=cast.bo.actor(), at=at)
    actions.sign(plan, cast.pat.person, "prescriber", "password", by=cast.pat.actor(), at=at)
    assert reads.in_force(cast.ana.episode) == plan


def test_not_signed_without_goal_or_intervention(cast: Cast, at) -> None:
    plan = actions.draft(cast.ana.episode, by=cast.bo.actor(), at=at)
    with pytest.raises(actions.CannotSign, match="goal"):
        actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=at)
    problem = actions.add_problem(plan, title="x", by=cast.bo.actor(), at=at)
    actions.add_goal(problem, own_words="x", by=cast.bo.actor(), at=at)
    with pytest.raises(actions.CannotSign, match="intervention"):
        actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=at)


@pytest.mark.parametrize("entry", [entry.code for entry in library.entries()])
def test_the_first_wording_cannot_be_signed_as_it_is(cast: Cast, at, entry: str) -> None:
    plan = actions.draft(cast.ana.episode, library.problems([entry]), by=cast.bo.actor(), at=at)
    assert all(library.gaps(goal.own_words) for goal in Goal.objects.all())
    with pytest.raises(actions.CannotSign, match="gaps"):
        actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=at)


def test_a_revision_copies_the_tree_and_shows_what_changed(cast: Cast, at) -> None:
    first = way.signed(cast)
    second = actions.revise(first, by=cast.bo.actor(), at=at + LATER)
    assert second.version == 2 and not second.signatures.exists() and second.weekly_minutes == first.weekly_minutes
    assert reads.in_force(cast.ana.episode) == first
    goal = Goal.objects.get(problem__plan=second)
    actions.edit_goal(goal, own_words="I want to work again.", measurable=goal.measurable, by=cast.bo.actor(), at=at)
    actions.add_problem(second, title="Sleep", by=cast.bo.actor(), at=at)
    older, newer = reads.version(cast.ana.episode, 1), reads.version(cast.ana.episode, 2)
    changes = [line.change for line in reads.compare(older, newer)]
    assert changes == ["same", "changed", "same", "same", "same", "new"]
    with pytest.raises(actions.CannotSign, match="newer"):
        actions.sign(first, cast.pat.person, "prescriber", "password", by=cast.pat.actor(), at=at)


@pytest.mark.parametrize("who", ["cy", "di", "ivy", "pat", "bea", "ana", "gus", "flo"])
def test_only_the_own_therapist_writes_and_signs(cast: Cast, at, who: str) -> None:
    plan = way.drafted(cast)
    member = getattr(cast, who)
    by = {"by": member.actor(), "at": at}
    with pytest.raises(NotYours):
        actions.draft(cast.ana.episode, **by)
    with pytest.raises(NotYours):
        actions.revise(plan, **by)
    with pytest.raises(NotYours):
        actions.add_problem(plan, title="x", **by)
    with pytest.raises(NotYours):
        actions.sign(plan, member.person, "clinician", "password", **by)


def test_another_client_cannot_sign(cast: Cast, at) -> None:
    plan = way.drafted(cast)
    with pytest.raises(NotYours):
        actions.sign(plan, cast.max.person, "client", "password", by=cast.max.actor(), at=at)


# ------------------------------------------------------------------ physician, supervisor


def physician(cast: Cast, kind: str = "M.D.") -> None:
    people.add_credential(cast.pat.staff, kind=kind, valid_from=date(2025, 1, 1), by=SYSTEM, at=way.NOW)


def medicare(cast: Cast) -> None:
    coverage.record(cast.ana.client, kind="medicare", payer="Medicare", covered_from=date(2026, 1, 1), by=cast.di.actor(), at=way.NOW)


def certified(cast: Cast, plan: Plan, at=way.NOW, **more) -> Certification:
    words = {"need": "Cannot keep safe with weekly visits.", "weekly_hours": Decimal(9), "how": "password", **more}
    return actions.certify(plan, **words, by=cast.pat.actor(at), at=at)


AGAIN = {"response": "Comes and takes part.", "symptoms": "Low mood.", "toward_discharge": "Back at work."}


def test_a_physician_certifies_and_recertifies(cast: Cast) -> None:
    physician(cast)
    medicare(cast)
    way.admitted(cast)
    plan = way.signed(cast)
    later = way.NOW + timedelta(days=50)
    assert certifications.of_episode(cast.ana.episode, date(2026, 11, 6)).state == "missing"
    first = certified(cast, plan)
    assert (first.kind, first.credential, first.by) == ("initial", "M.D.", cast.pat.staff)
    assert certified(cast, plan) == first  # an impatient click
    assert certifications.of_episode(cast.ana.episode, date(2026, 11, 6)).state == "holds"
    stands = certifications.of_episode(cast.ana.episode, date(2027, 1, 2))
    assert stands.state == "lapsed" and "lapsed" in stands.said and "Jan 1, 2027" in stands.said
    with pytest.raises(actions.CannotCertify) as refusal:
        certified(cast, plan, at=later)
    assert refusal.value.field == "response"
    assert certified(cast, plan, at=later, **AGAIN).kind == "recertification"
    assert Act.objects.filter(verb="plan.certified", client_uid=cast.ana.client.uid).count() >= 2


def test_not_certified_without_a_physician_a_signed_plan_or_nine_hours(cast: Cast) -> None:
    plan = way.drafted(cast)
    with pytest.raises(actions.CannotCertify, match="physician"):
        certified(cast, plan)
    people.add_credential(cast.pat.staff, kind="MD", valid_from=date(2025, 1, 1), valid_until=date(2026, 10, 31), by=SYSTEM, at=way.NOW)
    with pytest.raises(actions.CannotCertify, match="physician"):
        certified(cast, plan)  # it ran out
    physician(cast, "DO")
    with pytest.raises(actions.CannotCertify, match="signs the plan first"):
        certified(cast, plan)
    actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=way.NOW)
    with pytest.raises(actions.CannotCertify) as refusal:
        certified(cast, plan, need=" ")
    assert refusal.value.field == "need"
    medicare(cast)
    way.admitted(cast)
    with pytest.raises(actions.CannotCertify, match="at least 9"):
        certified(cast, plan, at=way.NOW + timedelta(days=3), weekly_hours=Decimal("8.5"))
    assert not Certification.objects.exists()


@pytest.mark.parametrize("who", ["bo", "cy", "di", "ivy", "ed", "bea", "ana", "gus"])
def test_only_the_own_prescriber_certifies(cast: Cast, who: str) -> None:
    plan = way.signed(cast)
    with pytest.raises(NotYours):
        actions.certify(plan, need="x", weekly_hours=Decimal(9), how="password", by=getattr(cast, who).actor(), at=way.NOW)


def test_no_certification_is_asked_of_other_payers(cast: Cast) -> None:
    way.admitted(cast)
    assert certifications.of_episode(cast.ana.episode, date(2026, 12, 1)) is None
    assert certifications.asking(cast.bea.actor(), date(2026, 12, 1)) == []


def test_only_a_physicians_credential_signs_as_the_physician(cast: Cast, at) -> None:
    plan = way.drafted(cast)
    with pytest.raises(actions.CannotSign, match="MD or DO"):
        actions.sign(plan, cast.pat.person, "physician", "password", by=cast.pat.actor(), at=at)
    physician(cast)
    assert actions.sign(plan, cast.pat.person, "physician", "password", by=cast.pat.actor(), at=at).capacity == "physician"


def test_a_provisional_clinician_needs_the_supervisors_signature(cast: Cast, at) -> None:
    plan = way.drafted(cast)
    today = at.date()
    people.add_credential(cast.bo.staff, kind="LSW", provisional=True, valid_from=date(2025, 1, 1), by=SYSTEM, at=at)
    with pytest.raises(NotYours):
        actions.sign(plan, cast.cy.person, "supervisor", "password", by=cast.cy.actor(), at=at)
    people.supervise(cast.bo.staff, cast.cy.staff, by=SYSTEM, at=at)
    with pytest.raises(actions.CannotSign, match="clinician signs first"):
        actions.sign(plan, cast.cy.person, "supervisor", "password", by=cast.cy.actor(), at=at)
    actions.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(), at=at)
    fresh = reads.newest(cast.ana.episode)
    assert "Cy" in certifications.countersigning(fresh, today).said
    assert certifications.to_countersign(cast.cy.actor(), today) == [plan]
    actions.sign(plan, cast.cy.person, "supervisor", "password", by=cast.cy.actor(), at=at)
    assert certifications.to_countersign(cast.cy.actor(), today) == []
    assert certifications.countersigning(reads.newest(cast.ana.episode), today).said == ""


def test_a_full_credential_beside_a_provisional_one_needs_nobody(cast: Cast, at) -> None:
    for provisional in (True, False):
        people.add_credential(cast.bo.staff, kind="LCSW", provisional=provisional, valid_from=date(2025, 1, 1), by=SYSTEM, at=at)
    assert not certifications.countersigning(way.drafted(cast), at.date()).needed


# ------------------------------------------------------------------ thread, clock, words


def test_the_review_clock_of_the_state_is_written_into_a_new_plan(cast: Cast, at) -> None:
    assert clock.rule_of(cast.ana.episode).code == "common"
    admission = way.admitted(cast)
    from footbridge.kit import trail

    with trail.act("program.imported", by=SYSTEM, at=at, about=admission.track.site):
        type(admission.track.site).objects.filter(pk=admission.track.site.pk).update(state="IL")
    plan = way.drafted(cast)
    assert (plan.review_every_days, plan.review_every_hours) == (30, 27)
    assert "27 hours of treatment" in reads.review_words(plan)


def test_an_objective_knows_where_its_score_stands_and_what_was_done(cast: Cast, at) -> None:
    from footbridge.care.practice import actions as practice
    from footbridge.care.practice.skills import shelf

    plan = way.drafted(cast)
    objective = Objective.objects.get()
    with pytest.raises(actions.CannotChange) as refusal:
        actions.edit_objective(objective, text="x", target_score=Decimal(9), by=cast.bo.actor(), at=at)
    assert refusal.value.field == "measure"
    actions.edit_objective(objective, text=objective.text, measure="phq9", target_score=Decimal(9), by=cast.bo.actor(), at=at)
    strand = thread.strands(reads.newest(cast.ana.episode), at.date() + timedelta(days=40))[objective.pk]
    assert strand.quiet_days is None and strand.stand.target == "9 or lower" and strand.stand.reached is None
    for member, capacity in ((cast.bo, "clinician"), (cast.ana, "client")):
        actions.sign(plan, member.person, capacity, "password", by=member.actor(), at=at)
    assert thread.strands(reads.newest(cast.ana.episode), at.date() + timedelta(days=13))[objective.pk].quiet_days is None
    assert thread.strands(reads.newest(cast.ana.episode), at.date() + timedelta(days=14))[objective.pk].quiet_days == 14
    practice.assign(
        cast.ana.episode, skill=next(iter(shelf())), objective=objective, by=cast.bo.actor(), at=at + timedelta(days=10)
    )
    strand = thread.strands(reads.newest(cast.ana.episode), at.date() + timedelta(days=14))[objective.pk]
    assert strand.quiet_days is None and len(strand.deeds) == 1
    actions.revise(plan, by=cast.bo.actor(), at=at)  # what was done for the same words stays on the thread
    second = reads.newest(cast.ana.episode)
    assert [len(one.deeds) for one in thread.strands(second, at.date()).values()] == [1]


def test_what_changed_is_said_in_words(cast: Cast, at) -> None:
    first = way.signed(cast)
    second = actions.revise(first, by=cast.bo.actor(), at=at)
    actions.add_problem(second, title="Sleep", by=cast.bo.actor(), at=at)
    actions.edit_front(second, strengths="Funny.", review_every_days=14, review_every_hours=20, by=cast.bo.actor(), at=at)
    said = reads.changes(reads.version(cast.ana.episode, 1), reads.version(cast.ana.episode, 2))
    assert said[0].startswith("Strengths") and "every 14 days or 20 hours" in said[1]
    assert said[-1] == "Problem, new: Sleep."


def test_words_that_are_still_the_librarys_are_named(cast: Cast, at) -> None:
    entry = library.entries()[0].problem
    text = entry.goals[0].objectives[0].text
    assert library.untouched(text) and library.untouched(library.GAP.sub("3", text))
    assert not library.untouched("Walks to the lake with Flo on Mondays, and writes down how it felt.")
    actions.draft(cast.ana.episode, [entry], by=cast.bo.actor(), at=at)
    assert text in reads.untouched(reads.newest(cast.ana.episode))


def test_a_family_session_without_anybody_invited_is_not_signed_and_the_library_asks(cast: Cast, at) -> None:
    way.drafted(cast)
    assert reads.lacking(reads.newest(cast.ana.episode)) == []
    objective = Objective.objects.get()
    words = {"what": "Family session", "amount_minutes": 50, "times_a_week": 1, "weeks": 4, "who": "Bo"}
    with pytest.raises(actions.CannotChange, match="who is invited"):
        actions.add_intervention(objective, kind="family", **words, by=cast.bo.actor(), at=at)
    sketch = ProblemSketch("Sleep", goals=(GoalSketch("Sleep", objectives=(ObjectiveSketch("Sleeps", interventions=(InterventionSketch("family", **words),)),)),))
    taken = library.problems([one.code for one in library.entries()])
    family = [d for p in taken for g in p.goals for o in g.objectives for d in o.interventions if d.kind == "family"]
    assert family and all(library.gaps(one.invited) for one in family)
    other = actions.draft(cast.max.episode, [sketch], by=cast.cy.actor(), at=at)
    assert any("Nobody is invited to “Family session” yet" in said for said in reads.lacking(reads.newest(cast.max.episode)))
    with pytest.raises(actions.CannotSign, match="Nobody is invited"):
        actions.sign(other, cast.cy.person, "clinician", "password", by=cast.cy.actor(), at=at)


def test_the_diagnosis_is_said_in_words(cast: Cast) -> None:
    assert Problem(icd10="F33.1").diagnosis == "Major depressive disorder, recurrent, moderate (F33.1)"
    assert (Problem(icd10="X00.0zz").diagnosis, Problem().diagnosis) == ("X00.0zz", "")
