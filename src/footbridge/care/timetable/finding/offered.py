"""What the engine offers, as changes that can be shown, posted and made: who leaves what, joins what, and sees whom when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time

from django.core import signing
from django.utils.translation import gettext as _

from footbridge.engines.timetabling import Facts, Placement, Span, Timetable, Visit, place, place_moving
from footbridge.engines.timetabling.model import solver_missing
from footbridge.engines.timetabling.placing import needs_of
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.models import Site

from .. import facts as gathered
from .. import reads, words
from ..facts.words import KINDS, Names, clock, said
from ..models import WeeklyVisit

OFFERS = 3
SECONDS = 1.0  # the wall clock of one question; the search itself is bounded by the solver's own measure of work
SECONDS_MOVING = 3.0
SALT = "timetable.offer"
SHOWN_FOR = 3600  # seconds; after that the week may be another one


@dataclass(frozen=True)
class NewVisit:
    kind: str
    weekday: int
    start: int
    end: int
    staff: str
    room: str
    mode: str


@dataclass(frozen=True)
class Change:
    """What changes for one person. All by outside names: it travels to the browser and back, signed."""

    episode: str
    leave: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    visits: tuple[NewVisit, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.leave or self.join or self.end or self.visits)


@dataclass(frozen=True)
class Offer:
    """One offer in words, and the changes behind it."""

    changes: tuple[Change, ...]
    on: date
    complete: bool
    lines: tuple[str, ...]
    reasons: tuple[str, ...]
    lacks: tuple[str, ...]
    moved: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # (episode, name, what changes for them)
    how: str = "solver"
    token: str = field(default="", compare=False)

    @property
    def solver_was_missing(self) -> bool:
        return self.how != "solver"


def pack(episode: Episode, on: date, changes: Sequence[Change]) -> str:
    return signing.dumps({"for": str(episode.uid), "on": on.isoformat(), "changes": [asdict(one) for one in changes]}, salt=SALT, compress=True)


def unpack(token: str, episode: Episode) -> tuple[date, tuple[Change, ...]] | None:
    """The offer behind a posted word; None when it is not ours, too old, or for somebody else."""
    try:
        told = signing.loads(token, salt=SALT, max_age=SHOWN_FOR)
    except signing.BadSignature:
        return None
    if told["for"] != str(episode.uid):
        return None
    changes = tuple(
        Change(c["episode"], tuple(c["leave"]), tuple(c["join"]), tuple(c["end"]), tuple(NewVisit(**v) for v in c["visits"])) for c in told["changes"]
    )
    return date.fromisoformat(told["on"]), changes


# ------------------------------------------------------------------ asking


def facts_for(episode: Episode, on: date) -> gathered.Found | None:
    """The weekly plan of the person's site with the person in it; what stands is allowed to stand. None before there is a site."""
    site = reads.site_of(episode)
    if site is None:
        return None
    return at_site(site, on, [episode])


def at_site(site: Site, on: date, also: Iterable[Episode]) -> gathered.Found:
    found = gathered.template_facts(site, on, also=list(also))
    return replace(found, facts=gathered.allowed(found.facts, found.week))


def narrowed(found: gathered.Found, episode: Episode) -> Facts:
    """The facts where the person comes to one track only: the one they were admitted to."""
    admission = getattr(episode, "admission", None)
    if admission is None:
        return found.facts
    track = admission.track
    codes = {str(g.track.uid) for g in found.rows.groups.values() if g.track.program_id == track.program_id and g.track.code in (track.code, *track.includes)}
    code = str(episode.uid)
    clients = tuple(replace(c, tracks=frozenset(codes)) if c.code == code and codes else c for c in found.facts.clients)
    return replace(found.facts, clients=clients)


def offers(found: gathered.Found, episode: Episode, on: date, names: Names) -> list[Offer]:
    """Ranked, best first; nobody else moves. In the person's own track first; in any when their own has nothing whole."""
    code, facts = str(episode.uid), narrowed(found, episode)
    made = list(place(facts, found.week, code, offers=OFFERS, seconds=SECONDS))
    if facts is not found.facts and not any(one.complete for one in made):
        others = [one for one in place(found.facts, found.week, code, offers=1, seconds=SECONDS) if one.complete]
        made = others + made
    out: list[Offer] = []
    for one in _worth(made):
        offer = _offer(found, one, episode, on, names)
        if offer is not None and not any(offer.lines == other.lines for other in out):
            out.append(offer)
    return out[:OFFERS]


def _worth(made: Sequence[Placement]) -> list[Placement]:
    """Those worth a look: the whole ones, if there are any; else the best, and others that lack at most twice as much."""
    whole = [one for one in made if one.complete]
    if whole or not made:
        return whole
    least = min(needs_of(one) for one in made)
    return [one for one in made if needs_of(one) <= 2 * least]


