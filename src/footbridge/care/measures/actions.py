"""Verbs of measures: take an answer, finish a sheet, close a course alert. Only here are answers written.

A critical answer raises its alarm in the transaction that stores it, whoever answers and in whatever way, finished or
not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm
from footbridge.care.safety.words import AlarmKind
from footbridge.data import parsed
from footbridge.engines import progress, scoring
from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Answer, GivenHow, Score, Sheet
from footbridge.ground.instruments.rules import GIVE
from footbridge.ground.program.days import day_of, zone
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM, Actor

from . import reads, rules, schedule, words
from .models import CourseAlert, CourseAlertClosed, SecondEntry, Topic, TopicDone
from .words import NOT_KNOWN

NOTE_AT_LEAST = 10
WINDOWS = UUID("5d1c1f0e-6a55-4a7e-9a35-3f2b6f0c7f11")  # names the bundle of what is due, so that it is given once


class CannotAnswer(access.Refusal):
    """The answer cannot be taken."""


class CannotFinish(access.Refusal):
    """The sheet cannot be finished."""


class CannotWithdraw(access.Refusal):
    """The sheet cannot be taken back."""


class CannotHandOver(access.Refusal):
    """There is nothing to hand over."""


class CannotEnterAgain(access.Refusal):
    """The form cannot be typed in a second time."""


class CannotCloseTopic(access.Refusal):
    """It was talked about before."""


class CannotCloseAlert(access.Refusal):
    """A course alert ends only with a documented action."""


@dataclass(frozen=True)
class Taken:
    """What became of the answers: the gravest critical one among them, and the alarm that stands for this sheet."""

    critical: scoring.Critical | None = None
    alarm: Alarm | None = None


def by_link(sheet: Sheet) -> Actor:
    """Who answers through a link without signing in: the person it was given to, and nobody more."""
    return _the_client(sheet, "link")


def by_tablet(sheet: Sheet) -> Actor:
    """Who answers on a tablet that staff handed over: the person it was given to, and nobody more."""
    return _the_client(sheet, "tablet")


def _the_client(sheet: Sheet, way: str) -> Actor:
    person = sheet.client.person
    return Actor(
        person_id=person.pk, client_id=sheet.client_id, name=f"{person.name_used} ({way})", roles=frozenset({"client"})
    )


def answer(sheet: Sheet, item: str, value: object | None, *, by: Actor, at: datetime) -> Taken:
    """Take one answer and keep it at once. `value` is the code of a choice (or a number); None means the person
    declined."""
    return answer_all(sheet, {item: value}, by=by, at=at)


def answer_all(sheet: Sheet, given: Mapping[str, object | None], *, by: Actor, at: datetime) -> Taken:
    """Take several answers in one act (a paper form). An item left out stays blank; None is "declined", and staff may
    say NOT_KNOWN.

    Raises CannotAnswer, and nothing is stored, when an item or a code is unknown or the sheet is closed.
    """
    access.require(by, rules.ANSWER, sheet.client)
    form = shelf.definition(sheet)
    for code, value in given.items():
        item = form.item(code)
        if item is None:
            raise CannotAnswer(_("There is no question “%(code)s” on this form.") % {"code": code})
        if value is NOT_KNOWN and not by.is_staff:
            raise CannotAnswer(_("Choose one of the answers."), field=f"item_{code}")
        if value is not None and value is not NOT_KNOWN and not item.is_valid(value):
            raise CannotAnswer(_("Choose one of the answers."), field=f"item_{code}")
    graves = _criticals(form, given)
    with trail.act("sheet.answered", by=by, at=at, about=sheet, client=sheet.client, detail={"items": list(given)}):
        _must_be_open(sheet, by, at)
        held = shelf.answers(sheet)
        fresh = {
            code: value
            for code, value in given.items()
            if held.get(code) != _as_held(value)
        }
        Answer.objects.bulk_create(_row(sheet, code, value, at) for code, value in fresh.items())
        if sheet.started_at is None:
            sheet.started_at = at
            sheet.entered_by_id = by.staff_id
            sheet.save(update_fields=["started_at", "entered_by"])
        alarm = _alarm(sheet, form, graves[0], is_fresh=graves[0].item in fresh, by=by, at=at) if graves else None
    return Taken(graves[0] if graves else None, alarm)


def told_too_late(sheet: Sheet, given: Mapping[str, object | None], *, by: Actor, at: datetime) -> Taken:
    """Answers that reach us when they cannot be kept: the sheet was finished, has run out or was taken back while the page was open, or
    the session has locked.

    They are not kept and no score changes. But whoever says that they are in danger has said so: the alarm is raised like for any
    other answer. Without such an answer nothing is written.
    """
    access.require(by, rules.ANSWER, sheet.client)
    form = shelf.definition(sheet)
    graves = _criticals(form, {code: value for code, value in given.items() if (item := form.item(code)) and item.is_valid(value)})
    if not graves:
        return Taken()
    first = graves[0]
    with trail.act("sheet.told_too_late", by=by, at=at, about=sheet, client=sheet.client, detail={"items": [one.item for one in graves]}):
        is_fresh = shelf.answers(sheet).get(first.item) != _as_held(given[first.item])
        return Taken(first, _alarm(sheet, form, first, is_fresh=is_fresh, is_late=True, by=by, at=at))


_GRAVITY = ("high", "same_day", "session")


def _criticals(form: scoring.Definition, given: Mapping[str, object | None]) -> list[scoring.Critical]:
    """What these answers set off, gravest first. A draft definition fires like any other."""
    said = {code: value for code, value in given.items() if value is not None and value is not NOT_KNOWN}
    fired = (scoring.critical(form, code, value) for code, value in said.items())
    return sorted((one for one in fired if one is not None), key=lambda one: _GRAVITY.index(one.severity))


def _as_held(value: object | None) -> scoring.Answer:
    if value is NOT_KNOWN:
        return shelf.NOT_KNOWN
    return scoring.DECLINED if value is None else scoring.answered(str(value))


def _row(sheet: Sheet, code: str, value: object | None, at: datetime) -> Answer:
    if value is None or value is NOT_KNOWN:
        return Answer(sheet=sheet, item=code, declined=True, not_known=value is NOT_KNOWN, at=at)
    return Answer(sheet=sheet, item=code, value=str(value), at=at)


def _must_be_open(sheet: Sheet, by: Actor, at: datetime) -> None:
    """Called with the sheet locked by the act."""
    sheet.refresh_from_db(fields=["finished_at", "withdrawn_at", "expires_at", "started_at"])
    if sheet.finished_at is not None:
        raise CannotAnswer(_("These questions are finished. Thank you."))
    if sheet.withdrawn_at is not None:
        raise CannotAnswer(_("These questions were taken back. You need not answer them."))
    if sheet.expires_at is not None and sheet.expires_at <= at and not by.is_staff:
        raise CannotAnswer(_("These questions have run out. Ask your care team for new ones."))


def _alarm(
    sheet: Sheet, form: scoring.Definition, critical: scoring.Critical, *, is_fresh: bool, by: Actor, at: datetime, is_late: bool = False
) -> Alarm:
    """One alarm a sheet: raised by the first critical answer, made more urgent by a graver one. `is_late`: told when the sheet was
    closed, so that it does not stand among the answers."""
    urgency = words.URGENCY_OF[critical.severity]
    with translation.override("en"):  # staff read it, in whatever language the person answered
        reason = _("%(form)s, question %(item)s: %(said)s") % {
            "form": form.name,
            "item": critical.item.replace("_", " "),
            "said": _choice(form, critical),
        }
        if is_late and is_fresh:
            reason = _("%(reason)s (told when the form or the session was closed; the answers kept do not show it)") % {"reason": reason}
    return _raise(sheet, form, urgency, reason, is_fresh=is_fresh, by=by, at=at)


def _raise(
    sheet: Sheet, form: scoring.Definition, urgency: str, reason: str, *, is_fresh: bool, by: Actor, at: datetime
) -> Alarm:
    kind = AlarmKind.SUICIDE_SCREEN if form.triage else AlarmKind.ANSWER
    key = str(sheet.uid)
    known = Alarm.objects.filter(source_kind="sheet", source_key__startswith=key).order_by("-id").first()
    if known is not None and hasattr(known, "closed"):
        # Closed before the rest was told: what is graver than whoever closed it could know is news, too.
        if not is_fresh and words.GRAVEST.index(urgency) >= words.GRAVEST.index(known.urgency):
            return known
        key, known = f"{key}:{Alarm.objects.filter(source_kind='sheet', source_key__startswith=key).count()}", None
    if known is None:
        return safety.raise_alarm(
            client=sheet.client,
            kind=kind,
            urgency=urgency,
            reason=reason,
            source_kind="sheet",
            source_key=key,
            by=by,
            at=at,
        )
    if words.GRAVEST.index(urgency) <= words.GRAVEST.index(known.urgency):
        return safety.heighten(known, urgency=urgency, reason=reason, by=by, at=at)
    return known


def _choice(form: scoring.Definition, critical: scoring.Critical) -> str:
    item = form.item(critical.item)
    wording = form.wordings.get("en")
    return (
        wording.choices.get(item.choice_set, {}).get(critical.value, critical.value)
        if wording and item
        else critical.value
    )


def finish(sheet: Sheet, *, by: Actor, at: datetime) -> list[Score]:
    """No more answers: score it, triage it, look at the course. Finished twice (an impatient click) it is finished
    once.

    Blanks stay blanks: where the instrument has no rule for them there is no score, and a suicide screen with blanks
    raises an alarm
    because a blank is never a No.
    """
    access.require(by, rules.ANSWER, sheet.client)
    form = shelf.definition(sheet)
    with trail.act("sheet.finished", by=by, at=at, about=sheet, client=sheet.client):
        sheet.refresh_from_db(fields=["finished_at", "withdrawn_at", "started_at"])
        if sheet.finished_at is not None:
            return list(sheet.scores.order_by("id"))
        if sheet.withdrawn_at is not None:
            raise CannotFinish(_("These questions were taken back. You need not answer them."))
        answers = shelf.answers(sheet)
        if not answers:
            raise CannotFinish(_("No question is answered yet."))
        second = SecondEntry.objects.filter(sheet=sheet).first()
        if second is not None and second.differing and second.settled_at is None:
            raise CannotFinish(_("The two entries differ. Settle each difference first."))
        sheet.finished_at = at
        sheet.save(update_fields=["finished_at"])
        results = scoring.score_all(form, answers, language=sheet.language)
        scores = [_score(sheet, result, at) for result in results]
        if form.triage is not None:
            scores.append(_triage(sheet, form, answers, by=by, at=at))
        Score.objects.bulk_create(scores)
        set_off(sheet, form, results, by=by, at=at)
        _look_at_course(sheet, form, by=by, at=at)
    return list(sheet.scores.order_by("id"))


def _score(sheet: Sheet, result: scoring.Result, at: datetime) -> Score:
    if isinstance(result, scoring.Unscorable):
        return Score(
            sheet=sheet, score=result.score, answered=result.answered, items=result.of, reason=result.sentence, at=at
        )
    return Score(
        sheet=sheet,
        score=result.score,
        value=result.value,
        answered=result.answered,
        items=result.of,
        prorated=result.prorated,
        band=result.band.label if result.band else "",
        reason=result.outcome,
        at=at,
    )


def set_off(
    sheet: Sheet, form: scoring.Definition, results: Sequence[scoring.Result], *, by: Actor, at: datetime
) -> list[Alarm | Topic]:
    """What saved scores set off: an alarm, or, for a rule that can wait, something to talk about in the next session.

    Called inside the act that saves the scores. Each rule fires once a sheet.
    """
    made: list[Alarm | Topic] = []
    with translation.override("en"):  # staff read it
        for one in scoring.triggers(form, *results):
            reason = f"{form.name}: {one.sentence}"[:300]
            if one.severity == "session":
                source = f"{one.source} [{one.mark}]" if one.mark else one.source
                topic = Topic.objects.filter(sheet=sheet, code=one.code).first()
                made.append(
                    topic
                    or Topic.objects.create(
                        client=sheet.client, sheet=sheet, code=one.code, reason=reason, source=source[:300], raised_at=at
                    )
                )
            else:
                made.append(
                    safety.raise_alarm(
                        client=sheet.client,
                        kind=AlarmKind.SCORE,
                        urgency=words.URGENCY_OF[one.severity],
                        reason=reason,
                        source_kind="score",
                        source_key=f"{sheet.uid}:{one.code}"[:80],
                        by=by,
                        at=at,
                    )
                )
    return made


def close_topic(topic: Topic, *, note: str = "", by: Actor, at: datetime) -> TopicDone:
    """It was talked about. It leaves the roster and stays in the record."""
    access.require(by, rules.CLOSE_TOPIC, topic)
    with trail.act("topic.talked_about", by=by, at=at, about=topic, client=topic.client):
        if TopicDone.objects.filter(topic=topic).exists():
            raise CannotCloseTopic(_("This was talked about before."))
        return TopicDone.objects.create(topic=topic, note=note.strip(), by_id=by.as_staff, at=at)


_LEVEL = {"none": 0, "low": 1, "moderate": 2, "elevated": 3, "high": 3}


def _triage(sheet: Sheet, form: scoring.Definition, answers: scoring.Answers, *, by: Actor, at: datetime) -> Score:
    """The verdict of a suicide screen, kept like a score, and its alarm. By the rule the program's director chose."""
    verdict = scoring.triage(form, answers, shelf.triage_rule(sheet.episode))
    urgency = words.URGENCY_OF_TRIAGE[verdict.urgency]
    answered = sum(1 for a in answers.values() if a.state is scoring.State.ANSWERED)
    score = Score(sheet=sheet, score=shelf.TRIAGE, answered=answered, items=len(form.items), at=at)
    with translation.override("en"):
        if isinstance(verdict, scoring.IncompleteTriage):
            score.reason = verdict.sentence
            urgency = urgency if urgency in ("now", "today") else "today"
            reason = _("%(form)s is not complete: question %(items)s. A blank is not a No.") % {
                "form": form.name,
                "items": ", ".join(verdict.missing).replace("_", " "),
            }
        else:
            score.value, score.band, score.reason = (
                Decimal(_LEVEL[verdict.risk]),
                verdict.risk,
                ", ".join(verdict.because),
            )
            reason = _("%(form)s: %(risk)s risk (%(because)s)") % {
                "form": form.name,
                "risk": verdict.risk,
                "because": ", ".join(verdict.because),
            }
    if urgency:
        _raise(sheet, form, urgency, reason, is_fresh=False, by=by, at=at)
    return score


