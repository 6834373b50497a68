"""A way of mending as a page shows it: what changes, who is told, and what each person would lose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.engines import hours
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Room, Site
from footbridge.kit.access import Actor

from .. import reads, words
from ..models import Booking, Session
from ..proposals import Change, Plan, Way
from ..words import How

NAMED = 8  # people named in a list; the others are counted


@dataclass(frozen=True)
class Loss:
    """What one person would have less. `below`: less than the payer's minimum."""

    who: str
    said: str
    below: bool


@dataclass(frozen=True)
class Shown:
    """One way, ready for a page."""

    plan: Plan
    title: str
    steps: tuple[str, ...]
    people: int
    names: str
    staff: str
    losses: tuple[Loss, ...]
    greedy: bool
    cover: Any

    @property
    def below(self) -> int:
        return sum(loss.below for loss in self.losses)


class Reader:
    """Reads everything that several ways need, once. People the reader may not know of are counted, not named."""

    def __init__(self, actor: Actor, ways: Sequence[Way]) -> None:
        self.sessions: dict[str, Session] = {uid: s for way in ways for uid, s in way.sessions.items()}
        changes = [c for way in ways for c in way.plan.changes]
        uids = {str(c.now["leader"]) for c in changes} | {str(c.was["leader"]) for c in changes}
        self.staff = {str(s.uid): s for s in Staff.objects.filter(uid__in=uids).select_related("person")}
        rooms = {str(c.now["room"]) for c in changes if c.now["room"]}
        self.rooms = {str(r.uid): r for r in Room.objects.filter(uid__in=rooms)}
        self.seats: dict[str, Booking] = {
            str(b.uid): b
            for b in Booking.objects.filter(uid__in={u for w in ways for u in w.plan.left}).select_related("session", "episode")
        }
        people = {e for way in ways for e in self._touched(way)}
        found = Episode.objects.filter(uid__in=people).select_related("client__person")
        self.episodes = {str(e.uid): e for e in found}
        seen = Episode.objects.visible_to(actor).filter(pk__in=[e.pk for e in self.episodes.values()])
        self.seen = {str(uid) for uid in seen.values_list("uid", flat=True)}
        self._weeks()

    def _touched(self, way: Way) -> set[str]:
        """Everybody whose own week is another one."""
        people = {e for c in way.plan.changes for e in way.people.get(c.session, ())}
        return people | {e for _s, e in way.plan.joined} | {str(self.seats[u].episode.uid) for u in way.plan.left if u in self.seats}

    def _weeks(self) -> None:
        """What everybody touched is booked for in the weeks concerned."""
        mondays = {_monday(s) for s in self.sessions.values()}
        self.booked: dict[tuple[str, date], list[Session]] = defaultdict(list)
        if not mondays:
            return
        first, last = min(mondays) - timedelta(days=1), max(mondays) + timedelta(days=8)
        rows = Booking.objects.filter(
            episode__in=[e.pk for e in self.episodes.values()], cancelled_at__isnull=True, starts_at__date__gte=first, starts_at__date__lte=last
        ).select_related("session__site", "session__group__type", "session__group__track__program", "episode")
        for row in rows:
            self.booked[str(row.episode.uid), _monday(row.session)].append(row.session)

    def show(self, way: Way, out: int | None = None) -> Shown:
        """`out` is the member of staff who is out: they know."""
        plan = way.plan
        touched = self._touched(way)
        covers = [self.staff[str(c.now["leader"])] for c in plan.changes if not c.cancels and c.differs("leader")]
        most = max(set(covers), key=lambda s: (covers.count(s), -s.pk)) if covers else None
        told = sorted({s.person.name_used for s in self._staff_told(plan) if s.pk != out})
        names = [self.episodes[e].client.person.name_used for e in touched if e in self.seen]
        return Shown(
            plan, self._title(way, covers), tuple(self._steps(way)), len(touched), _listed(sorted(names), len(touched)), ", ".join(told),
            tuple(self._losses(way, touched)), plan.how == How.GREEDY, most,
        )  # fmt: skip

    def _staff_told(self, plan: Plan) -> Iterable[Staff]:
        for change in plan.changes:
            if change.cancels or change.differs("leader", "starts_at", "room"):
                yield self.staff[str(change.was["leader"])]
                yield self.staff[str(change.now["leader"])]

    def _title(self, way: Way, covers: Sequence[Staff]) -> str:
        changes = way.plan.changes
        parts = []
        if covers:
            who = _and(list(dict.fromkeys(s.person.name_used for s in covers)))
            parts.append(ngettext("%(who)s covers", "%(who)s cover", len(set(covers))) % {"who": who})
        if any(c.differs("room") and not c.cancels and not c.differs("starts_at") for c in changes):
            parts.append(_("in another room"))
        moved = sum(c.differs("starts_at") and not c.cancels for c in changes)
        if moved:
            parts.append(ngettext("%(n)d session at another hour", "%(n)d sessions at another hour", moved) % {"n": moved})
        gone = sum(c.cancels for c in changes)
        if gone:
            parts.append(ngettext("%(n)d session not held", "%(n)d sessions not held", gone) % {"n": gone})
        if way.plan.joined:
            n = len({e for _s, e in way.plan.joined})
            parts.append(ngettext("%(n)d person in another group", "%(n)d people in another group", n) % {"n": n})
        elif way.plan.left:
            parts.append(ngettext("%(n)d seat given back", "%(n)d seats given back", len(way.plan.left)) % {"n": len(way.plan.left)})
        said = ", ".join(parts) or _("Nothing changes")
        return said[:1].upper() + said[1:]

    def _steps(self, way: Way) -> Iterable[str]:
        plan = way.plan
        for change in plan.changes:
            yield self.step(self.sessions[change.session], change, way.people.get(change.session, ()))
        by_person: dict[tuple[str, str], list[Session]] = defaultdict(list)
        for uid, episode in plan.joined:
            by_person[episode, reads.title(self.sessions[uid])].append(self.sessions[uid])
        for (episode, group), sessions in sorted(by_person.items(), key=lambda one: one[0][1]):
            when = ", ".join(words.day(words.local(s.starts_at, s.site).date()) for s in sorted(sessions, key=lambda s: s.starts_at))
            yield _("%(who)s goes to %(group)s: %(when)s.") % {"who": self.name(episode), "group": group, "when": when}

    def step(self, session: Session, change: Change, people: Sequence[str]) -> str:
        """One session's change as a sentence; a visit names whose it is to those who may know them."""
        what = reads.title(session)
        if session.group is None and people and people[0] in self.seen:
            what = _("%(kind)s of %(name)s") % {"kind": what, "name": self.name(people[0])}
        named: dict[str, Any] = {"what": what, "when": _when(change.was, session.site)}
        if change.cancels:
            return _("%(what)s, %(when)s: not held.") % named
        said = []
        if change.differs("starts_at"):
            said.append(_("moves to %(then)s") % {"then": _when(change.now, session.site)})
        if change.differs("leader"):
            said.append(_("%(name)s leads") % {"name": self.staff[str(change.now["leader"])].person.name_used})
        if change.differs("room"):
            room = self.rooms.get(str(change.now["room"]))
            said.append(_("in %(room)s") % {"room": room.name} if room else _("without a room"))
        return sentence(named, said)

    def name(self, episode: str) -> str:
        found = self.episodes.get(episode)
        return found.client.person.name_used if found and episode in self.seen else _("Somebody")

    # -------------------------------------------------------------- what people would lose

    def _losses(self, way: Way, touched: set[str]) -> list[Loss]:
        gone = {c.session for c in way.plan.changes if c.cancels}
        left = {(str(self.seats[u].episode.uid), str(self.seats[u].session.uid)) for u in way.plan.left if u in self.seats}
        joined: dict[tuple[str, date], list[Session]] = defaultdict(list)
        for uid, episode in way.plan.joined:
            joined[episode, _monday(self.sessions[uid])].append(self.sessions[uid])
        moved = {c.session: c for c in way.plan.changes if c.differs("starts_at") and not c.cancels}
        out = []
        for (episode, monday), sessions in sorted(self.booked.items(), key=lambda one: (one[0][1], one[0][0])):
            if episode not in touched:
                continue
            rest = [s for s in sessions if str(s.uid) not in gone and (episode, str(s.uid)) not in left] + joined[episode, monday]
            loss = self._loss(episode, monday, sessions, rest, moved)
            if loss is not None:
                out.append(loss)
        return sorted(out, key=lambda loss: (not loss.below, loss.who))

    def _loss(self, episode: str, monday: date, before: list[Session], after: list[Session], moved: Mapping[str, Change]) -> Loss | None:
        was, now = _counted(before, {}), _counted(after, moved)
        here = next((s.group.track.program for s in before if s.group is not None), None)
        rule = program.rule_of(here, monday) if here else None
        told_now = program.scheduled_verdict(now, rule) if rule else None
        told_was = program.scheduled_verdict(was, rule) if rule else None
        less = was.therapeutic_minutes - now.therapeutic_minutes
        newly = bool(told_now and told_was and len(told_now.unmet) > len(told_was.unmet))
        if less <= 0 and not newly:
            return None
        if told_now is not None and told_now.unmet and (newly or less > 0):
            return Loss(self.name(episode), words.verdict_said(told_now), True)
        return Loss(self.name(episode), _("%(less)s less this week, and still enough.") % {"less": words.length(less)}, False)


