"""The engine's word on a draft: a week as the engine reads it, its independent check, its prices, building, and the way back.

The facts come from `timetable.facts`; a draft is laid over them as what differs, so that whatever the engine cannot say of the
standing week stays as it is.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from footbridge.engines import timetabling
from footbridge.engines.timetabling import Answer, Breach, Facts, Need, Progress, Span, Timetable
from footbridge.engines.timetabling import Group as EngineGroup
from footbridge.engines.timetabling import Meeting as EngineMeeting
from footbridge.engines.timetabling import Visit as EngineVisit
from footbridge.engines.timetabling.price import by_level
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Group, Meeting, Room, Track
from footbridge.kit.access import SYSTEM, Actor
from footbridge.kit.work import runs

from .. import facts as timetable_facts
from ..facts.standing import own, span
from ..facts.words import Names, said
from . import goals
from .models import WeekBuild, WeekDraft
from .plan import Diff, Meets, Sees, Week, differ, drafted, overlap, standing
from .words import LEVELS

# Hard for the engine, which never bends them; whoever drafts by hand may, once the people concerned agreed.
AGREED = frozenset(
    {
        "client_hours", "other_mode", "mixed_modes", "other_condition", "other_language", "other_track", "too_few", "not_held", "pattern",
        "too_many_groups", "visit_not_asked", "visit_length", "visit_twice_a_day", "bundle_days",
    }
)  # fmt: skip
# Said by the board's own checks already, with names of hours and rooms.
SAID = frozenset({"twice_at_once", "too_many", "room_too_small", "client_hours", "other_mode", "mixed_modes", "too_few", "not_held", "pattern", "no_room", "closed_day"})  # fmt: skip


class Stale(Exception):
    """The answer names somebody or something that is not there any more."""


@dataclass(frozen=True)
class Read:
    """A site's week as the engine reads it, with a draft laid over it. `odd` are groups whose draft it cannot say."""

    facts: Facts
    week: Timetable
    found: timetable_facts.Found
    odd: frozenset[str] = frozenset()


def reading(draft: WeekDraft, diff: Diff, *, open_times: bool = False, beside: Iterable[Meets] = ()) -> tuple[Read, Read]:
    """The standing week and the draft's, both under facts that know either. `beside` are hours of another draft of it that may be new."""
    new = {m.meeting: m for m in [*beside, *(now for _was, now in diff.meetings)] if m.adds}
    also = Episode.objects.select_related("client__person").filter(pk__in={e for e, _g in diff.joined} | {v.episode for _a, v in diff.visits if v})
    found = timetable_facts.template_facts(draft.site, draft.holds_from, also=also, open_times=open_times, unled=True, plus=_rows(new.values()))
    said_by = goals.of(draft.program, draft.holds_from)
    facts = replace(found.facts, order=said_by.order, weights=dict(said_by.weights))
    base = Read(_not_yet(facts, found, set(new)), found.week, found)
    return base, _laid_over(base, diff)


def _rows(new: Iterable[Meets]) -> list[Meeting]:
    """Hours that a draft adds, as rows that nobody leads yet; not stored."""
    hours = list(new)
    rooms = Room.objects.in_bulk([m.room for m in hours if m.room is not None])
    return [
        Meeting(pk=m.meeting, group_id=m.group, weekday=m.weekday, starts=m.starts, ends=m.ends, mode=m.mode, room=rooms.get(m.room or 0))
        for m in hours
    ]


def _not_yet(facts: Facts, found: timetable_facts.Found, new: set[int]) -> Facts:
    """In the week that holds, a group meets without the hours that a draft adds."""
    added = Counter(code for (code, _n), row in found.rows.hours.items() if row.pk in new)
    groups = []
    for group in facts.groups:
        # New hours are the last of a group; one that has no others stays as it is, and is not held.
        patterns = tuple(dict.fromkeys(p[: len(p) - added[group.code]] for p in group.patterns))
        groups.append(replace(group, patterns=patterns) if added[group.code] and all(any(p) for p in patterns) else group)
    return replace(facts, groups=tuple(groups))