def _look_at_course(sheet: Sheet, form: scoring.Definition, *, by: Actor, at: datetime) -> None:
    """Raise a course alert when the fixed rules say so. Called inside the act that finished the sheet."""
    episode = sheet.episode
    if episode is None or form.change_rule() is None:
        return
    found = reads.course_of(episode, sheet.instrument.code)
    if not isinstance(found, progress.Course) or found.color is progress.Color.GREEN:
        return
    color = str(found.color)
    set_by = parsed("measures")["course_alerts"]
    of_this = CourseAlert.objects.filter(episode=episode, sheet__instrument__code=sheet.instrument.code)
    as_grave = of_this.filter(color__in=["red"] if color == "red" else ["red", "yellow"])
    if (
        as_grave.filter(closed__isnull=True).exists()
        or as_grave.filter(closed__at__gte=at - timedelta(days=set_by["quiet_days"])).exists()
    ):
        return
    with translation.override("en"):
        reason = f"{form.name}: {words.said(found.reasons[0])}"[:300]
    owner = episodes.member(episode, "primary") or safety.first_owner(episode.client, at)
    alert = CourseAlert(
        episode=episode,
        sheet=sheet,
        color=color,
        reason=reason,
        owner=owner,
        raised_at=at,
        due_on=day_of(at) + timedelta(days=set_by["due_days"][color]),
    )
    with trail.act("course.alerted", by=by, at=at, about=alert, client=episode.client, detail={"color": color}):
        alert.save()


