"""Questions about sessions: the roster, what is written, what is missing, what waits to be signed, and the hours that count."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from footbridge.care.placement.models import Admission
from footbridge.care.plan import reads as plans
from footbridge.care.plan.models import Objective
from footbridge.care.safety.dispositions import reads as dispositions
from footbridge.care.timetable import reads as timetable
from footbridge.care.timetable import words as timetable_words
from footbridge.care.timetable.models import Booking, Session
from footbridge.engines import curriculum, hours
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import lines
from footbridge.ground.people.models import Staff
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Lesson
from footbridge.kit.access import Actor

from . import names
from .models import Attendance, NotePart, NoteSignature, PartHeldBack, SessionNote
from .words import Came

CAME = (Came.PRESENT, Came.LATE, Came.LEFT_EARLY)
UNSIGNED_FOR = timedelta(days=60)  # how far back notes that wait are looked for on a desk


def session(actor: Actor, uid: UUID) -> Session | None:
    return Session.objects.select_related(*timetable.SHOWN, "group__curriculum").filter(uid=uid).first()


def seat(actor: Actor, uid: UUID, person: UUID) -> Booking | None:
    """One person's seat in one session."""
    return (
        Booking.objects.select_related("episode__client__person", *(f"session__{n}" for n in timetable.SHOWN))
        .filter(session__uid=uid, uid=person)
        .first()
    )


def minutes(session: Session) -> int:
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


# ------------------------------------------------------------------ the roster


def seated(session: Session) -> list[Booking]:
    """Who has a seat, by name."""
    found = session.bookings.filter(cancelled_at__isnull=True).select_related("episode__client__person")
    return sorted(found, key=lambda b: (b.episode.client.person.name_used.casefold(), b.pk))


def attendance(session: Session) -> dict[int, Attendance]:
    """The newest word on who came, by booking."""
    rows = Attendance.objects.filter(booking__session=session).order_by("pk")
    return {row.booking_id: row for row in rows}


@dataclass(frozen=True)
class Person:
    """One person of the roster, with what is written about them so far."""

    booking: Booking
    name: str
    pronouns: str
    came: Attendance | None
    part: NotePart | None

    @property
    def attended(self) -> bool:
        return self.came is not None and self.came.came in CAME

    @property
    def written(self) -> bool:
        return self.part is not None and bool(self.part.participation or self.part.text)


def roster(session: Session) -> list[Person]:
    """Everybody with a seat, by name, with attendance and part. Two people of one name used also show an initial."""
    said = attendance(session)
    seats = seated(session)
    parts = {
        part.booking_id: part
        for part in NotePart.objects.filter(booking__in=seats)
        .select_related("objective")
        .prefetch_related("amendments__by__person")
    }
    shown = names_shown([b.episode.client.person for b in seats])
    return [
        Person(b, shown[b.episode.client.person_id], b.episode.client.person.pronouns, said.get(b.pk), parts.get(b.pk))
        for b in seats
    ]


def in_danger(people: Sequence[Person]) -> dict[int, dispositions.Gate]:
    """Booking id → why this person's visit cannot end yet. Who did not come has no visit to end."""
    here = [p.booking for p in people if p.came is None or p.attended]
    found = dispositions.gates({b.episode.client_id for b in here})
    return {b.pk: found[b.episode.client_id] for b in here if b.episode.client_id in found}


def held_back(session: Session) -> dict[int, PartHeldBack]:
    """Booking id → the part that was not signed with the others, signed alone since or not."""
    return {row.booking_id: row for row in PartHeldBack.objects.filter(note__session=session)}


def names_shown(people: Sequence[Any]) -> dict[int, str]:
    """The name used; with the last initial when two on the list share it."""
    used = [p.name_used for p in people]
    return {p.pk: with_initial(p) if used.count(p.name_used) > 1 else p.name_used for p in people}


def with_initial(person: Any) -> str:
    """The name used and the initial of the last name: what a sign-in sheet may show."""
    last = person.legal_name.split()[-1]
    return f"{person.name_used} {last[0]}." if last and last != person.name_used else str(person.name_used)


