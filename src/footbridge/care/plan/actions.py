"""Verbs of the plan. Only the unsigned newest version changes; everything after a signature is the next version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Person
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules
from .models import Goal, Intervention, Objective, Plan, PlanSignature, Problem
from .tree import GoalSketch, InterventionSketch, ObjectiveSketch, ProblemSketch
from .words import Capacity


class CannotDraft(access.Refusal):
    """A draft is open already, or the episode has ended."""


class CannotChange(access.Refusal):
    """The version is signed, or the words are missing."""


class CannotSign(access.Refusal):
    """The plan is not ready, or it is not theirs to sign now."""


# ------------------------------------------------------------------ versions


def draft(
    episode: Episode,
    problems: Sequence[ProblemSketch] = (),
    *,
    by: Actor,
    at: datetime,
    strengths: str = "",
    review_every_days: int = 30,
) -> Plan:
    """Begin a plan from a tree of plain values (`tree.ProblemSketch`), or an empty one. Refused while one is open."""
    access.require(by, rules.WRITE_PLAN, episode)
    with trail.act("plan.drafted", by=by, at=at, about=episode, client=episode.client):
        plan = _next(episode, by, at, strengths.strip(), review_every_days)
        for place, problem in enumerate(problems, 1):
            _plant(plan, problem, place)
        _count(plan)
    return plan


def revise(plan: Plan, *, by: Actor, at: datetime) -> Plan:
    """The next version: a copy of `plan`, open to change. Signatures do not carry over."""
    access.require(by, rules.WRITE_PLAN, plan.episode)
    tree = [_sketch(problem) for problem in Plan.objects.prefetch_related(*reads.TREE).get(pk=plan.pk).problems.all()]
    with trail.act(
        "plan.revised", by=by, at=at, about=plan.episode, client=plan.episode.client, detail={"from": plan.version}
    ):
        revised = _next(plan.episode, by, at, plan.strengths, plan.review_every_days)
        for place, problem in enumerate(tree, 1):
            _plant(revised, problem, place)
        _count(revised)
    return revised


def _next(episode: Episode, by: Actor, at: datetime, strengths: str, review_every_days: int) -> Plan:
    if episode.ended_at is not None:
        raise CannotDraft(_("This episode of care has ended."))
    if reads.open_draft(episode) is not None:
        raise CannotDraft(_("There is a draft already. Go on with it, or sign it first."))
    last = episode.plans.aggregate(last=Max("version"))["last"] or 0
    return Plan.objects.create(
        episode=episode,
        version=last + 1,
        drafted_by_id=by.as_staff,
        drafted_at=at,
        strengths=strengths,
        review_every_days=review_every_days,
    )


def _plant(plan: Plan, sketch: ProblemSketch, place: int) -> None:
    problem = Problem.objects.create(
        plan=plan, place=place, title=sketch.title, icd10=sketch.icd10, evidence=sketch.evidence
    )
    for n, of_goal in enumerate(sketch.goals, 1):
        goal = Goal.objects.create(problem=problem, place=n, own_words=of_goal.own_words, measurable=of_goal.measurable)
        for m, of_objective in enumerate(of_goal.objectives, 1):
            objective = Objective.objects.create(
                goal=goal,
                place=m,
                text=of_objective.text,
                measure=of_objective.measure,
                target=of_objective.target,
                target_on=of_objective.target_on,
            )
            Intervention.objects.bulk_create(
                Intervention(
                    objective=objective,
                    kind=doing.kind,
                    what=doing.what,
                    amount_minutes=doing.amount_minutes,
                    times_a_week=doing.times_a_week,
                    weeks=doing.weeks,
                    who=doing.who,
                )
                for doing in of_objective.interventions
            )


def _sketch(problem: Problem) -> ProblemSketch:
    return ProblemSketch(
        problem.title,
        problem.icd10,
        problem.evidence,
        tuple(
            GoalSketch(
                goal.own_words,
                goal.measurable,
                tuple(
                    ObjectiveSketch(
                        objective.text,
                        objective.measure,
                        objective.target,
                        objective.target_on,
                        tuple(
                            InterventionSketch(d.kind, d.what, d.amount_minutes, d.times_a_week, d.weeks, d.who)
                            for d in objective.interventions.all()
                        ),
                    )
                    for objective in goal.objectives.all()
                ),
            )
            for goal in problem.goals.all()
        ),
    )


# ------------------------------------------------------------------ one row at a time


def plan_of(node: reads.Node) -> Plan:
    match node:
        case Problem():
            return node.plan
        case Goal():
            return node.problem.plan
        case Objective():
            return node.goal.problem.plan
        case _:
            return node.objective.goal.problem.plan


@contextmanager
def _changing(plan: Plan, verb: str, by: Actor, at: datetime, detail: dict[str, Any] | None = None) -> Iterator[None]:
    access.require(by, rules.WRITE_PLAN, plan.episode)
    with trail.act(verb, by=by, at=at, about=plan, client=plan.episode.client, detail=detail):
        if PlanSignature.objects.filter(plan=plan).exists():
            raise CannotChange(_("This version is signed and stays as it is. Revise the plan to change it."))
        yield
        _count(plan)


def _count(plan: Plan) -> None:
    plan.weekly_minutes = reads.weekly_minutes(plan)
    plan.save(update_fields=["weekly_minutes"])


def _needs(field: str, text: str, sentence: str) -> str:
    if not text.strip():
        raise CannotChange(sentence, field=field)
    return text.strip()


def _place(rows: Any) -> int:
    return (rows.aggregate(last=Max("place"))["last"] or 0) + 1


def _put(node: reads.Node, fields: dict[str, Any]) -> Any:
    for name, value in fields.items():
        setattr(node, name, value)
    node.save(update_fields=list(fields))
    return node


def edit_front(plan: Plan, *, strengths: str, review_every_days: int, by: Actor, at: datetime) -> Plan:
    """The client's strengths, and after how many days the plan is gone over again."""
    with _changing(plan, "plan.changed", by, at, {"what": "front"}):
        plan.strengths, plan.review_every_days = strengths.strip(), review_every_days
        plan.save(update_fields=["strengths", "review_every_days"])
    return plan