def close_course_alert(alert: CourseAlert, *, action: str, note: str, by: Actor, at: datetime) -> CourseAlertClosed:
    """End a course alert with what was decided and why, "no change" included."""
    access.require(by, rules.CLOSE_ALERT, alert.episode)
    choices = dict(CourseAlertClosed._meta.get_field("action").choices or [])
    if action not in choices:
        raise CannotCloseAlert(_("Choose what was decided."), field="action")
    if len(note.strip()) < NOTE_AT_LEAST:
        raise CannotCloseAlert(_("Write what was decided and why, in a sentence."), field="note")
    if by.staff_id is None:
        raise access.NotYours("staff only")
    with trail.act(
        "course.alert_closed", by=by, at=at, about=alert, client=alert.episode.client, detail={"action": action}
    ):
        if CourseAlertClosed.objects.filter(alert=alert).exists():
            raise CannotCloseAlert(_("This was closed before."))
        return CourseAlertClosed.objects.create(alert=alert, action=action, note=note.strip(), by_id=by.staff_id, at=at)


def withdraw(sheet: Sheet, *, why: str, by: Actor, at: datetime) -> Sheet:
    """Take a sheet back: wrong form, wrong person. Answers already given stay in the record; an alarm they raised
    stays open."""
    access.require(by, GIVE, sheet.client)
    if not why.strip():
        raise CannotWithdraw(_("Say in a few words why."), field="why")
    with trail.act("sheet.withdrawn", by=by, at=at, about=sheet, client=sheet.client, why=why.strip()):
        sheet.refresh_from_db(fields=["finished_at", "withdrawn_at"])
        if sheet.finished_at is not None:
            raise CannotWithdraw(_("These questions are finished. A finished form is kept."))
        if sheet.withdrawn_at is None:
            sheet.withdrawn_at = at
            sheet.save(update_fields=["withdrawn_at"])
    return sheet