def _laid_over(base: Read, diff: Diff) -> Read:
    found, facts, week = base.found, base.facts, base.week
    where = {row.pk: key for key, row in found.rows.hours.items()}
    staff, rooms = _codes(Staff, diff, "staff"), _codes(Room, diff, "room")
    meetings = {(m.group, m.number): m for m in week.meetings}
    odd: set[str] = set()
    for _was, now in diff.meetings:
        key = where.get(now.meeting)
        if key is None:
            continue
        meetings.pop(key, None)
        if now.held and now.leader is not None:
            meetings[key] = EngineMeeting(*key, span(now.weekday, now.starts, now.ends), staff.get(now.leader, ""), rooms.get(now.room or 0, ""))
    groups = []
    sizes = Counter(code for code, _n in where.values())
    changed = {where[now.meeting][0] for _was, now in diff.meetings if now.meeting in where}
    modes = {where[now.meeting]: now.mode for _was, now in diff.meetings if now.meeting in where}
    kinds = {str(r.uid): r.kind for r in Room.objects.filter(site=found.rows.site)}
    for group in facts.groups:
        if group.code not in changed:
            groups.append(group)
            continue
        as_drafted, one_way = _as_drafted(group, meetings, modes, kinds, sizes[group.code])
        groups.append(as_drafted)
        if not one_way:
            odd.add(group.code)
    whole = Timetable.of(meetings.values(), _members(base, diff), _visits(base, diff, staff, rooms))
    # Who drafts a group or a visit for somebody says with it that they need it.
    people = {e.pk: code for code, e in found.rows.episodes.items()}
    asked = {people.get(e) for e, _g in diff.joined} | {people.get(v.episode) for _was, v in diff.visits if v is not None}
    by_code = {g.code: g.kind for g in groups}
    clients = tuple(replace(c, needs=_needs(c.needs, by_code, whole, c.code)) if c.code in asked else c for c in facts.clients)
    return Read(replace(facts, groups=tuple(groups), clients=clients), whole, found, frozenset(odd))


def _needs(needs: Sequence[Need], kinds: Mapping[str, str], week: Timetable, client: str) -> tuple[Need, ...]:
    """At least what they have in this week."""
    has = Counter((kinds[g], 0) for g in week.groups_of.get(client, ()) if g in kinds)
    has += Counter((v.kind, v.span.minutes) for v in week.visits_of.get(client, ()))
    out = []
    for need in needs:
        here = has.pop((need.kind, 0), 0) + has.pop((need.kind, need.minutes), 0)
        out.append(replace(need, most=max(need.limit, here)) if here > need.limit else need)
    return (*out, *(Need(kind, count, minutes or 50) for (kind, minutes), count in sorted(has.items())))


def _codes(kind: Any, diff: Diff, what: str) -> dict[int, str]:
    ids = diff.staff() if what == "staff" else diff.rooms()
    return {pk: str(uid) for pk, uid in kind.objects.filter(pk__in=ids).values_list("pk", "uid")}


def _as_drafted(
    group: EngineGroup, meetings: Mapping[tuple[str, int], EngineMeeting], modes: Mapping[tuple[str, int], str], kinds: Mapping[str, str], size: int
) -> tuple[EngineGroup, bool]:
    """The group with the draft's times among its patterns, and its way of meeting; False when its hours are not of one way any more."""
    held = [meetings.get((group.code, n)) for n in range(size)]
    pattern = tuple(m.span if m is not None else None for m in held)
    patterns = group.patterns if pattern in group.patterns or not any(pattern) else (pattern, *group.patterns)
    ways = {modes.get((group.code, n), group.mode) for n in range(size) if held[n] is not None}
    rooms = {kinds.get(m.room, "") for m in held if m is not None}
    one_way = len(ways - {"hybrid"}) < 2 and len(rooms) < 2
    mode = next(iter(ways - {"hybrid"}), group.mode) if one_way else group.mode
    return replace(group, patterns=patterns, mode=mode, room=next(iter(rooms), group.room) if one_way else group.room), one_way


def _members(base: Read, diff: Diff) -> set[tuple[str, str]]:
    groups = {pk: str(uid) for pk, uid in Group.objects.filter(pk__in={g for _e, g in diff.joined | diff.left}).values_list("pk", "uid")}
    people = {e.pk: code for code, e in base.found.rows.episodes.items()}
    found = set(base.week.members)
    for pairs, put in ((diff.left, False), (diff.joined, True)):
        for episode, group in pairs:
            for code in base.found.rows.parts.get(groups.get(group, ""), ()):
                pair = (code, people.get(episode, ""))
                if pair[1]:
                    (found.add if put else found.discard)(pair)
    return found


