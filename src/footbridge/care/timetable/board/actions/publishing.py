"""A draft becomes the week, in one act: the plan holds from the day, dated sessions and seats follow, everybody is told. And back.

What stood before is written down row by row, so that a week is taken back exactly while nothing of it has begun. The database's
constraints have the last word; what they refuse is said, and nothing of it is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Group, Meeting, Room, Track
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from ... import reads as timetable_reads
from ... import words as timetable_words
from ...actions.booking import (
    CannotBook,
    CannotJoin,
    constraint_of,
    drop,
    join_group,
    last_days,
    leave_group,
    seat,
    seat_again,
)
from ...actions.publishing import HORIZON_WEEKS, Published, publish_track
from ...actions.visits import CannotVisit, add_visit, end_visit
from ...models import Booking, Place, Session, WeeklyVisit
from ...words import CancelledBecause
from .. import engine, rules, says
from ..models import Affected, PublishedChange, PublishedSession, WeekDraft, WeekPublished
from ..plan import Diff, Meets, Sees, Week, differ, drafted, standing
from .drafting import CannotDraft, locked, propose

CHANGED = CancelledBecause.CHANGED
REFUSED = (CannotJoin, CannotBook, CannotVisit)


class CannotPublishWeek(access.Refusal):
    """The draft cannot be the week: a hard rule, a booked hour, or it is not what was looked at."""


class CannotUndo(access.Refusal):
    """It has begun, or something newer stands on it."""


def fingerprint(before: Week, after: Week) -> str:
    """What somebody looked at before they confirmed: another week has another one."""
    parts = [
        *(repr(m) for _k, m in sorted(before.meetings.items())), "|", *(repr(m) for _k, m in sorted(after.meetings.items())), "|",
        repr(sorted(before.places)), repr(sorted(after.places)), "|",
        *(repr(v) for _k, v in sorted(before.visits.items(), key=str)), "|", *(repr(v) for _k, v in sorted(after.visits.items(), key=str)),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


# ------------------------------------------------------------------ publish


def publish_week(draft: WeekDraft, *, seen: str, by: Actor, at: datetime, agreed: bool = False) -> WeekPublished:
    """Make the draft the week from its day on. `seen` is the fingerprint of what was confirmed; `agreed`: the people concerned were
    asked about what only they can allow. Raises CannotPublishWeek."""
    access.require(by, rules.DRAFT, draft)
    with trail.act("week.published", by=by, at=at, about=draft, detail={"from": draft.holds_from.isoformat(), "agreed": agreed}) as act:
        before, after, diff = _looked_at_again(draft, seen, agreed, at)
        until = _until(draft, at)
        published = WeekPublished.objects.create(
            draft=draft, holds_from=draft.holds_from, until_on=until, by_id=by.as_staff, at=at
        )
        act.carries["published"] = published
        parked = _plan(published, diff, at)
        for episode, group in sorted(diff.left):
            _leave(published, episode, group, by, at)
        for was, _now in diff.visits:
            if was is not None and was.visit is not None:
                _end(published, was.visit, by, at)
        try:
            _unpark(parked)
            for episode, group in sorted(diff.joined):
                _join(published, episode, group, by, at)
            _follow(draft, diff, until, by, at)
            for was, now in diff.visits:
                if now is not None:
                    _add(published, was, now, by, at)
        except REFUSED as refusal:
            raise CannotPublishWeek(refusal.sentence) from refusal
        draft.published_at = at
        draft.save(update_fields=["published_at"])
        moved = diff.episodes(before, after) | set(Booking.objects.filter(cancelled_at=at).values_list("episode_id", flat=True))
        open_ones = Episode.objects.filter(timetable_reads.still_coming(draft.holds_from), pk__in=moved).values_list("pk", flat=True)
        Affected.objects.bulk_create(
            [Affected(published=published, episode_id=pk) for pk in sorted(open_ones)]
            + [Affected(published=published, staff_id=pk) for pk in sorted(diff.staff())]
        )
    return published


def _looked_at_again(draft: WeekDraft, seen: str, agreed: bool, at: datetime) -> tuple[Week, Week, Diff]:
    """Everything once more, against the database and under its locks."""
    try:
        locked(draft)
    except CannotDraft as refusal:
        raise CannotPublishWeek(refusal.sentence) from refusal
    if draft.holds_from <= timetable_words.local(at, draft.site).date():
        raise CannotPublishWeek(_("The day from which it should hold has come. Start a draft for a later day."))
    # Tracks, then their groups, each in order: as joining and publishing take them.
    tracks = list(Track.objects.select_for_update(of=("self",)).filter(program=draft.program, site=draft.site).order_by("pk"))
    list(Group.objects.select_for_update(of=("self",)).filter(track__in=tracks).order_by("pk"))
    before = standing(draft.program, draft.site, draft.holds_from)
    after = drafted(draft, before)
    diff = differ(before, after)
    if not diff:
        raise CannotPublishWeek(_("The draft is the same as the week that holds. There is nothing to publish."))
    if fingerprint(before, after) != seen:
        raise CannotPublishWeek(_("The week or the draft changed since you looked. Read what is different now, and confirm again."))
    proposal = propose(draft, before, after)
    if proposal.hard:
        told = says.tell(proposal.hard, proposal.world)
        raise CannotPublishWeek(" ".join(f"{one.sentence} {one.mend}".strip() for one in told[:3]))
    breaches = engine.breaches(draft, before, after, agreed=agreed)
    if breaches:
        raise CannotPublishWeek(" ".join(breaches[:3]))
    return before, after, diff


def _until(draft: WeekDraft, at: datetime) -> date:
    """As far ahead as sessions stand, or eight weeks."""
    ahead = timetable_words.local(at, draft.site).date() + timedelta(weeks=HORIZON_WEEKS)
    last = Session.objects.filter(group__track__program=draft.program, site=draft.site).aggregate(last=Max("starts_at"))["last"]
    return max(ahead, timetable_words.local(last, draft.site).date() + timedelta(days=1) if last else ahead)


def _ahead(sessions: Iterable[Session], on: date, at: datetime) -> list[Session]:
    """Those on or after a day by the site's clock that have not begun."""
    return [s for s in sessions if s.starts_at > at and timetable_words.local(s.starts_at, s.site).date() >= on]