def give_due(at: datetime, *, but_not: frozenset[int] = frozenset(), by: Actor = SYSTEM) -> int:
    """Send what is due by link to everybody in a program who agreed to that. However often it runs, a form waits once.

    Who did not agree to messages, or asked to be called, is sent nothing: what is due waits in the portal and stands on the
    roster. `but_not` holds episode ids to leave out (those who leave today: a later stage knows). Returns how many bundles
    were given. Schedule: the program's, else data/measures.yaml.
    """
    plan = parsed("measures")["sending"]
    here = at.astimezone(zone())
    if here.hour < plan["from_hour"]:
        return 0
    today = here.date()
    since = at - schedule.AFTER
    stays = list(
        Episode.objects.filter(admission__starts_on__lte=today)
        .filter(Q(ended_at=None) | Q(ended_at__gt=since))
        .exclude(pk__in=but_not)
        .select_related("client__person")
        .order_by("pk")
    )
    forms = schedule.usable()
    told = schedule.of_many(stays, at, forms)
    given, failed = 0, []
    for episode in stays:
        try:
            if schedule.to_give(told.get(episode.pk, ()), ()) and consents.channel(episode.client, today) is not None:
                given += bool(_give_due(episode, forms, GivenHow.LINK, by=by, at=at))
        except Exception as trouble:  # what goes wrong for one person keeps nobody else from being asked
            failed.append(trouble)
    if failed:
        raise failed[0]
    return given


