"""Verbs of the plan. Only the unsigned newest version changes; everything after a signature is the next version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Person, Staff
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import certifications, clock, reads, rules
from .models import Certification, Goal, Intervention, Objective, Plan, PlanSignature, Problem
from .tree import GoalSketch, InterventionSketch, ObjectiveSketch, ProblemSketch
from .words import Capacity, CertificationKind, ServiceKind, TargetWay


class CannotDraft(access.Refusal):
    """A draft is open already, or the episode has ended."""


class CannotChange(access.Refusal):
    """The version is signed, or the words are missing."""


class CannotSign(access.Refusal):
    """The plan is not ready, or it is not theirs to sign now."""


class CannotCertify(access.Refusal):
    """No physician, no signed plan, fewer hours than the payer asks for, or words missing."""


# ------------------------------------------------------------------ versions


def draft(
    episode: Episode,
    problems: Sequence[ProblemSketch] = (),
    *,
    by: Actor,
    at: datetime,
    strengths: str = "",
    review_every_days: int | None = None,
    review_every_hours: int | None = None,
) -> Plan:
    """Begin a plan from a tree of plain values (`tree.ProblemSketch`), or an empty one. Refused while one is open.

    Without days the review clock of the site's state is written into the plan (data/review_clocks.yaml).
    """
    access.require(by, rules.WRITE_PLAN, episode)
    if reads.belongs_elsewhere(episode):
        raise CannotDraft(
            _("The decision is care that no program here gives. There is no plan of this program for it: refer the person, or decide again.")
        )
    if review_every_days is None:
        rule = clock.rule_of(episode)
        review_every_days, review_every_hours = rule.every_days, rule.every_hours
    with trail.act("plan.drafted", by=by, at=at, about=episode, client=episode.client):
        plan = _next(episode, by, at, strengths.strip(), review_every_days, review_every_hours)
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
        revised = _next(plan.episode, by, at, plan.strengths, plan.review_every_days, plan.review_every_hours)
        for place, problem in enumerate(tree, 1):
            _plant(revised, problem, place)
        _count(revised)
    return revised


def _next(
    episode: Episode, by: Actor, at: datetime, strengths: str, review_every_days: int, review_every_hours: int | None
) -> Plan:
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
        review_every_hours=review_every_hours,
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
                target_score=of_objective.target_score,
                target_way=of_objective.target_way,
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
                    invited=doing.invited,
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
                            InterventionSketch(d.kind, d.what, d.amount_minutes, d.times_a_week, d.weeks, d.who, d.invited)
                            for d in objective.interventions.all()
                        ),
                        objective.target_score,
                        objective.target_way,
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


def edit_front(
    plan: Plan,
    *,
    strengths: str,
    review_every_days: int,
    by: Actor,
    at: datetime,
    review_every_hours: int | None = None,
) -> Plan:
    """The client's strengths, and after how many days or hours of treatment the plan is gone over again."""
    with _changing(plan, "plan.changed", by, at, {"what": "front"}):
        plan.strengths, plan.review_every_days = strengths.strip(), review_every_days
        plan.review_every_hours = review_every_hours
        plan.save(update_fields=["strengths", "review_every_days", "review_every_hours"])
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


def _objective(
    text: str, measure: str, target: str, target_on: date | None, target_score: Decimal | None, target_way: str
) -> dict[str, Any]:
    words = _needs("text", text, _("Write down what will be done or reached."))
    if target_score is not None and not measure:
        raise CannotChange(_("Choose the questionnaire whose score this is."), field="measure")
    return {
        "text": words,
        "measure": measure,
        "target": target.strip(),
        "target_on": target_on,
        "target_score": target_score,
        "target_way": TargetWay(target_way or TargetWay.AT_MOST).value,
    }


def add_objective(
    goal: Goal,
    *,
    text: str,
    by: Actor,
    at: datetime,
    measure: str = "",
    target: str = "",
    target_on: date | None = None,
    target_score: Decimal | None = None,
    target_way: str = "",
) -> Objective:
    fields = _objective(text, measure, target, target_on, target_score, target_way)
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
    target_score: Decimal | None = None,
    target_way: str = "",
) -> Objective:
    fields = _objective(text, measure, target, target_on, target_score, target_way)
    with _changing(plan_of(objective), "plan.changed", by, at, {"what": "objective edited"}):
        return _put(objective, fields)


