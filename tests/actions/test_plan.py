"""The plan: a tree that changes until it is signed, and then never again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from footbridge.care.plan import actions, library, reads
from footbridge.care.plan.models import Goal, Intervention, Objective, Plan, PlanSignature, Problem
from footbridge.kit.access import NotYours
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
    actions.sign(plan, cast.pat.person, "physician", "password", by=cast.pat.actor(), at=at)
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
        actions.sign(first, cast.pat.person, "physician", "password", by=cast.pat.actor(), at=at)


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