def start_due(episode: Episode, *, by: Actor, at: datetime) -> list[Sheet]:
    """The client opens what is due now, in the portal. Opened twice, the same sheets wait. Empty when nothing is due."""
    access.require(by, rules.ANSWER_OWN, episode)
    with trail.act("questions.opened", by=by, at=at, about=episode, client=episode.client):
        # What is given follows from the schedule; nobody of the staff gave it.
        return _give_due(episode, schedule.usable(), GivenHow.PORTAL, by=SYSTEM, at=at)


def _give_due(episode: Episode, forms: schedule.Shelf, how: str, *, by: Actor, at: datetime) -> list[Sheet]:
    with trail.act("questions.due", by=by, at=at, about=episode, client=episode.client):  # one after the other
        waiting = list(shelf.open_sheets(episode.client, at))
        wanted = schedule.to_give(schedule.of(episode, at, forms), waiting)
        if not wanted:
            return []
        days = parsed("measures")["sending"]["open_days"]
        last = datetime.combine(max(one.closes_on for one in wanted), time(0), tzinfo=zone())
        names = ",".join(f"{one.instrument}:{one.opens_on}" for one in wanted)
        sheets, _token = instruments.give(
            episode.client,
            [one.instrument for one in wanted],
            how=how,
            occasion=wanted[0].codes[0][:20],
            by=by,
            at=at,
            episode=episode,
            due_on=min(one.due_on for one in wanted),
            expires_at=max(min(at + timedelta(days=days), last), at + timedelta(days=1)),
            bundle=uuid5(WINDOWS, f"{episode.uid}:{names}:{day_of(at)}"),
        )
        return [one for one in sheets if one.finished_at is None and one.withdrawn_at is None]


