"""The verb of the screening: take one. A correction is a newer screen that starts from the older."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise

from django.utils import translation
from django.utils.translation import gettext as _

from footbridge.care.safety import actions as safety
from footbridge.care.safety.words import AlarmKind
from footbridge.data import parsed
from footbridge.engines import level_of_care
from footbridge.ground.consent import gates
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.ground.program.words import Weekday
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules
from .models import FreeHours, Screen, ScreenFact
from .words import Fact, Known

# The same screen sent again within this time by the same person is an impatient click.
AGAIN_WITHIN = timedelta(minutes=10)

FreeHour = tuple[int, time, time]
WORDS = ("concerns", "strengths", "history", "prefers_mode", "prefers_part_of_day", "money")


class CannotScreen(access.Refusal):
    """The screen cannot be kept as it is."""


def take(
    episode: Episode,
    *,
    how: str,
    by: Actor,
    at: datetime,
    concerns: str | None = None,
    strengths: str | None = None,
    history: str | None = None,
    prefers_mode: str | None = None,
    prefers_part_of_day: str | None = None,
    money: str | None = None,
    facts: Mapping[str, tuple[str, str]] | None = None,
    free_hours: Sequence[FreeHour] | None = None,
) -> Screen:
    """Keep a screening talk.

    `facts` maps a `Fact` to (`Known`, note). `free_hours` are (weekday 0 = Monday, from, until). What is left out
    (None, or a fact not named) carries over from the screen before; an empty text takes it away. An answer that somebody must act
    on at once (`alarms` in data/levels.yaml) raises its alarm in the same transaction; also when the talk itself may not be kept, because
    a paper is not signed or the episode has ended.
    """
    access.require(by, rules.TAKE_SCREEN, episode)
    before = reads.latest(episode)
    said = dict(zip(WORDS, (concerns, strengths, history, prefers_mode, prefers_part_of_day, money), strict=True))
    words = {
        name: (getattr(before, name) if before else "") if value is None else value.strip()
        for name, value in said.items()
    }
    answers = {
        **(reads.answers(before) if before else {}),
        **{Fact(fact).value: (Known(a).value, note.strip()) for fact, (a, note) in (facts or {}).items()},
    }
    hours = _hours(free_hours) if free_hours is not None else (reads.hours(before) if before else [])

    known = reads.answers(before) if before else {}
    if episode.ended_at is not None:
        _sound_the_alarm(episode, answers, known, by=by, at=at)
        raise CannotScreen(_("This episode of care has ended. Open a new one to screen again."))
    if not words["concerns"] and all(answer == Known.UNKNOWN for answer, _note in answers.values()):
        raise CannotScreen(_("Write down what brings the person, or answer at least one question."), field="concerns")

    unsigned = gates.missing(episode.client, gates.GateStep.SCREENING, day_of(at), program=gates.admitting())
    if unsigned:
        _sound_the_alarm(episode, answers, known, by=by, at=at)
        raise CannotScreen(gates.says(unsigned))

    screen = Screen(episode=episode, by_id=by.as_staff, how=how, at=at, **words)
    with trail.act("screening.taken", by=by, at=at, about=episode, client=episode.client, detail={"how": how}):
        same = reads.latest(episode)
        if (
            same
            and same.by_id == by.staff_id
            and at - same.at < AGAIN_WITHIN
            and _content(same) == (how, words, answers, hours)
        ):
            return same
        screen.save()
        ScreenFact.objects.bulk_create(
            ScreenFact(screen=screen, fact=fact, answer=answer, note=note) for fact, (answer, note) in answers.items()
        )
        FreeHours.objects.bulk_create(
            FreeHours(screen=screen, weekday=day, starts=starts, ends=ends) for day, starts, ends in hours
        )
        _sound_the_alarm(episode, answers, known, by=by, at=at)
    return screen


Answers = Mapping[str, tuple[str, str]]


def _sound_the_alarm(episode: Episode, answers: Answers, before: Answers, *, by: Actor, at: datetime) -> None:
    """One alarm an episode for what the talk told, with the note beside each answer. The same again after it was closed is no news."""
    rules = level_of_care.dangers(parsed("levels"))
    told = rules.told({fact: answer for fact, (answer, _note) in answers.items()})
    if not told:
        return
    with translation.override("en"):  # staff read it
        said = [
            f"{Fact(fact).label}: {Known(answers[fact][0]).label}" + (f" ({answers[fact][1]})" if answers[fact][1] else "")
            for fact, _urgency in told
        ]
    known = {fact for fact, _urgency in rules.told({fact: answer for fact, (answer, _note) in before.items()})}
    safety.tell(
        source_kind="screen",
        source=str(episode.uid),
        is_news=any(fact not in known for fact, _urgency in told),
        kind=AlarmKind.SCREENING,
        urgency=told[0][1],
        reason="; ".join(said),
        client=episode.client,
        by=by,
        at=at,
    )


def _content(screen: Screen) -> tuple[str, dict[str, str], dict[str, tuple[str, str]], list[FreeHour]]:
    return screen.how, {name: getattr(screen, name) for name in WORDS}, reads.answers(screen), reads.hours(screen)


def _hours(given: Sequence[FreeHour]) -> list[FreeHour]:
    """In order of the week. Refused when an hour ends before it begins or two of a day overlap."""
    hours = sorted(given)
    for day, starts, ends in hours:
        if ends <= starts:
            raise CannotScreen(
                _("%(day)s: the time until must be later than the time from.") % {"day": Weekday(day).label},
                field=f"free_{day}_0_until",
            )
    for (day, _starts, ends), (next_day, next_starts, _ends) in pairwise(hours):
        if day == next_day and next_starts < ends:
            raise CannotScreen(
                _("%(day)s: two times overlap. Make one of them.") % {"day": Weekday(day).label},
                field=f"free_{day}_1_from",
            )
    return hours