def names_of(session: Session) -> dict[Booking, tuple[str, str]]:
    """The names every member of the roster goes by."""
    return {b: (b.episode.client.person.name_used, b.episode.client.person.legal_name) for b in seated(session)}


def others_named(booking: Booking, text: str) -> list[str]:
    """Other members of the roster who are named in a text about this one."""
    own = {*booking.episode.client.person.legal_name.split(), booking.episode.client.person.name_used}
    others = {
        b: tuple(n for n in said if n not in own) for b, said in names_of(booking.session).items() if b.pk != booking.pk
    }
    return [b.episode.client.person.name_used for b in names.found(text, others)]


def objectives(episode: Episode) -> list[Objective]:
    """The objectives of the plan in force."""
    plan = plans.in_force(episode)
    if plan is None:
        return []
    return [node for _depth, node in plans.nodes(plan) if isinstance(node, Objective)]


def scores(episode: Episode, at: datetime) -> list[lines.ScoreLine]:
    """The measures of a person as they stand at `at`: last score and what the change is worth, beside what is written."""
    admission = Admission.objects.filter(episode=episode).first()
    return lines.of_episode(episode.pk, admission.starts_on if admission else None, until=at)


def last_part(booking: Booking) -> NotePart | None:
    """What was written about the person the last time: in this group, or in a visit with the same person."""
    here = booking.session
    before = NotePart.objects.filter(booking__episode=booking.episode, booking__starts_at__lt=here.starts_at).exclude(
        text=""
    )
    same = (
        before.filter(booking__session__group=here.group)
        if here.group_id
        else before.filter(booking__session__leader=here.leader)
    )
    return same.select_related("booking__session__site", "objective").order_by("-booking__starts_at").first()


# ------------------------------------------------------------------ the note


def note(session: Session) -> SessionNote | None:
    return (
        SessionNote.objects.filter(session=session)
        .select_related("lesson", "by__person")
        .prefetch_related(
            "signatures__by__person", "amendments__by__person", "amendments__part__booking__episode__client__person"
        )
        .first()
    )


def next_lesson(session: Session) -> Lesson | None:
    """The lesson that comes next in the group, by what was held before this session."""
    return next_lessons([session]).get(session.pk)


def next_lessons(sessions: Iterable[Session]) -> dict[int, Lesson]:
    """The same for several sessions, by session; those of groups without a curriculum are left out."""
    taught = {s.pk: s for s in sessions if s.group is not None and s.group.curriculum_id is not None}
    groups = {s.group_id: s.group.curriculum for s in taught.values() if s.group is not None}
    lessons: dict[int, dict[int, Lesson]] = defaultdict(dict)
    for row in Lesson.objects.filter(curriculum__in=[c.pk for c in groups.values() if c is not None]):
        lessons[row.curriculum_id][row.number] = row
    given: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for group, number, starts_at in SessionNote.objects.filter(session__group__in=list(groups), lesson__isnull=False).values_list(
        "session__group", "lesson__number", "session__starts_at"
    ):
        given[group].append((number, starts_at))
    found: dict[int, Lesson] = {}
    for session in taught.values():
        course = groups[session.group_id]
        if course is None:
            continue
        here = lessons[course.pk]
        plan = curriculum.Curriculum(course.code, tuple(curriculum.Lesson(row.number, row.title, row.module) for row in here.values()))
        held = [curriculum.Held(number, at.date()) for number, at in given[session.group_id or 0] if at < session.starts_at]
        coming = curriculum.next_lesson(plan, held)
        if coming is not None and coming.number in here:
            found[session.pk] = here[coming.number]
    return found


def missing(session: Session, held: Iterable[int] = (), people: Sequence[Person] | None = None) -> list[str]:
    """What keeps the note from being signed, a sentence each; empty when it is ready. `held`: bookings whose part waits;
    `people`: the roster, when it was read already."""
    people, held = roster(session) if people is None else people, set(held)
    here = note(session)
    said = []
    if session.kind == "group" and not (here and (here.text or here.topic or here.lesson)):
        said.append(_("The group part is empty."))
    unsaid = [p.name for p in people if p.came is None]
    if unsaid:
        said.append(_("Who came is not said yet: %(names)s.") % {"names": ", ".join(unsaid)})
    blank = [p.name for p in people if p.attended and not p.written and p.booking.pk not in held]
    if blank:
        said.append(_("Their own part is empty: %(names)s.") % {"names": ", ".join(blank)})
    came = [p for p in people if p.attended]
    if session.kind != "group" and came and not blank and not any(p.part and p.part.text for p in came):
        said.append(_("The note is empty."))
    return said


