"""Questions about placement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.care.safety.dispositions.words import Decided
from footbridge.care.safety.models import Alarm, AlarmClosed
from footbridge.care.safety.words import AlarmKind, ClosingAction, Urgency
from footbridge.care.screening import reads as screening
from footbridge.data import parsed
from footbridge.engines.level_of_care import Payer
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.ground.program.models import Program, Track
from footbridge.ground.program.words import Level, Population

from . import advice
from .models import Admission, Assessment, CriteriaLicence, Decision, OutsideResult, RulesSignature
from .words import Variant

ADULT_FROM = 18
# Levels that may be decided on while somebody is in danger and nobody has dealt with it.
SAFE_PLACES = frozenset({Level.CRISIS, Level.INPATIENT})
# What says that somebody in danger was brought to where they are safe.
MOVED = (Decided.EMERGENCY, Decided.HOSPITAL, Decided.HIGHER_CARE)
CLOSED_WITH = (ClosingAction.HIGHER_CARE, ClosingAction.EMERGENCY)


def newest(episode: Episode) -> Assessment | None:
    return episode.placement_assessments.select_related("by__person").prefetch_related("ratings").first()


def decision(episode: Episode) -> Decision | None:
    """The decision that holds: the newest."""
    return episode.placement_decisions.select_related("by__person", "assessment").first()


def decisions(episode: Episode) -> QuerySet[Decision]:
    return episode.placement_decisions.select_related("by__person")


def admission(episode: Episode) -> Admission | None:
    return (
        Admission.objects.filter(episode=episode).select_related("track__program", "track__site", "by__person").first()
    )


def ratings(assessment: Assessment | None) -> dict[str, tuple[int, str]]:
    return {row.dimension: (row.rating, row.reason) for row in assessment.ratings.all()} if assessment else {}


def safety_facts(episode: Episode) -> dict[str, str]:
    """Fact → answer, from the screen that holds and the last suicide screen. What nobody asked is not there."""
    screen = screening.latest(episode)
    facts = {fact: answer for fact, (answer, _note) in screening.answers(screen).items()} if screen else {}
    suicide = screening.suicide_screen(episode.client)
    facts[advice.SUICIDE] = suicide.risk if suicide else "unknown"
    return facts


def in_danger(client: Client, *, met_by: str = "") -> Alarm | None:
    """An alarm with the urgency "now" that nobody has closed. Left out are those that ask for a level `met_by` gives."""
    alarms = Alarm.objects.filter(client=client, urgency=Urgency.NOW, closed__isnull=True).order_by("raised_at")
    if met_by:
        met = [code for code in advice.dangers().levels if advice.rules().rank(code) <= advice.rules().rank(met_by)]
        alarms = alarms.exclude(kind=AlarmKind.LEVEL, source_key__regex=rf":({'|'.join(met)})(:\d+)?$") if met else alarms
    return alarms.first()


def tracks_with_places(level: str | None = None, populations: Iterable[str] | None = None) -> QuerySet[Track]:
    """Tracks of programs that admit, with `taken` and `free` places; only those with a place left."""
    tracks = (
        Track.objects.filter(program__admits=True)
        .annotate(taken=Count("admissions", filter=Q(admissions__episode__ended_at__isnull=True)))
        .annotate(free=F("places") - F("taken"))
        .filter(free__gt=0)
        .select_related("program", "site")
        .order_by("name")
    )
    if populations is not None:
        tracks = tracks.filter(program__population__in=populations)
    return tracks.filter(program__level=level) if level else tracks


def given_here(level: str) -> bool:
    """Whether a program that admits people here gives this level. Where no program is loaded yet, nothing is known to be elsewhere."""
    given = set(Program.objects.filter(admits=True).values_list("level", flat=True))
    return level in given or not given


@dataclass(frozen=True, slots=True)
class AdviceShown:
    """A stored verdict in words. `level` is empty when not enough is known; `at_least` is then needed for sure. `reasons` come with their
    source."""

    level: str
    at_least: str
    assess_now: bool
    reasons: list[tuple[str, str]]
    would_change: list[str]
    missing: list[str]
    edition: str
    by_dimension: list[str]
    fit: list[str]
    open_points: list[str]


def shown(assessment: Assessment) -> AdviceShown:
    kept: dict[str, Any] = assessment.advice
    return AdviceShown(
        level=advice.level(assessment.advised_level) if assessment.advised_level else "",
        at_least=advice.level(kept["at_least"]) if kept.get("at_least") else "",
        assess_now=bool(kept.get("assess_now")),
        reasons=[advice.because(sentence) for sentence in kept["reasons"]],
        would_change=advice.say_changes(kept["would_change"]),
        missing=[advice.about(name) for name in kept["missing"]],
        edition=assessment.rules_edition,
        by_dimension=[advice.say(sentence) for sentence in kept.get("by_dimension", ())],
        fit=[advice.say(sentence) for sentence in kept.get("fit", ())],
        open_points=[advice.about(name) for name in kept.get("open_points", ())],
    )


def age(client: Client, on: date) -> int | None:
    """In full years on the day; None without a birth date."""
    born = client.person.born_on
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def population(client: Client, on: date) -> str:
    """adult, or adolescent for somebody under 18 on that day. Without a birth date: adult."""
    years = age(client, on)
    return "adolescent" if years is not None and years < ADULT_FROM else "adult"


def populations(client: Client, on: date) -> frozenset[str]:
    """Programs for whom somebody of this age may join. Minors never sit among adults; at 18 a place among adolescents is still right
    for who goes to school. Nobody without a birth date is taken for a minor."""
    years = age(client, on)
    adults = frozenset({Population.ADULT.value, Population.YOUNG_ADULT.value})
    if years is None:
        return adults
    if years < ADULT_FROM:
        return frozenset({Population.ADOLESCENT.value})
    return adults | {Population.ADOLESCENT.value} if years == ADULT_FROM else adults


def wish(assessment: Assessment | None) -> str:
    """The level the person would like, as it was told."""
    return str(assessment.facts.get("wish", "")) if assessment else ""


def dealt_with(client: Client, since: datetime) -> bool:
    """Whether somebody moved this person to safety since then: said so in a disposition, or closed an alarm with it."""
    return (
        client.dispositions.filter(at__gte=since, decided__in=MOVED).exists()
        or AlarmClosed.objects.filter(alarm__client=client, at__gte=since, action__in=CLOSED_WITH).exists()
    )


def rules_signed() -> list[RulesSignature]:
    """Who signed the rules as they stand now, newest first; empty while no clinical lead here has."""
    return list(RulesSignature.objects.filter(digest=advice.digest()).select_related("by__person"))


@dataclass(frozen=True, slots=True)
class RulesInWords:
    """The rules as a clinician reads them. `table`: dimension, then the least level for each rating 0 to 4."""

    edition: str
    source: str
    mark: str
    levels: list[tuple[str, str, str, str]]
    table: list[tuple[str, list[str]]]
    safety: list[tuple[str, list[tuple[str, str]]]]
    needs: list[tuple[str, str, str, str, str]]
    together: list[tuple[str, str, int, str, str, str]]
    limits: list[tuple[str, str, str]]
    alarms: list[tuple[str, str]]


def rules_in_words() -> RulesInWords:
    held = advice.rules()
    return RulesInWords(
        edition=held.edition,
        source=held.source,
        mark=held.mark,
        levels=[
            (advice.level(code), advice.hours_said(code), held.hours[code, "adult"].source, held.hours[code, "adult"].mark)
            for code in held.levels
        ],
        table=[(advice.about(name), [advice.level(code) for code in row]) for name, row in held.dimensions.items()],
        safety=[
            (advice.about(name), [(advice.answer(name, answer), advice.level(code)) for answer, code in row.items()])
            for name, row in held.safety.items()
        ],
        needs=[
            (advice.about(need.fact), advice.answer(need.fact, answer), advice.level(code), need.source, need.mark)
            for need in held.needs
            for answer, code in need.answers.items()
        ],
        together=[
            (advice.about(one.fact), advice.about(one.dimension), one.from_rating, advice.level(one.at_least), one.source, one.mark)
            for one in held.together
        ],
        limits=[
            (advice.about(one.fact), ", ".join(sorted(advice.answer(one.fact, a) for a in one.answers)), advice.difference(one.difference))
            for one in held.limits
        ],
        alarms=[
            *((f"{advice.about(fact)}: {advice.answer(fact, answer)}", str(Urgency(urgency).label)) for (fact, answer), urgency in advice.dangers().answers.items()),
            *((advice.level(code), str(Urgency(urgency).label)) for code, urgency in advice.dangers().levels.items()),
        ],
    )


def payers_in_words() -> list[Payer]:
    """What each payer asks before it pays, as its file says it."""
    return list(advice.payers().values())


def outside_criteria() -> dict[str, dict[str, Any]]:
    """Criteria of others whose result may be recorded, with the range of their score where one is published: data/continuum.yaml."""
    return {entry["code"]: entry for entry in parsed("continuum")["outside"]}


def outside_results(episode: Episode) -> list[tuple[str, OutsideResult]]:
    names = outside_criteria()
    return [(names.get(row.criteria, {}).get("label", row.criteria), row) for row in episode.outside_results.select_related("by__person")]


def licences() -> list[tuple[str, CriteriaLicence]]:
    names = outside_criteria()
    rows = CriteriaLicence.objects.filter(ended_at__isnull=True).select_related("by__person")
    return [(names.get(row.criteria, {}).get("label", row.criteria), row) for row in rows]


def variant_levels(code: str) -> list[str]:
    """The levels that are given in this way."""
    return next((list(one["levels"]) for one in parsed("continuum")["variants"] if one["code"] == code), [])


def variants_in_words() -> list[tuple[str, str, str, str]]:
    """(variant, its levels, source, mark), as the page of the rules says them."""
    return [
        (str(Variant(one["code"]).label), ", ".join(advice.level(code) for code in one["levels"]), one["source"], one["mark"])
        for one in parsed("continuum")["variants"]
    ]


def dimension_name(name: str, criteria: str) -> str:
    """Our name of a dimension, with the edition's own beside it."""
    theirs = parsed("continuum")["editions"].get(criteria, {}).get("names", {}).get(name, "")
    return f"{advice.about(name)} · {theirs}" if theirs else advice.about(name)


def costs_in_words() -> dict[str, str]:
    """What a level costs in general, with mark and source; empty where nothing is published."""
    found = {}
    for entry in parsed("levels")["levels"]:
        cost = entry["cost"]
        per = {"session": _("a session"), "day": _("a day")}
        found[advice.level(entry["code"])] = (
            f"${cost['low']:,}–{cost['high']:,} {per.get(cost['per'], cost['per'])}. {cost['source']}, {cost['on']} ({cost['mark']})" if cost else ""
        )
    return found
