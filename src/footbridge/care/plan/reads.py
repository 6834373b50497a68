"""Questions about plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from footbridge.care.placement import reads as placement
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments.lines import plain
from footbridge.ground.instruments.models import InstrumentEdition
from footbridge.kit.access import Actor

from . import library
from .models import Goal, Intervention, Objective, Plan, PlanSignature, Problem
from .words import Capacity, ServiceKind

Node = Problem | Goal | Objective | Intervention
TREE = ("problems__goals__objectives__interventions", "signatures__person")


def plans(episode: Episode) -> QuerySet[Plan]:
    """Every version, newest first, with its whole tree and signatures."""
    return (
        episode.plans.select_related("drafted_by__person", "episode__client__person")
        .prefetch_related(*TREE)
        .order_by("-version")
    )


def newest(episode: Episode) -> Plan | None:
    return plans(episode).first()


def version(episode: Episode, number: int) -> Plan | None:
    return plans(episode).filter(version=number).first()


def _signed_as(capacity: str) -> Exists:
    return Exists(PlanSignature.objects.filter(plan=OuterRef("pk"), capacity=capacity))


def belongs_elsewhere(episode: Episode) -> bool:
    """Whether it was decided that this person needs a level that no program here gives, and nobody admitted them."""
    decided = placement.decision(episode)
    if decided is None or placement.admission(episode) is not None:
        return False
    return not placement.given_here(decided.actual)


def in_force(episode: Episode) -> Plan | None:
    """The plan that holds: the newest version signed by the client and by a clinician."""
    return _holding(plans(episode)).first()


def goals_in_force(episode: Episode) -> Plan | None:
    """The same with its goals alone: for pages that name them and show nothing below."""
    return _holding(episode.plans.prefetch_related("problems__goals").order_by("-version")).first()


def _holding(found: QuerySet[Plan]) -> QuerySet[Plan]:
    return found.filter(_signed_as(Capacity.CLIENT), _signed_as(Capacity.CLINICIAN))


def open_draft(episode: Episode) -> Plan | None:
    """The newest version while nobody has signed it: the only one that may be changed."""
    last = newest(episode)
    return last if last is not None and not last.signatures.all() else None


def to_sign(episode: Episode) -> Plan | None:
    """The newest version, when a clinician signed it and the client has not."""
    last = newest(episode)
    if last is None:
        return None
    signed = {signature.capacity for signature in last.signatures.all()}
    return last if Capacity.CLINICIAN in signed and Capacity.CLIENT not in signed else None


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """What the portal shows: the plan that holds, and a newer one that waits for the client's signature."""

    in_force: Plan | None
    to_sign: Plan | None

    @property
    def shown(self) -> Plan | None:
        return self.in_force or self.to_sign


def for_client(episode: Episode) -> ClientPlan:
    return ClientPlan(in_force(episode), to_sign(episode))


def weekly_minutes(plan: Plan) -> int:
    """Minutes of care a week the plan asks for.

    The same service under two objectives counts once; practice at home does not count.
    """
    asked: dict[tuple[str, str], int] = {}
    for doing in Intervention.objects.filter(objective__goal__problem__plan=plan):
        if doing.kind != ServiceKind.PRACTICE:
            key = (doing.kind, doing.what.casefold().strip())
            asked[key] = max(asked.get(key, 0), doing.amount_minutes * doing.times_a_week)
    return sum(asked.values())


def nodes(plan: Plan) -> Iterator[tuple[int, Node]]:
    """Every row of the tree in reading order, with its depth (0 problem … 3 intervention)."""
    for problem in plan.problems.all():
        yield 0, problem
        for goal in problem.goals.all():
            yield 1, goal
            for objective in goal.objectives.all():
                yield 2, objective
                for doing in objective.interventions.all():
                    yield 3, doing


def texts(node: Node) -> list[str]:
    match node:
        case Problem():
            return [node.title, node.evidence]
        case Goal():
            return [node.own_words, node.measurable]
        case Objective():
            return [node.text, node.target]
        case _:
            return [node.what, node.who, node.invited]


def lacking(plan: Plan) -> list[str]:
    """What keeps the version from being signed, a sentence each; empty when it is ready."""
    rows = [node for _depth, node in nodes(plan)]
    said = []
    if not any(isinstance(node, Goal) for node in rows):
        said.append(_("There is no goal in the client's words yet."))
    if not any(isinstance(node, Intervention) for node in rows):
        said.append(_("There is no intervention yet: nobody would do anything."))
    alone = [node for node in rows if isinstance(node, Intervention) and node.kind == ServiceKind.FAMILY and not node.invited.strip()]
    if alone:
        said.append(_("Nobody is invited to “%(what)s” yet. Ask the client who should come, and write it down there.") % {"what": alone[0].what})
    gaps = [gap for node in rows for text in texts(node) for gap in library.gaps(text)]
    if gaps:
        said.append(
            _("%(count)d gaps of the first wording are still open, like %(gap)s. Fill them in with the client.")
            % {"count": len(gaps), "gap": gaps[0]}
        )
    return said


def untouched(plan: Plan) -> list[str]:
    """The texts about the person that are still the library's words: shown before signing, never a refusal."""
    about_them = (
        text
        for _depth, node in nodes(plan)
        if isinstance(node, (Problem, Goal, Objective))
        for text in texts(node)
    )
    return [text for text in about_them if text and library.untouched(text)]


# ------------------------------------------------------------------ what changed


@dataclass(frozen=True, slots=True)
class Line:
    """One line of two versions side by side. `change` is same, gone (left only), new (right only) or changed."""

    change: str
    depth: int
    left: str
    right: str