def hand_over(sheet: Sheet, *, by: Actor, at: datetime) -> list[Sheet]:
    """The device goes from staff to the client, with the open forms of this bundle and nothing else."""
    access.require(by, GIVE, sheet.client)
    with trail.act("sheet.handed_over", by=by, at=at, about=sheet, client=sheet.client):
        open_ones = [one for one in shelf.bundle(sheet) if one.finished_at is None]
        if not open_ones:
            raise CannotHandOver(_("These questions are answered or taken back. Give them anew."))
        instruments.end_link(open_ones, at=at)
        for one in open_ones:
            if one.how != GivenHow.TABLET or one.expires_at is not None:
                one.how, one.expires_at, one.token_hash = GivenHow.TABLET, None, ""
                one.save(update_fields=["how", "expires_at", "token_hash"])
    return open_ones


def enter_again(sheet: Sheet, given: Mapping[str, object | None], *, by: Actor, at: datetime) -> SecondEntry:
    """The paper is typed in a second time, without seeing the first. An answer that shows danger fires from here as well.

    Returns the second entry; `differing` names the items to settle. Without any, the sheet can be finished.
    """
    access.require(by, rules.ANSWER, sheet.client)
    form = shelf.definition(sheet)
    for code, value in given.items():
        item = form.item(code)
        if item is None or (value is not None and value is not NOT_KNOWN and not item.is_valid(value)):
            raise CannotEnterAgain(_("Choose one of the answers."), field=f"item_{code}")
    graves = _criticals(form, given)
    with trail.act("sheet.entered_again", by=by, at=at, about=sheet, client=sheet.client):
        _must_be_open(sheet, by, at)
        first = {code: _typed(answer) for code, answer in shelf.answers(sheet).items()}
        if not first:
            raise CannotEnterAgain(_("Type the paper in a first time before the second."))
        second = {code: _typed(_as_held(value)) for code, value in given.items()}
        codes = [item.code for item in form.items]
        differing = [code for code in codes if first.get(code, "") != second.get(code, "")]
        entry = SecondEntry.objects.filter(sheet=sheet).first() or SecondEntry(sheet=sheet)
        entry.answers, entry.differing, entry.by_id, entry.at = second, differing, by.as_staff, at
        entry.settled_by, entry.settled_at = (None, None) if differing else (entry.by, at)
        entry.save()
        if graves:
            _alarm(sheet, form, graves[0], is_fresh=graves[0].item in differing, by=by, at=at)
    return entry