def _problem(title: str, icd10: str, evidence: str) -> dict[str, Any]:
    return {
        "title": _needs("title", title, _("Give the problem a name.")),
        "icd10": icd10.strip().upper(),
        "evidence": evidence.strip(),
    }


def add_problem(plan: Plan, *, title: str, by: Actor, at: datetime, icd10: str = "", evidence: str = "") -> Problem:
    fields = _problem(title, icd10, evidence)
    with _changing(plan, "plan.changed", by, at, {"what": "problem added"}):
        return plan.problems.filter(**fields).first() or Problem.objects.create(
            plan=plan, place=_place(plan.problems), **fields
        )


def edit_problem(
    problem: Problem, *, title: str, by: Actor, at: datetime, icd10: str = "", evidence: str = ""
) -> Problem:
    fields = _problem(title, icd10, evidence)
    with _changing(problem.plan, "plan.changed", by, at, {"what": "problem edited"}):
        return _put(problem, fields)


def _goal(own_words: str, measurable: str) -> dict[str, Any]:
    words = _needs("own_words", own_words, _("Write the goal as the client says it."))
    return {"own_words": words, "measurable": measurable.strip()}


def add_goal(problem: Problem, *, own_words: str, by: Actor, at: datetime, measurable: str = "") -> Goal:
    fields = _goal(own_words, measurable)
    with _changing(problem.plan, "plan.changed", by, at, {"what": "goal added"}):
        return problem.goals.filter(**fields).first() or Goal.objects.create(
            problem=problem, place=_place(problem.goals), **fields
        )


def edit_goal(goal: Goal, *, own_words: str, by: Actor, at: datetime, measurable: str = "") -> Goal:
    fields = _goal(own_words, measurable)
    with _changing(plan_of(goal), "plan.changed", by, at, {"what": "goal edited"}):
        return _put(goal, fields)


def _objective(text: str, measure: str, target: str, target_on: date | None) -> dict[str, Any]:
    words = _needs("text", text, _("Write down what will be done or reached."))
    return {"text": words, "measure": measure, "target": target.strip(), "target_on": target_on}


def add_objective(
    goal: Goal,
    *,
    text: str,
    by: Actor,
    at: datetime,
    measure: str = "",
    target: str = "",
    target_on: date | None = None,
) -> Objective:
    fields = _objective(text, measure, target, target_on)
    with _changing(plan_of(goal), "plan.changed", by, at, {"what": "objective added"}):
        return goal.objectives.filter(**fields).first() or Objective.objects.create(
            goal=goal, place=_place(goal.objectives), **fields
        )


def edit_objective(
    objective: Objective,
    *,
    text: str,
    by: Actor,
    at: datetime,
    measure: str = "",
    target: str = "",
    target_on: date | None = None,
) -> Objective:
    fields = _objective(text, measure, target, target_on)
    with _changing(plan_of(objective), "plan.changed", by, at, {"what": "objective edited"}):
        return _put(objective, fields)