def _doing(kind: str, what: str, amount_minutes: int, times_a_week: int, weeks: int, who: str, invited: str) -> dict[str, Any]:
    if kind == ServiceKind.FAMILY and not invited.strip():
        raise CannotChange(_("Say who is invited to the family session."), field="invited")
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
        "invited": invited.strip()[:200] if kind == ServiceKind.FAMILY else "",
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
    invited: str = "",
) -> Intervention:
    """`amount_minutes` are of one session."""
    fields = _doing(kind, what, amount_minutes, times_a_week, weeks, who, invited)
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
    invited: str = "",
) -> Intervention:
    fields = _doing(kind, what, amount_minutes, times_a_week, weeks, who, invited)
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
    records what was signed on paper). A clinician signs first, so that the client reads words that stay. Only who holds
    a physician's credential on the day signs as the physician (CERT-02); a supervisor signs for whom they supervise.
    """
    episode = plan.episode
    capacity = Capacity(capacity).value
    if how == "paper":
        access.require(by, rules.SIGN_PLAN, episode)
    elif capacity == Capacity.CLIENT:
        access.require(by, rules.SIGN_OWN_PLAN, episode)
    elif capacity in (Capacity.PHYSICIAN, Capacity.PRESCRIBER):
        access.require(by, rules.SIGN_AS_PRESCRIBER, episode)
    elif capacity == Capacity.SUPERVISOR:
        access.require(by, rules.SIGN_AS_SUPERVISOR, plan)
    else:
        access.require(by, rules.SIGN_PLAN, episode)
    if how != "paper" and person.pk != by.person_id:
        raise CannotSign(_("Everybody signs for themselves."))
    if capacity == Capacity.CLIENT and person.pk != episode.client.person_id:
        raise CannotSign(_("Only the client signs as the client."))
    if how == "paper" and capacity != Capacity.CLIENT:
        raise CannotSign(_("Only the client's signature can be on paper. Staff sign here."))
    if capacity == Capacity.PHYSICIAN and not certifications.as_physician(_staff_of(person), day_of(at)):
        raise CannotSign(_("Only somebody with a valid MD or DO credential signs as the physician."))

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
        if capacity == Capacity.SUPERVISOR and not signed.filter(capacity=Capacity.CLINICIAN).exists():
            raise CannotSign(_("The clinician signs first. Then it is the supervisor's turn."))
        return PlanSignature.objects.create(plan=plan, person=person, capacity=capacity, how=how, at=at)


def _staff_of(person: Person) -> Staff | None:
    return Staff.objects.filter(person=person).first()


def certify(
    plan: Plan,
    *,
    need: str,
    weekly_hours: Decimal,
    how: str,
    by: Actor,
    at: datetime,
    response: str = "",
    symptoms: str = "",
    toward_discharge: str = "",
) -> Certification:
    """A physician certifies that this care is needed, under this plan (42 CFR 424.24(d); data/certification.yaml).

    The first of an episode is the certification at admission; each later one is a recertification and says how the
    person responds, which symptoms would risk a relapse or a hospital stay, and what leads toward discharge (CERT-04).
    """
    access.require(by, rules.CERTIFY, plan.episode)
    episode, today = plan.episode, day_of(at)
    credential = certifications.as_physician(Staff.objects.filter(pk=by.as_staff).first(), today)
    if not credential:
        raise CannotCertify(_("Only a physician certifies: somebody with a valid MD or DO credential. The director keeps credentials."))
    words = {"need": need, "response": response, "symptoms": symptoms, "toward_discharge": toward_discharge}
    words = {name: text.strip() for name, text in words.items()}
    with trail.act("plan.certified", by=by, at=at, about=episode, client=episode.client, detail={"version": plan.version}):
        if episode.ended_at is not None:
            raise CannotCertify(_("This episode of care has ended."))
        if not plan.signatures.filter(capacity=Capacity.CLINICIAN).exists():
            raise CannotCertify(_("Care is certified under a written plan. A clinician signs the plan first."))
        same = episode.certifications.filter(plan=plan, by_id=by.as_staff, on=today).first()
        if same is not None:  # an impatient second click, or a second one on the same day
            return same
        again = episode.certifications.exists()
        for name in ("need", *(("response", "symptoms", "toward_discharge") if again else ())):
            if not words[name]:
                raise CannotCertify(_("Write a sentence or two here."), field=name)
        stands = certifications.of_episode(episode, today)
        if stands is not None and weekly_hours < stands.rule.least_hours:
            raise CannotCertify(
                _("%(payer)s asks for a need of at least %(hours)s hours a week. With fewer this level of care is not certified.")
                % {"payer": stands.rule.name, "hours": stands.rule.least_hours},
                field="weekly_hours",
            )
        return Certification.objects.create(
            episode=episode,
            plan=plan,
            kind=CertificationKind.RECERTIFICATION if again else CertificationKind.INITIAL,
            weekly_hours=weekly_hours,
            by_id=by.as_staff,
            credential=credential,
            how=how,
            on=today,
            at=at,
            **words,
        )