def with_moves(found: gathered.Found, episode: Episode, on: date, names: Names) -> Offer | None:
    """The week with everything needed and the fewest other people moved; None when there is none, or no solver."""
    if solver_missing():
        return None
    best = place_moving(narrowed(found, episode), found.week, str(episode.uid), seconds=SECONDS_MOVING)
    return _offer(found, best, episode, on, names) if best.moved else None


def _offer(found: gathered.Found, placement: Placement, episode: Episode, on: date, names: Names) -> Offer | None:
    code = str(episode.uid)
    people = [code, *placement.moved]
    changes = tuple(change for one in people if not (change := _change(found, placement.week, one)).is_nothing)
    if not any(change.episode == code for change in changes):
        return None
    moved = tuple((one, names(one), told(found, placement.week, one, names)) for one in placement.moved)
    return Offer(
        changes, on, placement.complete, lines(found, placement.week, code, names),
        tuple(dict.fromkeys(said(r, names) for r in placement.reasons if not r.code.startswith("unmet"))),
        tuple(said(p.sentence, names) for p in placement.unmet if p.level == "needs"), moved, placement.how, pack(episode, on, changes),
    )  # fmt: skip


def _change(found: gathered.Found, week: Timetable, code: str) -> Change:
    """What one person's week becomes, against the plan as it stands."""
    before, after = found.week, week
    held = found.rows.whole(before.groups_of.get(code, ()))
    then = found.rows.whole(after.groups_of.get(code, ()))
    had = {_key(v): v for v in before.visits_of.get(code, ())}
    has = {_key(v): v for v in after.visits_of.get(code, ())}
    ended = [found.rows.visit(v) for key, v in had.items() if key not in has]
    return Change(
        code,
        leave=tuple(str(g.uid) for g in held if g not in then),
        join=tuple(str(g.uid) for g in then if g not in held),
        end=tuple(str(row.uid) for row in ended if isinstance(row, WeeklyVisit)),
        visits=tuple(
            NewVisit(v.kind, v.span.day, v.span.start, v.span.end, v.staff, v.room, v.mode) for key, v in sorted(has.items()) if key not in had
        ),
    )  # fmt: skip


def _key(visit: Visit) -> tuple[str, Span, str, str]:
    return visit.kind, visit.span, visit.staff, visit.mode


def applied(found: gathered.Found, changes: Iterable[Change]) -> Timetable | None:
    """The plan as it stands now with the changes made; None when something they speak of is gone."""
    week = found.week
    members, visits = set(week.members), list(week.visits)
    for change in changes:
        if change.episode not in found.rows.episodes:
            return None
        for uid in change.leave:
            members -= {(part, change.episode) for part in found.rows.parts.get(uid, ())}
        for uid in change.join:
            parts = found.rows.parts.get(uid, ())
            if not parts:
                return None
            members |= {(part, change.episode) for part in parts}
        gone = {str(row.uid): v for v in week.visits_of.get(change.episode, ()) if isinstance(row := found.rows.visit(v), WeeklyVisit)}
        for uid in change.end:
            if uid not in gone:
                return None
            visits.remove(gone[uid])
        visits += [Visit(change.episode, v.kind, Span(v.weekday, v.start, v.end), v.staff, v.room, v.mode) for v in change.visits]
    return Timetable.of(week.meetings, members, visits)


# ------------------------------------------------------------------ in words


def lines(found: gathered.Found, week: Timetable, code: str, names: Names) -> tuple[str, ...]:
    """A person's week, a line for each group and visit."""
    out = []
    for group in found.rows.whole(week.groups_of.get(code, ())):
        spans = sorted(m.span for part in found.rows.parts[str(group.uid)] for m in week.meetings_of.get(part, ()))
        out.append((min(spans, default=Span(7, 0, 0)), f"{group.name}: {_times(spans)}"))
    out += [(v.span, _("%(kind)s with %(name)s: %(when)s") % {"kind": _kind(v.kind), "name": names(v.staff), "when": _times([v.span])}) for v in week.visits_of.get(code, ())]
    return tuple(line for _span, line in sorted(out))


def told(found: gathered.Found, week: Timetable, code: str, names: Names) -> tuple[str, ...]:
    """What changes for somebody who moves: what goes, and what comes."""
    before, after = lines(found, found.week, code, names), lines(found, week, code, names)
    gone = [_("No longer: %(what)s") % {"what": line} for line in before if line not in after]
    return (*gone, *(_("New: %(what)s") % {"what": line} for line in after if line not in before))


def _kind(kind: str) -> str:
    said_ = str(KINDS.get(kind, kind))
    return said_[:1].upper() + said_[1:]


def _times(spans: Sequence[Span]) -> str:
    """Monday, Wednesday, 9:00 a.m. – 9:50 a.m."""
    days: dict[tuple[int, int], list[str]] = {}
    for span in spans:
        days.setdefault((span.start, span.end), []).append(str(words.WEEKDAYS[span.day]))
    return "; ".join(f"{', '.join(on)}, {clock(start)} – {clock(end)}" for (start, end), on in days.items())


def at_clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