def _plan(published: WeekPublished, diff: Diff, at: datetime) -> list[Session]:
    """End the old weekly hours and write the new ones. Sessions of an hour that stays where it is are set aside for a moment, so that
    leaders and rooms can change places; those of an hour that moves are cancelled. Gives back the ones set aside, as they will be."""
    on = published.holds_from
    rows = {m.pk: m for m in Meeting.objects.select_related("group").filter(pk__in=[was.meeting for was, _now in diff.meetings])}
    theirs: dict[int, list[Session]] = {}
    for session in Session.objects.filter(meeting__in=rows, starts_at__gt=at).select_related("site").order_by("pk"):
        theirs.setdefault(session.meeting_id or 0, []).append(session)
    parked: list[Session] = []
    for was, now in diff.meetings:
        old = rows[was.meeting]
        if now.adds:
            _hold(published, old, now)
            continue
        PublishedChange.objects.create(published=published, meeting=old, made=False, until_before=old.held_until)
        new = _new_meeting(old, now, on) if now.held else None
        if new is not None:
            new.save()
            PublishedChange.objects.create(published=published, meeting=new, made=True)
        old.held_until = on
        old.save(update_fields=["held_until"])
        stays = new is not None and now.leader is not None and (was.weekday, was.starts, was.ends) == (now.weekday, now.starts, now.ends)
        for session in _ahead(theirs.get(old.pk, ()), on, at):
            if not stays:
                if session.cancelled_at is None:
                    drop(session, CHANGED, at=at)
                continue
            PublishedSession.objects.create(
                published=published, session=session, meeting=old, leader_id=session.leader_id, room_id=session.room_id, mode=session.mode
            )
            session.meeting = new
            if session.cancelled_at is None:
                _as_planned(session, was, now)
                parked.append(session)
            else:
                session.save(update_fields=["meeting"])
    Session.objects.filter(pk__in=[s.pk for s in parked]).update(cancelled_at=at, cancelled_because=CHANGED)
    return parked