def _score(node: Objective) -> str:
    """The target score in words: "9 or lower"."""
    return f"{plain(node.target_score)} {node.get_target_way_display()}" if node.target_score is not None else ""


def line(node: Node) -> str:
    """A row of the tree as one line of text."""
    match node:
        case Problem():
            return " · ".join(part for part in (node.title, node.icd10, node.evidence) if part)
        case Goal():
            return " · ".join(part for part in (f"“{node.own_words}”", node.measurable) if part)
        case Objective():
            until = _("by %(date)s") % {"date": date_format(node.target_on, "M j, Y")} if node.target_on else ""
            score = f"{node.measure_name} {_score(node)}".strip()
            return " · ".join(part for part in (node.text, score, node.target, until) if part)
        case _:
            said = _("%(kind)s: %(what)s, %(minutes)d minutes, %(times)d a week for %(weeks)d weeks (%(who)s)") % {
                "kind": node.get_kind_display(),
                "what": node.what,
                "minutes": node.amount_minutes,
                "times": node.times_a_week,
                "weeks": node.weeks,
                "who": node.who,
            }
            return " · ".join(part for part in (said, _("invited: %(names)s") % {"names": node.invited} if node.invited else "") if part)


def compare(older: Plan, newer: Plan) -> list[Line]:
    """Two versions side by side, in reading order."""
    left = [(depth, line(node)) for depth, node in nodes(older)]
    right = [(depth, line(node)) for depth, node in nodes(newer)]
    out: list[Line] = []
    for change, a, b, c, d in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if change == "equal":
            out += [Line("same", depth, text, text) for depth, text in left[a:b]]
            continue
        gone, new = left[a:b], right[c:d]
        while gone and new and gone[0][0] == new[0][0]:
            (depth, was), (_depth, became) = gone.pop(0), new.pop(0)
            out.append(Line("changed", depth, was, became))
        out += [Line("gone", depth, text, "") for depth, text in gone]
        out += [Line("new", depth, "", text) for depth, text in new]
    return out


_NAMES = [lazy("Problem"), lazy("Goal"), lazy("Objective"), lazy("What is done")]


def changes(older: Plan, newer: Plan) -> list[str]:
    """What is different from one version to the next, a sentence each, in reading order."""
    said = []
    if older.strengths != newer.strengths:
        said.append(_("Strengths: written anew."))
    if (older.review_every_days, older.review_every_hours) != (newer.review_every_days, newer.review_every_hours):
        said.append(
            _("Reviewed: %(now)s instead of %(before)s.") % {"now": review_words(newer), "before": review_words(older)}
        )
    if older.weekly_minutes != newer.weekly_minutes:
        said.append(
            _("Care: %(now)d minutes a week instead of %(before)d.")
            % {"now": newer.weekly_minutes, "before": older.weekly_minutes}
        )
    for row in compare(older, newer):
        words = {"what": str(_NAMES[row.depth]), "left": row.left, "right": row.right}
        if row.change == "new":
            said.append(_("%(what)s, new: %(right)s.") % words)
        elif row.change == "gone":
            said.append(_("%(what)s, taken out: %(left)s.") % words)
        elif row.change == "changed":
            said.append(_("%(what)s: was %(left)s. Now: %(right)s.") % words)
    return said


def review_words(plan: Plan) -> str:
    """How often the version is gone over again: "every 30 days or 27 hours of treatment, whichever comes first"."""
    numbers = {"days": plan.review_every_days, "hours": plan.review_every_hours}
    if plan.review_every_hours:
        return _("every %(days)s days or %(hours)s hours of treatment, whichever comes first") % numbers
    return _("every %(days)s days") % numbers


def measures() -> list[tuple[str, Any]]:
    """Instruments an objective can name: (code, title)."""
    return sorted(dict(InstrumentEdition.objects.order_by("loaded_at").values_list("code", "title")).items())


# ------------------------------------------------------------------ places in the editor

KINDS: dict[str, type[Node]] = {"problem": Problem, "goal": Goal, "objective": Objective, "intervention": Intervention}
_TO_PLAN = {
    "problem": "plan",
    "goal": "problem__plan",
    "objective": "goal__problem__plan",
    "intervention": "objective__goal__problem__plan",
}
CHILD = {"plan": "problem", "problem": "goal", "goal": "objective", "objective": "intervention"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of an episode's plan, named by an address."""

    episode: Episode
    kind: str
    node: Node | Plan

    @property
    def episode_id(self) -> int:
        return self.episode.pk


def spot(actor: Actor, uid: UUID, kind: str, node: UUID) -> Spot | None:
    """The row if `actor` may know of the episode and the row belongs to it."""
    episode = Episode.objects.visible_to(actor).select_related("client__person").filter(uid=uid).first()
    if episode is None or kind not in ("plan", *KINDS):
        return None
    if kind == "plan":
        found: Node | Plan | None = episode.plans.filter(uid=node).first()
    else:
        path = _TO_PLAN[kind]
        found = KINDS[kind].objects.select_related(path).filter(uid=node, **{f"{path}__episode": episode}).first()
    return Spot(episode, kind, found) if found is not None else None


def to_supervise(actor: Actor, uid: UUID) -> Plan | None:
    """The newest version of an episode's plan, for a supervisor who need not be on the case: the rule decides."""
    return (
        Plan.objects.filter(episode__uid=uid)
        .select_related("episode__client__person", "drafted_by__person")
        .prefetch_related(*TREE)
        .order_by("-version")
        .first()
    )


def own_episode(actor: Actor) -> Episode | None:
    """The client's own open episode, or the one that ended last."""
    if actor.client_id is None:
        return None
    return Episode.objects.filter(client_id=actor.client_id).select_related("client__person").present_first().first()