def _visits(base: Read, diff: Diff, staff: Mapping[int, str], rooms: Mapping[int, str]) -> set[EngineVisit]:
    known = {row.pk: key for key, row in base.found.rows.visits.items()}
    people = {e.pk: code for code, e in base.found.rows.episodes.items()}
    found = set(base.week.visits)
    by_key = {timetable_facts.rows.key(v): v for v in found}
    own_rooms = {r.code for r in base.facts.rooms}
    for was, now in diff.visits:
        if was is not None and was.visit in known:
            found.discard(by_key[known[was.visit]])
        if now is not None and now.episode in people:
            mode = "video" if now.mode == "video" else "in_person"
            room = rooms.get(now.room or 0, "")
            if not room:
                office = own(Staff(uid=staff.get(now.staff, "")), "video" if mode == "video" else "office")
                room = office if office in own_rooms else ""
            found.add(EngineVisit(people[now.episode], now.kind, span(now.weekday, now.starts, now.ends), staff.get(now.staff, ""), room, mode))
    return found


# ------------------------------------------------------------------ its word


@dataclass(frozen=True)
class Price:
    level: str
    before: int
    after: int


@dataclass(frozen=True)
class Word:
    """What the engine says of a change: rules that forbid it, rules that bend when people agree, and the prices by level."""

    hard: list[str] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)


def word(draft: WeekDraft, before: Week, after: Week, actor: Actor = SYSTEM) -> Word:
    """The engine's word on what `after` brings about. `before` is the standing week or the draft as it is."""
    base = standing(draft.program, draft.site, draft.holds_from)
    first, _same = reading(draft, differ(base, after), beside=before.meetings.values())
    was, now = _laid_over(first, differ(base, before)), _laid_over(first, differ(base, after))
    names = Names.of(actor, first.found.rows)
    new = _new(was, now)
    pairs = list(
        zip(was.facts.order, by_level(was.facts, timetabling.prices(was.facts, was.week)), by_level(now.facts, timetabling.prices(now.facts, now.week)), strict=True)
    )  # fmt: skip
    return Word(
        list(dict.fromkeys(said(b.sentence, names) for b in new if b.rule not in AGREED and b.rule not in SAID)),
        list(dict.fromkeys(said(b.sentence, names) for b in new if b.rule in AGREED)),
        [Price(str(LEVELS[level]), a, b) for level, a, b in pairs if level != "disturbance"],
    )


def breaches(draft: WeekDraft, before: Week, after: Week, *, agreed: bool = False) -> list[str]:
    """Hard rules that the independent checker finds broken by `after` and not by `before`, in words. `agreed` lets those go that bend
    when people agree."""
    first, now = reading(draft, differ(before, after))
    names = Names.of(SYSTEM, first.found.rows)
    return list(dict.fromkeys(said(b.sentence, names) for b in _new(first, now) if not (agreed and b.rule in AGREED)))


def _new(was: Read, now: Read) -> list[Breach]:
    old = Counter(_key(b) for b in timetabling.check(was.facts, was.week))
    out = []
    for breach in timetabling.check(now.facts, now.week):
        key = _key(breach)
        if old[key]:
            old[key] -= 1
        elif breach.about not in now.odd and breach.sentence.params.get("group") not in now.odd:
            out.append(breach)
    return out


def _key(breach: Breach) -> tuple[object, ...]:
    """The same rule about the same: how much it is broken by does not make it another."""
    given = {k: v for k, v in breach.sentence.params.items() if k in ("group", "at", "one", "other", "kind", "weekday", "curriculum", "client", "staff")}
    return (breach.rule, breach.about, *sorted((k, str(v)) for k, v in given.items()))


# ------------------------------------------------------------------ building


def run_build(build: WeekBuild) -> None:
    """The job: a first week at once, then a better one while it runs, until it is stopped or the time is over."""
    with runs.running(build.run) as run:
        facts, start = asked(build)
        first = timetabling.solve(facts, seconds=0.0, seed=build.seed, start=start, workers=1)
        run.tell(2, said=_standing_at(first), result=write(first.week))
        if run.stop_asked():
            return

        def progress(now: Progress) -> None:
            told = {"order": list(facts.order), "prices": list(now.prices), "bounds": list(now.bounds), "rounds": now.rounds, "how": "solver"}
            run.tell(min(99, 2 + int(97 * now.seconds / build.seconds)), said=told)

        spare = max(1, (os.cpu_count() or 1) - 1)  # one core stays with the pages
        best = timetabling.solve(
            facts, seconds=float(build.seconds), seed=build.seed, start=first.week, progress=progress, stop=run.stop_asked, workers=min(spare, 4)
        )
        run.tell(100, said=_standing_at(best), result=write(best.week))


