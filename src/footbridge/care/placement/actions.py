"""Verbs of placement: rate and ask, decide, admit. The engine advises; a clinician decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from footbridge.care.safety import actions as safety
from footbridge.care.safety.words import AlarmKind
from footbridge.ground.consent import gates
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people import reads as people
from footbridge.ground.people.models import Staff
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Track
from footbridge.ground.program.words import Level, Mode
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import advice, evidence, reads, rules
from .models import Admission, Assessment, CriteriaLicence, Decision, DimensionRating, OutsideResult, RulesSignature
from .words import EDITIONS, Difference, Dimension


class CannotAssess(access.Refusal):
    """A rating has no reason, or nothing was rated."""


class CannotDecide(access.Refusal):
    """Safety comes first, or a reason is missing."""


class CannotRecord(access.Refusal):
    """The score lies outside its range, or nothing is said."""


class CannotSignRules(access.Refusal):
    """Other rules than those that were read, or nobody read them."""


class CannotAdmit(access.Refusal):
    """No place, no decision, or the days do not fit."""


def assess(
    episode: Episode,
    ratings: Mapping[str, tuple[int, str]],
    *,
    by: Actor,
    at: datetime,
    criteria: str = "neutral",
    wish: str = "",
    rests_on: Mapping[str, Sequence[str]] | None = None,
) -> Assessment:
    """Keep the ratings (dimension → (0 to 4, reason)) with what the engine advises.

    It hears the ratings, the screen that holds and the last suicide screen.

    `criteria` names the edition a licensed site rates by: neutral, asam3, asam4, mental_health. `wish` is the level the person would like. A level that
    does not wait (`alarms` in data/levels.yaml) raises an alarm in the same transaction, unless somebody has it in hand already.
    `rests_on` names, by dimension, the evidence a rating rests on (codes of evidence.of); what it said then is kept with the rating.
    """
    access.require(by, rules.ASSESS, episode)
    rated = {Dimension(name).value: (value, reason.strip()) for name, (value, reason) in ratings.items()}
    known = reads.safety_facts(episode)

    if episode.ended_at is not None:
        raise CannotAssess(_("This episode of care has ended."))
    if not rated:
        raise CannotAssess(_("Rate at least one dimension."))
    for name, (value, reason) in rated.items():
        if not 0 <= value <= 4:
            raise CannotAssess(_("A rating is a number from 0 to 4."), field=f"rating_{name}")
        if not reason:
            raise CannotAssess(_("Write a reason for the rating."), field=f"reason_{name}")
    if criteria not in dict(EDITIONS):
        raise CannotAssess(_("This edition of criteria is not known."), field="criteria")
    offered = {one.code: one.says for lines in evidence.of(episode).values() for one in lines} if rests_on else {}
    lines = {
        name: [{"code": code, "says": offered[code]} for code in codes if code in offered] for name, codes in (rests_on or {}).items()
    }
    if wish and wish not in Level.values:
        raise CannotAssess(_("Choose one of the levels."), field="wish")
    verdict = advice.ask(rated, known, reads.population(episode.client, day_of(at)), wish)

    with trail.act(
        "placement.assessed",
        by=by,
        at=at,
        about=episode,
        client=episode.client,
        detail={"edition": advice.rules().edition},
    ):
        same = reads.newest(episode)
        if (
            same
            and same.by_id == by.staff_id
            and reads.ratings(same) == rated
            and same.facts["safety"] == known
            and reads.wish(same) == wish
            and same.criteria == criteria
            and {row.dimension: row.evidence for row in same.ratings.all() if row.evidence} == {name: rows for name, rows in lines.items() if rows}
        ):
            return same
        assessment = Assessment.objects.create(
            episode=episode,
            by_id=by.as_staff,
            criteria=criteria,
            facts={
                "ratings": {name: {"rating": value, "reason": reason} for name, (value, reason) in rated.items()},
                "safety": known,
                **({"wish": wish} if wish else {}),
            },
            advised_level=verdict.level if isinstance(verdict, advice.Advice) else "",
            advice=advice.kept(verdict),
            rules_edition=verdict.edition,
            at=at,
        )
        DimensionRating.objects.bulk_create(
            DimensionRating(assessment=assessment, dimension=name, rating=value, reason=reason, evidence=lines.get(name, []))
            for name, (value, reason) in rated.items()
        )
        _sound_the_alarm(assessment, by=by, at=at)
    return assessment


IN_HAND = timedelta(hours=24)


def _sound_the_alarm(assessment: Assessment, *, by: Actor, at: datetime) -> None:
    """A hospital, or withdrawal with nurses, is nothing to decide on tomorrow. Who is dealt with already raises no second alarm."""
    kept, episode = assessment.advice, assessment.episode
    code = assessment.advised_level or str(kept.get("at_least", ""))
    urgency = advice.dangers().levels.get(code)
    if urgency is None or reads.in_danger(episode.client) is not None or reads.dealt_with(episode.client, at - IN_HAND):
        return
    with translation.override("en"):  # staff read it
        # The clinician's own evidence says most; a fact of the screen stands in where nothing was rated so high.
        told = sorted(kept["reasons"], key=lambda one: one["code"] != "reason.dimension")
        why = advice.because(told[0])[0] if told else ""
        reason = _("The facts point to: %(level)s. %(why)s") % {"level": advice.level(code), "why": why}
    safety.tell(
        source_kind="placement", source=f"{episode.uid}:{code}", is_news=True, kind=AlarmKind.LEVEL, urgency=urgency, reason=reason,
        client=episode.client, by=by, at=at,
    )  # fmt: skip


def decide(
    episode: Episode,
    assessment: Assessment,
    *,
    indicated: str,
    actual: str,
    reasons: str,
    by: Actor,
    at: datetime,
    difference: str = Difference.NONE,
    authorised: str = "",
    authorised_because: str = "",
    variant: str = "",
) -> Decision:
    """The clinician decides. `indicated` is what the person needs, `authorised` what the payer grants (may be empty),
    `actual` what will happen; when indicated and actual differ, `difference` says why.

    Refused while somebody is in danger and nobody has dealt with it, or a safety answer is missing, unless the actual
    level is crisis or inpatient care.
    """
    access.require(by, rules.DECIDE, episode)
    indicated, actual = Level(indicated).value, Level(actual).value
    difference = Difference(difference).value if indicated != actual else Difference.NONE.value
    if assessment.episode_id != episode.pk:
        raise CannotDecide(_("This assessment belongs to another episode."))
    if not reasons.strip():
        raise CannotDecide(_("Write down why this level."), field="reasons")
    if indicated != actual and difference == Difference.NONE:
        raise CannotDecide(_("Indicated and actual level differ. Say why."), field="difference")
    authorised = Level(authorised).value if authorised else ""
    authorised_because = authorised_because.strip() if authorised and authorised != indicated else ""
    if authorised and authorised != indicated and not authorised_because and difference != Difference.PAYER:
        raise CannotDecide(_("The payer grants another level than is needed. Write what it says."), field="authorised_because")
    if variant and actual not in reads.variant_levels(variant):
        raise CannotDecide(_("This level is not given in this way."), field="variant")

    with trail.act(
        "placement.decided",
        by=by,
        at=at,
        about=episode,
        client=episode.client,
        detail={"indicated": indicated, "actual": actual},
    ):
        if actual not in reads.SAFE_PLACES:
            danger = reads.in_danger(episode.client, met_by=actual)
            if danger is not None:
                raise CannotDecide(
                    _(
                        "There is an open alarm with the urgency “now”: %(reason)s. See the person and close the "
                        "alarm first, or decide on crisis or inpatient care."
                    )
                    % {"reason": danger.reason.rstrip(".")}
                )
            if assessment.advice.get("assess_now"):
                raise CannotDecide(
                    _("Safety is not known yet: %(missing)s. Ask first, then rate again.")
                    % {"missing": ", ".join(advice.about(name) for name in assessment.advice["missing"])}
                )
        last = reads.newest(episode)
        if last is not None and last.pk != assessment.pk:
            raise CannotDecide(_("There are newer ratings. Decide on those."))
        words = {
            "indicated": indicated,
            "actual": actual,
            "authorised": authorised,
            "authorised_because": authorised_because,
            "variant": variant,
            "difference": difference,
            "reasons": reasons.strip(),
        }
        same = reads.decision(episode)
        if (
            same
            and same.by_id == by.staff_id
            and same.assessment_id == assessment.pk
            and all(getattr(same, k) == v for k, v in words.items())
        ):
            return same
        return Decision.objects.create(episode=episode, assessment=assessment, by_id=by.as_staff, at=at, **words)


def admit(
    episode: Episode,
    decision: Decision,
    *,
    track: Track,
    starts_on: date,
    primary: Staff,
    by: Actor,
    at: datetime,
    prescriber: Staff | None = None,
) -> Admission:
    """The person starts in a track on a day, with a primary therapist and, if named, a prescriber on the care team."""
    access.require(by, rules.ADMIT, episode)
    if decision.episode_id != episode.pk:
        raise CannotAdmit(_("This decision belongs to another episode."))
    if decision.actual != track.program.level:
        raise CannotAdmit(
            _("The decision is %(decided)s; this track gives %(given)s. Decide again or choose another track.")
            % {"decided": advice.level(decision.actual), "given": advice.level(track.program.level)},
            field="track",
        )
    if not track.program.admits:
        raise CannotAdmit(_("This program admits nobody here."), field="track")
    if track.program.population not in reads.populations(episode.client, starts_on):
        years = reads.age(episode.client, starts_on)
        raise CannotAdmit(
            _("%(program)s is for: %(whom)s. %(name)s is %(age)s on that day.")
            % {
                "program": track.program.name,
                "whom": track.program.get_population_display(),
                "name": episode.client.person.name_used,
                "age": years if years is not None else _("of an age nobody has written down"),
            },
            field="track",
        )
    if starts_on < day_of(decision.at, track.site):
        raise CannotAdmit(_("The first day cannot be before the decision."), field="starts_on")
    for staff, role, field in ((primary, "therapist", "primary"), (prescriber, "prescriber", "prescriber")):
        if staff is not None and not people.staff_with_role(role, starts_on).filter(pk=staff.pk).exists():
            raise CannotAdmit(
                _("%(name)s does not hold this role on the first day.") % {"name": staff.person.name_used}, field=field
            )

    unsigned = gates.missing(
        episode.client, gates.GateStep.ADMISSION, day_of(at), program=track.program, by_video=track.mode != Mode.IN_PERSON
    )
    if unsigned:
        raise CannotAdmit(gates.says(unsigned))
    with trail.act(
        "placement.admitted", by=by, at=at, about=episode, client=episode.client, detail={"track": track.code}
    ):
        before = reads.admission(episode)
        if before is not None:
            if before.track_id == track.pk and before.starts_on == starts_on:
                return before
            raise CannotAdmit(_("This person is admitted already, to %(track)s.") % {"track": before.track.name})
        last = reads.decision(episode)
        if last is not None and last.pk != decision.pk:
            raise CannotAdmit(_("There is a newer decision. Admit on that one."))
        Track.objects.select_for_update(of=("self",)).get(
            pk=track.pk
        )  # two desks cannot give away the last place twice
        if not reads.tracks_with_places().filter(pk=track.pk).exists():
            raise CannotAdmit(
                _("%(track)s is full: %(places)d of %(places)d places are taken.")
                % {"track": track.name, "places": track.places},
                field="track",
            )
        admission = Admission.objects.create(
            episode=episode, decision=decision, track=track, starts_on=starts_on, by_id=by.as_staff, at=at
        )
        episodes.join_team(episode, primary, TeamRole.PRIMARY, by=by, at=at)
        if prescriber is not None:
            episodes.join_team(episode, prescriber, TeamRole.PRESCRIBER, by=by, at=at)
    return admission


def record_outside(
    episode: Episode,
    *,
    criteria: str,
    version: str,
    reviewer: str,
    on: date,
    by: Actor,
    at: datetime,
    score: int | None = None,
    level_said: str = "",
    met: str = "",
) -> OutsideResult:
    """Keep what criteria of others gave: a score within their range, the level they name, or whether they are met. The same twice is one."""
    access.require(by, rules.RECORD_OUTSIDE, episode)
    known = reads.outside_criteria().get(criteria)
    if known is None:
        raise CannotRecord(_("Choose the criteria."), field="criteria")
    least, most = known.get("least"), known.get("most")
    if score is not None and least is None:
        raise CannotRecord(_("%(name)s gives no score here. Write the level it names, or whether it is met.") % {"name": known["label"]}, field="score")
    if score is not None and least is not None and most is not None and not least <= score <= most:
        raise CannotRecord(_("A %(name)s score lies between %(least)s and %(most)s.") % {"name": known["label"], "least": least, "most": most}, field="score")
    if score is None and not level_said.strip() and not met:
        raise CannotRecord(_("Write the score, the level it names, or whether it is met."), field="score")
    if on > day_of(at):
        raise CannotRecord(_("The day lies in the future."), field="on")
    row = OutsideResult(
        episode=episode, criteria=criteria, version=version.strip(), score=score, level_said=level_said.strip(), met=met, reviewer=reviewer.strip(), on=on,
        by_id=by.as_staff, at=at,
    )  # fmt: skip
    with trail.act("placement.outside_recorded", by=by, at=at, about=episode, client=episode.client, detail={"criteria": criteria}):
        same = OutsideResult.objects.filter(
            episode=episode, criteria=criteria, version=row.version, score=score, level_said=row.level_said, met=met, reviewer=row.reviewer, on=on
        ).first()
        if same is None:
            row.save()
    return same or row


def attach_licence(
    *, criteria: str, version: str, holder: str, where: str, by: Actor, at: datetime, number: str = "", valid_until: date | None = None
) -> CriteriaLicence:
    """The site says which criteria it is licensed for and where its own copy is. Nothing of their text is kept here."""
    access.require(by, rules.ATTACH_LICENCE)
    if criteria not in reads.outside_criteria():
        raise CannotRecord(_("Choose the criteria."), field="criteria")
    words = {"criteria": criteria, "version": version.strip(), "holder": holder.strip(), "number": number.strip(), "where": where.strip(), "valid_until": valid_until}
    row = CriteriaLicence(**words, by_id=by.as_staff, at=at)
    with trail.act("placement.licence_attached", by=by, at=at, about=row, detail={"criteria": criteria}):
        same = CriteriaLicence.objects.filter(ended_at__isnull=True, **words).first()
        if same is None:
            row.save()
    return same or row


def sign_rules(digest: str, *, by: Actor, at: datetime, note: str = "") -> RulesSignature:
    """A clinical lead signs the rules as they stand. `digest` is that of the rules that were read; refused when others hold now.

    Twice by the same person is one signature.
    """
    access.require(by, rules.SIGN_RULES)
    if digest != advice.digest():
        raise CannotSignRules(_("The rules have changed since this page was opened. Read them again, then sign."))
    row = RulesSignature(edition=advice.rules().edition, digest=digest, by_id=by.as_staff, at=at, note=note.strip())
    with trail.act("placement.rules_signed", by=by, at=at, about=row, detail={"edition": row.edition}):
        same = RulesSignature.objects.filter(digest=digest, by_id=row.by_id).first()
        if same is None:
            row.save()
    return same or row
