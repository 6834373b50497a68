"""What the engine knows of the people: hours, needs, conditions, whom they must not meet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from footbridge.care.inquiry.models import Inquiry, Waiting
from footbridge.care.placement.models import Admission
from footbridge.care.plan.models import Plan
from footbridge.care.screening.models import Screen
from footbridge.engines.hours import Convention, HoursRule, minutes_per_hour
from footbridge.engines.timetabling import Client, Need, Span, Timetable
from footbridge.engines.timetabling import Group as EngineGroup
from footbridge.ground.episodes.models import CareTeamMember, Episode, TeamRole
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Group, Program, Track
from footbridge.ground.program.words import Mode

from .. import reads
from ..models import Pairing
from ..words import PairKind
from .standing import Standing, kind_of, span

ALWAYS = tuple(Span(day, 0, 24 * 60) for day in range(7))
INDIVIDUAL_MINUTES = 50
# Of sixty minutes by the clock so many lie inside services, when short breaks count as care.
INSIDE = {Convention.CLOCK: 5 / 6}
URGENCY = {"crisis": 3, "urgent": 2, "priority": 1}
VISITS = ("individual", "family", "medication")


def clients(
    standing: Standing,
    week: Timetable,
    groups: Sequence[EngineGroup],
    site_tracks: Sequence[Track],
    template: Sequence[Group],
    parts: Mapping[str, Sequence[str]],
    heard: Mapping[str, Iterable[tuple[str, int]]],
    dated: bool = False,
) -> tuple[Client, ...]:
    """The people of `standing`. In a dated week they need what they have: nothing is added to it by the way. `template` are all groups of the site, from which those who have no place yet need what their track has."""
    episodes = standing.episodes
    on = standing.on
    screens = _newest_screens(episodes)
    plans = _newest_plans(episodes)
    primary = _primary(episodes)
    admitted = {str(a.episode.uid): a for a in Admission.objects.filter(episode__in=_pks(episodes)).select_related("track__program", "episode")}
    asked_on, wished = _inquiries(episodes)
    conditions = {g.condition for g in groups if g.condition}
    by_code = {g.code: g for g in groups}
    kinds = {t.pk: _kinds(t, template, parts) for t in site_tracks}
    rules: dict[int, HoursRule | None] = {}
    programs = {str(t.uid): t.program for t in site_tracks}
    out = []
    for code, episode in episodes.items():
        screen, plan = screens.get(episode.pk), plans.get(episode.pk)
        uses = screen is not None and any(f.fact == "substance_use" and f.answer == "yes" for f in screen.facts.all())
        has = reads.conditions_of([p.icd10 for p in plan.problems.all()] if plan else (), uses)
        mine = [by_code[g] for g in week.groups_of.get(code, ())]
        admission = admitted.get(code)
        inquiry = None if mine else asked_on.get(episode.pk)
        track = admission.track if admission else wished.get(episode.pk)
        tracks = {g.track for g in mine} | ({str(track.uid)} if track else set())
        here = programs.get(next(iter(sorted(tracks)), "")) or (site_tracks[0].program if site_tracks else None)
        rule = _rule(here, on, rules)
        visits = week.visits_of.get(code, ())
        standing_visits = Counter((v.kind, v.span.minutes) for v in visits)
        usual = kinds.get(track.pk if track else 0) or next(iter(kinds.values()), Counter())
        needs = _standing_needs(mine, standing_visits) if dated else _needs(mine, standing_visits, usual, plan)
        language = str(episode.client.person.language)
        out.append(
            Client(
                code, str(standing.site.uid), _free(screen), needs,
                conditions=tuple(sorted(c for c in conditions if reads.condition_fits(c, has))), modes=_modes(screen),
                languages=tuple(dict.fromkeys((language, "en"))), primary=primary.get(episode.pk, ""),
                groups=frozenset(g.code for g in mine), heard=frozenset(heard.get(code, ())),
                urgency=URGENCY.get(inquiry.triage, 0) if inquiry else 0,
                waiting_days=max(0, (on - inquiry.received_at.date()).days) if inquiry else 0, **_asked(rule),
            )
        )  # fmt: skip
    return tuple(out)


def pairs(episodes: Mapping[str, Episode]) -> tuple[frozenset[frozenset[str]], frozenset[frozenset[str]]]:
    """Who must not meet, and who support each other."""
    by_client = {e.client_id: code for code, e in episodes.items()}
    found: dict[str, set[frozenset[str]]] = defaultdict(set)
    for kind, one, other in Pairing.objects.filter(ended_at__isnull=True, one__in=by_client, other__in=by_client).values_list(
        "kind", "one_id", "other_id"
    ):
        found[kind].add(frozenset({by_client[one], by_client[other]}))
    return frozenset(found[PairKind.APART]), frozenset(found[PairKind.TOGETHER])


def _pks(episodes: Mapping[str, Episode]) -> list[int]:
    return [e.pk for e in episodes.values()]


def _newest_screens(episodes: Mapping[str, Episode]) -> dict[int, Screen]:
    found = Screen.objects.filter(episode__in=_pks(episodes)).order_by("episode", "-at", "-id").distinct("episode")
    return {s.episode_id: s for s in found.prefetch_related("facts", "free_hours")}


def _newest_plans(episodes: Mapping[str, Episode]) -> dict[int, Plan]:
    found = Plan.objects.filter(episode__in=_pks(episodes)).order_by("episode", "-version").distinct("episode")
    return {p.episode_id: p for p in found.prefetch_related("problems__goals__objectives__interventions")}


def _primary(episodes: Mapping[str, Episode]) -> dict[int, str]:
    team = CareTeamMember.objects.filter(episode__in=_pks(episodes), role=TeamRole.PRIMARY, left_at__isnull=True)
    return {episode: str(uid) for episode, uid in team.values_list("episode_id", "staff__uid")}


def _inquiries(episodes: Mapping[str, Episode]) -> tuple[dict[int, Inquiry], dict[int, Track]]:
    """Since when they ask, and the track they waited for."""
    inquiries = {i.episode_id or 0: i for i in Inquiry.objects.filter(episode__in=_pks(episodes))}
    waited = Waiting.objects.filter(inquiry__in=[i.pk for i in inquiries.values()], track__isnull=False)
    wished = {w.inquiry.episode_id or 0: w.track for w in waited.select_related("inquiry", "track").order_by("since")}
    return inquiries, {episode: track for episode, track in wished.items() if track is not None}


def _free(screen: Screen | None) -> tuple[Span, ...]:
    """The hours they said; always, when nobody asked."""
    said = tuple(sorted(span(h.weekday, h.starts, h.ends) for h in screen.free_hours.all())) if screen else ()
    return said or ALWAYS


def _modes(screen: Screen | None) -> frozenset[str]:
    wished = screen.prefers_mode if screen else ""
    return frozenset({wished}) if wished in (Mode.IN_PERSON, Mode.VIDEO) else frozenset({Mode.IN_PERSON.value, Mode.VIDEO.value})


def _kinds(track: Track, template: Sequence[Group], parts: Mapping[str, Sequence[str]]) -> Counter[str]:
    """How many groups of each kind one person of the track attends, in parts as the engine counts them."""
    codes = [track.code, *track.includes]
    chosen: set[str] = set()
    out: Counter[str] = Counter()
    for group in template:
        if group.track.program_id != track.program_id or group.track.code not in codes or not group.required:
            continue
        if group.choose_one and group.choose_one in chosen:
            continue
        chosen.add(group.choose_one)
        out[kind_of(group)] += len(parts.get(str(group.uid), ()))
    return out


def _standing_needs(mine: Sequence[EngineGroup], visits: Counter[tuple[str, int]]) -> tuple[Need, ...]:
    """What they have."""
    groups = Counter(g.kind for g in mine)
    return (
        *(Need(kind, count) for kind, count in sorted(groups.items())),
        *(Need(kind, count, minutes) for (kind, minutes), count in sorted(visits.items())),
    )


def _needs(mine: Sequence[EngineGroup], visits: Counter[tuple[str, int]], track: Mapping[str, int], plan: Plan | None) -> tuple[Need, ...]:
    """What they have, or, with no place yet, what their track has; an individual hour at least, and what the plan asks for."""
    counts = Counter(g.kind for g in mine) if mine else Counter(track)
    out = [Need(kind, count) for kind, count in sorted(counts.items())]
    asked = dict(visits)
    for kind, minutes, times in _planned(plan):
        if not any(k == kind for k, _m in asked):
            asked[kind, minutes] = times
    if not any(kind == "individual" for kind, _m in asked):
        asked["individual", INDIVIDUAL_MINUTES] = 1
    return (*out, *(Need(kind, count, minutes) for (kind, minutes), count in sorted(asked.items())))


def _planned(plan: Plan | None) -> list[tuple[str, int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for problem in plan.problems.all() if plan else ():
        for goal in problem.goals.all():
            for objective in goal.objectives.all():
                for step in objective.interventions.all():
                    if step.kind in VISITS and step.times_a_week:
                        minutes, times = found.get(step.kind, (step.amount_minutes, 0))
                        found[step.kind] = (minutes, max(times, step.times_a_week))
    return [(kind, minutes, times) for kind, (minutes, times) in sorted(found.items())]


def _rule(here: Program | None, on: date, known: dict[int, HoursRule | None]) -> HoursRule | None:
    if here is None:
        return None
    if here.pk not in known:
        known[here.pk] = program.rule_of(here, on)
    return known[here.pk]


def _asked(rule: HoursRule | None) -> dict[str, Any]:
    """What the payer's rule asks of a week, in minutes inside services."""
    if rule is None:
        return {}
    an_hour = minutes_per_hour(rule.convention) * INSIDE.get(rule.convention, 1)
    return {
        "minutes_a_week": round((rule.week_min_hours or 0) * an_hour), "days_a_week": rule.min_days or 0,
        "day_min_minutes": round((rule.day_min_hours or 0) * an_hour), "max_days_off": rule.max_days_off,
    }  # fmt: skip