def _doing(kind: str, what: str, amount_minutes: int, times_a_week: int, weeks: int, who: str) -> dict[str, Any]:
    for field, number in (("amount_minutes", amount_minutes), ("times_a_week", times_a_week), ("weeks", weeks)):
        if number < 1:
            raise CannotChange(_("Enter a number of 1 or more."), field=field)
    return {
        "kind": kind,
        "what": _needs("what", what, _("Say what will be done.")),
        "amount_minutes": amount_minutes,
        "times_a_week": times_a_week,
        "weeks": weeks,
        "who": _needs("who", who, _("Say who does it.")),
    }


def add_intervention(
    objective: Objective,
    *,
    kind: str,
    what: str,
    amount_minutes: int,
    times_a_week: int,
    weeks: int,
    who: str,
    by: Actor,
    at: datetime,
) -> Intervention:
    """`amount_minutes` are of one session."""
    fields = _doing(kind, what, amount_minutes, times_a_week, weeks, who)
    with _changing(plan_of(objective), "plan.changed", by, at, {"what": "intervention added"}):
        return objective.interventions.filter(**fields).first() or Intervention.objects.create(
            objective=objective, **fields
        )


def edit_intervention(
    intervention: Intervention,
    *,
    kind: str,
    what: str,
    amount_minutes: int,
    times_a_week: int,
    weeks: int,
    who: str,
    by: Actor,
    at: datetime,
) -> Intervention:
    fields = _doing(kind, what, amount_minutes, times_a_week, weeks, who)
    with _changing(plan_of(intervention), "plan.changed", by, at, {"what": "intervention edited"}):
        return _put(intervention, fields)


def remove(node: reads.Node, *, by: Actor, at: datetime) -> None:
    """Take a row and all under it out of the draft. The trail keeps what it said."""
    plan = plan_of(node)
    with _changing(plan, "plan.changed", by, at, {"what": f"{node._meta.model_name} removed"}):
        at_node = {
            Problem: "objective__goal__problem",
            Goal: "objective__goal",
            Objective: "objective",
            Intervention: "pk",
        }[type(node)]
        Intervention.objects.filter(**{at_node: node.pk if at_node == "pk" else node}).delete()
        if isinstance(node, (Problem, Goal)):
            Objective.objects.filter(**{"goal__problem" if isinstance(node, Problem) else "goal": node}).delete()
        if isinstance(node, Problem):
            Goal.objects.filter(problem=node).delete()
        if not isinstance(node, Intervention):
            node.delete()


# ------------------------------------------------------------------ signing


def sign(plan: Plan, person: Person, capacity: str, how: str, *, by: Actor, at: datetime) -> PlanSignature:
    """`person` signs this version as `capacity`.

    `how` is "password" or "second_factor" (both proved just now, by the person themselves), or "paper" (a clinician
    records what was signed on paper). A clinician signs first, so that the client reads words that stay.
    """
    episode = plan.episode
    capacity = Capacity(capacity).value
    if how == "paper":
        access.require(by, rules.SIGN_PLAN, episode)
    elif capacity == Capacity.CLIENT:
        access.require(by, rules.SIGN_OWN_PLAN, episode)
    elif capacity == Capacity.PHYSICIAN:
        access.require(by, rules.SIGN_AS_PRESCRIBER, episode)
    else:
        access.require(by, rules.SIGN_PLAN, episode)
    if how != "paper" and person.pk != by.person_id:
        raise CannotSign(_("Everybody signs for themselves."))
    if capacity == Capacity.CLIENT and person.pk != episode.client.person_id:
        raise CannotSign(_("Only the client signs as the client."))

    with trail.act(
        "plan.signed",
        by=by,
        at=at,
        about=plan,
        client=episode.client,
        detail={"version": plan.version, "as": capacity, "how": how},
    ):
        signed = PlanSignature.objects.filter(plan=plan)
        before = signed.filter(person=person, capacity=capacity).first()
        if before is not None:
            return before
        fresh = Plan.objects.prefetch_related(*reads.TREE).get(pk=plan.pk)
        lacks = reads.lacking(fresh)
        if lacks:
            raise CannotSign(" ".join(lacks))
        if episode.plans.filter(version__gt=plan.version).exists():
            raise CannotSign(_("There is a newer version. Sign that one."))
        if capacity == Capacity.CLIENT and not signed.filter(capacity=Capacity.CLINICIAN).exists():
            raise CannotSign(_("The therapist signs first. Then it is the client's turn."))
        return PlanSignature.objects.create(plan=plan, person=person, capacity=capacity, how=how, at=at)