def _hold(published: WeekPublished, row: Meeting, now: Meets) -> None:
    """An hour that the draft adds: its row holds from the day."""
    row.weekday, row.starts, row.ends, row.leader_id, row.room_id = now.weekday, now.starts, now.ends, now.leader, now.room
    row.mode = "" if now.mode == row.group.mode else now.mode
    row.held_from, row.held_until = published.holds_from, None
    row.save()
    PublishedChange.objects.create(published=published, meeting=row, made=True)


def _new_meeting(old: Meeting, now: Meets, on: date) -> Meeting:
    return Meeting(
        group=old.group, weekday=now.weekday, starts=now.starts, ends=now.ends, week_from=old.week_from, week_until=old.week_until,
        optional=old.optional, mode="" if now.mode == old.group.mode else now.mode, leader_id=now.leader, room_id=now.room,
        held_from=on, held_until=old.held_until, weeks_from=old.weeks_from or old.held_from,
    )  # fmt: skip


def _as_planned(session: Session, was: Meets, now: Meets) -> None:
    """What the plan changes. A leader who covers on one day, or another room for one day, stays."""
    if session.leader_id == was.leader and now.leader is not None:
        session.leader_id = now.leader
    if session.room_id == was.room:
        session.room_id = now.room
    if session.mode == was.mode:
        session.mode = now.mode


def _unpark(parked: Sequence[Session]) -> None:
    for session in parked:
        session.cancelled_at, session.cancelled_because = None, ""
    try:
        with transaction.atomic():
            Session.objects.bulk_update(parked, ["meeting", "leader", "room", "mode", "cancelled_at", "cancelled_because"])
    except IntegrityError as error:
        raise CannotPublishWeek(_taken(error, parked)) from error


