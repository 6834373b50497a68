"""The verb of review: decided and signed with the scores in view (Joint Commission CTS.03.01.09 EP1 and EP2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from footbridge.care.plan import reads as plans
from footbridge.care.plan.models import Objective
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules, stay
from .models import ObjectiveProgress, PlanReview


class CannotReview(access.Refusal):
    """The review cannot be signed so."""


def review(
    episode: Episode,
    *,
    decision: str,
    progress: str,
    reasons: str,
    objectives: Mapping[UUID, str],
    seen: list[str],
    by: Actor,
    at: datetime,
    without_scores: str = "",
    missing: Mapping[str, str] | None = None,
    how: str = "password",
) -> PlanReview:
    """Sign a review of the plan in force. `objectives` gives each objective's state by its uid; `seen` holds the uids of the score
    sheets that stood on the page and that the signer confirmed one by one; `missing` says, by instrument code, why a measure that was
    asked for has no score (`without_scores` says it for all). A score that arrived since, one not confirmed, a measure passed over in
    silence or an objective left out is a refusal: a review that did not look is none.
    """
    access.require(by, rules.REVIEW, episode)
    with trail.act("plan.reviewed", by=by, at=at, about=episode, client=episode.client, detail={"decision": decision}):
        plan = plans.in_force(episode)
        if plan is None:
            raise CannotReview(_("There is no plan signed by the client and a clinician yet. Sign the plan first."))
        for name, text in (("progress", progress), ("reasons", reasons)):
            if not text.strip():
                raise CannotReview(_("Write a sentence or two here."), field=name)
        scores = reads.latest_scores(episode)
        unseen = [score for score in scores if score["sheet"] not in seen]
        if unseen:
            raise CannotReview(_("A new score has come in since you opened this page, or one was not confirmed: %(names)s. Look at it, then sign.") % {"names": ", ".join(score["title"] for score in unseen)})
        if not scores and not without_scores.strip():
            raise CannotReview(_("There is no score yet. Give a questionnaire first, or say here why there is none."), field="without_scores")
        lacking = reads.without_score(episode, plan, scores, at)
        why = {code: (missing or {}).get(code, "").strip() or without_scores.strip() for code in lacking}
        for code, name in lacking.items():
            if not why[code]:
                raise CannotReview(_("%(name)s was asked for and has no score. Say why there is none.") % {"name": name}, field=f"why_{code}")
        wanted = {row.uid: row for row in Objective.objects.filter(goal__problem__plan=plan)}
        if set(wanted) != set(objectives):
            raise CannotReview(_("Say for each objective how far it has come."))
        made = PlanReview.objects.create(
            episode=episode, plan=plan, decision=decision, progress=progress.strip(), reasons=reasons.strip(),
            scores_seen={
                "scores": [{**score, "confirmed": True} for score in scores], "none_because": without_scores.strip(),
                "stay": stay.kept(stay.ask(episode, at, list(objectives.values()))),
                "missing": [{"instrument": code, "title": name, "why": why[code]} for code, name in lacking.items()],
            },
            by=Staff.objects.get(pk=by.as_staff), signed_how=how, at=at,
        )  # fmt: skip
        for uid, state in objectives.items():
            ObjectiveProgress.objects.create(review=made, objective=wanted[uid], state=state)
        return made