def asked(build: WeekBuild) -> tuple[Facts, Timetable | None]:
    """The facts of a build, and the week it starts from, when that one is allowed. What is not to be built is kept as it is; so is what
    already stands against the rules, by the narrowest exception."""
    draft = build.draft
    base = standing(draft.program, draft.site, draft.holds_from)
    _first, now = reading(draft, differ(base, drafted(draft, base)), open_times=build.open_times)
    facts = timetable_facts.allowed(now.facts, now.week)
    tracks = {str(uid) for uid in Track.objects.filter(program=draft.program, site=draft.site, **({"code__in": build.tracks} if build.tracks else {})).values_list("uid", flat=True)}
    has_rooms = any(r.kind == "group" for r in facts.rooms)
    groups = tuple(replace(g, room="group") if has_rooms and g.track in tracks and g.mode == "in_person" and not g.room else g for g in facts.groups)
    facts = replace(facts, groups=groups)
    inside = {g.code for g in facts.groups if g.track in tracks}
    people = {c.code for c in facts.clients if c.tracks & tracks or any(g in inside for g in now.week.groups_of.get(c.code, ()))} | {
        c.code for c in facts.clients if not c.tracks and not now.week.groups_of.get(c.code)
    }
    kept = Timetable.of(
        [m for m in now.week.meetings if m.group not in inside],
        [(g, c) for g, c in now.week.members if g not in inside],
        [v for v in now.week.visits if v.client not in people],
    )
    # Who must not meet is never taken as agreed, except where the part that is not built holds them together.
    together = {pair for pair in now.facts.apart if any(len(pair & set(people)) > 1 for people in kept.members_of.values())}
    facts = replace(facts, kept=kept, apart=now.facts.apart - together)
    return facts, None if timetabling.check(facts, now.week) else now.week


def _standing_at(answer: Answer) -> dict[str, Any]:
    return {
        "order": list(answer.order), "prices": list(answer.prices), "bounds": list(answer.bounds), "rounds": answer.rounds, "how": answer.how,
        "why": answer.why_greedy, "proven": answer.proven, "gap": round(answer.gap, 3), "unmet": len(answer.unmet),
    }  # fmt: skip


def write(week: Timetable) -> dict[str, Any]:
    """A week as plain values, codes only."""
    return {
        "meetings": [[m.group, m.number, m.span.day, m.span.start, m.span.end, m.leader, m.room] for m in week.meetings],
        "members": [list(pair) for pair in week.members],
        "visits": [[v.client, v.kind, v.span.day, v.span.start, v.span.end, v.staff, v.room, v.mode] for v in week.visits],
    }


def timetable_of(result: Mapping[str, Any]) -> Timetable:
    return Timetable.of(
        [EngineMeeting(g, n, Span(d, s, e), leader, room) for g, n, d, s, e, leader, room in result["meetings"]],
        [(g, c) for g, c in result["members"]],
        [EngineVisit(c, kind, Span(d, s, e), staff, room, mode) for c, kind, d, s, e, staff, room, mode in result["visits"]],
    )


def read(draft: WeekDraft, result: Mapping[str, Any], before: Week) -> Week:
    """What the engine found, as a week of rows: `before` with what differs from the engine's reading of it."""
    base = standing(draft.program, draft.site, draft.holds_from)
    _first, now = reading(draft, differ(base, before))
    found, week = now.found, timetable_of(result)
    staff = {str(s.uid): s.pk for s in found.rows.staff.values()}
    rooms = {str(r.uid): r.pk for r in found.rows.rooms.values()}
    meetings = _meetings_back(week, found, before, staff, rooms)
    places = _places_back(week, now, before)
    visits = _visits_back(week, now, before, staff, rooms)
    return Week(meetings, places, visits)


def _meetings_back(
    week: Timetable, found: timetable_facts.Found, before: Week, staff: Mapping[str, int], rooms: Mapping[str, int]
) -> dict[int, Meets]:
    held = {(m.group, m.number): m for m in week.meetings}
    out = dict(before.meetings)
    if any(key not in found.rows.hours for key in held) or any(m.leader not in staff for m in week.meetings):
        raise Stale
    for key, row in found.rows.hours.items():
        meets = before.meetings.get(row.pk)
        if meets is None:
            continue
        m = held.get(key)
        if m is None:
            # Nobody led it and nobody was found: it stands as it was, and is not held either way.
            if meets.leader is not None or key[0] in week.meetings_of:
                out[row.pk] = replace(meets, held=False)
            continue
        out[row.pk] = replace(
            meets, weekday=m.span.day, starts=_time(m.span.start), ends=_time(m.span.end), leader=staff[m.leader],
            room=rooms.get(m.room, meets.room), held=True,
        )  # fmt: skip
    # A call without a room of the site stays in the room it had, where that one is free.
    kept = {row.pk for key, row in found.rows.hours.items() if (m := held.get(key)) is not None and m.room not in rooms}
    for pk in kept & set(out):
        mine = out[pk]
        if any(mine.room is not None and other.room == mine.room and other.held and overlap(mine, other) for k, other in out.items() if k != pk):
            out[pk] = replace(mine, room=None)
    return out