def _typed(answer: scoring.Answer) -> str | None:
    """What was typed, as kept in a second entry: the code, null for declined, "?" for not known."""
    if answer.state is scoring.State.DECLINED:
        return "?" if answer == shelf.NOT_KNOWN else None
    return str(answer.value)


def settle(sheet: Sheet, chosen: Mapping[str, object | None], *, by: Actor, at: datetime) -> SecondEntry:
    """Each item in which the entries differ gets the answer that is on the paper. All must be settled."""
    access.require(by, rules.ANSWER, sheet.client)
    with trail.act("sheet.entries_settled", by=by, at=at, about=sheet, client=sheet.client, detail={"items": list(chosen)}):
        entry = SecondEntry.objects.filter(sheet=sheet).first()
        if entry is None:
            raise CannotEnterAgain(_("Nobody typed this in a second time."))
        left = [code for code in entry.differing if code not in chosen]
        if left:
            raise CannotEnterAgain(_("Look at the paper and choose for each question."), field=f"item_{left[0]}")
        answer_all(sheet, {code: chosen[code] for code in entry.differing}, by=by, at=at)
        entry.settled_by_id, entry.settled_at = by.as_staff, at
        entry.save(update_fields=["settled_by", "settled_at"])
    return entry


def finish_left(at: datetime, *, by: Actor = SYSTEM) -> int:
    """Sheets left alone: one answered to the end is finished and scored; a suicide screen left in the middle raises
    an alarm; so does one typed in twice whose differences nobody settles.

    Returns how many sheets something was done about. Safe to run again. One that cannot be finished keeps none of the others waiting.
    """
    quiet = at - timedelta(minutes=parsed("measures")["left_alone"]["minutes"])
    left = (
        Sheet.objects.filter(finished_at=None, withdrawn_at=None, started_at__lte=quiet)
        .exclude(answers__at__gt=quiet)
        .select_related("instrument", "client__person", "episode__client")
    )
    unsettled = set(SecondEntry.objects.filter(settled_at=None, sheet__in=left).exclude(differing=[]).values_list("sheet_id", flat=True))
    done, failed = 0, []
    for sheet in left:
        try:
            done += _see_to(sheet, differs=sheet.pk in unsettled, by=by, at=at)
        except Exception as trouble:
            failed.append(trouble)
    if failed:
        raise failed[0]  # after everybody else's turn: the job fails and is seen
    return done


def _see_to(sheet: Sheet, *, differs: bool, by: Actor, at: datetime) -> bool:
    form = shelf.definition(sheet)
    if not differs and not scoring.still_to_ask(form, shelf.answers(sheet)):
        finish(sheet, by=by, at=at)
        return True
    return form.triage is not None and _left_in_the_middle(sheet, form, differs=differs, by=by, at=at)


def _left_in_the_middle(sheet: Sheet, form: scoring.Definition, *, differs: bool, by: Actor, at: datetime) -> bool:
    """A suicide screen with blanks raises an alarm of its own, or makes the one it has raised due today. Once."""
    known = Alarm.objects.filter(source_kind="sheet", source_key__startswith=str(sheet.uid)).order_by("-id").first()
    if known is not None and known.urgency != "soon":
        return False
    with translation.override("en"):
        said = _("%(form)s was typed in twice and the two differ: it has no result yet.") if differs else _("%(form)s was begun and left in the middle. A blank is not a No.")
        reason = said % {"form": form.name}
    if known is not None:
        reason = f"{reason} {known.reason}"
    _raise(sheet, form, "today", reason, is_fresh=False, by=by, at=at)
    return True