def _taken(error: IntegrityError, rows: Iterable[Session]) -> str:
    """Who or what is booked already at one of these hours."""
    match constraint_of(error):
        case "leader_not_twice_at_once":
            same, what = "leader_id", _("%(who)s leads %(other)s at that hour: %(when)s.")
        case "room_not_twice_at_once":
            same, what = "room_id", _("%(room)s is used by %(other)s at that hour: %(when)s.")
        case _:
            raise error
    rows = list(rows)
    own = [r.pk for r in rows]
    for row in rows:
        other = (
            Session.objects.filter(cancelled_at__isnull=True, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
            .filter(**{same: getattr(row, same)})
            .exclude(pk__in=own)
            .select_related("group", "site")
            .first()
        )
        if other is not None:
            names = {
                "who": row.leader.person.name_used,
                "room": row.room.name if row.room else "",
            }
            return what % {**names, "other": timetable_reads.title(other), "when": timetable_reads.when(other)}
    return _("Somebody or some room is booked already at one of these hours. Open the draft again.")


def _follow(draft: WeekDraft, diff: Diff, until: date, by: Actor, at: datetime) -> Published:
    """Dated sessions and seats of the new plan. What is left out for a closed day was known; what clashes is not published at all."""
    touched = {now.group for _was, now in diff.meetings} | {g for _e, g in diff.joined | diff.left}
    done = Published()
    for track in draft.program.tracks.filter(site=draft.site).order_by("pk"):
        done += publish_track(track, draft.site, draft.holds_from, until, by=by, at=at)
    for one in done.skipped:
        if one.because in ("taken", "seat") and one.group in touched:
            said = {"what": one.what, "on": timetable_words.day(one.on), "why": one.reason}
            raise CannotPublishWeek(_("%(what)s on %(on)s: %(why)s") % said)
    return done


def _leave(published: WeekPublished, episode: int, group: int, by: Actor, at: datetime) -> None:
    on = published.holds_from
    place = (
        Place.objects.select_related("episode__client", "group")
        .filter(episode=episode, group=group, held_from__lte=on)
        .get(Q(held_until__isnull=True) | Q(held_until__gt=on))
    )
    PublishedChange.objects.create(published=published, place=place, made=False, until_before=place.held_until)
    leave_group(place, on, by=by, at=at, because=CHANGED)


def _join(published: WeekPublished, episode: int, group: int, by: Actor, at: datetime) -> None:
    """Their agreement to hours outside those they named was asked when the change was drafted."""
    person = Episode.objects.select_related("client__person").get(pk=episode)
    into = Group.objects.select_related("track__site", "type").get(pk=group)
    try:
        place = join_group(person, into, published.holds_from, by=by, at=at, confirmed=True)
    except (CannotJoin, CannotBook) as refusal:
        raise CannotPublishWeek(f"{person.client.number}: {refusal.sentence}") from refusal
    PublishedChange.objects.create(published=published, place=place, made=True)


def _end(published: WeekPublished, visit: int, by: Actor, at: datetime) -> None:
    row = WeeklyVisit.objects.select_related("episode__client").get(pk=visit)
    PublishedChange.objects.create(published=published, visit=row, made=False, until_before=row.held_until)
    end_visit(row, published.holds_from, by=by, at=at, because=CHANGED)


def _add(published: WeekPublished, was: Sees | None, now: Sees, by: Actor, at: datetime) -> None:
    episode = Episode.objects.select_related("client__person").get(pk=now.episode)
    old = WeeklyVisit.objects.filter(pk=was.visit).first() if was is not None and was.visit is not None else None
    visit = add_visit(
        episode, now.kind, Staff.objects.select_related("person").get(pk=now.staff), now.weekday, now.starts, now.ends,
        held_from=_in_step(old, published.holds_from, now.every_weeks), held_until=_until_before(published, old), by=by, at=at,
        room=Room.objects.select_related("site").filter(pk=now.room or 0).first(), mode=now.mode, every_weeks=now.every_weeks,
        site=published.draft.site, confirmed=True,
    )  # fmt: skip
    PublishedChange.objects.create(published=published, visit=visit, made=True)


def _until_before(published: WeekPublished, old: WeeklyVisit | None) -> date | None:
    if old is None:
        return None
    return published.changes.filter(visit=old, made=False).values_list("until_before", flat=True).first()


def _in_step(old: WeeklyVisit | None, on: date, every_weeks: int) -> date:
    """A visit of every second week stays in its weeks."""
    if old is None or every_weeks < 2 or old.every_weeks != every_weeks:
        return on
    first = old.held_from - timedelta(days=old.held_from.weekday())
    monday = on - timedelta(days=on.weekday())
    behind = ((monday - first).days // 7) % every_weeks
    return on if behind == 0 else monday + timedelta(weeks=every_weeks - behind)


# ------------------------------------------------------------------ and back


def unpublish_week(published: WeekPublished, *, by: Actor, at: datetime) -> WeekPublished:
    """Take a published week back exactly, while nothing of it has begun. Taken back already: nothing happens. Raises CannotUndo."""
    access.require(by, rules.DRAFT, published.draft)
    draft = published.draft
    if published.undone_at is not None:
        return published
    with trail.act("week.unpublished", by=by, at=at, about=published, detail={"draft": str(draft.uid)}) as act:
        act.carries["published"] = published
        published.refresh_from_db(fields=["undone_at"])
        if published.undone_at is not None:  # somebody else was quicker; whoever is told twice is told once, by the key of its act
            raise CannotUndo(_("It was taken back already."))
        why_not = cannot_undo(published, at)
        if why_not:
            raise CannotUndo(why_not)
        tracks = list(Track.objects.select_for_update(of=("self",)).filter(program=draft.program, site=draft.site).order_by("pk"))
        list(Group.objects.select_for_update(of=("self",)).filter(track__in=tracks).order_by("pk"))
        changes = list(published.changes.select_related("meeting", "place__episode__client", "place__group", "visit__episode__client"))
        aside = list(published.sessions.select_related("session__site"))
        # Read before anything is unmade: what was made for somebody who goes on a day to come says until when they come.
        ends = last_days({row.episode_id for c in changes if (row := c.place or c.visit)} | set(_cancelled(published, at).values_list("episode_id", flat=True)))
        _unmake(changes, {one.session_id for one in aside}, by, at)
        try:
            with transaction.atomic():
                _restore(published, changes, aside, ends, at)
        except IntegrityError as error:
            raise CannotUndo(_in_the_way(error)) from error
        except CannotBook as refusal:
            raise CannotUndo(refusal.sentence) from refusal
        published.undone_at, published.undone_by_id = at, by.staff_id
        published.save(update_fields=["undone_at", "undone_by"])
        another = WeekDraft.objects.filter(
            program=draft.program, site=draft.site, dropped_at__isnull=True, published_at__isnull=True
        ).exists()
        if not another:  # the draft is open again, as it was
            draft.published_at = None
            draft.save(update_fields=["published_at"])
    return published


def cannot_undo(published: WeekPublished, at: datetime) -> str:
    """Why a published week cannot be taken back; empty when it can."""
    if published.undone_at is not None:
        return _("It was taken back already.")
    later = WeekPublished.objects.filter(
        draft__program=published.draft.program, draft__site=published.draft.site, at__gt=published.at, undone_at__isnull=True
    )
    if later.exists():
        return _("A newer week was published after it. Take that back first.")
    if begun(published, at).exists():
        return _("Something of this week has begun. Draft the next change instead.")
    return ""


def begun(published: WeekPublished, at: datetime) -> QuerySet[Session]:
    """Sessions of what was made, changed or cancelled by a publishing that have begun since."""
    first = datetime.combine(published.holds_from, datetime.min.time(), timetable_reads.ZoneInfo(published.draft.site.time_zone))
    changes = published.changes
    return Session.objects.filter(starts_at__gte=first, starts_at__lte=at).filter(
        Q(meeting__in=changes.filter(meeting__isnull=False).values("meeting"))
        | Q(visit__in=changes.filter(visit__isnull=False).values("visit"))
        | Q(bookings__place__in=changes.filter(place__isnull=False).values("place"))
    )


def _unmake(changes: Sequence[PublishedChange], aside: set[int], by: Actor, at: datetime) -> None:
    """What the publishing made goes first: its hours, seats and visits are free again."""
    for change in changes:
        if not change.made:
            continue
        if change.meeting is not None:
            for session in change.meeting.sessions.filter(cancelled_at__isnull=True).exclude(pk__in=aside):
                drop(session, CHANGED, at=at)
            change.meeting.held_until = change.meeting.held_from
            change.meeting.save(update_fields=["held_until"])
        elif change.place is not None:
            leave_group(change.place, change.place.held_from, by=by, at=at, because=CHANGED)
        elif change.visit is not None:
            end_visit(change.visit, change.visit.held_from, by=by, at=at, because=CHANGED)


def _restore(
    published: WeekPublished, changes: Sequence[PublishedChange], aside: Sequence[PublishedSession], ends: dict[int, date], at: datetime
) -> None:
    visits: dict[int, date | None] = {}
    for change in changes:
        row = change.meeting or change.place or change.visit
        if change.made or row is None or _gone_since(published, change, ends):
            continue
        own = change.place or change.visit
        untils = [d for d in (change.until_before, ends.get(own.episode_id) if own is not None else None) if d is not None]
        row.held_until = min(untils, default=None)
        row.save(update_fields=["held_until"])
        if change.visit_id is not None:
            visits[change.visit_id] = row.held_until
    held = [one for one in aside if one.session.cancelled_at is None]
    Session.objects.filter(pk__in=[one.session_id for one in held]).update(cancelled_at=at, cancelled_because=CHANGED)
    for one in aside:
        session = one.session
        session.meeting_id, session.leader_id, session.room_id, session.mode = one.meeting_id, one.leader_id, one.room_id, one.mode
    ended = [c.meeting_id for c in changes if c.meeting_id and not c.made]
    gone = Session.objects.filter(cancelled_at=published.at, cancelled_because=CHANGED, starts_at__gt=at).select_related("site")
    back = [s.pk for s in gone.filter(meeting__in=ended)]
    back += [s.pk for s in gone.filter(visit__in=visits) if _before(s, visits[s.visit_id or 0])]
    Session.objects.filter(pk__in=back).update(cancelled_at=None, cancelled_because="")
    Session.objects.bulk_update([one.session for one in aside], ["meeting", "leader", "room", "mode", "cancelled_at", "cancelled_because"])

    def full(session: Session) -> CannotUndo:
        what = {"what": timetable_reads.title(session), "when": timetable_reads.when(session)}
        return CannotUndo(_("%(what)s on %(when)s is full by now. Draft the next change instead.") % what)

    rows = _cancelled(published, at).select_related("session__group", "session__site", "session__visit", "place").order_by("pk")
    seat_again(rows, at=at, full=full, ends=ends)
    _seat_newcomers(published, ended, at)


def _cancelled(published: WeekPublished, at: datetime) -> QuerySet[Booking]:
    """The seats that went with a publishing, of what is still to come."""
    return Booking.objects.filter(cancelled_at=published.at, cancelled_because=CHANGED, starts_at__gt=at)


def _before(session: Session, until: date | None) -> bool:
    return until is None or timetable_words.local(session.starts_at, session.site).date() < until


def _gone_since(published: WeekPublished, change: PublishedChange, ends: dict[int, date]) -> bool:
    """Whether somebody went, or left, after the week was published: what they had is theirs no more."""
    own = change.place or change.visit
    if own is None:
        return False
    return ends.get(own.episode_id, date.max) <= published.holds_from or (own.held_until is not None and own.held_until < published.holds_from)


def _seat_newcomers(published: WeekPublished, meetings: Sequence[int], at: datetime) -> None:
    """Whoever got a place in one of these groups since then sits in the restored hours too."""
    since = Place.objects.filter(group__meetings__in=meetings, at__gt=published.at, episode__ended_at__isnull=True).distinct()
    for place in since.select_related("episode__client", "group").order_by("pk"):
        if place.held_until is not None and place.held_until <= place.held_from:
            continue
        sessions = timetable_reads.sessions_of_group(place.group, max(place.held_from, published.holds_from), place.held_until)
        seat(place, [s for s in sessions if s.starts_at > at], at=at)


def _in_the_way(error: IntegrityError) -> str:
    match constraint_of(error):
        case "leader_not_twice_at_once":
            return _("A leader of the week before is booked at one of these hours by now. Draft the next change instead.")
        case "room_not_twice_at_once":
            return _("A room of the week before is booked at one of these hours by now. Draft the next change instead.")
        case "person_not_twice_at_once" | "booked_once":
            return _("Somebody is booked at one of these hours by now. Draft the next change instead.")
        case "one_person_a_seat":
            return _("A seat of the week before was given to somebody else by now. Draft the next change instead.")
        case "one_place_in_a_group":
            return _("Somebody has a new place in one of these groups by now. Draft the next change instead.")
        case _:
            raise error