def _places_back(week: Timetable, now: Read, before: Week) -> frozenset[tuple[int, int]]:
    """A group is joined with all its parts or not at all; what the engine was not told stays."""
    found = now.found
    rows = {str(g.uid): g for g in found.rows.groups.values()}
    out = set(before.places)
    for code, episode in found.rows.episodes.items():
        was, has = set(now.week.groups_of.get(code, ())), set(week.groups_of.get(code, ()))
        for uid, parts in found.rows.parts.items():
            group = rows.get(uid)
            if group is None or not (was ^ has) & set(parts):
                continue
            (out.add if has & set(parts) else out.discard)((episode.pk, group.pk))
    return frozenset(out)


def _visits_back(week: Timetable, now: Read, before: Week, staff: Mapping[str, int], rooms: Mapping[str, int]) -> dict[Any, Sees]:
    """Visits that are the same stay themselves; of those that differ, one of a person and kind becomes another, so that it is a move."""
    out = dict(before.visits)
    people = {code: e.pk for code, e in now.found.rows.episodes.items()}
    ours = _engine_visits(now, before)
    gone = [v for v in now.week.visits if v not in set(week.visits)]
    new = [v for v in week.visits if v not in set(now.week.visits)]
    for v in new:
        if v.client not in people or v.staff not in staff:
            raise Stale
        was = next((g for g in gone if (g.client, g.kind) == (v.client, v.kind)), None)
        known = ours.get(was) if was is not None else None
        if was is not None:
            gone.remove(was)
        fields: dict[str, Any] = {
            "episode": people[v.client], "kind": v.kind, "staff": staff[v.staff], "room": rooms.get(v.room), "mode": v.mode, "weekday": v.span.day,
            "starts": _time(v.span.start), "ends": _time(v.span.end),
        }  # fmt: skip
        sees = replace(known, **fields) if known is not None else Sees(key=uuid4(), visit=None, **fields)
        out[sees.key] = sees
    for v in gone:
        known = ours.get(v)
        if known is not None:
            out.pop(known.key, None)
    return out


def _engine_visits(now: Read, before: Week) -> dict[EngineVisit, Sees]:
    """The draft's visits by the engine's."""
    people = {code: e.pk for code, e in now.found.rows.episodes.items()}
    staff = {code: s.pk for code, s in now.found.rows.staff.items()}
    by_what = {(s.episode, s.kind, s.weekday, s.starts, s.staff): s for s in before.visits.values()}
    found = {v: by_what.get((people.get(v.client, 0), v.kind, v.span.day, _time(v.span.start), staff.get(v.staff, 0))) for v in now.week.visits}
    return {v: s for v, s in found.items() if s is not None}


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


# ------------------------------------------------------------------ what a page shows of a build


@dataclass(frozen=True)
class Line:
    level: str
    price: int
    bound: int


@dataclass(frozen=True)
class State:
    """How far a build is, what its week costs, and what may be done with it."""

    percent: int
    running: bool
    waiting: bool
    stopping: bool
    has_week: bool
    taken: bool
    stale: bool
    trouble: str
    lines: Sequence[Line]
    how: str
    proven: bool


def state(draft: WeekDraft, build: WeekBuild) -> State:
    run = runs.look(build.run)
    newest = draft.steps.order_by("-number").values_list("number", flat=True).first() or 0
    stale = build.step_id is None and (newest != build.after_step or draft.steps.filter(undone_at__gt=build.at).exists())
    if run is None:
        return State(0, False, False, False, False, build.step_id is not None, stale, "", (), "", False)
    told = run.said or {}
    lines = [Line(str(LEVELS[x]), p, b) for x, p, b in zip(told.get("order", ()), told.get("prices", ()), told.get("bounds", ()), strict=False) if x != "disturbance"]
    how = ""
    if told.get("how") == "greedy" and run.ended_at is not None:
        how = _("By the simple method, without the solver: %(why)s.") % {"why": _why(str(told.get("why", "")))}
    return State(
        run.percent, run.ended_at is None and run.began_at is not None, run.ended_at is None and run.began_at is None,
        run.stop_asked_at is not None and run.ended_at is None, run.result is not None, build.step_id is not None, stale, run.trouble, lines, how,
        bool(told.get("proven")),
    )  # fmt: skip


def _why(reason: str) -> str:
    return _("there was no time to search") if "time" in reason else _("it is not installed here")