def digest(note: SessionNote) -> str:
    """SHA-256 over everything a signature stands for: the session, attendance, the group part and every part that was not
    held back."""
    came = attendance(note.session)
    content = {
        "session": str(note.session.uid),
        "starts_at": note.session.starts_at.isoformat(),
        "lesson": note.lesson.title if note.lesson else "",
        "topic": note.topic,
        "text": note.text,
        "attendance": sorted(
            [str(b.uid), came[b.pk].came, came[b.pk].minutes_attended] for b in seated(note.session) if b.pk in came
        ),
        "parts": sorted(
            [str(p.booking.uid), p.participation, p.text, str(p.objective.uid) if p.objective else ""]
            for p in note.parts.select_related("booking", "objective").exclude(booking__in=note.held_back.values("booking"))
        ),
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def digest_of_part(part: NotePart) -> str:
    """SHA-256 over a part that is signed alone."""
    content = [str(part.booking.uid), part.participation, part.text, str(part.objective.uid) if part.objective else ""]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


# ------------------------------------------------------------------ what waits


@dataclass(frozen=True)
class Waiting:
    """A session that ended and whose note is not signed."""

    line: timetable.Line
    days_old: int

    @property
    def session(self) -> Session:
        return self.line.session

    @property
    def title(self) -> str:
        return self.line.title

    @property
    def starts(self) -> datetime:
        return self.line.starts


def _waiting(at: datetime) -> QuerySet[Session]:
    """Looks at the sessions of these weeks one by one. As a join it would read the notes of all years."""
    since = at - UNSIGNED_FOR
    people = Booking.objects.filter(session=OuterRef("pk"), cancelled_at__isnull=True)
    signed = NoteSignature.objects.filter(note__session=OuterRef("pk")).values("pk")[:1]
    waits = PartHeldBack.objects.filter(note__session=OuterRef("pk"), signed_at__isnull=True)
    ended = Session.objects.filter(starts_at__gt=since - timedelta(days=1), ends_at__lte=at, ends_at__gt=since)
    return (
        ended.filter(cancelled_at__isnull=True)
        .alias(signature=Subquery(signed))
        .filter(Q(signature__isnull=True) | Exists(waits), Exists(people))
    )


def unsigned(staff: Staff, at: datetime, limit: int = 50) -> list[Waiting]:
    """The sessions somebody led and has not signed, oldest first. `days_old` counts whole days since the session ended."""
    found = _waiting(at).filter(leader=staff).select_related(*timetable.SHOWN).order_by("starts_at")[:limit]
    return [Waiting(timetable.line(s), (at - s.ends_at).days) for s in found]


def unsigned_count(at: datetime) -> int:
    """How many notes of the program wait to be signed."""
    return _waiting(at).count()


# ------------------------------------------------------------------ the hours that count


@dataclass(frozen=True)
class Held:
    """One booked session of one person: what was scheduled, attended and documented, in minutes. Carries no note text."""

    booking: Booking
    starts: datetime
    ends: datetime
    title: str
    kind: str
    counts: bool
    came: str
    attended: int
    signed: bool

    @property
    def scheduled(self) -> int:
        return int((self.ends - self.starts).total_seconds() // 60)

    @property
    def documented(self) -> int:
        """Attended minutes count as documented once the note with the person's part is signed."""
        return self.attended if self.signed else 0

    @property
    def service(self) -> hours.Service:
        return hours.Service.dated(
            self.starts.date(), self.starts.time(), self.ends.time(), self.kind, title=self.title, attended_minutes=self.attended,
            documented_minutes=self.documented, counts=self.counts,
        )  # fmt: skip


def held(first: date, last: date, episodes: Iterable[Episode] | None = None) -> list[Held]:
    """Booked sessions from a day until a day (exclusive) that were not cancelled, in order; of all people, or of these episodes."""
    begin = datetime.combine(first, time(), UTC) - timedelta(hours=14)
    end = datetime.combine(last, time(), UTC) + timedelta(hours=14)
    newest = Attendance.objects.filter(booking=OuterRef("pk")).order_by("-pk")
    signature = NoteSignature.objects.filter(note__parts__booking=OuterRef("pk"))
    waits = PartHeldBack.objects.filter(booking=OuterRef("pk"), signed_at__isnull=True)
    found = (
        Booking.objects.filter(starts_at__gte=begin, starts_at__lt=end, cancelled_at__isnull=True)
        .annotate(
            came=Subquery(newest.values("came")[:1]),
            attended=Subquery(newest.values("minutes_attended")[:1]),
            signed=ExpressionWrapper(Exists(signature) & ~Exists(waits), output_field=BooleanField()),
        )
        .order_by("starts_at", "pk")
    )
    if episodes is not None:
        found = found.filter(episode__in=list(episodes))
    booked = list(found)
    _share(booked)
    rows = []
    for b in booked:
        starts, ends = (timetable_words.local(moment, b.session.site) for moment in (b.starts_at, b.ends_at))
        if not first <= starts.date() < last:
            continue
        counts = b.session.kind != "assessment" and (b.session.group is None or b.session.group.type.countable)
        rows.append(
            Held(
                b,
                starts,
                ends,
                timetable.title(b.session),
                b.session.kind,
                counts,
                b.came or "",
                b.attended or 0,
                bool(b.signed),
            )
        )
    return rows


def _share(booked: Iterable[Booking]) -> None:
    """Give the bookings their sessions and episodes: eight people sit in a session and a person in nine, so each is read and
    built once and not for every booking."""
    rows = list(booked)
    sessions = Session.objects.select_related("site", "group__type").in_bulk({b.session_id for b in rows})
    episodes = Episode.objects.select_related("client__person").in_bulk({b.episode_id for b in rows})
    for b in rows:
        b.session, b.episode = sessions[b.session_id], episodes[b.episode_id]


def attended_minutes(episode: Episode, from_on: date, until_on: date) -> int:
    """Minutes a person attended from a day until a day (exclusive)."""
    return sum(row.attended for row in held(from_on, until_on, [episode]))


@dataclass(frozen=True)
class WeekHours:
    """A week counted three ways, and what the rule says: on the basis the rule itself names, and on the other two."""

    scheduled: hours.Week
    attended: hours.Week
    documented: hours.Week
    verdict: hours.HoursVerdict | None
    by_basis: dict[hours.Basis, hours.HoursVerdict]


def week_hours(rows: Sequence[Held], rule: hours.HoursRule | None) -> WeekHours:
    """One person's sessions of one week, counted by schedule, attendance and signed notes."""
    services = [row.service for row in rows]
    weeks = {basis: hours.count_week(services, basis=basis) for basis in hours.Basis}
    by_basis = {basis: hours.check(weeks[basis], replace(rule, basis=basis)) for basis in hours.Basis} if rule else {}
    return WeekHours(
        weeks[hours.Basis.SCHEDULED], weeks[hours.Basis.ATTENDED], weeks[hours.Basis.DOCUMENTED],
        by_basis.get(rule.basis) if rule else None, by_basis,
    )  # fmt: skip


def week_of(episode: Episode, monday: date) -> WeekHours:
    """A person's week against their program's rule."""
    here = timetable.program_of(episode)
    rule = program.rule_of(here, monday) if here else None
    return week_hours(held(monday, monday + timedelta(days=7), [episode]), rule)


def by_episode(rows: Iterable[Held]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    for row in rows:
        found[row.booking.episode_id].append(row)
    return found


def gave_back(session: Session) -> list[str]:
    """The names of those who gave their seat back, with the reason."""
    gone = session.bookings.filter(cancelled_at__isnull=False, session__cancelled_at__isnull=True)
    return [
        _("%(name)s: %(why)s") % {"name": b.episode.client.person.name_used, "why": b.get_cancelled_because_display()}
        for b in gone.select_related("episode__client__person").order_by("episode__client__person__name_used")
    ]