def sentence(named: Mapping[str, Any], said: Sequence[str]) -> str:
    """What, when, and how it will be; an hour that ends with "p.m." ends the sentence too."""
    return (_("%(what)s, %(when)s: %(how)s.") % {**named, "how": ", ".join(said)}).replace("..", ".")


def _counted(sessions: Iterable[Session], moved: Mapping[str, Change]) -> hours.Week:
    services = []
    for s in sessions:
        change = moved.get(str(s.uid))
        starts = words.local(datetime.fromisoformat(str(change.now["starts_at"])) if change else s.starts_at, s.site)
        ends = words.local(datetime.fromisoformat(str(change.now["ends_at"])) if change else s.ends_at, s.site)
        counts = s.group is None or s.group.type.countable
        services.append(hours.Service.dated(starts.date(), starts.time(), ends.time(), s.kind, counts=counts))
    return hours.count_week(services)


def _monday(session: Session) -> date:
    on = words.local(session.starts_at, session.site).date()
    return on - timedelta(days=on.weekday())


def _when(kept: Mapping[str, str | None], site: Site) -> str:
    starts = words.local(datetime.fromisoformat(str(kept["starts_at"])), site)
    ends = words.local(datetime.fromisoformat(str(kept["ends_at"])), site)
    return f"{words.day(starts.date())}, {words.span(starts, ends)}"


def _and(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _listed(names: Sequence[str], total: int) -> str:
    """Names, the first few of them, and how many more there are."""
    shown = list(names[:NAMED])
    more = total - len(shown)
    if not more:
        return ", ".join(shown)
    others = ngettext("%(n)d more", "%(n)d more", more) % {"n": more}
    return ", ".join([*shown, others]) if shown else ""


