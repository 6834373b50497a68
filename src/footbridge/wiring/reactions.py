"""What follows from an act. A reaction is a job put in the queue by the act's own transaction, safe to run twice.

    alarm raised, made graver, handed on, climbed  → its owner is told by mail; by text too when it is for now or was not read in time
    questions given by link, or a link renewed     → the client gets the link, when they agreed to messages
    somebody's week changed for another's sake     → they are told that a message waits, when they agreed to messages
    two records merged, one episode opened twice   → the one that ends with it gives its places back
    a session cancelled before it begins           → whoever has a seat gets the same message, and its leader unless it was them
    a day closed on the page, or opened again      → whoever would come, and the leaders: at once when it is near, else by day (clock.py)
    a week mended, or a mending taken back         → everybody whose week it touches gets a message that says no more than that
    a growth model asked for                       → the worker fits it
    a week asked to be built                       → the worker builds it
    a week published, or taken back                → everybody whose times change is told, people and staff
    a score from outside that somebody must know   → its alarm, at once and in the same transaction
    another primary therapist                      → the open alarms that the one before had in hand go to them, at once as well

The past is told to nobody: acts dated more than a day ago (a rehearsed or imported history) send no letters.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone, translation

from footbridge.care.measures import growth
from footbridge.care.measures.words import URGENCY_OF
from footbridge.care.safety import actions as alarms
from footbridge.care.safety import reads as safety
from footbridge.care.safety.models import Alarm
from footbridge.care.timetable import actions as places
from footbridge.care.timetable import reads as timetable
from footbridge.care.timetable.board import engine as week_engine
from footbridge.care.timetable.board.models import WeekBuild, WeekPublished
from footbridge.care.timetable.models import Mending, Session
from footbridge.care.timetable.words import CancelledBecause
from footbridge.care.transitions import reads as transitions
from footbridge.config import config
from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people.models import Staff
from footbridge.ground.program.days import day_of, zone
from footbridge.ground.program.models import ClosedDay, Program
from footbridge.kit import trail, work
from footbridge.kit.access import SYSTEM
from footbridge.lanes.notices import actions as notices
from footbridge.lanes.notices import providers

PAST = timedelta(days=1)
LATELY = timedelta(days=2)
WAKING = (7, 21)  # hours of the site's clock in which people are told what can wait for the morning
NEAR = timedelta(hours=14)  # who would set out in the morning is told in the night


def _is_past(act: Any) -> bool:
    return timezone.now() - act.at > PAST


def _address(name: str, **words: Any) -> str:
    return config.base_url + reverse(name, kwargs=words)


@trail.after("alarm.raised", "alarm.heightened", "alarm.handed", "alarm.escalated")
def alarm_has_an_owner(act: Any) -> None:
    """Only a job here: whatever a letter needs may fail later, and must not undo the alarm."""
    if not _is_past(act):
        work.enqueue(tell_the_owner, alarm=str(act.about_uid), act=str(act.uid))


@work.job("alarms.tell", queue="notices")
def tell_the_owner(alarm: str, act: str) -> None:
    """Whoever has the alarm in hand now is told that there is something to look at, and by when. The mail says no
    more. When the letter cannot even be written, that is an alarm."""
    found = Alarm.objects.select_related("client", "owner__person").get(uid=alarm)
    owner = safety.owner_now(found)
    if owner is None or hasattr(found, "closed"):
        return
    person, at = owner.person, timezone.now()
    try:
        with translation.override(person.language):
            by = formats.date_format(found.due_at.astimezone(zone()), "SHORT_DATETIME_FORMAT")
        given = {"link": _address("safety:alarm", uid=found.uid), "until": by}
        notices.make(person, "mail", "look", person.language, given, f"alarm:{found.uid}:{act}", at)
        # What cannot wait for somebody to read mail, and what somebody did not read in time, goes to the phone too, where the
        # site can send texts.
        presses = found.urgency == "now" or found.handed.filter(rung__gt=0).exists()
        if presses and person.phone and providers.can_text():
            notices.make(person, "text", "look", person.language, given, f"alarm:{found.uid}:{act}:text", at)
    except Exception as trouble:
        if found.kind == "undelivered":
            raise  # it stands on the list and climbs; a chain of alarms about alarms helps nobody
        alarms.raise_undelivered(
            source_kind="letter",
            source_key=str(found.uid),
            trouble=type(trouble).__name__,
            client=found.client,
            by=SYSTEM,
            at=at,
        )
        raise


@trail.after("outside_score.entered")
def a_total_from_outside_is_heard(act: Any) -> None:
    """A number that somebody must know about raises its alarm in the transaction that stores it, like an answer. No job: an
    alarm does not wait in a queue."""
    critical = act.carries.get("critical")
    if critical is None:
        return
    sheet = act.carries["sheet"]
    with translation.override("en"):
        reason = f"{act.carries['name']}: {act.carries['value'].normalize():f}, {formats.date_format(act.carries['on'])}, entered from outside"
    alarms.raise_alarm(
        client=sheet.client,
        kind="answer",
        urgency=URGENCY_OF[critical.severity],
        reason=reason,
        source_kind="sheet",
        source_key=str(sheet.uid),
        by=act.carries["by"],
        at=act.at,
    )


@trail.after("team.joined")
def alarms_go_with_the_primary(act: Any) -> None:
    """Whoever treats the person has their alarms in hand. No job here either."""
    if act.carries.get("role") != TeamRole.PRIMARY:
        return
    episode = Episode.objects.select_related("client").get(uid=act.about_uid)
    for former in act.carries["former"]:
        alarms.follow_the_primary(episode.client, former, act.carries["staff"], by=act.carries["by"], at=act.at)


@trail.after("sheets.given", "sheets.link_renewed")
def send_the_link(act: Any) -> None:
    """The link goes to the client in the way they chose, when they agreed to messages. Otherwise staff hand it over
    themselves."""
    token, sheets = act.carries.get("token"), act.carries.get("sheets")
    if not token or not sheets or _is_past(act):
        return
    client, expires_at = sheets[0].client, sheets[0].expires_at
    channel = consents.channel(client, day_of(act.at))
    if channel is None:
        return
    with translation.override(sheets[0].language):
        until = formats.date_format(day_of(expires_at), "DATE_FORMAT")
    notices.make(
        client.person,
        channel,
        "link",
        sheets[0].language,
        {"link": _address("measures:by_link", token=token), "until": until},
        f"link:{sheets[0].bundle}:{act.uid}",
        act.at,
    )


@trail.after("week.changed")
def the_week_is_another(act: Any) -> None:
    """Whoever moved so that somebody else fits finds the new week on their own page; a message says that one waits, and no more."""
    episode = Episode.objects.select_related("client__person").filter(uid=act.about_uid).first()
    channel = consents.channel(episode.client, day_of(act.at)) if episode and not _is_past(act) else None
    if episode is None or channel is None:
        return
    person = episode.client.person
    notices.make(person, channel, "message", str(person.language), {"link": _address("client:week")}, f"week:{act.uid}", act.at)


@trail.after("timetable.mended", "timetable.mending_undone")
def the_week_has_changed(act: Any) -> None:
    if not _is_past(act) and act.carries.get("mending") is not None:
        work.enqueue(tell_about_the_week, key=f"mending:{act.uid}", mending=str(act.carries["mending"].uid), act=str(act.uid))


@work.job("timetable.tell_mended", queue="notices")
def tell_about_the_week(mending: str, act: str) -> None:
    """Clients in the way they chose, when they agreed to messages; the page of the mending lists whom to call. Staff by mail,
    but for whoever is out."""
    found, at = Mending.objects.get(uid=mending), timezone.now()
    people = list(timetable.touched(found).select_related("client__person"))
    ways = consents.channels([e.client for e in people], day_of(at))
    for episode in people:
        person, channel = episode.client.person, ways[episode.client_id]
        if channel is not None:
            notices.make(person, channel, "week", person.language, {"link": _address("client:week")}, f"week:{act}:{person.uid}", at)
    for staff in timetable.staff_touched(found):
        if staff.person.email:
            link = {"link": f"{_address('timetable:week')}?leader={staff.uid}"}
            notices.make(staff.person, "mail", "week", staff.person.language, link, f"week:{act}:{staff.person.uid}", at)


@trail.after("session.cancelled")
def a_session_is_not_held(act: Any) -> None:
    if not _is_past(act):
        work.enqueue(tell_it_is_not_held, key=f"cancelled:{act.uid}", session=str(act.about_uid), act=str(act.uid), told_by=act.by_id)


@work.job("timetable.tell_cancelled", queue="notices")
def tell_it_is_not_held(session: str, act: str, told_by: int | None = None) -> None:
    """Whoever would come for nothing is told that their week has changed, and no more; who said themselves that they cannot come is not."""
    found, at = Session.objects.select_related("site", "leader__person").get(uid=session), timezone.now()
    if found.cancelled_at is None or found.starts_at <= found.cancelled_at or found.cancelled_because == CancelledBecause.CLIENT:
        return
    on = found.starts_at.astimezone(zone()).date()
    seats = found.bookings.filter(cancelled_at=found.cancelled_at).values("episode")
    people = list(Episode.objects.filter(timetable.still_coming(on), pk__in=seats).select_related("client__person"))
    ways = consents.channels([e.client for e in people], day_of(at))
    for episode in people:
        person, channel = episode.client.person, ways[episode.client_id]
        if channel is not None:
            notices.make(person, channel, "week", person.language, {"link": _address("client:week")}, f"week:{act}:{person.uid}", at)
    leader = found.leader.person
    if leader.email and (told_by is None or leader.user_id != told_by):
        link = {"link": f"{_address('timetable:week')}?leader={found.leader.uid}"}
        notices.make(leader, "mail", "week", leader.language, link, f"week:{act}:{leader.uid}", at)


@trail.after("timetable.day_closed", "timetable.day_opened")
def a_day_is_another(act: Any) -> None:
    if not _is_past(act) and act.carries.get("closed") is not None:
        work.enqueue(tell_about_the_day, key=f"day:{act.uid}", day=str(act.carries["closed"].uid))


@work.job("timetable.tell_day", queue="notices")
def tell_about_the_day(day: str) -> None:
    tell_of_day(ClosedDay.objects.select_related("site").get(uid=day), timezone.now())


def tell_of_day(day: ClosedDay, at: datetime) -> None:
    """Whoever would come, and the leaders, that their week has changed, and no more: once when a day is closed, once when it is opened
    again. What is not near waits for the hours in which nobody is woken; the clock comes by every hour."""
    sessions = timetable.concerned(day).filter(starts_at__gt=at).order_by("starts_at", "pk")
    if day.opened_at is None:
        sessions = sessions.filter(cancelled_at__gt=at - LATELY, cancelled_at__lte=at)
    elif not at - LATELY < day.opened_at <= at:
        return
    first, awake = sessions.first(), WAKING[0] <= at.astimezone(zone(day.site)).hour < WAKING[1]
    # A day of the program file is known long before; its sessions go at night, and nobody is woken for that.
    if first is None or not (awake or (day.closed_at is not None and first.starts_at - at < NEAR)):
        return
    key = f"{'closed' if day.opened_at is None else 'opened'}:{day.uid}"
    people = list(timetable.who_would_come(sessions, day.on).select_related("client__person"))
    ways = consents.channels([e.client for e in people], day_of(at))
    told = [(e.client.person, ways[e.client_id], "client:week") for e in people]
    leaders = Staff.objects.filter(pk__in=sessions.order_by().values("leader")).select_related("person")
    told += [(one.person, "mail" if one.person.email else None, "timetable:week") for one in leaders]
    for person, channel, page in told:
        if channel is not None:
            notices.make(person, channel, "week", person.language, {"link": _address(page)}, f"{key}:{person.uid}", at)


@trail.after("client.merged")
def nobody_sits_twice(act: Any) -> None:
    work.enqueue(give_places_back, key=f"merged:{act.uid}", client=str(act.about_uid), ended_at=act.at.isoformat())


@work.job("timetable.give_back")
def give_places_back(client: str, ended_at: str) -> None:
    """The episode that was opened twice ends with the merge: whoever sat in a group under it sits there once from now on."""
    at = timezone.now()
    for episode in Episode.objects.filter(client__uid=client, ended_at=datetime.fromisoformat(ended_at)).select_related("client__person"):
        if timetable.places(episode, day_of(at)).exists() or timetable.visits(episode, day_of(at)).exists() or timetable.coming(episode, at, 1):
            places.end_all(episode, day_of(at), by=SYSTEM, at=at)


@trail.after("growth.asked")
def fit_the_model(act: Any) -> None:
    """One job a program, however often the button is pressed before the worker comes to it."""
    if not _is_past(act):
        words = {"program": str(act.about_uid), "asked_at": act.at.isoformat(), "asked_by": act.by_id}
        work.enqueue(fit_growth_model, key=f"growth:{act.about_uid}", **words)


@work.job("measures.growth_asked", tries=2, lock="growth")
def fit_growth_model(program: str, asked_at: str, asked_by: int | None) -> None:
    """Fit the models of one program because a director asked. What was fitted since then is not fitted again."""
    growth.fit_growth(
        Program.objects.get(uid=program),
        ends=transitions.ends(),
        at=timezone.now(),
        asked_at=datetime.fromisoformat(asked_at),
        asked_by=Staff.objects.filter(person__user=asked_by).first() if asked_by else None,
    )


@trail.after("week.build_asked")
def build_the_week(act: Any) -> None:
    """One job a build. Asked again while one runs, there is no new one."""
    build = act.carries.get("build")
    if build is not None and not _is_past(act):
        work.enqueue(run_week_build, key=build.run, build=str(build.uid))


@work.job("timetable.build_week", tries=1, lock="week_build")
def run_week_build(build: str) -> None:
    """A week is searched for as long as was said, or until somebody takes it or stops it. One at a time: others of the worker's hands
    stay free."""
    week_engine.run_build(WeekBuild.objects.select_related("draft__program", "draft__site").get(uid=build))


@trail.after("week.published", "week.unpublished")
def times_change(act: Any) -> None:
    if not _is_past(act):
        work.enqueue(tell_whose_times_change, published=str(act.carries["published"].uid), act=str(act.uid))


@work.job("timetable.tell", queue="notices")
def tell_whose_times_change(published: str, act: str) -> None:
    """Whoever is affected is told that their times change, or stay as they were. People in the way they agreed to, and not at all
    without an agreement (staff see whom to call); staff by mail. The words say nothing but that."""
    week = WeekPublished.objects.select_related("draft__site").get(uid=published)
    at = timezone.now()
    back = week.undone_at is not None
    coming = set(Episode.objects.filter(timetable.still_coming(week.holds_from), pk__in=week.affected.values("episode")).values_list("pk", flat=True))
    template = "times_back" if back else "times"
    for one in week.affected.select_related("episode__client__person", "staff__person").order_by("pk"):
        if one.episode is not None:
            if one.episode.pk not in coming:
                continue  # discharged since: their week is not ours to speak of
            person, channel, link = one.episode.client.person, consents.channel(one.episode.client, day_of(at)), _address("client:week")
        elif one.staff is not None:
            person, channel, link = one.staff.person, "mail", _address("timetable:board")
        else:
            continue
        if channel is None:
            continue
        with translation.override(person.language):
            from_on = formats.date_format(week.holds_from, "DATE_FORMAT")
        # One key a person and act: a job that runs again tells nobody twice.
        notices.make(person, channel, template, person.language, {"link": link, "from_on": from_on}, f"times:{act}:{person.pk}", at)
